"""The certificates as the head office sees them: counts by ward and month, and lists by state, ward and day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from kyufu.audit.api import note_read
from kyufu.cases.queries import fetch
from kyufu.law.calendar.period import Period
from kyufu.platform.errors import BadInput

LISTED = "医療証の一覧"
_IN_WARDS = "(%(wards)s::text[] IS NULL OR a.ward_code = ANY(%(wards)s))"
_COLUMNS = """
c.id, c.number, c.child_id, c.guardian_id, c.application_id, c.decision_id, a.ward_code, c.kind,
lower(c.valid), upper(c.valid), c.issued_on, c.state
"""
_FROM = "FROM cases_certificate c JOIN cases_application a ON a.id = c.application_id"


class MonthTotal(NamedTuple):
    """What happened to certificates of a ward in a month (its first day): issued, made void, come back."""

    ward_code: str
    month: date
    issued: int
    voided: int
    recovered: int


class CertificateListed(NamedTuple):
    """A certificate on the list of the head office, with the ward that received its application."""

    certificate_id: int
    number: str
    child_id: int
    guardian_id: int
    application_id: int
    decision_id: int
    ward_code: str
    kind: str
    valid: Period
    issued_on: date
    state: str


def certificate_totals(
    wards: Collection[str] | None, *, first_day: date, ends_before: date
) -> tuple[MonthTotal, ...]:
    """What happened to certificates in a period, by ward and month of the day in Japan, the latest month first."""
    statement = f"""
        SELECT a.ward_code, date_trunc('month', h.at AT TIME ZONE 'Asia/Tokyo')::date,
               count(*) FILTER (WHERE h.to_state = 'issued'), count(*) FILTER (WHERE h.to_state = 'voided'),
               count(*) FILTER (WHERE h.to_state = 'recovered')
          FROM cases_certificate_transition h JOIN cases_certificate c ON c.id = h.subject_id
          JOIN cases_application a ON a.id = c.application_id
         WHERE {_IN_WARDS} AND (h.at AT TIME ZONE 'Asia/Tokyo')::date >= %(first)s
           AND (h.at AT TIME ZONE 'Asia/Tokyo')::date < %(end)s
         GROUP BY 1, 2 ORDER BY 2 DESC, 1"""
    asked = {"wards": _listed(wards), "first": first_day, "end": ends_before}
    return tuple(MonthTotal(*row) for row in fetch(statement, asked))


def certificates_in(
    wards: Collection[str] | None,
    *,
    state: str | None,
    issued_on: date | None,
    limit: int,
    after: int,
) -> tuple[CertificateListed, ...]:
    """Certificates in their order, after an id (key-set paging), of a state and a day of issue where given."""
    statement = f"""
        SELECT {_COLUMNS} {_FROM}
         WHERE c.id > %(after)s AND {_IN_WARDS} AND (%(state)s::text IS NULL OR c.state = %(state)s)
           AND (%(day)s::date IS NULL OR c.issued_on = %(day)s) ORDER BY c.id LIMIT %(limit)s"""
    asked = {"wards": _listed(wards), "state": state, "day": issued_on, "limit": limit, "after": after}
    rows = tuple(_row(one) for one in fetch(statement, asked))
    note_read({row.child_id for row in rows}, what=LISTED)
    return rows


def certificate_listed(certificate_id: int) -> CertificateListed:
    """One certificate; raises BadInput where there is none."""
    rows = fetch(f"SELECT {_COLUMNS} {_FROM} WHERE c.id = %(id)s", {"id": certificate_id})
    if not rows:
        raise BadInput("その医療証はありません。", remedy="一覧から選び直してください。")
    found = _row(rows[0])
    note_read({found.child_id}, what=LISTED)
    return found


def _row(row: tuple[object, ...]) -> CertificateListed:
    return CertificateListed._make((*row[:8], Period(row[8], row[9]), *row[10:]))  # type: ignore[arg-type]


def _listed(wards: Collection[str] | None) -> list[str] | None:
    return None if wards is None else sorted(wards)

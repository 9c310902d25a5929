"""All that the office did about one person, as the page of the person tells it; each in one round trip."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from kyufu.audit.api import note_read, notes_asked, the_same
from kyufu.cases.desk import CertificateSeen
from kyufu.cases.queries import ApplicationRow, fetch
from kyufu.law.calendar.period import Period
from kyufu.platform.errors import BadInput

# By two ways of an index each: an OR over both would read every application of the city.
ABOUT = """
    SELECT id FROM cases_application WHERE child_id = ANY(%(ids)s)
    UNION SELECT application_id FROM cases_application_guardian WHERE addressee_id = ANY(%(ids)s)"""
# Whose decisions bind us: what is open, and what a certificate or an entitlement in force rests on.
_TOLD = f"""
    SELECT a.id, a.number, a.kind, a.matter, a.state, a.ward_code, a.received_on, a.child_id, a.decision_id,
           coalesce(d.judged_by_office || '　' || d.judged_by_name, ''), d.judged_at,
           coalesce(p.approved_by_office || '　' || p.approved_by_name, ''), p.at, coalesce(d.outcome, ''),
           ARRAY(SELECT g.addressee_id FROM cases_application_guardian g
                  WHERE g.application_id = a.id ORDER BY g.position),
           ARRAY(SELECT g.relation FROM cases_application_guardian g
                  WHERE g.application_id = a.id ORDER BY g.position),
           EXISTS (SELECT FROM cases_certificate c
                    WHERE c.application_id = a.id AND c.state = 'issued' AND upper(c.valid) > %(on)s)
           OR EXISTS (SELECT FROM cases_entitlement e
                       WHERE e.child_id = a.child_id AND e.decision_id = a.decision_id AND e.superseded_at IS NULL
                         AND (upper_inf(e.valid) OR upper(e.valid) > %(on)s))
      FROM ({ABOUT}) about JOIN cases_application a ON a.id = about.id
      LEFT JOIN cases_decision d ON d.id = a.decision_id LEFT JOIN cases_approval p ON p.decision_id = d.id
     ORDER BY a.id DESC"""
_STANDING = """
    SELECT q.id, now.valid_from, now.valid_to, now.benefit_class,
           (SELECT max(upper(e.valid)) FROM cases_entitlement e
             WHERE e.child_id = q.id AND e.superseded_at IS NULL AND upper(e.valid) <= %(on)s),
           coalesce((SELECT a.state FROM cases_application a
                      WHERE a.child_id = q.id AND a.kind = 'new' ORDER BY a.id DESC LIMIT 1), ''),
           EXISTS (SELECT FROM cases_application_guardian g JOIN cases_application a ON a.id = g.application_id
                    WHERE g.addressee_id = q.id AND a.kind <> 'withdrawal' AND a.state <> 'withdrawn')
      FROM unnest(%(ids)s::bigint[]) AS q (id) LEFT JOIN LATERAL (
           SELECT lower(e.valid) AS valid_from, upper(e.valid) AS valid_to, e.benefit_class
             FROM cases_entitlement e
            WHERE e.child_id = q.id AND e.superseded_at IS NULL AND e.valid @> %(on)s::date) now ON true"""
_CERTIFICATE = """
    SELECT c.id, c.number, r.number, c.application_id, c.kind, lower(c.valid), upper(c.valid), c.benefit_class,
           c.issued_on, c.state, c.child_id, a.ward_code
      FROM cases_certificate c JOIN cases_recipient r ON r.child_id = c.child_id
      JOIN cases_application a ON a.id = c.application_id
     WHERE c.id = %(id)s"""
_STEPS = "SELECT id, to_state FROM cases_certificate_transition WHERE subject_id = %(id)s ORDER BY id"
WHAT = "申請の経過と判定・決裁"
STANDING = "資格の有無と保護者かどうか"
CERTIFICATE = "医療証の記載事項"


class ApplicationTold(NamedTuple):
    """An application with who judged and approved it (empty: nobody yet), and its guardians, the applicant first.

    `in_force`: a certificate or an entitlement that reaches past the day rests on its latest decision.
    """

    row: ApplicationRow
    judged_by: str
    judged_at: datetime | None
    approved_by: str
    approved_at: datetime | None
    outcome: str
    guardians: tuple[tuple[int, str], ...]
    in_force: bool


class Standing(NamedTuple):
    """How somebody stands on a day: entitled when and to what (None: not), when an entitlement ended last, the
    state of the latest new application (empty: none), and whether the person is a guardian of an application.
    """

    entitled: Period | None
    benefit_class: str | None
    ended_before: date | None
    application_state: str
    is_guardian: bool


class CertificateInHand(NamedTuple):
    """A certificate, whose it is, and the ward that received its application."""

    certificate: CertificateSeen
    child_id: int
    ward_code: str


def applications_told(person_id: int, *, on: date) -> tuple[ApplicationTold, ...]:
    """Applications for a person as child, or with the person as guardian, newest first."""
    rows = fetch(_TOLD, {"ids": [person_id], "on": on})
    found = tuple(
        ApplicationTold._make(
            (ApplicationRow(*row[:9]), *row[9:14], tuple(zip(row[14], row[15], strict=True)), row[16])
        )
        for row in rows
    )
    note_read({person_id, *(one.row.child_id for one in found)}, what=WHAT)
    return found


def _standing_of(ids: Collection[int], *, on: date) -> dict[int, Standing]:
    """How each of the persons stands on a day."""
    return {
        row[0]: Standing(None if row[1] is None else Period(row[1], row[2]), *row[3:])
        for row in fetch(_STANDING, {"ids": list(ids), "on": on})
    }


def certificate_by_id(certificate_id: int) -> CertificateInHand:
    """One certificate; raises BadInput when there is none."""
    rows = fetch(_CERTIFICATE, {"id": certificate_id})
    if not rows:
        raise BadInput("その医療証はありません。", remedy="個人の画面から選び直してください。")
    *row, child_id, ward_code = rows[0]
    note_read((child_id,), what=CERTIFICATE)
    seen = CertificateSeen._make((*row[:5], Period(row[5], row[6]), *row[7:]))
    return CertificateInHand(seen, child_id, ward_code)


def certificate_digest(certificate_id: int) -> str:
    """The SHA-256 (hex) of all steps of a certificate: what somebody saw of its state."""
    steps = fetch(_STEPS, {"id": certificate_id})
    return hashlib.sha256(f"{certificate_id}\n{steps}".encode()).hexdigest()


standing_of = notes_asked(_standing_of, what=STANDING, whose=the_same)

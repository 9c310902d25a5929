"""Reads of the desk: lists within the wards that a member of staff answers for, and all that hangs on one case.

A list is bounded by wards (6-digit codes), None meaning the whole city; whoever asks has been let through before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from kyufu.audit.api import note_read
from kyufu.cases.identity import IdentityCheck, IdentityDocument, NumberDocument, Seen
from kyufu.cases.queries import ApplicationRow, fetch
from kyufu.law.calendar.period import Period
from kyufu.platform.errors import BadInput

_COLUMNS = "a.id, a.number, a.kind, a.matter, a.state, a.ward_code, a.received_on, a.child_id, a.decision_id"
_IN_WARDS = "(%(wards)s::text[] IS NULL OR a.ward_code = ANY(%(wards)s))"


class CertificateSeen(NamedTuple):
    """A certificate of a child, in whatever state; `recipient_no` is the 受給者番号."""

    certificate_id: int
    number: str
    recipient_no: str
    application_id: int
    kind: str
    valid: Period
    benefit_class: str
    issued_on: date
    state: str


class GuardianSeen(NamedTuple):
    """A guardian named on an application, the applicant first; relation is father, mother or other."""

    addressee_id: int
    relation: str


class CaseFile(NamedTuple):
    """What was handed in with an application, and who judged and approved its latest decision (empty: nobody)."""

    channel: str
    applicant_kind: str
    agent_name: str
    event_on: date | None
    guardians: tuple[GuardianSeen, ...]
    documents: tuple[str, ...]
    judged_by: str
    judged_by_id: str
    judged_at: datetime | None
    approved_by: str
    approved_at: datetime | None


def state_counts_in(wards: Collection[str] | None) -> dict[str, int]:
    """How many applications of the wards stand in each state."""
    statement = f"SELECT a.state, count(*) FROM cases_application a WHERE {_IN_WARDS} GROUP BY 1 ORDER BY 1"
    return dict(fetch(statement, {"wards": _listed(wards)}))


def application_by_id(application_id: int) -> ApplicationRow:
    """One application; raises BadInput when there is none."""
    rows = fetch(f"SELECT {_COLUMNS} FROM cases_application a WHERE a.id = %(id)s", {"id": application_id})
    if not rows:
        raise BadInput("その申請はありません。", remedy="一覧から選び直してください。")
    found = ApplicationRow(*rows[0])
    note_read({found.child_id}, what="申請の内容")
    return found


def applications_about(person_ids: Collection[int]) -> tuple[ApplicationRow, ...]:
    """Applications for these persons as children, or with them as guardians, newest first."""
    # Both ways by an index: an OR over both would read every application of the city.
    statement = f"""
        SELECT {_COLUMNS} FROM cases_application a
          JOIN (SELECT id FROM cases_application WHERE child_id = ANY(%(ids)s)
                UNION SELECT application_id FROM cases_application_guardian
                       WHERE addressee_id = ANY(%(ids)s)) about ON about.id = a.id
         ORDER BY a.id DESC"""
    rows = tuple(ApplicationRow(*row) for row in fetch(statement, {"ids": list(person_ids)}))
    note_read({*person_ids, *(row.child_id for row in rows)}, what="申請の経過")
    return rows


def certificates_of(child_ids: Collection[int]) -> tuple[CertificateSeen, ...]:
    """Every certificate ever issued to the children, newest first."""
    statement = """
        SELECT c.id, c.number, r.number, c.application_id, c.kind, lower(c.valid), upper(c.valid),
               c.benefit_class, c.issued_on, c.state
          FROM cases_certificate c JOIN cases_recipient r ON r.child_id = c.child_id
         WHERE c.child_id = ANY(%(ids)s) ORDER BY c.id DESC"""
    note_read(child_ids, what="医療証の交付の経過")
    return tuple(
        CertificateSeen._make((*row[:5], Period(row[5], row[6]), *row[7:]))
        for row in fetch(statement, {"ids": list(child_ids)})
    )


def children_of_number(number: str) -> tuple[int, ...]:
    """The children whose recipient number (受給者番号) or certificate number it is, exactly; ids alone, no data."""
    statement = """
        SELECT child_id FROM cases_recipient WHERE number = %(number)s
        UNION SELECT child_id FROM cases_certificate WHERE number = %(number)s ORDER BY 1"""
    found = tuple(row[0] for row in fetch(statement, {"number": number}))
    note_read(found, what="受給者番号・医療証の番号の照合")
    return found


def case_file(application_id: int) -> CaseFile:
    """What was handed in with an application, and who judged and approved; raises BadInput when there is none."""
    statement = """
        SELECT a.channel, a.applicant_kind, a.agent_name, a.event_on,
               ARRAY(SELECT d.document FROM cases_application_document d WHERE d.application_id = a.id ORDER BY d.id),
               coalesce(d.judged_by_office || '　' || d.judged_by_name, ''), coalesce(d.judged_by_id, ''),
               d.judged_at, coalesce(p.approved_by_office || '　' || p.approved_by_name, ''), p.at
          FROM cases_application a
          LEFT JOIN cases_decision d ON d.id = a.decision_id
          LEFT JOIN cases_approval p ON p.decision_id = d.id
         WHERE a.id = %(id)s"""
    rows = fetch(statement, {"id": application_id})
    if not rows:
        raise BadInput("その申請はありません。", remedy="一覧から選び直してください。")
    channel, applicant, agent, event_on, documents, *decided = rows[0]
    return CaseFile(
        channel, applicant, agent, event_on, _guardians(application_id), tuple(documents), *decided
    )


def identity_of(application_id: int) -> IdentityCheck | None:
    """The completed identity check of an application; None where there is none yet."""
    statement = """
        SELECT a.child_id, i.number_document, i.identity_document, i.seen, i.explained, i.staff_id, i.staff_name,
               i.checked_on, i.matched_on
          FROM cases_identity_check i JOIN cases_application a ON a.id = i.application_id
         WHERE i.application_id = %(id)s"""
    rows = fetch(statement, {"id": application_id})
    if not rows:
        return None
    child_id, number, person, seen, *rest = rows[0]
    note_read({child_id}, what="本人確認の記録")
    return IdentityCheck(NumberDocument(number), IdentityDocument(person), Seen(seen), *rest)


def decision_digests(decision_ids: Collection[int]) -> dict[int, str]:
    """The SHA-256 (hex) of decisions with their facts, byte for byte as stored: what somebody saw of each.

    Raises BadInput where one of them is not there.
    """
    statement = (
        "SELECT decision_id, facts, content FROM cases_decision_content WHERE decision_id = ANY(%(ids)s)"
    )
    found = {
        number: hashlib.sha256(f"{number}\n{facts}\n{content}".encode()).hexdigest()
        for number, facts, content in fetch(statement, {"ids": list(decision_ids)})
    }
    if found.keys() != set(decision_ids):
        raise BadInput("その判定はありません。", remedy="申請を開き直してください。")
    return found


def decision_digest(decision_id: int) -> str:
    """The digest of one decision, as `decision_digests`."""
    return decision_digests([decision_id])[decision_id]


def _guardians(application_id: int) -> tuple[GuardianSeen, ...]:
    statement = """
        SELECT addressee_id, relation FROM cases_application_guardian
         WHERE application_id = %(id)s ORDER BY position"""
    found = tuple(GuardianSeen(*row) for row in fetch(statement, {"id": application_id}))
    note_read({one.addressee_id for one in found}, what="保護者")
    return found


def _listed(wards: Collection[str] | None) -> list[str] | None:
    return None if wards is None else sorted(wards)

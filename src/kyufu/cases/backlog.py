"""What is due and what is stuck, counted and listed for the head office and the wards.

Counts are cheap and name nobody. A list is bounded by wards (6-digit codes), None meaning the whole city.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from kyufu.audit.api import note_read
from kyufu.cases.mismatches import TO_URGE
from kyufu.cases.operations.issue import TO_ISSUE
from kyufu.cases.operations.judgement import PENDING
from kyufu.cases.operations.rejudgement import TO_JUDGE_AGAIN
from kyufu.cases.queries import fetch
from kyufu.law.calendar.period import Period
from kyufu.platform.errors import BadInput

UNDECIDED = "保留の申請と理由"
OPEN_GUARDIANS = "処理中の申請の保護者"
UNRECOVERED = "転出などのあと回収していない医療証"
_IN_WARDS = "(%(wards)s::text[] IS NULL OR a.ward_code = ANY(%(wards)s))"
# The conditions under which queries.py lists what is printed, by kind of document.
_LETTERS = MappingProxyType(
    {
        "certificate": ("c.id", "cases_certificate c WHERE c.state = 'issued'"),
        "rejection": (
            "a.id", "cases_application a JOIN cases_approval p ON p.decision_id = a.decision_id"
            " WHERE a.state = 'rejected'",
        ),
        "loss": (
            "e.id", "cases_entitlement_change e JOIN cases_approval p ON p.decision_id = e.decision_id"
            " WHERE e.event = 'lost'",
        ),
        "missing_facts": (
            "a.decision_id", "cases_application a JOIN cases_decision d ON d.id = a.decision_id"
            " AND d.outcome = 'cannot_decide' WHERE a.state = 'undecided'",
        ),
        "urging": ("m.id", f"cases_mismatch m WHERE {TO_URGE}"),
        "correction": ("k.id", "cases_correction k WHERE true"),
    }
)  # fmt: skip
_STUCK = f"""
  FROM cases_application a JOIN cases_decision d ON d.id = a.decision_id
 WHERE a.state = 'undecided' AND {_IN_WARDS}
"""
# A card still with somebody who may not use it any more: void, or of one whose entitlement has ended.
_HELD_BACK = f"""
  FROM cases_certificate c JOIN cases_application a ON a.id = c.application_id
 WHERE {_IN_WARDS}
   AND (c.state = 'voided'
        OR c.state = 'issued' AND NOT EXISTS (
           SELECT FROM cases_entitlement e WHERE e.child_id = c.child_id AND e.superseded_at IS NULL
              AND e.valid @> %(on)s::date) AND lower(c.valid) <= %(on)s::date AND upper(c.valid) > %(on)s::date)
"""


class ReasonTotal(NamedTuple):
    """How many applications are held up first of all by a reason, by its code."""

    code: str
    total: int


class UndecidedSeen(NamedTuple):
    """An application on hold: since when, the ward that received it, and the codes of all its reasons."""

    application_id: int
    number: str
    child_id: int
    ward_code: str
    received_on: date
    decision_id: int
    reason_codes: tuple[str, ...]


class UnrecoveredSeen(NamedTuple):
    """A certificate that nobody may use any more and that has not come back."""

    certificate_id: int
    number: str
    child_id: int
    application_id: int
    ward_code: str
    valid: Period
    state: str


def count_pending() -> int:
    """How many applications wait to be judged for the first time."""
    return _count(f"cases_application a WHERE {PENDING}")


def count_to_judge_again() -> int:
    """How many applications stand on a decision that facts have overtaken."""
    return _count(f"cases_application a WHERE {TO_JUDGE_AGAIN}")


def count_to_issue() -> int:
    """How many approved applications wait for their certificate."""
    return _count(f"cases_application a WHERE {TO_ISSUE}")


def count_letters(kind: str, *, but: str | None) -> int:
    """How many documents of a kind are due; `but` as in the lists of what is printed. Raises BadInput for no kind."""
    if kind not in _LETTERS:
        raise BadInput("その帳票はありません。", remedy="帳票の種類を選び直してください。")
    subject, source = _LETTERS[kind]
    left_out = (
        "" if but is None else f" AND NOT EXISTS (SELECT FROM ({but}) AS but (id) WHERE but.id = {subject})"
    )
    return _count(f"{source}{left_out}")


def undecided_by_reason(wards: Collection[str] | None) -> tuple[ReasonTotal, ...]:
    """What holds applications up, by the first reason of the decision, the most frequent first."""
    statement = f"SELECT coalesce(d.reason_codes[1], ''), count(*) {_STUCK} GROUP BY 1 ORDER BY 2 DESC, 1"
    return tuple(ReasonTotal(*row) for row in fetch(statement, {"wards": _listed(wards)}))


def undecided_in(
    wards: Collection[str] | None, *, code: str | None, limit: int, after: int
) -> tuple[UndecidedSeen, ...]:
    """Applications on hold in the order of their receipt, after an id; with `code`, for that first reason alone."""
    statement = f"""
        SELECT a.id, a.number, a.child_id, a.ward_code, a.received_on, d.id, d.reason_codes {_STUCK}
           AND a.id > %(after)s AND (%(code)s::text IS NULL OR coalesce(d.reason_codes[1], '') = %(code)s)
         ORDER BY a.id LIMIT %(limit)s"""
    asked = {"wards": _listed(wards), "code": code, "after": after, "limit": limit}
    rows = tuple(UndecidedSeen._make((*row[:6], tuple(row[6]))) for row in fetch(statement, asked))
    note_read({row.child_id for row in rows}, what=UNDECIDED)
    return rows


def count_unrecovered(wards: Collection[str] | None, *, on: date) -> int:
    """How many certificates that may not be used any more have not come back."""
    return int(fetch(f"SELECT count(*) {_HELD_BACK}", {"wards": _listed(wards), "on": on})[0][0])


def unrecovered_in(
    wards: Collection[str] | None, *, on: date, limit: int, after: int
) -> tuple[UnrecoveredSeen, ...]:
    """Certificates that may not be used any more and have not come back, in their order, after an id."""
    statement = f"""
        SELECT c.id, c.number, c.child_id, a.id, a.ward_code, lower(c.valid), upper(c.valid), c.state {_HELD_BACK}
           AND c.id > %(after)s ORDER BY c.id LIMIT %(limit)s"""
    asked = {"wards": _listed(wards), "on": on, "after": after, "limit": limit}
    rows = tuple(
        UnrecoveredSeen._make((*row[:5], Period(row[5], row[6]), row[7])) for row in fetch(statement, asked)
    )
    note_read({row.child_id for row in rows}, what=UNRECOVERED)
    return rows


def guardians_in_open_cases(wards: Collection[str] | None, *, limit: int, after: int) -> tuple[int, ...]:
    """The guardians named on applications that are not decided yet, each once by addressee id, after an id."""
    statement = f"""
        SELECT DISTINCT g.addressee_id
          FROM cases_application_guardian g JOIN cases_application a ON a.id = g.application_id
         WHERE a.state IN ('received', 'sent_back', 'undecided') AND {_IN_WARDS} AND g.addressee_id > %(after)s
         ORDER BY 1 LIMIT %(limit)s"""
    rows = fetch(statement, {"wards": _listed(wards), "after": after, "limit": limit})
    found = tuple(row[0] for row in rows)
    note_read(found, what=OPEN_GUARDIANS)
    return found


def _count(source: str) -> int:
    return int(fetch(f"SELECT count(*) FROM {source}", {})[0][0])


def _listed(wards: Collection[str] | None) -> list[str] | None:
    return None if wards is None else sorted(wards)

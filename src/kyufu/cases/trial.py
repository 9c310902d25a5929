"""What-if (試算): the same law on facts that somebody changed; nothing of it is stored."""

from __future__ import annotations

from datetime import date

from kyufu.audit.api import note_read
from kyufu.cases.gathering import GuardianOnCase, gather_child
from kyufu.cases.queries import fetch
from kyufu.law.child import judge
from kyufu.law.child.facts import ChildFacts
from kyufu.law.decision import Decision
from kyufu.ordinance.api import confirmed_overlay
from kyufu.platform.errors import Refused

# The guardians of the child's latest application; a child without one has none that are known.
_GUARDIANS = """
SELECT g.addressee_id, g.relation FROM cases_application_guardian g
 WHERE g.application_id = (SELECT max(a.id) FROM cases_application a
                            WHERE a.child_id = %(id)s AND a.state <> 'withdrawn')
 ORDER BY g.position"""
GUARDIANS = "最後の申請の保護者"
UNANSWERABLE = "入力された内容では判定の計算ができません。"


def gather_facts(addressee_id: int, *, applied_on: date | None, on: date) -> ChildFacts | None:
    """The facts of a child with the guardians of its latest application; None for nobody registered."""
    guardians = [GuardianOnCase(*row) for row in fetch(_GUARDIANS, {"id": addressee_id})]
    note_read({addressee_id, *(one.addressee_id for one in guardians)}, what=GUARDIANS)
    return gather_child(addressee_id, guardians=guardians, applied_on=applied_on, on=on)


def judge_trial(facts: ChildFacts, *, municipality: str, on: date) -> Decision:
    """The answer of the law to these facts for a day; raises Refused where the law cannot compute it."""
    try:
        return judge(facts, municipality=municipality, on=on, overlay=confirmed_overlay(municipality))
    except (ValueError, OverflowError, IndexError):
        raise Refused(UNANSWERABLE, remedy="日付の前後と金額を確かめて、試算し直してください。") from None

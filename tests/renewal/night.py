"""A city on the evening before a renewal: certified children, and what became of some of them since."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date

from django.db import connection

from kyufu.cases.queries import fetch
from kyufu.platform import clock
from kyufu.renewal import api as renewal
from kyufu.renewal.api import Plan, RenewalKind
from kyufu.runs import api as runs
from kyufu.staff.api import Rights
from tests.cases.world import Family, World, certify, receive
from tests.runs.watching import process_of

# The certificate year of the children certified in tests.cases.world ends before this day.
DAY = date(2027, 8, 1)
ISSUED = date(2027, 7, 20)
Work = Callable[[], bool]


@dataclass
class Night:
    """The families of the city by what is to come of them."""

    world: World
    renewed: list[Family]
    moved: Family
    uninsured: Family
    assisted: Family
    too_old: Family
    never_applied: Family
    waiting: Family


def make_night(world: World, *, ordinary: int = 4) -> Night:
    """Children to be renewed, and one each who moved, lost insurance, is assisted, gets too old, or never applied."""
    renewed = [world.family() for _ in range(ordinary)]
    moved, uninsured, assisted = (world.family() for _ in range(3))
    too_old = world.family(birth="2009-02-01")
    for family in (*renewed, moved, uninsured, assisted, too_old):
        certify(family)
    world.move_out(moved, on="2027-05-01")
    world.send_loss_of_insurance(uninsured, on="2027-07-01")
    world.assist(assisted, since="2027-06-01")
    never_applied = world.family()
    waiting = world.family()
    receive(waiting)
    return Night(world, renewed, moved, uninsured, assisted, too_old, never_applied, waiting)


def plan(rights: Rights, kind: RenewalKind = RenewalKind.YEARLY, **items: object) -> int:
    """Plan a renewal for the day."""
    wished = Plan(kind, DAY, ISSUED, None, False)._replace(**items)  # type: ignore[arg-type]
    return renewal.plan_renewal(wished, municipality="yokohama", rights=rights, at=clock.current_instant())


def start(code: str, renewal_id: int, rights: Rights) -> int:
    """Ask for a run that carries a renewal."""
    return runs.start_run(
        code, arguments={renewal.RENEWAL: str(renewal_id)}, rights=rights, at=clock.current_instant()
    )


def carry(code: str, renewal_id: int, *, rights: Rights, worker: Work) -> runs.RunSeen:
    """Ask for a run, let the worker carry it, and give how it ended."""
    run_id = start(code, renewal_id, rights)
    worker()
    return runs.find_run(run_id, at=clock.current_instant())


def approve(renewal_id: int, rights: Rights) -> None:
    """Approve what is seen, with a reason: small cities lie outside of what is expected of large ones."""
    renewal.approve_renewal(
        renewal_id, seen=renewal.digest_of(renewal_id), rights=rights, at=clock.current_instant(),
        why="小さな市での試験のため",
    )  # fmt: skip


def sorted_now(renewal_id: int) -> dict[str, int]:
    """How many children are on each list."""
    return {str(one.sorted): one.children for one in renewal.sorted_counts(renewal_id)}


# What the tables say afterwards, without numbers that are drawn, and without who and when.
RESULT = """
SELECT m.child_id, m.left_out, r.sorted, o.refusal, d.outcome, d.facts_hash = r.facts_hash, a.state,
       (SELECT array_agg(e.valid::text ORDER BY e.valid) FROM cases_entitlement e
         WHERE e.child_id = m.child_id AND e.superseded_at IS NULL),
       (SELECT array_agg(c.kind || c.valid::text || c.state ORDER BY c.valid, c.kind) FROM cases_certificate c
         WHERE c.child_id = m.child_id),
       (SELECT array_agg(x.event || x.effective_on ORDER BY x.id) FROM cases_entitlement_change x
         WHERE x.child_id = m.child_id),
       (SELECT array_agg(h.to_state ORDER BY h.id) FROM cases_application_transition h WHERE h.subject_id = a.id),
       (SELECT count(*) FROM cases_decision x WHERE x.child_id = m.child_id),
       (SELECT array_agg(x.kind ORDER BY x.kind) FROM documents_document x
         WHERE x.kind = 'certificate' AND x.subject_id IN (
                   SELECT c.id FROM cases_certificate c WHERE c.child_id = m.child_id)
            OR x.kind = 'loss' AND x.subject_id IN (
                   SELECT c.id FROM cases_entitlement_change c WHERE c.child_id = m.child_id)
            OR x.kind = 'missing_facts' AND x.subject_id = a.decision_id)
  FROM renewal_member m LEFT JOIN renewal_result r ON r.renewal_id = m.renewal_id AND r.child_id = m.child_id
  LEFT JOIN renewal_outcome o ON o.renewal_id = m.renewal_id AND o.child_id = m.child_id
  LEFT JOIN cases_decision d ON d.id = o.decision_id
  LEFT JOIN cases_application a ON a.id = m.application_id
 WHERE m.renewal_id = %(id)s ORDER BY m.child_id, r.part
"""
_THIS, _NEXT = "[2026-08-01,2027-08-01)", "[2027-08-01,2028-08-01)"
_FIRST = ["received", "judged", "approved", "issued"]
_RENEWED = (
    None, "renewed", "", "eligible", True, "issued", [_THIS, _NEXT], [f"new{_THIS}issued", f"renewal{_NEXT}issued"],
    ["acquired2026-08-01", "changed2027-08-01"], [*_FIRST, "issued"], 2, ["certificate"],
)  # fmt: skip
_LOST = (
    None, "lost", "", "not_eligible", True, "closed", [_THIS], [f"new{_THIS}issued"],
    ["acquired2026-08-01", "lost2027-08-01"], [*_FIRST, "closed"], 2, ["loss"],
)  # fmt: skip
_UNDECIDED = (
    None, "undecided", "", "cannot_decide", True, "undecided", [_THIS], [f"new{_THIS}issued"], ["acquired2026-08-01"],
    [*_FIRST, "undecided"], 2, ["missing_facts"],
)  # fmt: skip
_NOBODY = (None,) * 4
_LEFT_OUT = (
    ("not_applied", *_NOBODY, None, *_NOBODY, 0, None),
    ("in_progress", *_NOBODY, "received", None, None, None, ["received"], 0, None),
)


def tables(renewal_id: int) -> list[tuple[object, ...]]:
    """What the tables hold of a renewal and of its children, in the order of their numbers."""
    return [row[1:] for row in fetch(RESULT, {"id": renewal_id})]


def undisturbed(night: Night, *, printed: bool = True) -> list[tuple[object, ...]]:
    """What they hold when nothing disturbed the renewal."""
    rows = [*[_RENEWED] * len(night.renewed), _LOST, _UNDECIDED, _LOST, *_LEFT_OUT]
    return rows if printed else [(*row[:-1], None) for row in rows]


def child(pause: float, *, point: str = "") -> AbstractContextManager[subprocess.Popen[str]]:
    """A worker in a process of its own on this test's database; killed at the end."""
    return process_of("tests.renewal.worker_child", str(pause), point)


# What a judgement found, as if it had: days that differ of everybody in a replay, and losses that began before.
_DIFFERENCES = """
INSERT INTO renewal_difference (renewal_id, child_id, application_id, replayed_id, ward_code, since, until, was_class,
       now_class, effect)
SELECT renewal_id, child_id, application_id, replayed_id, ward_code, judged_for, NULL, NULL, 'free', 'owed'
  FROM renewal_result WHERE renewal_id = %(id)s
"""
_EARLY = """
INSERT INTO renewal_early_loss (renewal_id, child_id, application_id, ward_code, reason_code, judged_for, began_on)
SELECT renewal_id, child_id, application_id, ward_code, 'not_resident', judged_for, judged_for - 30
  FROM renewal_result WHERE renewal_id = %(id)s
"""


def plant_findings(yearly: int, *, rights: Rights) -> int:
    """A replay in which everybody is owed something, and early losses in a judged yearly renewal; gives the replay."""
    at = clock.current_instant()
    replay = plan(rights, RenewalKind.REPLAY, on=date(2026, 8, 1), issued_on=None)
    renewal.judge_renewal(replay, by=rights.actor(), at=at, report=lambda _done, _total: None)
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENCES, {"id": replay})
        cursor.execute(_EARLY, {"id": yearly})
    return replay


def plant_schedules(first: Rights, *, second: Rights) -> None:
    """One schedule that holds, and one that waits for its confirmation."""
    at = clock.current_instant()
    rule = renewal.Rule(RenewalKind.YEARLY, 8, 1, 45, 12, True)
    renewal.confirm_schedule(
        renewal.propose_schedule(rule, why="毎年", rights=first, at=at), rights=second, at=at
    )
    renewal.propose_schedule(
        rule._replace(kind=RenewalKind.MONTHLY, month=None), why="毎月", rights=first, at=at
    )

"""Let an approved renewal take effect, a block in a transaction, and close its account."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection, transaction

from kyufu.audit.api import write_reads
from kyufu.cases import api as cases
from kyufu.platform.actors import Actor
from kyufu.platform.changes import current_cluster
from kyufu.platform.errors import Refused
from kyufu.platform.transitions import move
from kyufu.renewal.models import Block, Renewal
from kyufu.renewal.operations.planning import locked, refuse_unless
from kyufu.renewal.queries import fetch
from kyufu.renewal.states import RENEWALS, RenewalState

ROWS = """
SELECT r.id AS key, r.application_id, r.child_id, m.decision_id AS held_by, r.scheme, r.judged_for, r.outcome, r.valid,
       r.benefit_class, r.issues_certificate, r.reason_codes, r.parameter_version, r.facts_hash, r.wants_card,
       b.judged_at
  FROM renewal_result r
  JOIN renewal_member m ON m.renewal_id = r.renewal_id AND m.child_id = r.child_id
  JOIN renewal_block b ON b.renewal_id = r.renewal_id AND b.number = r.block
 WHERE r.renewal_id = {renewal} AND r.block = {block} AND r.part = 0
"""
CONTENTS = (
    "SELECT id AS key, facts, content FROM renewal_result WHERE renewal_id = {renewal} AND block = {block}"
)
_NOTE = """
INSERT INTO renewal_outcome (renewal_id, child_id, decision_id, refusal)
SELECT %(renewal)s, child_id, id, refusal FROM cases_renewing ORDER BY child_id
"""
# So few blocks are done by one hand.
FEW_BLOCKS, HANDS = 3, 2
# Of the tables that grow as blocks take effect; the planner must not take them for empty until autovacuum comes.
_GROWING = (
    "cases_decision, cases_decision_subject, cases_approval, cases_entitlement, cases_certificate,"
    " cases_application, platform_change, renewal_result"
)


@transaction.atomic
def begin_effect(renewal_id: int, *, by: Actor, at: datetime) -> Renewal:
    """Begin or go on with the effect of an approved renewal; raises Refused where it is not approved."""
    row = locked(renewal_id)
    if row.state != RenewalState.EFFECTING:
        refuse_unless(row, state=RenewalState.APPROVED)
        move(
            RENEWALS, subject_id=row.pk, from_state=row.state, to_state=RenewalState.EFFECTING, by=by, at=at,
            why="反映の開始",
        )  # fmt: skip
    return row


def effect_blocks(renewal: Renewal, *, at: datetime) -> Iterator[int]:
    """Let every block that is left take effect; gives the number of members of each when it has.

    Many blocks are done by several hands at once, each on a connection of its own: no two share a child.
    """
    left = list(
        Block.objects.filter(renewal=renewal, effected_at=None)
        .order_by("number")
        .values_list("number", flat=True)
    )
    order, approver = _order(renewal), _approver(renewal)
    work = partial(_effect_block, renewal, order=order, by=approver, at=at)
    is_alone = len(left) < FEW_BLOCKS or connection.in_atomic_block
    for done, members in enumerate(map(work, left) if is_alone else _by_hands(work, numbers=left), start=1):
        write_reads()
        yield members
        if done & (done - 1) == 0:
            with connection.cursor() as cursor:
                cursor.execute(f"ANALYZE {_GROWING}")


def _by_hands(work: Callable[[int], int], *, numbers: Sequence[int]) -> Iterator[int]:
    """Do the work of blocks by threads, in whose connections the same person acts; in the order of the blocks."""
    waiting = deque(numbers)
    under_way: deque[Future[int]] = deque()
    with ThreadPoolExecutor(max_workers=HANDS, thread_name_prefix="effect") as hands:
        while waiting or under_way:
            while waiting and len(under_way) < HANDS:
                under_way.append(hands.submit(copy_context().run, _and_close, work, waiting.popleft()))
            yield under_way.popleft().result()


def _and_close(work: Callable[[int], int], number: int, /) -> int:
    try:
        return work(number)
    finally:
        connection.close()


@transaction.atomic
def _effect_block(
    renewal: Renewal, number: int, /, *, order: cases.RenewalOrder, by: Actor, at: datetime
) -> int:
    row = Block.objects.select_for_update().get(renewal=renewal, number=number)
    if row.effected_at is not None:
        raise Refused(
            "この更新処理は、別の処理係が反映しています。",
            remedy="進み具合を確かめて、終わるのを待ってください。",
        )
    named = {"renewal": int(renewal.pk), "block": number}
    cases.effect_renewals(ROWS.format(**named), contents=CONTENTS.format(**named), order=order, by=by, at=at)
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, {"renewal": renewal.pk})
        cursor.execute("DROP TABLE cases_renewing")
    Block.objects.filter(pk=row.pk).update(effected_at=at)
    return row.members


@transaction.atomic
def end_effect(renewal_id: int, *, by: Actor, at: datetime) -> tuple[int, int]:
    """Close the account of a renewal whose blocks all took effect; gives (effected, refused).

    The database refuses an account that does not tie to the number of those in the run.
    """
    row = locked(renewal_id)
    refuse_unless(row, state=RenewalState.EFFECTING)
    effected, refused = fetch(
        """SELECT count(*) FILTER (WHERE refusal = ''), count(*) FILTER (WHERE refusal <> '')
             FROM renewal_outcome WHERE renewal_id = %(id)s""",
        {"id": row.pk},
    )[0]
    Renewal.objects.filter(pk=row.pk).update(effected_count=effected, refused_count=refused)
    move(
        RENEWALS, subject_id=row.pk, from_state=row.state, to_state=RenewalState.EFFECTED, by=by, at=at,
        why=f"反映（{effected:,}人、見送り{refused:,}人）",
    )  # fmt: skip
    return effected, refused


def _order(renewal: Renewal) -> cases.RenewalOrder:
    if renewal.known_at is None or renewal.issued_on is None:
        raise AssertionError("an approved renewal has its moment and its day of issue")
    judge = Actor(renewal.planned_by, renewal.planned_by_name, renewal.planned_by_office)
    return cases.RenewalOrder(
        renewal.municipality, renewal.issued_on, judge, renewal.known_at, renewal.snapshot, current_cluster()
    )


def _approver(renewal: Renewal) -> Actor:
    values: tuple[Any, ...] = (renewal.approved_by, renewal.approved_by_name, renewal.approved_by_office)
    return Actor(*values)

"""Bulk runs in blocks: every block is one transaction, and what is left is read from the state of the cases.

A run that was killed is started again and goes on; nothing is done twice, because a case that was dealt
with is no longer among the candidates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection

from kyufu.audit.api import write_reads
from kyufu.cases.queries import fetch
from kyufu.platform.errors import Refused

BLOCK = 5_000
GROWING = (
    "cases_application", "cases_application_guardian", "cases_identity_check", "cases_decision",
    "cases_decision_subject", "cases_approval", "cases_entitlement", "cases_certificate", "cases_recipient",
    "platform_change",
)  # fmt: skip
ANOTHER_FIRST_TEXT = "同じ児童の先の申請をこの一括で処理しました。もう一度処理してください。"
Report = Callable[[int, int], None]


class Refusal(NamedTuple):
    """An application that a run left as it was, and why."""

    application_id: int
    application_no: str
    reason: str


class BulkResult(NamedTuple):
    """How many applications a run dealt with, and those that it refused."""

    done: int
    refused: tuple[Refusal, ...]


def run_blocks(
    *,
    candidates: str,
    parameters: Mapping[str, Any],
    work: Callable[[Sequence[int]], BulkResult],
    report: Report,
    size: int = BLOCK,
) -> BulkResult:
    """Do the work for every application `a` for which the SQL condition holds, in the order of ids.

    What a block read is in the log before the next block begins, so that a killed run leaves no read unrecorded
    but its last.
    """
    source = f"FROM cases_application a WHERE ({candidates})"
    total = fetch(f"SELECT count(*) {source}", dict(parameters))[0][0]
    seen, done, after, blocks = 0, 0, 0, 0
    refused: list[Refusal] = []
    report(0, total)
    while ids := _next_ids(source, parameters=parameters, after=after, size=size):
        _refresh_statistics(blocks)
        result = work(ids)
        write_reads()
        blocks += 1
        seen, done, after = seen + len(ids), done + result.done, ids[-1]
        refused.extend(result.refused)
        report(seen, max(total, seen))
    return BulkResult(done, tuple(refused))


def children_met_before(applications: Iterable[tuple[int, int]]) -> set[int]:
    """Of (application id, child id), those applications whose child came before: a block deals with a child once.

    Each step of a child is judged by what the step before it left behind, which a set-based block cannot see.
    """
    met: set[int] = set()
    again: set[int] = set()
    for application_id, child_id in applications:
        again |= {application_id} if child_id in met else set()
        met.add(child_id)
    return again


def only_one(result: BulkResult, *, remedy: str) -> None:
    """Turn the refusal of a single application into the error that its caller sees."""
    if result.refused:
        raise Refused(result.refused[0].reason, remedy=remedy)
    if result.done == 0:
        raise Refused("いまの状態ではこの処理はできません。", remedy="申請の状態を確かめてください。")


def _refresh_statistics(blocks: int) -> None:
    """Tell the planner how the tables have grown: before block 1, 2, 3, 5, 9 ..., as each time they doubled.

    Autovacuum would come minutes later, and until then every look-up is planned for empty tables.
    """
    if blocks & (blocks - 1) == 0:
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(GROWING)}")


def _next_ids(source: str, *, parameters: Mapping[str, Any], after: int, size: int) -> list[int]:
    statement = f"SELECT a.id {source} AND a.id > %(after)s ORDER BY a.id LIMIT %(size)s"
    return [row[0] for row in fetch(statement, {**parameters, "after": after, "size": size})]

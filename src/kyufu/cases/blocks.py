"""Bulk runs in blocks: every block is one transaction, and what is left is read from the state of the cases.

A run that was killed is started again and goes on; nothing is done twice, because a case that was dealt
with is no longer among the candidates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from kyufu.cases.queries import fetch
from kyufu.platform.errors import Refused

BLOCK = 5_000
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
    """Do the work for every application `a` for which the SQL condition holds, in the order of ids."""
    source = f"FROM cases_application a WHERE ({candidates})"
    total = fetch(f"SELECT count(*) {source}", dict(parameters))[0][0]
    seen, done, after = 0, 0, 0
    refused: list[Refusal] = []
    report(0, total)
    while ids := _next_ids(source, parameters=parameters, after=after, size=size):
        result = work(ids)
        seen, done, after = seen + len(ids), done + result.done, ids[-1]
        refused.extend(result.refused)
        report(seen, max(total, seen))
    return BulkResult(done, tuple(refused))


def only_one(result: BulkResult, *, remedy: str) -> None:
    """Turn the refusal of a single application into the error that its caller sees."""
    if result.refused:
        raise Refused(result.refused[0].reason, remedy=remedy)
    if result.done == 0:
        raise Refused("いまの状態ではこの処理はできません。", remedy="申請の状態を確かめてください。")


def _next_ids(source: str, *, parameters: Mapping[str, Any], after: int, size: int) -> list[int]:
    statement = f"SELECT a.id {source} AND a.id > %(after)s ORDER BY a.id LIMIT %(size)s"
    return [row[0] for row in fetch(statement, {**parameters, "after": after, "size": size})]

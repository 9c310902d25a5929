"""Judge the frozen members of a renewal block by block: gather, ask the law in a pool of processes, sort, store.

While the pool judges a block the next one is gathered. A block is stored in one transaction, and the table of blocks
says which are done: whoever goes on after a kill asks it what is left.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from kyufu.audit.api import write_reads
from kyufu.cases import api as cases
from kyufu.law.calendar.period import Period
from kyufu.law.parameters.overlay import Overlay
from kyufu.platform.db import copy_rows
from kyufu.platform.errors import Refused
from kyufu.renewal.models import Block, Renewal
from kyufu.renewal.queries import fetch
from kyufu.renewal.sorting import Held, sort_answer, sort_replay, wants_card
from kyufu.renewal.states import RenewalKind, Sorted

COLUMNS = (
    "renewal_id", "child_id", "part", "application_id", "replayed_id", "ward_code", "block", "judged_for", "sorted",
    "reason_code", "wants_card", "was_class", "scheme", "outcome", "valid", "benefit_class", "issues_certificate",
    "reason_codes", "parameter_version", "facts_hash", "facts", "content",
)  # fmt: skip
UNREGISTERED, UNANSWERABLE = "unregistered", "unanswerable"
# How many blocks are under way at once: one is judged while the next is gathered.
AHEAD = 2
Futures = list[Future[list[cases.Series | cases.Unanswered]]]
_MEMBERS = """
SELECT child_id, application_id, ward_code, judged_for, was_class, was_until FROM renewal_member
 WHERE renewal_id = %(id)s AND block = %(block)s ORDER BY child_id
"""


class Asked(NamedTuple):
    """A member as it is asked about; `replayed` is the decision that is judged again, where one is."""

    child_id: int
    application_id: int
    ward_code: str
    judged_for: Any
    held: Held
    replayed: cases.Replayed | None = None
    part: int = 0


class Underway(NamedTuple):
    """A block that the pool judges: who is asked about, and of whom nothing is known."""

    number: int
    asked: tuple[Asked, ...]
    unregistered: tuple[Asked, ...]
    answers: Futures


def judge_blocks(renewal: Renewal, *, overlay: Overlay, pool: Executor, at: datetime) -> Iterator[int]:
    """Judge and store every block that is left; gives the number of members of each after it is stored."""
    left = list(
        Block.objects.filter(renewal=renewal, judged_at=None)
        .order_by("number")
        .values_list("number", flat=True)
    )
    waiting: deque[Underway] = deque()
    for number in left:
        waiting.append(_begin(renewal, number=number, overlay=overlay, pool=pool))
        if len(waiting) == AHEAD:
            yield _store(renewal, block=waiting.popleft(), at=at)
    while waiting:
        yield _store(renewal, block=waiting.popleft(), at=at)


def _begin(renewal: Renewal, *, number: int, overlay: Overlay, pool: Executor) -> Underway:
    """Gather the facts of a block and hand its questions to the pool."""
    rows = fetch(_MEMBERS, {"id": renewal.pk, "block": number})
    members = {row[0]: Asked(row[0], row[1], row[2], row[3], Held(row[4], row[5])) for row in rows}
    if renewal.kind == RenewalKind.REPLAY:
        asked, questions = _replayed(members, renewal=renewal)
        unregistered: tuple[Asked, ...] = ()
    else:
        if renewal.known_at is None:
            raise AssertionError("a frozen renewal has its moment")
        due = [cases.Due(one.application_id, one.judged_for) for one in members.values()]
        facts = cases.gather_renewals(due, known_at=renewal.known_at)
        asked, questions = tuple(members[child] for child in facts.children), facts.questions
        unregistered = tuple(members[child] for child in facts.unregistered)
    write_reads()
    answers = cases.submit_questions(questions, municipality=renewal.municipality, overlay=overlay, pool=pool)
    return Underway(number, asked, unregistered, answers)


def _replayed(members: dict[int, Asked], *, renewal: Renewal) -> tuple[tuple[Asked, ...], tuple[Any, ...]]:
    parts: dict[int, int] = {}
    asked: list[Asked] = []
    found = cases.gather_replays(sorted(members), on=renewal.on)
    for one in found:
        part = parts[one.child_id] = parts.get(one.child_id, -1) + 1
        member = members[one.child_id]
        asked.append(
            member._replace(
                application_id=one.application_id, judged_for=one.question.on, replayed=one, part=part,
                held=Held(one.benefit_class, None),
            )
        )  # fmt: skip
    return tuple(asked), tuple(one.question for one in found)


@transaction.atomic
def _store(renewal: Renewal, *, block: Underway, at: datetime) -> int:
    """Write the answers of a block, once; whoever finds it judged by another gives up."""
    row = Block.objects.select_for_update().get(renewal=renewal, number=block.number)
    if row.judged_at is not None:
        raise Refused(
            "この更新処理は、別の処理係が判定しています。",
            remedy="進み具合を確かめて、終わるのを待ってください。",
        )
    answers = (answer for future in block.answers for answer in future.result())
    rows = [
        _row(one, answer=answer, renewal=renewal, block=block.number)
        for one, answer in zip(block.asked, answers, strict=True)
    ]
    rows += [
        _broken(one, why=UNREGISTERED, renewal=renewal, block=block.number) for one in block.unregistered
    ]
    copy_rows(table="renewal_result", columns=COLUMNS, rows=rows)
    Block.objects.filter(pk=row.pk).update(judged_at=at)
    return row.members


def _row(
    one: Asked, *, answer: cases.Series | cases.Unanswered, renewal: Renewal, block: int
) -> Sequence[Any]:
    if isinstance(answer, cases.Unanswered):
        return _broken(one, why=UNANSWERABLE, renewal=renewal, block=block)
    found = answer[-1]
    kind = RenewalKind(renewal.kind)
    sorted_as = _sorted(one, answer=found)
    return (
        renewal.pk, one.child_id, one.part, one.application_id, one.replayed and one.replayed.decision_id,
        one.ward_code, block, one.judged_for, str(sorted_as), found.reason_codes[0] if found.reason_codes else "",
        wants_card(kind, answer=found, held=one.held), one.held.benefit_class, found.scheme, str(found.outcome),
        _range_text(found.period), found.benefit_class,
        found.issues_certificate, _array_text(found.reason_codes), found.parameter_version, found.facts_hash,
        found.facts_json, found.decision_json,
    )  # fmt: skip


# COPY takes both as text; the driver's own way of writing them costs a quarter of the whole row.
def _range_text(period: Period | None) -> str | None:
    return None if period is None else f"[{period.start},{period.end or ''})"


def _array_text(codes: Sequence[str]) -> str:
    return "{" + ",".join(f'"{code}"' for code in codes) + "}"


def _sorted(one: Asked, *, answer: cases.Answer) -> Sorted:
    if one.replayed is None:
        return sort_answer(answer, held=one.held)
    return sort_replay(answer, outcome=one.replayed.outcome, benefit_class=one.replayed.benefit_class)


def _broken(one: Asked, *, why: str, renewal: Renewal, block: int) -> Sequence[Any]:
    return (
        renewal.pk, one.child_id, one.part, one.application_id, one.replayed and one.replayed.decision_id,
        one.ward_code, block, one.judged_for, str(Sorted.BROKEN), why, False, one.held.benefit_class, "", "", None,
        None, None, "{}", "", "", "", "",
    )  # fmt: skip

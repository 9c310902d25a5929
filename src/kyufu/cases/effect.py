"""影響試算: how many children a change of parameters would give or take what, by the law itself, over the register.

Two bases are kept apart. Children with a case are judged on their latest application. The other children of the ages
in question are judged as if their guardians applied on the day: of their guardians nothing is known, so that whoever
would have to be judged by income cannot be decided, and counts as that. Only counts are kept, and of those with a case
which applications gain and lose.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db import connection

from kyufu.audit.api import reading_as, write_reads
from kyufu.cases.blocks import Report
from kyufu.cases.gathering import gather, gather_children, steady_view
from kyufu.cases.judging import Question, Verdict, judging_pool, weigh_all
from kyufu.cases.queries import fetch
from kyufu.law.child import is_of_age
from kyufu.law.decision import Outcome
from kyufu.law.parameters.overlay import Overlay
from kyufu.registry import api as registry

BLOCK = 5_000
FACTS = "影響試算に用いる事実（住民記録・医療保険・生活保護・他制度・所得）"
CHILDREN = "cases_effect_children"
# Nobody older is of age in any band that the rules could name (the 18th year of life and the school year after it).
OLDEST = timedelta(days=366 * 20)
WITH_CASE, WITHOUT_CASE = "with_case", "without_case"
BROKEN_OUTCOME = "broken"
_LATEST = """
SELECT DISTINCT ON (a.child_id) a.id, a.child_id FROM cases_application a
 WHERE a.state <> 'withdrawn' AND a.kind <> 'withdrawal' ORDER BY a.child_id, a.id DESC
"""


class Member(NamedTuple):
    """A child of the base: its case (None: without one), and what is counted by."""

    child_id: int
    application_id: int | None
    ward: str
    age: int | None


class Effect(NamedTuple):
    """The result: who was judged (hash and number), the counts by base, and the applications that gain and lose."""

    base_hash: str
    base: Mapping[str, int]
    counts: Mapping[str, Any]
    gaining: tuple[int, ...]
    losing: tuple[int, ...]

    def moves(self, *bases: str) -> Counter[str]:
        """How many children of the bases (none named: of all) each kind of move takes."""
        found: Counter[str] = Counter()
        for base in bases or self.base:
            for _, move, number in self.counts[base]["wards"]:
                found[move] += number
        return found


class _Tally:
    """The counts of one base as they grow."""

    def __init__(self) -> None:
        self.moves: Counter[tuple[str, ...]] = Counter()
        self.wards: Counter[tuple[str, ...]] = Counter()
        self.ages: Counter[tuple[str, ...]] = Counter()
        self.reasons: Counter[tuple[str, ...]] = Counter()
        self.prefecture: Counter[tuple[str, ...]] = Counter()

    def add(self, member: Member, *, before: Verdict, after: Verdict) -> None:
        """Count one child."""
        move = kind_of_move(before, after=after)
        self.moves[_said(before), _said(after)] += 1
        self.wards[member.ward, move] += 1
        self.ages["" if member.age is None else str(member.age), move] += 1
        self.prefecture[before.prefecture, after.prefecture] += 1
        if move not in (SAME, SAME_UNDECIDED):
            self.reasons[before.reason_code, after.reason_code, move] += 1

    def counts(self) -> dict[str, Any]:
        """As they are kept: rows of keys with the number of children last."""
        return {name: [[*keys, number] for keys, number in sorted(counter.items())]
                for name, counter in vars(self).items()}  # fmt: skip


GAINS, LOSES, OTHER_CLASS, SAME = "gains", "loses", "other_class", "same"
UNDECIDED_NOW, DECIDED_NOW, SAME_UNDECIDED = "undecided_now", "decided_now", "same_undecided"
MOVE_LABELS = MappingProxyType(
    {
        GAINS: "新たに対象となる",
        LOSES: "対象でなくなる",
        OTHER_CLASS: "助成の区分が変わる",
        SAME: "変わらない",
        UNDECIDED_NOW: "判定できなくなる",
        DECIDED_NOW: "判定できるようになる",
        SAME_UNDECIDED: "前後とも判定できない",
    }
)
DECIDED = frozenset({str(Outcome.ELIGIBLE), str(Outcome.NOT_ELIGIBLE)})


def kind_of_move(before: Verdict, *, after: Verdict) -> str:
    """What a change does to a child; where it cannot be decided before or after, that is kept apart."""
    if before.outcome not in DECIDED or after.outcome not in DECIDED:
        if before.outcome in DECIDED:
            return UNDECIDED_NOW
        return DECIDED_NOW if after.outcome in DECIDED else SAME_UNDECIDED
    if before.outcome != after.outcome:
        return GAINS if after.outcome == Outcome.ELIGIBLE else LOSES
    return SAME if before.benefit_class == after.benefit_class else OTHER_CLASS


def estimate_effect(
    before: Overlay, *, after: Overlay, municipality: str, on: date, today: date, report: Report
) -> Effect:
    """Judge every child of both bases for a day, under the parameters before and after a change, and count.

    The base is frozen first; nothing is written. What is read is noted block by block. Both sums are the number of the
    base, for a child is counted once before and once after, in the same statement.
    """
    overlays = (before, after)
    with _children_laid_out(on=on, today=today), judging_pool() as pool:
        members = [*_with_case(on=on), *_without_case(on=on, municipality=municipality, overlays=overlays)]
        tallies = {WITH_CASE: _Tally(), WITHOUT_CASE: _Tally()}
        gaining: list[int] = []
        losing: list[int] = []
        report(0, len(members))
        for at in range(0, len(members), BLOCK):
            block = members[at : at + BLOCK]
            for member, (old, new) in _weighed(
                block, on=on, municipality=municipality, overlays=overlays, pool=pool
            ):
                base = WITHOUT_CASE if member.application_id is None else WITH_CASE
                tallies[base].add(member, before=old, after=new)
                _note_case(member, move=kind_of_move(old, after=new), gaining=gaining, losing=losing)
            write_reads()
            report(min(at + BLOCK, len(members)), len(members))
    return _result(members, tallies=tallies, gaining=gaining, losing=losing)


def _note_case(member: Member, *, move: str, gaining: list[int], losing: list[int]) -> None:
    if member.application_id is not None and move in (GAINS, LOSES):
        (gaining if move == GAINS else losing).append(member.application_id)


def _result(
    members: Sequence[Member], *, tallies: Mapping[str, _Tally], gaining: list[int], losing: list[int]
) -> Effect:
    base = {name: sum(tally.moves.values()) for name, tally in tallies.items()}
    if sum(base.values()) != len(members):
        raise AssertionError("the counts of an estimate do not add up to its base")
    counts = {name: tally.counts() for name, tally in tallies.items()}
    return Effect(_hash_of(members), base, counts, tuple(gaining), tuple(losing))


def _hash_of(members: Iterable[Member]) -> str:
    """SHA-256 over who was judged, by which case, in a fixed order."""
    digest = hashlib.sha256()
    for member in members:
        digest.update(f"{member.child_id}:{member.application_id or ''};".encode())
    return digest.hexdigest()


@contextmanager
def _children_laid_out(*, on: date, today: date) -> Iterator[None]:
    registry.lay_out_children(CHILDREN, born_from=on - OLDEST, on=on, today=today)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {CHILDREN}")


def _with_case(*, on: date) -> list[Member]:
    rows = fetch(
        f"""SELECT l.child_id, l.id, coalesce(c.ward_code, ''),
                   extract(year FROM age(%(on)s::date, c.birth_date))::int
              FROM ({_LATEST}) AS l LEFT JOIN {CHILDREN} c ON c.addressee_id = l.child_id ORDER BY l.child_id""",
        {"on": on},
    )
    return [Member(*row) for row in rows]


def _without_case(*, on: date, municipality: str, overlays: Iterable[Overlay]) -> list[Member]:
    rows = fetch(
        f"""SELECT c.addressee_id, NULL, c.ward_code, extract(year FROM age(%(on)s::date, c.birth_date))::int,
                   c.birth_date
              FROM {CHILDREN} c
             WHERE NOT EXISTS (SELECT 1 FROM ({_LATEST}) AS l WHERE l.child_id = c.addressee_id)
             ORDER BY c.addressee_id""",
        {"on": on},
    )
    born = {row[4] for row in rows}
    asked = tuple(overlays)
    of_age = {
        day
        for day in born
        if any(is_of_age(day, municipality=municipality, on=on, overlay=overlay) for overlay in asked)
    }
    return [Member(*row[:4]) for row in rows if row[4] in of_age]


def _weighed(
    block: Sequence[Member],
    *,
    on: date,
    municipality: str,
    overlays: tuple[Overlay, Overlay],
    pool: Executor,
) -> Iterator[tuple[Member, tuple[Verdict, Verdict]]]:
    questions = _questions(block, on=on)
    asked = [member for member in block if member.child_id in questions]
    verdicts = weigh_all(
        [questions[member.child_id] for member in asked],
        municipality=municipality,
        overlays=overlays,
        pool=pool,
    )
    yield from zip(asked, verdicts, strict=True)
    # Whose record was taken from the register cannot be asked about: counted, and kept apart.
    lost = Verdict("unregistered", "", "", "")
    yield from ((member, (lost, lost)) for member in block if member.child_id not in questions)


def _questions(block: Sequence[Member], *, on: date) -> dict[int, Question]:
    """The question of each child for the day; none for whom the register does not know (any more)."""
    cases = [member.application_id for member in block if member.application_id is not None]
    others = [member.child_id for member in block if member.application_id is None]
    with steady_view(), reading_as(FACTS):
        gathered = gather(cases, on=on)
        found = {
            case.child_id: question for case, question in zip(gathered.cases, gathered.questions, strict=True)
        }
        found |= gather_children(others, applied_on=on)
    return {child: question._replace(on=on, from_first_day=False) for child, question in found.items()}


def _said(verdict: Verdict) -> str:
    if verdict.outcome == Outcome.ELIGIBLE:
        return f"{verdict.outcome}:{verdict.benefit_class}"
    return verdict.outcome or BROKEN_OUTCOME

"""Judging of children: full Decisions with trace and facts hash, one core, and the cost a child at ten times the size.

The facts are ready in memory, as a batch has them after reading; the empty pass visits the same facts and reads
one field of each. The parameter files and the lives by birth date are read before the clock starts, as in any batch
after its first thousand children.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from time import process_time

from bench import Figure
from kyufu.law.calendar.period import Period
from kyufu.law.calendar.years import calendar_year
from kyufu.law.child import judge
from kyufu.law.child.facts import (
    ChildFacts,
    Declared,
    Deductions,
    Dependants,
    Guardian,
    IncomeEvidence,
    Incomes,
    IncomeSource,
    InsuranceCoverage,
    OtherScheme,
    OtherSchemeKind,
    Residence,
)
from kyufu.law.decision import Outcome

SMALL, LARGE = 6_000, 60_000
CHILDREN_A_SECOND = 30_000
COST_AT_TEN_TIMES = 1.2
REPEATS = 4
ON = date(2026, 6, 1)
SEED = 20260601


def run() -> list[Figure]:
    """Judge synthetic children from 0 to 18 for 1 June 2026, 6,000 and 60,000 of them."""
    children = make_children(LARGE)
    small = children[:SMALL]
    _judge_all(children)
    empty = _seconds(lambda: _visit_all(children)) / LARGE
    of_small, of_large = _cost_of_both(small=small, large=children)
    reading = _seconds(lambda: _read_all(small)) / SMALL
    steps = _read_all(small) / SMALL
    note = f"平均{steps:.0f}段の過程と事実の要約値を含む"
    return [
        Figure("judge", 1 / of_large, "人/秒", CHILDREN_A_SECOND, "min", note),
        Figure(
            "judge.cost_at_10x", of_large / of_small, "倍", COST_AT_TEN_TIMES, note=f"{SMALL}人と{LARGE}人"
        ),
        Figure("judge.all_steps_read", 1 / reading, "人/秒", note="過程の各段を一つずつ読み出した場合"),
        Figure("judge.against_empty_pass", of_large / empty, "倍", note=f"空の走査は{1 / empty:,.0f}人/秒"),
    ]


def _judge_all(children: list[ChildFacts]) -> int:
    eligible = 0
    for facts in children:
        eligible += judge(facts, municipality="yokohama", on=ON).outcome is Outcome.ELIGIBLE
    return eligible


def _read_all(children: list[ChildFacts]) -> int:
    """Judge and read every step, as a letter or a screen does; how many there were."""
    steps = 0
    for facts in children:
        for _ in judge(facts, municipality="yokohama", on=ON).steps:
            steps += 1
    return steps


def _visit_all(children: list[ChildFacts]) -> int:
    born = 0
    for facts in children:
        born += facts.birth_date is not None
    return born


def _cost_of_both(*, small: list[ChildFacts], large: list[ChildFacts]) -> tuple[float, float]:
    """Seconds a child at both sizes, measured in turns so that what the machine does besides meets both alike."""
    of_small, of_large = [], []
    for _ in range(REPEATS):
        of_large.append(_time(lambda: _judge_all(large)) / len(large))
        of_small += [_time(lambda: _judge_all(small)) / len(small) for _ in range(REPEATS)]
    return min(of_small), min(of_large)


def _seconds(work: Callable[[], int]) -> float:
    """The fastest of a few runs."""
    return min(_time(work) for _ in range(REPEATS))


def _time(work: Callable[[], int]) -> float:
    """Processor seconds of one run: what another program takes from the core does not count."""
    gc.collect()
    began = process_time()
    work()
    return process_time() - began


def make_children(number: int) -> list[ChildFacts]:
    """Synthetic children as a city has them: most with two guardians, some with evidence lacking or excluded."""
    random = Random(SEED)
    return [_child(random) for _ in range(number)]


def _child(random: Random) -> ChildFacts:
    born = ON - timedelta(days=random.randrange(18 * 365))
    since = born if random.random() < 0.8 else born + timedelta(days=random.randrange((ON - born).days + 1))
    lived = Period(since, None)
    elsewhere = () if since == born else (Residence("131016", Period(born, since)),)
    schemes = (OtherScheme(OtherSchemeKind.SINGLE_PARENT, lived),) if random.random() < 0.03 else ()
    guardians = 1 if random.random() < 0.15 else 2
    return ChildFacts(
        birth_date=born,
        residences=(*elsewhere, Residence("141003", lived)),
        insurances=(InsuranceCoverage("06140012", Period(since, None)),) if random.random() < 0.98 else (),
        public_assistance=(lived,) if random.random() < 0.02 else (),
        other_schemes=schemes,
        guardians=tuple(_guardian(random, number=n) for n in range(guardians)),
        applied_on=since + timedelta(days=random.randrange(60)),
    )


def _guardian(random: Random, *, number: int) -> Guardian:
    years = (2024,) if random.random() < 0.7 else (2023, 2024)
    incomes = tuple(_evidence(random, year=year) for year in years)
    return Guardian(f"g{number}", "father" if number else "mother", incomes)


def _evidence(random: Random, *, year: int) -> IncomeEvidence:
    return IncomeEvidence(
        tax_year=year + 1,
        covers=calendar_year(year),
        declared=Declared.YES if random.random() < 0.98 else Declared.NO,
        source=IncomeSource.TAX_LEDGER,
        obtained_on=date(year + 1, 6, 10),
        incomes=Incomes(salary=random.randrange(9_000_000), business=random.choice((0, 0, 0, 800_000))),
        deductions=Deductions(medical=random.choice((0, 0, 0, 54_321))),
        dependants=Dependants(total=random.randrange(4)),
        income_levy=random.randrange(300_000),
        per_capita_levy=5_000,
    )

"""Assessing of premiums: full answers with trace and facts hash, by core and through a process pool.

The households are those of national health insurance as a city has them: 1.5 insured persons on average, most of
them single. The facts are ready in memory, as a batch has them after reading; the rates are resolved once in a process.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from multiprocessing import get_context
from os import times
from random import Random
from time import process_time

from bench import Figure
from kyufu.law.calendar.months import YearMonth
from kyufu.law.calendar.period import Period
from kyufu.law.income.evidence import Declared
from kyufu.law.kokuho.member_income import MemberIncome
from kyufu.law.kokuho.premium import Companion, Household, Maternity, Member, Premium, Unemployment, assess

HOUSEHOLDS, POOLED, BLOCK = 20_000, 120_000, 500
# One million households in 60 seconds on two cores.
HOUSEHOLDS_A_SECOND = 8_334
CORES = 2
REPEATS = 4
SEED = 20260401
YEAR, MUNICIPALITY = 2026, "yokohama"
SIZES = (1, 1, 1, 1, 1, 1, 2, 2, 2, 3)
BASIC_DEDUCTION = 430_000


def run() -> list[Figure]:
    """Assess synthetic households for 令和8年度, whose premium has four parts."""
    households = make_households(HOUSEHOLDS, seed=SEED)
    _assess_all(households)
    assessing = _seconds(lambda: _assess_all(households)) / HOUSEHOLDS
    reading = _seconds(lambda: _read_all(households)) / HOUSEHOLDS
    steps = _read_all(households) / HOUSEHOLDS
    persons = sum(len(each.members) for each in households) / HOUSEHOLDS
    note = f"平均{persons:.1f}人、{steps:.0f}段の過程と事実の要約値を含む"
    pooled = _pooled_a_second()
    return [
        Figure("kokuho.premium", 1 / assessing, "世帯/秒・コア", HOUSEHOLDS_A_SECOND, "min", note),
        Figure(
            "kokuho.premium.million", 1_000_000 / pooled, "秒", 60, note=f"100万世帯、{CORES}コアの処理時間"
        ),
        Figure(
            "kokuho.premium.all_steps_read",
            1 / reading,
            "世帯/秒・コア",
            note="過程の各段を一つずつ読み出した場合",
        ),
        Figure(
            "kokuho.premium.pool",
            pooled,
            "世帯/秒",
            CORES * HOUSEHOLDS_A_SECOND,
            "min",
            f"{CORES}コア、事実の受け渡しを含む",
        ),
    ]


def _assess_all(households: list[Household]) -> int:
    total = 0
    for facts in households:
        value = assess(facts, municipality=MUNICIPALITY).value
        total += value.total if isinstance(value, Premium) else 0
    return total


def _read_all(households: list[Household]) -> int:
    """Assess and read every step, as a notice or a screen does; how many there were."""
    steps = 0
    for facts in households:
        for _ in assess(facts, municipality=MUNICIPALITY).steps:
            steps += 1
    return steps


def _pooled_a_second() -> float:
    """Households a second of two cores by the processor seconds of all processes, handing over of facts included."""
    blocks = [make_households(BLOCK, seed=SEED + number) for number in range(POOLED // BLOCK)]
    began = _seconds_of_all()
    with ProcessPoolExecutor(CORES, mp_context=get_context("spawn")) as pool:
        list(pool.map(_assess_all, blocks))
    return CORES * POOLED / (_seconds_of_all() - began)


def _seconds_of_all() -> float:
    """Processor seconds of this process and of those it has waited for."""
    return sum(times()[:4])


def _seconds(work: Callable[[], int]) -> float:
    """Processor seconds of the fastest of a few runs: what another program takes from the core does not count."""
    return min(_time(work) for _ in range(REPEATS))


def _time(work: Callable[[], int]) -> float:
    gc.collect()
    began = process_time()
    work()
    return process_time() - began


def make_households(number: int, *, seed: int) -> list[Household]:
    """Synthetic households, some with a birth, a loss of work, a move within the year or a head insured elsewhere."""
    random = Random(seed)
    return [_household(random) for _ in range(number)]


def _household(random: Random) -> Household:
    members = tuple(_member(random, number=number) for number in range(random.choice(SIZES)))
    companions: tuple[Companion, ...] = ()
    if random.random() < 0.1:
        moved = date(2015 + random.randrange(11), 6, 1) if random.random() < 0.5 else None
        companions = (Companion("head", True, moved, _income(random)),)
    return Household(YEAR, members, companions)


def _member(random: Random, *, number: int) -> Member:
    child = number > 1
    born = date(2026, 3, 31) - timedelta(days=random.randrange(18 * 365) + (0 if child else 18 * 365))
    if not child and random.random() < 0.5:
        born -= timedelta(days=random.randrange(39 * 365))
    start = max(born, date(2015, 4, 1) + timedelta(days=random.randrange(4_200)))
    end = date(2026, 4, 1) + timedelta(days=random.randrange(365)) if random.random() < 0.1 else None
    income = _income(random) if not child else _none()
    return Member(
        ref=f"p{number}",
        birth_date=born,
        enrolled=(Period(start, end),) if end is None or start < end else (Period(start, None),),
        income=income,
        unemployment=Unemployment(date(2026, 6, 30), income) if random.random() < 0.02 else None,
        maternity=Maternity(YearMonth(2026, 9), False) if random.random() < 0.01 else None,
    )


def _income(random: Random) -> MemberIncome:
    total = random.randrange(6_000_000) if random.random() < 0.6 else 0
    return MemberIncome(YEAR - 1, Declared.YES, total, total, max(0, total - BASIC_DEDUCTION), total > 0)


def _none() -> MemberIncome:
    return MemberIncome(YEAR - 1, Declared.YES, 0, 0, 0, False)

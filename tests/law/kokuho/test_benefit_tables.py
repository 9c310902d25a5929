"""Birth, funeral, expenses, carrying and meals as whole tables of decisions, each against a plain second reading."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from kyufu.law.kokuho.answer import CannotDecide
from kyufu.law.kokuho.benefits.childbirth import (
    Childbirth,
    ChildbirthFacts,
    OtherInsurance,
    judge_childbirth,
)
from kyufu.law.kokuho.benefits.classes import From70, Under70
from kyufu.law.kokuho.benefits.expenses import Transport, TransportFacts, judge_transport
from kyufu.law.kokuho.benefits.funeral import Funeral, FuneralFacts, judge_funeral
from kyufu.law.kokuho.benefits.meals import MealDay, MealFacts, Meals, judge_meals
from kyufu.law.kokuho.benefits.timebar import Benefit, TimeBar, TimeBarFacts, judge_time_bar

DAY = timedelta(days=1)
THREE = (True, False, None)


# ---- birth

BORN = date(2025, 7, 10)
BIRTH = ChildbirthFacts(
    born_on=BORN,
    applied_on=date(2025, 8, 1),
    is_insured=True,
    pregnancy_days=280,
    has_compensation=True,
    paid_to_institution=0,
)


@pytest.mark.parametrize(
    ("born", "days", "compensated", "children"),
    list(
        product(
            (date(2021, 12, 31), date(2022, 1, 1), date(2023, 3, 31), date(2023, 4, 1), date(2026, 11, 29)),
            (84, 85, 153, 154, 280),
            (True, False),
            (1, 3),
        )
    ),
)
def test_the_lump_sum_is_that_of_the_table(born: date, days: int, compensated: bool, children: int) -> None:
    base, addition = 404_000, 16_000
    if born >= date(2022, 1, 1):
        base, addition = 408_000, 12_000
    if born >= date(2023, 4, 1):
        base = 488_000
    each = base + (addition if compensated and days >= 22 * 7 else 0)
    facts = replace(
        BIRTH,
        born_on=born,
        applied_on=born + DAY,
        pregnancy_days=days,
        has_compensation=compensated,
        children=children,
    )
    value = judge_childbirth(facts).value
    if days < 85:
        assert value == Childbirth(0, 0, 0, 0)
    else:
        assert value == Childbirth(each, each * children, 0, each * children)


@pytest.mark.parametrize(
    ("lost_before", "months", "paid_there"),
    list(product((1, 100, 180, 181, 182, 400), (0, 11, 12, 240), THREE)),
)
def test_the_former_insurance_comes_in_only_within_its_time(
    lost_before: int, months: int, paid_there: bool | None
) -> None:
    lost = BORN - timedelta(days=lost_before)
    answer = judge_childbirth(replace(BIRTH, other=OtherInsurance(lost, months, paid_there)))
    # 10 January to 10 July are 181 days: on the 181st day the six months are over.
    entitled_there = months >= 12 and lost_before < 181
    if not entitled_there or paid_there is False:
        assert answer.value == Childbirth(500_000, 500_000, 0, 500_000)
    elif paid_there is None:
        assert answer.value == CannotDecide(("前の健康保険から支給を受けるかどうか",))
    else:
        assert answer.value == Childbirth(0, 0, 0, 0)
        assert [reason.code for reason in answer.reasons] == ["paid_elsewhere"]


@pytest.mark.parametrize("paid", [0, 1, 499_999, 500_000, 500_001, 800_000])
def test_what_the_institution_got_and_what_the_head_gets_come_to_the_lump_sum(paid: int) -> None:
    value = judge_childbirth(replace(BIRTH, paid_to_institution=paid)).value
    assert isinstance(value, Childbirth)
    assert value.to_institution == min(paid, 500_000)
    assert value.to_institution + value.to_head == value.total


def test_a_birth_whose_insurance_is_not_known_is_not_decided() -> None:
    assert judge_childbirth(replace(BIRTH, is_insured=None)).value == CannotDecide(("出産の日の国保の資格",))


# ---- funeral

DIED = date(2025, 7, 10)
FUNERAL = FuneralFacts(DIED, date(2025, 8, 1), True, DIED + 3 * DAY)


@pytest.mark.parametrize(
    ("insured", "held", "lost_before", "paid_there"),
    list(product(THREE, (True, False), (None, 1, 90, 91, 92), THREE)),
)
def test_the_funeral_benefit_is_that_of_the_table(
    insured: bool | None, held: bool, lost_before: int | None, paid_there: bool | None
) -> None:
    facts = replace(
        FUNERAL,
        is_insured=insured,
        held_on=FUNERAL.held_on if held else None,
        employees_insurance_lost_on=None if lost_before is None else DIED - lost_before * DAY,
        is_paid_there=paid_there,
    )
    answer = judge_funeral(facts, municipality="gujo")
    # 10 April to 10 July are 91 days: on the 91st day the three months are over.
    near = lost_before is not None and lost_before < 91
    if insured is None or (insured and near and paid_there is None):
        assert isinstance(answer.value, CannotDecide)
        return
    pays = insured and held and not (near and paid_there)
    assert answer.value == Funeral(50_000 if pays else 0)


# ---- carrying


@pytest.mark.parametrize("conditions", list(product(THREE, repeat=3)))
def test_the_cost_of_carrying_needs_all_three_conditions(conditions: tuple[bool | None, ...]) -> None:
    proper, immovable, urgent = conditions
    facts = TransportFacts(
        moved_on=date(2025, 7, 10),
        paid_on=date(2025, 7, 11),
        applied_on=date(2025, 8, 1),
        paid=30_000,
        standard_cost=20_000,
        is_for_proper_care=proper,
        is_hardly_movable=immovable,
        is_urgent=urgent,
    )
    answer = judge_transport(facts)
    if False in conditions:
        assert answer.value == Transport(0)
        assert answer.reasons[0].text.count("こと") == conditions.count(False)
    elif None in conditions:
        assert isinstance(answer.value, CannotDecide)
        assert len(answer.value.missing) == conditions.count(None)
    else:
        assert answer.value == Transport(20_000)


# ---- meals

AMOUNTS = {
    "general": (460, 490, 510),
    "designated": (260, 280, 300),
    "psychiatric": (260, 260, 260),
    "exempt": (210, 230, 240),
    "long": (160, 180, 190),
    "low_1": (100, 110, 110),
}


def price(kind: str, *, day: date) -> int:
    """The amount of one meal by a table of its own."""
    era = 0 if day < date(2024, 6, 1) else 1 if day < date(2025, 4, 1) else 2
    return AMOUNTS[kind][era]


def kind_of(facts: MealFacts, *, at: int) -> str:
    """The kind of meals on the day of that place in the stay, by a second reading."""
    day = facts.days[at].day
    reduced = facts.reduced_from is not None and day >= facts.reduced_from
    if reduced and facts.from_70 is From70.LOW_1:
        return "low_1"
    if reduced and (facts.under_70 is Under70.O or facts.from_70 is From70.LOW_2):
        so_far = sum(1 for each in facts.days[: at + 1] if each.day >= (facts.reduced_from or each.day))
        recognised = facts.long_stay_from is not None and day >= facts.long_stay_from
        return "long" if recognised and facts.days_before + so_far >= 91 else "exempt"
    if facts.has_designated_disease:
        return "designated"
    return "psychiatric" if facts.is_psychiatric_since_2016 else "general"


STAYS = [
    (first, code, reduced, before, long_stay)
    for first, code, reduced, before, long_stay in product(
        (date(2024, 5, 20), date(2025, 3, 20)),
        (Under70.E, Under70.O, From70.GENERAL, From70.LOW_2, From70.LOW_1),
        (None, 0, 10),
        (0, 80, 89, 120),
        (None, 5, 15),
    )
]


@pytest.mark.parametrize("flags", list(product((True, False), repeat=2)))
def test_the_meals_of_a_stay_come_to_the_sum_of_its_days(flags: tuple[bool, bool]) -> None:
    for first, code, reduced, before, long_stay in STAYS:
        facts = MealFacts(
            days=tuple(MealDay(first + at * DAY, 1 + at % 3) for at in range(25)),
            under_70=code if isinstance(code, Under70) else None,
            from_70=code if isinstance(code, From70) else None,
            reduced_from=None if reduced is None else first + reduced * DAY,
            days_before=before,
            long_stay_from=None if long_stay is None else first + long_stay * DAY,
            has_designated_disease=flags[0],
            is_psychiatric_since_2016=flags[1],
        )
        value = judge_meals(facts).value
        assert isinstance(value, Meals)
        expected = sum(
            each.meals * price(kind_of(facts, at=at), day=each.day) for at, each in enumerate(facts.days)
        )
        assert value.payment == expected, facts


# ---- time bars: the last day by walking the calendar


def last_day_by_walking(start: date) -> date:
    """The day before the corresponding day two years on, found by walking day by day."""
    day = start
    while (day.year, day.month) != (start.year + 2, start.month):
        day += DAY
    while day.day != start.day and (day + DAY).month == start.month:
        day += DAY
    return day - DAY if day.day == start.day else day


@pytest.mark.parametrize(
    "happened",
    [
        date(2024, 2, 27),
        date(2024, 2, 28),
        date(2024, 2, 29),
        date(2025, 2, 27),
        date(2025, 2, 28),
        date(2025, 12, 30),
        date(2025, 12, 31),
        date(2026, 4, 29),
        date(2026, 4, 30),
        date(2026, 8, 31),
    ],
)
def test_two_years_end_on_the_day_that_walking_finds(happened: date) -> None:
    start = happened + DAY
    last = last_day_by_walking(start)
    for benefit in (Benefit.CHILDBIRTH, Benefit.FUNERAL):
        value = judge_time_bar(TimeBarFacts(benefit, last, happened_on=happened)).value
        assert value == TimeBar(start, last, False)
        late = judge_time_bar(TimeBarFacts(benefit, last + DAY, happened_on=happened)).value
        assert late == TimeBar(start, last, True)
    for benefit in (Benefit.MEDICAL_EXPENSES, Benefit.TRANSPORT):
        value = judge_time_bar(TimeBarFacts(benefit, last, paid_on=happened)).value
        assert value == TimeBar(start, last, False)

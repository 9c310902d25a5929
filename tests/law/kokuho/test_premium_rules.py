"""What makes a premium besides income: months, ages, births, loss of work, former dependants, special households."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kyufu.law.kokuho.explain import explain
from kyufu.law.kokuho.premium import assess
from kyufu.law.kokuho.premium.assessment import assess_under
from kyufu.law.kokuho.premium.rounding import ROUNDING_RULES
from kyufu.law.kokuho.premium.rules import YearRules
from tests.law.kokuho.premiums import amounts, assessed, household, part, premium_of, rules, step

# Rates from which every item is seen at once: 10% and 12,000 a head and a household; high incomes are not reduced.
RATES: dict[str, list[Any]] = {
    "medical": ["10%", 12_000, 12_000],
    "support": ["5%", 6_000, 6_000],
    "care": ["2%", 3_600, 2_400],
}
CHILD: list[Any] = ["0.3%", 1_800, 0, 30_000, {"adult_per_person": 100}]
RICH = 1_430_000


@pytest.fixture
def known(tmp_path: Path) -> YearRules:
    """The rules of a town of simple rates in 令和7年度."""
    return rules(2025, folder=tmp_path, **RATES)


@pytest.fixture
def four(tmp_path: Path) -> YearRules:
    """The same in 令和8年度, with the part for children."""
    return rules(2026, folder=tmp_path, **RATES, child=CHILD)


@pytest.mark.parametrize(
    ("since", "until", "months"),
    [
        (date(2025, 4, 30), None, 12),
        (date(2025, 5, 1), None, 11),
        (date(2026, 3, 31), None, 1),
        (date(2020, 1, 1), date(2025, 4, 30), 0),
        (date(2020, 1, 1), date(2025, 5, 1), 1),
        (date(2020, 1, 1), date(2026, 3, 31), 11),
        (date(2025, 9, 1), date(2025, 9, 30), 0),
        (date(2025, 9, 30), date(2025, 10, 1), 1),
    ],
)
def test_a_month_is_owed_by_who_is_insured_at_its_end(
    since: date, until: date | None, months: int, known: YearRules
) -> None:
    premium = assessed(household(2025, {"total": RICH, "since": since, "until": until}), rules=known)
    assert premium.months == months
    assert part(premium, "medical").per_person == 1_000 * months
    assert part(premium, "medical").income == 100_000 * months // 12


def test_spells_within_the_year_add_up_and_overlaps_count_once(known: YearRules) -> None:
    spells = [[date(2024, 1, 1), date(2025, 6, 10)], [date(2025, 11, 20)]]
    twice = [*spells, [date(2025, 12, 1), date(2026, 2, 1)]]
    found = [
        assessed(household(2025, {"total": RICH, "enrolled": each}), rules=known) for each in (spells, twice)
    ]
    assert found[0] == found[1]
    assert found[0].months == 7


def test_members_owe_for_their_own_months_and_the_household_for_all(known: YearRules) -> None:
    facts = household(
        2025,
        {"total": RICH, "until": date(2025, 10, 5)},
        {"total": 430_000, "since": date(2025, 8, 1)},
    )
    premium = assessed(facts, rules=known)
    medical = part(premium, "medical")
    assert (premium.months, medical.income, medical.per_person, medical.per_household) == (
        12,
        50_000,
        6_000 + 8_000,
        12_000,
    )


@pytest.mark.parametrize(
    ("born", "months"),
    [
        (date(1985, 4, 1), 12),
        (date(1985, 9, 1), 8),
        (date(1985, 9, 2), 7),
        (date(1986, 4, 1), 1),
        (date(1986, 4, 2), 0),
        (date(1960, 4, 2), 0),
        (date(1960, 9, 1), 4),
        (date(1960, 9, 2), 5),
        (date(1961, 4, 2), 12),
        (date(1984, 2, 29), 12),
    ],
)
def test_the_care_part_is_owed_from_the_month_of_40_to_the_month_before_65(
    born: date, months: int, known: YearRules
) -> None:
    """An age is reached the day before the birthday: who is born on the 1st is a month earlier."""
    premium = assessed(household(2025, {"born": born, "total": RICH}), rules=known)
    care = part(premium, "care")
    assert (care.months, care.per_person, care.per_household) == (months, 300 * months, 200 * months)


def test_no_care_part_is_owed_while_exempt_from_care_insurance(known: YearRules) -> None:
    """介護保険適用除外: counted at the ends of months, as being insured is."""
    facts = {"age": 50, "total": RICH, "care_exempt": [(date(2025, 6, 30), date(2025, 9, 30))]}
    premium = assessed(household(2025, facts), rules=known)
    assert (part(premium, "care").months, part(premium, "care").per_person) == (9, 2_700)
    assert part(premium, "medical").months == 12


@pytest.mark.parametrize(
    ("born", "months"),
    [
        (date(1950, 4, 1), 0),
        (date(1950, 4, 2), 0),
        (date(1950, 9, 1), 5),
        (date(1950, 9, 30), 5),
        (date(1951, 4, 1), 12),
    ],
)
def test_nothing_is_owed_from_the_month_of_the_75th_birthday(
    born: date, months: int, known: YearRules
) -> None:
    assert assessed(household(2025, {"born": born, "total": RICH}), rules=known).months == months


@pytest.mark.parametrize(
    ("born", "preschool"), [(date(2019, 4, 1), False), (date(2019, 4, 2), True), (date(2025, 4, 1), True)]
)
def test_a_preschool_child_owes_half_of_the_per_person_part(
    born: date, preschool: bool, known: YearRules
) -> None:
    """湖南市・新座市: in 令和7年度 those born on 2 April of 平成31年 or later."""
    facts = household(2025, {"age": 30, "total": 9_000_000}, {"born": born})
    medical = part(assessed(facts, rules=known), "medical")
    assert (medical.per_person, medical.reduction) == (24_000, 6_000 if preschool else 0)


@pytest.mark.parametrize(
    ("born", "owed"), [(date(2008, 4, 2), 0), (date(2008, 4, 1), 1_900), (date(2020, 5, 5), 0)]
)
def test_the_part_for_children_is_not_owed_per_person_by_who_is_below_18(
    born: date, owed: int, four: YearRules
) -> None:
    """18歳に達する日以後の最初の3月31日以前: in 令和8年度 those born on 2 April 2008 or later."""
    answer = assess_under(household(2026, {"total": RICH + 1_000_000}, {"born": born}), rules=four)
    child = part(premium_of(answer), "child")
    assert child.income == 6_000
    assert child.per_person - child.reduction == 1_900 + owed
    assert child.amount == (6_000 + 1_900 + owed) // 100 * 100
    assert step(answer, "child.adult_per_person_rate") == 100


def test_the_reduction_eases_the_part_for_children_too(four: YearRules) -> None:
    child = part(assessed(household(2026, {"total": 0}), rules=four), "child")
    assert (child.per_person, child.reduction) == (1_900, 1_330)


def test_there_is_no_part_for_children_before_its_year(known: YearRules) -> None:
    assert list(amounts(assessed(household(2025, {}), rules=known))) == ["medical", "support", "care"]


@pytest.mark.parametrize(
    ("birth", "multiple", "months"),
    [
        ((2025, 9), False, 4),
        ((2025, 9), True, 6),
        ((2025, 4), False, 3),
        ((2025, 4), True, 3),
        ((2025, 2), False, 1),
        ((2025, 1), False, 0),
        ((2026, 4), False, 1),
        ((2026, 4), True, 3),
        ((2026, 5), False, 0),
    ],
)
def test_months_of_a_birth_are_exempt_in_each_year(
    birth: tuple[int, int], multiple: bool, months: int, known: YearRules
) -> None:
    """単胎: the month before to two months after; 多胎: from three months before."""
    facts = household(2025, {"total": 3_000_000}, {"total": RICH, "birth": birth, "multiple": multiple})
    answer = assess_under(facts, rules=known)
    assert premium_of(answer).maternity_exempted == (100_000 + 12_000 + 50_000 + 6_000) * months // 12
    without = assessed(household(2025, {"total": 3_000_000}, {"total": RICH}), rules=known)
    left = without.total - premium_of(answer).total
    assert abs(left - premium_of(answer).maternity_exempted) < 200
    assert ("maternity" in [reason.code for reason in answer.reasons]) == bool(months)


def test_the_exemption_of_a_birth_does_not_lower_a_premium_at_its_ceiling(known: YearRules) -> None:
    """鞍手町: computed anew with the exemption; at the ceiling still, nothing is taken off."""
    facts = household(2025, {"total": 50_000_000}, {"total": 0, "birth": (2025, 9)})
    assert amounts(assessed(facts, rules=known)) == {"medical": 660_000, "support": 260_000, "care": 0}


def test_loss_of_work_counts_the_lower_income_from_its_month_on(known: YearRules) -> None:
    """Left on 30 June: from July; the months before at the full income, and each stretch has its own reduction."""
    worker = {"total": 3_000_000, "eased": 900_000, "left_on": date(2025, 6, 30)}
    answer = assess_under(household(2025, worker), rules=known)
    medical = part(premium_of(answer), "medical")
    assert medical.income == (2_570_000 * 3 + 470_000 * 9) // 12 // 10
    assert medical.reduction == (24_000 * 9 * 2) // 120
    assert step(answer, "member1.relieved_months") == 9
    assert [reason.code for reason in answer.reasons] == [
        "premium",
        "reduction.none",
        "reduction",
        "unemployment",
    ]


@pytest.mark.parametrize(
    ("left_on", "months"),
    [
        (date(2025, 3, 31), 12),
        (date(2025, 3, 30), 12),
        (date(2025, 4, 30), 11),
        (date(2026, 3, 31), 0),
        (date(2024, 3, 31), 12),
        (date(2024, 3, 30), 0),
        (date(2023, 12, 31), 0),
    ],
)
def test_loss_of_work_eases_until_the_march_of_the_next_fiscal_year(
    left_on: date, months: int, known: YearRules
) -> None:
    """離職日の翌日の属する月から、その月の属する年度の翌年度末まで."""
    worker = {"total": 3_000_000, "eased": 900_000, "left_on": left_on}
    medical = part(assessed(household(2025, worker), rules=known), "medical")
    assert medical.income == (2_570_000 * (12 - months) + 470_000 * months) // 120


def test_who_leaves_work_at_65_is_not_eased(known: YearRules) -> None:
    for born, eased in ((date(1960, 7, 2), True), (date(1960, 7, 1), False)):
        worker = {"born": born, "total": 3_000_000, "eased": 900_000, "left_on": date(2025, 6, 30)}
        answer = assess_under(household(2025, worker), rules=known)
        codes = [reason.code for reason in answer.reasons]
        assert ("unemployment" in codes, "unemployment.too_old" in codes) == (eased, not eased)


def test_a_former_dependant_owes_no_income_part_and_half_for_two_years(known: YearRules) -> None:
    """久留米市ほか: 所得割 without end, 均等割 and (where all are such) 平等割 half for 24 months."""
    since = date(2023, 9, 15)
    dependant = {"age": 68, "total": 3_000_000, "former_dependant_since": since}
    answer = assess_under(household(2025, dependant), rules=known)
    medical = part(premium_of(answer), "medical")
    assert (medical.income, medical.per_person, medical.per_household) == (0, 12_000, 12_000)
    assert medical.reduction == 2 * 12_000 * 5 // 12 // 2
    assert step(answer, "member1.former_dependant_months") == 5
    beside = part(assessed(household(2025, dependant, {"total": RICH}), rules=known), "medical")
    assert (beside.income, beside.reduction) == (100_000, 12_000 * 5 // 12 // 2)


@pytest.mark.parametrize(
    ("judged", "tenths", "reduction"), [(0, 7, 16_800), (735_000, 5, 12_000), (990_000, 2, 12_000)]
)
def test_the_larger_of_reduction_and_remission_of_former_dependants_holds(
    judged: int, tenths: int, reduction: int, known: YearRules
) -> None:
    dependant = {"age": 68, "total": 0, "judged": judged, "former_dependant_since": date(2024, 4, 1)}
    premium = assessed(household(2025, dependant), rules=known)
    assert premium.reduction_tenths == tenths
    assert part(premium, "medical").reduction == reduction


@pytest.mark.parametrize(
    ("moved", "special", "continued"),
    [
        (date(2025, 4, 1), 12, 0),
        (date(2020, 9, 30), 5, 7),
        (date(2020, 4, 1), 0, 12),
        (date(2017, 9, 1), 0, 5),
        (date(2017, 4, 30), 0, 0),
        (date(2025, 12, 10), 4, 0),
    ],
)
def test_one_beside_who_moved_to_the_elderly_insurance_owes_less_per_household(
    moved: date, special: int, continued: int, known: YearRules
) -> None:
    """特定世帯 for 60 months from the month of moving on, a half; 特定継続世帯 for 36 more, three quarters."""
    facts = household(2025, {"age": 70, "total": 9_000_000}, companions=[{"head": True, "moved": moved}])
    answer = assess_under(facts, rules=known)
    owed = 12_000 - special * 500 - continued * 250
    assert part(premium_of(answer), "medical").per_household == owed
    if special or continued:
        found = step(answer, "household.special_months"), step(answer, "household.continued_months")
        assert found == (special, continued)


def test_two_insured_are_no_special_household(known: YearRules) -> None:
    companions = [{"head": True, "moved": date(2025, 1, 1)}]
    pair = household(2025, {"age": 70, "total": 9_000_000}, {"age": 70}, companions=companions)
    assert part(assessed(pair, rules=known), "medical").per_household == 12_000
    part_of_year = household(
        2025, {"age": 70, "total": 9_000_000}, {"age": 20, "until": date(2025, 10, 1)}, companions=companions
    )
    assert part(assessed(part_of_year, rules=known), "medical").per_household == 9_000


def test_an_elderly_head_insured_elsewhere_from_before_makes_no_special_household(known: YearRules) -> None:
    facts = household(2025, {"age": 70, "total": 9_000_000}, companions=[{"head": True}])
    assert part(assessed(facts, rules=known), "medical").per_household == 12_000


def test_care_is_not_eased_for_a_special_household(known: YearRules) -> None:
    facts = household(
        2025, {"age": 50, "total": 9_000_000}, companions=[{"head": True, "moved": date(2025, 1, 1)}]
    )
    assert part(assessed(facts, rules=known), "care").per_household == 2_400


@pytest.mark.parametrize(
    ("income", "over"), [(7_000_000 - 12_000 * 20, 0), (7_000_000 - 12_000 * 20 + 10, 1)]
)
def test_the_ceiling_cuts_each_part_on_its_own(income: int, over: int, tmp_path: Path) -> None:
    """Medical: (income × 10% + 24,000) against 700,000 less 24,000, so both sides of the ceiling."""
    known = rules(2025, folder=tmp_path, **{**RATES, "medical": ["10%", 12_000, 12_000, 700_000]})
    premium = assessed(household(2025, {"total": 430_000 + income}), rules=known)
    assert (part(premium, "medical").amount, part(premium, "medical").over_ceiling) == (700_000, over)


def test_the_ceiling_is_of_the_months_owed(known: YearRules) -> None:
    answer = assess_under(household(2025, {"total": 90_000_000, "since": date(2025, 10, 1)}), rules=known)
    assert amounts(premium_of(answer)) == {"medical": 330_000, "support": 130_000, "care": 0}
    assert [reason.code for reason in answer.reasons][-2:] == ["ceiling.medical", "ceiling.support"]


def test_the_asset_part_is_levied_where_there_is_one(tmp_path: Path) -> None:
    levied = {**RATES, "medical": ["10%", 12_000, 12_000, 660_000, {"asset_rate": "25.5%"}]}
    known = rules(2025, folder=tmp_path, **levied)
    premium = assessed(household(2025, {"total": RICH, "asset_tax": 60_001}), rules=known)
    assert part(premium, "medical").asset == 15_300
    assert part(premium, "support").asset == 0
    lacking = assess_under(household(2025, {"total": RICH}), rules=known)
    assert (lacking.decided, lacking.reasons[0].code) == (False, "asset.unknown")


@pytest.mark.parametrize(
    ("rounding", "parts", "total"),
    [
        ("part_100", (112_300, 56_100), 168_400),
        ("part_10", (112_340, 56_170), 168_510),
        ("part_1", (112_345, 56_172), 168_517),
        ("total_1", (112_345, 56_172), 168_518),
        ("total_10", (112_345, 56_172), 168_510),
        ("total_100", (112_345, 56_172), 168_500),
        ("part_1_total_100", (112_345, 56_172), 168_500),
    ],
)
def test_each_rounding_rule(rounding: str, parts: tuple[int, int], total: int, tmp_path: Path) -> None:
    """Exactly 112,345.6 and 56,172.8 yen."""
    plain = {"medical": ["10%", 0, 0], "support": ["5%", 0, 0], "care": ["0%", 0, 0]}
    known = rules(2025, rounding=rounding, folder=tmp_path, **plain)
    premium = assessed(household(2025, {"total": 430_000 + 1_123_456}), rules=known)
    assert tuple(amounts(premium).values())[:2] == parts
    assert premium.total == total


def test_every_named_rounding_rule_is_tried() -> None:
    marks = test_each_rounding_rule.pytestmark  # type: ignore[attr-defined]
    assert {row[0] for row in marks[0].args[1]} == ROUNDING_RULES.keys()


def test_an_answer_tells_itself_with_year_form_of_levy_and_doubt() -> None:
    answer = assess(household(2025, {"age": 45, "total": 2_020_000}), municipality="sagamihara")
    told = explain(answer, title="保険料（税）の賦課")
    assert told.splitlines()[1] == f"令和7年度の保険税は年額 {premium_of(answer).total:,}円です"
    assert "医療分 所得割の率：6.4%" in told
    assert "相模原市国民健康保険税条例 令和7年度の料率等〔二次資料〕" in told
    assert "端数処理（区分ごとに100円未満切捨て）〔仮定（要確認）〕" in told


def test_who_owes_for_no_month_owes_nothing(known: YearRules) -> None:
    premium = assessed(household(2025, {"total": RICH, "until": date(2025, 4, 10)}), rules=known)
    assert (premium.total, premium.months) == (0, 0)

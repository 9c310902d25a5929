"""Collection of premiums: instalments, special collection from pensions, the time bar, trials."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kyufu.law.calendar.months import YearMonth
from kyufu.law.kokuho.answer import Answer
from kyufu.law.kokuho.explain import explain
from kyufu.law.kokuho.premium import assess
from kyufu.law.kokuho.premium.correction import Correction, CorrectionFacts, judge_correction, last_day_of
from kyufu.law.kokuho.premium.instalments import (
    Instalment,
    InstalmentFacts,
    InstalmentPlan,
    judge_instalments,
    plan,
    split,
)
from kyufu.law.kokuho.premium.rules import rules_of
from kyufu.law.kokuho.premium.special_collection import (
    SpecialCollection,
    SpecialCollectionFacts,
    Start,
    judge_special_collection,
)
from kyufu.law.kokuho.premium.trial import Trial, TrialFacts, try_premium
from tests.law.kokuho.premiums import household, premium_of


def planned(facts: InstalmentFacts, *, municipality: str = "atsugi") -> InstalmentPlan:
    value = judge_instalments(facts, municipality=municipality).value
    assert isinstance(value, InstalmentPlan)
    return value


def test_ten_instalments_from_june_and_the_first_takes_the_remainder() -> None:
    """厚木市: 6月から翌年3月までの10回."""
    found = planned(InstalmentFacts(2025, 123_400, YearMonth(2025, 6))).instalments
    assert [each.amount for each in found] == [12_700, *[12_300] * 9]
    assert [str(each.due) for each in found[:2]] == ["2025-06", "2025-07"]
    assert found[-1] == Instalment(10, YearMonth(2026, 3), 12_300)


def test_a_household_that_joins_in_september_pays_in_the_six_instalments_left() -> None:
    """EX-604 鹿島市: joined and notified in September, levied from October on: six instalments."""
    found = planned(InstalmentFacts(2025, 70_050, YearMonth(2025, 10))).instalments
    assert [each.number for each in found] == [5, 6, 7, 8, 9, 10]
    assert [each.amount for each in found] == [12_050, *[11_600] * 5]


def test_the_last_instalment_may_be_before_75() -> None:
    """北区: who turns 75 pays in the instalments up to the month before the birthday."""
    found = planned(InstalmentFacts(2025, 50_000, YearMonth(2025, 6), YearMonth(2025, 9))).instalments
    assert [(each.number, each.amount) for each in found] == [(n, 12_500) for n in (1, 2, 3, 4)]


def test_what_comes_after_the_last_instalment_is_owed_at_once() -> None:
    """厚木市: 過年度分は一括で納付."""
    late = InstalmentFacts(2025, 30_050, YearMonth(2026, 5))
    assert planned(late).instalments == (Instalment(0, YearMonth(2026, 5), 30_050),)
    answer = judge_instalments(late, municipality="atsugi")
    assert "随時（令和8年5月）：30,050円" in explain(answer, title="期別額")


def test_a_higher_premium_is_spread_over_the_instalments_left() -> None:
    first = planned(InstalmentFacts(2025, 100_000, YearMonth(2025, 6))).instalments
    found = planned(InstalmentFacts(2025, 130_000, YearMonth(2025, 12), levied=first))
    assert [each.amount for each in found.instalments] == [*[10_000] * 6, *[17_500] * 4]
    assert found.refund == 0


@pytest.mark.parametrize(
    ("total", "left", "refund"), [(60_001, 1, 0), (60_000, 0, 0), (59_999, 0, 1), (0, 0, 60_000)]
)
def test_a_lower_premium_is_given_back_where_too_much_was_due(total: int, left: int, refund: int) -> None:
    first = planned(InstalmentFacts(2025, 100_000, YearMonth(2025, 6))).instalments
    answer = judge_instalments(
        InstalmentFacts(2025, total, YearMonth(2025, 12), levied=first), municipality="atsugi"
    )
    assert isinstance(answer.value, InstalmentPlan)
    assert sum(each.amount for each in answer.value.instalments[6:]) == left
    assert answer.value.refund == refund
    assert ("refund" in [reason.code for reason in answer.reasons]) == bool(refund)


def test_a_remainder_may_go_to_the_last() -> None:
    assert split(1_050, into=3, unit=100, remainder="last") == (300, 300, 450)
    assert split(1_050, into=3, unit=100, remainder="first") == (450, 300, 300)
    assert split(99, into=3, unit=100, remainder="first") == (99, 0, 0)


def test_provisional_instalments_count_as_due_before() -> None:
    """南伊勢町: three provisional ones of a twelfth of last year, the rest in nine with the remainder in the first."""
    town = rules_of("isesaki", fiscal_year=2023)
    assert town is not None
    nine = plan(
        InstalmentFacts(
            2023,
            145_000,
            YearMonth(2023, 7),
            levied=tuple(Instalment(n, YearMonth(2023, n + 3), 10_000) for n in (1, 2, 3)),
        ),
        rules=_with(town.municipal, instalments=12, first=4),
    ).instalments
    assert [each.amount for each in nine] == [*[10_000] * 3, 13_400, *[12_700] * 8]


def _with(municipal: Any, *, instalments: int, first: int) -> Any:
    from dataclasses import replace

    return replace(municipal, instalments=instalments, first_instalment_month=first)


SENIOR = SpecialCollectionFacts(
    fiscal_year=2025,
    head_is_insured=True,
    head_birth_date=date(1955, 6, 1),
    member_birth_dates=(date(1955, 6, 1), date(1957, 8, 1)),
    pension=1_200_000,
    care_is_withheld=True,
    care_premium=60_000,
    total=90_500,
    pays_by_transfer=False,
    start=Start.CONTINUED,
    last_february=14_000,
)


def special(facts: SpecialCollectionFacts) -> Answer[SpecialCollection]:
    return judge_special_collection(facts, municipality="atsugi")


def test_a_continued_collection_withholds_february_thrice_and_the_rest_in_three() -> None:
    """箕面市: 仮徴収 = 前の2月と同額; 本徴収 = (年額 − 仮徴収) ÷ 3."""
    value = special(SENIOR).value
    assert isinstance(value, SpecialCollection)
    assert [(str(each.month), each.amount) for each in value.withheld] == [
        ("2025-04", 14_000),
        ("2025-06", 14_000),
        ("2025-08", 14_000),
        ("2025-10", 16_300),
        ("2025-12", 16_100),
        ("2026-02", 16_100),
    ]
    assert (value.applies, value.ordinary, value.refund) == (True, 0, 0)


def test_one_that_begins_in_october_withholds_half_of_the_year() -> None:
    """箕面市: 年間保険料の6分の1 in October, December and February; the other half by ordinary collection."""
    value = special(SENIOR._replace(start=Start.OCTOBER, total=90_600)).value
    assert isinstance(value, SpecialCollection)
    assert [each.amount for each in value.withheld] == [15_100, 15_100, 15_100]
    assert value.ordinary == 45_300


def test_one_that_begins_in_april_rests_on_last_years_premium() -> None:
    value = special(SENIOR._replace(start=Start.APRIL, last_total=60_000)).value
    assert isinstance(value, SpecialCollection)
    assert [each.amount for each in value.withheld][:3] == [10_000] * 3
    assert sum(each.amount for each in value.withheld) == 90_500


def test_more_withheld_provisionally_than_owed_is_given_back() -> None:
    value = special(SENIOR._replace(total=30_000)).value
    assert isinstance(value, SpecialCollection)
    assert ([each.amount for each in value.withheld][3:], value.refund) == ([0, 0, 0], 12_000)


@pytest.mark.parametrize("start", [Start.CONTINUED, Start.APRIL])
def test_without_last_years_amount_it_is_undecided(start: Start) -> None:
    answer = special(SENIOR._replace(start=start, last_february=None))
    assert (answer.decided, answer.reasons[0].code) == (False, "provisional.unknown")
    assert not special(SENIOR._replace(fiscal_year=2030)).decided


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"head_is_insured": False}, "head_not_insured"),
        ({"member_birth_dates": (date(1960, 4, 3),)}, "member_of_other_age"),
        ({"head_birth_date": date(1950, 4, 2)}, "head_turns_75"),
        ({"head_birth_date": date(1951, 3, 31)}, "head_turns_75"),
        ({"pension": 179_999, "care_premium": 0, "total": 80_000}, "pension_small"),
        ({"care_is_withheld": False}, "care_not_withheld"),
        ({"pension": 300_999}, "over_share"),
        ({"pays_by_transfer": True}, "transfer"),
    ],
)
def test_each_condition_that_is_not_met_is_named(change: dict[str, Any], code: str) -> None:
    answer = special(SENIOR._replace(**change))
    assert [reason.code for reason in answer.reasons] == [code]
    assert isinstance(answer.value, SpecialCollection)
    assert not answer.value.applies
    assert answer.value.ordinary == answer.value.refund + SENIOR._replace(**change).total


@pytest.mark.parametrize(
    "change",
    [
        {"member_birth_dates": (date(1960, 4, 2),)},
        {"head_birth_date": date(1951, 4, 1)},
        {"pension": 180_000, "care_premium": 0, "total": 80_000},
        {"pension": 301_000},
    ],
)
def test_the_other_side_of_each_threshold_is_withheld_from(change: dict[str, Any]) -> None:
    assert [reason.code for reason in special(SENIOR._replace(**change)).reasons] == ["special_collection"]


def corrected(municipality: str, **change: Any) -> Correction:
    year = {"atsugi": 2025, "isesaki": 2023}[municipality]
    facts = CorrectionFacts(year, 100_000, 130_000, date(2025, 6, 30), date(2027, 6, 30))
    value = judge_correction(facts._replace(**change), municipality=municipality).value
    assert isinstance(value, Correction)
    return value


@pytest.mark.parametrize(
    ("decided_on", "allowed"),
    [(date(2027, 6, 30), True), (date(2027, 7, 1), False), (date(2025, 7, 1), True)],
)
def test_a_premium_may_be_decided_for_two_years_from_the_first_due_date(
    decided_on: date, allowed: bool
) -> None:
    """国民健康保険法第110条の2: 納期の翌日から起算して2年を経過した日以後はできない."""
    found = corrected("atsugi", decided_on=decided_on)
    assert (found.allowed, found.difference, found.last_day) == (allowed, 30_000, date(2027, 6, 30))


def test_it_begins_later_where_it_could_only_be_levied_later() -> None:
    assert corrected("atsugi", leviable_on=date(2025, 12, 10)).last_day == date(2027, 12, 10)
    assert corrected("atsugi", leviable_on=date(2025, 5, 10)).last_day == date(2027, 6, 30)


def test_a_tax_may_be_raised_for_three_years_and_lowered_for_five() -> None:
    assert corrected("isesaki").last_day == date(2028, 6, 30)
    assert corrected("isesaki", after=90_000).last_day == date(2030, 6, 30)


def test_a_correction_that_changes_nothing_is_never_barred() -> None:
    assert corrected("atsugi", after=100_000, decided_on=date(2040, 1, 1)).allowed


@pytest.mark.parametrize(
    ("start", "years", "last"),
    [
        (date(2025, 7, 1), 2, date(2027, 6, 30)),
        (date(2024, 2, 29), 2, date(2026, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 28)),
        (date(2024, 3, 1), 4, date(2028, 2, 29)),
    ],
)
def test_terms_of_years_end_on_the_day_before_or_the_last_of_the_month(
    start: date, years: int, last: date
) -> None:
    assert last_day_of(start, years=years) == last


def test_the_bar_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    late = CorrectionFacts(2025, 100_000, 90_000, date(2025, 6, 30), date(2027, 7, 1), is_adjustment=False)
    told = explain(judge_correction(late, municipality="atsugi"), title="更正")
    assert "令和9年6月30日を過ぎたため、賦課決定（更正）はできません" in told
    assert "増減：-10,000円" in told
    assert not judge_correction(late._replace(fiscal_year=2024), municipality="atsugi").decided


@pytest.mark.requirement("ATG-075")
def test_a_trial_is_the_assessment_with_instalments_and_a_months_share() -> None:
    facts = household(2025, {"age": 45, "total": 3_000_000, "since": date(2025, 10, 1)})
    answer = try_premium(TrialFacts(facts, YearMonth(2025, 11)), municipality="atsugi")
    real = premium_of(assess(facts, municipality="atsugi"))
    assert isinstance(answer.value, Trial)
    assert answer.value.premium == real
    assert answer.value.monthly == real.total // 6
    assert sum(each.amount for each in answer.value.instalments) == real.total
    assert [each.number for each in answer.value.instalments] == [6, 7, 8, 9, 10]
    assert answer.reasons[0].code == "trial"


def test_a_trial_of_an_unknown_income_is_undecided() -> None:
    facts = household(2025, {"age": 45, "total": None})
    answer = try_premium(TrialFacts(facts, YearMonth(2025, 11)), municipality="atsugi")
    assert (answer.rule, answer.decided) == ("kokuho-trial", False)

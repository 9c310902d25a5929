"""One household over two years: the months, what they carry to the next, and the years that close over them."""

from __future__ import annotations

from datetime import date

import pytest

from kyufu.law.calendar.months import YearMonth, months_later
from kyufu.law.kokuho.answer import CannotDecide
from kyufu.law.kokuho.benefits.claims import Claim, Setting
from kyufu.law.kokuho.benefits.classes import From70, Under70
from kyufu.law.kokuho.benefits.combined import Combined, CombinedFacts, PersonYear, judge_combined
from kyufu.law.kokuho.benefits.highcost import HighCost, HighCostFacts, judge_high_cost
from kyufu.law.kokuho.benefits.household import Member
from kyufu.law.kokuho.benefits.timebar import Benefit, TimeBar, TimeBarFacts, judge_time_bar
from kyufu.law.kokuho.benefits.years import (
    Annual,
    AnnualFacts,
    NetMonth,
    OutpatientMonth,
    OutpatientYear,
    OutpatientYearFacts,
    judge_annual,
    judge_outpatient_year,
)

HEAD = Member("世帯主", date(1975, 6, 15), head=True)
MOTHER = Member("母", date(1951, 11, 20))
FIRST = YearMonth(2025, 8)
HOSPITAL = Claim("世帯主", "大学病院", Setting.INPATIENT, 600_000)
CLINIC = Claim("母", "港診療所", Setting.OUTPATIENT, 120_000)


def months(count: int, *, first: YearMonth = FIRST) -> list[YearMonth]:
    return [months_later(first, months=each) for each in range(count)]


def judged(month: YearMonth, *claims: Claim, earlier: list[YearMonth] | None = None) -> HighCost:
    facts = HighCostFacts(
        month,
        (HEAD, MOTHER),
        claims,
        earlier_months=tuple(earlier or ()),
        under_70=Under70.U,
        from_70=From70.GENERAL,
    )
    value = judge_high_cost(facts).value
    assert isinstance(value, HighCost)
    return value


def run(count: int, *claims: Claim) -> dict[YearMonth, HighCost]:
    """So many months with the same claims, each carrying its count to the next."""
    counted: list[YearMonth] = []
    results = {}
    for month in months(count):
        results[month] = judged(month, *claims, earlier=counted)
        if results[month].counts_as_several:
            counted.append(month)
    return results


def test_from_the_fourth_month_on_the_lower_ceiling_holds() -> None:
    burdens = [value.burden for value in run(12, HOSPITAL).values()]
    assert burdens == [83_430] * 3 + [44_400] * 9


def test_months_of_outpatient_care_alone_never_make_a_fourth_time() -> None:
    results = run(12, CLINIC)
    assert {value.counts_as_several for value in results.values()} == {False}
    assert {value.burden for value in results.values()} == {18_000}


def test_a_pause_of_a_year_starts_the_count_anew() -> None:
    counted = months(3)
    last = months_later(FIRST, months=11)
    assert judged(last, HOSPITAL, earlier=counted).burden == 44_400
    assert judged(months_later(last, months=1), HOSPITAL, earlier=counted).burden > 80_000


def test_the_reform_of_august_2026_changes_the_very_month() -> None:
    before, after = (judged(YearMonth(2026, month), HOSPITAL) for month in (7, 8))
    assert before.burden == 80_100 + 3_330
    assert after.burden == 85_800 + 3_140
    visits = [judged(YearMonth(2026, month), CLINIC).burden for month in (7, 8)]
    assert visits == [18_000, 22_000]


def test_the_outpatient_year_closes_over_the_months() -> None:
    rows = []
    for month, value in run(12, CLINIC).items():
        rows.append(OutpatientMonth(month, value.burden + value.outpatient, value.outpatient))
    year = judge_outpatient_year(OutpatientYearFacts(2025, From70.GENERAL, tuple(rows))).value
    assert year == OutpatientYear(payment=12 * 18_000 - 144_000, burden=12 * 18_000)


def test_a_year_that_stays_under_the_ceiling_pays_nothing() -> None:
    rows = [OutpatientMonth(month, 20_000, 2_000) for month in months(8)]
    year = judge_outpatient_year(OutpatientYearFacts(2025, From70.GENERAL, tuple(rows))).value
    assert year == OutpatientYear(payment=0, burden=144_000)


def test_the_annual_ceiling_gives_back_what_the_months_left_above_it() -> None:
    rows = []
    counted: list[YearMonth] = []
    for month in months(12, first=YearMonth(2026, 8)):
        value = judged(month, HOSPITAL, earlier=counted)
        counted.append(month)
        rows.append(NetMonth("世帯主", month, value.burden))
    # 88,940 three times, 44,400 nine times
    year = judge_annual(AnnualFacts(2026, tuple(rows), under_70=Under70.U)).value
    assert isinstance(year, Annual)
    assert year.burden == 3 * 88_940 + 9 * 44_400
    assert year.payment == year.burden - 530_000
    assert [share.name for share in year.shares] == ["世帯主"]


def test_the_mother_turns_75_in_the_middle_of_a_month_and_leaves() -> None:
    leaving = YearMonth(2026, 11)
    whole, half = (judged(month, CLINIC) for month in (YearMonth(2026, 10), leaving))
    assert (whole.burden, half.burden) == (22_000, 11_000)
    gone = judge_high_cost(
        HighCostFacts(
            months_later(leaving, months=1),
            (HEAD, MOTHER),
            (CLINIC,),
            under_70=Under70.U,
            from_70=From70.GENERAL,
        )
    )
    assert gone.value == CannotDecide(("母の国保の資格",))


def test_a_share_of_both_belongs_to_both() -> None:
    value = judged(FIRST, HOSPITAL, CLINIC, Claim("母", "大学病院", Setting.INPATIENT, 400_000))
    by_name = {share.name: share.benefit for share in value.shares}
    assert set(by_name) == {"世帯主", "母"}
    assert by_name["母"] >= value.outpatient + value.from_70
    assert sum(by_name.values()) == value.benefit


def test_what_the_counter_gave_in_kind_is_not_paid_again() -> None:
    knowing = Claim("世帯主", "大学病院", Setting.INPATIENT, 600_000, paid=83_430)
    assert judged(FIRST, HOSPITAL).payable == 180_000 - 83_430
    value = judged(FIRST, knowing)
    assert (value.benefit, value.payable, value.burden) == (180_000 - 83_430, 0, 83_430)


@pytest.mark.parametrize("paid", [83_430, 120_000, 180_000])
def test_whatever_was_paid_the_household_bears_the_same(paid: int) -> None:
    claim = Claim("世帯主", "大学病院", Setting.INPATIENT, 600_000, paid=paid)
    value = judged(FIRST, claim)
    assert value.burden == 83_430
    assert value.payable == paid - 83_430


def test_the_combined_benefit_takes_what_the_months_left() -> None:
    medical = sum(value.burden for value in run(12, CLINIC).values()) - 72_000
    people = (PersonYear("母", True, medical, 500_000), PersonYear("世帯主", False, 0, 0))
    facts = CombinedFacts(2025, people, under_70=Under70.U, from_70=From70.GENERAL)
    value = judge_combined(facts).value
    assert isinstance(value, Combined)
    assert value.payment == value.from_70 == medical + 500_000 - 560_000
    assert [share.name for share in value.shares] == ["世帯主", "母"]
    assert value.medical == round(value.payment * medical / (medical + 500_000))


def test_each_claim_of_the_life_has_its_own_time_bar() -> None:
    facts = TimeBarFacts(Benefit.HIGH_COST, date(2027, 8, 31), treated=FIRST)
    monthly = judge_time_bar(facts).value
    yearly = judge_time_bar(TimeBarFacts(Benefit.YEARLY, date(2027, 8, 31), year=2025)).value
    assert monthly == TimeBar(date(2025, 9, 1), date(2027, 8, 31), False)
    assert yearly == TimeBar(date(2026, 8, 1), date(2028, 7, 31), False)


def test_the_answer_of_a_month_after_the_tables_says_what_lacks() -> None:
    facts = HighCostFacts(YearMonth(2027, 8), (HEAD,), (HOSPITAL,), under_70=Under70.U)
    answer = judge_high_cost(facts)
    assert answer.value == CannotDecide(("令和9年8月の自己負担限度額",))
    assert "令和9年8月以後" in answer.reasons[0].text

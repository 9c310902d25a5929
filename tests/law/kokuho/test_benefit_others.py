"""What must hold of the other benefits, whatever the facts: never more than was paid, no yen lost, no guess."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.law.calendar.months import YearMonth, months_later
from kyufu.law.income.evidence import Declared
from kyufu.law.kokuho.answer import CannotDecide
from kyufu.law.kokuho.benefits.claims import Setting
from kyufu.law.kokuho.benefits.classes import Classes, ClassFacts, From70, Under70, judge_class
from kyufu.law.kokuho.benefits.combined import Combined, CombinedFacts, PersonYear, judge_combined
from kyufu.law.kokuho.benefits.expenses import (
    Expenses,
    ExpensesFacts,
    Transport,
    TransportFacts,
    Why,
    judge_expenses,
    judge_transport,
)
from kyufu.law.kokuho.benefits.funeral import Funeral, FuneralFacts, judge_funeral
from kyufu.law.kokuho.benefits.household import Member, TaxStatus, YearIncome
from kyufu.law.kokuho.benefits.meals import MealDay, MealFacts, Meals, judge_meals
from kyufu.law.kokuho.benefits.receipt import PublicKind, Receipt, ReceiptFacts, judge_receipt
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

FEW = settings(max_examples=25, deadline=None)
YEN = st.integers(0, 3_000_000)
MONTH = YearMonth(2025, 9)


# ---- classes


def household(*bases: int, **changes: object) -> ClassFacts:
    members = tuple(
        Member(
            f"人{number}",
            date(1975, 1, 1 + number),
            head=number == 0,
            incomes=(YearIncome(2024, Declared.YES, TaxStatus.TAXED, base_income=base),),
        )
        for number, base in enumerate(bases)
    )
    return replace(ClassFacts(MONTH, members), **changes)  # type: ignore[arg-type]


def under_70(facts: ClassFacts) -> Under70:
    value = judge_class(facts).value
    assert isinstance(value, Classes)
    assert value.under_70 is not None
    return value.under_70


@FEW
@given(st.lists(st.integers(0, 6_000_000), min_size=1, max_size=4), st.integers(0, 3_000_000))
def test_more_income_never_gives_a_lower_class(bases: list[int], more: int) -> None:
    order = [Under70.E, Under70.U, Under70.I, Under70.A]
    before = under_70(household(*bases))
    after = under_70(household(bases[0] + more, *bases[1:]))
    assert order.index(before) <= order.index(after)


@FEW
@given(st.lists(st.integers(0, 6_000_000), min_size=1, max_size=4))
def test_only_the_sum_of_the_household_decides(bases: list[int]) -> None:
    assert under_70(household(*bases)) == under_70(household(sum(bases), *([0] * (len(bases) - 1))))
    assert under_70(household(*bases)) == under_70(household(*reversed(bases)))


def test_there_is_a_class_only_for_the_ages_that_are_there() -> None:
    value = judge_class(household(0)).value
    assert value == Classes(Under70.E, None)
    old = Member(
        "祖父",
        date(1953, 1, 1),
        head=True,
        incomes=(
            YearIncome(2024, Declared.YES, TaxStatus.TAXED, base_income=7_000_000, taxable_income=4_000_000),
        ),
    )
    assert judge_class(ClassFacts(MONTH, (old,))).value == Classes(None, From70.ACTIVE_2)


def test_who_is_named_where_several_incomes_are_missing() -> None:
    people = tuple(Member(name, date(1980, 1, 1), head=name == "夫") for name in ("夫", "妻", "子"))
    answer = judge_class(ClassFacts(YearMonth(2026, 7), people))
    assert answer.value == CannotDecide(tuple(f"{name}の令和6年中の所得" for name in ("夫", "妻", "子")))
    assert "令和6年中の所得で判定します" in answer.reasons[0].text


def test_the_same_person_twice_as_head_cannot_be() -> None:
    people = tuple(Member(name, date(1980, 1, 1), head=True) for name in ("夫", "妻"))
    assert judge_class(ClassFacts(MONTH, people)).value == CannotDecide(("世帯主",))


# ---- receipts


def tenths_of(code: Under70 | From70) -> tuple[int, ...]:
    """The shares of cost of the persons of a class."""
    if isinstance(code, Under70):
        return 2, 3
    return (3,) if code.is_active else (2, 1)


@st.composite
def receipts(draw: st.DrawFn) -> ReceiptFacts:
    """A claim at one facility, with or without a public scheme."""
    senior = draw(st.booleans())
    code = draw(st.sampled_from(From70 if senior else Under70))
    public_cost = 10 * draw(st.integers(0, 300_000))
    return ReceiptFacts(
        month=draw(st.sampled_from((YearMonth(2018, 8), YearMonth(2026, 7), YearMonth(2026, 8)))),
        setting=draw(st.sampled_from(Setting)),
        tenths=draw(st.sampled_from(tenths_of(code))),
        cost=10 * draw(st.integers(0, 300_000)),
        under_70=code if isinstance(code, Under70) else None,
        from_70=code if isinstance(code, From70) else None,
        is_several=draw(st.booleans()),
        is_half=senior and draw(st.booleans()),
        public_kind=draw(st.sampled_from(PublicKind)),
        public_cost=public_cost,
        public_burden=draw(st.integers(0, public_cost // 10)),
    )


def receipt(facts: ReceiptFacts) -> Receipt:
    value = judge_receipt(facts).value
    assert isinstance(value, Receipt)
    return value


@FEW
@given(receipts())
def test_a_patient_pays_the_share_of_cost_at_most(facts: ReceiptFacts) -> None:
    value = receipt(facts)
    assert 0 <= value.patient <= facts.cost * facts.tenths // 10 + facts.public_burden
    assert value.public_burden <= min(facts.public_burden, value.public_share)
    assert value.uncovered == value.public_share + value.patient - value.public_burden
    assert value.uncovered <= (facts.cost + facts.public_cost) * facts.tenths // 10 + 1


@FEW
@given(receipts(), st.integers(0, 100_000))
def test_more_cost_is_never_cheaper_at_the_counter(facts: ReceiptFacts, more: int) -> None:
    dearer = replace(facts, cost=facts.cost + 10 * more)
    assert receipt(facts).patient <= receipt(dearer).patient


@FEW
@given(receipts())
def test_without_a_public_scheme_nothing_of_it_is_told(facts: ReceiptFacts) -> None:
    value = receipt(replace(facts, public_cost=0, public_burden=0))
    assert (value.public_burden, value.public_share) == (0, 0)
    assert value.uncovered == value.patient


# ---- years


@FEW
@given(st.lists(st.tuples(YEN, YEN), max_size=12), st.sampled_from(From70))
def test_the_year_pays_what_is_above_the_ceiling_and_no_more_than_was_borne(
    rows: list[tuple[int, int]], code: From70
) -> None:
    months = tuple(
        OutpatientMonth(months_later(YearMonth(2024, 8), months=at), max(pair), min(pair))
        for at, pair in enumerate(rows)
    )
    value = judge_outpatient_year(OutpatientYearFacts(2024, code, months)).value
    assert isinstance(value, OutpatientYear)
    assert 0 <= value.payment <= value.burden == sum(max(pair) - min(pair) for pair in rows)
    if not code.is_active:
        assert value.burden - value.payment <= 144_000


@FEW
@given(
    st.lists(st.tuples(st.sampled_from("夫妻子"), st.integers(0, 11), YEN), max_size=12),
    st.sampled_from(Under70),
)
def test_the_annual_ceiling_is_kept_and_shared_to_the_yen(
    rows: list[tuple[str, int, int]], code: Under70
) -> None:
    months = tuple(NetMonth(name, months_later(YearMonth(2026, 8), months=at), yen) for name, at, yen in rows)
    value = judge_annual(AnnualFacts(2026, months, under_70=code, is_low=False)).value
    assert isinstance(value, Annual)
    assert sum(share.payment for share in value.shares) == value.payment
    by_person = {name: sum(yen for who, _, yen in rows if who == name) for name in "夫妻子"}
    assert all(share.payment <= by_person[share.name] for share in value.shares)
    turned = judge_annual(AnnualFacts(2026, months[::-1], under_70=code, is_low=False)).value
    assert turned == value


# ---- combined


@st.composite
def combined(draw: st.DrawFn) -> CombinedFacts:
    """A household's year; of 低所得者Ⅰ the case of several users of care is not registered and left out."""
    people = tuple(
        PersonYear(name, name in "祖父祖母", draw(YEN), draw(YEN)) for name in ("夫", "妻", "祖父", "祖母")
    )
    codes = st.sampled_from([each for each in From70 if each is not From70.LOW_1])
    return CombinedFacts(2024, people, under_70=draw(st.sampled_from(Under70)), from_70=draw(codes))


@FEW
@given(combined())
def test_the_combined_benefit_loses_no_yen_and_gives_nobody_more_than_they_bore(facts: CombinedFacts) -> None:
    value = judge_combined(facts).value
    assert isinstance(value, Combined)
    assert value.payment == value.from_70 + value.household == value.medical + value.care
    assert value.medical == sum(share.medical for share in value.shares)
    assert value.care == sum(share.care for share in value.shares)
    own = {person.name: person for person in facts.people}
    for share in value.shares:
        assert 0 <= share.medical <= own[share.name].medical
        assert 0 <= share.care <= own[share.name].care
    turned = judge_combined(replace(facts, people=facts.people[::-1])).value
    assert turned == value


def test_young_and_old_are_told_apart_by_their_group_not_their_order() -> None:
    people = (PersonYear("甲", False, 700_000, 0), PersonYear("乙", True, 0, 700_000))
    value = judge_combined(CombinedFacts(2024, people, under_70=Under70.U, from_70=From70.GENERAL)).value
    assert isinstance(value, Combined)
    # The old one alone has no medical burden, so the step of their own gives nothing.
    assert (value.from_70, value.household) == (0, 730_000)


# ---- meals


@FEW
@given(
    st.dates(date(2018, 4, 1), date(2026, 3, 1)),
    st.lists(st.integers(0, 3), min_size=1, max_size=40),
    st.sampled_from(Under70),
    st.booleans(),
)
def test_meals_are_paid_meal_by_meal(first: date, counts: list[int], code: Under70, is_reduced: bool) -> None:
    days = tuple(MealDay(first + timedelta(days=at), meals) for at, meals in enumerate(counts))
    facts = MealFacts(
        days, under_70=code, reduced_from=first if is_reduced else None, days_before=70, long_stay_from=first
    )
    whole = judge_meals(facts).value
    assert isinstance(whole, Meals)
    assert whole.meals == sum(counts)
    assert whole.payment == sum(rate.amount * rate.meals for rate in whole.rates)
    parts = 0
    for at, day in enumerate(days):
        one = judge_meals(replace(facts, days=(day,), days_before=70 + at)).value
        assert isinstance(one, Meals)
        parts += one.payment
    assert parts == whole.payment


# ---- expenses and carrying


@FEW
@given(YEN, YEN, st.sampled_from(Why), st.booleans(), st.booleans())
def test_expenses_never_pay_more_than_was_paid(
    paid: int, standard: int, why: Why, is_accepted: bool, is_late: bool
) -> None:
    facts = ExpensesFacts(
        why,
        date(1980, 5, 1),
        date(2025, 5, 1),
        date(2025, 5, 2),
        date(2028, 1, 1) if is_late else date(2025, 6, 1),
        paid,
        standard,
        is_accepted,
    )
    value = judge_expenses(facts).value
    assert isinstance(value, Expenses)
    assert value.payment <= min(paid, standard) * 7 // 10
    assert (value.payment == 0) or (is_accepted and not is_late)


def test_expenses_that_nobody_looked_at_are_not_decided() -> None:
    facts = ExpensesFacts(
        Why.NO_CARD,
        date(1980, 5, 1),
        date(2025, 5, 1),
        date(2025, 5, 2),
        date(2025, 6, 1),
        1_000,
        1_000,
        None,
    )
    assert judge_expenses(facts).value == CannotDecide(("やむを得ない又は必要と認めるかどうか",))


MOVED = TransportFacts(date(2025, 5, 1), date(2025, 5, 2), date(2025, 6, 1), 60_000, 50_000, True, True, True)


def test_a_carrying_whose_conditions_nobody_looked_at_is_not_decided_unless_one_fails() -> None:
    unknown = judge_transport(replace(MOVED, is_urgent=None, is_hardly_movable=None)).value
    assert unknown == CannotDecide(
        ("病気やけがにより移動が困難であったこと", "緊急その他やむを得なかったこと")
    )
    refused = judge_transport(replace(MOVED, is_urgent=None, is_hardly_movable=False))
    assert refused.value == Transport(0)
    assert "移動が困難" in refused.reasons[0].text


@FEW
@given(YEN, YEN)
def test_a_carrying_never_pays_more_than_was_paid(paid: int, standard: int) -> None:
    value = judge_transport(replace(MOVED, paid=paid, standard_cost=standard)).value
    assert value == Transport(min(paid, standard))


# ---- funeral


FUNERAL = FuneralFacts(date(2025, 5, 5), date(2025, 6, 1), True, date(2025, 5, 8))


def test_without_a_funeral_nothing_is_paid_and_without_the_insurance_nothing_is_decided() -> None:
    none = judge_funeral(replace(FUNERAL, held_on=None), municipality="tanabe")
    assert none.value == Funeral(0)
    assert none.reasons[0].code == "no_funeral"
    unknown = judge_funeral(replace(FUNERAL, is_insured=None), municipality="tanabe")
    assert unknown.value == CannotDecide(("死亡の日の国保の資格",))
    assert unknown.municipality == "tanabe"


def test_a_funeral_of_a_second_hand_amount_says_so() -> None:
    citations = judge_funeral(FUNERAL, municipality="atsugi").citations
    assert citations[-1].law == "厚木市国民健康保険条例"
    assert citations[-1].certainty == "secondary"


# ---- time bars


@FEW
@given(st.dates(date(2018, 5, 1), date(2060, 1, 1)), st.integers(0, 1200))
def test_an_application_is_barred_from_a_day_on_and_stays_so(day: date, later: int) -> None:
    def judged(applied: date) -> TimeBar:
        value = judge_time_bar(TimeBarFacts(Benefit.CHILDBIRTH, applied, happened_on=day)).value
        assert isinstance(value, TimeBar)
        return value

    first = judged(day)
    assert first.starts_on == day + timedelta(days=1)
    assert 729 <= (first.last_day - day).days <= 732
    found = judged(day + timedelta(days=later))
    assert found.is_barred == (day + timedelta(days=later) > first.last_day)


@pytest.mark.parametrize("benefit", Benefit)
def test_a_time_bar_takes_no_date_that_is_not_given(benefit: Benefit) -> None:
    assert isinstance(judge_time_bar(TimeBarFacts(benefit, date(2025, 1, 1))).value, CannotDecide)

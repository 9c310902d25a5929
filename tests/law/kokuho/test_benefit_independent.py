"""The classes, the counter and the combined benefit against a second computation, on made-up facts."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.law.calendar.months import YearMonth
from kyufu.law.income.evidence import Declared
from kyufu.law.kokuho.answer import CannotDecide
from kyufu.law.kokuho.benefits.claims import Setting
from kyufu.law.kokuho.benefits.classes import Classes, ClassFacts, From70, Under70, judge_class
from kyufu.law.kokuho.benefits.combined import Combined, CombinedFacts, PersonYear, judge_combined
from kyufu.law.kokuho.benefits.household import Member, TaxStatus, YearIncome, year_income
from kyufu.law.kokuho.benefits.receipt import Receipt, ReceiptFacts, judge_receipt
from kyufu.law.kokuho.member_income import MemberIncome
from tests.law.kokuho.benefit_class_oracle import (
    Someone,
    class_from_70,
    class_under_70,
    combined,
    counter_ceiling,
)

MANY = settings(max_examples=60, deadline=None)
MONTH = YearMonth(2025, 9)
INCOME_YEAR = 2024
OLD, YOUNG = date(1953, 4, 4), date(1980, 4, 4)
# Around the limits of the law, where a wrong comparison shows.
BASES = st.sampled_from(
    [0, 1, 1_050_000, 2_100_000, 2_100_001, 3_000_000, 6_000_000, 6_000_001, 9_010_000, 9_010_001]
)
TAXABLE = st.sampled_from([0, 1_449_999, 1_450_000, 3_799_999, 3_800_000, 6_899_999, 6_900_000])
GROSS = st.sampled_from([0, 1_370_000, 2_600_000, 3_829_999, 3_830_000, 5_199_999, 5_200_000])
PENSIONS = st.sampled_from([0, 806_700, 806_701, 1_500_000])
SALARIES = st.sampled_from([0, 100_000, 100_001])
OTHERS = st.sampled_from([-100, 0, 1])


@st.composite
def someone(draw: st.DrawFn) -> Someone:
    """A person with figures around the limits."""
    return Someone(
        is_senior=draw(st.booleans()),
        is_insured=True,
        is_exempt=draw(st.sampled_from([True, True, True, False])),
        declared=draw(st.sampled_from([True, True, True, True, False])),
        base=draw(BASES),
        taxable=draw(TAXABLE),
        gross=draw(GROSS),
        pension=draw(PENSIONS),
        salary=draw(SALARIES),
        other=draw(OTHERS),
    )


def member_of(person: Someone, *, number: int) -> Member:
    income = YearIncome(
        INCOME_YEAR,
        Declared.YES if person.declared else Declared.NO,
        TaxStatus.EXEMPT if person.is_exempt else TaxStatus.TAXED,
        base_income=person.base,
        taxable_income=person.taxable,
        gross_income=person.gross,
        pension_revenue=person.pension,
        salary_income=person.salary,
        other_income=person.other,
    )
    birth = OLD if person.is_senior else YOUNG
    return Member(f"人{number}", birth, insured=person.is_insured, head=number == 0, incomes=(income,))


@MANY
@given(st.lists(someone(), min_size=1, max_size=4), st.booleans(), st.booleans())
def test_the_classes_are_those_of_a_second_judgement(
    people: list[Someone], applied: bool, head_is_insured: bool
) -> None:
    people[0].is_insured = head_is_insured or len(people) == 1
    people[0].declared = people[0].declared or not people[0].is_insured
    members = tuple(member_of(person, number=number) for number, person in enumerate(people))
    value = judge_class(ClassFacts(MONTH, members, income_test_applied=applied)).value
    assert isinstance(value, Classes)
    insured = [person for person in people if person.is_insured]
    has_young = any(not person.is_senior for person in insured)
    has_old = any(person.is_senior for person in insured)
    assert value.under_70 == (class_under_70(people) if has_young else None)
    assert value.from_70 == (class_from_70(people, applied=applied) if has_old else None)


@MANY
@given(st.lists(someone(), min_size=1, max_size=3))
def test_a_class_never_comes_from_a_figure_that_is_not_there(people: list[Someone]) -> None:
    """Without any figures a household is judged only where they do not matter: not declared."""
    members = tuple(
        Member(
            f"人{number}",
            YOUNG,
            head=number == 0,
            incomes=(
                YearIncome(
                    INCOME_YEAR,
                    Declared.YES if person.declared else Declared.NO,
                    TaxStatus.TAXED,
                ),
            ),
        )
        for number, person in enumerate(people)
    )
    value = judge_class(ClassFacts(MONTH, members)).value
    if all(person.declared for person in people):
        assert isinstance(value, CannotDecide)
        assert len(value.missing) == len(people)
    else:
        assert value == Classes(Under70.A, None)


@MANY
@given(
    st.sampled_from([*Under70, *From70]),
    st.sampled_from(Setting),
    st.integers(0, 500_000),
    st.sampled_from((1, 2, 3)),
    st.tuples(st.booleans(), st.booleans()),
)
def test_the_counter_takes_the_share_up_to_the_ceiling(
    code: Under70 | From70, setting: Setting, points: int, tenths: int, rules: tuple[bool, bool]
) -> None:
    several, half = rules
    senior = isinstance(code, From70)
    tenths = max(tenths, 2) if not isinstance(code, From70) else 3 if code.is_active else min(tenths, 2)
    facts = ReceiptFacts(
        MONTH,
        setting,
        tenths,
        points * 10,
        under_70=None if isinstance(code, From70) else code,
        from_70=code if isinstance(code, From70) else None,
        is_several=several,
        is_half=half and senior,
    )
    most = counter_ceiling(
        code.value,
        cost=points * 10,
        outpatient=setting is Setting.OUTPATIENT,
        several=several,
        half=half and senior,
    )
    value = judge_receipt(facts).value
    assert isinstance(value, Receipt)
    assert value.patient == min(points * tenths, most)


LIMITS_YOUNG = {"a": 2_120_000, "i": 1_410_000, "u": 670_000, "e": 600_000, "o": 340_000}
LIMITS_OLD = {
    "active_3": 2_120_000,
    "active_2": 1_410_000,
    "active_1": 670_000,
    "general": 560_000,
    "low_2": 310_000,
}
BORNE = st.sampled_from([0, 1, 500, 501, 100_000, 309_500, 310_500, 310_501, 560_500, 560_501, 2_000_000])


@MANY
@given(
    st.lists(st.tuples(st.booleans(), BORNE, BORNE), min_size=1, max_size=4),
    st.sampled_from(sorted(LIMITS_YOUNG)),
    st.sampled_from(sorted(LIMITS_OLD)),
)
def test_the_combined_benefit_is_what_a_second_computation_finds(
    people: list[tuple[bool, int, int]], young: str, old: str
) -> None:
    if not sum(medical for _, medical, _ in people) or not sum(care for _, _, care in people):
        return
    facts = CombinedFacts(
        2024,
        tuple(PersonYear(f"人{number}", *person) for number, person in enumerate(people)),
        under_70=Under70(young),
        from_70=From70(old),
    )
    value = judge_combined(facts).value
    assert isinstance(value, Combined)
    found = combined(people, young_limit=LIMITS_YOUNG[young], old_limit=LIMITS_OLD[old])
    # Where the first step took all of one side, the second has nothing of it left to look at.
    if value.household == 0 and found[1]:
        left = {share.name: share for share in value.shares}
        sides = [
            sum(getattr(person, side) - getattr(left[person.name], side) for person in facts.people)
            for side in ("medical", "care")
        ]
        assert 0 in sides
        return
    assert (value.from_70, value.household) == found


def test_the_income_rules_hand_their_income_on() -> None:
    found = MemberIncome(INCOME_YEAR, Declared.YES, 2_530_001, 2_530_001, 2_100_001, True)
    income = year_income(found, tax=TaxStatus.TAXED, taxable_income=1_450_000, gross_income=3_829_999)
    head = Member("世帯主", OLD, head=True, incomes=(income,))
    assert judge_class(ClassFacts(MONTH, (head,))).value == Classes(None, From70.ACTIVE_1)
    assert judge_class(ClassFacts(MONTH, (head,), income_test_applied=True)).value == Classes(
        None, From70.GENERAL
    )


def test_an_income_that_was_not_declared_is_handed_on_as_not_declared() -> None:
    found = MemberIncome(INCOME_YEAR, Declared.NO, None, None, None, False)
    head = Member("世帯主", YOUNG, head=True, incomes=(year_income(found, tax=TaxStatus.UNKNOWN),))
    assert judge_class(ClassFacts(MONTH, (head,))).value == Classes(Under70.A, None)

"""The benefits and the enrolment judge the same persons: their figures, ages and shares of cost must agree."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.law.calendar.months import YearMonth, months_later
from kyufu.law.income.evidence import Declared
from kyufu.law.kokuho.benefits.classes import Classes, ClassFacts, judge_class
from kyufu.law.kokuho.benefits.household import (
    AgeGroup,
    Member,
    TaxStatus,
    YearIncome,
    age_group,
    share_tenths,
    turns_75_on,
)
from kyufu.law.kokuho.benefits.parameters import list_benefits, rules_on
from kyufu.law.kokuho.catalogue import list_kokuho
from kyufu.law.kokuho.enrolment.parameters import AgeRules
from kyufu.law.kokuho.enrolment.parameters import rules_on as enrolment_rules_on
from kyufu.law.kokuho.enrolment.share import (
    AgeClass,
    Share,
    ShareFacts,
    ShareMember,
    age_class_on,
    judge_share,
)
from kyufu.law.kokuho.enrolment.spans import late_elderly_on
from kyufu.law.parameters.entries import Entry

MONTH = YearMonth(2025, 9)
ON = MONTH.first_day
MANY = settings(max_examples=50, deadline=None)


@MANY
@given(st.dates(date(1944, 4, 2), date(2025, 3, 31)), st.integers(0, 84))
def test_ages_and_shares_agree_on_the_first_of_every_month(birth: date, later: int) -> None:
    month = months_later(YearMonth(2019, 8), months=later)
    on = month.first_day
    if birth > on:
        return
    rules, ages = rules_on(on), enrolment_rules_on(on, into=AgeRules)
    assert turns_75_on(birth, rules=rules) == late_elderly_on(birth, rules=ages)
    group = age_group(birth, month=month, rules=rules)
    if group is AgeGroup.LATE_ELDERLY:
        assert on >= late_elderly_on(birth, rules=ages)
        return
    found = age_class_on(birth, on=on, rules=ages)
    assert (group is AgeGroup.FROM_70) == (found is AgeClass.RECIPIENT)
    tenths = share_tenths(birth, month=month, is_active=False, rules=rules)
    expected = {AgeClass.PRESCHOOL: 2, AgeClass.ORDINARY: 3, AgeClass.RECIPIENT: 2}
    assert tenths == expected[found]


@MANY
@given(
    st.lists(
        st.tuples(
            st.sampled_from([0, 1_449_999, 1_450_000, 3_800_000, 6_900_000]),
            st.sampled_from([0, 1_050_000, 1_050_001, 2_100_000, 2_100_001, 5_000_000]),
            st.sampled_from([0, 2_600_000, 3_829_999, 3_830_000, 5_199_999, 5_200_000]),
        ),
        min_size=1,
        max_size=2,
    )
)
def test_who_bears_three_tenths_has_the_ceiling_of_a_worker(people: list[tuple[int, int, int]]) -> None:
    births = (date(1952, 5, 5), date(1953, 6, 6))
    facts = ShareFacts(
        person="0",
        head="0",
        members=tuple(
            ShareMember(str(at), births[at], 2025, taxable, base, revenue=gross)
            for at, (taxable, base, gross) in enumerate(people)
        ),
        applied_on=ON,
    )
    share = judge_share(facts, on=ON).value
    assert isinstance(share, Share)
    members = tuple(
        Member(
            str(at),
            births[at],
            head=at == 0,
            incomes=(
                YearIncome(
                    2024,
                    Declared.YES,
                    TaxStatus.TAXED,
                    base_income=base,
                    taxable_income=taxable,
                    gross_income=gross,
                ),
            ),
        )
        for at, (taxable, base, gross) in enumerate(people)
    )
    classes = judge_class(ClassFacts(MONTH, members, income_test_applied=True)).value
    assert isinstance(classes, Classes)
    assert classes.from_70 is not None
    assert classes.from_70.is_active == share.high_income


def test_the_list_of_figures_holds_those_of_the_benefits() -> None:
    listed = set(map(id_of, list_kokuho("atsugi")))
    assert set(map(id_of, list_benefits("atsugi"))) <= listed
    assert len([each for each in list_kokuho("atsugi") if each.table == "funeral"]) == 1


def id_of(entry: Entry) -> tuple[str, int]:
    return entry.file, entry.line

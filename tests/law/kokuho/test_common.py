"""Figures that several topics read stand once, and one change moves them all."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

import pytest

from kyufu.law.calendar.months import YearMonth, months_later
from kyufu.law.calendar.period import Period
from kyufu.law.kokuho.benefits.parameters import (
    BENEFITS_FILE,
    BENEFITS_TABLES,
    HIGH_COST_FILE,
    HIGH_COST_TABLES,
    ClassRules,
    Rules,
    class_rules_on,
)
from kyufu.law.kokuho.benefits.parameters import rules_on as benefit_rules_on
from kyufu.law.kokuho.catalogue import list_kokuho
from kyufu.law.kokuho.common import COMMON_FILE, COMMON_TABLE, load_common_entries, with_common
from kyufu.law.kokuho.enrolment.household import HouseholdKind, household_kind
from kyufu.law.kokuho.enrolment.parameters import (
    ENROLMENT_FILE,
    ENROLMENT_TABLES,
    AgeRules,
    EnrolmentRules,
    ShareRules,
    rules_on,
)
from kyufu.law.kokuho.income.parameters import INCOME_FILE, INCOME_TABLES, IncomeRules, tables_of
from kyufu.law.kokuho.premium.facts import Companion, Household, Member
from kyufu.law.kokuho.premium.months import months_in
from kyufu.law.kokuho.premium.parameters import NATIONAL_FILE, NATIONAL_TABLES, CollectionRules, NationalRules
from kyufu.law.kokuho.premium.rules import rules_of
from kyufu.law.kokuho.premium.spans import spans_of, special_months
from kyufu.law.kokuho.specified import specified_month
from kyufu.law.parameters.catalogue import load_entries
from kyufu.law.parameters.entries import Certainty, Entry
from kyufu.law.parameters.overlay import Change, Overlay
from tests.law.kokuho.income.people import found, year_of

READERS = (
    EnrolmentRules,
    AgeRules,
    ShareRules,
    IncomeRules,
    NationalRules,
    CollectionRules,
    Rules,
    ClassRules,
)
TOPICS = {
    ENROLMENT_FILE: ENROLMENT_TABLES,
    INCOME_FILE: INCOME_TABLES,
    NATIONAL_FILE: NATIONAL_TABLES,
    HIGH_COST_FILE: HIGH_COST_TABLES,
    BENEFITS_FILE: BENEFITS_TABLES,
}
ON = date(2026, 4, 1)


def names_of(record: type[Any]) -> set[str]:
    return {each.name for each in fields(record)}


@pytest.mark.parametrize("entry", load_common_entries(), ids=lambda each: each.key)
def test_a_common_figure_is_read_by_more_than_one_topic(entry: Entry) -> None:
    readers = [record for record in READERS if entry.key in names_of(record)]
    assert len(readers) >= 2, readers


@pytest.mark.parametrize("file", list(TOPICS))
def test_no_topic_keeps_a_common_figure_of_its_own(file: str) -> None:
    common = {each.key for each in load_common_entries()}
    own = {each.key for each in load_entries(file, tables=TOPICS[file]) if "value" in each.columns}
    assert own
    assert not own & common


def test_a_topic_takes_of_the_common_file_what_it_names_and_no_more() -> None:
    keys = {each.key for each in with_common([], into=ClassRules)}
    assert keys == {"active_1", "active_base_limit", "active_gross_single", "active_gross_several"}


def test_the_figures_of_an_income_like_that_of_workers_are_those_published() -> None:
    for rules in (class_rules_on(ON), rules_on(ON, into=ShareRules)):
        assert (rules.active_1, rules.active_base_limit) == (1_450_000, 2_100_000)
        assert (rules.active_gross_single, rules.active_gross_several) == (3_830_000, 5_200_000)


def test_every_topic_reads_the_same_row() -> None:
    premium = rules_of("atsugi", fiscal_year=2026 - 1)
    tables = tables_of(2024)
    assert premium is not None
    assert tables is not None
    bound = (
        premium.national,
        premium.collection,
        tables.rules,
        benefit_rules_on(ON),
        class_rules_on(ON),
        *(rules_on(ON, into=each) for each in (EnrolmentRules, AgeRules, ShareRules)),
    )
    for entry in load_common_entries():
        values = {getattr(each, entry.key) for each in bound if hasattr(each, entry.key)}
        assert values == {entry.columns["value"]}, entry.key


def test_a_decided_change_moves_the_age_of_the_unemployed() -> None:
    change = Change(
        file=COMMON_FILE,
        table=COMMON_TABLE,
        key="unemployed_age",
        column="value",
        value=66,
        period=Period(date(2024, 1, 1), None),
        source="試し",
        certainty=Certainty.ASSUMED,
        origin="試し",
    )
    before, after = tables_of(2024), tables_of(2024, overlay=Overlay((change,)))
    assert before is not None
    assert after is not None
    assert (before.rules.unemployed_age, after.rules.unemployed_age) == (65, 66)


def test_the_list_to_confirm_has_every_common_figure_once() -> None:
    listed = [each.key for each in list_kokuho("atsugi") if each.file == COMMON_FILE]
    assert sorted(listed) == sorted(each.key for each in load_common_entries())


# The day of the 75th birthday, that of the loss after it, and the first month of 特定世帯.
MOVES = (
    (date(2025, 4, 29), date(2025, 4, 30), YearMonth(2025, 4)),
    (date(2025, 4, 30), date(2025, 5, 1), YearMonth(2025, 4)),
    (date(2025, 5, 1), date(2025, 5, 2), YearMonth(2025, 5)),
)


@pytest.mark.parametrize(("joined", "lost", "first"), MOVES)
def test_enrolment_and_premium_count_from_the_month_of_joining_the_late_elderly(
    joined: date, lost: date, first: YearMonth
) -> None:
    assert specified_month(joined) == first
    assert kinds_of(lost, months=(-1, 0)) == kinds_expected(lost, first=first)
    rules = rules_of("atsugi", fiscal_year=2025)
    assert rules is not None
    income = found(year_of(income_year=2024)).income
    member = Member("b", date(1955, 1, 1), (Period(date(2020, 4, 1), None),), income)
    companion = Companion("a", True, joined, income)
    spans = spans_of(Household(2025, (member,), (companion,)), rules=rules)
    special, continued = special_months((companion,), spans=spans, rules=rules)
    assert months_in(special, fiscal_year=2025)[0] == first
    assert continued == 0


def kinds_of(lost: date, *, months: tuple[int, ...]) -> list[HouseholdKind]:
    rules = rules_on(ON, into=EnrolmentRules)
    start = YearMonth(lost.year, lost.month)
    return [
        household_kind(months_later(start, months=60 + each), insured=1, specified=[lost], rules=rules)
        for each in months
    ]


def kinds_expected(lost: date, *, first: YearMonth) -> list[HouseholdKind]:
    """One month before and in the 60th month after that of the loss: an early 特定月 ends a month before."""
    is_early = first != YearMonth(lost.year, lost.month)
    before = HouseholdKind.CONTINUING if is_early else HouseholdKind.SPECIFIED
    return [before, HouseholdKind.CONTINUING]

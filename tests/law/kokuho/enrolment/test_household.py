"""Heads and pseudo-heads, 特定同一世帯所属者 and 特定世帯, former dependants, and the answer on a household."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.law.calendar.months import YearMonth, month_of, months_later
from kyufu.law.kokuho.answer import Undecidable
from kyufu.law.kokuho.enrolment.facts import PersonFacts
from kyufu.law.kokuho.enrolment.household import (
    Change,
    FormerDependant,
    Head,
    HeadKind,
    Headship,
    HouseholdKind,
    Member,
    former_dependant,
    head_on,
    household_kind,
    specified_since,
)
from tests.law.kokuho.enrolment.people import (
    ATSUGI,
    Days,
    day,
    insured,
    lived,
    period,
    person,
    rules,
    spans,
)

ON = day("2025-10-01")
SINCE: Days = ("2010-04-01", None)
HERE = lived((ATSUGI, "2010-04-01", None))
WORKING = insured(("employees", "2009-01-01", None))
# 75 on 2025-04-15: lost on 2025-04-16.
OLD = person(born=day("1950-04-15"), residences=HERE)
WIFE = person(born=day("1955-03-03"), residences=HERE)
WORKER = person(residences=HERE, insurances=WORKING)


def member(ref: str, facts: PersonFacts, *, belongs: Days = SINCE) -> Member:
    return Member(ref, period(belongs), spans(facts))


def headed(ref: str, *, days: Days = SINCE) -> tuple[Headship, ...]:
    return (Headship(ref, period(days)),)


def head(
    *members: Member, headships: tuple[Headship, ...], change: Change | None = None
) -> Head | Undecidable:
    return head_on(ON, members=members, headships=headships, change=change)


def test_an_insured_head_is_the_head() -> None:
    assert head(member("a", WIFE), headships=headed("a")) == Head("a", HeadKind.INSURED)


@pytest.mark.requirement("ATG-007")
def test_a_head_who_is_not_insured_is_a_pseudo_head_and_pays() -> None:
    """北見市・堺市: 世帯主が国保に加入していない場合でも、世帯主が義務を負う。"""
    assert head(member("a", WORKER), member("b", WIFE), headships=headed("a")) == Head("a", HeadKind.PSEUDO)


def test_a_household_without_insured_members_has_no_head() -> None:
    answer = head(member("a", WORKER), headships=headed("a"))
    assert isinstance(answer, Undecidable)
    assert answer.reasons[0].code == "household.no_insured"


def test_a_member_who_left_the_household_does_not_count() -> None:
    left = member("b", WIFE, belongs=("2010-04-01", "2025-10-01"))
    assert isinstance(head(member("a", WORKER), left, headships=headed("a")), Undecidable)
    stays = member("b", WIFE, belongs=("2010-04-01", "2025-10-02"))
    assert head(member("a", WORKER), stays, headships=headed("a")) == Head("a", HeadKind.PSEUDO)


def test_a_household_without_a_known_head_is_not_decided() -> None:
    answer = head(member("b", WIFE), headships=headed("a", days=("2010-04-01", "2025-10-01")))
    assert isinstance(answer, Undecidable)
    assert answer.reasons[0].code == "household.no_head"


def change(
    agrees: bool | None = True,
    *,
    owed: bool | None = True,
    duties: bool | None = True,
    accepted: str = "2025-10-01",
    new: str = "b",
) -> Change:
    return Change(new, day(accepted), agrees, owed, duties)


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        (change(), HeadKind.CHANGED),
        (change(False), HeadKind.PSEUDO),
        (change(owed=False), HeadKind.PSEUDO),
        (change(duties=False), HeadKind.PSEUDO),
        (change(None, owed=False), HeadKind.PSEUDO),
        (change(accepted="2025-10-02"), HeadKind.PSEUDO),
        (change(new="a"), HeadKind.PSEUDO),
        (change(new="nobody"), HeadKind.PSEUDO),
    ],
)
def test_an_insured_member_takes_the_place_of_a_pseudo_head_on_conditions(
    asked: Change, kind: HeadKind
) -> None:
    """平成13年保発第291号; 江東区・三原村: 同意、完納、届出と納付の義務の履行。"""
    answer = head(member("a", WORKER), member("b", WIFE), headships=headed("a"), change=asked)
    assert answer == Head("b" if kind is HeadKind.CHANGED else "a", kind)


@pytest.mark.parametrize("asked", [change(None), change(owed=None), change(duties=None)])
def test_conditions_that_are_not_known_are_not_decided(asked: Change) -> None:
    answer = head(member("a", WORKER), member("b", WIFE), headships=headed("a"), change=asked)
    assert isinstance(answer, Undecidable)
    assert answer.reasons[0].code == "household.change_unknown"


def test_a_head_who_becomes_insured_is_head_again() -> None:
    """三原村要領第3条第3号: 擬制世帯主であった者が被保険者となったとき。"""
    answer = head(member("a", WIFE), member("b", WIFE), headships=headed("a"), change=change())
    assert answer == Head("a", HeadKind.INSURED)


# ---- 特定同一世帯所属者 ---------------------------------------------------------------------------------------------


def since(who: Member, *, headships: tuple[Headship, ...], on: str = "2025-10-01") -> date | None:
    return specified_since(who, headships=headships, on=day(on))


@pytest.mark.parametrize(
    ("on", "expected"),
    [("2025-04-15", None), ("2025-04-16", "2025-04-16"), ("2030-12-31", "2025-04-16")],
)
def test_who_goes_to_the_late_elderly_and_stays_is_counted(on: str, expected: str | None) -> None:
    assert since(member("a", OLD), headships=headed("a"), on=on) == (expected and day(expected))


def test_who_goes_by_disability_is_counted() -> None:
    facts = person(
        born=day("1958-01-01"), residences=HERE, insurances=insured(("late_elderly", "2025-06-10", None))
    )
    assert since(member("a", facts), headships=headed("b")) == day("2025-06-11")


def test_who_comes_back_from_disability_is_insured_and_no_longer_counted() -> None:
    facts = person(
        born=day("1958-01-01"),
        residences=HERE,
        insurances=insured(("late_elderly", "2025-06-10", "2025-09-01")),
    )
    assert since(member("a", facts), headships=headed("b")) is None
    assert since(member("a", facts), headships=headed("b"), on="2025-08-31") == day("2025-06-11")


def test_who_leaves_the_household_is_not_counted() -> None:
    left = member("a", OLD, belongs=("2010-04-01", "2025-10-01"))
    assert since(left, headships=headed("b")) is None
    assert since(left, headships=headed("b"), on="2025-09-30") == day("2025-04-16")


def test_who_came_into_the_household_after_the_loss_is_not_counted() -> None:
    came = member("a", OLD, belongs=("2025-04-16", None))
    assert since(came, headships=headed("b")) is None
    there = member("a", OLD, belongs=("2025-04-15", None))
    assert since(there, headships=headed("b")) == day("2025-04-16")


def test_a_change_of_head_ends_it() -> None:
    """福島市: 移行後も世帯主及び世帯構成に変更のない方。"""
    headships = (
        Headship("a", period(("2010-04-01", "2025-10-01"))),
        Headship("b", period(("2025-10-01", None))),
    )
    assert since(member("a", OLD), headships=headships, on="2025-09-30") == day("2025-04-16")
    assert since(member("a", OLD), headships=headships) is None


def test_who_went_to_work_is_not_counted() -> None:
    facts = person(residences=HERE, insurances=insured(("employees", "2025-06-01", None)))
    assert since(member("a", facts), headships=headed("a")) is None


@pytest.mark.parametrize(
    ("month", "kind"),
    [
        (YearMonth(2025, 4), HouseholdKind.SPECIFIED),
        (YearMonth(2030, 3), HouseholdKind.SPECIFIED),
        (YearMonth(2030, 4), HouseholdKind.CONTINUING),
        (YearMonth(2033, 3), HouseholdKind.CONTINUING),
        (YearMonth(2033, 4), HouseholdKind.ORDINARY),
    ],
)
def test_the_household_part_is_halved_for_five_years_and_lowered_for_three(
    month: YearMonth, kind: HouseholdKind
) -> None:
    """上越市: 5年間半額、その後3年間4分の1減額; the count of months is assumed."""
    assert household_kind(month, insured=1, specified=[day("2025-04-16")], rules=rules()) is kind


@pytest.mark.parametrize(("insured_members", "specified"), [(2, 1), (0, 1), (1, 0), (3, 2)])
def test_other_households_pay_the_whole_part(insured_members: int, specified: int) -> None:
    kind = household_kind(
        YearMonth(2025, 10),
        insured=insured_members,
        specified=[day("2025-04-16")] * specified,
        rules=rules(),
    )
    assert kind is HouseholdKind.ORDINARY


def test_the_last_who_left_begins_the_five_years() -> None:
    both = [day("2019-01-01"), day("2025-04-16")]
    assert (
        household_kind(YearMonth(2029, 10), insured=1, specified=both, rules=rules())
        is HouseholdKind.SPECIFIED
    )


@settings(max_examples=60, deadline=None)
@given(st.dates(date(2018, 4, 1), date(2026, 1, 1)), st.integers(0, 140))
def test_the_kinds_follow_each_other_for_96_months(lost_on: date, later: int) -> None:
    """Counted from the month of the day before the loss, on which the insurance of the late elderly began."""
    first = month_of(lost_on - timedelta(days=1))
    kind = household_kind(months_later(first, months=later), insured=1, specified=[lost_on], rules=rules())
    expected = HouseholdKind.SPECIFIED if later < 60 else HouseholdKind.CONTINUING
    assert kind is (expected if later < 96 else HouseholdKind.ORDINARY)


# ---- former dependants ----------------------------------------------------------------------------------------------


def dependant(*, born: str = "1955-01-01", kind: str = "dependant", until: str = "2025-04-15") -> PersonFacts:
    return person(born=day(born), residences=HERE, insurances=insured((kind, "2009-01-01", until)))


def relieved(facts: PersonFacts, *, worker: str | None = "2025-04-15") -> FormerDependant | None:
    return former_dependant(
        spans(facts)[0],
        person=facts,
        worker_joined_late_elderly_on=None if worker is None else day(worker),
        rules=rules(),
    )


def test_a_former_dependant_has_24_months() -> None:
    """滝沢市・三郷町・久留米市: 65歳以上, 前日に被扶養者, 本人が後期高齢者医療へ; 2年間."""
    assert relieved(dependant()) == FormerDependant(YearMonth(2025, 4), YearMonth(2027, 4))


@pytest.mark.parametrize(
    ("born", "counts"),
    [("1960-04-15", True), ("1960-04-16", True), ("1960-04-17", False), ("1980-01-01", False)],
)
def test_a_former_dependant_is_65_on_the_day_of_acquisition(born: str, counts: bool) -> None:
    """Who is born on 16 April reaches 65 at the end of the 15th, the day of acquisition."""
    assert (relieved(dependant(born=born)) is not None) is counts


@pytest.mark.parametrize("kind", ["employees", "guild"])
def test_who_was_insured_otherwise_is_no_former_dependant(kind: str) -> None:
    assert relieved(dependant(kind=kind)) is None


@pytest.mark.parametrize("worker", [None, "2025-04-14", "2025-04-16"])
def test_the_worker_must_have_gone_to_the_late_elderly_on_that_day(worker: str | None) -> None:
    assert relieved(dependant(), worker=worker) is None


def test_without_a_birth_date_nobody_is_a_former_dependant() -> None:
    facts = dependant()
    answer = former_dependant(
        spans(facts)[0],
        person=facts._replace(birth_date=None),
        worker_joined_late_elderly_on=day("2025-04-15"),
        rules=rules(),
    )
    assert answer is None

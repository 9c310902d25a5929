"""Acquisition and loss: every cause, both sides of every day, and a day-by-day oracle of the law's words."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.law.calendar.period import Period
from kyufu.law.kokuho.enrolment.facts import InsuranceKind, OtherInsurance, PersonFacts, Residence
from kyufu.law.kokuho.enrolment.spans import Cause, late_elderly_on
from tests.law.kokuho.enrolment.people import (
    ATSUGI,
    EBINA,
    KANAGAWA,
    TOKYO,
    ages,
    day,
    insured,
    lived,
    person,
    spans,
    told,
)

HERE = lived((ATSUGI, "2010-04-01", None))
ONE = timedelta(days=1)
START = date(2024, 1, 1)
LENGTH = 70


@pytest.mark.parametrize(
    ("kind", "lost", "why"),
    [
        ("employees", "2025-05-02", Cause.JOINED_EMPLOYEES),
        ("dependant", "2025-05-02", Cause.JOINED_EMPLOYEES),
        ("guild", "2025-05-01", Cause.JOINED_GUILD),
    ],
)
def test_another_insurance_ends_the_enrolment(kind: str, lost: str, why: Cause) -> None:
    facts = person(residences=HERE, insurances=insured((kind, "2025-05-01", None)))
    (span,) = spans(facts)
    assert (span.lost_on, span.lost_by, span.ended_on) == (day(lost), why, day("2025-05-01"))


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("employees", Cause.LEFT_EMPLOYEES),
        ("dependant", Cause.LEFT_EMPLOYEES),
        ("guild", Cause.LEFT_GUILD),
    ],
)
def test_leaving_another_insurance_begins_it_on_the_day_of_its_loss(kind: str, why: Cause) -> None:
    facts = person(residences=HERE, insurances=insured((kind, "2009-04-01", "2025-05-01")))
    assert spans(facts)[0].acquired_on == day("2025-05-01")
    assert spans(facts)[0].acquired_by is why


def test_from_one_work_to_the_next_at_once_is_no_enrolment() -> None:
    facts = person(
        residences=HERE,
        insurances=insured(("employees", "2009-04-01", "2025-05-01"), ("employees", "2025-05-01", None)),
    )
    assert spans(facts) == ()


def test_a_day_between_two_works_is_an_enrolment_of_two_days() -> None:
    facts = person(
        residences=HERE,
        insurances=insured(("employees", "2009-04-01", "2025-05-01"), ("employees", "2025-05-02", None)),
    )
    assert told(facts) == [("2025-05-01", "被用者保険離脱", "2025-05-03", "被用者保険加入")]


def test_a_dependant_of_who_also_works_is_excluded_once() -> None:
    facts = person(
        residences=HERE,
        insurances=insured(
            ("employees", "2024-04-01", "2025-04-01"), ("dependant", "2024-10-01", "2025-08-01")
        ),
    )
    assert told(facts) == [
        ("2010-04-01", "転入", "2024-04-02", "被用者保険加入"),
        ("2025-08-01", "被用者保険離脱", "2055-06-16", "後期高齢者医療（75歳到達）"),
    ]


def test_who_moves_in_with_the_insurance_of_work_is_not_enrolled() -> None:
    facts = person(
        residences=lived((ATSUGI, "2025-04-01", None)), insurances=insured(("employees", "2025-04-01", None))
    )
    assert spans(facts) == ()


def test_who_moves_in_on_the_day_of_leaving_work_is_enrolled_by_moving_in() -> None:
    facts = person(
        residences=lived((ATSUGI, "2025-04-01", None)),
        insurances=insured(("employees", "2020-04-01", "2025-04-01")),
    )
    assert told(facts)[0][:2] == ("2025-04-01", "転入")


def test_who_moves_in_a_day_before_work_is_enrolled_for_two_days() -> None:
    facts = person(
        residences=lived((ATSUGI, "2025-03-31", None)), insurances=insured(("employees", "2025-04-01", None))
    )
    assert told(facts) == [("2025-03-31", "転入", "2025-04-02", "被用者保険加入")]


@pytest.mark.parametrize(
    ("next_start", "lost"),
    [("2025-09-10", "2025-09-10"), ("2025-09-11", "2025-09-11"), ("2025-09-20", "2025-09-11")],
)
def test_moving_out_ends_it_that_day_only_where_another_address_begins(next_start: str, lost: str) -> None:
    facts = person(residences=lived((ATSUGI, "2010-04-01", "2025-09-10"), (TOKYO, next_start, None)))
    assert spans(facts)[0].lost_on == day(lost)
    assert spans(facts)[0].lost_by is Cause.MOVE_OUT


def test_a_move_within_the_prefecture_keeps_the_qualification() -> None:
    facts = person(residences=lived((ATSUGI, "2010-04-01", "2025-09-10"), (EBINA, "2025-09-10", None)))
    assert told(facts)[0][2:] == ("2025-09-10", "転出")
    assert told(facts, code=EBINA)[0][:2] == ("2025-09-10", "転入")
    assert told(facts, code=KANAGAWA)[0][0] == "2010-04-01"
    assert len(told(facts, code=KANAGAWA)) == 1


def test_a_move_over_the_border_of_the_prefecture_ends_the_qualification() -> None:
    facts = person(residences=lived((ATSUGI, "2010-04-01", "2025-09-10"), (TOKYO, "2025-09-10", None)))
    assert told(facts, code=KANAGAWA) == [("2010-04-01", "転入", "2025-09-10", "転出")]


def test_moving_away_and_back_is_two_enrolments() -> None:
    facts = person(
        residences=lived(
            (ATSUGI, "2010-04-01", "2025-09-10"),
            (TOKYO, "2025-09-10", "2025-12-01"),
            (ATSUGI, "2025-12-01", None),
        )
    )
    assert [each[0] for each in told(facts)] == ["2010-04-01", "2025-12-01"]


def test_moving_within_the_municipality_is_one_enrolment() -> None:
    facts = person(residences=lived((ATSUGI, "2010-04-01", "2025-09-10"), (ATSUGI, "2025-09-10", None)))
    assert len(told(facts)) == 1


@pytest.mark.parametrize("end", [None, "2025-07-20", "2025-07-21", "2025-12-31"])
def test_death_ends_it_the_day_after_however_the_register_closes_the_address(end: str | None) -> None:
    facts = person(residences=lived((ATSUGI, "2010-04-01", end)), died="2025-07-20")
    assert told(facts) == [("2010-04-01", "転入", "2025-07-21", "死亡")]


def test_who_moved_before_the_death_lost_it_by_moving() -> None:
    facts = person(
        residences=lived((ATSUGI, "2010-04-01", "2025-07-20"), (TOKYO, "2025-07-20", None)), died="2025-07-20"
    )
    assert told(facts) == [("2010-04-01", "転入", "2025-07-20", "転出")]
    assert told(facts, code=TOKYO) == [("2025-07-20", "転入", "2025-07-21", "死亡")]


def test_who_is_insured_elsewhere_at_death_does_not_lose_anything() -> None:
    facts = person(residences=HERE, insurances=insured(("employees", "2009-01-01", None)), died="2025-07-20")
    assert told(facts) == []


def test_public_assistance_ends_it_on_its_first_day() -> None:
    facts = person(residences=HERE, assistance=(("2025-03-10", None),))
    assert told(facts) == [("2010-04-01", "転入", "2025-03-10", "生活保護開始")]


def test_public_assistance_and_work_on_the_same_day_end_it_that_day() -> None:
    facts = person(
        residences=HERE,
        assistance=(("2025-03-10", None),),
        insurances=insured(("employees", "2025-03-10", None)),
    )
    assert told(facts) == [("2010-04-01", "転入", "2025-03-10", "生活保護開始")]


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        ("1950-04-15", "2025-04-15"),
        ("1950-05-01", "2025-05-01"),
        ("1950-12-31", "2025-12-31"),
        ("1952-02-29", "2027-03-01"),
        ("1945-02-28", "2020-02-28"),
    ],
)
def test_75_is_the_birthday(born: str, expected: str) -> None:
    assert late_elderly_on(day(born), rules=ages()) == day(expected)


def test_nobody_is_enrolled_from_the_day_after_the_75th_birthday_on() -> None:
    facts = person(born=day("1950-04-15"), residences=lived((ATSUGI, "2025-04-16", None)))
    assert spans(facts) == ()


def test_work_after_75_changes_nothing() -> None:
    facts = person(
        born=day("1950-04-15"), residences=HERE, insurances=insured(("employees", "2025-06-01", "2025-09-01"))
    )
    assert told(facts) == [("2010-04-01", "転入", "2025-04-16", "後期高齢者医療（75歳到達）")]


# ---- an oracle that goes day by day with the words of articles 7 and 8 -------------------------------------------

DAYS = st.integers(0, LENGTH)
SAME_DAY_KINDS = (InsuranceKind.GUILD,)


def stretch(draw_from: int, length: int) -> Period:
    return Period(START + draw_from * ONE, START + (draw_from + length) * ONE)


@st.composite
def lives(draw: st.DrawFn) -> PersonFacts:
    """Addresses that do not overlap, other insurances and assistance at will, over some months."""
    cuts = sorted(draw(st.sets(DAYS, min_size=2, max_size=6)))
    codes = draw(st.lists(st.sampled_from([ATSUGI, EBINA, TOKYO, None]), min_size=5, max_size=5))
    residences = tuple(
        Residence(code, stretch(start, end - start))
        for code, start, end in zip(codes, cuts, cuts[1:], strict=False)
        if code is not None
    )
    insurances = tuple(
        OtherInsurance(kind, stretch(start, length))
        for kind, start, length in draw(
            st.lists(
                st.tuples(
                    st.sampled_from([InsuranceKind.EMPLOYEES, InsuranceKind.DEPENDANT, InsuranceKind.GUILD]),
                    DAYS,
                    st.integers(1, 40),
                ),
                max_size=3,
            )
        )
    )
    assistance = tuple(
        stretch(start, length)
        for start, length in draw(st.lists(st.tuples(DAYS, st.integers(1, 40)), max_size=1))
    )
    died = draw(st.none() | st.integers(0, LENGTH + 20))
    return PersonFacts(
        birth_date=date(1980, 6, 15),
        residences=residences,
        other_insurances=insurances,
        public_assistance=assistance,
        died_on=None if died is None else START + died * ONE,
    )


def oracle(facts: PersonFacts, *, code: str) -> set[date]:
    """The days on which the person is insured, each told from the day before."""
    arrivals = {each.period.start for each in facts.residences}
    closed = {each.period.end for each in facts.residences if each.municipality.startswith(code)}
    days: set[date] = set()
    before = False
    for number in range(-1, LENGTH + 60):
        today = START + number * ONE
        before = today <= (facts.died_on or date.max) and insured_today(
            facts, today=today, before=before, code=code, arrivals=arrivals, closed=closed
        )
        if before:
            days.add(today)
    return days


def insured_today(
    facts: PersonFacts,
    *,
    today: date,
    before: bool,
    code: str,
    arrivals: set[date],
    closed: set[date | None],
) -> bool:
    lives_here = any(today in each.period and each.municipality.startswith(code) for each in facts.residences)
    leaves_today = today in closed and today not in arrivals
    if leaves_today and today == facts.died_on:
        lives_here = True
    if not lives_here and not (leaves_today and before):
        return False
    others = facts.other_insurances or ()
    excluded = [each.period for each in others] + list(facts.public_assistance)
    if not any(today in each for each in excluded):
        return True
    if any(today - ONE in each for each in excluded) or not before:
        return False
    at_once = [each.period for each in others if each.kind in SAME_DAY_KINDS] + list(facts.public_assistance)
    return not any(each.start == today for each in at_once)


@settings(max_examples=60, deadline=None)
@given(lives(), st.sampled_from([ATSUGI, EBINA, TOKYO, KANAGAWA]))
def test_the_enrolments_are_the_days_of_the_oracle(facts: PersonFacts, code: str) -> None:
    covered = {
        START + number * ONE
        for number in range(-1, LENGTH + 60)
        if any(START + number * ONE in span.period for span in spans(facts, code=code))
    }
    assert covered == oracle(facts, code=code)


@settings(max_examples=40, deadline=None)
@given(lives())
def test_enrolments_are_in_order_and_do_not_overlap(facts: PersonFacts) -> None:
    found = spans(facts, code=ATSUGI)
    for earlier, later in pairwise(found):
        assert earlier.lost_on is not None
        assert earlier.lost_on <= later.acquired_on
    for span in found:
        assert span.lost_on is None or span.acquired_on < span.lost_on
        assert (span.lost_on is None) == (span.lost_by is None) == (span.ended_on is None)
        if span.lost_on is not None and span.ended_on is not None:
            assert span.lost_on - span.ended_on in (timedelta(0), ONE)


@settings(max_examples=40, deadline=None)
@given(lives())
def test_an_enrolment_lies_within_a_qualification(facts: PersonFacts) -> None:
    whole = spans(facts, code=KANAGAWA)
    for span in (*spans(facts, code=ATSUGI), *spans(facts, code=EBINA)):
        holder = [each for each in whole if span.acquired_on in each.period]
        assert len(holder) == 1
        if holder[0].lost_on is not None:
            assert span.lost_on is not None
            assert span.lost_on <= holder[0].lost_on

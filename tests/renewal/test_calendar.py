"""The days of a schedule: which first days it asks for, when each is planned, and what cannot be kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyufu.law.child.cities import city_of
from kyufu.law.child.renewing import usual_schedules
from kyufu.platform.errors import BadInput
from kyufu.renewal.api import PLANNABLE, Day, RenewalKind, Rule, due_days, next_day
from kyufu.renewal.calendar import check_rule

YEARLY = Rule(RenewalKind.YEARLY, 8, 1, 45, 12, True)
MONTHLY = Rule(RenewalKind.MONTHLY, None, 1, 14, 7, True)
DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """Any rule that can be kept."""
    kind = draw(st.sampled_from(PLANNABLE))
    month = draw(st.integers(1, 12) if kind is RenewalKind.YEARLY else st.none() | st.integers(1, 12))
    lead = draw(st.integers(0, 365))
    rule = Rule(kind, month, draw(st.integers(1, 28)), lead, draw(st.integers(0, lead)), draw(st.booleans()))
    check_rule(rule)
    return rule


def test_a_yearly_one_is_planned_once_a_year() -> None:
    found = due_days(YEARLY, since=date(2026, 11, 30), today=date(2028, 6, 17))
    assert found == (
        Day(date(2027, 8, 1), date(2027, 6, 17), date(2027, 7, 20)),
        Day(date(2028, 8, 1), date(2028, 6, 17), date(2028, 7, 20)),
    )


def test_a_monthly_one_over_the_turn_of_the_year() -> None:
    found = due_days(MONTHLY, since=date(2026, 11, 30), today=date(2027, 2, 1))
    assert [one.on for one in found] == [date(2027, 1, 1), date(2027, 2, 1)]
    assert [one.due_on for one in found] == [date(2026, 12, 18), date(2027, 1, 18)]


def test_what_was_due_before_is_not_asked_for() -> None:
    """The day itself is: who confirms in the morning has it planned the same day."""
    assert due_days(YEARLY, since=date(2027, 6, 18), today=date(2027, 12, 31)) == ()
    assert len(due_days(YEARLY, since=date(2027, 6, 17), today=date(2027, 6, 17))) == 1
    assert due_days(YEARLY, since=date(2027, 6, 18), today=date(2027, 6, 17)) == ()


def test_the_next_one_is_behind_the_day() -> None:
    assert next_day(YEARLY, after=date(2027, 6, 16)).on == date(2027, 8, 1)
    assert next_day(YEARLY, after=date(2027, 6, 17)).on == date(2028, 8, 1)
    assert next_day(MONTHLY, after=date(2026, 12, 18)).on == date(2027, 2, 1)


@given(rule=rules(), since=DAYS, days=st.integers(0, 900))
def test_every_month_or_year_is_asked_for_once(rule: Rule, since: date, days: int) -> None:
    today = since + timedelta(days=days)
    found = due_days(rule, since=since, today=today)
    assert len({one.on for one in found}) == len(found)
    for one in found:
        assert one.on.day == rule.day
        assert rule.month in (None, one.on.month)
        assert since <= one.due_on <= today
        assert one.due_on <= one.issued_on <= one.on
    a_year = 12 if rule.month is None else 1
    assert abs(len(found) - a_year * days / 365) <= 1.2


@given(rule=rules(), since=DAYS, days=st.integers(0, 400), more=st.integers(0, 400))
def test_looking_twice_gives_what_looking_once_gives(rule: Rule, since: date, days: int, more: int) -> None:
    """Whoever looks every day finds what somebody finds who was away for the whole time."""
    middle, end = since + timedelta(days=days), since + timedelta(days=days + more)
    first = due_days(rule, since=since, today=middle)
    rest = due_days(rule, since=middle + timedelta(days=1), today=end)
    assert (*first, *rest) == due_days(rule, since=since, today=end)


@given(rule=rules(), after=DAYS)
def test_the_next_one_is_the_first_that_becomes_due(rule: Rule, after: date) -> None:
    following = next_day(rule, after=after)
    assert due_days(rule, since=after + timedelta(days=1), today=following.due_on)[0] == following


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": RenewalKind.REPLAY}, "再点検は予定にできません"),
        ({"month": None}, "月がありません"),
        ({"month": 13}, "月は1から12まで"),
        ({"month": 0}, "月は1から12まで"),
        ({"day": 29}, "日は1から28まで"),
        ({"day": 0}, "日は1から28まで"),
        ({"issue_days": 46}, "交付日は立案の日から"),
        ({"issue_days": -1}, "交付日は立案の日から"),
        ({"lead_days": 366}, "365日前まで"),
    ],
)
def test_what_cannot_be_kept_is_refused(change: dict[str, object], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        check_rule(YEARLY._replace(**change))  # type: ignore[arg-type]


def test_a_rule_is_told_in_words() -> None:
    assert YEARLY.first_day_text == "毎年8月1日"
    assert MONTHLY.first_day_text == "毎月1日"
    assert YEARLY.judging_text == "対象者の確定と判定まで"
    assert YEARLY._replace(judges=False).judging_text == "立案だけ"


@pytest.mark.parametrize(("city", "month"), [("yokohama", 8), ("kawasaki", 9), ("sapporo", 8)])
def test_the_usual_schedule_of_each_city_can_be_kept_and_is_assumed(city: str, month: int) -> None:
    found = usual_schedules(city_of(city), on=date(2026, 11, 30))
    for one in found:
        check_rule(Rule(RenewalKind(one.code), one.month, one.day, one.lead_days, one.issue_days, one.judges))
        assert one.label == RenewalKind(one.code).label
        assert one.certainty == "仮定（要確認）"
        assert one.source
    yearly = next(one for one in found if one.code == "yearly")
    assert (yearly.month, yearly.day) == (month, 1)
    assert {one.code for one in found} == {str(kind) for kind in PLANNABLE}

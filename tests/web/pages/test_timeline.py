"""The picture of a person's periods: whatever the periods, bars stay inside, in order, and none hides another."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kyufu.law.calendar.period import Period, intersect
from kyufu.web.pages.timeline import (
    BAR,
    GAP,
    LEFT,
    RIGHT,
    ROW,
    TOP,
    Bar,
    BarDrawn,
    Drawing,
    Lane,
    draw,
    say_period,
    window_of,
)

TODAY = date(2026, 11, 29)
BORN = date(2018, 5, 10)
DAYS = st.dates(min_value=date(2010, 1, 1), max_value=date(2040, 12, 31))
PERIODS = st.builds(
    lambda start, days: Period(start, None if days is None else start + timedelta(days=days)),
    DAYS,
    st.none() | st.integers(min_value=1, max_value=3_000),
)
BARS = st.lists(st.builds(Bar, PERIODS, st.text(max_size=20), st.just("entitled")), max_size=8).map(tuple)
LANES = st.lists(st.builds(Lane, st.just("資格"), BARS), max_size=5)
BIRTHS = st.none() | st.dates(min_value=date(1900, 1, 1), max_value=date(2026, 11, 29))
calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
quick = settings(calm, max_examples=30)


def bar(start: str, end: str | None, text: str = "資格あり") -> Bar:
    """A bar from a day to the day on which it is over."""
    return Bar(
        Period(date.fromisoformat(start), None if end is None else date.fromisoformat(end)), text, "entitled"
    )


def drawn(*bars: Bar, birth: date | None = BORN) -> Drawing:
    """A picture of one lane."""
    return draw([Lane("資格", bars)], today=TODAY, birth_date=birth)


def _meet(one: BarDrawn, other: BarDrawn) -> bool:
    """Do two bars share more than an edge?"""
    across = one.x < other.x + other.width and other.x < one.x + one.width
    return across and one.y < other.y + other.height and other.y < one.y + one.height


@calm
@given(lanes=LANES, today=DAYS, birth=BIRTHS)
def test_bars_stay_inside_in_order_and_hide_none(lanes: list[Lane], today: date, birth: date | None) -> None:
    picture = draw(lanes, today=today, birth_date=birth)
    below = float(TOP)
    assert len(picture.lanes) == len(lanes)
    for lane in picture.lanes:
        assert lane.y == pytest.approx(below)
        for one in lane.bars:
            assert one.x >= LEFT
            assert one.x + one.width <= RIGHT + 0.11
            assert lane.y <= one.y
            assert one.y + one.height <= lane.y + lane.height
        assert not [1 for a in lane.bars for b in lane.bars if a is not b and _shared(a, b)]
        starts = [one.x for one in lane.bars]
        assert starts == sorted(starts)
        below = lane.y + lane.height + GAP
    assert picture.height == pytest.approx(below)


def _shared(one: BarDrawn, other: BarDrawn) -> bool:
    """Do they hide each other by more than the rounding of their edges?"""
    thinner = one._replace(width=one.width - 0.11), other._replace(width=other.width - 0.11)
    return min(one.width, other.width) > 0.11 and _meet(*thinner)


@calm
@given(lanes=LANES, today=DAYS)
def test_every_period_within_the_years_is_drawn_and_no_other(lanes: list[Lane], today: date) -> None:
    picture = draw(lanes, today=today, birth_date=None)
    for lane, found in zip(lanes, picture.lanes, strict=True):
        inside = [one for one in lane.bars if intersect(one.period, picture.shown) is not None]
        assert len(found.bars) == len(inside)
        assert sorted(one.title for one in found.bars) == sorted(
            f"{one.text}：{say_period(one.period)}" for one in inside
        )


@calm
@given(lanes=LANES, today=DAYS, birth=BIRTHS)
def test_today_and_every_mark_stand_inside_from_left_to_right(
    lanes: list[Lane], today: date, birth: date | None
) -> None:
    picture = draw(lanes, today=today, birth_date=birth)
    assert today in picture.shown
    assert LEFT <= picture.today_x < RIGHT
    for kind in ("year", "birthday"):
        places = [tick.x for tick in picture.ticks if tick.kind == kind]
        assert places == sorted(set(places))
        assert all(LEFT <= one <= RIGHT for one in places)
    end = picture.shown.end
    assert end is not None
    years = [tick for tick in picture.ticks if tick.kind == "year"]
    assert len(years) == end.year - picture.shown.start.year


@calm
@given(lanes=LANES, today=DAYS)
def test_the_years_shown_are_whole_fiscal_years_of_a_bounded_number(lanes: list[Lane], today: date) -> None:
    shown = window_of(lanes, today=today)
    assert shown.end is not None
    assert (shown.start.month, shown.start.day, shown.end.month, shown.end.day) == (4, 1, 4, 1)
    assert 3 <= shown.end.year - shown.start.year <= 6


def test_without_any_fact_the_last_and_the_next_year_are_shown() -> None:
    assert window_of([], today=TODAY) == Period(date(2025, 4, 1), date(2028, 4, 1))
    assert window_of([], today=date(2026, 3, 31)) == Period(date(2024, 4, 1), date(2027, 4, 1))


def test_what_began_long_ago_and_never_ends_is_cut_at_both_edges() -> None:
    (one,) = drawn(bar("2018-05-10", None)).lanes[0].bars
    assert (one.x, round(one.x + one.width, 1)) == (LEFT, RIGHT)
    assert (one.is_cut_left, one.is_cut_right) == (True, True)


def test_what_lies_inside_is_cut_nowhere() -> None:
    (one,) = drawn(bar("2026-08-01", "2027-08-01")).lanes[0].bars
    assert (one.is_cut_left, one.is_cut_right) == (False, False)
    assert one.height == BAR


def test_what_follows_upon_another_begins_where_it_ends_in_the_same_row() -> None:
    first, second = drawn(bar("2025-08-01", "2026-08-01"), bar("2026-08-01", "2027-08-01")).lanes[0].bars
    assert round(first.x + first.width, 1) == second.x
    assert first.y == second.y


def test_what_shares_a_day_goes_into_a_row_below() -> None:
    lane = drawn(bar("2025-08-01", "2026-08-02"), bar("2026-08-01", "2027-08-01")).lanes[0]
    first, second = lane.bars
    assert second.y == first.y + ROW
    assert lane.height == 2 * ROW


def test_a_row_is_used_again_once_it_is_free() -> None:
    lane = drawn(
        bar("2025-04-01", "2026-04-01"), bar("2025-05-01", "2026-06-01"), bar("2026-05-01", "2027-04-01")
    ).lanes[0]
    assert [one.y for one in lane.bars] == [TOP, TOP + ROW, TOP]
    assert lane.height == 2 * ROW


def test_what_never_ends_leaves_its_row_to_nobody() -> None:
    lane = drawn(bar("2025-04-01", None), bar("2027-04-01", None)).lanes[0]
    assert len({one.y for one in lane.bars}) == 2


def test_words_that_do_not_fit_are_left_to_the_title_and_the_table() -> None:
    short, long = drawn(bar("2026-08-01", "2026-08-15"), bar("2026-09-01", "2027-09-01")).lanes[0].bars
    assert (short.text, long.text) == ("", "資格あり")
    assert short.title == "資格あり：令和8年8月1日（2026年）から令和8年8月14日（2026年）まで"


def test_years_are_marked_by_era_and_birthdays_by_age() -> None:
    ticks = drawn(bar("2026-08-01", "2027-08-01")).ticks
    assert [one.text for one in ticks if one.kind == "year"] == ["令和7年度", "令和8年度", "令和9年度"]
    assert [one.text for one in ticks if one.kind == "birthday"] == ["7歳", "8歳", "9歳"]


def test_of_one_born_lately_the_first_mark_is_the_birth() -> None:
    ticks = drawn(birth=date(2026, 6, 1)).ticks
    assert [one.text for one in ticks if one.kind == "birthday"] == ["0歳", "1歳"]


def test_without_a_date_of_birth_no_birthday_is_marked() -> None:
    assert {one.kind for one in drawn(birth=None).ticks} == {"year"}


def test_who_was_born_on_a_leap_day_has_a_birthday_every_year() -> None:
    ticks = [one.text for one in drawn(birth=date(2020, 2, 29)).ticks if one.kind == "birthday"]
    assert ticks == ["6歳", "7歳", "8歳"]


@pytest.mark.parametrize(
    ("period", "words"),
    [
        (Period(date(2026, 8, 1), None), "令和8年8月1日（2026年）から（終わりの定めなし）"),
        (Period(date(1800, 1, 1), date(2019, 5, 1)), "1800年1月1日から平成31年4月30日（2019年）まで"),
    ],
)
def test_a_period_is_said_from_its_first_to_its_last_day(period: Period, words: str) -> None:
    assert say_period(period) == words


def test_a_lane_without_bars_keeps_its_place() -> None:
    picture = draw([Lane("資格", ()), Lane("医療証", ())], today=TODAY, birth_date=BORN)
    assert [(one.label, one.y, one.height, one.bars) for one in picture.lanes] == [
        ("資格", TOP, ROW, ()),
        ("医療証", TOP + ROW + GAP, ROW, ()),
    ]


@quick
@given(lanes=LANES, today=DAYS, birth=BIRTHS)
def test_the_order_in_which_facts_are_told_changes_nothing(
    lanes: list[Lane], today: date, birth: date | None
) -> None:
    turned = [lane._replace(bars=lane.bars[::-1]) for lane in lanes]
    assert draw(turned, today=today, birth_date=birth) == draw(lanes, today=today, birth_date=birth)


@quick
@given(lanes=LANES, today=DAYS)
def test_a_bar_begins_after_another_where_its_period_does(lanes: list[Lane], today: date) -> None:
    """The same day stands at the same place in every lane."""
    picture = draw(lanes, today=today, birth_date=None)
    places: dict[date, float] = {}
    for lane, drawing in zip(lanes, picture.lanes, strict=True):
        seen = [one for bar in lane.bars if (one := intersect(bar.period, picture.shown)) is not None]
        starts = sorted(one.start for one in seen)
        for day, one in zip(starts, sorted(bar.x for bar in drawing.bars), strict=True):
            assert places.setdefault(day, one) == one
    assert [places[day] for day in sorted(places)] == sorted(places.values())


@quick
@given(lanes=LANES, today=DAYS)
def test_no_lane_is_higher_than_its_bars_need(lanes: list[Lane], today: date) -> None:
    for drawing in draw(lanes, today=today, birth_date=None).lanes:
        rows = {round((bar.y - drawing.y) / ROW) for bar in drawing.bars}
        assert rows == set(range(len(rows))), "no row stays empty"
        assert drawing.height == max(1, len(rows)) * ROW


@quick
@given(lanes=LANES, today=DAYS)
def test_whatever_is_not_written_into_a_bar_is_in_its_title(lanes: list[Lane], today: date) -> None:
    for lane, drawing in zip(lanes, draw(lanes, today=today, birth_date=None).lanes, strict=True):
        told = sorted(f"{bar.text}：{say_period(bar.period)}" for bar in lane.bars)
        assert all(bar.title in told for bar in drawing.bars)
        assert all(bar.text in ("", bar.title[: len(bar.text)]) for bar in drawing.bars)


@pytest.mark.parametrize(
    ("today", "birth", "ages"),
    [
        # On the day of birth, in the year shown before it, and long after it.
        (date(2026, 11, 29), date(2026, 11, 29), ["0歳", "1歳"]),
        (date(2026, 11, 29), date(2026, 4, 1), ["0歳", "1歳"]),
        (date(2026, 11, 29), date(2026, 3, 31), ["0歳", "1歳", "2歳"]),
        (date(2026, 11, 29), date(1926, 5, 1), ["99歳", "100歳", "101歳"]),
    ],
)
def test_the_birthdays_of_the_years_shown_are_marked_and_no_other(
    today: date, birth: date, ages: list[str]
) -> None:
    picture = draw([], today=today, birth_date=birth)
    found = [one.text for one in picture.ticks if one.kind == "birthday"]
    assert found[: len(ages)] == ages or found == ages


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2026, 3, 31), 2024),
        (date(2026, 4, 1), 2025),
        (date(2026, 12, 31), 2025),
        (date(2027, 3, 31), 2025),
    ],
)
def test_a_year_of_offices_begins_in_april(today: date, first: int) -> None:
    assert window_of([], today=today).start == date(first, 4, 1)

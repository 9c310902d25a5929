"""Overlays of any changes: the same as laying them one by one, whole in every day, and told apart by their version."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.law.calendar.period import Period
from kyufu.law.child import check_overlay, judge, list_parameters, parameter_tables
from kyufu.law.child.parameters import CITY_TABLES, PREFECTURE_TABLES
from kyufu.law.child.uses import use_of
from kyufu.law.parameters.catalogue import load_entries, overlaid_version, parameter_version
from kyufu.law.parameters.entries import Certainty, Entry, ParameterError, Table
from kyufu.law.parameters.overlay import NOTHING, Change, Overlay, kind_of, lay_over, refuse_meeting
from kyufu.law.parameters.reading import refuse_overlaps_and_gaps
from kyufu.law.parameters.wording import names_of, say_column, say_entry, say_name, say_value
from tests.law.independent import child_of, earner
from tests.law.yokohama import CITY_FILE, FILES, PREFECTURE_FILE, PRINTED_FILE

FIRST, LAST = date(2027, 1, 1), date(2040, 3, 31)
DAYS = st.dates(FIRST, LAST)
PLAIN = load_entries(CITY_FILE, tables=CITY_TABLES)
BY_FILE = {CITY_FILE: CITY_TABLES, PREFECTURE_FILE: PREFECTURE_TABLES}
READ = {file: load_entries(file, tables=tables) for file, tables in BY_FILE.items()}
FEW = settings(max_examples=30, deadline=None)
# Whole numbers of both files that hold on all days since FIRST.
NUMBERS = (
    (CITY_FILE, "certificate", "backdating_days"),
    (CITY_FILE, "limit", "base"),
    (PREFECTURE_FILE, "limit", "base"),
)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start = draw(DAYS)
    days = draw(st.none() | st.integers(1, 2000))
    return Period(start, None if days is None else start + timedelta(days))


@st.composite
def changes(draw: st.DrawFn) -> Change:
    file, table, key = draw(st.sampled_from(NUMBERS))
    value = draw(st.integers(0, 9_000_000))
    certainty = draw(st.sampled_from(list(Certainty)))
    return Change(file, table, key, "value", value, draw(periods()), "改正", certainty, "承認した変更")


SETS = st.lists(changes(), max_size=6)


def laid(overlay: Overlay, *, file: str = CITY_FILE) -> tuple[Entry, ...]:
    return lay_over(READ[file], file=file, tables=BY_FILE[file], overlay=overlay)


def row_on(day: date, entries: tuple[Entry, ...], *, table: str, key: str) -> Entry:
    (found,) = [one for one in entries if (one.table, one.key) == (table, key) and day in one.period]
    return found


@FEW
@given(made=SETS, asked=DAYS)
def test_a_plain_reading_of_the_changes_gives_the_same_value(made: list[Change], asked: date) -> None:
    """Read backwards: the first change from the end that speaks of the day, else the file."""
    for file, table, key in NUMBERS:
        entries = laid(Overlay(tuple(made)), file=file)
        meant = [one for one in reversed(made) if one[:3] == (file, table, key) and asked in one.period]
        plain = row_on(asked, laid(NOTHING, file=file), table=table, key=key)
        row = row_on(asked, entries, table=table, key=key)
        expected = meant[0] if meant else None
        assert row.columns["value"] == (expected.value if expected else plain.columns["value"])
        assert (row.source, row.certainty) == (
            (expected.source, expected.certainty) if expected else (plain.source, plain.certainty)
        )
        assert row.origin == ("承認した変更" if expected else "")


@FEW
@given(made=SETS)
def test_laying_all_is_laying_one_after_the_other(made: list[Change]) -> None:
    overlay = NOTHING
    for one in made:
        overlay = overlay.and_then([one])
    assert overlay == Overlay(tuple(made))
    step: tuple[Entry, ...] = PLAIN
    for one in made:
        step = lay_over(step, file=CITY_FILE, tables=CITY_TABLES, overlay=Overlay((one,)))
    assert step == laid(overlay)


@FEW
@given(made=SETS)
def test_rows_follow_each_other_without_a_gap_and_the_last_stays_open(made: list[Change]) -> None:
    for file in BY_FILE:
        entries = [one for one in laid(Overlay(tuple(made)), file=file) if "value" in one.columns]
        refuse_overlaps_and_gaps(entries)
        for key in {(one.table, one.key) for one in entries}:
            rows = sorted((one for one in entries if (one.table, one.key) == key), key=lambda one: one.period)
            assert all(earlier.period.end == later.period.start for earlier, later in pairwise(rows))
            assert rows[-1].period.end is None
            plain = [one for one in laid(NOTHING, file=file) if (one.table, one.key) == key]
            assert rows[0].period.start == min(one.period.start for one in plain)


@FEW
@given(one=changes())
def test_a_change_made_twice_says_no_more_than_once(one: Change) -> None:
    assert laid(Overlay((one, one)), file=one.file) == laid(Overlay((one,)), file=one.file)


@FEW
@given(one=changes(), other=changes())
def test_changes_of_days_or_values_apart_may_come_in_any_order(one: Change, other: Change) -> None:
    def values(*made: Change) -> dict[tuple[str, date], object]:
        days = {FIRST, LAST, one.period.start, other.period.start}
        return {
            (file + key, day): row_on(day, laid(Overlay(made), file=file), table=table, key=key).columns[
                "value"
            ]
            for file, table, key in NUMBERS
            for day in days
        }

    apart = one[:3] != other[:3] or _apart(one.period, other.period)
    if apart:
        assert values(one, other) == values(other, one)
        refuse_meeting([one, other])
    else:
        with pytest.raises(ParameterError, match="重なって"):
            refuse_meeting([one, other])


def _apart(one: Period, other: Period) -> bool:
    """Said another way than the code: walk from the later start back to the earlier period."""
    earlier, later = sorted((one, other), key=lambda period: period.start)
    return earlier.end is not None and earlier.end <= later.start


@FEW
@given(made=SETS)
def test_the_version_is_that_of_the_files_only_where_nothing_is_laid_over(made: list[Change]) -> None:
    overlay = Overlay(tuple(made))
    assert (overlaid_version(FILES, overlay=overlay) == parameter_version(FILES)) == (not made)


@FEW
@given(one=changes(), value=st.integers(0, 9_000_000), start=DAYS)
def test_another_value_day_place_or_order_is_another_version(one: Change, value: int, start: date) -> None:
    def version(*made: Change) -> str:
        return overlaid_version(FILES, overlay=Overlay(made))

    other = one._replace(value=value)
    assert (version(one) == version(other)) == (one.value == value)
    moved = one._replace(period=Period(start, None))
    assert (version(one) == version(moved)) == (one.period == moved.period)
    assert version(one) == version(one._replace(origin="申し出中の変更")), (
        "before and after the approval alike"
    )
    assert version(one, moved) != version(moved, one) or one == moved
    assert version(one) != version(one._replace(source="別の改正"))
    assert version(one._replace(value=1)) != version(one._replace(value=True))


@FEW
@given(made=SETS)
def test_the_version_of_a_judgement_is_that_of_the_check(made: list[Change]) -> None:
    overlay = Overlay(tuple(made))
    facts = child_of(earner(0), born=date(2020, 5, 5))
    decision = judge(facts, municipality="yokohama", on=date(2026, 9, 1), overlay=overlay)
    assert decision.parameter_version == check_overlay("yokohama", overlay=overlay)


@FEW
@given(start=st.dates(date(2028, 1, 1), LAST), value=st.integers(0, 300))
def test_a_change_that_begins_later_changes_no_answer_before(start: date, value: int) -> None:
    later = Change(
        CITY_FILE, "certificate", "backdating_days", "value", value, Period(start, None), "改正",
        Certainty.OFFICIAL, "変更",
    )  # fmt: skip
    facts = child_of(earner(0), born=date(2020, 5, 5))
    plain = judge(facts, municipality="yokohama", on=date(2026, 9, 1))
    under = judge(facts, municipality="yokohama", on=date(2026, 9, 1), overlay=Overlay((later,)))
    assert (under.outcome, under.period, under.reasons, under.steps) == (
        plain.outcome, plain.period, plain.reasons, plain.steps,
    )  # fmt: skip


@FEW
@given(back=st.integers(1, 4000))
def test_days_before_the_first_row_cannot_be_changed(back: int) -> None:
    rows = [one for one in PLAIN if one.key == "backdating_days"]
    start = min(one.period.start for one in rows) - timedelta(back)
    for end in (None, start + timedelta(back), start + timedelta(back + 1)):
        wrong = Change(
            CITY_FILE, "certificate", "backdating_days", "value", 1, Period(start, end), "改正",
            Certainty.OFFICIAL, "変更",
        )  # fmt: skip
        with pytest.raises(ParameterError) as refusal:
            laid(Overlay((wrong,)))
        assert "もとの値のない日" in refusal.value.reason


@FEW
@given(first=periods(), other=periods())
def test_two_cuts_of_an_era_keep_all_its_rows_together(first: Period, other: Period) -> None:
    def limited(period: Period, value: bool) -> Change:
        return Change(
            CITY_FILE,
            "band",
            "to_18_year_end",
            "income_limited",
            value,
            period,
            "改正",
            Certainty.OFFICIAL,
            "変更",
        )

    entries = laid(Overlay((limited(first, True), limited(other, False))))
    bands = [one for one in entries if one.table == "band"]
    for day in (first.start, other.start, LAST):
        eras = {one.period for one in bands if day in one.period}
        assert len(eras) == 1, "rows of an era begin and end together"
    assert check_overlay("yokohama", overlay=Overlay((limited(first, True),)))


@pytest.mark.parametrize("boundary", ["age:1", "grade:1", "grade:7", "grade:13", "birth"])
def test_a_border_that_does_not_fit_is_told_in_words_and_never_by_its_code(boundary: str) -> None:
    wrong = Change(
        CITY_FILE, "band", "to_18_year_end", "starts", boundary, Period(date(2027, 4, 1), None), "改正",
        Certainty.OFFICIAL, "変更",
    )  # fmt: skip
    if boundary == "age:1":
        wrong = wrong._replace(key="infant", column="ends", value="age:4")
    with pytest.raises(ParameterError) as refusal:
        check_overlay("yokohama", overlay=Overlay((wrong,)))
    said = refusal.value.reason
    assert "age:" not in said and "grade:" not in said and "birth" not in said
    assert "歳に達する日の属する月の翌月1日" in said


def _dated() -> list[tuple[str, Table, Entry, str]]:
    return [
        (file, table, entry, column)
        for file, tables in parameter_tables("yokohama").items()
        for table in tables
        for entry in load_entries(file, tables=tables)
        if entry.table == table.name
        for column in entry.columns
        if column in table.changeable
    ]


def test_every_changeable_value_has_a_kind_a_name_and_words_without_codes() -> None:
    names = names_of(list_parameters("yokohama"))
    for _, table, entry, column in _dated():
        assert kind_of(entry, column=column, table=table) is type(entry.columns[column])
        assert not set(say_name(entry, column=column)) & set("_:")
        said = say_column(entry, column=column, names=names)
        assert said and not any(code in said for code in ("age:", "grade:", "birth", "first_of"))
        assert entry.key not in say_entry(entry, names=names) or entry.key in str(entry.columns["label"])


def test_every_changeable_value_may_be_replaced_by_itself_and_nothing_else_moves() -> None:
    """Identity of content: the rows are cut, the values of every day stay."""
    for file, table, entry, column in _dated():
        same = Change(
            file,
            table.name,
            entry.key,
            column,
            entry.columns[column],
            entry.period,
            "同じ値",
            Certainty.OFFICIAL,
            "変更",
        )
        entries = load_entries(file, tables=parameter_tables("yokohama")[file], overlay=Overlay((same,)))
        there = [one for one in entries if (one.table, one.key) == (entry.table, entry.key)]
        assert [one.columns for one in there] == [
            one.columns
            for one in load_entries(file, tables=parameter_tables("yokohama")[file])
            if (one.table, one.key) == (entry.table, entry.key)
        ]


def test_what_a_value_serves_is_said_of_every_value() -> None:
    for file, table, entry, _ in _dated():
        use = use_of(file, table=table.name, key=entry.key, municipality="yokohama")
        assert use.figures
        assert (
            bool(use.citations) == (file != PRINTED_FILE) or entry.key in ("backdating_days",) or use.figures
        )


@FEW
@given(value=st.integers(-1, 9_999_999))
def test_numbers_are_said_with_separators(value: int) -> None:
    row = next(one for one in PLAIN if one.key == "base" and one.table == "limit")
    assert say_value(value, entry=row, column="value", names={}) == f"{value:,}円"

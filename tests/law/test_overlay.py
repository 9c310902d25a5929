"""Dated changes over the parameter files: nothing changes nothing, the later wins, and what does not fit is refused."""

from __future__ import annotations

from datetime import date
from pickle import dumps, loads

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.law.calendar.period import Period
from kyufu.law.child import (
    check_overlay,
    is_of_age,
    judge,
    judge_stretches,
    list_parameters,
    parameter_tables,
)
from kyufu.law.child.parameters import CITY_TABLES
from kyufu.law.decision import Outcome
from kyufu.law.parameters.catalogue import load_entries, overlaid_version, parameter_version
from kyufu.law.parameters.entries import Certainty, Entry, ParameterError, Plain
from kyufu.law.parameters.overlay import NOTHING, Change, Overlay, lay_over, refuse_meeting
from tests.law.independent import child_of, earner
from tests.law.yokohama import CITY_FILE, FILES, PREFECTURE_FILE, PRINTED_FILE, RENEWAL_FILE

NEXT = date(2027, 8, 1)
FIRST = date(2016, 8, 1)
DAYS = st.dates(FIRST, date(2035, 12, 31))


def change(
    key: str = "backdating_days",
    value: Plain = 60,
    *,
    start: date = NEXT,
    end: date | None = None,
    table: str = "certificate",
    file: str = CITY_FILE,
    column: str = "value",
) -> Change:
    return Change(
        file,
        table,
        key,
        column,
        value,
        Period(start, end),
        "市の要綱の改正",
        Certainty.OFFICIAL,
        "承認した変更",
    )


def laid(*changes: Change) -> tuple[Entry, ...]:
    return load_entries(CITY_FILE, tables=CITY_TABLES, overlay=Overlay(changes))


def value_on(day: date, *, entries: tuple[Entry, ...], key: str, column: str = "value") -> Plain:
    found = [one for one in entries if one.key == key and day in one.period and column in one.columns]
    assert len(found) == 1
    return found[0].columns[column]


PLAIN = load_entries(CITY_FILE, tables=CITY_TABLES)


def test_an_overlay_of_nothing_is_the_files_themselves() -> None:
    assert laid() == PLAIN
    assert overlaid_version(FILES, overlay=NOTHING) == parameter_version(FILES)
    assert list_parameters("yokohama", overlay=NOTHING) == list_parameters("yokohama")
    assert check_overlay("yokohama", overlay=NOTHING) == parameter_version(FILES)


@settings(deadline=None)
@given(start=DAYS, length=st.integers(1, 3000), value=st.integers(0, 400), asked=DAYS)
def test_the_new_value_holds_on_its_days_and_the_old_one_on_all_others(
    start: date, length: int, value: int, asked: date
) -> None:
    end = date.fromordinal(start.toordinal() + length)
    entries = laid(change(value=value, start=start, end=end))
    expected = value if start <= asked < end else value_on(asked, entries=PLAIN, key="backdating_days")
    assert value_on(asked, entries=entries, key="backdating_days") == expected


@settings(deadline=None)
@given(changes=st.lists(st.tuples(DAYS, st.integers(0, 400)), min_size=1, max_size=5), asked=DAYS)
def test_of_changes_of_the_same_days_the_later_one_wins(changes: list[tuple[date, int]], asked: date) -> None:
    entries = laid(*(change(value=value, start=start) for start, value in changes))
    held = [value for start, value in changes if start <= asked]
    expected = held[-1] if held else value_on(asked, entries=PLAIN, key="backdating_days")
    assert value_on(asked, entries=entries, key="backdating_days") == expected


@settings(deadline=None)
@given(changes=st.lists(st.tuples(DAYS, st.integers(0, 400), st.integers(1, 900)), max_size=4))
def test_what_is_laid_over_keeps_every_other_value_and_leaves_no_gap(
    changes: list[tuple[date, int, int]],
) -> None:
    made = [
        change(value=value, start=start, end=date.fromordinal(start.toordinal() + days))
        for start, value, days in changes
    ]
    entries = laid(*made)
    assert [one for one in entries if one.key != "backdating_days"] == [
        one for one in PLAIN if one.key != "backdating_days"
    ]
    check_overlay("yokohama", overlay=Overlay(tuple(made)))


def test_the_row_tells_where_the_value_comes_from() -> None:
    entries = laid(change())
    new = next(one for one in entries if one.key == "backdating_days" and NEXT in one.period)
    old = next(one for one in entries if one.key == "backdating_days" and NEXT not in one.period)
    assert (new.source, new.certainty, new.origin) == ("市の要綱の改正", Certainty.OFFICIAL, "承認した変更")
    assert (old.origin, old.certainty, old.period) == ("", Certainty.ASSUMED, Period(FIRST, NEXT))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (change(start=date(2016, 7, 31)), "もとの値のない日"),
        (change("unknown"), "知らない名前"),
        (change(table="unknown"), "知らない表"),
        (change(column="label", value="別の名前"), "変えられません"),
        (change(value="60"), "型"),
        (change(value=True), "型"),
        (change(value=-1), "負の値"),
        (change("first_month", 13), "1から12"),
        (change("age_step", "whenever"), "切替日"),
        (change("free", 100, table="benefit_class", column="inpatient_copay"), "変えられません"),
        (change("infant", "gold", table="band", column="class"), "知らない区分"),
        (change("infant", "age:2", table="band", column="ends"), "続いていません"),
        (change("to_18_year_end", "whenever", table="band", column="ends"), "知らない境目"),
        (change("to_grade_9", False, table="band", column="income_limited"), "もとの値のない日"),
        (change("base", 1, table="limit")._replace(source=" "), "出典"),
    ],
)
def test_a_change_that_does_not_fit_is_refused_with_the_reason(wrong: Change, says: str) -> None:
    with pytest.raises(ParameterError) as refusal:
        check_overlay("yokohama", overlay=Overlay((wrong,)))
    assert says in refusal.value.reason
    assert wrong.key in str(refusal.value) or wrong.table in str(refusal.value) or refusal.value.line


def test_the_rows_of_an_era_are_cut_together() -> None:
    """The prefecture's bands and the city's hang together: two changes at once move the border between two bands."""
    both = (
        change("infant", "age:2", table="band", column="ends"),
        change("to_18_year_end", "age:2", table="band", column="starts"),
    )
    entries = [one for one in laid(*both) if one.table == "band" and NEXT in one.period]
    assert {one.period for one in entries} == {Period(NEXT, None)}
    assert check_overlay("yokohama", overlay=Overlay(both)) != parameter_version(FILES)


def test_changes_decided_together_may_not_meet() -> None:
    refuse_meeting([change(end=date(2028, 1, 1)), change(start=date(2028, 1, 1)), change("first_month", 9)])
    with pytest.raises(ParameterError, match="重なって"):
        refuse_meeting([change(), change(start=date(2028, 1, 1))])


def test_a_city_that_limits_income_again_says_no_from_that_certificate_year_on() -> None:
    limited = change("to_18_year_end", True, table="band", column="income_limited")
    low = change("base", 1_000_000, table="limit")
    overlay = Overlay((limited, low))
    facts = child_of(earner(5_000_000), born=date(2020, 5, 5))
    now, then = date(2027, 6, 1), date(2027, 9, 1)
    assert judge(facts, municipality="yokohama", on=now, overlay=overlay).outcome is Outcome.ELIGIBLE
    plain = judge(facts, municipality="yokohama", on=then)
    changed = judge(facts, municipality="yokohama", on=then, overlay=overlay)
    assert (plain.outcome, changed.outcome) == (Outcome.ELIGIBLE, Outcome.NOT_ELIGIBLE)
    assert changed.reasons[0].code == "income_over"
    assert changed.parameter_version == check_overlay("yokohama", overlay=overlay) != plain.parameter_version
    stretches = judge_stretches(facts, municipality="yokohama", on=then, overlay=overlay)
    assert [one.outcome for one in stretches[-2:]] == [Outcome.ELIGIBLE, Outcome.NOT_ELIGIBLE]


def test_what_is_only_printed_changes_no_version() -> None:
    printed = Overlay((change("payer_number", "80140001", file=PRINTED_FILE),))
    assert check_overlay("yokohama", overlay=printed) == parameter_version(FILES)
    shown = [one for one in list_parameters("yokohama", overlay=printed) if one.key == "payer_number"]
    assert [one.columns["value"] for one in sorted(shown, key=lambda one: one.period.start)][-1] == "80140001"


def test_who_is_of_age_follows_the_bands_under_the_overlay() -> None:
    longer = Overlay((change("to_18_year_end", "grade:14", table="band", column="ends"),))
    born, on = date(2008, 5, 5), date(2027, 9, 1)
    assert not is_of_age(born, municipality="yokohama", on=on)
    assert is_of_age(born, municipality="yokohama", on=on, overlay=longer)


def test_an_overlay_travels_to_another_process_and_hashes_alike() -> None:
    overlay = Overlay((change(), change("base", 1, table="limit", file=PREFECTURE_FILE)))
    there = loads(dumps(overlay))
    assert there == overlay
    assert overlaid_version(FILES, overlay=there) == overlaid_version(FILES, overlay=overlay)
    assert overlay.of_files([PREFECTURE_FILE]) == overlay.changes[1:]
    assert NOTHING.and_then(overlay.changes) == overlay


def test_every_file_has_its_tables_and_the_values_of_all_may_be_changed() -> None:
    tables = parameter_tables("yokohama")
    assert set(tables) == {CITY_FILE, PREFECTURE_FILE, PRINTED_FILE, RENEWAL_FILE}
    values = [one for file in tables.values() for one in file if "value" in one.columns]
    assert all(one.changeable == {"value"} for one in values)
    assert lay_over(PLAIN, file=PREFECTURE_FILE, tables=CITY_TABLES, overlay=Overlay((change(),))) == PLAIN

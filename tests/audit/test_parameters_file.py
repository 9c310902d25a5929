"""A wrong file of the log's parameters is refused with file, line and entry; a right one has a value for every day."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyufu.audit import parameters
from kyufu.audit.oddness import Signal
from kyufu.audit.parameters import FILE, ReviewLimits, entries, holidays, limits, retention, weights
from kyufu.audit.tables import logged_tables
from kyufu.law.parameters.entries import ParameterError

TEXT = FILE.read_text(encoding="utf-8")
RAW: dict[str, list[dict[str, Any]]] = tomllib.loads(TEXT)
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
READING = """
[[retention]]
name = "audit_read"
label = "閲覧の記録"
years = 5
from = 2000-01-01
source = "横浜市"
certainty = "official"
"""
Written = Callable[[str], Path]


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Written]:
    """Puts another text in the place of the file; what was read is forgotten before and after."""

    def write(text: str) -> Path:
        path = tmp_path / "parameters.toml"
        path.write_text(text, encoding="utf-8")
        monkeypatch.setattr(parameters, "FILE", path)
        entries.cache_clear()
        return path

    yield write
    entries.cache_clear()


def line_of(text: str, *, nth: int, table: str = "[[retention]]") -> int:
    """The line, counted from one, at which the nth row of a table begins."""
    return [number for number, line in enumerate(text.splitlines(), 1) if line == table][nth]


def with_second(text: str, *, first_to: str | None, second_from: str, second_to: str | None = None) -> str:
    """The file with the first row of retention ended and a second one of the same name behind."""
    ended = READING.replace("source", f"to = {first_to}\nsource") if first_to else READING
    later = READING.replace("years = 5", "years = 10").replace("2000-01-01", second_from)
    if second_to:
        later = later.replace("source", f"to = {second_to}\nsource")
    second = text.index("[[retention]]", text.index("[[retention]]") + 1)
    return ended.lstrip() + later + "\n" + text[second:]


@pytest.mark.parametrize(
    ("given_text", "wrong", "message"),
    [
        ('source = "操作の記録と同じとする"', 'source = "  "', "出典"),
        ('certainty = "assumed"', 'certainty = "likely"', "certainty"),
        ("years = 6", "years = 6.5", "型"),
        ("years = 6", 'years = "6"', "型"),
        ("years = 6", "years = true", "型"),
        ("years = 6\nfrom = 2000-01-01", "years = 6\nfrom = 2000-01-01\nto = 1999-12-31", "後ではありません"),
        ("years = 6\nfrom = 2000-01-01", 'years = 6\nfrom = "2000-01-01"', "日付"),
        ("years = 6\n", "", "項目がありません：years"),
        ("years = 6\n", "years = 6\nmonths = 1\n", "知らない項目です：months"),
    ],
)
def test_a_wrong_row_is_named_by_file_table_and_line(
    written: Written, given_text: str, wrong: str, message: str
) -> None:
    assert given_text in TEXT
    written(TEXT.replace(given_text, wrong, 1))
    with pytest.raises(ParameterError, match=message) as refusal:
        entries()
    said = str(refusal.value)
    assert "parameters.toml" in said
    place = TEXT[: TEXT.index(given_text)].count("\n") + 1
    header = max(n for n, line in enumerate(TEXT.splitlines(), 1) if line.startswith("[[") and n <= place)
    assert str(header) in said


@pytest.mark.parametrize(
    ("first_to", "second_from", "second_to", "message"),
    [
        (None, "2027-04-01", None, "重なって"),
        ("2027-04-01", "2027-03-31", None, "重なって"),
        ("2027-04-01", "2027-04-02", None, "空き"),
        ("2027-04-01", "2027-04-01", "2030-04-01", "その後の値がありません"),
    ],
)
def test_overlaps_gaps_and_ends_are_refused_at_the_row(
    written: Written, first_to: str | None, second_from: str, second_to: str | None, message: str
) -> None:
    text = with_second(TEXT, first_to=first_to, second_from=second_from, second_to=second_to)
    written(text)
    with pytest.raises(ParameterError, match=message) as refusal:
        entries()
    assert str(line_of(text, nth=1)) in str(refusal.value)


def test_a_new_value_counts_from_its_first_day(written: Written) -> None:
    written(with_second(TEXT, first_to="2027-04-01", second_from="2027-04-01"))
    days = (date(2000, 1, 1), date(2027, 3, 31), date(2027, 4, 1), date(2099, 1, 1))
    assert [retention(on=day)["audit_read"].years for day in days] == [5, 5, 10, 10]
    assert {retention(on=day)["audit_write"].years for day in days} == {5}


def test_a_value_that_is_missing_is_named(written: Written) -> None:
    start = TEXT.index('[[value]]\nname = "queue_score"')
    written(TEXT[:start] + TEXT[TEXT.index("[[", start + 2) :])
    with pytest.raises(ParameterError, match="queue_score"):
        entries()


@pytest.mark.parametrize("text", ["[[retention]\n", "[[unknown]]\nname = 1\n", "value = 1\n"])
def test_what_is_no_such_file_is_refused_with_its_name(written: Written, text: str) -> None:
    written(text)
    with pytest.raises(ParameterError, match=r"parameters\.toml"):
        entries()


def test_a_day_before_the_first_value_has_none(written: Written) -> None:
    written(TEXT)
    with pytest.raises(ParameterError, match="1999-12-31"):
        limits(on=date(1999, 12, 31))
    assert retention(on=date(1999, 12, 31)) == {}


@given(DAYS)
def test_every_day_has_what_the_file_says_by_a_plain_reading(day: date) -> None:
    def in_force(table: str) -> list[dict[str, Any]]:
        return [row for row in RAW[table] if row["from"] <= day and not ("to" in row and row["to"] <= day)]

    assert {name: rule.years for name, rule in retention(on=day).items()} == {
        row["name"]: row["years"] for row in in_force("retention")
    }
    assert dict(weights(on=day)) == {row["name"]: row["weight"] for row in in_force("signal")}
    found = limits(on=day)
    assert {name: getattr(found, name) for name in ReviewLimits.__dataclass_fields__} == {
        row["name"]: row["value"] for row in in_force("value")
    }


@given(DAYS)
def test_every_signal_has_a_weight_and_every_table_a_retention_on_every_day(day: date) -> None:
    assert set(weights(on=day)) == {str(one) for one in Signal}
    assert {table.retention for table in logged_tables().values()} <= set(retention(on=day))


def second_mondays(year: int, *, month: int, nth: int) -> date:
    """The nth Monday of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(7 - first.weekday()) % 7 + 7 * (nth - 1))


@pytest.mark.parametrize("year", [2026, 2027])
def test_holidays_agree_with_the_act_reckoned_anew(year: int) -> None:
    """国民の祝日に関する法律: fixed days, Mondays, equinoxes, days moved from Sundays, days between two holidays."""
    fixed = ((1, 1), (2, 11), (2, 23), (4, 29), (5, 3), (5, 4), (5, 5), (8, 11), (11, 3), (11, 23))
    equinoxes = {2026: ((3, 20), (9, 23)), 2027: ((3, 21), (9, 23))}[year]
    found = {date(year, month, day) for month, day in (*fixed, *equinoxes)}
    found |= {second_mondays(year, month=m, nth=n) for m, n in ((1, 2), (7, 3), (9, 3), (10, 2))}
    named = set(found)
    for day in sorted(named):
        if day.weekday() == 6:
            moved = day
            while moved in found:
                moved += timedelta(days=1)
            found.add(moved)
    for day in named:
        between = day + timedelta(days=1)
        if between + timedelta(days=1) in named and between not in found:
            found.add(between)
    assert {day for day in holidays() if day.year == year} == found

"""The payer number: a dated parameter of the municipality, checked wherever it is read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from kyufu.cases import payer
from kyufu.law.parameters.overlay import NOTHING
from kyufu.notation.check_digits import parse_payer_number
from kyufu.platform.errors import BadInput

ENTRY = """
[[certificate]]
name = "payer_number"
label = "公費負担者番号"
value = "{value}"
unit = "番号"
from = {start}
{until}
source = "見本"
certainty = "assumed"
"""
ONE, OTHER = "80141005", "80137011"


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Write the parameter file of a city of the test's own."""
    monkeypatch.setattr(payer, "DATA", tmp_path)
    payer._entries.cache_clear()

    def write_file(text: str) -> None:
        (tmp_path / payer.payer_file("mihon")).write_text(text, encoding="utf-8")

    return write_file


def entry(value: str, *, start: str, until: str = "") -> str:
    return ENTRY.format(value=value, start=start, until=f"to = {until}" if until else "")


def number(on: date) -> str:
    return str(payer.payer_number(municipality="mihon", on=on))


def test_the_numbers_used_here_are_right() -> None:
    assert {parse_payer_number(ONE), parse_payer_number(OTHER)} == {ONE, OTHER}


def test_each_day_has_the_number_of_its_time(write: Callable[[str], None]) -> None:
    write(entry(ONE, start="2016-08-01", until="2027-04-01") + entry(OTHER, start="2027-04-01"))
    assert number(date(2016, 8, 1)) == ONE
    assert number(date(2027, 3, 31)) == ONE
    assert number(date(2027, 4, 1)) == OTHER
    assert number(date(2099, 1, 1)) == OTHER


def test_before_the_first_day_there_is_none(write: Callable[[str], None]) -> None:
    write(entry(ONE, start="2016-08-01"))
    with pytest.raises(BadInput, match="公費負担者番号が定められていません") as refusal:
        number(date(2016, 7, 31))
    assert payer.payer_file("mihon") in refusal.value.remedy


@pytest.mark.parametrize(
    "text",
    [
        entry("80141006", start="2016-08-01"),
        entry("8014100", start="2016-08-01"),
        entry("番号未定", start="2016-08-01"),
        entry(ONE, start="2016-08-01") + entry(OTHER, start="2020-04-01"),
        entry(ONE, start="2016-08-01", until="2020-04-01") + entry(OTHER, start="2020-04-02"),
        "[[certificate]]\nname = 'payer_number'\n",
        "not toml at all",
    ],
    ids=["check-digit", "short", "words", "overlap", "gap", "incomplete", "broken"],
)
def test_a_file_that_says_nothing_certain_is_refused(write: Callable[[str], None], text: str) -> None:
    write(text)
    with pytest.raises(BadInput) as refusal:
        number(date(2026, 8, 1))
    assert payer.payer_file("mihon") in refusal.value.message
    assert refusal.value.remedy


def test_a_city_without_a_file_is_refused(write: Callable[[str], None]) -> None:
    with pytest.raises(BadInput, match="その自治体の公費負担者番号がありません"):
        number(date(2026, 8, 1))


def test_the_number_of_yokohama_is_marked_as_assumed() -> None:
    """Nobody has published it: whoever takes Kyufu into use must see that it is to be replaced."""
    entries = payer._entries("yokohama", NOTHING)
    assert {str(one.certainty) for one in entries} == {"assumed"}


def answer_days(value: str, *, start: str = "2016-08-01") -> str:
    """The entry of the days that a letter gives to report a change."""
    return entry("0", start=start).replace('"payer_number"', '"urging_answer_days"').replace('"0"', value)


def test_the_days_to_answer_are_those_of_the_letters_date(write: Callable[[str], None]) -> None:
    write(entry(ONE, start="2016-08-01") + answer_days("14"))
    assert payer.urging_answer_days(municipality="mihon", on=date(2026, 8, 1)) == 14
    with pytest.raises(BadInput, match="届出の期限"):
        payer.urging_answer_days(municipality="mihon", on=date(2016, 7, 31))


@pytest.mark.parametrize("value", ["0", "-7", "true", '"三週間"'])
def test_days_that_are_no_days_are_refused(write: Callable[[str], None], value: str) -> None:
    write(answer_days(value))
    with pytest.raises(BadInput, match="届出の期限"):
        payer.urging_answer_days(municipality="mihon", on=date(2026, 8, 1))


@pytest.mark.parametrize("city", ["yokohama", "kawasaki", "sapporo"])
def test_each_city_has_days_to_answer_that_are_assumed(city: str) -> None:
    payer._entries.cache_clear()
    assert payer.urging_answer_days(municipality=city, on=date(2026, 8, 1)) == 21
    (certainty,) = {one.certainty for one in payer._entries(city, NOTHING) if one.key == "urging_answer_days"}
    assert certainty == "assumed"

"""Parameter files: what is wrong is refused at load with file and line, and what is right binds by its dates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from kyufu.law.child import UnknownMunicipality, list_parameters
from kyufu.law.child.bands import check_bands
from kyufu.law.child.parameters import CITY_TABLES, PREFECTURE_TABLES, Parameters
from kyufu.law.parameters import catalogue
from kyufu.law.parameters.binding import bind, check_binding
from kyufu.law.parameters.catalogue import parameter_version
from kyufu.law.parameters.entries import DATA, Certainty, ParameterError, value_table
from kyufu.law.parameters.reading import read_entries
from tests.law.yokohama import (
    CITY_FILE,
    PREFECTURE_FILE,
    PRINTED_FILE,
    RENEWAL_FILE,
    load_parameters,
    parameters_from,
)


@dataclass(frozen=True, slots=True)
class Rates:
    """A bound example."""

    rate: int


def row(**changed: str) -> str:
    lines = {
        "name": '"rate"',
        "label": '"率"',
        "value": "5",
        "unit": '"円"',
        "from": "2020-04-01",
        "source": '"出典"',
        "certainty": '"official"',
    } | changed
    return "[[rates]]\n" + "\n".join(f"{name} = {value}" for name, value in lines.items() if value) + "\n"


def load(path: Path, *, text: str) -> None:
    """Read and check a file of one table, as the city's files are."""
    path.write_text(text, encoding="utf-8")
    entries = read_entries(path, tables=[value_table("rates")])
    check_binding(entries, into=Rates, file=path.name)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (row() + row(**{"from": "2021-04-01"}), 9, "重なっています"),
        (row(to="2021-04-01") + row(**{"from": "2021-03-31"}), 10, "重なっています"),
        (row(to="2021-04-01") + row(**{"from": "2021-04-02"}), 10, "空きがあります"),
        (row(to="2021-04-01"), 1, "その後の値がありません"),
        (row(to="2020-04-01"), 1, "to が from より後ではありません"),
        (row(surprise="1"), 1, "知らない項目です：surprise"),
        (row(name='"other"'), 1, "知らない名前の値です"),
        (row(certainty='"sure"'), 1, "certainty は"),
        (row(certainty=""), 1, "項目がありません：certainty"),
        (row(source='" "'), 1, "source"),
        (row(source=""), 1, "項目がありません：source"),
        (row(**{"from": ""}), 1, "項目がありません：from"),
        (row(**{"from": '"2020-04-01"'}), 1, "from と to は日付です"),
        (row(value="5.5"), 1, "値の型が違います"),
        (row(value='"5"'), 1, "値の型が違います"),
        (row(value="true"), 1, "値の型が違います"),
        ("# comment\n\n" + row(label="7"), 3, "値の型が違います：label"),
        ("[[other]]\nname = 1\n", 1, "知らない表です"),
        (row() + "value = 6\n", 9, "TOMLとして読めません"),
        ("", 1, "値がありません：rate"),
    ],
)
def test_a_wrong_file_is_refused_with_file_and_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    with pytest.raises(ParameterError, match=re.escape(says)) as refused:
        load(tmp_path / "rates.toml", text=text)
    assert (refused.value.file, refused.value.line) == ("rates.toml", line)
    assert str(refused.value).startswith(f"rates.toml:{line}: ")


@pytest.mark.requirement("YOK-245")
def test_values_bind_by_their_dates(tmp_path: Path) -> None:
    path = tmp_path / "rates.toml"
    path.write_text(row(to="2021-04-01") + row(value="7", **{"from": "2021-04-01"}), encoding="utf-8")
    entries = read_entries(path, tables=[value_table("rates")])
    check_binding(entries, into=Rates, file=path.name)
    assert bind(entries, into=Rates, on=date(2021, 3, 31)) == Rates(5)
    assert bind(entries, into=Rates, on=date(2021, 4, 1)) == Rates(7)
    with pytest.raises(ParameterError, match="2020-03-31 の値がありません：rate"):
        bind(entries, into=Rates, on=date(2020, 3, 31))


def changed_city(tmp_path: Path, *, old: str, new: str) -> Parameters:
    """Yokohama's own files with one text changed everywhere."""
    text = (DATA / CITY_FILE).read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / CITY_FILE
    path.write_text(text.replace(old, new), encoding="utf-8")
    return parameters_from(
        city=read_entries(path, tables=CITY_TABLES),
        prefecture=read_entries(DATA / PREFECTURE_FILE, tables=PREFECTURE_TABLES),
    )


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('starts = "age:3"', 'starts = "age:4"', "続いていません"),
        ('ends = "grade:13"', 'ends = "year:13"', "知らない境目です"),
        ("to = 2026-06-01", "to = 2026-05-01", "重なっているか、空いています"),
        ('class = "inpatient_only"', 'class = "hospital"', "知らない区分です：hospital"),
        ('kind = "infant"', 'kind = "baby"', "知らない区分です：baby"),
        ('value = "first_of_next_month"', 'value = "birthday"', "知らない切替日"),
        ('ends = "grade:13"\nincome_limited = false', 'ends = "grade:13"\nincome_limited = 0', "値の型"),
    ],
)
def test_a_wrong_band_is_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(ParameterError, match=re.escape(says)) as refused:
        changed_city(tmp_path, old=old, new=new)
    assert refused.value.file == CITY_FILE
    assert refused.value.line > 1


def test_bands_that_end_are_refused(tmp_path: Path) -> None:
    path = tmp_path / CITY_FILE
    text = (DATA / CITY_FILE).read_text(encoding="utf-8")
    path.write_text(text.replace("from = 2026-06-01", "from = 2026-06-01\nto = 2030-04-01"), encoding="utf-8")
    bands = [entry for entry in read_entries(path, tables=CITY_TABLES) if entry.table == "band"]
    with pytest.raises(ParameterError, match="その後の区分がありません"):
        check_bands(bands)


def test_the_files_of_yokohama_load_and_know_every_era() -> None:
    parameters = load_parameters()
    assert {band.era.start for band in parameters.bands} == {
        date(2017, 4, 1),
        date(2019, 4, 1),
        date(2021, 4, 1),
        date(2023, 8, 1),
        date(2026, 6, 1),
    }
    assert parameters.known == (date(2017, 4, 1), None)


@pytest.mark.requirement("YOK-245")
def test_parameters_are_listed_the_least_certain_first() -> None:
    entries = list_parameters("yokohama")
    order = [list(Certainty).index(entry.certainty) for entry in entries]
    assert order == sorted(order)
    assert {entry.certainty for entry in entries} == set(Certainty)
    assert {entry.file for entry in entries} == {CITY_FILE, PREFECTURE_FILE, PRINTED_FILE, RENEWAL_FILE}
    names = {entry.key for entry in entries if entry.certainty is Certainty.ASSUMED}
    assert names >= {"backdating_days", "tax_year_after_start", "rank_network", "single_parent", "base"}


def test_an_unknown_municipality_is_refused() -> None:
    with pytest.raises(UnknownMunicipality, match="atsugi"):
        list_parameters("atsugi")


def test_the_version_follows_the_contents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.toml").write_bytes(b"x = 1\n")
    monkeypatch.setattr(catalogue, "DATA", tmp_path)
    version = parameter_version.__wrapped__
    first = version(("a.toml",))
    (tmp_path / "a.toml").write_bytes(b"x = 1\r\n")
    assert version(("a.toml",)) == first
    (tmp_path / "a.toml").write_bytes(b"x = 2\n")
    assert version(("a.toml",)) != first
    assert re.fullmatch(r"[0-9a-f]{12}", first)

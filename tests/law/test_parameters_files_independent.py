"""Every row of the real parameter files, spoilt in each way: refused by file and line, never loaded quietly."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from kyufu.law.child.parameters import CITY_TABLES, PREFECTURE_TABLES, PRINTED_TABLES
from kyufu.law.parameters.entries import DATA, Entry, ParameterError, Table
from kyufu.law.parameters.reading import read_entries, refuse_overlaps_and_gaps
from tests.law.yokohama import CITY_FILE, PREFECTURE_FILE, PRINTED_FILE, parameters_from

TABLES: dict[str, tuple[Table, ...]] = {
    CITY_FILE: CITY_TABLES,
    PREFECTURE_FILE: PREFECTURE_TABLES,
    PRINTED_FILE: PRINTED_TABLES,
}


class Row(NamedTuple):
    """A row of a real file: where its header stands, its table and its text."""

    file: str
    line: int
    table: str
    text: str

    @property
    def key(self) -> str:
        """What the row is about: the name of a value or the code of a band."""
        return re.search(r'^(?:name|code) = "(\w+)"', self.text, re.MULTILINE)[1]  # type: ignore[index]


def rows_of(file: str) -> Iterator[Row]:
    lines = (DATA / file).read_text(encoding="utf-8").splitlines(keepends=True)
    starts = [number for number, line in enumerate(lines) if line.startswith("[[")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield Row(file, start + 1, lines[start].strip("[]\n"), "".join(lines[start:end]))


ROWS = [row for file in TABLES for row in rows_of(file)]


@cache
def unspoilt(file: str) -> tuple[Entry, ...]:
    """The rows of a file as it is."""
    return read_entries(DATA / file, tables=TABLES[file])


def load(tmp_path: Path, *, file: str, text: str) -> None:
    """Load all files as the product does, with one of them replaced."""
    spoilt = tmp_path / file
    spoilt.write_text(text, encoding="utf-8")

    def entries(name: str) -> tuple[Entry, ...]:
        return read_entries(spoilt, tables=TABLES[name]) if name == file else unspoilt(name)

    parameters_from(city=entries(CITY_FILE), prefecture=entries(PREFECTURE_FILE))
    refuse_overlaps_and_gaps(entries(PRINTED_FILE))


def with_row(row: Row, *, text: str) -> str:
    """The whole file with the row's text replaced."""
    whole = (DATA / row.file).read_text(encoding="utf-8").splitlines(keepends=True)
    after = row.line - 1 + len(row.text.splitlines())
    return "".join([*whole[: row.line - 1], text, *whole[after:]])


def without(name: str) -> Callable[[str], str]:
    return lambda text: re.sub(rf"^{name} = .*\n", "", text, count=1, flags=re.MULTILINE)


def setting(name: str, value: str) -> Callable[[str], str]:
    return lambda text: re.sub(rf"^{name} = .*$", f"{name} = {value}", text, count=1, flags=re.MULTILINE)


SPOILT: dict[str, tuple[Callable[[str], str], str]] = {
    "no source": (without("source"), "項目がありません：source"),
    "blank source": (setting("source", '"　"'), "source"),
    "source of another kind": (setting("source", "1"), "source"),
    "no certainty": (without("certainty"), "項目がありません：certainty"),
    "wrong certainty": (setting("certainty", '"certain"'), "certainty は"),
    "certainty in capitals": (setting("certainty", '"OFFICIAL"'), "certainty は"),
    "certainty of another kind": (setting("certainty", "[]"), "certainty は"),
    "no label": (without("label"), "項目がありません：label"),
    "label of another kind": (setting("label", "1"), "値の型が違います：label"),
    "no from": (without("from"), "項目がありません：from"),
    "from as text": (setting("from", '"2017-04-01"'), "from と to は日付です"),
    "from with a time": (setting("from", "2017-04-01T00:00:00"), "from と to は日付です"),
    "from as a year": (setting("from", "2017"), "from と to は日付です"),
    "to before from": (
        lambda text: f"{without('to')(text).rstrip()}\nto = 2001-01-01\n",
        "to が from より後では",
    ),
    "unknown key": (lambda text: f"{text.rstrip()}\nvalid = true\n", "知らない項目です：valid"),
    "misspelt key": (lambda text: text.replace("source", "sources"), "知らない項目です：sources"),
}


@pytest.mark.parametrize(("spoil", "says"), SPOILT.values(), ids=SPOILT)
def test_a_spoilt_row_is_refused_by_its_file_and_line(
    tmp_path: Path, spoil: Callable[[str], str], says: str
) -> None:
    for row in ROWS:
        text = spoil(row.text)
        assert text != row.text
        with pytest.raises(ParameterError, match=re.escape(says)) as refused:
            load(tmp_path, file=row.file, text=with_row(row, text=text))
        assert (refused.value.file, refused.value.line) == (row.file, row.line), row


@pytest.mark.parametrize("wrong", ["1.5", "[]", "2020-01-01", "{}"])
def test_a_value_of_a_wrong_kind_is_refused(tmp_path: Path, wrong: str) -> None:
    for row in (each for each in ROWS if "\nvalue = " in each.text):
        with pytest.raises(ParameterError, match="値の型が違います") as refused:
            load(tmp_path, file=row.file, text=with_row(row, text=setting("value", wrong)(row.text)))
        assert refused.value.line == row.line


@pytest.mark.parametrize(
    "name", ["income_limited", "outpatient", "copay_visit", "copay_day", "outpatient_copay", "certificate"]
)
def test_a_column_of_a_wrong_kind_is_refused(tmp_path: Path, name: str) -> None:
    rows = [row for row in ROWS if f"\n{name} = " in row.text]
    assert rows
    for row in rows:
        with pytest.raises(ParameterError, match=f"値の型が違います：{name}") as refused:
            load(tmp_path, file=row.file, text=with_row(row, text=setting(name, '"x"')(row.text)))
        assert refused.value.line == row.line


def same_rows(row: Row) -> set[int]:
    """The lines of the rows that could be named: those of the same key, or of the same table of bands."""
    return {
        each.line
        for each in ROWS
        if (each.file, each.table) == (row.file, row.table) and (row.table == "band" or each.key == row.key)
    }


ENDING = [row for row in ROWS if "\nto = " in row.text]
OPEN = [row for row in ROWS if "\nto = " not in row.text]


@pytest.mark.parametrize("row", ENDING, ids=lambda row: f"{row.file} {row.key} {row.line}")
@pytest.mark.parametrize("change", ["a day earlier", "a day later", "without end"])
def test_a_gap_or_an_overlap_with_the_next_row_is_refused(tmp_path: Path, row: Row, change: str) -> None:
    year, month, day = re.search(r"^to = (\d+)-(\d+)-(\d+)$", row.text, re.MULTILINE).groups()  # type: ignore[union-attr]
    assert day == "01"
    ends = {"a day earlier": f"to = {year}-{int(month) - 1:02}-28", "a day later": f"to = {year}-{month}-02"}
    text = re.sub(r"^to = .*$", ends.get(change, ""), row.text, flags=re.MULTILINE)
    with pytest.raises(ParameterError, match=r"重なっ|空い|空き") as refused:
        load(tmp_path, file=row.file, text=with_row(row, text=text))
    assert refused.value.file == row.file
    assert refused.value.line in same_rows(row)


@pytest.mark.parametrize("row", OPEN, ids=lambda row: f"{row.file} {row.key} {row.line}")
def test_a_value_that_ends_without_a_next_one_is_refused(tmp_path: Path, row: Row) -> None:
    text = f"{row.text.rstrip()}\nto = 2030-04-01\n"
    with pytest.raises(ParameterError) as refused:
        load(tmp_path, file=row.file, text=with_row(row, text=text))
    assert refused.value.file == row.file
    assert refused.value.line in same_rows(row)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.file} {row.key} {row.line}")
def test_a_row_that_stands_twice_is_refused(tmp_path: Path, row: Row) -> None:
    with pytest.raises(ParameterError) as refused:
        load(tmp_path, file=row.file, text=with_row(row, text=row.text + "\n" + row.text))
    assert refused.value.file == row.file


@pytest.mark.parametrize(
    "text",
    ["", "# nothing\n", "[certificate]\nname = 1\n", "certificate = 1\n", "certificate = []\n", "\x00", "[["],
)
@pytest.mark.parametrize("file", [CITY_FILE, PREFECTURE_FILE])
def test_a_file_that_holds_no_rows_is_refused(tmp_path: Path, file: str, text: str) -> None:
    with pytest.raises(ParameterError) as refused:
        load(tmp_path, file=file, text=text)
    assert refused.value.file == file


@pytest.mark.parametrize("file", [CITY_FILE, PREFECTURE_FILE])
@pytest.mark.parametrize("table", ["band", "limit"])
def test_a_file_without_one_of_its_tables_is_refused(tmp_path: Path, file: str, table: str) -> None:
    text = "".join(row.text for row in ROWS if row.file == file and row.table != table)
    with pytest.raises(ParameterError) as refused:
        load(tmp_path, file=file, text=text)
    assert refused.value.file == file


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / CITY_FILE
    path.write_bytes((DATA / CITY_FILE).read_text(encoding="utf-8").encode("cp932", errors="replace"))
    with pytest.raises(ParameterError, match="UTF-8") as refused:
        read_entries(path, tables=CITY_TABLES)
    assert refused.value.line == 1


def test_the_files_as_they_are_load(tmp_path: Path) -> None:
    """The check of the check: what is put together again unspoilt is accepted."""
    for row in ROWS:
        load(tmp_path, file=row.file, text=with_row(row, text=row.text))
    assert len(ROWS) > 50

"""`kyufu parameters` lists every row of every parameter file of a municipality, in words a clerk can confirm."""

from __future__ import annotations

import re
import tomllib
from datetime import date

import pytest

from kyufu.cases.payer import payer_file, payer_number
from kyufu.cli.main import main
from kyufu.law.child import list_parameters
from kyufu.law.child.parameters import PRINTED_TABLES
from kyufu.law.parameters.catalogue import parameter_version
from kyufu.law.parameters.entries import DATA, Certainty
from tests.law.independent import child_of, earner, judged
from tests.law.yokohama import CITY_FILE, PREFECTURE_FILE, PRINTED_FILE

FILES = (CITY_FILE, PREFECTURE_FILE, PRINTED_FILE)


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The lines that the command prints."""
    assert main(["parameters", "--municipality", "yokohama"]) == 0
    return capsys.readouterr().out.splitlines()


def rows_in(file: str) -> list[dict[str, object]]:
    content = tomllib.loads((DATA / file).read_text(encoding="utf-8"))
    return [row for rows in content.values() for row in rows]


@pytest.mark.requirement("YOK-245")
def test_the_number_printed_on_certificates_is_listed_as_a_thing_to_confirm(shown: list[str]) -> None:
    (index,) = [n for n, line in enumerate(shown) if line.startswith("・公費負担者番号")]
    row = rows_in(PRINTED_FILE)[0]
    assert f"＝{row['value']} 〔平成28年8月1日～〕" in shown[index]
    assert f"（{PRINTED_FILE} 3行）" in shown[index + 1]
    headings = [line for line in shown[:index] if line.startswith("■")]
    assert headings[-1].startswith("■ 仮定した値")


def test_the_listed_file_is_the_one_that_documents_print_from() -> None:
    assert payer_file("yokohama") == PRINTED_FILE
    printed = [entry for entry in list_parameters("yokohama") if entry.file == PRINTED_FILE]
    (entry,) = [entry for entry in printed if entry.key == "payer_number"]
    assert entry.table in {table.name for table in PRINTED_TABLES}
    assert payer_number(municipality="yokohama", on=entry.period.start) == entry.columns["value"]


@pytest.mark.parametrize("file", FILES)
def test_every_row_of_every_file_is_listed_once_under_its_certainty(shown: list[str], file: str) -> None:
    rows = rows_in(file)
    assert len([line for line in shown if f"（{file} " in line]) == len(rows)
    section = ""
    for line in shown:
        section = line if line.startswith("■") else section
        if f"（{file} " in line:
            number = int(re.search(r" (\d+)行）$", line)[1])  # type: ignore[index]
            text = (DATA / file).read_text(encoding="utf-8").splitlines()[number:]
            certainty = next(row for row in text if row.startswith("certainty")).split('"')[1]
            assert section[2:4] == Certainty(certainty).label[:2]


def test_no_code_of_a_file_is_shown_to_a_clerk(shown: list[str]) -> None:
    codes = {
        str(row[name])
        for file in FILES
        for row in rows_in(file)
        for name in ("name", "code", "starts", "ends", "class", "class_over", "class_exempt", "kind")
        if name in row
    }
    values = [line for line in shown if line.startswith("・")]
    assert [line for line in values if re.search(r"[a-z]{2,}|=-1|True|False", line)] == []
    assert [line for line in values for code in codes if f"={code}" in line or f"＝{code}" in line] == []
    text = "\n".join(values)
    for words in (
        "始まり=出生の日、終わり=1歳に達する日の属する月の翌月1日",
        "終わり=小学校4年生になる4月1日",
        "始まり=中学校1年生になる4月1日、終わり=15歳に達する日以後の最初の3月31日の翌日",
        "終わり=18歳に達する日以後の最初の3月31日の翌日",
        "限度額以上のときの区分=通院1回500円まで（入院・院外薬局は自己負担なし）",
        "通院1回の一部負担金（円）=助成の対象外",
    ):
        assert words in text, words


def test_what_is_only_printed_is_no_part_of_the_version_of_a_decision() -> None:
    """A municipality that puts in its own number must not make every decision look judged by other rules."""
    version = judged(child_of(earner(0), born=date(2020, 5, 5)), on=date(2024, 5, 5)).parameter_version
    assert version == parameter_version((CITY_FILE, PREFECTURE_FILE))
    assert version != parameter_version(FILES)

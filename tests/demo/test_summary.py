"""The summary that closes the demonstration: one set of figures, as a clerk reads it and as JSON."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import asdict, replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from kyufu.demo.summary import Summary, format_summary, write_summary

SUMMARY = Summary(
    municipality="横浜市",
    scheme="小児医療費助成",
    subsidy="県補助",
    as_of="令和8年8月1日",
    kept=(),
    population={"住民（人）": 20_123, "世帯": 9_876},
    feeds={"resident_FULL_000001.csv": {"行": 24_000, "取込": 23_995, "エラー": 5}},
    worklists={"取り込めなかった行": 5},
    applications={"交付済": 1_800, "却下（決裁済）": 30},
    acquired={"0歳": 1_800},
    rejected={"生活保護": 30},
    cannot_decide={},
    prefecture={"対象：0歳": 1_200},
    refused_steps={},
    printed={"小児医療証（通）": 1_799},
    not_printed={"小児医療証：送付先がありません。": 1},
    folders=("papers/one", "papers/two"),
    seconds={"取込": 1.25, "判定": 2.5},
)


def cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


def test_every_figure_stands_in_the_text() -> None:
    shown = format_summary(SUMMARY)
    for figures in (
        SUMMARY.population,
        SUMMARY.applications,
        SUMMARY.acquired,
        SUMMARY.printed,
        SUMMARY.not_printed,
    ):
        for label, count in figures.items():
            (line,) = [line for line in shown.splitlines() if line.strip().startswith(label)]
            assert f"{count:,}" in line


def test_the_heading_names_city_and_day() -> None:
    assert format_summary(SUMMARY).splitlines()[0] == "■ 横浜市 小児医療費助成　集計（基準日 令和8年8月1日）"


def test_what_is_empty_is_said_to_be_none() -> None:
    shown = format_summary(SUMMARY)
    assert "判定できないもの（理由別）　なし" in shown
    assert "決裁・交付を止めたもの（理由別）　なし" in shown


def test_what_was_kept_is_named_only_where_something_was() -> None:
    assert "前回から引き継いだもの" not in format_summary(SUMMARY)
    shown = format_summary(replace(SUMMARY, kept=("取込済みの連携ファイル a.csv",)))
    assert "前回から引き継いだもの\n  ・取込済みの連携ファイル a.csv\n" in shown


def test_the_folders_of_the_papers_and_the_seconds_in_all() -> None:
    shown = format_summary(SUMMARY)
    assert "PDF の場所\n  papers/one\n  papers/two\n" in shown
    assert shown.splitlines()[-1].split() == ["合計", "3.8", "秒"]


@given(
    st.dictionaries(st.text("横浜市abc0（）", min_size=1, max_size=20), st.integers(0, 99_999), min_size=2)
)
def test_counts_of_a_block_end_in_one_column(counts: dict[str, int]) -> None:
    shown = format_summary(replace(SUMMARY, rejected=counts))
    block = shown.partition("却下（理由別）\n")[2].partition("\n\n")[0].splitlines()
    assert len(block) == len(counts)
    assert len({cells(line) for line in block}) == 1


def test_the_file_holds_the_same_figures(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "summary.json"
    write_summary(SUMMARY, path=path)
    text = path.read_text(encoding="utf-8")
    assert json.loads(text) == json.loads(json.dumps(asdict(SUMMARY)))
    assert "横浜市" in text
    assert text.endswith("}\n")


def test_the_file_is_written_over_by_the_next_run(tmp_path: Path) -> None:
    path = tmp_path / "summary.json"
    write_summary(SUMMARY, path=path)
    write_summary(replace(SUMMARY, kept=("何か",)), path=path)
    assert json.loads(path.read_text(encoding="utf-8"))["kept"] == ["何か"]

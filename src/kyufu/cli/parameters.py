"""`kyufu parameters`: the dated values of a municipality's rules by certainty, what must be confirmed first."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from kyufu.law.calendar.wareki import format_wareki
from kyufu.law.calendar.years import AGE_BEFORE_FIRST_GRADE
from kyufu.law.child import MUNICIPALITIES, UnknownMunicipality, list_parameters
from kyufu.law.parameters.entries import Certainty, Entry, Plain
from kyufu.platform.errors import BadInput

if TYPE_CHECKING:
    from kyufu.cli.main import Subparsers

HEADINGS = {
    Certainty.ASSUMED: "仮定した値（使う前に自治体が確認する）",
    Certainty.SECONDARY: "二次資料による値（公表資料での確認が望ましい）",
    Certainty.OFFICIAL: "公表資料で確認した値",
}
COLUMN_LABELS = {
    "kind": "受給者の区分",
    "starts": "始まり",
    "ends": "終わり",
    "income_limited": "所得制限",
    "class": "助成の区分",
    "class_exempt": "住民税非課税のときの区分",
    "class_over": "限度額以上のときの区分",
    "certificate": "医療証の交付",
    "outpatient": "通院の助成",
    "outpatient_copay": "通院1回の一部負担金（円）",
    "inpatient_copay": "入院の一部負担金（円）",
    "copay_visit": "通院1回の一部負担金（円）",
    "copay_day": "入院1日の一部負担金（円）",
}


VALUE_LABELS = {"first_of_next_month": "達する日の属する月の翌月1日", "birth": "出生の日"}
SCHOOLS = {range(1, 7): "小学校", range(7, 10): "中学校"}
NOT_SUBSIDISED = -1


def register(subparsers: Subparsers) -> None:
    """Add `parameters`."""
    parser = subparsers.add_parser("parameters", help="基準値を確かさの順に一覧する")
    parser.add_argument("--municipality", required=True, metavar="自治体", help="、".join(MUNICIPALITIES))
    parser.set_defaults(run=print_parameters)


def print_parameters(options: argparse.Namespace) -> int:
    """Print every dated value, the least certain first, with its source and the place in its file."""
    try:
        entries = list_parameters(options.municipality)
    except UnknownMunicipality as error:
        raise BadInput(str(error)) from None
    names = {**VALUE_LABELS, **_labels_of(entries)}
    for certainty, rows in groupby(entries, key=lambda entry: entry.certainty):
        listed = list(rows)
        print(f"■ {HEADINGS[certainty]}：{len(listed)}件")
        for entry in listed:
            print(f"・{say_entry(entry, names=names)}")
            print(f"    出典：{entry.source}（{entry.file} {entry.line}行）")
        print()
    return 0


def say_entry(entry: Entry, *, names: Mapping[str, str]) -> str:
    """One dated value in a line: label, value, and from when to when; `names` are the words for codes."""
    columns = dict(entry.columns)
    label = columns.pop("label", entry.key)
    if "value" in columns:
        value = columns["value"]
        shown = f"{value:,}{columns['unit']}" if isinstance(value, int) else names.get(value, value)
        return f"{label}＝{shown}{_say_period(entry)}"
    rest = "、".join(
        f"{COLUMN_LABELS[name]}={_say_plain(value, names=names)}"
        for name, value in columns.items()
        if name != "code"
    )
    return f"{label}（{rest}）{_say_period(entry)}"


def _labels_of(entries: Sequence[Entry]) -> dict[str, str]:
    """The label of each class of benefit and kind of beneficiary by its code, as the bands name them."""
    coded = [entry for entry in entries if entry.table in ("benefit_class", "kind")]
    return {entry.key: str(entry.columns["label"]) for entry in coded}


def _say_plain(value: Plain, *, names: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return "あり" if value else "なし"
    if isinstance(value, int):
        return "助成の対象外" if value == NOT_SUBSIDISED else f"{value:,}"
    return names[value] if value in names else _say_boundary(value)


def _say_boundary(boundary: str) -> str:
    kind, _, number = boundary.partition(":")
    if kind == "age":
        return f"{number}歳に達する日の属する月の翌月1日"
    grade = int(number)
    for grades, school in SCHOOLS.items():
        if grade in grades:
            return f"{school}{grade - grades.start + 1}年生になる4月1日"
    return f"{grade + AGE_BEFORE_FIRST_GRADE - 1}歳に達する日以後の最初の3月31日の翌日"


def _say_period(entry: Entry) -> str:
    last_day = entry.period.last_day
    until = "" if last_day is None else format_wareki(last_day)
    return f" 〔{format_wareki(entry.period.start)}～{until}〕"

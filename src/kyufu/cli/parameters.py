"""`kyufu parameters`: the dated values of a municipality's rules by certainty, what must be confirmed first."""

from __future__ import annotations

import argparse
from itertools import groupby
from typing import TYPE_CHECKING

from kyufu.law.calendar.wareki import format_wareki
from kyufu.law.child import MUNICIPALITIES, UnknownMunicipality, list_parameters
from kyufu.law.parameters.entries import Certainty, Entry
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
    for certainty, rows in groupby(entries, key=lambda entry: entry.certainty):
        listed = list(rows)
        print(f"■ {HEADINGS[certainty]}：{len(listed)}件")
        for entry in listed:
            print(f"・{say_entry(entry)}")
            print(f"    出典：{entry.source}（{entry.file} {entry.line}行）")
        print()
    return 0


def say_entry(entry: Entry) -> str:
    """One dated value in a line: label, value, and from when to when."""
    columns = dict(entry.columns)
    label = columns.pop("label", entry.key)
    if "value" in columns:
        value = columns["value"]
        shown = f"{value:,}" if isinstance(value, int) else value
        return f"{label}＝{shown}{columns['unit'] if isinstance(value, int) else ''}{_say_period(entry)}"
    rest = "、".join(
        f"{COLUMN_LABELS[name]}={_say_plain(value)}" for name, value in columns.items() if name != "code"
    )
    return f"{label}（{rest}）{_say_period(entry)}"


def _say_plain(value: object) -> str:
    if isinstance(value, bool):
        return "あり" if value else "なし"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _say_period(entry: Entry) -> str:
    last_day = entry.period.last_day
    until = "" if last_day is None else format_wareki(last_day)
    return f" 〔{format_wareki(entry.period.start)}～{until}〕"

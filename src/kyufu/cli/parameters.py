"""`kyufu parameters`: the dated values of a municipality's rules by certainty, and what a proposed change would do."""

from __future__ import annotations

import argparse
import sys
from itertools import groupby
from typing import TYPE_CHECKING

from kyufu.cli.access import add_staff, runs_for
from kyufu.cli.cases import read_day
from kyufu.cli.main import prepare_django
from kyufu.law.child import MUNICIPALITIES, UnknownMunicipality, list_parameters
from kyufu.law.kokuho.answer import UnknownMunicipality as UnknownRates
from kyufu.law.kokuho.catalogue import list_kokuho
from kyufu.law.parameters.entries import Certainty, Entry
from kyufu.law.parameters.overlay import NOTHING, Overlay
from kyufu.law.parameters.wording import names_of, say_entry
from kyufu.platform.access import Channel
from kyufu.platform.errors import BadInput

if TYPE_CHECKING:
    from kyufu.cli.main import Subparsers

HEADINGS = {
    Certainty.ASSUMED: "仮定した値（使う前に自治体が確認する）",
    Certainty.SECONDARY: "二次資料による値（公表資料での確認が望ましい）",
    Certainty.OFFICIAL: "公表資料で確認した値",
}


def register(subparsers: Subparsers) -> None:
    """Add `parameters`, and `parameters effect`."""
    parser = subparsers.add_parser("parameters", help="基準値を確かさの順に一覧する")
    parser.add_argument("--municipality", required=True, metavar="自治体", help="、".join(MUNICIPALITIES))
    add_confirmed(parser)
    parser.add_argument("--kokuho", action="store_true", help="国民健康保険の基準値と料率を一覧する")
    parser.set_defaults(run=print_parameters)
    steps = parser.add_subparsers(dest="step", metavar="処理")
    effect = steps.add_parser("effect", help="申し出中の変更の影響を、登録されている全員で試算する")
    effect.add_argument("proposal", metavar="申し出の番号", type=int)
    effect.add_argument("--on", required=True, metavar="年月日", help="試算の基準日（YYYY-MM-DD）")
    add_staff(effect, required=True)
    effect.set_defaults(run=estimate)


def add_confirmed(parser: argparse.ArgumentParser) -> None:
    """Add the option that lays the changes confirmed in the system over the files."""
    parser.add_argument(
        "--confirmed", action="store_true", help="承認された変更を重ねる（省くと、配布された基準値だけ）"
    )


def overlay_asked(options: argparse.Namespace) -> Overlay:
    """The confirmed changes where they are asked for; without the option no database is looked at."""
    if not options.confirmed:
        return NOTHING
    prepare_django()
    from kyufu.ordinance.api import confirmed_overlay

    return confirmed_overlay(options.municipality)


def print_parameters(options: argparse.Namespace) -> int:
    """Print every dated value, the least certain first, with its source and the place in its file."""
    try:
        if options.kokuho:
            entries = list_kokuho(options.municipality)
        else:
            entries = list_parameters(options.municipality, overlay=overlay_asked(options))
    except (UnknownMunicipality, UnknownRates) as error:
        raise BadInput(str(error)) from None
    names = names_of(entries)
    for certainty, rows in groupby(entries, key=lambda entry: entry.certainty):
        listed = list(rows)
        print(f"■ {HEADINGS[certainty]}：{len(listed)}件")
        for entry in listed:
            print(f"・{say_entry(entry, names=names)}")
            print(f"    出典：{entry.source}（{_say_place(entry)}）")
        print()
    return 0


def _say_place(entry: Entry) -> str:
    return entry.origin or f"{entry.file} {entry.line}行"


@runs_for("基準値の変更の影響試算", channel=Channel.BATCH)
def estimate(options: argparse.Namespace) -> int:
    """Estimate a waiting change and keep the result; prints what it found."""
    from kyufu.cases import api as cases

    effect = cases.estimate_change(options.proposal, on=read_day(options.on), report=_progress)
    words = {"with_case": "申請・資格のある児童", "without_case": "申請のない児童（対象となり得る者）"}
    for base, total in effect.base.items():
        print(f"{words[base]}：{total:,} 人")
        moved = effect.moves(base)
        for move, label in cases.MOVE_LABELS.items():
            print(f"  {label}：{moved[move]:,} 人")
    print(f"対象者の照合値 {effect.base_hash[:16]}")
    return 0


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done:,} / {total:,} 人", end="" if done < total else "\n", file=sys.stderr)

"""`kyufu judge`: facts from a file, judged, as JSON or as an explanation in Japanese; here those of one child."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kyufu.cli import kokuho
from kyufu.cli.parameters import add_confirmed, overlay_asked
from kyufu.law.calendar.years import is_sensible
from kyufu.law.child import MUNICIPALITIES, UnknownMunicipality, judge
from kyufu.law.child.codec import FactsError, decision_to_json, facts_from_json
from kyufu.law.child.explain import explain
from kyufu.law.child.facts import ChildFacts
from kyufu.platform.errors import BadInput

if TYPE_CHECKING:
    from kyufu.cli.main import Subparsers

SCHEMA = "事実ファイルの書き方は docs/reference/facts.md にあります。"


def register(subparsers: Subparsers) -> None:
    """Add `judge` with its schemes."""
    schemes = subparsers.add_parser("judge", help="事実ファイルから判定する").add_subparsers(
        dest="scheme", required=True, metavar="制度"
    )
    child = schemes.add_parser("child", help="小児医療費助成")
    child.add_argument("--municipality", required=True, metavar="自治体", help="、".join(MUNICIPALITIES))
    child.add_argument("--on", required=True, metavar="年月日", help="判定の基準日（YYYY-MM-DD）")
    add_confirmed(child)
    child.add_argument("--explain", action="store_true", help="日本語の説明で表示する")
    child.add_argument("facts", metavar="事実.json", type=Path)
    child.set_defaults(run=judge_child)
    kokuho.register(schemes)


def judge_child(options: argparse.Namespace) -> int:
    """Print the Decision on one child; raises BadInput naming the file and the JSON path of what is wrong."""
    on = _read_day(options.on)
    facts = _read_facts(options.facts)
    try:
        decision = judge(facts, municipality=options.municipality, on=on, overlay=overlay_asked(options))
    except UnknownMunicipality as error:
        raise BadInput(str(error)) from None
    print(explain(decision) if options.explain else decision_to_json(decision))
    return 0


def _read_day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadInput(
            f"--on は日付ではありません：{text}", remedy="2026-06-01 のように書いてください。"
        ) from None
    if not is_sensible(day):
        raise BadInput(f"--on の年が範囲の外です：{text}", remedy="2026-06-01 のように書いてください。")
    return day


def _read_facts(path: Path) -> ChildFacts:
    try:
        return facts_from_json(path.read_text(encoding="utf-8"))
    except FactsError as error:
        raise BadInput(f"{path.name} {error.path}: {error.reason}", remedy=SCHEMA) from None
    except UnicodeDecodeError:
        raise BadInput(f"{path.name} はUTF-8の文字ではありません", remedy=SCHEMA) from None
    except OSError as error:
        raise BadInput(f"{path.name} を読めません（{error.strerror}）", remedy=SCHEMA) from None

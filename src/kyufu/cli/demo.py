"""`kyufu demo ...`: the demo city."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kyufu.cli.main import prepare_django
from kyufu.demo.city import MUNICIPALITIES, Manifest, make_city
from kyufu.demo.progress import NamedStages, Stages
from kyufu.notation.check_digits import CheckDigit
from kyufu.platform.errors import BadInput

if TYPE_CHECKING:
    from kyufu.cli.main import Subparsers

DEFAULT_AS_OF = "2026-08-01"


def register(subparsers: Subparsers) -> None:
    """Add `demo` with its own subcommands."""
    demo = subparsers.add_parser("demo", help="見本の市を作成する")
    commands = demo.add_subparsers(dest="demo_command", required=True, metavar="命令")
    _register_make(commands)
    _register_run(commands)


def _register_make(commands: Subparsers) -> None:
    make = commands.add_parser("make", help="見本の市の連携ファイルを作成する（架空の住民のみ）")
    make.add_argument("--residents", type=int, required=True, metavar="人数", help="住民の数")
    make.add_argument("--out", type=Path, required=True, metavar="フォルダ", help="連携ファイルの出力先")
    make.add_argument(
        "--seed", type=int, default=1, metavar="数", help="同じ数からは同じ内容ができる（既定 1）"
    )
    make.add_argument(
        "--municipality", default="yokohama", metavar="市区町村", help="、".join(MUNICIPALITIES)
    )
    make.add_argument("--as-of", default=DEFAULT_AS_OF, metavar="年月日", help="基準日（既定 2026-08-01）")
    make.set_defaults(run=run_make)


def _register_run(commands: Subparsers) -> None:
    run = commands.add_parser("run", help="見本の市で、取込から印刷までを通して実行する（bin/demo）")
    run.add_argument("--residents", type=int, default=20_000, metavar="人数", help="住民の数（既定 20000）")
    run.add_argument(
        "--seed", type=int, default=1, metavar="数", help="同じ数からは同じ内容ができる（既定 1）"
    )
    run.add_argument("--municipality", default="yokohama", metavar="市区町村", help="、".join(MUNICIPALITIES))
    run.add_argument("--as-of", default=DEFAULT_AS_OF, metavar="年月日", help="基準日（既定 2026-08-01）")
    run.add_argument("--fresh", action="store_true", help="前回のデータを消して、はじめから実行する")
    run.set_defaults(run=run_whole)


def run_whole(options: argparse.Namespace) -> int:
    """Run the main job on the demo city and print its summary."""
    prepare_django()
    from django.conf import settings

    from kyufu.cli.feeds import known_feeds
    from kyufu.demo.plan import DemoPlan
    from kyufu.demo.run import run_demo
    from kyufu.demo.summary import format_summary

    plan = DemoPlan(
        residents=options.residents,
        seed=options.seed,
        municipality=options.municipality,
        as_of=_day(options.as_of),
        fresh=options.fresh,
        folder=settings.VAR_DIR / "demo",
        documents_folder=settings.VAR_DIR / "documents" / settings.SCHEMA,
        feeds=known_feeds(CheckDigit.TESTED),
    )
    print(format_summary(run_demo(plan)))
    return 0


def run_make(options: argparse.Namespace) -> int:
    """Make the feed files and print what was made."""
    with NamedStages(Stages()) as report:
        manifest = make_city(
            residents=options.residents,
            out=options.out,
            seed=options.seed,
            municipality=options.municipality,
            as_of=_day(options.as_of),
            report=report,
        )
    _print_summary(manifest, out=options.out)
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput("基準日を読み取れません。", remedy="2026-08-01 の形で指定してください。") from error


def _print_summary(manifest: Manifest, *, out: Path) -> None:
    print(f"見本の市を作成しました: {out}")
    print(f"  住民 {manifest.residents:,} 人（全件の基準日 {manifest.register_day}、架空の人物のみ）")
    for file in manifest.files:
        print(f"  {file.name}  {file.rows:,} 件")
    faulty = sum(manifest.on_purpose.values())
    print(f"  resident の差分には、わざと誤らせた行が {faulty} 件あります（内訳は manifest.json）。")

"""`kyufu demo ...`: the demo city."""

from __future__ import annotations

import argparse
import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kyufu.cli.main import prepare_django
from kyufu.cli.municipalities import municipality_here
from kyufu.demo.city import MUNICIPALITIES, Manifest, make_city
from kyufu.demo.progress import NamedStages, Stages
from kyufu.law.child import UnknownMunicipality
from kyufu.law.child.income_years import income_year_on
from kyufu.notation.check_digits import CheckDigit
from kyufu.platform.errors import BadInput, Refused

if TYPE_CHECKING:
    from kyufu.cli.main import Subparsers
    from kyufu.demo.plan import DemoPlan

# The certificate year that the demonstration begins with is the one that holds this day.
SHOWN_DAY = date(2026, 12, 31)
DEFAULT_PORT = 8000


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
    _add_city(make)
    make.set_defaults(run=run_make)


def _register_run(commands: Subparsers) -> None:
    run = commands.add_parser("run", help="見本の市で、取込から印刷までを通して実行する（bin/demo）")
    run.add_argument("--residents", type=int, default=20_000, metavar="人数", help="住民の数（既定 20000）")
    run.add_argument(
        "--seed", type=int, default=1, metavar="数", help="同じ数からは同じ内容ができる（既定 1）"
    )
    _add_city(run)
    run.add_argument("--fresh", action="store_true", help="前回のデータを消して、はじめから実行する")
    run.add_argument("--no-serve", action="store_true", help="Web アプリケーションを開かずに終わる")
    run.add_argument(
        "--port", type=int, default=DEFAULT_PORT, metavar="番号", help="Web のポート（既定 8000）"
    )
    run.set_defaults(run=run_whole)
    code = commands.add_parser("code", help="見本の職員の認証アプリに今表示される6桁の数字を表示する")
    code.add_argument("staff_no", metavar="職員番号")
    code.set_defaults(run=show_code)


def _add_city(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--municipality", default=municipality_here(), metavar="市区町村", help="、".join(MUNICIPALITIES)
    )
    command.add_argument(
        "--as-of", metavar="年月日", help="基準日（省くと、令和8年の医療証の年度の初日。横浜市は 2026-08-01）"
    )


def run_whole(options: argparse.Namespace) -> int:
    """Run the main job on the demo city, print its summary and who may sign in, and serve the web application."""
    if options.municipality in MUNICIPALITIES:
        # Whose law the pages judge by, in this process and in the servers that it starts.
        os.environ["KYUFU_MUNICIPALITY"] = options.municipality
    prepare_django()
    from kyufu.demo import serving
    from kyufu.demo.run import run_demo
    from kyufu.demo.summary import format_summary

    if not options.no_serve and not serving.is_free(options.port):
        raise Refused(
            f"ポート {options.port} は使われています。",
            remedy="使っているプログラムを終わらせるか、--port で別の番号を指定するか、--no-serve を付けてください。",
        )
    plan = _plan(options)
    print(format_summary(run_demo(plan)))
    _sign_everyone_in(plan)
    if options.no_serve:
        print(f"\nWeb アプリケーションを使うには: KYUFU_MUNICIPALITY={options.municipality} bin/kyufu serve")
        return 0
    print(f"\n■ http://localhost:{options.port}/ を開いてください。終わるには Ctrl-C。", flush=True)
    return serving.serve(port=options.port)


def show_code(options: argparse.Namespace) -> int:
    """Print the one-time code of a person of the demonstration, for those without an authenticator app."""
    prepare_django()
    from kyufu.demo.staff import read_credentials
    from kyufu.demo.visits import one_time_code
    from kyufu.platform import clock

    kept = read_credentials(_folder())
    if options.staff_no not in kept:
        raise BadInput(
            "その職員番号の見本の職員はいません。",
            remedy=f"使えるもの: {'、'.join(kept) or 'なし（先に bin/demo を実行）'}",
        )
    print(one_time_code(kept[options.staff_no].totp_secret, at=clock.current_instant()))
    return 0


def _plan(options: argparse.Namespace) -> DemoPlan:
    from django.conf import settings

    from kyufu.cli.feeds import known_feeds
    from kyufu.demo.plan import DemoPlan

    return DemoPlan(
        residents=options.residents,
        seed=options.seed,
        municipality=options.municipality,
        as_of=_as_of(options),
        fresh=options.fresh,
        folder=_folder(),
        documents_folder=settings.VAR_DIR / "documents" / settings.SCHEMA,
        feeds=known_feeds(CheckDigit.TESTED),
    )


def _folder() -> Path:
    from django.conf import settings

    return Path(settings.VAR_DIR) / "demo"


def _sign_everyone_in(plan: DemoPlan) -> None:
    """Print each person with the password, and what the menu offered when the person signed in just now."""
    from kyufu.demo import serving
    from kyufu.demo.staff import people, read_credentials

    credentials = read_credentials(plan.folder)
    offered = serving.sign_everyone_in(credentials, log=plan.folder / "sign-in.log")
    print("\n■ 見本の職員（全員が、今サインインできました）")
    for person in people():
        print(
            f"  {person.staff_no:<16}{credentials[person.staff_no].password:<20}{person.name}：{person.does}"
        )
        print(f"{'':<18}メニュー {offered[person.staff_no]} 画面")
    print("\n  サインインには、職員番号とパスワードのほかに、認証アプリの6桁の数字が要ります。")
    print("  認証アプリがなくても、bin/kyufu demo code 職員番号 で今の数字が分かります（見本の職員だけ）。")
    print(
        f"  認証アプリに登録するときの鍵は {plan.folder / 'accounts.json'} にあります（この利用者だけが読めます）。"
    )


def run_make(options: argparse.Namespace) -> int:
    """Make the feed files and print what was made."""
    with NamedStages(Stages()) as report:
        manifest = make_city(
            residents=options.residents,
            out=options.out,
            seed=options.seed,
            municipality=options.municipality,
            as_of=_as_of(options),
            report=report,
        )
    _print_summary(manifest, out=options.out)
    return 0


def _as_of(options: argparse.Namespace) -> date:
    """The day asked for, or the first of the municipality's certificate year."""
    if options.as_of is not None:
        return _day(options.as_of)
    try:
        year = income_year_on(SHOWN_DAY, municipality=options.municipality)
    except UnknownMunicipality:  # whoever makes the city says which ones there are
        return SHOWN_DAY
    return SHOWN_DAY if year is None else year.benefit.start


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

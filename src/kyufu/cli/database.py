"""`kyufu database`: start and stop the embedded server, and bring the tables to the present version."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from kyufu.cli.main import prepare_django
from kyufu.platform import embedded
from kyufu.platform.errors import Refused

if TYPE_CHECKING:
    from kyufu.cli.main import Subparsers


def register(subparsers: Subparsers) -> None:
    """Add `database` with its own subcommands."""
    database = subparsers.add_parser("database", help="データベースの起動・停止・表の更新")
    actions = database.add_subparsers(dest="action", required=True, metavar="操作")
    for name, text, run in (
        ("start", "内蔵データベースを起動し、表を最新にする", start),
        ("stop", "内蔵データベースを停止する", stop),
        ("status", "データベースの状態を表示する", show_status),
    ):
        actions.add_parser(name, help=text).set_defaults(run=run)


def start(_: argparse.Namespace) -> int:
    """Start the embedded server where it is the one in use, and apply the migrations that are lacking."""
    prepare_django()
    from kyufu.platform.schema import ensure_tables

    ensure_tables()
    print("データベースは使える状態です。")
    return 0


def stop(_: argparse.Namespace) -> int:
    """Stop the embedded server; refused where another server is the one in use."""
    from kyufu.platform import settings

    if settings.DATABASE_URL:
        raise Refused(
            "KYUFU_DATABASE_URL のデータベースを使っています。",
            remedy="このデータベースは、その管理者の手順で停止してください。",
        )
    embedded.stop(settings.VAR_DIR)
    print("内蔵データベースを停止しました。")
    return 0


def show_status(_: argparse.Namespace) -> int:
    """Say which database is in use and whether the embedded one is up; 3 where it is down."""
    from kyufu.platform import settings

    if settings.DATABASE_URL:
        print("KYUFU_DATABASE_URL のデータベースを使います。")
        return 0
    running = embedded.is_running(settings.VAR_DIR)
    print(
        f"内蔵データベースは{'起動しています' if running else '停止しています'}（{settings.VAR_DIR / 'postgres'}）。"
    )
    return 0 if running else 3

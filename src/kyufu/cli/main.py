"""The `kyufu` command: finds the subcommand and turns anticipated errors into one Japanese line."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kyufu.cli.database_errors import is_of_database, say_database_error
from kyufu.platform.errors import KyufuError, Refused

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

COMMANDS: tuple[str, ...] = (
    "audit",
    "cases",
    "database",
    "demo",
    "documents",
    "exchange",
    "feeds",
    "judge",
    "parameters",
    "privacy",
    "registry",
    "requirements",
    "run",
    "serve",
    "staff",
    "vault",
    "worker",
)

# As the shell reports them: 128 and the signal's number.
INTERRUPTED, READER_GONE = 130, 141
FAILED = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; returns its exit status, 2 for bad input, 1 for a refusal."""
    try:
        options = _parsed(arguments)
        return int(options.run(options))
    except KyufuError as error:
        print(f"エラー: {error.message}", file=sys.stderr)
        if error.remedy:
            print(f"対応: {error.remedy}", file=sys.stderr)
        return error.exit_status
    except KeyboardInterrupt:
        print("中断しました。もう一度実行すると続きから始まります。", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (such as `head`) has seen enough; what Python would flush at exit has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_GONE
    except Exception as error:
        if not is_of_database(error):
            raise
        say_database_error(error)
        return FAILED


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="kyufu", description="給付：自治体の医療費助成・国民健康保険")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="命令")
    for name in COMMANDS:
        importlib.import_module(f"kyufu.cli.{name}").register(subparsers)
    return parser.parse_args(arguments)


def prepare_django() -> None:
    """Start the embedded server when it is the one in use, load Django, and see that the server answers."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kyufu.platform.settings")
    import django
    from django.conf import settings

    from kyufu.platform import embedded

    if not settings.DATABASE_URL:
        embedded.ensure_running(settings.VAR_DIR)
    django.setup()
    _refuse_silent_server()


def _refuse_silent_server() -> None:
    from django.db import OperationalError, connection

    try:
        connection.ensure_connection()
    except OperationalError:
        # Its own words name account and host; whoever set the address knows them.
        raise Refused(
            "データベースに接続できません。",
            remedy="KYUFU_DATABASE_URL の宛先と、サーバーが動いていることを確かめてください。",
        ) from None


if __name__ == "__main__":
    sys.exit(main())

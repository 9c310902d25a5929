"""`kyufu worker`: the process that carries the runs which staff start on the pages."""

from __future__ import annotations

import argparse
import os
import signal
import threading
from typing import TYPE_CHECKING

from kyufu.cli.following import follow_parent
from kyufu.cli.main import prepare_django

if TYPE_CHECKING:
    from kyufu.cli.main import Subparsers


def register(subparsers: Subparsers) -> None:
    """Add `worker`."""
    worker = subparsers.add_parser(
        "worker",
        help="画面から始めた一括処理を実行する（処理係）",
        description="画面から始めた一括処理を、終了を求められるまで順に実行します。",
    )
    worker.add_argument("--with-parent", type=int, metavar="番号", help=argparse.SUPPRESS)
    worker.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Carry runs until interrupted; the run under way is then handed back, to be resumed."""
    # What carries runs never makes or drops tables, so it does not even know how to.
    os.environ.pop("KYUFU_OWNER_DATABASE_URL", None)
    # Told to stop by systemd is the same as Ctrl-C: the run under way is ended in words.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if options.with_parent:
        follow_parent(options.with_parent)
    try:
        prepare_django()
        from kyufu.runs.api import work_until

        print("処理係を起動しました。終了するには Ctrl+C を押してください。", flush=True)
        work_until(threading.Event())
    except KeyboardInterrupt:
        print("処理係を終了しました。", flush=True)
    return 0

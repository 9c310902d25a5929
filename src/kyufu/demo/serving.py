"""The web application of the demonstration: every person signs in once to show that it works, then it is served."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NoReturn

from django.core.cache import cache

from kyufu.demo.staff import Credentials, people
from kyufu.demo.visits import Visitor, sign_in, sign_out
from kyufu.platform import clock
from kyufu.platform.clock import JAPAN
from kyufu.platform.errors import KyufuError
from kyufu.staff import api as staff

HOST = "127.0.0.1"
SECONDS_TO_START = 60


def sign_everyone_in(credentials: Mapping[str, Credentials], *, log: Path) -> dict[str, int]:
    """Sign every person in and out by real HTTP; returns how many pages the menu offers each.

    `log` is where the server's own lines go. Who is signed in still, by a browser or by a run that was killed, is
    signed out. Before and after, the one-time codes are forgotten as used, because the person may sign in within the
    same half minute.
    """
    offered = {}
    _sign_everyone_out(at=clock.current_instant())
    cache.clear()
    with _server(port=_free_port(), log=log) as origin:
        for person in people():
            visitor = Visitor(origin)
            home = sign_in(visitor, staff_no=person.staff_no, credentials=credentials[person.staff_no])
            offered[person.staff_no] = home.menu
            sign_out(visitor, page=home)
    cache.clear()
    return offered


def _sign_everyone_out(*, at: datetime) -> None:
    found = [staff.find_account(person.staff_no, on=at.astimezone(JAPAN).date()) for person in people()]
    staff.end_sessions([account.account_id for account in found if account], at=at)


def serve(*, port: int) -> NoReturn:
    """Serve the web application, beside a worker, in this process's place until it is interrupted."""
    # As a child it would be killed a moment after Ctrl-C, and leave its workers behind at the port.
    os.execv(sys.executable, [*_command(port), "--with-worker"])  # noqa: S606 - our own program


def is_free(port: int) -> bool:
    """May a server listen at the port of this machine?"""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


@contextmanager
def _server(*, port: int, log: Path) -> Iterator[str]:
    with log.open("w", encoding="utf-8") as lines:
        process = subprocess.Popen(_command(port), stdout=lines, stderr=lines)  # noqa: S603 - our own program
    try:
        _wait_for(process, port=port, log=log)
        yield f"http://{HOST}:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(process: subprocess.Popen[bytes], *, port: int, log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.1)
    raise KyufuError("Web アプリケーションを起動できません。", remedy=f"記録 {log} を確かめてください。")


def _command(port: int) -> list[str]:
    return [sys.executable, "-m", "kyufu.cli.main", "serve", "--host", HOST, "--port", str(port)]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])

"""Under whose name a command runs: every command that reads or writes persons' data opens an access first.

Whoever is named by `--staff` stands in the log as the one who acts. Commands that only look do not ask for it: there
the account of the machine stands in its place, which nobody can leave out or make up. It is part of the terminal in
any case, so that a name that was made up points to the one who did. Where two persons are needed, a name is not
believed: either of them gives password and one-time code (`proven_staff`).
"""

from __future__ import annotations

import argparse
import getpass
import io
import os
import pwd
import socket
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING
from uuid import uuid4

from kyufu.cli.main import prepare_django
from kyufu.platform.access import Access, Channel
from kyufu.platform.actors import Actor
from kyufu.platform.errors import BadInput

if TYPE_CHECKING:
    from kyufu.staff.api import Rights

Command = Callable[[argparse.Namespace], int]
MACHINE_USER, MACHINE_OFFICE = "端末利用者", "命令行"


def add_staff(parser: argparse.ArgumentParser, *, required: bool) -> None:
    """Add the options that say who runs the command; where they are not required, the machine's account stands in."""
    parser.add_argument("--staff", required=required, default="", metavar="職員番号")
    parser.add_argument("--staff-name", required=required, default="", metavar="職員氏名")
    parser.add_argument("--office", required=required, default="", metavar="所属")


def runs_for(purpose: str, *, channel: Channel = Channel.COMMAND) -> Callable[[Command], Command]:
    """Run a command with Django loaded, as whoever its options name, for a purpose (利用目的).

    What it prints is held back until the log of what it read is written: an answer that cannot be logged is not given.
    """

    def publish(command: Command) -> Command:
        @wraps(command)
        def run(options: argparse.Namespace) -> int:
            prepare_django()
            return _run(command, options=options, access=access_of(options, purpose=purpose, channel=channel))

        return run

    return publish


def proven_staff(staff_no: str, *, about: str, at: datetime) -> Rights:
    """What a member of staff may do, after password and one-time code; `about` is shown to them before they prove it.

    Both are asked for at the terminal, or read from standard input as two lines where that is none. Raises Refused
    where they are wrong, which counts towards the lock as on the pages of sign-in.
    """
    from kyufu.platform.clock import JAPAN
    from kyufu.staff.api import rights_of
    from kyufu.web.signin.shell import prove_person

    # Standard output is held back until the log is written; what is to be judged must be seen before.
    print(about, file=sys.stderr)
    password, code = (_secret(f"{staff_no} の{name}: ") for name in ("パスワード", "認証アプリの数字"))
    account_id = prove_person(staff_no, password=password, code=code, at=at)
    return rights_of(account_id, on=at.astimezone(JAPAN).date())


def _secret(prompt: str) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(prompt)
    return sys.stdin.readline().rstrip("\r\n")


def access_of(options: argparse.Namespace, *, purpose: str, channel: Channel) -> Access:
    """The access of a command: who, on which machine, and which command, as the user typed it."""
    number = getattr(options, "number", None)
    return Access(
        actor=_actor(options),
        terminal=f"{socket.gethostname()}／{_machine_account()}",
        channel=channel,
        screen=_command_line(options),
        purpose=purpose,
        reference=uuid4(),
        case_no=number if isinstance(number, str) else "",
    )


def _run(command: Command, *, options: argparse.Namespace, access: Access) -> int:
    from kyufu.audit.api import NotRecorded, acting

    said = io.StringIO()
    try:
        with acting(access), redirect_stdout(said):
            return command(options)
    except NotRecorded:
        said = io.StringIO()
        raise
    finally:
        sys.stdout.write(said.getvalue())


def _actor(options: argparse.Namespace) -> Actor:
    named = tuple(getattr(options, item, "") for item in ("staff", "staff_name", "office"))
    if not any(named):
        return Actor(_machine_account(), MACHINE_USER, MACHINE_OFFICE)
    if not all(named):
        raise BadInput(
            "誰が行うかが分かりません。", remedy="--staff・--staff-name・--office をそろえて付けてください。"
        )
    return Actor(*named)


def _machine_account() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def _command_line(options: argparse.Namespace) -> str:
    """The command and its step, without what was typed behind them: that may be about a person."""
    steps = (getattr(options, name, None) for name in ("command", "step", "action", "demo_command"))
    return " ".join(["kyufu", *(step for step in steps if step)])

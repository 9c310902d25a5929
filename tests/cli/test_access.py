"""Under whose name a command runs, and that it shows nothing that is not in the log."""

from __future__ import annotations

import argparse
import os
import pwd
import socket
from pathlib import Path

import pytest
from django.db import connection

from kyufu.cli.access import MACHINE_USER, access_of, runs_for
from kyufu.cli.main import main
from kyufu.platform.access import Channel, current_access
from kyufu.platform.errors import BadInput, Refused
from tests.cases.world import World, receive
from tests.registry.persons import fetch

CLERK = ["--staff", "S0001", "--staff-name", "判定　花子", "--office", "鶴見区"]
ACCOUNT = pwd.getpwuid(os.getuid()).pw_name
TERMINAL = f"{socket.gethostname()}／{ACCOUNT}"


@pytest.fixture
def world(transactional_db: None, tmp_path: Path) -> World:
    """A city without anybody in it yet."""
    return World(tmp_path)


def options(**given: object) -> argparse.Namespace:
    """Parsed options of a command."""
    named = {"command": "cases", "step": "show", "staff": "", "staff_name": "", "office": ""}
    return argparse.Namespace(**{**named, **given})


def last_read(child: int) -> tuple[object, ...]:
    """Who read of a child last, from where, by which command, for what and which case."""
    return fetch(
        "SELECT actor_id, actor_name, terminal, channel, screen, purpose, case_no FROM audit_read "
        "WHERE subjects @> ARRAY[%s::bigint] ORDER BY at DESC, id DESC LIMIT 1",
        child,
    )[0]


def test_a_command_that_shows_a_case_is_in_the_log_with_the_account_of_the_machine(world: World) -> None:
    family = world.family()
    receive(family)
    number = fetch("SELECT number FROM cases_application")[0][0]
    assert main(["cases", "show", number]) == 0
    assert last_read(family.child) == (
        ACCOUNT, MACHINE_USER, TERMINAL, "command", "kyufu cases show", "申請の経過と決定の確認", number,
    )  # fmt: skip


def test_whoever_is_named_stands_in_the_log_and_the_machine_beside(world: World) -> None:
    family = world.family()
    receive(family)
    assert main(["cases", "list", *CLERK]) == 0
    assert last_read(family.child)[:3] == ("S0001", "判定　花子", TERMINAL)


def test_half_a_name_is_refused() -> None:
    with pytest.raises(BadInput, match="誰が行うか"):
        access_of(options(staff="S0001"), purpose="確認", channel=Channel.COMMAND)


def test_what_was_typed_behind_the_command_does_not_stand_in_the_log() -> None:
    access = access_of(options(number="2026-0000001"), purpose="確認", channel=Channel.BATCH)
    assert (access.screen, access.case_no, access.channel) == (
        "kyufu cases show", "2026-0000001", Channel.BATCH,
    )  # fmt: skip


def test_two_commands_have_references_of_their_own() -> None:
    one, other = (access_of(options(), purpose="確認", channel=Channel.COMMAND) for _ in range(2))
    assert one.reference != other.reference


def test_an_answer_whose_log_cannot_be_written_is_not_given(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    receive(world.family())
    number = fetch("SELECT number FROM cases_application")[0][0]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_read RENAME TO audit_read_away")
    try:
        assert main(["cases", "show", number]) == 1
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_read_away RENAME TO audit_read")
    said = capsys.readouterr()
    assert number not in said.out + said.err
    assert "記録を残せなかった" in said.err


def test_what_was_said_before_a_refusal_is_still_said(
    transactional_db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    @runs_for("試験")
    def command(_: argparse.Namespace) -> int:
        print(current_access().purpose)
        raise Refused("ここまで。")

    with pytest.raises(Refused):
        command(options())
    assert capsys.readouterr().out == "試験\n"

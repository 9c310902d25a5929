"""A database error that nobody anticipated: one line in Japanese, and nothing of what stood in the row."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from django.db import DataError, IntegrityError, ProgrammingError, connection, transaction

from kyufu.cli.database_errors import PLACES_WANTED, is_of_database
from kyufu.cli.main import FAILED, main
from tests.cli.test_main import fail_with

pytestmark = pytest.mark.django_db(transaction=True)
Capture = pytest.CaptureFixture[str]
MARKER = "秘匿　花子"
ROW = "INSERT INTO web_cache (cache_key, value, expires) VALUES (%s, 'x', now())"
LINE = re.compile(
    r"エラー: データベースの処理に失敗しました（SQLSTATE (\S+)、照会番号 (\S+)）。"
    r"照会番号をシステムの担当へ連絡してください。\n"
)


def insert_twice() -> None:
    """Break a real constraint, whose DETAIL quotes the key."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ROW, [MARKER])
        cursor.execute(ROW, [MARKER])


def copy_twice() -> None:
    """The same by COPY, whose errors Django does not wrap."""
    into = "COPY web_cache (cache_key, value, expires) FROM STDIN"
    with transaction.atomic(), connection.cursor() as cursor, cursor.copy(into) as copy:
        for _ in range(2):
            copy.write_row((MARKER, "x", "2026-08-01"))


def read_wrongly() -> None:
    """A value that is no number, quoted in the message itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text::int", [MARKER])


def ask_for_nothing() -> None:
    """A statement that quotes the value in the line that the server shows."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT '{MARKER}' FROM no_such_table")


def wrap_it() -> None:
    """An error of the program that was raised from the database's."""
    try:
        insert_twice()
    except IntegrityError as error:
        raise ValueError(f"could not keep {MARKER}") from error


def stumble_over_it() -> None:
    """An error of the program while it dealt with the database's."""
    try:
        insert_twice()
    except IntegrityError:
        int(MARKER)


ERRORS: list[tuple[Callable[[], None], type[Exception], str]] = [
    (insert_twice, IntegrityError, "23505"),
    (copy_twice, psycopg.errors.UniqueViolation, "23505"),
    (read_wrongly, DataError, "22P02"),
    (ask_for_nothing, ProgrammingError, "42P01"),
    (wrap_it, ValueError, "23505"),
    (stumble_over_it, ValueError, "23505"),
]


def run_as_command(act: Callable[[], None], *, monkeypatch: pytest.MonkeyPatch) -> int:
    """Let `kyufu parameters` do it."""

    def run(_: argparse.Namespace) -> int:
        act()
        return 0

    def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
        subparsers.add_parser("parameters").set_defaults(run=run)

    monkeypatch.setattr("kyufu.cli.parameters.register", register)
    return main(["parameters"])


@pytest.mark.parametrize(("act", "kind", "state"), ERRORS)
def test_the_error_does_quote_the_row(act: Callable[[], None], kind: type[Exception], state: str) -> None:
    """What is kept from the screen is really there: else the other tests would prove nothing."""
    with pytest.raises(kind) as raised:
        act()
    one: BaseException | None = raised.value
    words = ""
    while one is not None:
        words, one = words + str(one), one.__cause__ or one.__context__
    assert MARKER in words
    assert is_of_database(raised.value)


@pytest.mark.parametrize(("act", "kind", "state"), ERRORS)
def test_one_line_with_state_and_reference_and_nothing_of_the_row(
    act: Callable[[], None],
    kind: type[Exception],
    state: str,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(PLACES_WANTED, raising=False)
    assert run_as_command(act, monkeypatch=monkeypatch) == FAILED == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    found = LINE.fullmatch(shown.err)
    assert found is not None, shown.err
    assert found[1] == state
    assert re.fullmatch(r"\d{8}T\d{6}Z/cli\.main:\d+", found[2])


@pytest.mark.parametrize(("act", "kind", "state"), ERRORS)
def test_who_looks_for_the_fault_sees_the_places_and_still_nothing_of_the_row(
    act: Callable[[], None],
    kind: type[Exception],
    state: str,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(PLACES_WANTED, "1")
    assert run_as_command(act, monkeypatch=monkeypatch) == 1
    said = capsys.readouterr().err
    assert LINE.match(said)
    assert re.search(r"cli/test_database_errors\.py:\d+", said)
    assert kind.__name__ in said
    assert MARKER not in said
    for word in ("DETAIL", "already exists", "花子"):
        assert word not in said


def test_a_connection_that_breaks_is_said_too(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    assert run_as_command(break_off, monkeypatch=monkeypatch) == 1
    connection.close()
    found = LINE.fullmatch(capsys.readouterr().err)
    assert found is not None
    assert found[1] in ("57P01", "不明")


@pytest.mark.parametrize("error", [ValueError(MARKER), ZeroDivisionError(), KeyError("x")])
def test_an_error_of_the_program_is_not_taken_for_the_database_s(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_with(error, monkeypatch=monkeypatch)
    assert not is_of_database(error)
    with pytest.raises(type(error)):
        main(["parameters"])


def test_an_error_that_was_raised_from_itself_ends() -> None:
    one, other = ValueError("a"), KeyError("b")
    one.__cause__, other.__cause__ = other, one
    assert not is_of_database(one)


def test_a_command_without_database_loads_none_for_it() -> None:
    root = Path(__file__).resolve().parents[2]
    said = subprocess.run(
        [sys.executable, "-c", "import sys, kyufu.cli.main; print('django.db' in sys.modules)"],
        env={"PYTHONPATH": str(root / "src")}, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert said.stdout == "False\n"

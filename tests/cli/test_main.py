"""The `kyufu` command itself: what it offers, and how it says that something cannot be done."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kyufu.cli import main as command
from kyufu.cli.main import COMMANDS, main
from kyufu.platform.errors import BadInput, KyufuError, Refused

Capture = pytest.CaptureFixture[str]
ROOT = Path(__file__).resolve().parents[2]
JAPANESE = range(0x3040, 0xA000)


def shown_help(*arguments: str, capsys: Capture) -> str:
    with pytest.raises(SystemExit) as stopped:
        main([*arguments, "--help"])
    assert stopped.value.code == 0
    return capsys.readouterr().out


def is_japanese(text: str) -> bool:
    return any(ord(character) in JAPANESE for character in text)


def fail_with(error: BaseException, *, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `kyufu parameters` meet an error."""

    def run(_: argparse.Namespace) -> int:
        raise error

    def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
        subparsers.add_parser("parameters").set_defaults(run=run)

    monkeypatch.setattr("kyufu.cli.parameters.register", register)


def test_help_names_every_command_in_japanese(capsys: Capture) -> None:
    shown = shown_help(capsys=capsys)
    assert "給付：自治体の医療費助成・国民健康保険" in shown
    for name in COMMANDS:
        # A long name has its explanation on the next line.
        said = shown.partition(f"\n    {name} ")[2] or shown.partition(f"\n    {name}\n")[2]
        assert is_japanese(said.strip().splitlines()[0]), name


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_help_of_its_own(name: str, capsys: Capture) -> None:
    shown = shown_help(name, capsys=capsys)
    assert f"kyufu {name}" in shown
    assert is_japanese(shown)


@pytest.mark.parametrize(
    "path",
    [
        ("cases", "judge"),
        ("cases", "receive"),
        ("demo", "make"),
        ("demo", "run"),
        ("documents", "print"),
        ("documents", "reprint"),
        ("documents", "reprint-range"),
        ("documents", "check"),
        ("feeds", "import"),
        ("feeds", "close"),
    ],
)
def test_the_options_of_a_step_are_explained_in_japanese(path: tuple[str, str], capsys: Capture) -> None:
    assert is_japanese(shown_help(*path, capsys=capsys))


def test_commands_are_in_the_order_of_the_alphabet_and_exist() -> None:
    assert list(COMMANDS) == sorted(COMMANDS)
    modules = {path.stem for path in (ROOT / "src" / "kyufu" / "cli").glob("*.py")}
    assert set(COMMANDS) <= modules


@pytest.mark.parametrize(
    "arguments", [(), ("horoscope",), ("demo",), ("demo", "dance"), ("feeds",), ("cases",), ("documents",)]
)
def test_an_unknown_or_missing_command_ends_with_2(arguments: tuple[str, ...], capsys: Capture) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "usage: kyufu" in shown.err
    assert "Traceback" not in shown.err


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (BadInput("日付がありません。", remedy="日付を書いてください。"), 2),
        (Refused("決裁済です。", remedy="差し戻してください。"), 1),
        (KyufuError("止まりました。", remedy="連絡してください。"), 1),
    ],
)
def test_an_anticipated_error_is_two_lines_in_japanese(
    error: KyufuError, status: int, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_with(error, monkeypatch=monkeypatch)
    assert main(["parameters"]) == status
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == f"エラー: {error.message}\n対応: {error.remedy}\n"


def test_an_error_without_a_remedy_is_one_line(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_with(BadInput("読めません。"), monkeypatch=monkeypatch)
    assert main(["parameters"]) == 2
    assert capsys.readouterr().err == "エラー: 読めません。\n"


def test_what_nobody_anticipated_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """A programming error must reach the log with its traceback, not end as a polite line."""
    fail_with(ZeroDivisionError(), monkeypatch=monkeypatch)
    with pytest.raises(ZeroDivisionError):
        main(["parameters"])


def test_an_interruption_says_that_the_work_goes_on_later(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_with(KeyboardInterrupt(), monkeypatch=monkeypatch)
    assert main(["parameters"]) == command.INTERRUPTED == 130
    assert "続きから" in capsys.readouterr().err


def kyufu(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kyufu.cli.main", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1", **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_exit_status_reaches_the_shell(tmp_path: Path) -> None:
    done = kyufu(
        "judge", "child", "--municipality", "yokohama", "--on", "2026-06-01", str(tmp_path / "nothing.json")
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("エラー: ")
    assert "Traceback" not in done.stderr


def test_commands_that_need_no_database_start_none(tmp_path: Path) -> None:
    done = kyufu("parameters", "--municipality", "yokohama", KYUFU_VAR=str(tmp_path / "var"))
    assert done.returncode == 0
    assert "■" in done.stdout
    assert not (tmp_path / "var").exists()


def test_a_server_that_does_not_answer_is_said_in_words(tmp_path: Path) -> None:
    done = kyufu(
        "cases",
        "list",
        KYUFU_DATABASE_URL="postgresql://clerk:geheim@127.0.0.1:1/kyufu",
        KYUFU_VAR=str(tmp_path),
    )
    assert done.returncode == 1
    assert "エラー: " in done.stderr
    assert "Traceback" not in done.stderr
    assert "geheim" not in done.stderr


def test_a_schema_name_that_is_none_is_said_in_words(tmp_path: Path) -> None:
    done = kyufu("cases", "list", KYUFU_SCHEMA="a; drop", KYUFU_VAR=str(tmp_path))
    assert done.returncode == 2
    assert "KYUFU_SCHEMA" in done.stderr
    assert "Traceback" not in done.stderr

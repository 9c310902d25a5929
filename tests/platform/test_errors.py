"""Anticipated errors: what a clerk reads, what the shell is told, and that neither shows a person."""

from __future__ import annotations

import argparse
import ast
import re
import sys
import types
from pathlib import Path

import pytest

from kyufu.cli import main as command
from kyufu.platform.errors import BadInput, KyufuError, Refused

SOURCE = Path(__file__).parents[2] / "src" / "kyufu"
JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")


@pytest.mark.parametrize(("kind", "status"), [(KyufuError, 1), (Refused, 1), (BadInput, 2)])
def test_each_kind_has_its_exit_status(kind: type[KyufuError], status: int) -> None:
    assert kind("だめです。").exit_status == status


def test_an_error_reads_as_what_happened_and_what_to_do() -> None:
    assert str(Refused("だめです。", remedy="直してください。")) == "だめです。 直してください。"
    assert str(Refused("だめです。")) == "だめです。"


def test_only_anticipated_errors_are_of_the_family() -> None:
    assert issubclass(Refused, KyufuError)
    assert issubclass(BadInput, KyufuError)
    assert not issubclass(KyufuError, ValueError | OSError)


def raising(error: BaseException) -> types.ModuleType:
    """A subcommand that ends in an error."""

    def run(options: argparse.Namespace) -> int:
        raise error

    def register(subparsers: command.Subparsers) -> None:
        subparsers.add_parser("fail").set_defaults(run=run)

    module = types.ModuleType("kyufu.cli.fail")
    module.register = register  # type: ignore[attr-defined]
    return module


def end_of(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> int:
    """The exit status of a command that ends in an error."""
    monkeypatch.setitem(sys.modules, "kyufu.cli.fail", raising(error))
    monkeypatch.setattr(command, "COMMANDS", ("fail",))
    return command.main(["fail"])


@pytest.mark.parametrize(("error", "status"), [
    (Refused("決裁済の申請ではありません。", remedy="状態を確かめてください。"), 1),
    (BadInput("3行目の列 seibetsu が不正です。", remedy="値を確かめてください。"), 2),
])  # fmt: skip
def test_the_command_tells_what_and_what_to_do_and_ends_with_the_status(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: KyufuError, status: int
) -> None:
    assert end_of(monkeypatch, error) == status
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == f"エラー: {error.message}\n対応: {error.remedy}\n"


def test_an_error_without_remedy_has_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert end_of(monkeypatch, KyufuError("起動できません。")) == 1
    assert capsys.readouterr().err == "エラー: 起動できません。\n"


def test_what_nobody_anticipated_is_not_dressed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ZeroDivisionError):
        end_of(monkeypatch, ZeroDivisionError())


def raised_calls() -> list[tuple[str, ast.Call]]:
    """Every place in the source where one of the errors is made."""
    names = {"KyufuError", "Refused", "BadInput"}
    return [
        (f"{path.relative_to(SOURCE)}:{node.lineno}", node)
        for path in sorted(SOURCE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
    ]


def words_of(node: ast.expr) -> str | None:
    """The fixed words of a message; None where it is put together elsewhere."""
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
        case _:
            return None


def test_every_message_of_an_anticipated_error_is_in_japanese() -> None:
    calls = raised_calls()
    assert len(calls) > 50
    foreign = [
        place
        for place, call in calls
        for text in [words_of(argument) for argument in [*call.args, *(one.value for one in call.keywords)]]
        if text and text.strip(" :：") and not JAPANESE.search(text)
    ]
    assert foreign == []


def test_every_sentence_to_the_user_ends_as_a_sentence() -> None:
    ends = ("。", "）", "：")
    loose = [
        (place, text)
        for place, call in raised_calls()
        if call.args and isinstance(call.args[0], ast.Constant) and (text := words_of(call.args[0]))
        if not text.endswith(ends)
    ]
    assert loose == []


def test_no_message_is_made_of_a_persons_name_or_number() -> None:
    """What is put into a message is a count, a file, a code or a receipt number, never an item of a person."""
    personal = re.compile(r"\b(name|kana|kojinbango|my_number|birth_date|address|shimei)\b")
    suspicious = [
        (place, ast.unparse(part.value))
        for place, call in raised_calls()
        for argument in [*call.args, *(one.value for one in call.keywords)]
        if isinstance(argument, ast.JoinedStr)
        for part in argument.values
        if isinstance(part, ast.FormattedValue)
        and re.search(r"person|child|guardian|row", ast.unparse(part.value))
        if personal.search(ast.unparse(part.value))
    ]
    assert suspicious == []

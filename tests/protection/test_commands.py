"""No command tells where a protected person lives, on standard output, in an error or in a file that it writes.

The commands are found by walking the parser; one with an argument of a new name fails until it is added here.
"""

from __future__ import annotations

import argparse
import importlib
import io
import logging
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from kyufu.cli.main import COMMANDS, main
from kyufu.documents import api as documents
from tests.cases.world import quiet
from tests.documents.reading import page_texts
from tests.protection.markers import BEFORE, ELSEWHERE, FORMER, HOME, NOW, WARD, betrayed_in
from tests.protection.prepared_renewals import judged
from tests.protection.scene import AT, LATER, ON, Scene
from tests.registry.persons import fetch, resident

Leaf = tuple[tuple[str, ...], argparse.ArgumentParser]
BELOW = "stands below the registry and reads none of its tables (test_walk.py)"
NOBODY = "reads nothing of any person in the database"
LEFT_OUT: Mapping[str, str] = {
    "staff": BELOW, "vault": BELOW, "database": NOBODY, "serve": NOBODY, "judge": NOBODY, "parameters": NOBODY,
    "requirements": NOBODY, "worker": "carries runs until it is stopped; what a run says is walked as runs.api",
    "demo": "refuses a schema that is not the demonstration's own",
    "audit": "keys and seals need the owner's account; what is shown of persons is walked as audit.api",
}  # fmt: skip
HELD_BACK = frozenset({NOW, BEFORE, ELSEWHERE, WARD})


def leaves() -> list[Leaf]:
    """Every command that can be typed, with its own parser."""
    parser = argparse.ArgumentParser(prog="kyufu")
    subparsers = parser.add_subparsers(dest="command")
    for name in COMMANDS:
        importlib.import_module(f"kyufu.cli.{name}").register(subparsers)
    return [leaf for leaf in _leaves_of(parser, path=()) if leaf[0][0] not in LEFT_OUT]


def _leaves_of(parser: argparse.ArgumentParser, *, path: tuple[str, ...]) -> Iterator[Leaf]:
    below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not below:
        yield path, parser
    for action in below:
        for name, child in action.choices.items():
            yield from _leaves_of(child, path=(*path, name))


def words(scene: Scene, folder: Path) -> Mapping[str, list[str]]:
    """What to type for an argument, by its name; several are tried one after the other."""
    receipts = [row[0] for row in fetch("SELECT number FROM cases_application ORDER BY id")]
    points = [str(row[0]) for row in fetch("SELECT id FROM platform_rejected_row ORDER BY id")]
    feed = str(scene.world.folder / "resident_DIFF_000002.csv")
    certificates = [str(row[0]) for row in fetch("SELECT id FROM cases_certificate ORDER BY id")]
    ((print_run,),) = fetch("SELECT coalesce(max(id), 1) FROM documents_print_run")
    return {
        "print_run": [str(print_run)], "first": ["1"], "last": ["1"],
        "renewal": [str(judged())], "renewal_kind": ["yearly"],
        "schedule": ["1"],
        "number": receipts, "after": [receipts[0]], "file": [feed], "files": [feed],
        "on": [str(ON)], "staff": ["S0009"], "staff_name": ["交付　三郎"], "office": ["鶴見区"],
        "kind": ["certificate"], "subject": certificates, "reason": ["破損"],
        "out": [str(folder / "look.png")], "municipality": ["yokohama"], "row": points or ["1"], "state": ["resolved"],
        "why": ["送り側に確認"], "code": ["kokuho"], "name": ["国保"], "system": ["kokuho"], "start": ["2026-08-01"],
        "law": ["住民基本台帳法"], "list_id": ["1"], "seen": ["0"], "mode": ["FULL"], "item": ["atenabango"],
        "resident": ["000000000000002"], "non_resident": ["000000000000006"],
        "insurer_check": ["warn"], "watermark": ["見本"], "json": [str(folder / "privacy.json")],
    }  # fmt: skip


def _bad_rows() -> list[dict[str, object]]:
    """Rows about her with a fault, which come to the worklist with her address in them."""
    return [
        resident(1, rirekibango=9, ido_nengappi="2026-02-30", **HOME.items()),
        resident(2, rirekibango=8, jumin_jotai="9", **FORMER.items()),
    ]


def typed(leaf: Leaf, *, known: Mapping[str, list[str]]) -> Iterator[list[str]]:
    """A command as typed, with what it requires, once for each of the words that there are."""
    path, parser = leaf
    wanted = [action for action in parser._actions if action.required and action.dest in known]
    for turn in range(max((len(known[action.dest]) for action in wanted), default=1)):
        line = list(path)
        for action in wanted:
            word = known[action.dest][min(turn, len(known[action.dest]) - 1)]
            line += [*action.option_strings[:1], word]
        yield line


def test_every_command_can_be_walked(scene: Scene, tmp_path: Path) -> None:
    known = words(scene, tmp_path)
    unknown = {
        " ".join(path): missing
        for path, parser in leaves()
        if (missing := [one.dest for one in parser._actions if one.required and one.dest not in known])
    }
    assert unknown == {}, "add a word for these arguments to `words` in tests/protection/test_commands.py"


@pytest.mark.django_db(transaction=True, databases=list(connections))
def test_no_command_tells_where_a_protected_person_lives(
    scene: Scene, var: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    # Whoever is asked for a password and a code types something wrong.
    monkeypatch.setattr(sys, "stdin", io.StringIO("wrong\n000000\n" * 200))
    scene.world.send("resident", _bad_rows())
    betrayed: dict[str, set[str]] = {}
    ended: dict[str, set[int]] = {}
    for path, line in _lines(scene, folder=var.parent):
        ended.setdefault(" ".join(path), set()).add(main(line))
        said = "".join(capsys.readouterr()) + caplog.text
        caplog.clear()
        if secrets := betrayed_in(said) & HELD_BACK:
            betrayed[" ".join(line)] = secrets
    assert betrayed == {}
    assert {command for command, statuses in ended.items() if 0 not in statuses} <= NEVER_DONE
    _look_into(var)


def _lines(scene: Scene, *, folder: Path) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Every command with its path, in the schema of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "SCHEMA", "public")
        # A print run to check, and to print a part of again.
        documents.print_certificates(by=LATER, on=ON, at=AT, report=quiet)
        known = words(scene, folder)
        for leaf in leaves():
            for line in typed(leaf, known=known):
                yield leaf[0], line


# What ends in a refusal with the words above (the same person approves, an unknown list), which is looked at as well.
NEVER_DONE = frozenset({"exchange basic propose", "exchange basic confirm", "exchange basic withdraw",
                        "exchange basic deliver", "exchange basic system", "cases receive", "cases approve",
                        "feeds import", "registry merge", "registry split",
                        # Who steers a renewal proves it with a password, which is typed wrong here.
                        "run plan", "run start", "run pause", "run resume", "run cancel", "run approve",
                        "run close",
                        "run schedule propose", "run schedule confirm", "run schedule end"})  # fmt: skip


def _look_into(var: Path) -> None:
    """The files that the commands left."""
    pdfs = list(var.rglob("*.pdf"))
    assert pdfs
    for path in pdfs:
        assert betrayed_in("".join(page_texts(path.read_bytes()))) & HELD_BACK == set()

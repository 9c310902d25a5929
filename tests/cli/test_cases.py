"""`kyufu cases` from the file to the certificate, and what it says when it must not."""

from __future__ import annotations

from pathlib import Path

import pytest

from kyufu.cases import api as cases
from kyufu.cases.intake import LAYOUT
from kyufu.cli.main import main
from tests.cases.test_intake import paper
from tests.cases.test_mismatches import move_home
from tests.cases.world import World, certify, receive
from tests.platform.feed_files import write_feed

CLERK = ["--staff", "S0001", "--staff-name", "判定　花子", "--office", "鶴見区"]
APPROVER = ["--staff", "S0002", "--staff-name", "決裁　次郎", "--office", "鶴見区"]


@pytest.fixture
def world(transactional_db: None, tmp_path: Path) -> World:
    """A city without anybody in it yet."""
    return World(tmp_path)


def run(*arguments: str) -> int:
    return main(["cases", *arguments])


def test_from_the_file_to_the_certificate(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_feed(
        tmp_path, layout=LAYOUT, rows=[paper(world.family(), 1), paper(world.family(), 2)], mode="DIFF", seq=1
    )
    assert run("receive", str(path), *CLERK) == 0
    assert run("receive", str(path), *CLERK) == 0
    assert run("judge", "--on", "2026-08-01", *CLERK) == 0
    assert run("approve", *CLERK) == 1
    assert run("approve", *APPROVER) == 0
    assert run("issue", "--on", "2026-08-01", *CLERK) == 0
    said = capsys.readouterr().out
    lines = (
        "受付 2 件、受け付けられない行 0 件",
        "すでに受け付けています",
        "判定 2 件、見送り 0 件",
        "決裁 0 件、見送り 2 件",
        "判定した職員は、その決裁をできません。",
        "交付 2 件、見送り 0 件",
    )
    for line in lines:
        assert line in said
    assert len(list(cases.certificates_to_print())) == 2


def test_one_application_by_its_number(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    receive(world.family())
    receive(world.family())
    number = cases.applications()[0].number
    assert run("judge", "--number", number, "--on", "2026-08-01", *CLERK) == 0
    assert run("approve", "--number", number, *APPROVER) == 0
    assert run("issue", "--number", number, "--on", "2026-08-01", *CLERK) == 0
    assert run("list") == 0
    assert run("show", number) == 0
    said = capsys.readouterr().out
    assert f"受付番号 {number}: 判定済" in said
    assert "交付済: 1 件" in said
    assert "受付: 1 件" in said
    assert "決裁済  鶴見区 決裁　次郎" in said


def test_what_changed_is_said_and_judged_again(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    family = world.family()
    receive(family)
    number = cases.applications()[0].number
    run("judge", "--on", "2026-08-01", *CLERK)
    world.assist(family, since="2026-07-01")
    assert run("show", number) == 0
    assert "注意: 判定のあとに" in capsys.readouterr().out
    assert run("approve", "--number", number, *APPROVER) == 1
    assert "エラー: 判定のあとに" in capsys.readouterr().err
    assert run("judge", "--stale", "--on", "2026-08-01", *CLERK) == 0
    assert run("approve", "--number", number, *APPROVER) == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("judge", "--on", "あした", *CLERK), "日付ではありません"),
        (("judge", "--on", "9999-12-31", *CLERK), "年が範囲の外"),
        (("judge", "--on", "2026-08-01", "--municipality", "nowhere", *CLERK), "自治体は扱えません"),
        (("list", "--state", "sleeping"), "その状態はありません"),
        (("show", "1"), "受付番号"),
    ],
)
def test_wrong_arguments_are_bad_input(
    db: None, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    assert run(*arguments) == 2
    assert words in capsys.readouterr().err


def test_what_was_told_is_matched(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(2):
        certify(family := world.family())
        if number:
            move_home(world, family)
    assert run("match", *CLERK) == 0
    assert run("match", *CLERK) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == "突合：2 人、新しい食い違い 1 件、解消 0 件、いまある食い違い 1 件"
    assert "新しい食い違い 0 件" in second
    assert len(cases.mismatches_in(None, kind=None, limit=5, after=0)) == 1

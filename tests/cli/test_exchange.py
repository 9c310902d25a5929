"""`kyufu exchange basic`: from the request to the file, as two members of staff type it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from kyufu.staff.api import Scheme
from tests.cli.proving import enrol, run_as
from tests.exchange.basic.parts import read_delivered
from tests.registry.persons import Register, addressee_no, resident
from tests.staff.town import NOW, TODAY, Town, build_town

pytestmark = pytest.mark.django_db(transaction=True)
PROPOSE = (
    "propose", "kokuho", "--item", "atenabango", "--item", "shimei", "--from", TODAY.isoformat(),
    "--law", "国民健康保険法第9条", "--why", "資格の管理",
)  # fmt: skip
DELIVER = ("deliver", "kokuho", "--municipality", "yokohama", "--mode")


@pytest.fixture
def town(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: object) -> Town:
    """Two officers of head office with the right to deliver, a clerk without, and a register of two persons."""
    monkeypatch.setattr("kyufu.cli.access.prepare_django", lambda: None)
    monkeypatch.setattr("kyufu.cli.exchange.current_date_in_japan", lambda: TODAY)
    monkeypatch.setattr("kyufu.cli.exchange.current_instant", lambda: NOW)
    settings.VAR_DIR = tmp_path / "var"  # type: ignore[attr-defined]
    made = build_town()
    for account in (made.admin, made.clerk):
        made.grant(account, role="head", office="HQ", scheme=Scheme.COMMON)
    for number in ("A001", "C001"):
        enrol(number)
    Register(tmp_path).send([resident(1), resident(2)], mode="FULL")
    return made


def kyufu(*arguments: str, staff: str | None = "C001") -> int:
    """Run a step of the command, as a member of staff unless nobody is asked for."""
    who = () if staff is None else ("--staff", staff, "--staff-name", "見本", "--office", "医療援助課")
    return run_as(["exchange", "basic", *arguments, *who], *([] if staff is None else [staff]))


def allow(capsys: pytest.CaptureFixture[str]) -> str:
    """Enter the system, ask for two items and confirm them; gives what the list says."""
    assert kyufu("system", "kokuho", "--name", "国民健康保険システム") == 0
    assert kyufu(*PROPOSE) == 0
    number = capsys.readouterr().out.splitlines()[-1].split(":")[0]
    assert kyufu("list", staff=None) == 0
    listed = capsys.readouterr().out
    seen = re.search("確認符号 ([0-9a-f]+)", listed)
    assert seen is not None
    assert "確認待ち" in listed
    assert kyufu("confirm", number, "--seen", seen[1], staff="A001") == 0
    return listed


@pytest.mark.usefixtures("town")
def test_from_the_request_to_the_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    listed = allow(capsys)
    assert "項目：宛名番号、氏名" in listed
    assert "根拠：国民健康保険法第9条　理由：資格の管理" in listed
    assert kyufu(*DELIVER, "FULL") == 0
    assert "第1号 令和8年7月6日 FULL 提供 2 人・終了 0 人" in capsys.readouterr().out
    assert kyufu(*DELIVER, "DIFF") == 0
    assert "知らせる変更はありません" in capsys.readouterr().out
    (path,) = (tmp_path / "var").rglob("*.csv")
    assert [row["atenabango"] for row in read_delivered(path).rows] == [addressee_no(1), addressee_no(2)]
    assert kyufu("list", staff=None) == 0
    said = capsys.readouterr().out
    assert "承認済み" in said
    assert "basic_kokuho_FULL_000001.csv" in said
    assert "見本　太郎" not in said


@pytest.mark.usefixtures("town")
def test_what_is_refused_says_why_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    allow(capsys)
    for arguments, staff, said in (
        (DELIVER, "X001", "「他システムへの提供」（更新・参照可）の権限がありません"),
        (DELIVER, "Z999", "その職員番号のアカウントがありません"),
    ):
        assert kyufu(*arguments, "FULL", staff=staff) != 0
        assert said in capsys.readouterr().err
    assert kyufu(*DELIVER, "DIFF") == 1
    assert "先に全件（FULL）を提供してください" in capsys.readouterr().err


@pytest.mark.usefixtures("town")
def test_one_person_alone_allows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert kyufu("system", "kokuho", "--name", "国民健康保険システム") == 0
    assert kyufu(*PROPOSE) == 0
    number = capsys.readouterr().out.splitlines()[-1].split(":")[0]
    kyufu("list", staff=None)
    seen = re.search("確認符号 ([0-9a-f]+)", capsys.readouterr().out)
    assert seen is not None
    assert kyufu("confirm", number, "--seen", seen[1]) == 1
    assert kyufu("confirm", number, "--seen", "f" * 12, staff="A001") == 1
    assert kyufu("confirm", "999", "--seen", seen[1], staff="A001") == 2
    assert kyufu("withdraw", number, "--why", "取りやめ") == 0
    assert kyufu(*DELIVER, "FULL") == 1
    assert "承認がありません" in capsys.readouterr().err


@pytest.mark.usefixtures("town")
def test_items_can_be_looked_up_and_a_reason_goes_with_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert kyufu("items", staff=None) == 0
    said = capsys.readouterr().out
    assert "hogo_jusho　支援措置の対象者の住所" in said
    assert "kojinbango　個人番号" in said
    kyufu("system", "kokuho", "--name", "国民健康保険システム")
    end = (TODAY + timedelta(days=30)).isoformat()
    more = (
        "--item",
        "hogo_jusho=訪問に要る",
        "--item",
        "kojinbango",
        "--number-law",
        "番号法第9条",
        "--before",
        end,
    )
    assert kyufu(*PROPOSE, *more) == 0
    kyufu("list", staff=None)
    listed = capsys.readouterr().out
    assert "支援措置の対象者の住所（訪問に要る）" in listed
    assert "個人番号の根拠：番号法第9条" in listed
    assert "〔令和8年7月6日～令和8年8月4日〕" in listed
    with pytest.raises(SystemExit):
        kyufu("propose", "kokuho", "--from", "7/6", "--law", "x", "--why", "y")
    assert "YYYY-MM-DD で指定してください" in capsys.readouterr().err

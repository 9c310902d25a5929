"""`kyufu staff ask-reset` and `confirm-reset`: two administrators who prove who they are let somebody begin anew."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import check_password

from kyufu.cli import staff_changes, staff_resets
from kyufu.staff import api as staff
from tests.cli.proving import PASSWORD, enrol, run_as
from tests.staff.town import NOW, TODAY, Town, build_town, rows

pytestmark = pytest.mark.django_db(transaction=True)
Capture = pytest.CaptureFixture[str]
WHY = "職員証と本人の顔を窓口で確認"


@pytest.fixture
def town(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Town:
    """Two administrators, a clerk and a contractor's worker, all with authenticator apps, on the day of the tests."""
    monkeypatch.setattr("kyufu.cli.access.prepare_django", lambda: None)
    monkeypatch.setattr("kyufu.platform.schema.ensure_tables", lambda: None)
    monkeypatch.setattr(staff_changes, "current_date_in_japan", lambda: TODAY)
    monkeypatch.setattr(staff_resets, "current_instant", lambda: NOW)
    made = build_town()
    for number in ("A001", "A002", "C001", "X001"):
        enrol(number)
    return made


def ask(holder: str = "C001", *, by: str = "A001", why: str = WHY) -> int:
    """Ask under the name of somebody who stands there."""
    arguments = ["staff", "ask-reset", "--for", holder, "--why", why, "--staff", by]
    return run_as([*arguments, "--staff-name", "管理", "--office", "医療援助課"], by)


def confirm(*, by: str = "A002", present: str = "") -> int:
    """Confirm what waits under the name of somebody, while they or another one stand there."""
    waiting = staff.open_proposals(at=NOW)
    number = str(waiting[0].proposal_id) if waiting else "0"
    arguments = [
        "staff",
        "confirm-reset",
        number,
        "--staff",
        by,
        "--staff-name",
        "管理",
        "--office",
        "医療援助課",
    ]
    return run_as(arguments, present or by)


def has_password(staff_no: str, password: str) -> bool:
    ((hashed,),) = rows("SELECT password FROM staff_account WHERE staff_no = %s", [staff_no])
    return check_password(password, hashed)


def factors(staff_no: str) -> int:
    return Authenticator.objects.filter(user__staff_no=staff_no).count()


def details(kind: str) -> list[str]:
    return [
        row[0] for row in rows("SELECT detail::text FROM audit_event WHERE kind = %s ORDER BY id", [kind])
    ]


@pytest.mark.parametrize("holder", ["C001", "X001"])
def test_two_administrators_let_somebody_begin_anew(holder: str, town: Town, capsys: Capture) -> None:
    assert ask(holder) == 0
    assert "confirm-reset" in capsys.readouterr().out
    assert has_password(holder, PASSWORD)
    assert confirm() == 0
    said = capsys.readouterr()
    found = re.search(r"仮のパスワード: (\S+)", said.out)
    assert found is not None
    assert WHY in said.err, "what is confirmed is shown first"
    assert found[1] not in said.err
    assert has_password(holder, found[1])
    assert factors(holder) == 0
    assert factors("A001") == factors("A002") == 1
    assert confirm() == 1
    assert has_password(holder, found[1])


def test_it_stands_in_the_log_without_the_password(town: Town, capsys: Capture) -> None:
    ask()
    confirm()
    found = re.search(r"仮のパスワード: (\S+)", capsys.readouterr().out)
    assert found is not None
    for kind in ("proposed", "confirmed", "password_changed", "second_factor_changed"):
        assert "C001" in details(kind)[-1], kind
        assert found[1] not in details(kind)[-1], kind
    assert WHY in details("proposed")[-1]
    assert rows("SELECT count(*) FROM audit_write w WHERE w::text LIKE %s", [f"%{found[1]}%"]) == [(0,)]


def test_a_name_is_not_believed(town: Town, capsys: Capture) -> None:
    assert ask() == 0
    assert confirm(by="A002", present="A001") == 1
    assert "本人の確認ができません" in capsys.readouterr().err
    assert has_password("C001", PASSWORD)
    assert factors("C001") == 1


@pytest.mark.parametrize(
    ("holder", "by", "words"),
    [
        ("A001", "A001", "自分のサインインの再設定はできません"),
        ("C001", "X001", "権限がありません"),
        ("S999", "A001", "そのアカウントはありません"),
    ],
)
def test_what_may_not_be_asked(holder: str, by: str, words: str, town: Town, capsys: Capture) -> None:
    before = details("proposed")
    assert ask(holder, by=by) == 1
    assert words in capsys.readouterr().err
    assert staff.open_proposals(at=NOW) == []
    assert details("proposed") == before


@pytest.mark.parametrize(
    ("holder", "by", "words"),
    [
        ("C001", "A001", "最初に行った職員"),
        ("A002", "A002", "自分のサインインの再設定はできません"),
        ("C001", "X001", "権限がありません"),
    ],
)
def test_who_may_not_confirm(holder: str, by: str, words: str, town: Town, capsys: Capture) -> None:
    assert ask(holder) == 0
    assert confirm(by=by) == 1
    shown = capsys.readouterr()
    assert words in shown.err
    assert "仮のパスワード:" not in shown.out
    assert has_password(holder, PASSWORD)
    assert factors(holder) == 1


def test_without_a_reason_nothing_is_asked(town: Town, capsys: Capture) -> None:
    assert ask(why=" ") == 1
    assert "理由がありません" in capsys.readouterr().err
    assert staff.open_proposals(at=NOW) == []

"""`kyufu run schedule`: settled by two persons who prove who they are, listed for everybody at the shell."""

from __future__ import annotations

import pytest

from kyufu.cli.main import main
from kyufu.platform import clock
from kyufu.renewal import api as renewal
from kyufu.renewal.api import ScheduleState
from kyufu.staff.api import Rights
from tests.cli.proving import enrol, run_as
from tests.renewal.conftest import head, second, town

__all__ = ["head", "second", "town"]
pytestmark = pytest.mark.django_db(transaction=True)
Capture = pytest.CaptureFixture[str]
DAYS = ("--month", "8", "--day", "1", "--lead", "45", "--issue-days", "12")


@pytest.fixture(autouse=True)
def enrolled(head: Rights, second: Rights, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two persons who have authenticator apps."""
    monkeypatch.setattr("kyufu.cli.main.prepare_django", lambda: None)
    monkeypatch.setattr("kyufu.cli.access.prepare_django", lambda: None)
    for one in (head, second):
        enrol(one.staff_no)


def run(act: str, *arguments: str, by: Rights) -> int:
    """Run a step as somebody who proves it."""
    who = ("--staff", by.staff_no, "--staff-name", by.name, "--office", by.office_name)
    return run_as(["run", "schedule", act, *arguments, *who], by.staff_no)


def listed(capsys: Capture) -> str:
    """What the list says."""
    capsys.readouterr()
    assert main(["run", "schedule", "list"]) == 0
    return capsys.readouterr().out


def proposed(by: Rights, *arguments: str) -> str:
    """Propose the yearly one; gives its number."""
    assert run("propose", "--kind", "yearly", *(arguments or DAYS), "--why", "有効期間による", by=by) == 0
    return str(max(one.schedule_id for one in renewal.schedules(today=clock.current_date_in_japan())))


def test_settled_by_two_and_ended(head: Rights, second: Rights, capsys: Capture) -> None:
    assert "標準（仮定（要確認））　年次更新　基準日 毎年8月1日" in listed(capsys)
    number = proposed(head)
    assert f"{number}　申し出中（確認待ち）　年次更新　基準日 毎年8月1日　45日前に立案" in listed(capsys)
    assert run("confirm", number, by=head) == 1
    capsys.readouterr()
    assert run("confirm", number, by=second) == 0
    assert "基準日 毎年8月1日　45日前に立案（対象者の確定と判定まで）" in capsys.readouterr().err
    assert f"{number}　有効　" in (said := listed(capsys))
    assert "次の立案 令和" in said
    assert run("end", number, "--why", "見直しのため", by=head) == 0
    (one,) = renewal.schedules(today=clock.current_date_in_japan())
    assert one.state is ScheduleState.ENDED


def test_the_usual_one_and_only_the_plan(head: Rights, capsys: Capture) -> None:
    proposed(head, "--usual")
    proposed(head, *DAYS, "--plan-only")
    newest, usual = sorted(
        renewal.schedules(today=clock.current_date_in_japan()), key=lambda one: -one.schedule_id
    )
    assert (usual.rule.month, usual.rule.day, usual.rule.judges) == (8, 1, True)
    assert not newest.rule.judges
    assert "立案だけ" in listed(capsys)


def test_what_is_lacking_is_said(head: Rights, capsys: Capture) -> None:
    assert run("propose", "--kind", "monthly", "--day", "1", "--why", "毎月", by=head) == 2
    assert "日程が足りません" in capsys.readouterr().err
    assert run("propose", "--kind", "yearly", *DAYS[2:], "--why", "毎年", by=head) == 2
    assert "月がありません" in capsys.readouterr().err
    assert run("confirm", "77", by=head) == 2
    assert "その予定はありません" in capsys.readouterr().err


def test_what_was_planned_is_listed(head: Rights, second: Rights, capsys: Capture) -> None:
    today = clock.current_date_in_japan()
    day = min(today.day, 28)
    rule = renewal.Rule(renewal.RenewalKind.MONTHLY, None, day, 0, 0, False)
    at = clock.current_instant()
    number = renewal.propose_schedule(rule, why="毎月", rights=head, at=at)
    renewal.confirm_schedule(number, rights=second, at=at)
    from datetime import timedelta

    renewal.keep_schedule(at + timedelta(days=32))
    said = listed(capsys)
    assert "月次更新" in said
    assert "立案　立案済" in said

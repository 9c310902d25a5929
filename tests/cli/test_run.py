"""`kyufu run`: from the plan to the report at the shell, by two persons who prove who they are."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from kyufu.cli.main import main
from kyufu.platform import clock
from kyufu.renewal import api as renewal
from kyufu.runs.worker import enlist, work_once
from kyufu.staff.api import Rights
from tests.cases.world import World
from tests.cli.proving import enrol, run_as
from tests.renewal.conftest import head, second, town
from tests.renewal.night import Night, make_night

__all__ = ["head", "second", "town"]
pytestmark = pytest.mark.django_db(transaction=True)
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def world(transactional_db: None, tmp_path_factory: pytest.TempPathFactory) -> World:
    """A city without anybody in it yet."""
    return World(tmp_path_factory.mktemp("feeds"))


@pytest.fixture
def night(world: World, head: Rights, second: Rights, monkeypatch: pytest.MonkeyPatch) -> Night:
    """The evening before, with two persons who have authenticator apps."""
    monkeypatch.setattr("kyufu.cli.main.prepare_django", lambda: None)
    monkeypatch.setattr("kyufu.cli.access.prepare_django", lambda: None)
    for one in (head, second):
        enrol(one.staff_no)
    return make_night(world)


@pytest.fixture
def work(night: Night) -> Callable[[], bool]:
    """A worker that takes up one run."""
    worker_id = enlist(at=clock.current_instant())
    return lambda: work_once(worker_id)


def run(step: str, *arguments: str, by: Rights) -> int:
    """Run a step as somebody who proves it."""
    who = ("--staff", by.staff_no, "--staff-name", by.name, "--office", by.office_name)
    return run_as(["run", step, *arguments, *who], by.staff_no)


def plan(by: Rights, *more: str) -> str:
    """Plan the yearly renewal; gives its number."""
    assert run("plan", "--kind", "yearly", "--on", "2027-08-01", "--issue", "2027-07-20", *more, by=by) == 0
    return str(renewal.latest_renewals(limit=1)[0].renewal_id)


def test_a_night_at_the_shell(
    night: Night, head: Rights, second: Rights, work: Callable[[], bool], capsys: Capture
) -> None:
    number = plan(head)
    assert run("start", number, by=head) == 0
    assert work()
    assert run("approve", number, by=head) == 1
    assert "権限がありません" in capsys.readouterr().err
    assert run("approve", number, by=second) == 0
    assert "母数 9 人 = 対象 7 人 + 対象外 2 人" in capsys.readouterr().err, "what is approved is shown first"
    for _ in range(2):
        assert run("start", number, by=head) == 0
        assert work()
    assert main(["run", "report", number]) == 0
    said = capsys.readouterr().out
    for line in (
        "完了", "継続 4 人", "喪失 2 人", "判定不能 1 人", "反映 7 人、見送り 0 人",
        "印刷 小児医療証 対象 4 件 = 印刷 4 件 + 印刷できず 0 件", "健康保険が確認できない",
    ):  # fmt: skip
        assert line in said
    assert re.search(r"SHA-256） [0-9a-f]{64}", said)
    assert main(["run", "list"]) == 0
    assert f"{number}　年次更新　基準日 令和9年8月1日　完了" in capsys.readouterr().out


def test_what_is_outside_of_the_expectation_needs_a_reason_at_the_shell(
    night: Night, head: Rights, second: Rights, work: Callable[[], bool], capsys: Capture
) -> None:
    for _ in range(4):
        night.world.family()
    number = plan(head)
    run("start", number, by=head)
    assert work()
    assert main(["run", "report", number]) == 0
    told = "対象外の割合（期間・事由が合わないための対象外を除く） 46.1％（30.0％以下）　範囲外"
    assert told in capsys.readouterr().out
    assert run("approve", number, by=second) == 1
    refused = capsys.readouterr().err
    assert told in refused
    assert "範囲外でも承認する理由" in refused
    assert run("approve", number, "--why", "区に確かめたため", by=second) == 0
    assert main(["run", "show", number]) == 0
    assert "範囲外でも承認した理由：区に確かめたため" in capsys.readouterr().out


def test_who_is_left_out_is_told_by_number_and_reason(
    night: Night, head: Rights, work: Callable[[], bool], capsys: Capture
) -> None:
    number = plan(head)
    run("start", number, by=head)
    assert work()
    assert main(["run", "left-out", number]) == 0
    said = capsys.readouterr().out
    assert "対象年齢の住民だが、申請がない 1 人" in said
    assert night.never_applied.child_no in said
    assert "申請・届出の処理の途中である 1 人" in said


def test_watch_says_how_far_it_is(
    night: Night, head: Rights, work: Callable[[], bool], capsys: Capture
) -> None:
    number = plan(head)
    assert main(["run", "watch", number]) == 0
    assert "まだ何も始めていません" in capsys.readouterr().out
    run("start", number, by=head)
    assert work()
    assert main(["run", "watch", number]) == 0
    assert "完了　7 / 7（100%）" in capsys.readouterr().out


def test_paused_resumed_and_given_up(
    night: Night, head: Rights, work: Callable[[], bool], capsys: Capture
) -> None:
    number = plan(head)
    run("start", number, by=head)
    assert run("pause", number, by=head) == 0
    assert not work()
    assert run("resume", number, by=head) == 0
    assert work()
    assert run("cancel", number, "--why", "条件の誤り", by=head) == 0
    assert main(["run", "show", number]) == 0
    said = capsys.readouterr().out
    assert "取りやめ" in said
    assert "条件の誤り" in said


def test_a_trial_ends_without_effect(
    night: Night, head: Rights, work: Callable[[], bool], capsys: Capture
) -> None:
    number = plan(head, "--trial")
    run("start", number, by=head)
    assert work()
    assert run("close", number, by=head) == 0
    assert "何も反映していません" in capsys.readouterr().out


@pytest.mark.parametrize("day", ["2027-8", "2027-02-30", "0001-01-01"])
def test_a_day_that_is_none_is_refused(night: Night, head: Rights, capsys: Capture, day: str) -> None:
    assert run("plan", "--kind", "yearly", "--on", day, by=head) == 2
    assert "日付" in capsys.readouterr().err


def test_a_name_alone_plans_nothing(night: Night, head: Rights, capsys: Capture) -> None:
    who = ("--staff", head.staff_no, "--staff-name", head.name, "--office", head.office_name)
    assert run_as(["run", "plan", "--kind", "yearly", "--on", "2027-08-01", *who], "nobody") == 1
    assert renewal.latest_renewals(limit=1) == ()


def test_a_replay_tells_who_is_owed_and_its_letters_are_approved_by_another(
    world: World, head: Rights, second: Rights, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    from tests.renewal.test_replaying import BORN, decided_under_a_narrow_rule

    monkeypatch.setattr("kyufu.cli.main.prepare_django", lambda: None)
    monkeypatch.setattr("kyufu.cli.access.prepare_django", lambda: None)
    for one in (head, second):
        enrol(one.staff_no)
    decided_under_a_narrow_rule(world, BORN, monkeypatch)
    assert run("plan", "--kind", "replay", "--on", "2026-08-01", by=head) == 0
    number = str(renewal.latest_renewals(limit=1)[0].renewal_id)
    renewal.judge_renewal(
        int(number), by=head.actor(), at=clock.current_instant(), report=lambda _done, _total: None
    )
    assert main(["run", "report", number]) == 0
    said = capsys.readouterr().out
    assert "追加で助成すべきもの 1 人（令和8年8月1日から）" in said
    assert "金額は計算できません" in said
    assert "償還払いの申請を案内します" in said
    assert run("approve", number, by=head) == 1
    capsys.readouterr()
    assert run("approve", number, by=second) == 0
    told = capsys.readouterr()
    assert "追加で助成すべきもの 1 人" in told.err, "what is approved is shown first"
    assert "1 人へのお知らせを承認しました" in told.out
    assert main(["run", "list"]) == 0
    assert "過去の決定の再点検・試行　基準日 令和8年8月1日　完了" in capsys.readouterr().out


def test_losses_that_began_before_are_reported_with_the_next_step(
    night: Night, head: Rights, work: Callable[[], bool], capsys: Capture
) -> None:
    number = plan(head)
    run("start", number, by=head)
    assert work()
    assert main(["run", "report", number]) == 0
    said = capsys.readouterr().out
    assert "喪失の理由が期間の初日より前に生じた児童 2 人" in said
    assert "事実の変更による判定し直し" in said
    assert "金額は計算できません" not in said

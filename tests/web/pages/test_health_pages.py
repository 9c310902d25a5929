"""Health and jobs for the IT section: each part in words, with what to do; the queue with cancel and retry."""

from __future__ import annotations

from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from kyufu.audit.api import EventKind, record_event
from kyufu.platform import clock
from kyufu.runs import api as runs
from kyufu.runs.models import Run, Worker
from kyufu.runs.states import RunState
from kyufu.runs.worker import claim, enlist, work_once
from kyufu.staff import api as staff
from kyufu.web.pages import health_checks
from kyufu.web.pages.health_checks import Check, Condition, all_checks, worst
from tests.cases.world import World
from tests.mynumber.conftest import vault as vault
from tests.registry.persons import resident
from tests.web.conftest import SignedIn
from tests.web.pages.reading import read
from tests.web.town import HEAD, Person, Town

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def operator(world: World, signed_in: SignedIn) -> Person:
    """Somebody of the IT section."""
    return signed_in("operations", office=HEAD)


def start(town: Town, code: str = "judge_pending") -> int:
    account_id, _ = town.account(office=HEAD)
    town.grant(account_id, role="head", office=HEAD)
    rights = staff.rights_of(account_id, on=town.today)
    return runs.start_run(code, arguments={"on": "2026-08-01"}, rights=rights, at=clock.current_instant())


def check(title: str, *, later: timedelta = timedelta(0)) -> Check:
    at = clock.current_instant() + later
    (found,) = [one for one in all_checks(at=at, folder=Path("/")) if one.title == title]
    return found


def test_every_part_says_how_it_is(operator: Person, world: World) -> None:
    world.send("resident", [resident(1)])
    page = read(operator.get("/health/"))
    for words in (
        "データベース", "PostgreSQL", "表の版", "最新です", "処理係が動いていません", "kyufu worker", "操作記録の封印",
        "操作記録の検証", "個人番号の金庫", "保存場所の空き", "住民記録", "取込済み",
    ):  # fmt: skip
        assert words in page.text, words


@pytest.mark.parametrize("role", ["head", "counter", "auditor", "rights"])
def test_health_and_jobs_are_for_operations(world: World, signed_in: SignedIn, role: str) -> None:
    person = signed_in(role, office=HEAD)
    assert person.get("/health/").status_code == 403
    assert person.get("/jobs/").status_code == 403


def test_a_worker_is_well_until_it_is_not_heard_of(world: World) -> None:
    assert check("処理係").condition is Condition.BROKEN
    enlist(at=clock.current_instant())
    assert check("処理係").condition is Condition.OK
    late = check("処理係", later=timedelta(minutes=5))
    assert (late.condition, "最後の応答" in late.found) == (Condition.BROKEN, True)


def test_the_queue_is_well_until_something_waits_fails_or_is_lost(town: Town, world: World) -> None:
    assert check("一括処理").condition is Condition.OK
    run_id = start(town)
    assert check("一括処理").condition is Condition.OK
    assert "長く待っている" in check("一括処理", later=timedelta(minutes=30)).found
    at = clock.current_instant()
    claim(enlist(at=at), at=at)
    Worker.objects.update(seen_at=at - timedelta(hours=1))
    lost = check("一括処理")
    assert (lost.condition, "応答のない" in lost.found) == (Condition.BROKEN, True)
    worker = enlist(at=at)
    work_once(worker)
    assert runs.find_run(run_id, at=at).state is RunState.FAILED
    failed = check("一括処理")
    assert (failed.condition, "停止（失敗） 1件" in failed.found) == (Condition.WARNING, True)


def test_a_seal_and_a_verification_grow_old(world: World) -> None:
    record_event(EventKind.EXPORTED, detail={})
    assert check("操作記録の封印").condition is Condition.OK
    assert check("操作記録の封印", later=timedelta(hours=5)).condition is Condition.WARNING
    assert check("操作記録の封印", later=timedelta(days=3)).condition is Condition.BROKEN
    record_event(EventKind.LOG_VERIFIED, detail={"問題": "なし"})
    assert check("操作記録の検証").condition is Condition.OK
    assert check("操作記録の検証", later=timedelta(days=2)).condition is Condition.WARNING
    record_event(EventKind.LOG_VERIFIED, detail={"問題": "記録が書き換えられています"})
    found = check("操作記録の検証")
    assert found.condition is Condition.BROKEN
    assert "監査・個人情報保護の担当" in found.remedy


def test_the_daily_job_and_the_vault_are_told(world: World, vault: Path) -> None:
    record_event(EventKind.DAILY_DONE, detail={})
    assert check("日次の処理").condition is Condition.OK
    assert check("日次の処理", later=timedelta(days=2)).condition is Condition.WARNING
    assert "開設済み" in check("個人番号の金庫").found
    world.send("resident", [resident(5)])
    assert check("個人番号の金庫").condition in (Condition.OK, Condition.WARNING)


@pytest.mark.parametrize(
    ("free", "condition"), [(50, Condition.OK), (10, Condition.WARNING), (2, Condition.BROKEN)]
)
def test_the_disk_fills_up(
    world: World, monkeypatch: pytest.MonkeyPatch, free: int, condition: Condition
) -> None:
    monkeypatch.setattr(health_checks.shutil, "disk_usage", lambda _: Usage(100, 100 - free, free))
    assert check("保存場所の空き").condition is condition
    assert worst([check("保存場所の空き")]) is condition


def test_a_migration_that_is_lacking_is_broken(world: World) -> None:
    assert check("表の版").condition is Condition.OK
    # Within the transaction of the test the program has one migration more than the database knows.
    with transaction.atomic():
        MigrationRecorder(connection).record_unapplied("runs", "0002_guards")
        found = check("表の版")
        transaction.set_rollback(True)
    assert (found.condition, "1件" in found.found) == (Condition.BROKEN, True)


def test_conditions_have_words() -> None:
    assert [one.label for one in Condition] == ["正常", "注意", "異常"]
    assert worst([]) is Condition.OK


def test_an_operator_cancels_and_puts_back_into_the_queue_for_whoever_asked(
    operator: Person, town: Town
) -> None:
    run_id = start(town)
    page = read(operator.get("/jobs/"))
    assert "受付済の申請の判定" in page.text
    assert operator.post(page.form_to("/cancel/").action).status_code == 302
    asked_by = Run.objects.get().asked_by
    page = read(operator.get("/jobs/"))
    assert "中止" in page.text
    assert operator.post(page.form_to("/retry/").action).status_code == 302
    again = Run.objects.get()
    assert (again.state, again.asked_by) == (RunState.WAITING, asked_by)
    assert runs.steps_of(run_id)[-1].actor_name == "戸塚 桜子"
    work_once(enlist(at=clock.current_instant()))
    assert Run.objects.get().state == RunState.DONE
    assert operator.post(page.form_to("/retry/").action).status_code == 409


def test_the_queue_of_every_kind_goes_on(
    operator: Person, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kyufu.web.pages import health

    monkeypatch.setattr(health, "PAGE", 1)
    start(town)
    start(town, "judge_stale")
    first = read(operator.get("/jobs/"))
    (onward,) = [one for one in first.links if "before=" in one]
    assert "受付済の申請の判定" in read(operator.get(onward)).text
    assert "受付済の申請の判定" not in first.text


def test_a_load_balancer_learns_that_it_answers_and_no_more(world: World, town: Town) -> None:
    from django.test import Client

    answer = Client().get("/healthz/")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "Set-Cookie" not in answer.headers
    assert Client(REMOTE_ADDR="198.51.100.9").get("/healthz/").status_code == 403

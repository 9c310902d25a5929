"""The verdicts on the parts of the system, both sides of each limit: facts in, words out, no database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kyufu.audit.api import LogState
from kyufu.runs.api import RunSeen, RunState, WorkerSeen
from kyufu.web.pages import health_checks as health
from kyufu.web.pages.health_checks import Check, Condition, Space, worst

NOW = datetime(2026, 11, 29, 3, 0, tzinfo=UTC)
MOMENT = timedelta(seconds=1)
NOTHING_SEALED = LogState(0, 0, None, None, None, {})
OK, WARNING, BROKEN = Condition.OK, Condition.WARNING, Condition.BROKEN


def log(*, verified: timedelta | None = None, problem: str | None = None) -> LogState:
    """A log sealed an hour ago and verified so long ago."""
    verdict = {} if problem is None else {"問題": problem}
    return LogState(
        3, 900, 3, NOW - timedelta(hours=1), None if verified is None else NOW - verified, verdict
    )


def run(state: RunState, *, asked: timedelta = timedelta(0), lost: bool = False) -> RunSeen:
    """A run that was asked for so long ago."""
    return RunSeen(
        run_id=1, kind="judge_pending", arguments={}, asked_by="S1", asked_by_name="本庁 花子", asked_by_office="本庁",
        asked_at=NOW - asked, state=state, attempt=1, began_at=None, ended_at=None, cancel_asked_at=None, done=0,
        total=0, outcome={}, message="", remedy="", is_lost=lost,
    )  # fmt: skip


def worker(name: str, *, alive: bool, silent: timedelta = timedelta(0)) -> WorkerSeen:
    return WorkerSeen(name, NOW - timedelta(days=1), NOW - silent, alive)


def says_what_to_do(check: Check) -> bool:
    """Who is not well says what to do, who is well says nothing."""
    return bool(check.remedy) is (check.condition is not OK)


@pytest.mark.parametrize(
    ("age", "condition"),
    [
        (timedelta(0), OK), (health.SEAL_LATE - MOMENT, OK), (health.SEAL_LATE, WARNING),
        (health.SEAL_VERY_LATE - MOMENT, WARNING), (health.SEAL_VERY_LATE, BROKEN), (timedelta(days=400), BROKEN),
    ],
)  # fmt: skip
def test_a_record_waits_for_its_seal(age: timedelta, condition: Condition) -> None:
    found = health.seal_check(log(), oldest=NOW - age, at=NOW)
    assert found.condition is condition
    assert says_what_to_do(found)
    assert "最後の封印 令和8年11月29日 11:00" in found.found


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(0), "0分前"), (timedelta(minutes=59, seconds=59), "59分前"), (timedelta(hours=1), "1時間前"),
        (timedelta(hours=47, minutes=59), "47時間前"), (timedelta(hours=48), "2日前"), (timedelta(days=9), "9日前"),
    ],
)  # fmt: skip
def test_an_age_is_said_in_its_largest_unit(age: timedelta, words: str) -> None:
    assert words in health.seal_check(log(), oldest=NOW - age, at=NOW).found


def test_a_log_in_which_nothing_waits_is_well_also_before_its_first_seal() -> None:
    sealed = health.seal_check(log(), oldest=None, at=NOW)
    unsealed = health.seal_check(NOTHING_SEALED, oldest=None, at=NOW)
    assert (sealed.condition, unsealed.condition) == (OK, OK)
    assert "封印待ちの記録はありません" in sealed.found
    assert "まだ封印していません" in unsealed.found


def test_what_was_never_sealed_grows_old_like_anything_else() -> None:
    found = health.seal_check(NOTHING_SEALED, oldest=NOW - timedelta(hours=3), at=NOW)
    assert (found.condition, "まだ封印していません" in found.found) == (WARNING, True)


@pytest.mark.parametrize(
    ("age", "condition"),
    [
        (timedelta(0), OK), (health.DAILY_LATE, OK), (health.DAILY_LATE + MOMENT, WARNING),
        (timedelta(days=90), WARNING),
    ],
)  # fmt: skip
def test_a_verification_and_the_daily_job_are_late_after_a_day_and_a_half(
    age: timedelta, condition: Condition
) -> None:
    for found in (
        health.verification_check(log(verified=age, problem="なし"), at=NOW),
        health.daily_check(NOW - age, at=NOW),
    ):
        assert found.condition is condition, found.title
        assert says_what_to_do(found)


def test_what_was_never_done_is_said_with_its_command() -> None:
    for found, command in (
        (health.verification_check(NOTHING_SEALED, at=NOW), "kyufu audit verify"),
        (health.daily_check(None, at=NOW), "kyufu staff lapse"),
    ):
        assert (found.condition, found.found) == (WARNING, health.NEVER)
        assert command in found.remedy


@pytest.mark.parametrize("age", [timedelta(0), timedelta(days=2)])
def test_a_problem_of_the_log_is_broken_however_old_and_touches_nothing(age: timedelta) -> None:
    found = health.verification_check(log(verified=age, problem="記録の変更（番号 7）"), at=NOW)
    assert found.condition is BROKEN
    assert "何も変更せず" in found.remedy
    assert "番号 7" not in found.found, "the page of the log tells that to whom it concerns"


def test_a_verification_that_says_nothing_of_problems_found_none() -> None:
    assert health.verification_check(log(verified=MOMENT), at=NOW).condition is OK


def test_a_moment_is_told_in_japan() -> None:
    assert "令和8年11月29日 12:00" in health.daily_check(NOW, at=NOW).found
    late = datetime(2026, 12, 31, 15, 30, tzinfo=UTC)
    assert "令和9年1月1日 00:30" in health.daily_check(late, at=late).found


def test_without_any_worker_nothing_is_said_of_a_last_answer() -> None:
    found = health.worker_check([])
    assert (found.condition, "最後の応答" in found.found) == (BROKEN, False)
    assert "kyufu worker" in found.remedy


def test_one_worker_that_lives_is_enough_and_only_the_living_are_named() -> None:
    found = health.worker_check([worker("a（1）", alive=True), worker("b（2）", alive=False)])
    assert (found.condition, found.found) == (OK, "1台が動いています（a（1））")
    two = health.worker_check([worker("a（1）", alive=True), worker("b（2）", alive=True)])
    assert two.found == "2台が動いています（a（1）、b（2））"


def test_of_dead_workers_the_latest_answer_is_told() -> None:
    dead = [
        worker("a（1）", alive=False, silent=timedelta(hours=1)),
        worker("b（2）", alive=False, silent=timedelta(days=1)),
    ]
    found = health.worker_check(dead)
    assert (found.condition, "最後の応答：令和8年11月29日 11:00" in found.found) == (BROKEN, True)
    assert says_what_to_do(found)


@pytest.mark.parametrize(
    ("asked", "condition"),
    [(timedelta(0), OK), (health.QUEUE_LATE, OK), (health.QUEUE_LATE + MOMENT, WARNING)],
)
def test_a_run_that_waits_long_is_told(asked: timedelta, condition: Condition) -> None:
    found = health.queue_check({"waiting": 1}, latest=[run(RunState.WAITING, asked=asked)], at=NOW)
    assert found.condition is condition
    assert "順番待ち 1件" in found.found
    assert says_what_to_do(found)


@pytest.mark.parametrize("state", [RunState.RUNNING, RunState.DONE, RunState.CANCELLED])
def test_only_what_waits_can_wait_too_long(state: RunState) -> None:
    latest = [run(state, asked=timedelta(days=3))]
    assert health.queue_check({str(state): 1}, latest=latest, at=NOW).condition is OK


def test_a_run_that_failed_stays_a_warning_until_it_is_resumed() -> None:
    found = health.queue_check({"failed": 2, "done": 9}, latest=[run(RunState.FAILED)], at=NOW)
    assert (found.condition, "停止（失敗） 2件" in found.found) == (WARNING, True)
    assert health.queue_check({"done": 11}, latest=[run(RunState.DONE)], at=NOW).condition is OK


def test_what_is_lost_weighs_more_than_what_waits_or_failed() -> None:
    latest = [
        run(RunState.WAITING, asked=timedelta(hours=2)), run(RunState.FAILED), run(RunState.RUNNING, lost=True),
    ]  # fmt: skip
    found = health.queue_check({"waiting": 1, "failed": 1, "running": 1}, latest=latest, at=NOW)
    assert (found.condition, "応答のない" in found.found) == (BROKEN, True)
    assert "再開" in found.remedy


@pytest.mark.parametrize(
    ("free", "condition"),
    [(0, BROKEN), (49, BROKEN), (50, WARNING), (149, WARNING), (150, OK), (1_000, OK)],
)
def test_the_disk_is_weighed_by_its_share(free: int, condition: Condition) -> None:
    found = health.disk_check(Space(free * health.GIGABYTE, 1_000 * health.GIGABYTE))
    assert found.condition is condition
    assert f"空き {free:.1f} GB" in found.found
    assert says_what_to_do(found)


def test_a_large_disk_is_not_spared_for_its_many_bytes() -> None:
    terabyte = 1_000 * health.GIGABYTE
    assert health.disk_check(Space(terabyte, 100 * terabyte)).condition is BROKEN


@pytest.mark.parametrize("lacking", [1, 3])
def test_tables_of_an_older_program_are_broken(lacking: int) -> None:
    found = health.migrations_check([("runs", f"000{number}") for number in range(lacking)])
    assert (found.condition, f"{lacking}件" in found.found) == (BROKEN, True)
    assert "kyufu database start" in found.remedy
    assert health.migrations_check([]).condition is OK


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [([], OK), ([OK], OK), ([OK, WARNING], WARNING), ([WARNING, BROKEN, OK], BROKEN), ([BROKEN], BROKEN)],
)
def test_the_worst_part_decides(conditions: list[Condition], expected: Condition) -> None:
    assert worst([Check("", one, "", "") for one in conditions]) is expected

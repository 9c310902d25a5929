"""SIGKILL at any stage of the demonstration and a rerun end as an undisturbed run: same tables, same papers."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator

import pytest

from tests.journeys.city_run import CityRun, fresh_schema, shared_server
from tests.journeys.dumps import dump, letters
from tests.journeys.log_and_vault import assert_log_is_whole, vault_of

pytestmark = pytest.mark.slow
Make = Callable[[], CityRun]

# Where to kill: the line of the progress to wait for; of two stages of one name, which one.
POINTS = {
    "tables": ("データベースの準備 …", 1),
    "accounts": ("職員のアカウントと権限 …", 1),
    "making the city": ("住民と資料を作成しています", 1),
    "opening the vault": ("個人番号の金庫の開設 …", 1),
    "full residents": ("取込：住民記録 1,000", 1),
    "differing residents": ("取込：住民記録 …", 2),
    "numbers": ("個人番号の登録（金庫） …", 1),
    "applications": ("申請の受付 …", 1),
    "judgement": ("判定 …", 1),
    "late tax": ("取込：個人住民税（所得） …", 2),
    "approval": ("決裁 …", 1),
    "judgement of the stale": ("再判定（判定後に資料が変わったもの） …", 1),
    "issue": ("医療証の交付 …", 1),
    "printing certificates": ("印刷：小児医療証 …", 1),
    "printing rejections": ("印刷：却下通知書 …", 1),
    "sealing the log": ("操作記録の封印 …", 1),
}
# One city is killed at several of them, in their order, before it is let run to its end.
CITIES = {
    "a": ("tables", "full residents", "late tax", "printing certificates"),
    "b": ("accounts", "opening the vault", "judgement", "issue", "sealing the log"),
    "c": ("making the city", "differing residents", "applications", "judgement of the stale"),
    "d": ("numbers", "approval", "printing rejections"),
}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CityRun]:
    """A run that nothing came in the way of."""
    made = CityRun(tmp_path_factory.mktemp("undisturbed") / "var", fresh_schema(), shared_server())
    done = made.run()
    assert done.returncode == 0, done.stderr[-2000:]
    yield made
    made.remove()


def kill_at(run: CityRun, *, line: str, nth: int, after: float = 0.0) -> bool:
    """Start a run and kill it, with the server it may have started, at the nth such line; False: it ended before."""
    child = run.start()
    assert child.stderr is not None
    seen = 0
    for shown in child.stderr:
        seen += shown.startswith(line)
        if seen == nth:
            time.sleep(after)
            os.killpg(child.pid, signal.SIGKILL)
            break
    ended = child.wait(timeout=120)
    child.stderr.close()
    return ended == -9


def assert_same_end(run: CityRun, *, undisturbed: CityRun) -> None:
    done = run.run()
    assert done.returncode == 0, done.stderr[-2000:]
    wanted, found = dump(undisturbed), dump(run)
    assert found.keys() == wanted.keys()
    # What could not be printed is tried again, and its reason recorded again, in a print run without papers.
    for ledger in ("documents_print_run", "documents_print_exception"):
        assert set(wanted.pop(ledger)) <= set(found.pop(ledger)), ledger
    for table, rows in wanted.items():
        assert found[table] == rows, table
    assert letters(run) == letters(undisturbed)
    assert vault_of(run) == vault_of(undisturbed)
    assert run.summary["applications"] == undisturbed.summary["applications"]
    assert_log_is_whole(run)
    assert_ledger_and_papers_agree(run)


def assert_ledger_and_papers_agree(run: CityRun) -> None:
    """Every paper is in the ledger, every paper of the ledger is there, and nothing was printed twice."""
    named = run.rows(
        "SELECT r.folder, f.name FROM documents_print_file f JOIN documents_print_run r ON r.id = f.run_id"
    )
    assert named
    assert {run.paper_folder / folder / name for folder, name in named} == set(run.papers())
    twice = "(SELECT 1 FROM documents_document GROUP BY kind, subject_id HAVING count(*) > 1) twice"
    assert run.count(twice) == 0


@pytest.mark.parametrize("city", CITIES)
def test_a_run_killed_at_the_begin_of_stages_ends_the_same(
    city: str, new_run: Make, undisturbed: CityRun
) -> None:
    run = new_run()
    for point in CITIES[city]:
        line, nth = POINTS[point]
        assert kill_at(run, line=line, nth=nth), point
    assert_same_end(run, undisturbed=undisturbed)


def test_every_stage_is_killed_at_once() -> None:
    assert sorted(point for points in CITIES.values() for point in points) == sorted(POINTS)


def test_the_undisturbed_run_has_a_whole_log_and_a_full_vault(undisturbed: CityRun) -> None:
    assert_log_is_whole(undisturbed)
    found = vault_of(undisturbed)
    assert found.persons == found.versions == found.distinct == len(found.of_each) > 1_000
    assert {numbers for _, _, numbers, _ in found.of_each} == {1}
    assert found.letters == 0


def test_a_run_killed_while_people_sign_in_goes_on(new_run: Make, undisturbed: CityRun) -> None:
    """Whom the kill left signed in, and whose code of the half minute was used, signs in again at once."""
    run = new_run()
    child = run.start()
    try:
        wait_for_sessions(run, child=child)
    finally:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
    assert run.count("staff_session") > 0
    assert_same_end(run, undisturbed=undisturbed)
    assert run.count("staff_session WHERE ended_at IS NULL") == 0


def wait_for_sessions(run: CityRun, *, child: subprocess.Popen[str]) -> None:
    """Wait until somebody is signed in; the run before that is the one that shows its progress."""
    assert child.stderr is not None
    for shown in child.stderr:
        if shown.startswith("操作記録の封印 完了"):
            break
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and child.poll() is None:
        if run.count("staff_session WHERE ended_at IS NULL"):
            return
        time.sleep(0.02)
    pytest.fail("nobody signed in")


# Each time a moment later than the stage begins; printing takes long enough to be caught with papers half written.
MOMENTS = {
    "職員のアカウントと権限": 0.5,
    "個人番号の金庫の開設": 0.05,
    "取込：住民記録 1,000": 0.05,
    "個人番号の登録": 0.05,
    "判定": 0.05,
    "決裁": 0.05,
    "医療証の交付": 0.02,
    "印刷：小児医療証": 0.5,
    "操作記録の封印": 0.05,
}


def test_a_run_killed_again_and_again_ends_the_same(new_run: Make, undisturbed: CityRun) -> None:
    run, chance = new_run(), random.Random(20260801)
    killed = 0
    for line, longest in MOMENTS.items():
        killed += kill_at(run, line=line, nth=1, after=chance.uniform(longest / 2, longest))
        if line == "医療証の交付":
            assert_no_certificate_without_an_approval(run)
    assert killed >= 7
    assert_same_end(run, undisturbed=undisturbed)


def assert_no_certificate_without_an_approval(run: CityRun) -> None:
    """All were issued, or none was, and nothing is printed yet."""
    issued = run.count("cases_certificate")
    approved = run.count("cases_application WHERE state = 'approved'")
    steps = run.count("cases_application_transition WHERE to_state = 'issued'")
    assert issued == steps
    assert (issued == 0) != (approved == 0)
    assert run.papers() == []

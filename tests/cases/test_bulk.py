"""Bulk runs: by blocks, resumable, the same result however often they are stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from kyufu.cases import api as cases
from kyufu.cases.blocks import BulkResult, run_blocks
from kyufu.cases.gathering import gather
from kyufu.cases.judging import Question, answer_all, judging_pool
from tests.cases.test_judgement import fetch
from tests.cases.world import APPROVER, AT, CLERK, LATER, ON, World, quiet, receive

ROOT = Path(__file__).parents[2]
RESULT = """
    SELECT a.child_id, a.state, d.outcome, lower(d.valid), upper(d.valid), d.facts_hash, c.valid, c.state,
           (SELECT count(*) FROM cases_application_transition t WHERE t.subject_id = a.id),
           (SELECT count(*) FROM cases_entitlement e WHERE e.child_id = a.child_id)
      FROM cases_application a LEFT JOIN cases_decision d ON d.id = a.decision_id
      LEFT JOIN cases_certificate c ON c.application_id = a.id ORDER BY a.child_id"""


def city(world: World) -> None:
    """Ten children: entitled, under public assistance, and one without known insurance."""
    for number in range(10):
        family = world.family(insured=number != 4)
        if number in (2, 7):
            world.assist(family, since="2026-06-01")
        receive(family)


def run_all() -> None:
    """Judge, approve and issue in this process."""
    cases.judge_pending(municipality="yokohama", on=ON, by=CLERK, at=AT, report=quiet)
    cases.approve_decided(by=APPROVER, at=AT, report=quiet)
    cases.issue_approved(municipality="yokohama", on=ON, by=LATER, at=AT, report=quiet)


def child() -> subprocess.Popen[str]:
    """Start the bulk run in another process, on the test's database."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.cases.bulk_child", connection.settings_dict["NAME"]],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(("src", os.environ.get("PYTHONPATH", "")))},
    )  # fmt: skip


def kill_after(lines: int) -> bool:
    """Kill the run with SIGKILL after it reported so often; tells whether it was still at work."""
    with child() as run:
        assert run.stdout is not None
        said = [run.stdout.readline() for _ in range(lines)]
        run.send_signal(signal.SIGKILL)
        run.wait()
    return "" not in said and "end\n" not in said


@pytest.mark.slow
def test_a_run_killed_again_and_again_ends_as_an_undisturbed_one(world: World) -> None:
    city(world)
    assert kill_after(2)
    judged = fetch("SELECT count(*) FROM cases_decision")[0][0]
    assert 0 < judged < 10
    assert kill_after(5)
    run_all()
    killed = fetch(RESULT)
    assert fetch("SELECT count(*) FROM cases_decision") == [(10,)]
    assert [row[1] for row in killed].count("issued") == 7
    assert [row[1] for row in killed].count("rejected") == 2
    assert [row[1] for row in killed].count("undecided") == 1
    assert all(row[8] == {"issued": 4, "rejected": 3, "undecided": 2}[row[1]] for row in killed)
    assert all(row[9] == (1 if row[1] == "issued" else 0) for row in killed)


def test_a_second_run_finds_nothing_to_do(world: World) -> None:
    city(world)
    run_all()
    before = fetch(RESULT)
    run_all()
    assert fetch(RESULT) == before
    assert fetch("SELECT count(*) FROM cases_decision") == [(10,)]


def test_the_counts_by_outcome_and_reason_account_for_everyone(world: World) -> None:
    city(world)
    run_all()
    assert [tuple(row) for row in cases.outcome_counts()] == [
        ("cannot_decide", "missing.insurance", 1),
        ("eligible", "eligible", 7),
        ("not_eligible", "public_assistance", 2),
    ]
    assert cases.state_counts() == {"issued": 7, "rejected": 2, "undecided": 1}
    assert len(list(cases.rejections_to_notify())) == 2
    assert len(list(cases.certificates_to_print(issued_on=ON))) == 7


def test_progress_is_reported_block_by_block(world: World) -> None:
    for _ in range(5):
        receive(world.family())
    seen: list[tuple[int, int]] = []

    def work(ids: Any) -> BulkResult:
        return BulkResult(len(ids), ())

    result = run_blocks(
        candidates="true",
        parameters={},
        work=work,
        report=lambda done, total: seen.append((done, total)),
        size=2,
    )
    assert (result.done, seen) == (5, [(0, 5), (2, 5), (4, 5), (5, 5)])


def test_the_workers_of_a_pool_answer_as_this_process_does(world: World) -> None:
    city(world)
    ids = [row.application_id for row in cases.applications()]
    questions: list[Question] = list(gather(ids, on=ON).questions) * 60
    with judging_pool(2) as pool:
        by_pool = answer_all(questions, municipality="yokohama", pool=pool)
    assert by_pool == answer_all(questions, municipality="yokohama", pool=None)
    assert len(by_pool) == 600


def test_lists_are_paged_by_key(world: World) -> None:
    city(world)
    first = cases.applications(limit=4)
    rest = cases.applications(after=first[-1].application_id, limit=50)
    assert len(first) == 4
    assert len(rest) == 6
    assert cases.applications(state="issued") == ()

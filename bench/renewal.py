"""A yearly renewal from the population to stored decisions, entitlements and certificates, against raw COPY.

The floor reads the same facts by COPY and writes the same rows by COPY into bare tables, in the same run. The cost a
child is compared at ten times the size; the smaller city's certificates and letters are printed too, from the
look-ups to the ties. `KYUFU_BENCH_CHILDREN` names another larger size than the usual.
"""

from __future__ import annotations

import os
import resource
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from time import perf_counter
from unittest.mock import patch
from uuid import uuid4

from bench import Figure
from bench.import_residents import empty_schema
from bench.renewal_city import PERSONS_A_CHILD, fill, make_staff
from kyufu.platform.actors import Actor

LARGE = int(os.environ.get("KYUFU_BENCH_CHILDREN", "20000"))
SMALL = LARGE // 10
DAY, ISSUED = date(2026, 8, 1), date(2026, 7, 20)
# 400,000 children in five minutes.
CHILDREN_A_SECOND = 1_334
# 400,000 pages in twelve minutes.
PAGES_A_SECOND = 556
TIMES_RAW_COPY, COST_AT_TEN_TIMES, MEMORY = 6.0, 1.2, 2_048
FACTS = (
    "SELECT v.*, e.birth_date, e.municipality, e.kind, e.status FROM registry_person_version v"
    " JOIN registry_person_event e ON e.id = v.event_id JOIN renewal_member m ON m.child_id = v.addressee_id",
    "SELECT i.* FROM evidence_insurance i JOIN renewal_member m ON m.child_id = i.addressee_id",
    "SELECT i.* FROM evidence_public_assistance i JOIN renewal_member m ON m.child_id = i.addressee_id",
    "SELECT i.* FROM evidence_income i JOIN cases_application_guardian g ON g.addressee_id = i.addressee_id"
    " JOIN renewal_member m ON m.application_id = g.application_id",
    "SELECT a.*, e.valid FROM cases_application a JOIN renewal_member m ON m.application_id = a.id"
    " JOIN cases_entitlement e ON e.child_id = a.child_id",
)
NEW = "id > (SELECT max(decision_id) FROM renewal_member)"
WRITTEN = {
    "renewal_member": "true",
    "renewal_result": "true",
    "renewal_outcome": "true",
    "cases_decision": NEW,
    "cases_decision_content": "true",
    "cases_decision_subject": "true",
    "cases_approval": f"decision_{NEW}",
    "cases_entitlement": f"decision_{NEW}",
    "cases_entitlement_change": "true",
    "cases_certificate": f"decision_{NEW}",
    "cases_certificate_transition": "true",
    "cases_application_transition": "true",
}


def run() -> list[Figure]:
    """Renew a small and a large city."""
    small, _, pages = _renewed(SMALL, prints=True)
    steps, floor, _ = _renewed(LARGE, prints=False)
    seconds = sum(steps.values())
    memory = max(
        resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    persons = f"住民{LARGE * PERSONS_A_CHILD:,}人のうち児童{LARGE:,}人"
    return [
        Figure("renewal", LARGE / seconds, "人/秒", CHILDREN_A_SECOND, "min", f"{persons}、{seconds:.1f}秒"),
        *(
            Figure(f"renewal.share.{name}", 100 * taken / seconds, "%", note=f"{taken:.1f}秒")
            for name, taken in steps.items()
        ),
        Figure(
            "renewal.against_raw_copy", seconds / floor, "倍", TIMES_RAW_COPY, note=f"COPYだけで{floor:.1f}秒"
        ),
        Figure(
            "renewal.cost_at_10x", (seconds / LARGE) / (sum(small.values()) / SMALL), "倍", COST_AT_TEN_TIMES,
            note=f"{SMALL:,}人と{LARGE:,}人",
        ),
        Figure(
            "renewal.pages", pages, "ページ/秒", PAGES_A_SECOND, "min", f"児童{SMALL:,}人の医療証と通知、突合まで"
        ),
        Figure("renewal.memory", memory, "MiB", MEMORY, note="処理係の最大"),
    ]  # fmt: skip


def _renewed(children: int, *, prints: bool) -> tuple[dict[str, float], float, float]:
    """Seconds of each step of one renewal, and of the raw COPY of the same; pages a second where it is printed."""
    from kyufu.audit.api import acting
    from kyufu.platform.access import Access, Channel

    with empty_schema(), _on_every_connection("kyufu_bench_import"):
        fill(children)
        first, second = make_staff()
        access = Access(first.actor(), "計測機", Channel.BATCH, "bench", "計測", uuid4())
        with acting(access):
            steps, number = _steps(children, first=first, second=second)
            pages = _pages_a_second(number, by=first.actor()) if prints else 0.0
        return steps, _raw_copy(), pages


def _pages_a_second(number: int, *, by: Actor) -> float:
    """Print what a renewal made, into a folder of the benchmark's own."""
    from django.conf import settings

    from kyufu.platform import clock
    from kyufu.renewal import api as renewal

    folder = Path(settings.VAR_DIR) / "bench" / "renewal-print"
    shutil.rmtree(folder, ignore_errors=True)
    taken: dict[str, float] = {}
    with patch.object(settings, "VAR_DIR", folder), _timed("印刷", taken):
        renewal.print_renewal(
            number, by=by, on=ISSUED, at=clock.current_instant(), report=lambda _done, _total: None
        )
    shutil.rmtree(folder)
    return sum(tie.pages for tie in renewal.ties_of(number)) / taken["印刷"]


def _steps(children: int, *, first: object, second: object) -> tuple[dict[str, float], int]:
    from kyufu.platform import clock
    from kyufu.renewal import api as renewal
    from kyufu.staff.api import Rights

    if not isinstance(first, Rights) or not isinstance(second, Rights):
        raise TypeError("rights are wanted")
    at, by = clock.current_instant(), first.actor()
    steps: dict[str, float] = {}
    plan = renewal.Plan(renewal.RenewalKind.YEARLY, DAY, ISSUED, None, False)
    number = renewal.plan_renewal(plan, municipality="yokohama", rights=first, at=at)
    with _timed("対象者の確定", steps):
        renewal.freeze_renewal(number, by=by, at=at)
    with _timed("判定", steps):
        renewal.judge_renewal(number, by=by, at=at, report=lambda _done, _total: None)
    renewal.approve_renewal(number, seen=renewal.digest_of(number), rights=second, at=at, why="計測のため")
    with _timed("反映", steps):
        row = renewal.begin_effect(number, by=by, at=at)
        for _ in renewal.effect_blocks(row, at=at):
            pass
        effected, refused = renewal.end_effect(number, by=by, at=at)
    if (effected, refused) != (children, 0):
        raise RuntimeError(f"{effected} effected and {refused} refused of {children}")
    return steps, number


@contextmanager
def _on_every_connection(schema: str) -> Iterator[None]:
    """Let connections that are opened meanwhile find the schema of the benchmark, not the municipality's."""
    from django.conf import settings
    from django.db import connection

    options = connection.settings_dict["OPTIONS"]
    before = options["options"]
    options["options"] = before.replace(f"search_path={settings.SCHEMA}", f"search_path={schema}")
    try:
        yield
    finally:
        options["options"] = before


@contextmanager
def _timed(name: str, steps: dict[str, float]) -> Iterator[None]:
    began = perf_counter()
    yield
    steps[name] = perf_counter() - began
    print(f" {name} {steps[name]:.1f}秒", end="", file=sys.stderr, flush=True)


def _raw_copy() -> float:
    """Read the facts and write the rows again, by COPY alone."""
    from django.conf import settings
    from django.db import connection

    folder = Path(settings.VAR_DIR) / "bench" / "renewal"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    taken = 0.0
    with connection.cursor() as cursor:
        for select in FACTS:
            began = perf_counter()
            with cursor.cursor.copy(f"COPY ({select}) TO STDOUT") as copy:
                for _ in copy:
                    pass
            taken += perf_counter() - began
        for table, where in WRITTEN.items():
            file = folder / table
            with (
                file.open("wb") as kept,
                cursor.cursor.copy(f"COPY (SELECT * FROM {table} WHERE {where}) TO STDOUT") as copy,
            ):
                for data in copy:
                    kept.write(data)
            cursor.execute(f"CREATE TABLE bare_{table} AS SELECT * FROM {table} WITH NO DATA")
            began = perf_counter()
            with file.open("rb") as kept, cursor.cursor.copy(f"COPY bare_{table} FROM STDIN") as copy:
                while data := kept.read(1 << 20):
                    copy.write(data)
            taken += perf_counter() - began
    shutil.rmtree(folder)
    return taken

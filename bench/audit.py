"""What the log costs: an import with and without write triggers, and pages as served with and without their record.

Both ways are measured in turns within one run, so that what the machine does besides meets both alike.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from time import perf_counter
from uuid import UUID

from django.conf import settings

from bench import Figure
from bench.audit_pages import Served, look_up
from bench.import_residents import empty_schema, resident_file
from kyufu.cli.main import prepare_django
from kyufu.notation.municipalities import YOKOHAMA
from kyufu.platform.access import Access, Channel
from kyufu.platform.actors import Actor

RESIDENTS = 50_000
TURNS = 3
MOST_COST = 1.15
CLERK = Access(
    Actor("S0001", "計測 担当", "医療援助課"), "T-01", Channel.SCREEN, "person", "資格の確認", UUID(int=1)
)
KINDS = ("insert", "update", "delete", "truncate")


def run() -> list[Figure]:
    """Import a city of 50,000 three times each way, then look up 200 persons each way."""
    prepare_django()
    folder = Path(settings.VAR_DIR) / "bench" / "audit"
    try:
        file = resident_file(folder, residents=RESIDENTS)
        with_log, without = [], []
        looked_up: list[Served] = []
        for turn in range(TURNS):
            with empty_schema():
                without_triggers()
                without.append(import_seconds(file))
            with empty_schema():
                with_log.append(import_seconds(file))
                looked_up = looked_up if turn < TURNS - 1 else look_up()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    note = f"住民{RESIDENTS:,}人の取込、各{TURNS}回の合計"
    return [
        Figure("audit.batch", sum(with_log) / sum(without), "倍", MOST_COST, "max", note),
        *(figure for page in looked_up for figure in figures_of(page)),
    ]


def figures_of(page: Served) -> list[Figure]:
    """How many times a page with its log takes as long as without, and the milliseconds between."""
    note = f"{page.label}、{page.count}回ずつ、記録なしで{page.plain / page.count * 1000:.1f}ミリ秒"
    cost = (page.logged - page.plain) / page.count * 1000
    return [
        Figure(f"audit.{page.name}", page.logged / page.plain, "倍", MOST_COST, "max", note),
        Figure(f"audit.{page.name}_log_ms", cost, "ms", None, "max", "1画面あたりの記録"),
    ]


def without_triggers() -> None:
    """Take the write triggers off the present schema."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE t.tgname = 'audit_insert' AND c.relnamespace = current_schema()::regnamespace"
        )
        for (table,) in cursor.fetchall():
            for kind in KINDS:
                cursor.execute(f"DROP TRIGGER audit_{kind} ON {table}")


def import_seconds(file: Path) -> float:
    """Import the file as a batch does."""
    from kyufu.audit.api import acting
    from kyufu.platform.feeds.intake import receive_feed
    from kyufu.registry.api import resident_feed

    feed = resident_feed()
    started = perf_counter()
    with acting(CLERK._replace(channel=Channel.BATCH)):
        result = receive_feed(file, feeds={feed.layout.name: feed}, municipality=YOKOHAMA)
    if not result.landed:
        raise AssertionError("nothing landed")
    return perf_counter() - started

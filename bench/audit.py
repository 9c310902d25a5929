"""What the log costs: an import with and without write triggers, and a page's reads with and without its record.

Both ways are measured in turns within one run, so that what the machine does besides meets both alike.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from random import Random
from time import perf_counter
from uuid import UUID

from django.conf import settings

from bench import Figure
from bench.import_residents import empty_schema, resident_file
from kyufu.cli.main import prepare_django
from kyufu.notation.municipalities import YOKOHAMA
from kyufu.platform.access import ACCESS, Access, Channel
from kyufu.platform.actors import Actor
from kyufu.platform.clock import current_date_in_japan

RESIDENTS = 50_000
TURNS = 3
PAGES = 400
MOST_COST = 1.15
CLERK = Access(
    Actor("S0001", "計測 担当", "医療援助課"), "T-01", Channel.SCREEN, "person", "資格の確認", UUID(int=1)
)
KINDS = ("insert", "update", "delete", "truncate")


def run() -> list[Figure]:
    """Import a city of 50,000 three times each way, then open 400 pages of persons each way."""
    prepare_django()
    folder = Path(settings.VAR_DIR) / "bench" / "audit"
    try:
        file = resident_file(folder, residents=RESIDENTS)
        with_log, without, pages = [], [], (0.0, 0.0)
        for turn in range(TURNS):
            with empty_schema():
                without_triggers()
                without.append(import_seconds(file))
            with empty_schema():
                with_log.append(import_seconds(file))
                pages = pages if turn < TURNS - 1 else page_seconds()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    note = f"住民{RESIDENTS:,}人の取込、各{TURNS}回の合計"
    return [
        Figure("audit.batch", sum(with_log) / sum(without), "倍", MOST_COST, "max", note),
        Figure("audit.page", pages[0] / pages[1], "倍", MOST_COST, "max", f"個人の画面の読み出し各{PAGES}回"),
        Figure(
            "audit.page_log_ms", (pages[0] - pages[1]) / PAGES * 1000, "ms", None, "max", "1画面あたりの記録"
        ),
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


def page_seconds() -> tuple[float, float]:
    """Seconds of all pages with and without the log."""
    from django.db import connection

    from kyufu.audit.api import acting

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SELECT id FROM registry_addressee ORDER BY id")
        persons = [row[0] for row in cursor.fetchall()]
    chosen = Random(1).sample(persons, PAGES)
    for person in chosen[:20]:
        open_page(person, access=acting)
    logged = plain = 0.0
    for person in chosen:
        logged += _seconds(lambda person=person: open_page(person, access=acting))  # type: ignore[misc]
        plain += _seconds(lambda person=person: open_page(person, access=_unlogged))  # type: ignore[misc]
    return logged, plain


def open_page(person: int, *, access: Callable[[Access], AbstractContextManager[None]]) -> None:
    """What the page of a person reads: a search by name, the person, the household, cases and certificates."""
    from kyufu.cases.api import applications_about, certificates_of
    from kyufu.registry.api import household_ids, people, search_people

    today = current_date_in_japan()
    with access(CLERK):
        (view,) = people([person], valid_on=today, today=today).values() or (None,)
        if view is not None:
            search_people(view.kana, today=today)
        members = household_ids(person)
        people(members, valid_on=today, today=today)
        applications_about([person])
        certificates_of([person])


def _unlogged(access: Access) -> AbstractContextManager[None]:
    """The same reads by somebody, noted and thrown away."""
    from kyufu.audit.reading import READING, Reading

    ACCESS.set(access)
    READING.set(Reading())
    return nullcontext()


def _seconds(work: Callable[[], None]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started

"""Run as a process of its own by the fault tests: import a file up to a point and wait there to be killed, or dump."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kyufu.cli.main import prepare_django

prepare_django()

from django.db import connection, connections  # noqa: E402 - after Django is loaded

from kyufu.platform.feeds import intake  # noqa: E402
from kyufu.platform.schema import drop_schema, ensure_tables  # noqa: E402
from tests.registry.persons import take_in  # noqa: E402

# What two runs must agree in; surrogate keys and record times are left out.
DUMPS = {
    "addressee": "SELECT addressee_no, kind FROM registry_addressee",
    "event": "SELECT a.addressee_no, to_jsonb(e) - '{id,addressee_id,file_id,recorded_at}'::text[] "
    "FROM registry_person_event e JOIN registry_addressee a ON a.id = e.addressee_id",
    "version": "SELECT a.addressee_no, e.history_no, e.revision, v.valid, upper_inf(v.recorded) "
    "FROM registry_person_version v JOIN registry_person_event e ON e.id = v.event_id "
    "JOIN registry_addressee a ON a.id = v.addressee_id",
    "undrawable": "SELECT a.addressee_no, u.field, u.code_points, u.state "
    "FROM registry_undrawable_name u JOIN registry_addressee a ON a.id = u.addressee_id",
    "change": "SELECT a.addressee_no, c.source, c.what FROM platform_change c "
    "JOIN registry_addressee a ON a.id = c.addressee_id",
    "rejected": 'SELECT f.layout, f.seq, r.line, r."column", r.code, r.message, r.content, r.state '
    "FROM platform_rejected_row r JOIN platform_feed_file f ON f.id = r.file_id",
    "file": "SELECT layout, mode, seq, sha256, state, row_count, landed_count, rejected_count FROM platform_feed_file",
}


def main(action: str, *rest: str) -> None:
    """One action of a fault test."""
    ACTIONS[action](*rest)


def prepare() -> None:
    """Start with an empty schema."""
    drop_schema()
    ensure_tables()


def remove() -> None:
    """Leave nothing behind."""
    drop_schema()


def import_whole(*paths: str) -> None:
    """Take in files undisturbed."""
    for path in paths:
        take_in(Path(path))


def import_until(point: str, path: str) -> None:
    """Take in a file, and at the first statement that holds the text, say so and wait for the end."""

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if point.removeprefix("after ") not in sql:
            return execute(sql, params, many, context)
        done = execute(sql, params, many, context) if point.startswith("after ") else None
        wait_to_be_killed()
        return done

    with connection.execute_wrapper(watch):
        take_in(Path(path))
    raise SystemExit("the import ended before the point was reached")


def import_until_rows(rows: str, path: str) -> None:
    """Take in a file, and when so many rows are staged, say so and wait for the end."""
    fill = intake.fill_staging

    def fill_and_stop(feed: Any, **given: Any) -> int:
        return fill(
            feed, **{**given, "report": lambda done: wait_to_be_killed() if done >= int(rows) else None}
        )

    intake.fill_staging = fill_and_stop
    take_in(Path(path))


def wait_to_be_killed() -> None:
    """Tell the parent that the point is reached."""
    sys.stdout.write("reached\n")
    sys.stdout.flush()
    time.sleep(60)


def dump() -> None:
    """Print the contents of the tables in an order of their own."""
    found = {}
    with connection.cursor() as cursor:
        for name, query in DUMPS.items():
            cursor.execute(f"SELECT d::text FROM ({query}) d ORDER BY 1")
            found[name] = [row[0] for row in cursor.fetchall()]
    sys.stdout.write(json.dumps(found))


def dump_everything() -> None:
    """Print every row of every table of the schema as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            sys.stdout.writelines(f"{row[0]}\n" for row in cursor.fetchall())
    with connections["owner"].cursor() as cursor:
        cursor.execute("CHECKPOINT")


ACTIONS: dict[str, Callable[..., None]] = {
    "prepare": prepare,
    "remove": remove,
    "import": import_whole,
    "until": import_until,
    "until-rows": import_until_rows,
    "dump": dump,
    "dump-everything": dump_everything,
}

if __name__ == "__main__":
    main(*sys.argv[1:])

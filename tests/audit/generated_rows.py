"""A row for any table of the schema, made from the catalogue alone, with everything but the log's triggers off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from kyufu.audit.tables import LoggedTable
from tests.audit.conftest import run

PERSON, OTHER_PERSON = 700_001, 700_002
KINDS = ("insert", "update", "delete", "truncate")
# One text form for each type of the catalogue; a type without one makes `text_of` fail, so that it is added here.
TEXTS = {
    "bool": "false", "bytea": r"\x00", "date": "2026-04-01", "daterange": "[2026-04-01,)", "cidr": "192.0.2.0/24",
    "int2": "1", "int4": "1", "int8": "1", "int8multirange": "{[1,2)}", "inet": "192.0.2.1", "json": "{}",
    "jsonb": "{}", "numeric": "1", "text": "x", "varchar": "x", "bpchar": "x", "timestamptz": "2026-04-01 00:00:00+00",
    "tstzrange": "[2026-04-01 00:00:00+00,)", "uuid": "00000000-0000-0000-0000-000000000001", "_text": "{}",
    "_varchar": "{}", "_int8": "{}", "_int4": "{}", "_date": "{}", "interval": "1 day", "float8": "1",
    "pg_snapshot": "10:20:10", "xid8": "5",
}  # fmt: skip
_COLUMNS = """
SELECT a.attname, t.typname FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
 WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
 ORDER BY a.attnum
"""
_CONSTRAINTS = """
SELECT conrelid::regclass::text, conname FROM pg_constraint
 WHERE %s::regclass IN (conrelid, confrelid) AND contype IN ('f', 'c', 'x', 'u')
"""


@dataclass(frozen=True)
class GeneratedRow:
    """A row by column, in text form."""

    table: str
    values: dict[str, str]

    def insert(self) -> None:
        """Put it in by INSERT, over identity columns too."""
        names = ", ".join(f'"{name}"' for name in self.values)
        marks = ", ".join(["%s"] * len(self.values))
        run(
            f'INSERT INTO "{self.table}" ({names}) OVERRIDING SYSTEM VALUE VALUES ({marks})',
            *self.values.values(),
        )

    def copy(self) -> None:
        """Put it in by COPY."""
        names = ", ".join(f'"{name}"' for name in self.values)
        with connection.cursor() as cursor, cursor.copy(f'COPY "{self.table}" ({names}) FROM STDIN') as copy:
            copy.write_row(list(self.values.values()))


def free(table: str) -> None:
    """Take every constraint but the primary key, and every trigger but the log's, off a table of this transaction."""
    for place, name in run(_CONSTRAINTS, table):
        run(f'ALTER TABLE {place} DROP CONSTRAINT IF EXISTS "{name}" CASCADE')
    run(f'ALTER TABLE "{table}" DISABLE TRIGGER ALL')
    for kind in KINDS:
        run(f'ALTER TABLE "{table}" ENABLE TRIGGER audit_{kind}')


def row_for(logged: LoggedTable, *, number: int = 1) -> GeneratedRow:
    """A row whose persons are PERSON (and OTHER_PERSON in a second column), whatever the table is about."""
    types = dict(run(_COLUMNS, logged.name))
    values = {name: text_of(type_name) for name, type_name in types.items()}
    if values.get("id") == "1" and types["id"].startswith("int"):
        values["id"] = str(number)
    if logged.through is None:
        values.update(zip(logged.persons, (str(PERSON), str(OTHER_PERSON)), strict=False))
    return GeneratedRow(logged.name, values)


def lead_to_person(logged: LoggedTable, *, through: LoggedTable) -> None:
    """The row of the table between, which the column `through` of the generated row points to."""
    free(through.name)
    made = row_for(through)
    for column, person in zip(logged.persons, (PERSON, OTHER_PERSON), strict=False):
        made.values[column] = str(person)
    made.insert()


def text_of(type_name: str) -> str:
    """A value of a type as PostgreSQL reads it; raises KeyError for a type that no table had so far."""
    return TEXTS[type_name]


def persons_of(logged: LoggedTable) -> list[int] | None:
    """Whom the record must name."""
    return [PERSON, OTHER_PERSON][: len(logged.persons)] or None


def last_record(*columns: str) -> tuple[Any, ...]:
    """Columns of the latest write record."""
    return run(f"SELECT {', '.join(columns)} FROM audit_write ORDER BY id DESC LIMIT 1")[0]

"""Whether the write triggers and the guards of the log stand as wanted: by source and definition, not by their names.

What is wanted comes from the code alone. A mark kept in the database could be rewritten along with what it marks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from django.db.backends.utils import CursorWrapper

from kyufu.audit.tables import logged_tables
from kyufu.audit.tables_sql import KEEP_FUNCTION, TABLES, stands_trigger
from kyufu.audit.trigger_sql import Column, LiveTable, note_function, table_function, table_triggers

_TABLES = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum), array_agg(t.typname::text ORDER BY a.attnum),
  (SELECT array_agg(k.attname::text ORDER BY k.attnum) FROM pg_index i
     JOIN pg_attribute k ON k.attrelid = c.oid AND k.attnum = ANY(i.indkey)
    WHERE i.indrelid = c.oid AND i.indisprimary)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type t ON t.oid = a.atttypid
 WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND NOT c.relispartition
 GROUP BY c.oid, c.relname ORDER BY c.relname
"""
_OF_THE_LOG = """
SELECT c.relname FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND (c.relname = ANY(%(tables)s)
  OR c.oid IN (SELECT i.inhrelid FROM pg_inherits i WHERE i.inhparent = ANY(%(tables)s::regclass[])))
  AND c.relkind IN ('r', 'p') ORDER BY c.relname
"""
_FUNCTIONS = """
SELECT p.proname, p.prosrc, p.prosecdef, coalesce(p.proconfig::text, ''), l.lanname FROM pg_proc p
  JOIN pg_language l ON l.oid = p.prolang
 WHERE p.pronamespace = current_schema()::regnamespace AND p.proname = ANY(%s)
"""
# Beside our own triggers all that somebody put on the log's tables: a trigger or rule there can let a record vanish.
_TRIGGERS = """
SELECT c.relname, g.tgname, g.tgtype::int, p.proname, p.pronamespace = current_schema()::regnamespace,
  coalesce(g.tgoldtable::text, ''), coalesce(g.tgnewtable::text, ''),
  g.tgenabled = 'O' AND g.tgqual IS NULL AND g.tgnargs = 0 AND g.tgattr::text = ''
  FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_proc p ON p.oid = g.tgfoid
 WHERE c.relnamespace = current_schema()::regnamespace AND NOT g.tgisinternal
   AND (c.relname = ANY(%(log)s) OR g.tgname IN ('audit_insert', 'audit_update', 'audit_delete', 'audit_truncate'))
"""
_RULES = """
SELECT tablename, rulename FROM pg_rules WHERE schemaname = current_schema() AND tablename = ANY(%(all)s)
"""
_BEFORE, _KINDS = 2, {"insert": (4, "", "added"), "delete": (8, "removed", ""), "update": (16, "removed", "added"),
                      "truncate": (32, "", "")}  # fmt: skip
_STANDS = _BEFORE | 8 | 16 | 32
_PATH = '{"search_path=pg_catalog, pg_temp"}'


class _Function(NamedTuple):
    name: str
    source: str
    is_definer: bool
    config: str
    language: str = "plpgsql"


class _Trigger(NamedTuple):
    table: str
    name: str
    kind: int
    function: str
    is_ours: bool
    old: str
    new: str
    is_plain: bool


class Watch(NamedTuple):
    """What is wanted of a schema as it stands: the tables that are recorded, and those of the log with partitions."""

    schema: str
    recorded: tuple[LiveTable, ...]
    log: tuple[str, ...]

    def functions(self) -> Iterator[tuple[str, str]]:
        """Name and SQL of each function."""
        yield "audit_stands", KEEP_FUNCTION.format(schema=self.schema)
        yield "audit_note_write", note_function(self.schema)
        logged = logged_tables()
        for table in self.recorded:
            yield (
                f"audit_on_{table.name}",
                table_function(table, logged=logged[table.name], schema=self.schema),
            )

    def statements(self) -> str:
        """The SQL that makes everything, over what there is."""
        triggers = [table_triggers(table.name, schema=self.schema) for table in self.recorded]
        stands = [stands_trigger(table) for table in self.log]
        return "".join([*(one for _, one in self.functions()), *triggers, *stands])

    def wanted_functions(self) -> Counter[_Function]:
        """Each function as the catalogue must have it."""
        plain = {"audit_stands": _Function("audit_stands", "", False, "")}
        plain["audit_note_write"] = _Function("audit_note_write", "", False, _PATH)
        return Counter(
            plain.get(name, _Function(name, "", True, _PATH))._replace(source=statement.split("$$")[1])
            for name, statement in self.functions()
        )

    def wanted_triggers(self) -> Counter[_Trigger]:
        """Each trigger as the catalogue must have it."""
        writes = [
            _Trigger(table.name, f"audit_{kind}", bits, f"audit_on_{table.name}", True, old, new, True)
            for table in self.recorded
            for kind, (bits, old, new) in _KINDS.items()
        ]
        stands = [
            _Trigger(table, f"{table}_stands", _STANDS, "audit_stands", True, "", "", True)
            for table in self.log
        ]
        return Counter([*writes, *stands])


class Broken(NamedTuple):
    """What does not stand as wanted: functions, and triggers and rules each with their table."""

    functions: tuple[str, ...]
    triggers: tuple[tuple[str, str], ...]
    rules: tuple[tuple[str, str], ...]

    def places(self) -> list[str]:
        """The tables (for functions: their names) that are concerned, in order."""
        return sorted({*self.functions, *(table for table, _ in (*self.triggers, *self.rules))})


def live_tables(cursor: CursorWrapper) -> list[LiveTable]:
    """The tables of the present schema, partitions of the log apart."""
    cursor.execute(_TABLES)
    return [
        LiveTable(name, tuple(map(Column, columns, types)), tuple(key or ()))
        for name, columns, types, key in cursor.fetchall()
    ]


def wanted_watch(cursor: CursorWrapper) -> Watch:
    """What is wanted of the present schema."""
    cursor.execute("SELECT quote_ident(current_schema())")
    schema, logged = cursor.fetchone()[0], logged_tables()
    recorded = tuple(table for table in live_tables(cursor) if table.name in logged)
    cursor.execute(_OF_THE_LOG, {"tables": list(TABLES)})
    return Watch(schema, recorded, tuple(name for (name,) in cursor.fetchall()))


def broken_watch(cursor: CursorWrapper, *, watch: Watch) -> Broken:
    """What of it is not there, is another, is switched off, or is one too many."""
    functions, triggers = watch.wanted_functions(), watch.wanted_triggers()
    cursor.execute(_FUNCTIONS, [[one.name for one in functions]])
    found = Counter(map(_Function._make, cursor.fetchall()))
    cursor.execute(_TRIGGERS, {"log": list(watch.log)})
    live = Counter(map(_Trigger._make, cursor.fetchall()))
    cursor.execute(_RULES, {"all": [*watch.log, *(table.name for table in watch.recorded)]})
    return Broken(
        tuple(sorted({one.name for one in (functions - found) + (found - functions)})),
        tuple(sorted({(one.table, one.name) for one in (triggers - live) + (live - triggers)})),
        tuple(cursor.fetchall()),
    )

"""The SQL of the write triggers: one function a table, one record a statement, whoever runs it and by whatever way.

The functions run with the owner's rights: the ordinary account needs none on `audit_write` and can forge nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from kyufu.audit.tables import LoggedTable

MOST_SUBJECTS = 1_000
"""Up to so many rows persons stand singly in the record (and in its index), above as ranges."""
MOST_NAMED = 1_000
MOST_VALUES = 100
WITHOUT_EQUALITY = frozenset({"json", "xml", "pg_snapshot"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the catalogue has it."""

    name: str
    type_name: str


@dataclass(frozen=True, slots=True)
class LiveTable:
    """A table of the schema as it stands: its columns in order and those of its primary key."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def has_number(self) -> bool:
        """Is the primary key one whole number?"""
        types = {column.name: column.type_name for column in self.columns}
        return len(self.key) == 1 and types[self.key[0]] in {"int2", "int4", "int8"}


def note_function(schema: str) -> str:
    """The function that writes the record: who acts is what the session was told, or else the database's own user."""
    return f"""
CREATE OR REPLACE FUNCTION {schema}.audit_note_write(
  place text, act text, counted bigint, numbers int8multirange, names text[], persons bigint[],
  ranges int8multirange, columns text[], before jsonb, after jsonb
) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  told jsonb := nullif(current_setting('kyufu.access', true), '')::jsonb;
  application text := current_setting('application_name');
BEGIN
  INSERT INTO {schema}.audit_write (reference, actor_id, actor_name, actor_office, terminal, channel, screen,
    purpose, case_no, table_name, operation, row_count, row_keys, row_names, subjects, subject_ranges, changed,
    old_values, new_values)
  VALUES ((told->>'reference')::uuid, coalesce(told->>'actor_id', session_user), coalesce(told->>'actor_name', ''),
    coalesce(told->>'actor_office', ''), coalesce(told->>'terminal', host(inet_client_addr()), 'local'),
    coalesce(told->>'channel', 'sql'), coalesce(told->>'screen', application), coalesce(told->>'purpose', ''),
    coalesce(told->>'case_no', ''), place, act, counted, numbers, names, persons, ranges, columns, before, after);
END $$;
REVOKE ALL ON FUNCTION {schema}.audit_note_write(text, text, bigint, int8multirange, text[], bigint[],
  int8multirange, text[], jsonb, jsonb) FROM PUBLIC;
"""


def table_function(live: LiveTable, *, logged: LoggedTable, schema: str) -> str:
    """The trigger function of one table."""
    added, removed = (
        _looked_at(live, logged=logged, schema=schema, rows="added"),
        _looked_at(live, logged=logged, schema=schema, rows="removed"),
    )
    return f"""
CREATE OR REPLACE FUNCTION {schema}.audit_on_{live.name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  counted bigint; low bigint; high bigint; numbers int8multirange; names text[]; persons bigint[];
  ranges int8multirange; changed text[]; before jsonb; after jsonb;
BEGIN
  IF TG_OP = 'INSERT' THEN{added}{_values(logged, rows="added", into="after")}
  ELSIF TG_OP = 'DELETE' THEN{removed}{_values(logged, rows="removed", into="before")}
  ELSIF TG_OP = 'UPDATE' THEN{added}{_changes(live)}{_values(logged, rows="removed", into="before")}{
        _values(logged, rows="added", into="after")
    }
  END IF;
  PERFORM {schema}.audit_note_write('{
        live.name
    }', TG_OP, coalesce(counted, 0), numbers, names, persons, ranges,
    changed, before, after);
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION {schema}.audit_on_{live.name}() FROM PUBLIC;
"""


def table_triggers(name: str, *, schema: str) -> str:
    """The triggers that call it: a transition table may serve one kind of statement only."""
    kinds = (
        ("insert", "REFERENCING NEW TABLE AS added"),
        ("update", "REFERENCING OLD TABLE AS removed NEW TABLE AS added"),
        ("delete", "REFERENCING OLD TABLE AS removed"),
        ("truncate", ""),
    )
    return "".join(
        f'CREATE OR REPLACE TRIGGER audit_{kind} AFTER {kind.upper()} ON {schema}."{name}" {tables} '
        f"FOR EACH STATEMENT EXECUTE FUNCTION {schema}.audit_on_{name}();\n"
        for kind, tables in kinds
    )


def _looked_at(live: LiveTable, *, logged: LoggedTable, schema: str, rows: str) -> str:
    return (
        (_numbers(live, rows=rows) if live.has_number else _names(live, rows=rows))
        + "\n    IF counted = 0 THEN RETURN NULL; END IF;"
        + (_persons(logged, rows=rows, schema=schema) if logged.persons else "")
    )


def _numbers(live: LiveTable, *, rows: str) -> str:
    key = f't."{live.key[0]}"'
    return f"""
    SELECT count(*), min({key}), max({key}) INTO counted, low, high FROM {rows} t;
    IF high - low + 1 = counted THEN
      numbers := int8multirange(int8range(low, high, '[]'));
    ELSE
      {_islands(f"SELECT {key}::bigint AS k FROM {rows} t", into="numbers")}
    END IF;"""


def _names(live: LiveTable, *, rows: str) -> str:
    key = ", ".join(f't."{column}"' for column in live.key) or "NULL"
    return f"""
    SELECT count(*) INTO counted FROM {rows} t;
    SELECT array_agg(concat_ws('/', {key})) INTO names FROM (SELECT * FROM {rows} LIMIT {MOST_NAMED}) t;"""


def _persons(logged: LoggedTable, *, rows: str, schema: str) -> str:
    source = f"{rows} t"
    if logged.through:
        source += f' JOIN {schema}."{logged.through.table}" p ON p.id = t."{logged.through.column}"'
    owner = "p" if logged.through else "t"
    columns = ", ".join(f'({owner}."{column}"::bigint)' for column in logged.persons)
    several = f"CROSS JOIN LATERAL (VALUES {columns}) AS q(k)"
    chosen = f"SELECT DISTINCT q.k FROM {source} {several} WHERE q.k IS NOT NULL"
    return f"""
    IF counted <= {MOST_SUBJECTS} THEN
      SELECT array_agg(s.k ORDER BY s.k) INTO persons FROM ({chosen}) s;
    ELSE
      {_islands(chosen, into="ranges")}
    END IF;"""


def _islands(select: str, *, into: str) -> str:
    """Neighbouring numbers as one range each: aggregating a range for every row would cost ten times as much."""
    return f"""SELECT range_agg(int8range(i.low, i.high, '[]')) INTO {into} FROM (
        SELECT min(k) AS low, max(k) AS high FROM (
          SELECT s.k, s.k - row_number() OVER (ORDER BY s.k) AS island FROM ({select}) s) n GROUP BY island) i;"""


def _changes(live: LiveTable) -> str:
    """Which columns changed in any row; a full join is never a nested loop, whatever the first plan was made for."""
    joined = " AND ".join(f'o."{column}" = n."{column}"' for column in live.key) or "o = n"
    compared = ",\n        ".join(
        f"CASE WHEN bool_or({_of('o', column)} IS DISTINCT FROM {_of('n', column)}) THEN '{column.name}' END"
        for column in live.columns
    )
    return f"""
    SELECT array_remove(ARRAY[
        {compared}], NULL) INTO changed FROM removed o FULL JOIN added n ON {joined};"""


def _of(row: str, column: Column) -> str:
    cast = "::text" if column.type_name in WITHOUT_EQUALITY else ""
    return f'{row}."{column.name}"{cast}'


def _values(logged: LoggedTable, *, rows: str, into: str) -> str:
    if not logged.values:
        return ""
    hidden = ", ".join(f"'{column}'" for column in logged.hidden)
    return f"""
    SELECT jsonb_agg(to_jsonb(t) - ARRAY[{hidden}]::text[]) INTO {into} FROM (
      SELECT * FROM {rows} LIMIT {MOST_VALUES}) t;"""

"""The log's tables as SQL: partitioned parents that Django's models do not know.

Every record names its transaction and cluster: a block of the chain takes the records of finished transactions.
"""

from __future__ import annotations

STREAMS = ("audit_read", "audit_write", "audit_event")

_WHO = """
  reference uuid,
  actor_id text NOT NULL,
  actor_name text NOT NULL,
  actor_office text NOT NULL,
  terminal text NOT NULL,
  channel text NOT NULL,
  screen text NOT NULL,
  purpose text NOT NULL,
  case_no text NOT NULL,"""

_OWN = {
    "audit_read": """
  what text[] NOT NULL,
  subjects bigint[] NOT NULL,""",
    "audit_write": """
  table_name text NOT NULL,
  operation text NOT NULL CHECK (operation IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE')),
  row_count bigint NOT NULL,
  row_keys int8multirange,
  row_names text[],
  subjects bigint[],
  subject_ranges int8multirange,
  changed text[],
  old_values jsonb,
  new_values jsonb,""",
    "audit_event": """
  kind text NOT NULL,
  detail jsonb NOT NULL,
  subjects bigint[] NOT NULL,""",
}

_ORIGIN = """
  db_user text NOT NULL DEFAULT session_user,
  db_application text NOT NULL DEFAULT current_setting('application_name'),
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  cluster bigint NOT NULL DEFAULT (pg_control_system()).system_identifier,"""


def _create(stream: str) -> str:
    return f"""
CREATE SEQUENCE {stream}_id;
CREATE TABLE {stream} (
  id bigint NOT NULL DEFAULT nextval('{stream}_id'),
  at timestamptz NOT NULL DEFAULT clock_timestamp(),{_WHO}{_OWN[stream]}{_ORIGIN}
  PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
ALTER SEQUENCE {stream}_id OWNED BY {stream}.id;
CREATE TABLE {stream}_default PARTITION OF {stream} DEFAULT;
CREATE INDEX {stream}_actor ON {stream} (actor_id, at);
CREATE INDEX {stream}_at ON {stream} (at);
CREATE INDEX {stream}_xid ON {stream} (cluster, xid);
CREATE INDEX {stream}_subjects ON {stream} USING gin (subjects);
"""


_CHAIN = """
CREATE TABLE audit_block (
  no bigint PRIMARY KEY CHECK (no > 0),
  at timestamptz NOT NULL,
  stream text NOT NULL,
  cluster bigint NOT NULL,
  xid_from xid8 NOT NULL,
  xid_to xid8 NOT NULL,
  ids int8multirange NOT NULL,
  record_count bigint NOT NULL CHECK (record_count > 0),
  digests bytea NOT NULL CHECK (octet_length(digests) = 32 * record_count),
  previous bytea NOT NULL UNIQUE,
  hash bytea NOT NULL UNIQUE,
  key_id text NOT NULL,
  signature bytea NOT NULL
);
CREATE TABLE audit_retired (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  stream text NOT NULL,
  until date NOT NULL,
  ids int8multirange NOT NULL,
  record_count bigint NOT NULL,
  last_block bigint NOT NULL,
  last_hash bytea NOT NULL,
  key_id text NOT NULL,
  signature bytea NOT NULL
);
"""

TABLES = (*STREAMS, "audit_block", "audit_retired")

KEEP_FUNCTION = """
CREATE OR REPLACE FUNCTION {schema}.audit_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%: the log stands as written', TG_TABLE_NAME USING ERRCODE = 'KY403';
END $$;
"""


def stands_trigger(table: str) -> str:
    """What keeps a table of the log, or a partition of it, as it was written."""
    return (
        f"CREATE OR REPLACE TRIGGER {table}_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_stands();\n"
    )


_KEEP = KEEP_FUNCTION.replace("{schema}.", "") + "".join(
    map(stands_trigger, (*TABLES, *(f"{stream}_default" for stream in STREAMS)))
)

CREATE = "".join(map(_create, STREAMS)) + _CHAIN + _KEEP
DROP = "".join(f"DROP TABLE {table} CASCADE;" for table in TABLES) + "DROP FUNCTION audit_stands();"

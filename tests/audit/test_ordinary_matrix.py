"""What the ordinary account may do with everything there is: tables, columns, sequences, functions, schemas.

The matrix is asked of the database for every object of the catalogue, so that a new table cannot be wider by accident.
"""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from kyufu.audit.tables_sql import STREAMS
from tests.audit.conftest import run

pytestmark = pytest.mark.django_db
Session = psycopg.Connection[Any]

# r reads, a adds, w changes, d takes away, D empties, x refers to, t puts triggers on: PostgreSQL's own letters.
LETTERS = {
    "r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE", "D": "TRUNCATE", "x": "REFERENCES", "t": "TRIGGER",
}  # fmt: skip
ORDINARY, LOG = "rawd", "r"
LOG_TABLES = {"audit_read", "audit_write", "audit_event", "audit_block", "audit_retired"}
# Columns of the log that the account tells; the database fills in the others.
WHO = {
    "reference", "actor_id", "actor_name", "actor_office", "terminal", "channel", "screen", "purpose", "case_no",
    "subjects",
}  # fmt: skip
TOLD = {"audit_read": WHO | {"what"}, "audit_event": WHO | {"kind", "detail"}}
_TABLES = """
SELECT c.relname, c.relispartition FROM pg_class c
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') ORDER BY 1
"""


def held(session: Session, place: str) -> str:
    """The letters of what the session's account may do with a table."""
    found = session.execute(
        "SELECT string_agg(l, '' ORDER BY n) FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS u (l, p, n) "
        "WHERE has_table_privilege(%s, p)",
        [list(LETTERS), list(LETTERS.values()), place],
    ).fetchone()
    return str(found[0] or "") if found else ""


def test_every_table_is_open_to_rows_and_every_table_of_the_log_to_reading(ordinary_role: Session) -> None:
    tables = run(_TABLES)
    assert len(tables) > 50
    logs = LOG_TABLES | {name for name, is_partition in tables if is_partition}
    expected = {name: LOG if name in logs else ORDINARY for name, _ in tables}
    found = {name: held(ordinary_role, f'"{name}"') for name, _ in tables}
    # Partitions that were made after the grants are not even readable, which is narrower.
    narrower = {name for name, is_partition in tables if is_partition and found[name] == ""}
    assert {name: found[name] for name in found.keys() - narrower} == {
        name: expected[name] for name in expected.keys() - narrower
    }


@pytest.mark.parametrize("stream", STREAMS)
def test_of_the_log_exactly_what_is_told_can_be_added(ordinary_role: Session, stream: str) -> None:
    columns = [
        name for (name,) in run(
            "SELECT attname::text FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0", stream
        )
    ]  # fmt: skip
    found = {
        name
        for name in columns
        for (may,) in ordinary_role.execute(
            "SELECT has_column_privilege(%s, %s, 'INSERT')", [stream, name]
        ).fetchall()
        if may
    }
    assert found == TOLD.get(stream, set())
    changed = ordinary_role.execute("SELECT has_any_column_privilege(%s, 'UPDATE')", [stream]).fetchone()
    assert changed == (False,)


def test_it_owns_nothing_and_is_nobody_else(ordinary_role: Session) -> None:
    account = ordinary_role.info.user
    owned = run(
        "SELECT relname FROM pg_class WHERE relowner = %s::regrole UNION ALL "
        "SELECT proname FROM pg_proc WHERE proowner = %s::regrole UNION ALL "
        "SELECT nspname FROM pg_namespace WHERE nspowner = %s::regrole", account, account, account,
    )  # fmt: skip
    assert owned == []
    ((*powers,),) = run(
        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = %s",
        account,
    )
    assert not any(powers)
    assert run("SELECT FROM pg_auth_members WHERE member = %s::regrole", account) == []


def test_no_schema_lets_it_make_anything(ordinary_role: Session) -> None:
    found = ordinary_role.execute(
        "SELECT nspname, has_schema_privilege(oid, 'USAGE'), has_schema_privilege(oid, 'CREATE') FROM pg_namespace "
        "WHERE nspname IN ('public', 'kyufu_vault') ORDER BY 1"
    ).fetchall()
    assert found == [("kyufu_vault", True, False), ("public", True, False)]
    database = ordinary_role.execute("SELECT has_database_privilege(current_database(), 'CREATE')").fetchone()
    assert database == (False,)


def test_sequences_give_numbers_and_are_not_set_back(ordinary_role: Session) -> None:
    names = [
        name for (name,) in run(
            "SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace"
        )
    ]  # fmt: skip
    assert len(names) > 20
    for name in names:
        found = ordinary_role.execute(
            "SELECT has_sequence_privilege(%s, 'UPDATE')", [f'public."{name}"']
        ).fetchone()
        assert found == (False,), name


def test_of_the_vaults_sequences_it_draws_none(ordinary_role: Session) -> None:
    found = ordinary_role.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = 'kyufu_vault'::regnamespace "
        "AND (has_sequence_privilege(oid, 'USAGE') OR has_sequence_privilege(oid, 'UPDATE') "
        "OR has_sequence_privilege(oid, 'SELECT'))"
    ).fetchall()
    assert found == []


def test_functions_that_write_with_the_owners_rights_are_called_by_triggers_alone(
    ordinary_role: Session,
) -> None:
    with_owners_rights = ordinary_role.execute(
        "SELECT n.nspname || '.' || p.proname, has_function_privilege(p.oid, 'EXECUTE'), "
        "p.prorettype = 'trigger'::regtype FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
        "WHERE p.prosecdef AND n.nspname IN ('public', 'kyufu_vault') ORDER BY 1"
    ).fetchall()
    assert len(with_owners_rights) > 40
    callable_ones = [name for name, may, is_trigger in with_owners_rights if may and not is_trigger]
    assert callable_ones == ["kyufu_vault.mynumber_slot"]
    log_functions = [row for row in with_owners_rights if row[0].startswith("public.audit_on_")]
    assert not any(may for _, may, _ in log_functions)


def test_functions_with_the_owners_rights_have_a_search_path_of_their_own() -> None:
    """Else whoever calls them could put a function of theirs in the way; a body bound when made needs none."""
    found = run(
        "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.prosecdef "
        "AND n.nspname IN ('public', 'kyufu_vault') AND p.prosqlbody IS NULL "
        "AND NOT coalesce(array_to_string(p.proconfig, ' ') LIKE 'search_path=pg_catalog%%', false)"
    )
    assert found == []


@pytest.mark.parametrize("account", ["kyufu_vault"])
def test_the_vaults_account_holds_nothing_of_the_municipality(account: str) -> None:
    tables = [name for name, _ in run(_TABLES)]
    found = [
        (name, privilege)
        for name in tables
        for privilege in LETTERS.values()
        if run("SELECT has_table_privilege(%s, %s, %s)", account, f'public."{name}"', privilege)[0][0]
    ]
    assert found == []
    ((*powers,),) = run(
        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = %s",
        account,
    )
    assert not any(powers)


def test_default_privileges_give_nobody_anything_in_advance() -> None:
    assert run("SELECT defaclobjtype, defaclacl::text FROM pg_default_acl") == []


@pytest.mark.parametrize(
    "statement",
    [
        "COPY registry_addressee TO PROGRAM 'true'", "COPY registry_addressee TO '/dev/null'",
        "SELECT pg_read_file('PG_VERSION')", "SELECT pg_ls_dir('.')", "SELECT lo_import('/dev/null')",
        "ALTER SYSTEM SET log_statement = 'all'", "SELECT pg_reload_conf()", "CREATE ROLE mine",
        "SET SESSION AUTHORIZATION kyufu", "SET ROLE kyufu",
        "CREATE TRIGGER mine BEFORE INSERT ON registry_addressee FOR EACH ROW EXECUTE FUNCTION audit_stands()",
        "CREATE RULE mine AS ON INSERT TO registry_addressee DO INSTEAD NOTHING",
        "ALTER TABLE registry_addressee ADD COLUMN mine int", "CREATE INDEX mine ON registry_addressee (kind)",
        "TRUNCATE registry_addressee",
        "CREATE PUBLICATION mine FOR TABLE registry_addressee", "CREATE TABLE public.mine (id int)",
    ],
)  # fmt: skip
def test_ways_out_of_the_database_and_up_are_closed(ordinary_role: Session, statement: str) -> None:
    with pytest.raises(psycopg.Error) as refusal:
        ordinary_role.execute(statement)
    ordinary_role.rollback()
    assert refusal.value.sqlstate in ("42501", "25001"), refusal.value.sqlstate


def test_it_cannot_pass_on_what_it_may_do(ordinary_role: Session) -> None:
    ordinary_role.execute("GRANT SELECT ON registry_addressee TO kyufu_vault, PUBLIC")
    found = ordinary_role.execute(
        "SELECT has_table_privilege('kyufu_vault', 'registry_addressee', 'SELECT')"
    ).fetchone()
    ordinary_role.rollback()
    assert found == (False,)

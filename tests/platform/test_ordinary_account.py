"""The database account of the application, in the hands of somebody who got hold of it: what it cannot do."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.conf import settings

Connection = psycopg.Connection[Any]
pytestmark = pytest.mark.django_db
VAULT = "kyufu_vault"
MAIN = "public"
CLOSED = {
    "read the numbers": f"SELECT * FROM {VAULT}.mynumber_number",
    "read the keys": f"SELECT * FROM {VAULT}.mynumber_key",
    "read the inbox it writes to": f"SELECT * FROM {VAULT}.mynumber_inbox",
    "empty the inbox": f"DELETE FROM {VAULT}.mynumber_inbox",
    "copy the numbers": f"COPY {VAULT}.mynumber_number TO STDOUT",
    "alter a record of a read": f"UPDATE {MAIN}.audit_read SET actor_id = 'x'",
    "delete a record of a read": f"DELETE FROM {MAIN}.audit_read",
    "alter an event": f"UPDATE {MAIN}.audit_event SET detail = '{{}}'",
    "empty the log": f"TRUNCATE {MAIN}.audit_event",
    "drop the log": f"DROP TABLE {MAIN}.audit_write",
    "alter the sealed blocks": f"DELETE FROM {MAIN}.audit_block",
    "switch triggers off": f"ALTER TABLE {MAIN}.cases_application DISABLE TRIGGER ALL",
    "act as a replica, without triggers": "SET session_replication_role = replica",
    "become the owner": f"SET ROLE {settings.DATABASES['owner']['USER']}",
    "become the vault": f"SET ROLE {settings.DATABASES['vault']['USER']}",
    "become the owner of the session": f"SET SESSION AUTHORIZATION {settings.DATABASES['owner']['USER']}",
    "make a function in the schema": f"CREATE FUNCTION {MAIN}.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "replace a trigger's function": f"CREATE OR REPLACE FUNCTION {MAIN}.kyufu_note_write() RETURNS trigger "
    "LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "make a table in the schema": f"CREATE TABLE {MAIN}.stolen (a int)",
    "make a schema": "CREATE SCHEMA stolen",
    "make an account": "CREATE ROLE thief SUPERUSER",
    "raise itself": "ALTER ROLE CURRENT_USER SUPERUSER",
    "read the hashes of accounts": "SELECT * FROM pg_authid",
    "run a program": "COPY (SELECT 1) TO PROGRAM 'id'",
    "write a file": "COPY (SELECT 1) TO '/tmp/kyufu-stolen'",
    "read a file": "SELECT pg_read_file('/etc/passwd')",
    "list a folder": "SELECT pg_ls_dir('/')",
    "import a file": "SELECT lo_import('/etc/passwd')",
    "drop an extension": "DROP EXTENSION plpgsql CASCADE",
    "change a language": "ALTER LANGUAGE plpgsql OWNER TO CURRENT_USER",
    "change the server": "ALTER SYSTEM SET log_statement = 'none'",
    "reload the server": "SELECT pg_reload_conf()",
    "own the log": f"ALTER TABLE {MAIN}.audit_read OWNER TO CURRENT_USER",
    "forge when it was recorded": f"INSERT INTO {MAIN}.audit_event (at, kind) VALUES ('2020-01-01', 'sign_in')",
}  # fmt: skip


@pytest.mark.parametrize("what", CLOSED)
def test_the_ordinary_account_cannot(ordinary_role: Connection, what: str) -> None:
    ordinary_role.autocommit = CLOSED[what].startswith("ALTER SYSTEM")
    with pytest.raises(psycopg.Error) as refused:
        ordinary_role.execute(CLOSED[what])
    assert isinstance(refused.value, psycopg.errors.InsufficientPrivilege | psycopg.errors.UndefinedObject), (
        refused.value
    )


def test_the_ordinary_account_can_do_its_work(ordinary_role: Connection) -> None:
    """Otherwise the refusals above would be those of an account that can do nothing."""
    assert ordinary_role.execute("SELECT current_user").fetchone() == (settings.ORDINARY_ACCOUNT,)
    ordinary_role.execute("SELECT count(*) FROM cases_application")
    ordinary_role.execute("UPDATE staff_account SET name = name")


def test_no_privilege_of_the_ordinary_account_reaches_the_vault_but_posting(
    ordinary_role: Connection,
) -> None:
    found = ordinary_role.execute(
        "SELECT table_name, privilege_type FROM information_schema.role_table_grants "
        "WHERE table_schema = %s AND grantee = current_user", [VAULT],
    ).fetchall()  # fmt: skip
    assert set(found) <= {("mynumber_inbox", "INSERT")}


def test_the_ordinary_account_is_no_superuser_and_member_of_nothing(ordinary_role: Connection) -> None:
    found = ordinary_role.execute(
        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles "
        "WHERE rolname = current_user"
    ).fetchone()
    assert found == (False,) * 5
    member = "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = current_user"
    assert ordinary_role.execute(member).fetchone() == (0,)


def test_what_the_ordinary_account_gives_away_is_nothing(ordinary_role: Connection) -> None:
    """PostgreSQL only warns where somebody grants what they do not hold."""
    ordinary_role.execute(f"GRANT DELETE, UPDATE ON {MAIN}.audit_read TO PUBLIC")
    granted = ordinary_role.execute(
        f"SELECT has_table_privilege('{MAIN}.audit_read', 'DELETE'), has_table_privilege('{MAIN}.audit_read', 'UPDATE')"
    ).fetchone()
    assert granted == (False, False)

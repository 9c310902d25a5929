"""One municipality is one schema, with one beside it for the vault: make them, and bring their tables up to date."""

from __future__ import annotations

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from kyufu.platform.databases import ORDINARY, OWNER, VAULT, vault_schema
from kyufu.platform.grants import grant_rows
from kyufu.platform.routing import VAULT_APP

INBOX = "mynumber_inbox"
# What making the tables writes by itself is nobody's data: Django's own, the seeded roles, and the log of these writes.
MADE_WITH_THE_TABLES = ("django_", "staff_role", "audit_")


def owner_alias() -> str:
    """The connection by which tables are made: the owner's, where that is another account than the ordinary one."""
    accounts = settings.DATABASES
    return ORDINARY if accounts[ORDINARY]["USER"] == accounts[OWNER]["USER"] else OWNER


def ensure_schema() -> None:
    """Create the municipality's schema when it does not exist."""
    if not _schema_exists(settings.SCHEMA):
        _run("CREATE SCHEMA {}", sql.Identifier(settings.SCHEMA))


def ensure_tables() -> None:
    """Create the schemas, apply the migrations that they lack, and say what the ordinary account may do."""
    ensure_schema()
    call_command("migrate", database=owner_alias(), verbosity=0, interactive=False)
    grant_to_ordinary()
    if VAULT in settings.DATABASES:
        ensure_vault()


def ensure_vault() -> None:
    """Create the vault's schema by the vault's own account, and its tables; the ordinary account may post to it."""
    vault, account = sql.Identifier(vault_schema(settings.SCHEMA)), _account(VAULT)
    if not _schema_exists(vault_schema(settings.SCHEMA)):
        database = sql.Identifier(str(connections[VAULT].settings_dict["NAME"]))
        _run("GRANT CREATE ON DATABASE {} TO {}", database, account)
        _run("CREATE SCHEMA {}", vault, using=VAULT)
        _run("REVOKE CREATE ON DATABASE {} FROM {}", database, account)
    call_command("migrate", VAULT_APP, database=VAULT, verbosity=0, interactive=False)
    ordinary = sql.Identifier(settings.ORDINARY_ACCOUNT)
    _run("GRANT USAGE ON SCHEMA {} TO {}", vault, ordinary, using=VAULT)
    if _schema_holds(vault_schema(settings.SCHEMA), table=INBOX):
        _run("GRANT INSERT ON {}.{} TO {}", vault, sql.Identifier(INBOX), ordinary, using=VAULT)


def grant_to_ordinary() -> None:
    """Let the ordinary account read and write rows, but neither change a table, nor empty one, nor alter the log.

    Does nothing where one account does everything.
    """
    if settings.DATABASES[OWNER]["USER"] == settings.ORDINARY_ACCOUNT:
        return
    grant_rows(schema=settings.SCHEMA, account=settings.ORDINARY_ACCOUNT, using=owner_alias())


def drop_schema() -> None:
    """Throw the municipality's schema away with everything in it, and its vault (the demo's --fresh)."""
    _run("DROP SCHEMA IF EXISTS {} CASCADE", sql.Identifier(settings.SCHEMA))
    if _schema_exists(vault_schema(settings.SCHEMA)):
        _run("DROP SCHEMA {} CASCADE", sql.Identifier(vault_schema(settings.SCHEMA)), using=VAULT)


DEMONSTRATION = "見本（kyufu demo）：消して作り直してよい"


def mark_as_demonstration() -> None:
    """Mark the schema as the demonstration's own, which --fresh may throw away."""
    _run("COMMENT ON SCHEMA {} IS {}", sql.Identifier(settings.SCHEMA), sql.Literal(DEMONSTRATION))


def is_demonstration(*, using: str | None = None) -> bool:
    """Does the schema carry the demonstration's mark? Asked by the owner's account, or by the one named."""
    with connections[using or owner_alias()].cursor() as cursor:
        cursor.execute(
            "SELECT obj_description(oid, 'pg_namespace') = %s FROM pg_namespace WHERE nspname = %s",
            (DEMONSTRATION, settings.SCHEMA),
        )
        row = cursor.fetchone()
        return bool(row and row[0])


def holds_data() -> bool:
    """Is there a table in the schema with a row that did not come with the tables themselves?"""
    with connections[owner_alias()].cursor() as cursor:
        return any(
            _has_rows(cursor, table=table)
            for table in _tables()
            if not table.startswith(MADE_WITH_THE_TABLES)
        )


def _has_rows(cursor: CursorWrapper, *, table: str) -> bool:
    place = sql.Identifier(settings.SCHEMA, table)
    cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(place).as_string())
    return bool(cursor.fetchone()[0])


def _tables() -> list[str]:
    with connections[owner_alias()].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", (settings.SCHEMA,))
        return [row[0] for row in cursor.fetchall()]


def _schema_exists(name: str) -> bool:
    with connections[owner_alias()].cursor() as cursor:
        cursor.execute("SELECT FROM pg_namespace WHERE nspname = %s", (name,))
        return cursor.fetchone() is not None


def _schema_holds(name: str, *, table: str) -> bool:
    with connections[VAULT].cursor() as cursor:
        cursor.execute("SELECT FROM pg_tables WHERE schemaname = %s AND tablename = %s", (name, table))
        return cursor.fetchone() is not None


def _account(alias: str) -> sql.Identifier:
    return sql.Identifier(str(settings.DATABASES[alias]["USER"]))


def _run(statement: str, *names: sql.Composable, using: str | None = None) -> None:
    with connections[using or owner_alias()].cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(*names).as_string())

"""A trigger that was hollowed out, turned away or joined by another is found, named and made again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from kyufu.audit.events import EventKind
from kyufu.audit.partitions import ensure_partitions
from kyufu.audit.signing import Signer, public_keys
from kyufu.audit.triggers import install_after_migration, install_triggers
from kyufu.audit.verification import Fault
from kyufu.audit.watch import broken_watch, wanted_watch
from tests.audit.conftest import run
from tests.audit.test_verification import faults

pytestmark = pytest.mark.django_db
HOLLOW = "RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS"
NOTHING = "$$ BEGIN RETURN NULL; END $$"
SPOILED = {
    "a hollow function": (
        f"CREATE OR REPLACE FUNCTION audit_on_registry_addressee() {HOLLOW} {NOTHING}",
        "audit_on_registry_addressee",
    ),
    "a hollow writer": (
        "CREATE OR REPLACE FUNCTION audit_note_write(place text, act text, counted bigint, numbers int8multirange, "
        "names text[], persons bigint[], ranges int8multirange, columns text[], before jsonb, after jsonb) "
        "RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$ BEGIN END $$",
        "audit_note_write",
    ),
    "a second writer that fits better": (
        "CREATE FUNCTION audit_note_write(unknown_place varchar, act text, counted bigint, numbers int8multirange, "
        "names text[], persons bigint[], ranges int8multirange, columns text[], before jsonb, after jsonb) "
        "RETURNS void LANGUAGE plpgsql AS $$ BEGIN END $$",
        "audit_note_write",
    ),
    "the caller's rights": (
        "ALTER FUNCTION audit_on_registry_addressee() SECURITY INVOKER", "audit_on_registry_addressee",
    ),
    "another search path": (
        "ALTER FUNCTION audit_on_registry_addressee() SET search_path = public", "audit_on_registry_addressee",
    ),
    "a trigger of another function": (
        f"CREATE FUNCTION t_nothing() {HOLLOW} {NOTHING}; CREATE OR REPLACE TRIGGER audit_insert AFTER INSERT ON "
        "registry_addressee REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION t_nothing()",
        "registry_addressee",
    ),
    "a trigger for some columns": (
        "CREATE OR REPLACE TRIGGER audit_truncate AFTER UPDATE OF kind ON registry_addressee "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_on_registry_addressee()", "registry_addressee",
    ),
    "a trigger that is off": ("ALTER TABLE registry_addressee DISABLE TRIGGER audit_delete", "registry_addressee"),
    "a trigger that is gone": ("DROP TRIGGER audit_delete ON registry_addressee", "registry_addressee"),
    "a guard that lets pass": (
        "CREATE OR REPLACE FUNCTION audit_stands() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
        "audit_stands",
    ),
    "a partition without its guard": (
        "DROP TRIGGER audit_read_default_stands ON audit_read_default", "audit_read_default",
    ),
    "a trigger that swallows records": (
        f"CREATE FUNCTION t_nothing() {HOLLOW} {NOTHING}; CREATE TRIGGER t_swallow BEFORE INSERT ON audit_block "
        "FOR EACH ROW EXECUTE FUNCTION t_nothing()", "audit_block",
    ),
    "a rule that swallows records": (
        "CREATE RULE t_swallow AS ON INSERT TO audit_write DO INSTEAD NOTHING", "audit_write",
    ),
}  # fmt: skip


def broken() -> list[str]:
    """What does not stand as wanted."""
    with connection.cursor() as cursor:
        return broken_watch(cursor, watch=wanted_watch(cursor)).places()


def is_recorded() -> bool:
    """Does a write leave its record?"""
    before = run("SELECT count(*) FROM audit_write")
    run("INSERT INTO registry_addressee (addressee_no, kind) VALUES ('000000000000077', 'resident')")
    return run("SELECT count(*) FROM audit_write") != before


def test_everything_stands_as_the_code_wants_it() -> None:
    assert broken() == []


@pytest.mark.requirement("KWS-179")
@pytest.mark.parametrize("how", sorted(SPOILED))
def test_what_was_spoiled_is_named_by_the_verification_and_made_again(
    how: str, signer: Signer, key_file: Any
) -> None:
    statement, place = SPOILED[how]
    run(statement)
    assert place in broken()
    named = [one.table for one in faults(key_file) if one.fault is Fault.WATCH_CHANGED]
    assert place in named
    assert public_keys(key_file)
    install_triggers(using="default")
    assert broken() == []
    assert is_recorded()


def test_the_fault_says_what_it_concerns_in_words(signer: Signer, key_file: Any) -> None:
    run("DROP TRIGGER audit_delete ON registry_addressee")
    (found,) = faults(key_file)
    assert str(found) == "更新を記録する仕掛けが外されているか、変えられています（registry_addressee）"


def test_what_a_migration_restores_is_on_record_and_a_quiet_one_is_not() -> None:
    run("DROP TRIGGER audit_delete ON registry_addressee")
    seen = run("SELECT coalesce(max(id), 0) FROM audit_event")[0][0]
    install_after_migration(using="default")
    install_after_migration(using="default")
    found = run("SELECT kind, detail->>'記録の仕掛けを付け直した所' FROM audit_event WHERE id > %s", seen)
    assert found == [(str(EventKind.SCHEMA_CHANGED), "registry_addressee")]


def test_applied_migrations_are_on_record() -> None:
    seen = run("SELECT coalesce(max(id), 0) FROM audit_event")[0][0]
    install_after_migration(using="default", plan=[("registry.0009_more", False)])
    assert run("SELECT detail->>'適用した変更' FROM audit_event WHERE id > %s", seen) == [
        ("registry.0009_more",)
    ]


@pytest.mark.parametrize("partition", ["audit_read_default", "audit_write_2031_07", "audit_event_2031_08"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {}"])
def test_a_partition_made_later_stands_too(partition: str, statement: str) -> None:
    ensure_partitions(on=date(2031, 7, 1), using="default")
    assert broken() == []
    with pytest.raises(DatabaseError, match="the log stands as written"), transaction.atomic():
        run(statement.format(partition))


def test_a_partition_made_later_can_be_read_and_not_written() -> None:
    from django.conf import settings

    ensure_partitions(on=date(2031, 7, 1), using="default")
    found = run(
        "SELECT privilege_type FROM information_schema.role_table_grants WHERE grantee = %s "
        "AND table_name = 'audit_read_2031_07'", settings.ORDINARY_ACCOUNT,
    )  # fmt: skip
    assert found == [("SELECT",)]

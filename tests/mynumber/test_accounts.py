"""What the ordinary account sees of the vault: nothing. Privilege by privilege, and by a dump of the database."""

from __future__ import annotations

import base64
import os
import subprocess
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connections

from kyufu.mynumber import api as mynumber
from kyufu.mynumber import keyring
from kyufu.mynumber.crypto import blind_index
from kyufu.platform import embedded
from tests.mynumber.people import AT, CLERK, log, look, pair, post, register, send
from tests.registry.persons import my_number

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])
SCHEMA = "kyufu_vault"
PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


@pytest.mark.requirement("ATG-180")
def test_the_ordinary_account_may_post_a_letter_and_nothing_else(vault: Path) -> None:
    tables = [row[0] for row in look("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")]
    assert len(tables) >= 15
    held = [
        (table, privilege)
        for table in tables
        for privilege in PRIVILEGES
        if look("SELECT has_table_privilege(%s, %s, %s)", settings.ORDINARY_ACCOUNT, table, privilege)[0][0]
    ]
    assert held == [("mynumber_inbox", "INSERT")]
    columns = "SELECT has_any_column_privilege(%s, %s, 'SELECT')"
    assert not any(look(columns, settings.ORDINARY_ACCOUNT, table)[0][0] for table in tables)


def test_what_it_tries_is_refused_by_the_database(
    vault: Path, ordinary_role: psycopg.Connection[Any]
) -> None:
    send(pair(1))
    post(pair(2))
    for table in (
        row[0] for row in look("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    ):
        for statement in (
            "SELECT * FROM {0}", "SELECT count(*) FROM {0}", "DELETE FROM {0}", "COPY {0} TO STDOUT",
            "INSERT INTO {0} SELECT * FROM {0}", "LOCK TABLE {0}", "CREATE VIEW v AS TABLE {0}",
        ):  # fmt: skip
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                ordinary_role.execute(statement.format(f"{SCHEMA}.{table}"))
            ordinary_role.rollback()
    for statement in (
        f"INSERT INTO {SCHEMA}.mynumber_inbox (batch, key_no, sealed) VALUES (gen_random_uuid(), 1, '') RETURNING *",
        "SET ROLE kyufu_vault",
        f"CREATE TABLE {SCHEMA}.mine (id int)",
        f"CREATE FUNCTION {SCHEMA}.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ordinary_role.execute(statement)
        ordinary_role.rollback()


def test_it_posts_and_may_ask_for_the_public_key_only(
    vault: Path, ordinary_role: psycopg.Connection[Any]
) -> None:
    (number, public) = ordinary_role.execute(f"SELECT * FROM {SCHEMA}.mynumber_slot()").fetchone() or (0, b"")
    assert len(public) == 32
    assert look("SELECT purpose, state FROM mynumber_key WHERE id = %s", number) == [("inbox", "active")]
    functions = look(
        "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = current_schema()::regnamespace"
    )
    assert functions == [("mynumber_slot",)]
    ordinary_role.execute(
        f"INSERT INTO {SCHEMA}.mynumber_inbox (batch, key_no, sealed) VALUES (gen_random_uuid(), %s, 'x')",
        [number],
    )
    ordinary_role.commit()
    assert mynumber.drain_inbox(by=CLERK, at=AT).conflicts == 1


def test_the_vaults_account_sees_nothing_of_the_municipality(vault: Path) -> None:
    tables = log("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    assert len(tables) > 20
    seen = [
        table for (table,) in tables
        if look("SELECT has_table_privilege(current_user, %s, 'SELECT')", f"public.{table}")[0][0]
    ]  # fmt: skip
    assert seen == []


def forms(number: str) -> list[bytes]:
    """The forms in which a number may stand in a file: plain, hexadecimal, base64 at any offset, binary, reversed."""
    plain = number.encode()
    found = [plain, plain.hex().encode(), plain[::-1], int(number).to_bytes(8, "big").hex().encode()]
    for offset in range(3):
        coded = base64.b64encode(b"x" * offset + plain).rstrip(b"=")
        found.append(coded[offset + 1 : -1])
    found += [f"{int(number):x}".encode(), b" ".join(plain[i : i + 4] for i in (0, 4, 8))]
    return [*found, b"-".join(plain[i : i + 4] for i in (0, 4, 8))]


def dump(user: str, *options: str) -> subprocess.CompletedProcess[bytes]:
    """What pg_dump gives an account of the test database."""
    found = connections["default"].settings_dict
    return subprocess.run(
        [
            str(embedded.binaries() / "pg_dump"), "-h", str(found["HOST"]), "-p", str(found["PORT"]), "-U", user,
            "-d", str(found["NAME"]), *options,
        ],
        capture_output=True, check=False, user=embedded.SYSTEM_USER if os.geteuid() == 0 else None, cwd="/",
        env={**os.environ, "PGPASSWORD": str(found.get("PASSWORD", ""))},
    )  # fmt: skip


def test_a_dump_by_the_ordinary_account_holds_no_number_in_any_form(vault: Path) -> None:
    numbers = [my_number(number) for number in range(1, 40)]
    send(*(pair(number) for number in range(1, 38)))
    register(38)
    post(pair(39))
    whole = dump(settings.ORDINARY_ACCOUNT)
    assert whole.returncode != 0
    assert b"mynumber" in whole.stderr
    ordinary = dump(settings.ORDINARY_ACCOUNT, "--schema=public")
    without = dump(settings.ORDINARY_ACCOUNT, "--exclude-schema=kyufu_vault")
    assert ordinary.returncode == without.returncode == 0, ordinary.stderr + without.stderr
    assert b"audit_event" in ordinary.stdout
    key = keyring.active_key(keyring.INDEX).secret
    everything = whole.stdout + ordinary.stdout + without.stdout
    assert len(everything) > 100_000
    for number in numbers:
        blind = blind_index(number, key=key)
        images = [blind.hex().encode(), base64.b64encode(blind)[:40]]
        assert not [form for form in [*forms(number), *images] if form in everything]
    for (sealed,) in islice(look("SELECT sealed FROM mynumber_number"), 5):
        assert bytes(sealed).hex().encode() not in everything


def test_even_the_vaults_own_dump_holds_no_number_in_the_clear(vault: Path) -> None:
    send(*(pair(number) for number in range(1, 6)))
    post(pair(6))
    own = dump(str(connections["vault"].settings_dict["USER"]), f"--schema={SCHEMA}")
    assert own.returncode == 0, own.stderr
    assert b"COPY kyufu_vault.mynumber_number" in own.stdout
    for number in range(1, 7):
        assert not [form for form in forms(my_number(number)) if form in own.stdout]

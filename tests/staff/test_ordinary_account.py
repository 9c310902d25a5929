"""What the application's own database account cannot do to rights, whatever SQL reaches it."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.staff.town import TODAY, build_town

pytestmark = pytest.mark.django_db(transaction=True)

FORBIDDEN = (
    "UPDATE staff_grant SET valid = daterange(lower(valid), upper(valid) + 365)",
    "UPDATE staff_grant SET state = 'asked'",
    "UPDATE staff_account SET state = 'active' WHERE state <> 'active'; UPDATE staff_account SET state = 'ended'",
    "UPDATE staff_account SET expires_on = expires_on + 1",
    "UPDATE staff_account SET kind = 'employee' WHERE kind = 'contractor'",
    "UPDATE staff_grant_transition SET actor_id = 'A009'",
    "DELETE FROM staff_grant_transition",
    "DELETE FROM staff_account_transition",
    "DELETE FROM staff_grant",
    "DELETE FROM staff_account",
    "DELETE FROM staff_password_history",
    "TRUNCATE staff_grant_transition",
    "ALTER TABLE staff_grant DISABLE TRIGGER ALL",
    "ALTER TABLE staff_grant DROP CONSTRAINT staff_grant_two_persons",
    "DROP TRIGGER staff_grant_keep ON staff_grant",
    "CREATE OR REPLACE FUNCTION staff_grant_keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "SET session_replication_role = replica",
)


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_ordinary_account_cannot(ordinary_role: psycopg.Connection[Any], statement: str) -> None:
    build_town()
    with pytest.raises(psycopg.Error), ordinary_role.transaction():
        ordinary_role.execute(statement)


def test_it_can_do_its_work(ordinary_role: psycopg.Connection[Any]) -> None:
    build_town()
    found = ordinary_role.execute(
        "SELECT count(*) FROM staff_grant WHERE state = 'confirmed' AND valid @> %s::date", [TODAY]
    ).fetchone()
    assert found == (2,)
    ordinary_role.execute("UPDATE staff_account SET failed_count = 1 WHERE staff_no = 'C001'")

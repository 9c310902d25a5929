"""What the vault's tables refuse whoever asks, the vault's own account included: by SQL, past every operation."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import DatabaseError, connections, transaction

from kyufu.mynumber import api as mynumber
from kyufu.mynumber.api import ADDRESSEE, BasicItems, BusinessNumber, CodeState
from tests.mynumber.people import AT, CLERK, addressee, look, pair, send
from tests.registry.persons import addressee_no, my_number

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])
HISTORIES = ("mynumber_key_transition", "mynumber_code_transition", "mynumber_conflict_transition")
RECORDED = (
    "mynumber_number",
    "mynumber_link",
    "mynumber_basics",
    "mynumber_no_automatic_reply",
    "mynumber_merge",
)


@pytest.fixture
def filled(vault: Path) -> Path:
    """A vault with a row in every table."""
    send(pair(1), pair(2), pair(3), (addressee_no(4), my_number(1)))
    done = {"by": CLERK, "at": AT}
    items = BasicItems("見本", None, "0", "横浜市")
    mynumber.record_basics(person=addressee(1), items=items, reason="申請", subject=1, **done)  # type: ignore[arg-type]
    mynumber.set_no_automatic_reply(person=addressee(1), reason="支援措置", subject=1, **done)  # type: ignore[arg-type]
    mynumber.move_code(person=addressee(1), state=CodeState.REQUESTED, why="符号取得", subject=1, **done)  # type: ignore[arg-type]
    mynumber.withdraw_number(addressee_no=addressee_no(2), subject=2, reason="誤登録", **done)  # type: ignore[arg-type]
    mynumber.merge_persons(source=addressee(2), target=addressee(1), reason="名寄せ", subject=1, **done)  # type: ignore[arg-type]
    return vault


def refused(statement: str, *, match: str = "") -> None:
    """The database refuses a statement of the vault's own account, and nothing is changed."""
    with pytest.raises(DatabaseError, match=match), transaction.atomic(using="vault"):
        with connections["vault"].cursor() as cursor:
            cursor.execute(statement)
            assert cursor.rowcount > 0, "the statement met no row"
        connections["vault"].check_constraints()


@pytest.mark.parametrize("table", [*HISTORIES, "mynumber_opened"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET {} = {}"])
def test_histories_stand_as_written(filled: Path, table: str, statement: str) -> None:
    column = "batch" if table == "mynumber_opened" else "id"
    text = (
        statement.format(table) if statement.startswith("DELETE") else statement.format(table, column, column)
    )
    refused(text, match="stand as written")


@pytest.mark.parametrize("table", [*RECORDED, "mynumber_person", "mynumber_key"])
def test_what_was_recorded_is_not_deleted(filled: Path, table: str) -> None:
    refused(f"DELETE FROM {table}", match="stays")


@pytest.mark.parametrize("table", RECORDED)
def test_what_was_recorded_is_closed_once_and_keeps_its_beginning(filled: Path, table: str) -> None:
    for change in (
        "recorded = tstzrange(lower(recorded) - interval '1 day', upper(recorded))",
        "recorded = tstzrange(lower(recorded), NULL)",
        "person_id = person_id + 1",
    ):
        refused(f"UPDATE {table} SET {change}", match="stays")
    look(
        f"UPDATE {table} SET recorded = tstzrange(lower(recorded), lower(recorded) + interval '1 hour') "
        "WHERE upper_inf(recorded) RETURNING id"
    )
    refused(f"UPDATE {table} SET recorded = tstzrange(lower(recorded), lower(recorded) + interval '2 hours')",
            match="stays")  # fmt: skip


@pytest.mark.parametrize("change", ["id = id + 100", "unified_no = '900000000000000'", "given_at = now()"])
def test_a_unified_number_and_its_day_do_not_change(filled: Path, change: str) -> None:
    refused(f"UPDATE mynumber_person SET {change}", match="stays")


@pytest.mark.parametrize(
    ("statement", "match"),
    [
        ("INSERT INTO mynumber_number (person_id, version, key_id, sealed, blind, recorded, by, reason) "
         "SELECT person_id, 99, key_id, sealed, 'x', recorded, by, reason FROM mynumber_number "
         "WHERE upper_inf(recorded)",
         "mynumber_number_one"),
        ("INSERT INTO mynumber_number (person_id, version, key_id, sealed, blind, recorded, by, reason) "
         "SELECT 2, 99, key_id, sealed, blind, recorded, by, reason FROM mynumber_number "
         "WHERE upper_inf(recorded) LIMIT 1", "mynumber_number_of_one"),
        ("INSERT INTO mynumber_number (person_id, version, key_id, sealed, blind, recorded, by, reason) "
         "SELECT person_id, version, key_id, sealed, 'x', tstzrange('2020-01-01', '2021-01-01'), by, reason "
         "FROM mynumber_number LIMIT 1", "mynumber_number_version"),
        ("INSERT INTO mynumber_link (person_id, business, number, recorded, by, reason) "
         "SELECT 3, business, number, recorded, by, reason FROM mynumber_link LIMIT 1", "mynumber_link_of_one"),
        ("INSERT INTO mynumber_basics (person_id, version, key_id, sealed, recorded, by, reason) "
         "SELECT person_id, 99, key_id, sealed, recorded, by, reason FROM mynumber_basics", "mynumber_basics_one"),
        ("INSERT INTO mynumber_no_automatic_reply (person_id, recorded, by, reason) "
         "SELECT person_id, recorded, by, reason FROM mynumber_no_automatic_reply", "mynumber_no_automatic_reply_one"),
        ("INSERT INTO mynumber_merge (person_id, into_id, recorded, by, reason) "
         "SELECT person_id, 3, recorded, by, reason FROM mynumber_merge", "mynumber_merge_once"),
        ("INSERT INTO mynumber_merge (person_id, into_id, recorded, by, reason) "
         "SELECT 3, 3, recorded, by, reason FROM mynumber_merge", "mynumber_merge_two"),
        ("INSERT INTO mynumber_key (purpose, kek, wrapped, state, made_at) "
         "SELECT purpose, kek, wrapped, state, made_at FROM mynumber_key", "mynumber_key_one_active"),
        ("INSERT INTO mynumber_key (purpose, kek, state, made_at) VALUES ('other', '', 'active', now())",
         "mynumber_key_gone|mynumber_key_purpose"),
        ("INSERT INTO mynumber_key (purpose, kek, wrapped, state, made_at) "
         "VALUES ('data', '', 'x', 'decrypt_only', now())",
         "must begin in a start state"),
        ("INSERT INTO mynumber_conflict (kind, number, state) VALUES ('else', '1', 'open')", "mynumber_conflict_kind"),
        ("INSERT INTO mynumber_conflict (kind, number, state) SELECT kind, number, state FROM mynumber_conflict",
         "mynumber_conflict_once"),
        ("INSERT INTO mynumber_opened SELECT * FROM mynumber_opened", "mynumber_opened_pkey"),
    ],
)  # fmt: skip
def test_what_may_be_once_is_once(filled: Path, statement: str, match: str) -> None:
    refused(statement, match=match)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE mynumber_key SET state = 'decrypt_only' WHERE purpose = 'data'",
        "UPDATE mynumber_code SET state = 'obtained'",
        "UPDATE mynumber_conflict SET state = 'dismissed'",
    ],
)
def test_a_state_moves_by_its_history_only(filled: Path, statement: str) -> None:
    refused(statement, match="moves by")


@pytest.mark.parametrize(
    ("table", "steps"),
    [
        ("mynumber_key", [("active", "destroyed"), ("decrypt_only", "active")]),
        ("mynumber_code", [("requested", "requested"), ("obtained", "failed")]),
        ("mynumber_conflict", [("open", "open"), ("resolved", "dismissed")]),
    ],
)
def test_a_step_that_is_not_in_the_table_is_refused(
    filled: Path, table: str, steps: list[tuple[str, str]]
) -> None:
    for before, after in steps:
        refused(
            f"INSERT INTO {table}_transition (subject_id, from_state, to_state, actor_id, actor_name, actor_office, "
            f"at, why) SELECT id, '{before}', '{after}', '1', 'a', 'b', now(), 'c' FROM {table} LIMIT 1",
            match="_steps",
        )


@pytest.mark.parametrize("table", ["mynumber_number", "mynumber_basics"])
def test_what_is_in_force_is_not_erased_in_place(filled: Path, table: str) -> None:
    refused(f"UPDATE {table} SET key_id = NULL WHERE upper_inf(recorded)", match="_whole")
    refused(f"UPDATE {table} SET key_id = NULL, sealed = '' WHERE upper_inf(recorded)", match="_whole")


def test_a_row_names_a_person_and_a_key_that_exist(filled: Path) -> None:
    refused("UPDATE mynumber_number SET key_id = 999", match="foreign key")
    refused("INSERT INTO mynumber_link (person_id, business, number, recorded, by, reason) "
            "VALUES (999, 'child', '1', tstzrange(now(), NULL), '', '')", match="foreign key")  # fmt: skip


def test_no_table_of_the_vault_refers_to_another_schema(filled: Path) -> None:
    assert look(
        "SELECT conname FROM pg_constraint c JOIN pg_class r ON r.oid = c.confrelid "
        "WHERE c.connamespace = current_schema()::regnamespace AND r.relnamespace <> c.connamespace"
    ) == []  # fmt: skip


def test_no_column_of_the_vault_but_the_sealed_ones_can_hold_a_number(filled: Path) -> None:
    """Every text of the filled vault is looked through, in case a column is added that should not be."""
    columns = look(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema() "
        "AND table_name LIKE 'mynumber%%'"
    )
    assert ("mynumber_number", "sealed") in columns
    for table, column in columns:
        texts = "".join(str(row[0]) for row in look(f'SELECT "{column}"::text FROM {table}'))
        for number in range(1, 4):
            assert my_number(number) not in texts, (table, column)
            assert my_number(number).encode().hex() not in texts, (table, column)


@pytest.mark.requirement("YOK-066")
def test_a_person_has_number_unified_number_basics_business_numbers_and_the_sign_and_nothing_more(
    filled: Path,
) -> None:
    """What hangs on a person: the tables that refer to it, by name."""
    referring = look(
        "SELECT DISTINCT r.relname FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid "
        "WHERE c.confrelid = 'mynumber_person'::regclass ORDER BY 1"
    )
    assert [row[0] for row in referring] == [
        "mynumber_basics", "mynumber_code", "mynumber_link", "mynumber_merge", "mynumber_no_automatic_reply",
        "mynumber_number",
        "mynumber_person",
    ]  # fmt: skip
    assert BasicItems._fields == ("name", "birth_date", "sex", "address")
    assert mynumber.translate(link=BusinessNumber(ADDRESSEE, addressee_no(1)), business=ADDRESSEE)

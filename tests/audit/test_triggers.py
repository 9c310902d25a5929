"""One record a statement: which rows of which table, whose data, which columns, by whom; bulk and direct SQL too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction
from psycopg.types.multirange import Multirange

from kyufu.audit import trigger_sql
from kyufu.audit.api import acting
from kyufu.audit.session import as_setting, tell_sessions
from kyufu.platform.access import Access
from kyufu.platform.db import copy_rows
from tests.audit.conftest import CLERK, access, run, tamper
from tests.conftest import TESTER

pytestmark = pytest.mark.django_db
INSERT = "INSERT INTO registry_addressee (addressee_no, kind) VALUES (%s, 'resident') RETURNING id"


@pytest.fixture(autouse=True)
def empty_log() -> Iterator[None]:
    """Only what the test itself writes."""
    tamper("DELETE FROM audit_write")
    yield


def records(*columns: str) -> list[tuple[Any, ...]]:
    """Columns of the write records, oldest first."""
    return run(f"SELECT {', '.join(columns)} FROM audit_write ORDER BY id")


def addressee(number: int) -> int:
    """A resident made by SQL; the id."""
    return int(run(INSERT, f"{number:015}")[0][0])


def ranges(*pairs: tuple[int, int]) -> Multirange[int]:
    """Half-open ranges as the driver reads them."""
    return Multirange([psycopg.types.range.Range(low, high) for low, high in pairs])


@pytest.mark.requirement("YOK-063")
@pytest.mark.requirement("KWS-181")
def test_an_insert_names_the_row_the_person_and_who() -> None:
    with acting(access()) as _:
        made = addressee(1)
    found = records(
        "actor_id",
        "actor_name",
        "actor_office",
        "terminal",
        "table_name",
        "operation",
        "row_count",
        "row_keys",
        "subjects",
    )
    assert found == [(*CLERK, "T-01", "registry_addressee", "INSERT", 1, ranges((made, made + 1)), [made])]


def test_an_update_names_the_columns_that_changed() -> None:
    made = addressee(1)
    run(
        "UPDATE registry_addressee SET kind = 'non_resident', addressee_no = addressee_no WHERE id = %s", made
    )
    assert records("operation", "changed", "subjects")[1:] == [("UPDATE", ["kind"], [made])]


def test_an_update_that_changes_nothing_is_recorded_without_columns() -> None:
    made = addressee(1)
    run("UPDATE registry_addressee SET kind = kind WHERE id = %s", made)
    assert records("changed")[1:] == [([],)]


def test_a_null_that_becomes_a_value_is_a_change() -> None:
    first, second = addressee(1), addressee(2)
    run("UPDATE registry_addressee SET merged_into_id = %s WHERE id = %s", first, second)
    run("UPDATE registry_addressee SET merged_into_id = NULL WHERE id = %s", second)
    assert records("changed")[2:] == [(["merged_into_id"],)] * 2


def test_a_statement_that_meets_no_row_leaves_no_record() -> None:
    run("UPDATE registry_addressee SET kind = 'resident' WHERE id = -1")
    run("DELETE FROM cases_application WHERE id = -1")
    run("INSERT INTO registry_addressee (addressee_no, kind) SELECT '1', 'resident' WHERE false")
    assert records("operation") == []


def test_a_delete_is_recorded_with_the_person() -> None:
    made = addressee(7)
    run(
        "INSERT INTO reading_watched_person (addressee_id, valid, reason, recorded_by, recorded_at) "
        "VALUES (%s, '[2026-01-01,)', '議員', 'S1', now())", made,
    )  # fmt: skip
    run("DELETE FROM reading_watched_person")
    assert records("operation", "subjects")[1:] == [("INSERT", [made]), ("DELETE", [made])]


def test_emptying_a_table_is_recorded() -> None:
    run("TRUNCATE reading_watched_person")
    assert records("table_name", "operation") == [("reading_watched_person", "TRUNCATE")]


def test_the_person_is_found_through_another_table() -> None:
    made = addressee(3)
    run("INSERT INTO registry_discrepancy (addressee_id, file_id) VALUES (%s, 1)", made)
    run(
        "INSERT INTO registry_discrepancy_transition "
        "(subject_id, to_state, actor_id, actor_name, actor_office, at, why) "
        "SELECT id, 'open', 'S1', '', '', now(), '' FROM registry_discrepancy"
    )
    assert records("table_name", "subjects")[-1] == ("registry_discrepancy_transition", [made])


def test_both_persons_of_a_merge_are_named() -> None:
    first, second = addressee(1), addressee(2)
    run(
        "INSERT INTO registry_addressee_merge (addressee_id, into_id, recorded, merged_by, reason) "
        "VALUES (%s, %s, '[2026-01-01,)', 'S1', '同一人')", second, first,
    )  # fmt: skip
    assert records("subjects")[-1] == ([first, second],)


def test_rows_apart_become_ranges_of_neighbours() -> None:
    made = [addressee(number) for number in range(6)]
    run(
        "UPDATE registry_addressee SET kind = 'corporation' WHERE id = ANY(%s)",
        [made[0], made[1], made[3], made[5]],
    )
    expected = ranges((made[0], made[1] + 1), (made[3], made[3] + 1), (made[5], made[5] + 1))
    assert records("row_keys")[-1] == (expected,)


def test_a_copy_is_one_record_with_ranges_instead_of_single_persons() -> None:
    many = trigger_sql.MOST_SUBJECTS + 1
    copy_rows(
        table="registry_addressee", columns=("addressee_no", "kind"),
        rows=[(f"{number:015}", "resident") for number in range(many)],
    )  # fmt: skip
    ((count, subjects, found),) = records("row_count", "subjects", "subject_ranges")
    assert (count, subjects) == (many, None)
    ids = {row[0] for row in run("SELECT id FROM registry_addressee")}
    assert {one for part in found for one in range(part.lower, part.upper)} == ids


def test_a_million_rows_stay_one_short_record() -> None:
    run(
        "INSERT INTO registry_addressee (addressee_no, kind) "
        "SELECT lpad(n::text, 15, '0'), 'resident' FROM generate_series(1, 50000) n"
    )
    assert records("row_count", "length(subject_ranges::text) < 40", "length(row_keys::text) < 40") == [
        (50_000, True, True)
    ]


def test_staff_tables_keep_old_and_new_values_but_no_secret() -> None:
    run(
        "INSERT INTO staff_office (code, name, kind, ward_code, valid) "
        "VALUES ('T1', '試験課', 'ward', '141011', '[2026-01-01,)')"
    )
    run("UPDATE staff_office SET name = '試験二課' WHERE code = 'T1'")
    ((old, new),) = records("old_values->0->>'name'", "new_values->0->>'name'")[1:]
    assert (old, new) == ("試験課", "試験二課")
    source = run("SELECT prosrc FROM pg_proc WHERE proname = 'audit_on_staff_account'")[0][0]
    assert "'password'" in source.replace('"', "'")
    assert "jsonb_agg(to_jsonb(t) - ARRAY['password']::text[])" in source


def test_tables_of_citizens_keep_no_values() -> None:
    made = addressee(1)
    run("UPDATE registry_addressee SET kind = 'corporation' WHERE id = %s", made)
    assert records("old_values", "new_values") == [(None, None)] * 2


@pytest.mark.requirement("ATG-229")
def test_without_an_access_the_database_account_stands_in_the_record() -> None:
    tell_sessions(None)
    addressee(1)
    ((actor, channel, reference, user),) = records("actor_id", "channel", "reference", "db_user")
    assert (actor, channel, reference) == (user, "sql", None)
    assert user == connection.settings_dict["USER"]


def test_a_rolled_back_write_leaves_no_record() -> None:
    try:
        with transaction.atomic():
            addressee(1)
            raise ValueError
    except ValueError:
        pass
    assert records("id") == []


def test_the_access_before_comes_back_after_an_inner_one() -> None:
    outer, inner = access(), access(terminal="T-02", reference=UUID(int=9))
    with acting(outer):
        with acting(inner):
            addressee(1)
        addressee(2)
    addressee(3)
    assert [row[0] for row in records("terminal")] == ["T-02", "T-01", TESTER.terminal]


def test_odd_texts_reach_the_record_as_they_are() -> None:
    odd = "'; DROP TABLE audit_write; --\n{}\"\\ %s 𠮟 \u200b"
    with acting(access(purpose=odd, terminal=odd)):
        addressee(1)
    assert records("purpose", "terminal") == [(odd, odd)]


@pytest.mark.parametrize("told", [None, access()])
def test_what_the_session_is_told_is_empty_for_nobody(told: Access | None) -> None:
    assert bool(as_setting(told)) is (told is not None)

"""What the tables themselves refuse, past every operation."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.law.calendar.years import first_march_31_from
from tests.staff.town import NOW, Town, rows


def refused(statement: str, *values: object, match: str) -> None:
    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        rows(statement, list(values))


@pytest.mark.parametrize(
    ("statement", "match"),
    [
        ("UPDATE staff_office SET name = ''", "staff_office_named"),
        ("INSERT INTO staff_office (code, name, kind, ward_code, valid) "
         "VALUES ('N', 'x', 'other', '', '[2026-04-01,)')", "staff_office_kind"),
        ("INSERT INTO staff_office (code, name, kind, ward_code, valid) "
         "VALUES ('N', 'x', 'ward', '', '[2026-04-01,)')", "staff_office_ward"),
        ("INSERT INTO staff_office (code, name, kind, ward_code, valid) "
         "VALUES ('N', 'x', 'head', '', '(,2026-04-01)')", "staff_office_days"),
        ("INSERT INTO staff_office (code, name, kind, ward_code, valid) "
         "VALUES ('N', 'x', 'head', '', 'empty')", "staff_office_days"),
        ("INSERT INTO staff_office (code, name, kind, ward_code, valid) "
         "VALUES ('HQ', 'x', 'head', '', '[2026-04-01,)')", "staff_office_code"),
        ("DELETE FROM staff_office WHERE code = 'KAN'", "keeps its place"),
        ("UPDATE staff_account SET failed_count = -1", "staff_account_failures"),
        ("UPDATE staff_account SET renewed_on = usable_from - 1", "staff_account_days"),
        ("UPDATE staff_account SET expires_on = renewed_on - 1", "staff_account_days"),
        ("INSERT INTO staff_role_right (role_id, function, level, valid) "
         "SELECT id, 'everything', 1, '[2026-04-01,)' FROM staff_role", "staff_role_right_function"),
        ("INSERT INTO staff_role_right (role_id, function, level, valid) "
         "SELECT id, 'case', 3, '[2026-04-01,)' FROM staff_role WHERE code = 'rights'", "staff_role_right_level"),
        ("INSERT INTO staff_role_right (role_id, function, level, valid) "
         "SELECT role_id, function, 1, valid FROM staff_role_right", "staff_role_right_once"),
    ],
)  # fmt: skip
def test_masters(town: Town, statement: str, match: str) -> None:
    refused(statement, match=match)


def test_nobody_works_at_two_offices_on_one_day(town: Town) -> None:
    refused(
        "INSERT INTO staff_posting (account_id, office_id, valid) "
        "SELECT %s, id, '[2026-07-06,2026-07-07)' FROM staff_office WHERE code = 'KAN'",
        town.clerk, match="staff_posting_no_overlap",
    )  # fmt: skip
    refused(
        "INSERT INTO staff_posting (account_id, office_id, valid) SELECT %s, id, 'empty' FROM staff_office LIMIT 1",
        town.clerk, match="staff_posting_days",
    )  # fmt: skip
    rows(
        "INSERT INTO staff_posting (account_id, office_id, valid) "
        "SELECT %s, id, '[2020-04-01,2026-04-01)' FROM staff_office WHERE code = 'KAN'",
        [town.clerk],
    )


SESSION = (
    "INSERT INTO staff_session (account_id, key_digest, started_at, last_seen_at, ended_at, why) "
    "VALUES (%s, %s, %s, %s, %s, %s)"
)


def test_sessions_are_in_order_and_say_why_they_ended(town: Town) -> None:
    later = NOW.replace(hour=9)
    for seen, ended, why in (
        (NOW, None, ""),
        (later, later, ""),
        (later, None, "idle"),
        (later, NOW, "idle"),
    ):
        refused(SESSION, town.clerk, "x", later, seen, ended, why, match="staff_session_order")
    rows(SESSION, [town.clerk, "x", NOW, later, later, "idle"])
    refused(SESSION, town.clerk, "x", NOW, NOW, None, "", match="key_digest")


@pytest.mark.parametrize("table", ["account", "grant", "proposal"])
def test_states_move_by_their_history_alone(town: Town, table: str) -> None:
    if table == "proposal":
        from kyufu.staff import api as staff

        staff.propose(
            staff.ProposalKind.NUMBER_DISCLOSURE,
            content={"x": 1},
            subject="s",
            by=town.rights(town.admin).actor(),
            at=NOW,
        )
    other = {"account": "locked", "grant": "ended", "proposal": "refused"}[table]
    refused(f"UPDATE staff_{table} SET state = %s", other, match=f"moves by staff_{table}_transition only")
    refused(f"UPDATE staff_{table}_transition SET why = ''", match="rows stand as written")
    refused(f"DELETE FROM staff_{table}_transition", match="rows stand as written")


def test_a_grant_does_not_begin_confirmed(town: Town) -> None:
    refused(
        "INSERT INTO staff_grant (account_id, role_id, office_id, scheme, valid, state, why, asked_by_id, "
        "asked_by_name, asked_by_office, asked_at, confirmed_by_id, confirmed_by_name, confirmed_by_office, "
        "confirmed_at) "
        "SELECT %s, role_id, office_id, scheme, valid, 'confirmed', why, 'A001', '', '', asked_at, 'A002', '', '', "
        "confirmed_at FROM staff_grant LIMIT 1",
        town.clerk, match="must begin in a start state",
    )  # fmt: skip


def test_an_account_does_not_begin_ended(town: Town) -> None:
    refused(
        "INSERT INTO staff_account (staff_no, personnel_no, name, kana, kind, state, usable_from, renewed_on, "
        "expires_on, awake_from, password, password_set_at, password_is_temporary) "
        "SELECT 'N1', 'N1', name, kana, kind, 'ended', usable_from, renewed_on, expires_on, awake_from, password, "
        "password_set_at, false FROM staff_account LIMIT 1",
        match="must begin in a start state",
    )


@settings(max_examples=200, deadline=None)
@given(day=st.dates(date(1990, 1, 1), date(2100, 12, 31)))
@pytest.mark.django_db
def test_the_fiscal_year_ends_for_the_database_when_it_does_for_the_law(day: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT staff_fiscal_year_end(%s)", [day])
        assert cursor.fetchone()[0] == first_march_31_from(day)


@pytest.mark.parametrize("day", [date(2027, 3, 31), date(2027, 4, 1), date(2028, 2, 29), date(2026, 12, 31)])
@pytest.mark.django_db
def test_the_fiscal_year_on_its_edges(day: date) -> None:
    assert rows("SELECT staff_fiscal_year_end(%s)", [day]) == [(first_march_31_from(day),)]

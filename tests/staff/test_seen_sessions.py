"""A session in use is asked for at every request, and written to now and then: nothing ends later for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kyufu.staff import api as staff
from kyufu.staff.api import PasswordState
from kyufu.staff.operations.signin import SEEN_EVERY
from tests.staff.town import NOW, TODAY, Town, days, hire, rows

POLICY = staff.sign_in_policy(TODAY)
A_MOMENT = timedelta(microseconds=1)


@pytest.fixture
def session(town: Town) -> Town:
    """The clerk has signed in just now and used the day."""
    staff.record_success(town.clerk, session_key="k1", terminal_id=None, at=NOW)
    return town


def last_seen() -> Any:
    return rows("SELECT last_seen_at FROM staff_session")[0][0]


def sent(later: timedelta) -> list[str]:
    """What is sent to the database to see the session so long after the sign-in."""
    with CaptureQueriesContext(connection) as asked:
        assert staff.see_session("k1", at=NOW + later) is not None
    return [one["sql"] for one in asked]


def test_within_seconds_it_is_one_question_and_nothing_is_written(session: Town) -> None:
    (asked,) = sent(SEEN_EVERY - A_MOMENT)
    assert "UPDATE" not in asked and "FOR " not in asked
    assert last_seen() == NOW


def test_after_them_the_use_is_noted(session: Town) -> None:
    assert any(one.startswith("UPDATE") for one in sent(SEEN_EVERY))
    assert last_seen() == NOW + SEEN_EVERY


def test_the_quick_answer_is_the_full_one(session: Town) -> None:
    quick = staff.see_session("k1", at=NOW + A_MOMENT)
    rows("UPDATE staff_session SET last_seen_at = %s", [NOW])
    full = staff.see_session("k1", at=NOW + SEEN_EVERY)
    assert quick == full
    assert quick is not None
    assert quick.ends_at == NOW + timedelta(hours=POLICY.absolute_hours)


def test_idle_is_counted_from_what_was_noted_and_so_never_too_late(session: Town) -> None:
    used = SEEN_EVERY - A_MOMENT
    assert staff.see_session("k1", at=NOW + used) is not None
    idle = timedelta(minutes=POLICY.idle_minutes)
    assert staff.see_session("k1", at=NOW + idle) is None


@pytest.mark.parametrize(
    "stopped",
    [
        "UPDATE staff_account SET state = 'locked' WHERE id = %s",
        "UPDATE staff_account SET leaves_on = usable_from WHERE id = %s",
        "DELETE FROM staff_posting WHERE account_id = %s",
    ],
)
def test_an_account_that_stops_is_turned_away_at_the_next_request(session: Town, stopped: str) -> None:
    assert staff.see_session("k1", at=NOW + A_MOMENT) is not None
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(stopped, [session.clerk])
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert staff.see_session("k1", at=NOW + A_MOMENT) is None
    assert rows("SELECT why FROM staff_session") == [("account",)]


def test_a_session_that_has_ended_is_not_seen_however_lately_it_was(session: Town) -> None:
    assert staff.see_session("k1", at=NOW + A_MOMENT) is not None
    staff.end_session("k1", at=NOW + 2 * A_MOMENT)
    assert staff.see_session("k1", at=NOW + 3 * A_MOMENT) is None


def test_the_first_use_of_a_day_is_noted_though_the_session_was_seen_lately(session: Town) -> None:
    rows("UPDATE staff_account SET last_used_on = %s WHERE id = %s", [TODAY - days(1), session.clerk])
    assert len(sent(A_MOMENT)) > 1
    assert rows("SELECT last_used_on FROM staff_account WHERE id = %s", [session.clerk]) == [(TODAY,)]
    assert len(sent(2 * A_MOMENT)) == 1


@pytest.mark.parametrize(
    ("age", "is_temporary", "state"),
    [
        (0, False, PasswordState.CURRENT),
        (POLICY.password_max_age_days - 1, False, PasswordState.CURRENT),
        (POLICY.password_max_age_days, False, PasswordState.TO_CHANGE),
        (0, True, PasswordState.TO_CHANGE),
        (POLICY.password_max_age_days + POLICY.password_grace_days, True, PasswordState.EXPIRED),
    ],
)
def test_the_state_of_a_password_follows_from_when_it_was_set(
    age: int, is_temporary: bool, state: PasswordState
) -> None:
    assert staff.age_of_password(NOW - days(age), is_temporary=is_temporary, on=TODAY) is state


def test_rights_are_one_question(town: Town) -> None:
    town.grant(town.clerk)
    with CaptureQueriesContext(connection) as asked:
        rights = staff.rights_of(town.clerk, on=TODAY)
    assert len(asked) == 1
    assert rights.held
    assert rights.actor().name == rights.name != ""


def test_who_was_granted_nothing_or_does_not_work_has_a_name_and_no_rights(town: Town) -> None:
    worker = hire("C301", name="見本　六郎", expires_on=TODAY)
    assert staff.rights_of(worker, on=TODAY).held == frozenset()
    town.grant(town.clerk)
    staff.lock_account(town.clerk, rights=town.rights(town.admin), at=NOW, why="試験")
    locked = staff.rights_of(town.clerk, on=TODAY)
    assert (locked.account_id, locked.held) == (town.clerk, frozenset())
    assert locked.staff_no == "C001"


def test_nobody_has_no_rights_to_ask_for(town: Town) -> None:
    with pytest.raises(staff.Forbidden, match="アカウントがありません"):
        staff.rights_of(0, on=TODAY)

"""What the database itself refuses of schedules and their occasions, whoever writes."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from kyufu.cases.queries import fetch
from kyufu.platform import clock
from kyufu.renewal import api as renewal
from kyufu.renewal.api import RenewalKind, Rule, ScheduleState
from kyufu.renewal.states import PLANNABLE, SCHEDULE_PAIRS, SCHEDULES
from kyufu.staff.api import Rights
from tests.web.town import Town

pytestmark = pytest.mark.django_db(transaction=True)
RULE = Rule(RenewalKind.YEARLY, 8, 1, 45, 12, True)
ROW: dict[str, Any] = {
    "kind": "yearly", "month": 8, "day": 1, "lead_days": 45, "issue_days": 12, "judges": True, "why": "毎年",
    "state": "proposed", "proposed_account": 1, "proposed_by": "S1", "proposed_by_name": "", "proposed_by_office": "",
    "proposed_at": "2026-11-30T00:00:00Z", "confirmed_by": None, "confirmed_at": None,
}  # fmt: skip


def insert(**items: Any) -> None:
    """Write a schedule past every function."""
    row = ROW | items
    columns = ", ".join(f'"{name}"' for name in row)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO renewal_schedule ({columns}) VALUES ({', '.join(['%s'] * len(row))})",
            list(row.values()),
        )


def test_a_row_that_can_be_kept_is_taken(town: Town) -> None:
    insert()
    insert(kind="monthly", month=None)
    insert(kind="changed", month=3, day=28, lead_days=0, issue_days=0)
    assert fetch("SELECT count(*) FROM renewal_schedule", {}) == [(3,)]


@pytest.mark.parametrize(
    "items",
    [
        {"kind": "replay"},
        {"kind": "whatever"},
        {"month": None},
        {"month": 13},
        {"month": 0},
        {"day": 29},
        {"day": 0},
        {"lead_days": 366},
        {"lead_days": -1, "issue_days": -1},
        {"issue_days": 46},
        {"issue_days": -1},
        {"confirmed_by": "S1"},
        {"state": "active"},
        {"state": "ended"},
        {"state": "active", "confirmed_by": "S2"},
        {"state": "unheard of"},
    ],
)
def test_a_row_that_cannot_is_refused(town: Town, items: dict[str, Any]) -> None:
    with pytest.raises(DatabaseError):
        insert(**items)


def test_a_kind_has_one_schedule_that_holds(town: Town, head: Rights, second: Rights) -> None:
    at = clock.current_instant()
    numbers = [renewal.propose_schedule(RULE, why="毎年", rights=head, at=at) for _ in range(2)]
    renewal.confirm_schedule(numbers[0], rights=second, at=at)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE renewal_schedule SET confirmed_by = 'S9', confirmed_at = now() WHERE id = %s",
            [numbers[1]],
        )
        cursor.execute(
            "INSERT INTO renewal_schedule_transition (subject_id, from_state, to_state, actor_id, actor_name,"
            " actor_office, at, why) VALUES (%s, 'proposed', 'active', 'S9', '', '', now(), '')",
            [numbers[1]],
        )
    renewal.confirm_schedule(numbers[1], rights=second, at=at)
    states = {one.schedule_id: one.state for one in renewal.schedules(today=town.today)}
    assert states == {numbers[0]: ScheduleState.ENDED, numbers[1]: ScheduleState.ACTIVE}


def test_its_history_stands(town: Town, head: Rights) -> None:
    renewal.propose_schedule(RULE, why="毎年", rights=head, at=clock.current_instant())
    for statement in (
        "DELETE FROM renewal_schedule_transition",
        "UPDATE renewal_schedule_transition SET why = ''",
    ):
        with pytest.raises(DatabaseError, match="stand as written"), transaction.atomic():
            connection.cursor().execute(statement)


def test_what_ended_stays_ended() -> None:
    assert not SCHEDULE_PAIRS[ScheduleState.ENDED]
    assert not SCHEDULES.allows(from_state="active", to_state="proposed")
    assert SCHEDULES.start == {"proposed"}
    assert RenewalKind.REPLAY not in PLANNABLE
    assert {state.label for state in ScheduleState} == {"申し出中（確認待ち）", "有効", "終了"}

"""Points on the worklist of rejected rows: closed with a reason, opened again, never lost."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction

from kyufu.platform.actors import Actor
from kyufu.platform.errors import Refused
from kyufu.platform.feeds.worklist import close_row, count_open_rows, last_settled, open_rows
from tests.platform.test_transitions import run

AT = datetime(2026, 7, 1, tzinfo=UTC)
CLERK = Actor("S1", "係　一", "甲課")


@pytest.fixture
def points(db: None) -> list[int]:
    """A file with three rows that did not land."""
    (file_id,) = run(
        """INSERT INTO platform_feed_file (layout, mode, municipality, name, sha256, state, reason, received_at)
           VALUES ('resident', 'DIFF', '141003', 'resident_DIFF_000001.csv', '0', 'refused', '', now()) RETURNING id"""
    )[0]
    return [
        int(str(row[0]))
        for row in run(
            """INSERT INTO platform_rejected_row (file_id, line, row_no, "column", code, message, content)
               SELECT %s, n + 2, n, 'seibetsu', 'not_a_code', '性別の値が不正です。', '' FROM generate_series(1, 3) AS n
               RETURNING id""",
            [file_id],
        )
    ]


def close(row_id: int, *, state: str, why: str = "送付元に確認した") -> None:
    close_row(row_id, state=state, by=CLERK, at=AT, why=why)


def test_open_points_are_listed_oldest_first_and_paged(points: list[int]) -> None:
    first = open_rows(limit=2)
    rest = open_rows(limit=2, after=first[-1].row_id)
    assert [row.row_id for row in (*first, *rest)] == points
    assert [(row.file_name, row.line, row.column) for row in rest] == [
        ("resident_DIFF_000001.csv", 5, "seibetsu")
    ]
    assert count_open_rows() == 3


@pytest.mark.parametrize("state", ["resolved", "dismissed"])
def test_a_closed_point_leaves_the_list_and_says_who_when_and_why(points: list[int], state: str) -> None:
    close(points[1], state=state)
    assert [row.row_id for row in open_rows(limit=9)] == [points[0], points[2]]
    assert count_open_rows() == 2
    assert run(
        "SELECT subject_id, from_state, to_state, actor_id, at, why FROM platform_rejected_row_transition"
    ) == [(points[1], "open", state, "S1", AT, "送付元に確認した")]


def test_a_point_closed_by_mistake_is_opened_again_and_all_steps_stay(points: list[int]) -> None:
    close(points[0], state="dismissed")
    close(points[0], state="open", why="閉じ間違い")
    close(points[0], state="resolved")
    rows = run("SELECT to_state FROM platform_rejected_row_transition ORDER BY id")
    assert rows == [("dismissed",), ("open",), ("resolved",)]


@pytest.mark.parametrize("state", ["resolved", "dismissed", "gone", ""])
def test_a_step_that_is_not_in_the_table_is_refused(points: list[int], state: str) -> None:
    close(points[0], state="resolved")
    with pytest.raises(Refused, match="いまの状態では"):
        close(points[0], state=state)
    assert count_open_rows() == 2


@pytest.mark.parametrize("why", ["", " ", "　", "\n"])
def test_a_point_is_not_closed_without_a_reason(points: list[int], why: str) -> None:
    with pytest.raises(Refused, match="理由"):
        close(points[0], state="resolved", why=why)
    assert count_open_rows() == 3


def test_a_point_that_is_not_there_is_refused(points: list[int]) -> None:
    with pytest.raises(Refused, match="その番号の確認事項はありません"):
        close(max(points) + 1, state="resolved")


def test_the_steps_stand_and_the_state_follows_them_alone(points: list[int]) -> None:
    close(points[0], state="resolved")
    for attack in (
        "UPDATE platform_rejected_row SET state = 'resolved'",
        "UPDATE platform_rejected_row_transition SET why = ''",
        "DELETE FROM platform_rejected_row_transition",
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            run(attack)
    assert count_open_rows() == 2


@pytest.mark.parametrize("limit", [1, 2, 3, 4])
@pytest.mark.parametrize("closed", [(), (0,), (1,), (2,), (0, 2), (0, 1, 2)])
def test_pages_of_any_size_hold_every_open_point_once(
    points: list[int], limit: int, closed: tuple[int, ...]
) -> None:
    for number in closed:
        close(points[number], state="resolved")
    left = [point for number, point in enumerate(points) if number not in closed]
    found: list[int] = []
    while page := open_rows(limit=limit, after=found[-1] if found else 0):
        assert len(page) <= limit
        found += [row.row_id for row in page]
    assert found == left
    assert count_open_rows() == len(left)


def test_a_point_that_is_closed_while_somebody_turns_the_page_loses_no_other(points: list[int]) -> None:
    first = open_rows(limit=1)
    close(points[0], state="dismissed")
    close(points[1], state="resolved")
    assert [row.row_id for row in open_rows(limit=5, after=first[-1].row_id)] == [points[2]]


def test_the_latest_steps_are_as_many_as_asked_for(points: list[int]) -> None:
    for point in points:
        close(point, state="resolved", why=f"理由{point}")
    assert [one.why for one in last_settled(limit=2)] == [f"理由{points[2]}", f"理由{points[1]}"]
    assert len(last_settled(limit=99)) == 3
    assert {(one.actor_name, one.actor_office) for one in last_settled(limit=99)} == {("係　一", "甲課")}

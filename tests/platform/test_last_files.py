"""What the pages of operations show of feeds: the last file of each layout, and who worked off which row."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection

from kyufu.platform.actors import Actor
from kyufu.platform.feeds.worklist import close_row, last_files, last_settled

pytestmark = pytest.mark.django_db
BY = Actor("S0001", "確認　花子", "こども医療課")
AT = datetime(2026, 7, 21, 1, 0, tzinfo=UTC)
FILE = """
INSERT INTO platform_feed_file (layout, mode, seq, municipality, name, sha256, state, reason, row_count, landed_count,
                                rejected_count, received_at)
VALUES (%s, 'DIFF', %s, '141003', %s, %s, %s, %s, %s, %s, %s, now()) RETURNING id
"""
ROW = """
INSERT INTO platform_rejected_row (file_id, line, row_no, "column", code, message, content)
VALUES (%s, %s, %s, 'shimei', 'text', '氏名がありません。', '') RETURNING id
"""


def file(layout: str, seq: int, *, state: str = "applied", reason: str = "") -> int:
    """A file that came; three rows, of which one did not land."""
    counts = (3, 2, 1) if state == "applied" else (None, None, None)
    with connection.cursor() as cursor:
        name = f"{layout}_{seq}.csv"
        cursor.execute(FILE, [layout, seq, name, f"{seq:064}", state, reason, *counts])
        return int(cursor.fetchone()[0])


def row(file_id: int, line: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(ROW, [file_id, line, line])
        return int(cursor.fetchone()[0])


def test_nothing_came_yet() -> None:
    assert last_files() == []
    assert last_settled(limit=5) == []


def test_the_last_file_of_each_layout_counts() -> None:
    file("tax", 1)
    file("resident", 1)
    file("resident", 2)
    assert [
        (one.layout, one.name, one.row_count, one.landed_count, one.rejected_count) for one in last_files()
    ] == [
        ("resident", "resident_2.csv", 3, 2, 1),
        ("tax", "tax_1.csv", 3, 2, 1),
    ]


def test_a_file_that_was_refused_is_told_as_such() -> None:
    file("resident", 1)
    file("resident", 2, state="refused", reason="途中で切れています。")
    (last,) = last_files()
    assert (last.state, last.reason, last.row_count) == ("refused", "途中で切れています。", None)


def test_who_worked_off_what_is_told_newest_first() -> None:
    first, second = (row(file("resident", 1), line) for line in (4,)), row(file("tax", 1), 9)
    (one,) = first
    close_row(one, state="resolved", by=BY, at=AT, why="訂正のファイルを取り込んだ")
    close_row(second, state="dismissed", by=BY, at=AT, why="対象外の行")
    close_row(second, state="open", by=BY, at=AT, why="閉じ間違い")
    assert [(done.file_name, done.line, done.state, done.why) for done in last_settled(limit=5)] == [
        ("tax_1.csv", 9, "open", "閉じ間違い"),
        ("tax_1.csv", 9, "dismissed", "対象外の行"),
        ("resident_1.csv", 4, "resolved", "訂正のファイルを取り込んだ"),
    ]
    assert len(last_settled(limit=1)) == 1
    (newest,) = last_settled(limit=1)
    assert (newest.actor_name, newest.actor_office, newest.at) == (BY.name, BY.office, AT)

"""What needs a person's eye: undrawable names, residents missing from a full feed, rejected rows; and their steps."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from kyufu.platform.actors import Actor
from kyufu.platform.errors import Refused
from kyufu.platform.feeds.worklist import close_row, count_open_rows, open_rows
from kyufu.platform.fonts import suspect_finder, undrawable
from tests.registry.persons import Register, addressee_no, fetch, resident

CLERK = Actor("S0001", "職員　一郎", "鶴見区保険年金課")
AT = datetime(2026, 8, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("渡辺　太郎", ()),
        ("\u6a3d\U000e0101川", ()),
        ("渡\u8fba\U000e0101", ("U+8FBA U+E0101",)),
        ("外\ue000字\ue000", ("U+E000",)),
        ("\U0010fffd", ("U+10FFFD",)),
        ("ＺＨＡＮＧ　ＹＵＬＩ", ()),
    ],
)
def test_what_the_print_font_cannot_draw_is_named_by_code_point(text: str, missing: tuple[str, ...]) -> None:
    assert undrawable(text) == missing
    assert suspect_finder()(text) or not missing


def test_an_undrawable_name_is_found_at_import_and_the_row_lands(register: Register) -> None:
    rows = [resident(1), resident(2, shimei="外\ue000　太郎", jusho_katagaki="\ue001荘"), resident(3)]
    result = register.send(rows, mode="FULL")
    assert (result.landed, result.counts["印字できない文字"]) == (3, 2)
    listed = (
        "SELECT a.addressee_no, u.field, u.code_points, u.state FROM registry_undrawable_name u "
        "JOIN registry_addressee a ON a.id = u.addressee_id ORDER BY 2"
    )
    assert fetch(listed) == [
        (addressee_no(2), "jusho_katagaki", "U+E001", "open"),
        (addressee_no(2), "shimei", "U+E000", "open"),
    ]
    again = register.send([resident(2, shimei="外\ue000　次郎", rirekieda=1)])
    assert again.counts["印字できない文字"] == 0


def test_residents_missing_from_a_full_feed_are_listed_and_never_deleted(register: Register) -> None:
    moved = resident(3, jumin_jotai="2", ido_jiyu="40")
    register.send([resident(1), resident(2), moved], mode="FULL")
    result = register.send([resident(1)], mode="FULL")
    assert result.counts["全件にいない住民"] == 1
    assert fetch(
        "SELECT a.addressee_no, d.state FROM registry_discrepancy d JOIN registry_addressee a ON a.id = d.addressee_id"
    ) == [(addressee_no(2), "open")]
    assert fetch("SELECT count(*) FROM registry_person_version WHERE upper_inf(recorded)") == [(3,)]
    assert register.send([resident(1)], mode="FULL").counts["全件にいない住民"] == 0


def test_a_difference_says_nothing_of_those_it_leaves_out(register: Register) -> None:
    register.send([resident(1), resident(2)], mode="FULL")
    register.send([resident(1, rirekibango=2, ido_jiyu="60")])
    assert fetch("SELECT count(*) FROM registry_discrepancy") == [(0,)]


def test_a_rejected_row_is_closed_with_who_when_and_why(register: Register) -> None:
    register.send([resident(1, ido_nengappi="2024-02-30"), resident(2, shimei="長" * 101)])
    (first, second) = open_rows(limit=10)
    assert (first.line, first.file_name, first.layout) == (3, "resident_DIFF_000001.csv", "resident")
    close_row(first.row_id, state="resolved", by=CLERK, at=AT, why="住民記録担当に連絡し、訂正を受け取った。")
    assert open_rows(limit=10) == [second]
    assert open_rows(limit=10, after=second.row_id) == []
    assert count_open_rows() == 1
    assert fetch("SELECT from_state, to_state, actor_id, at, why FROM platform_rejected_row_transition") == [
        ("open", "resolved", "S0001", AT, "住民記録担当に連絡し、訂正を受け取った。")
    ]
    close_row(first.row_id, state="open", by=CLERK, at=AT, why="誤って片付けた。")
    assert count_open_rows() == 2


def test_a_row_is_not_closed_without_reason_twice_or_from_nowhere(register: Register) -> None:
    register.send([resident(1, ido_nengappi="2024-02-30")])
    row_id = open_rows(limit=1)[0].row_id
    with pytest.raises(Refused, match="理由"):
        close_row(row_id, state="dismissed", by=CLERK, at=AT, why="　")
    with pytest.raises(Refused, match="ありません"):
        close_row(row_id + 1, state="dismissed", by=CLERK, at=AT, why="理由")
    close_row(row_id, state="dismissed", by=CLERK, at=AT, why="試験の行だった。")
    with pytest.raises(Refused, match="いまの状態"):
        close_row(row_id, state="resolved", by=CLERK, at=AT, why="理由")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE platform_rejected_row SET state = 'resolved'",
        "UPDATE registry_undrawable_name SET state = 'resolved'",
        "DELETE FROM platform_rejected_row_transition",
    ],
)
def test_no_state_changes_unrecorded(register: Register, statement: str) -> None:
    register.send([resident(1, ido_nengappi="2024-02-30"), resident(2, shimei="\ue000")])
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

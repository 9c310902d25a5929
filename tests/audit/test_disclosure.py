"""A citizen is told who read their data, when, for what; and which parts the law withholds."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, timedelta

import pytest

from kyufu.audit import disclosure
from kyufu.audit.api import (
    DISCLOSURE_HEADINGS,
    DisclosureRow,
    EventKind,
    Finding,
    Withheld,
    acting,
    close_review,
    disclosure_csv,
    draw_sample,
    note_read,
    reads_of,
    record_disclosure,
    record_event,
    review_queue,
)
from kyufu.platform.access import Channel
from kyufu.platform.clock import current_instant
from tests.audit.conftest import OTHER, access, run

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 20)
HOUR = timedelta(hours=1)


def told(person: int = 1) -> list[DisclosureRow]:
    """What the person is told of the last hour."""
    now = current_instant()
    return reads_of([person], since=now - HOUR, until=now + HOUR, on=ON)


@pytest.fixture
def with_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """A municipality that names its staff."""
    given = disclosure.limits
    monkeypatch.setattr(disclosure, "limits", lambda *, on: replace(given(on=on), withhold_staff_names=False))


def read_of(*subjects: int, **changes: object) -> None:
    """A reading by the clerk."""
    with acting(access(**changes)):
        note_read(subjects, what="住所")


@pytest.mark.requirement("TKY-210")
@pytest.mark.requirement("KWS-183")
def test_every_reading_of_the_person_is_told_and_nobody_elses(with_names: None) -> None:
    read_of(1, 2)
    read_of(2)
    with acting(access(actor=OTHER, channel=Channel.BATCH, purpose="年次の判定")):
        note_read([1], what="所得")
    first, second = told()
    assert (first.office, first.name, first.way, first.purpose, first.items) == (
        "鶴見区保険年金課", "鶴見花子", "画面", "資格の確認", ("住所",),
    )  # fmt: skip
    assert (second.name, second.way, second.purpose) == ("港北次郎", "一括処理", "年次の判定")
    assert first.withheld == ()


def test_names_of_staff_are_withheld_unless_the_municipality_gives_them() -> None:
    read_of(1)
    (row,) = told()
    assert (row.name, row.withheld) == ("", (Withheld.STAFF_NAME,))
    assert row.office == "鶴見区保険年金課"
    assert "第78条第1項第2号" in row.texts()[-1]


def test_what_is_under_review_is_told_without_its_content(with_names: None) -> None:
    read_of(1)
    now = current_instant()
    draw_sample(seed="x", size=1, since=now - HOUR, until=now + HOUR, by=OTHER, at=now)
    (row,) = told()
    assert (row.name, row.purpose, row.items, row.withheld) == ("", "", (), (Withheld.UNDER_REVIEW,))
    review = review_queue(limit=1)[0].review_id
    close_review(review, finding=Finding.JUSTIFIED, why="業務", by=OTHER, at=now)
    assert told()[0].items == ("住所",)


def test_what_left_the_office_is_told_too(with_names: None) -> None:
    with acting(access()):
        record_event(EventKind.DELIVERED, detail={"提供先": "国保"}, subjects=[1])
        record_event(EventKind.RIGHTS_CHANGED, detail={}, subjects=[1])
    assert [row.items for row in told()] == [("他システムへの提供",)]


def test_the_look_up_is_itself_a_reading_of_the_person() -> None:
    with acting(access(actor=OTHER, screen="disclosure")):
        told(5)
    assert run("SELECT actor_id, what, subjects FROM audit_read ORDER BY id DESC LIMIT 1") == [
        ("S002", ["閲覧の記録（開示請求）"], [5])
    ]


def test_the_answer_to_a_request_is_recorded() -> None:
    read_of(1)
    record_disclosure(1, request_no="開示R8-12", rows=told())
    found = run(
        "SELECT subjects, detail->>'受付番号', detail->>'件数', detail->>'不開示を含む件数' FROM audit_event"
    )
    assert found == [([1], "開示R8-12", "1", "1")]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_no_cell_is_read_as_a_formula(with_names: None, start: str) -> None:
    read_of(1, purpose=f"{start}cmd|' /C calc'!A0")
    cells = list(csv.reader(io.StringIO(disclosure_csv(told()))))
    assert tuple(cells[0]) == DISCLOSURE_HEADINGS
    assert cells[1][4].startswith("'")
    assert len(cells) == 2


def test_a_row_has_a_cell_for_every_heading(with_names: None) -> None:
    read_of(1)
    assert len(told()[0].texts()) == len(DISCLOSURE_HEADINGS)


@pytest.mark.parametrize("one", list(Withheld))
def test_what_is_withheld_names_the_article(one: Withheld) -> None:
    assert "個人情報保護法第78条" in one.label


def test_what_was_read_under_a_merged_number_is_told_too(with_names: None) -> None:
    read_of(1)
    read_of(51)
    read_of(2)
    now = current_instant()
    rows = reads_of((1, 51), since=now - HOUR, until=now + HOUR, on=ON)
    assert len([row for row in rows if "住所" in row.items]) == 2

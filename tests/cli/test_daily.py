"""The daily job: everything that is over, in one command, with a mark in the log that it came to its end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from kyufu.attachments import api as attachments
from kyufu.audit.api import EventKind, last_event_at
from kyufu.cli.daily import close_what_is_over
from kyufu.cli.main import main
from kyufu.platform import clock
from kyufu.platform.actors import Actor
from kyufu.staff import api as staff
from kyufu.web import drafts
from tests.cli.test_staff import SETTER, Capture
from tests.staff.town import rows

pytestmark = pytest.mark.django_db
NIGHT = Actor("JOB01", "日次処理", "情報システム課")


@pytest.fixture(autouse=True)
def tables_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test database has its tables, in a schema of another name than the settings'."""
    monkeypatch.setattr("kyufu.platform.schema.ensure_tables", lambda: None)


def marks() -> list[tuple[Any, ...]]:
    """The marks that daily jobs have left, with their counts."""
    return rows("SELECT actor_id, detail::text FROM audit_event WHERE kind = 'daily_done' ORDER BY id")


def test_a_day_on_which_nothing_is_due_leaves_its_mark() -> None:
    before = clock.current_instant()
    assert last_event_at(EventKind.DAILY_DONE) is None
    counts = close_what_is_over(by=NIGHT, at=before)
    assert set(counts.values()) == {0}
    ended = last_event_at(EventKind.DAILY_DONE)
    assert ended is not None
    assert before <= ended <= clock.current_instant()


def test_every_day_leaves_a_mark_of_its_own() -> None:
    for day in range(3):
        close_what_is_over(by=NIGHT, at=clock.current_instant() + timedelta(days=day))
    assert len(marks()) == 3


def test_all_that_can_be_over_is_counted_by_name() -> None:
    counts = close_what_is_over(by=NIGHT, at=clock.current_instant())
    for label in (
        "失効した権限", "廃止したアカウント（退職・契約終了）", "停止したアカウント（長期未使用）", "期限切れの申し出",
        "期限切れのサインインの印", "期限切れの試行回数", "期限切れの下書き", "取り下げた添付書類の削除",
    ):  # fmt: skip
        assert counts[label] == 0, label


def test_withdrawn_files_are_deleted_until_none_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Actor, date]] = []
    blocks: Iterator[int] = iter((100, 100, 7, 0))

    def delete(*, by: Actor, on: date, at: datetime) -> int:
        asked.append((by, on))
        return next(blocks)

    monkeypatch.setattr(attachments, "delete_withdrawn_attachments", delete)
    at = clock.current_instant()
    assert close_what_is_over(by=NIGHT, at=at)["取り下げた添付書類の削除"] == 207
    assert asked == [(NIGHT, at.astimezone(clock.JAPAN).date())] * 4


def test_the_day_is_the_day_in_japan(monkeypatch: pytest.MonkeyPatch) -> None:
    days: list[date] = []

    def delete(*, on: date, **_: object) -> int:
        days.append(on)
        return 0

    monkeypatch.setattr(attachments, "delete_withdrawn_attachments", delete)
    at = datetime(2026, 12, 1, 0, 10, tzinfo=clock.JAPAN)
    close_what_is_over(by=NIGHT, at=at)
    assert days == [date(2026, 12, 1)], (
        "it is run shortly after midnight, when it is still yesterday elsewhere"
    )


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (staff, "lapse_due"), (staff, "lapse_proposals"), (drafts, "delete_expired"),
        (attachments, "delete_withdrawn_attachments"),
    ],
)  # fmt: skip
def test_a_job_that_broke_leaves_no_mark(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    def broken(**_: object) -> int:
        raise OSError("no room")

    monkeypatch.setattr(module, name, broken)
    with pytest.raises(OSError, match="no room"):
        close_what_is_over(by=NIGHT, at=clock.current_instant())
    assert marks() == []


def test_the_command_says_all_counts_and_names_whoever_answers(capsys: Capture) -> None:
    assert main(["staff", "lapse", *SETTER]) == 0
    said = capsys.readouterr().out
    ((actor, detail),) = marks()
    assert actor == SETTER[1]
    assert dict(one.rsplit(" ", 1) for one in said.strip().split("、")) == json.loads(detail)

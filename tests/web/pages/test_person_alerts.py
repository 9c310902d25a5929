"""What is told first of a person: each alert has a word, what is the matter, and what to do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from kyufu.cases import api as cases
from kyufu.law.calendar.period import Period
from kyufu.registry import api as registry
from kyufu.web.pages.person_alerts import Alert, alerts_of
from kyufu.web.pages.person_page import WAITS_FOR, ApplicationLine

TODAY = date(2026, 11, 29)
PERSON = registry.PersonView(
    "000000000000011", "見本　一郎", "ミホン　イチロウ", "", date(2018, 5, 10), "", "1", "", "", "", "141011", "", "10",
    registry.Status.RESIDENT, False,
)  # fmt: skip


def line(
    state: str = "issued", *, stale: str = "", may_open: bool = True, number: int = 1
) -> ApplicationLine:
    """An application in a state."""
    row = cases.ApplicationRow(number, f"2026-{number:07}", "new", "", state, "141011", TODAY, 1, 5)
    told = cases.ApplicationTold(row, "", None, "", None, "", (), in_force=True)
    return ApplicationLine(told, may_open, WAITS_FOR.get(cases.ApplicationState(state), ""), stale, "")


def card(last_day: date, *, state: str = "issued") -> cases.CertificateSeen:
    """A certificate with its last day."""
    valid = Period(date(2020, 1, 1), last_day + timedelta(days=1))
    return cases.CertificateSeen(9, "0000000009", "0000018", 1, "new", valid, "free", TODAY, state)


def contact(due: date | None, *, finished: bool = False) -> registry.ContactSeen:
    """A record with something to come back to."""
    at = datetime(2026, 11, 1, tzinfo=UTC)
    done = registry.FinishedFollowUp("済", "S1", "名", "課", at) if finished else None
    return registry.ContactSeen(
        1, 1, date(2026, 11, 1), registry.ContactWay.PHONE, "母", "再交付", "秘密の内容", due, "", None, None, "S1",
        "名", "課", at, done,
    )  # fmt: skip


def alerts(person: registry.PersonView = PERSON, **changes: Any) -> list[Alert]:
    """The alerts of somebody of whom there is nothing to say but what is given."""
    nothing: dict[str, Any] = {
        "applications": (), "certificates": (), "is_entitled": False, "undrawable": (), "contacts": (),
    }  # fmt: skip
    return alerts_of(person=person, today=TODAY, **{**nothing, **changes})


def with_status(status: registry.Status) -> registry.PersonView:
    """The person in another state of the register."""
    from dataclasses import replace

    return replace(PERSON, status=status)


def test_of_whom_there_is_nothing_to_say_nothing_is_said() -> None:
    assert alerts() == []
    assert (
        alerts(applications=[line()], certificates=[card(date(2027, 7, 31))], contacts=[contact(None)]) == []
    )


@pytest.mark.parametrize(
    ("status", "word"), [(registry.Status.DEAD, "死亡"), (registry.Status.MOVED_OUT, "転出")]
)
def test_who_is_gone_is_said_and_what_is_left_to_do(status: registry.Status, word: str) -> None:
    (quiet,) = alerts(with_status(status))
    assert (quiet.level, quiet.word) == ("info", word)
    for left in ({"is_entitled": True}, {"certificates": [card(date(2027, 7, 31))]}):
        (urgent,) = alerts(with_status(status), **left)
        assert (urgent.level, urgent.word) == ("error", word)
        assert "喪失届" in urgent.todo
        assert "回収" in urgent.todo


def test_a_card_that_is_back_leaves_nothing_to_do() -> None:
    (quiet,) = alerts(with_status(registry.Status.DEAD), certificates=[card(TODAY, state="recovered")])
    assert quiet.level == "info"


def test_a_stale_decision_is_said_instead_of_its_waiting() -> None:
    (one,) = alerts(applications=[line("judged", stale="事実が変わりました。")])
    assert (one.level, one.word, one.application) == ("error", "判定の失効", 1)
    assert "事実が変わりました。" in one.text
    assert "判定し直します" in one.todo


@pytest.mark.parametrize("state", sorted(cases.OPEN_STATES))
def test_every_open_application_says_for_whom_it_waits(state: str) -> None:
    (one,) = alerts(applications=[line(state)])
    assert one.word == "処理中"
    assert WAITS_FOR[cases.ApplicationState(state)] in one.text
    assert "2026-0000001" in one.text


@pytest.mark.parametrize("state", sorted(set(cases.ApplicationState) - cases.OPEN_STATES))
def test_what_is_done_with_waits_for_nobody(state: str) -> None:
    assert alerts(applications=[line(state)]) == []


def test_of_another_wards_application_the_page_is_not_offered() -> None:
    (one,) = alerts(applications=[line("received", may_open=False)])
    assert one.application == 0


@pytest.mark.parametrize(
    ("last_day", "left"),
    [
        (TODAY, "あと0日"),
        (TODAY + timedelta(days=60), "あと60日"),
        (TODAY + timedelta(days=61), ""),
        (TODAY - timedelta(days=1), ""),
    ],
)
def test_a_certificate_that_ends_within_sixty_days_is_said(last_day: date, left: str) -> None:
    found = alerts(certificates=[card(last_day)])
    assert len(found) == bool(left)
    assert all(left in one.text and one.level == "warning" for one in found)
    assert alerts(certificates=[card(last_day, state="voided")]) == []


def test_a_name_that_cannot_be_printed_is_said_with_its_items() -> None:
    (one,) = alerts(undrawable=("jusho_choaza", "shimei"))
    assert one.word == "印字できない文字"
    assert "住所、氏名" in one.text


@pytest.mark.parametrize(
    ("due", "finished", "said"),
    [
        (TODAY, False, True),
        (TODAY - timedelta(days=5), False, True),
        (TODAY + timedelta(days=1), False, False),
        (TODAY, True, False),
    ],
)
def test_what_is_due_is_said_without_the_words(due: date, finished: bool, said: bool) -> None:
    found = alerts(contacts=[contact(due, finished=finished)])
    assert len(found) == said
    assert all("再交付" in one.text and "秘密の内容" not in one.text for one in found)


def test_what_matters_most_comes_first() -> None:
    found = alerts(
        with_status(registry.Status.MOVED_OUT),
        applications=[line("received", number=2), line("issued", stale="変わりました。", number=1)],
        certificates=[card(TODAY)],
        undrawable=("shimei",),
        contacts=[contact(TODAY)],
    )
    words = ["転出", "判定の失効", "処理中", "有効期限", "印字できない文字", "後で行うこと"]
    assert [one.word for one in found] == words
    assert all(one.text and one.todo for one in found)

"""The day is the legal day in Japan: a list begins and ends at midnight there, and no day can be chosen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kyufu.exchange.basic.api import Delivered, Mode, deliver, propose_list
from kyufu.platform.errors import BadInput, Refused
from tests.exchange.basic.parts import MUNICIPALITY, SYSTEM, TODAY, allow, asked, read_delivered, rights
from tests.registry.persons import Register, addressee_no, resident

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("system", "var")]
MIDNIGHT = datetime(2026, 8, 2, 15, 0, tzinfo=UTC)  # when TODAY begins in Japan
MOMENT = timedelta(microseconds=1)


def at(instant: datetime) -> Delivered | None:
    """A full delivery at an instant."""
    return deliver(SYSTEM, mode=Mode.FULL, municipality=MUNICIPALITY, rights=rights(), at=instant)


def test_a_list_begins_at_midnight_in_japan() -> None:
    allow(asked("atenabango"), at=MIDNIGHT - timedelta(days=3))
    with pytest.raises(Refused, match="承認がありません"):
        at(MIDNIGHT - MOMENT)
    made = at(MIDNIGHT)
    assert made is not None
    assert made.on == TODAY


def test_a_list_ends_at_midnight_in_japan() -> None:
    allow(asked("atenabango", end=TODAY + timedelta(days=1)), at=MIDNIGHT)
    assert at(MIDNIGHT + timedelta(days=1) - MOMENT) is not None
    with pytest.raises(Refused, match="承認がありません"):
        at(MIDNIGHT + timedelta(days=1))


def test_a_list_of_today_is_asked_for_until_midnight() -> None:
    late = MIDNIGHT + timedelta(days=1) - MOMENT
    assert propose_list(asked("atenabango"), rights=rights(), at=late) > 0
    with pytest.raises(BadInput, match="過ぎて"):
        propose_list(asked("atenabango"), rights=rights(), at=late + MOMENT)


def test_the_register_is_that_of_the_same_day(register: Register) -> None:
    register.send([resident(1), resident(2, ido_nengappi=TODAY.isoformat())], mode="FULL")
    allow(asked("atenabango", start=TODAY - timedelta(days=1)), at=MIDNIGHT - timedelta(days=2))
    before, after = at(MIDNIGHT - MOMENT), at(MIDNIGHT)
    assert before is not None
    assert after is not None
    assert [row["atenabango"] for row in read_delivered(before.path).rows] == [addressee_no(1)]
    assert len(read_delivered(after.path).rows) == 2


def test_the_header_tells_japanese_time() -> None:
    allow(asked("atenabango"), at=MIDNIGHT)
    made = at(MIDNIGHT + timedelta(hours=9, minutes=5, seconds=7))
    assert made is not None
    assert read_delivered(made.path).header[-1] == "2026-08-03T09:05:07+09:00"

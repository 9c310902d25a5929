"""A person's postings and grants after transfers by chance, compared day by day with a plain reading of the events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kyufu.platform.feeds.intake import receive_feed
from kyufu.staff import api as staff
from kyufu.staff.personnel import APPOINTED, MOVED, ON_LEAVE, PERSONNEL, RETIRED, RETURNED, personnel_feed
from tests.platform.feed_files import MUNICIPALITY, write_feed
from tests.staff.town import BEGUN, TODAY, YEAR_END, Town, at, hire, rows

OFFICES = ("HQ1", "TSU", "KAN", "DOBOKU")
COMES = (APPOINTED, MOVED, RETURNED)
FIRST = TODAY + timedelta(days=1)


@dataclass(frozen=True)
class Event:
    """One row of the feed: kind, day, and the office for those who come somewhere."""

    kind: str
    on: date
    office: str


@dataclass(frozen=True)
class Asked:
    """A grant that was confirmed before the feed came."""

    office: str
    first: date
    last: date


class Undo(Exception):
    """Takes an example's rows away again."""


offsets = st.integers(0, 100).map(lambda number: FIRST + timedelta(days=number))
events_by_chance = st.lists(
    st.builds(
        Event,
        kind=st.sampled_from([MOVED, ON_LEAVE, RETURNED, RETIRED]),
        on=offsets,
        office=st.sampled_from(OFFICES),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda event: event.on,
).map(lambda events: sorted(events, key=lambda event: event.on))
grants_by_chance = st.lists(
    st.builds(
        lambda office, first, length: Asked(office, first, min(first + timedelta(days=length), YEAR_END)),
        st.sampled_from(OFFICES[:3]), offsets, st.integers(0, 80),
    ),
    max_size=3,
)  # fmt: skip


def office_on(events: list[Event], *, day: date) -> str:
    """Where the person works on a day: what the last event until then says; before the first, where they began."""
    office = "TSU"
    for event in events:
        if event.on <= day:
            office = event.office if event.kind in COMES and event.office != "DOBOKU" else ""
    return office


def open_on(asked: Asked, *, events: list[Event], day: date) -> bool:
    """Does a grant open something on a day: in its days, and closed by no event that it was not asked beyond."""
    if not asked.first <= day <= asked.last:
        return False
    for event in events:
        begins_there = asked.first >= event.on and event.kind in COMES and event.office == asked.office
        if event.on <= day and not begins_there and asked.last >= event.on:
            return False
        if asked.first >= event.on and not begins_there:
            return False
    return True


def days_of(events: list[Event], grants: list[Asked]) -> Iterator[date]:
    turning = {event.on for event in events} | {grant.first for grant in grants}
    turning |= {grant.last for grant in grants}
    yield from sorted({day + timedelta(days=near) for day in turning for near in (-1, 0, 1)})


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=events_by_chance, asked=grants_by_chance)
def test_what_is_left_after_the_transfers(
    town: Town, monkeypatch: pytest.MonkeyPatch, events: list[Event], asked: list[Asked]
) -> None:
    monkeypatch.setattr("kyufu.platform.feeds.intake.current_instant", lambda: at(TODAY))
    with pytest.raises(Undo), transaction.atomic():
        person = hire("E001", name="見本　一子")
        for grant in asked:
            town.grant(person, office=grant.office, valid_from=grant.first, last_day=grant.last)
        _send(events)
        leaves = min((event.on for event in events if event.kind == RETIRED), default=None)
        for day in days_of(events, asked):
            rights = staff.rights_of(person, on=day)
            assert rights.office_code == office_on(events, day=day), day
            gone = leaves is not None and day >= leaves
            works = not gone and rights.office_code != "" and _is_used(person, on=day)
            opened = [grant for grant in asked if open_on(grant, events=events, day=day)]
            assert bool(rights.held) is (works and bool(opened)), day
        raise Undo


def _is_used(person: int, *, on: date) -> bool:
    ((last, awake),) = rows("SELECT last_used_on, awake_from FROM staff_account WHERE id = %s", [person])
    return bool(on < max(last, awake) + timedelta(days=staff.sign_in_policy(on).unused_account_days))


def _send(events: list[Event]) -> None:
    listed = [
        {
            "ido_jiyu": event.kind,
            "shokuin_bango": "PE001",
            "koryoku_nengappi": event.on,
            "shozoku_kodo": event.office if event.kind in COMES else "",
        }
        for event in events
    ]
    with TemporaryDirectory() as folder:
        path = write_feed(Path(folder), layout=PERSONNEL, rows=listed)
        result = receive_feed(path, feeds={"personnel": personnel_feed()}, municipality=MUNICIPALITY)
    assert (result.landed, result.rejected) == (len(events), 0)


def test_postings_never_share_a_day(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kyufu.platform.feeds.intake.current_instant", lambda: at(TODAY))
    person = hire("E001", name="見本　一子")
    moves = [Event(MOVED, FIRST + timedelta(days=10 * number), OFFICES[number % 3]) for number in range(6)]
    _send(moves)
    spans = rows(
        "SELECT o.code, lower(p.valid), upper(p.valid) FROM staff_posting p JOIN staff_office o ON o.id = p.office_id "
        "WHERE p.account_id = %s ORDER BY lower(p.valid)",
        [person],
    )
    assert spans[0] == ("TSU", BEGUN, FIRST)
    assert [(code, first) for code, first, _ in spans[1:]] == [(event.office, event.on) for event in moves]
    assert [end for _, _, end in spans] == [*(event.on for event in moves), None]

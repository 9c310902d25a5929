"""What a citizen is told, against a plain walk over everything that was done, whatever was done in whatever order."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kyufu.audit import disclosure
from kyufu.audit.api import DISCLOSURE_HEADINGS, EventKind, disclosure_csv, reads_of
from kyufu.audit.disclosure import DisclosureRow, Withheld
from kyufu.platform.clock import JAPAN
from tests.audit.conftest import run

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 20)
FIRST = datetime(2026, 11, 1, tzinfo=UTC)
PERSONS = st.integers(1, 4)
WAYS = {"screen": "画面", "api": "他システム", "batch": "一括処理", "command": "運用コマンド"}
# By which events somebody's data were seen or left the office, as docs/explanation/audit.md lists them.
SEEN = {
    EventKind.NUMBER_SEARCHED, EventKind.NUMBER_DISPLAYED, EventKind.PROTECTED_DISPLAYED, EventKind.EXPORTED,
    EventKind.PRINTED, EventKind.DELIVERED,
}  # fmt: skip


@dataclass(frozen=True)
class Act:
    """A reading, or an event of a kind, at an hour after FIRST, by a clerk (empty name: a machine)."""

    hour: int
    subjects: tuple[int, ...]
    name: str
    channel: str
    purpose: str
    what: tuple[str, ...] = ()
    kind: EventKind | None = None

    @property
    def at(self) -> datetime:
        """When."""
        return FIRST + timedelta(hours=self.hour)

    def write(self) -> None:
        """Put it into the log as it would stand there."""
        who = (self.at, self.name, self.channel, self.purpose)
        if self.kind:
            run(
                "INSERT INTO audit_event (at, actor_id, actor_name, actor_office, terminal, channel, screen, purpose, "
                "case_no, kind, detail, subjects) VALUES (%s, 'S1', %s, '課', '', %s, '', %s, '', %s, '{}', "
                "%s::bigint[])", *who, str(self.kind), list(self.subjects),
            )  # fmt: skip
            return
        run(
            "INSERT INTO audit_read (at, actor_id, actor_name, actor_office, terminal, channel, screen, purpose, "
            "case_no, what, subjects) VALUES (%s, 'S1', %s, '課', '', %s, '', %s, '', %s::text[], %s::bigint[])",
            *who, list(self.what), list(self.subjects),
        )  # fmt: skip


ACTS = st.builds(
    Act,
    hour=st.integers(0, 200),
    subjects=st.lists(PERSONS, max_size=3, unique=True).map(tuple),
    name=st.sampled_from(["", "鶴見花子", "港北次郎"]),
    channel=st.sampled_from(sorted(WAYS)),
    purpose=st.sampled_from(["資格の確認", "=1+1", "年次の判定", ""]),
    what=st.lists(st.sampled_from(["氏名", "住所", "所得"]), min_size=1, max_size=2).map(tuple),
    kind=st.none() | st.sampled_from(sorted(EventKind)),
)
HISTORY = st.lists(ACTS, max_size=8, unique_by=lambda act: act.hour)


def expected(
    acts: list[Act], *, persons: set[int], hours: tuple[int, int], hide: bool
) -> list[tuple[Any, ...]]:
    """Who is told what, by the words of the requirement: at, name, way, purpose, items, what is withheld."""
    rows = []
    for act in sorted(acts, key=lambda one: one.hour):
        if not persons & set(act.subjects) or not hours[0] <= act.hour < hours[1]:
            continue
        if act.kind is not None and act.kind not in SEEN:
            continue
        withheld = (Withheld.STAFF_NAME,) if hide and act.name else ()
        items = (act.kind.label,) if act.kind else act.what
        rows.append((act.at, "" if withheld else act.name, WAYS[act.channel], act.purpose, items, withheld))
    return rows


def told(*persons: int, hours: tuple[int, int]) -> list[DisclosureRow]:
    """What the program tells of a span of hours."""
    since, until = (FIRST + timedelta(hours=hour) for hour in hours)
    return reads_of(persons, since=since, until=until, on=ON)


class Undo(Exception):
    """Takes an example's records away again."""


@pytest.mark.requirement("TKY-210")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=HISTORY, persons=st.sets(PERSONS, min_size=1, max_size=2), hide=st.booleans(),
    hours=st.tuples(st.integers(0, 200), st.integers(0, 201)).map(lambda two: (min(two), max(two))),
)  # fmt: skip
def test_a_citizen_is_told_everything_of_theirs_in_order_and_nothing_else(
    *, acts: list[Act], persons: set[int], hours: tuple[int, int], hide: bool
) -> None:
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Undo), transaction.atomic():
        rule = replace(disclosure.limits(on=ON), withhold_staff_names=hide)
        patch.setattr(disclosure, "limits", lambda **_: rule)
        for act in acts:
            act.write()
        rows = told(*persons, hours=hours)
        found = [(row.at, row.name, row.way, row.purpose, row.items, row.withheld) for row in rows]
        assert found == expected(acts, persons=persons, hours=hours, hide=hide)
        lines = list(csv.reader(io.StringIO(disclosure_csv(rows))))
        assert tuple(lines[0]) == DISCLOSURE_HEADINGS
        assert [line[0] for line in lines[1:]] == [
            f"{row.at.astimezone(JAPAN):%Y-%m-%d %H:%M}" for row in rows
        ]
        assert not [cell for line in lines[1:] for cell in line if cell.startswith(("=", "+", "-", "@"))]
        raise Undo


def test_every_way_to_read_has_a_japanese_name() -> None:
    assert {way: disclosure.CHANNELS[way] for way in WAYS} == WAYS
    assert not [name for name in disclosure.CHANNELS.values() if name.isascii()]


@pytest.mark.parametrize(("hour", "is_told"), [(9, False), (10, True), (19, True), (20, False)])
def test_the_period_holds_its_first_instant_and_not_its_last(hour: int, is_told: bool) -> None:
    Act(hour, (1,), "鶴見花子", "screen", "資格の確認", ("氏名",)).write()
    assert bool(told(1, hours=(10, 20))) is is_told


@pytest.mark.parametrize("kind", sorted(EventKind))
def test_each_kind_of_event_is_told_or_not_as_listed(kind: EventKind) -> None:
    Act(5, (1,), "鶴見花子", "screen", "", kind=kind).write()
    assert [row.items for row in told(1, hours=(0, 10))] == ([(kind.label,)] if kind in SEEN else [])

"""Corrections keep what was known before; changes mark decisions stale; the order of telling does not matter."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kyufu.platform.changes import changed_since, current_cluster, current_snapshot
from kyufu.platform.clock import current_instant
from kyufu.registry.api import addressee_ids, people, person_facts
from tests.registry.persons import Register, addressee_no, current_versions, fetch, resident

ON = date(2026, 8, 1)
ANOTHER_VERSION = (
    "INSERT INTO registry_person_version (addressee_id, event_id, valid, recorded) SELECT addressee_id, event_id, "
    "daterange(%s, %s), tstzrange(now(), NULL) FROM registry_person_version"
)
CLOSE = "UPDATE registry_person_version SET recorded = tstzrange(lower(recorded), lower(recorded) + interval '1 s')"
COUNTS = "SELECT count(*) FILTER (WHERE upper_inf(recorded)), count(*) FROM registry_person_version"


def id_of(number: int) -> int:
    return addressee_ids([addressee_no(number)])[addressee_no(number)]


def test_a_correction_holds_now_and_what_was_known_before_is_kept(register: Register) -> None:
    register.send([resident(1)])
    before = current_instant()
    register.send([resident(1, rirekieda=1, seinengappi="1991-01-15", ido_nengappi="2019-04-01")])
    one = id_of(1)
    assert people([one], valid_on=ON, today=ON)[one].birth_date == date(1991, 1, 15)
    assert people([one], valid_on=ON, today=ON, known_at=before)[one].birth_date == date(1990, 1, 15)
    assert person_facts([one], known_at=before)[one].residences[0].period.start == date(2020, 4, 1)
    assert person_facts([one])[one].residences[0].period.start == date(2019, 4, 1)
    assert fetch(COUNTS) == [(1, 2)]


def test_an_older_revision_that_comes_late_is_kept_and_changes_nothing(register: Register) -> None:
    register.send([resident(1, rirekieda=2, shimei="正しい　名")])
    before = current_versions()
    result = register.send([resident(1, rirekieda=1, shimei="古い　名")])
    assert (result.landed, result.counts["変わった住民"]) == (1, 0)
    assert current_versions() == before
    assert fetch("SELECT count(*) FROM registry_person_event") == [(2,)]


def test_versions_that_stay_true_are_left_alone(register: Register) -> None:
    register.send([resident(1), resident(1, rirekibango=2, ido_nengappi="2022-01-01", ido_jiyu="30")])
    (first, _) = fetch("SELECT id, recorded FROM registry_person_version ORDER BY id")
    register.send([resident(1, rirekibango=3, ido_nengappi="2024-01-01", ido_jiyu="30")])
    assert fetch("SELECT id, recorded FROM registry_person_version ORDER BY id")[0] == first
    assert fetch(COUNTS) == [(3, 4)]


def test_record_times_rise_even_when_two_files_come_at_one_instant(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = datetime.fromisoformat("2026-08-01T00:00Z")
    monkeypatch.setattr("kyufu.platform.feeds.intake.current_instant", lambda: one)
    register.send([resident(1)])
    register.send([resident(1, rirekieda=1, shimei="正しい　名")])
    (old, new) = fetch("SELECT recorded FROM registry_person_version ORDER BY id")
    assert old[0].upper == new[0].lower
    assert old[0].lower < old[0].upper


def test_a_changed_person_is_noted_once_for_every_decision_made_before(register: Register) -> None:
    register.send([resident(1), resident(2)])
    snapshot, gathered = current_snapshot(), current_instant()
    ids = [id_of(1), id_of(2)]
    assert (
        changed_since(addressee_ids=ids, snapshot=snapshot, cluster=current_cluster(), gathered_at=gathered)
        == {}
    )
    register.send([resident(2, rirekibango=2, ido_jiyu="30", ido_nengappi="2026-07-01"), resident(3)])
    assert changed_since(
        addressee_ids=ids, snapshot=snapshot, cluster=current_cluster(), gathered_at=gathered
    ) == {id_of(2): ("resident",)}
    assert fetch("SELECT source FROM platform_change") == [("registry",)]


@pytest.mark.parametrize(
    "period",
    [
        ("2026-01-01", None),
        ("2020-04-01", "2020-04-02"),
        ("2000-01-01", "2020-04-02"),
        ("2020-03-01", "2021-03-01"),
        ("2000-01-01", "2020-03-31"),
        ("2019-01-01", "2019-01-01"),
        (None, "2020-04-01"),
    ],
)
def test_the_database_refuses_versions_that_overlap_or_leave_a_gap(
    register: Register, period: tuple[str | None, str | None]
) -> None:
    register.send([resident(1)])
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ANOTHER_VERSION, period)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_takes_a_version_that_leads_up_to_the_next(register: Register) -> None:
    register.send([resident(1)])
    with connection.cursor() as cursor:
        cursor.execute(ANOTHER_VERSION, ("2020-03-31", "2020-04-01"))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert fetch(COUNTS) == [(2, 2)]


class _Undo(Exception):
    """Ends a trial import, so that nothing of it stays."""


PERIODS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(1, 7)).filter(lambda bounds: bounds[0] < bounds[1]),
    min_size=1, max_size=4, unique=True,
)  # fmt: skip


@pytest.mark.django_db
@given(periods=PERIODS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_the_database_takes_is_one_chain(periods: list[tuple[int, int]]) -> None:
    """Seven days, the seventh standing for an open end: taken is exactly what has no overlap, no gap, an open end."""
    ordered = sorted(periods)
    is_chain = ordered[-1][1] == 7 and all(a[1] == b[0] for a, b in pairwise(ordered))
    with TemporaryDirectory() as folder:
        try:
            with transaction.atomic():
                Register(Path(folder)).send([resident(1)])
                with connection.cursor() as cursor:
                    cursor.execute(CLOSE)
                    for start, end in periods:
                        days = f"2000-01-0{start + 1}", None if end == 7 else f"2000-01-0{end + 1}"
                        cursor.execute(f"{ANOTHER_VERSION} WHERE NOT upper_inf(recorded)", days)
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                raise _Undo
        except _Undo:
            taken = True
        except IntegrityError:
            taken = False
    assert taken is is_chain


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE registry_person_event SET name = 'x'",
        "DELETE FROM registry_person_event",
        "DELETE FROM registry_person_version",
        "UPDATE registry_person_version SET valid = 'empty'",
        "UPDATE registry_person_version SET recorded = tstzrange('2001-01-01', now())",
        "UPDATE platform_change SET what = ''",
        "DELETE FROM registry_addressee",
        "UPDATE registry_addressee SET id = id + 1000",
    ],
)
def test_history_stands_as_written(register: Register, statement: str) -> None:
    register.send([resident(1)])
    register.send([resident(1, rirekieda=1, shimei="正しい　名")])
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert getattr(refused.value.__cause__, "sqlstate", None) == "KY403"


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO registry_person_version (addressee_id, event_id, valid, recorded) "
        "SELECT addressee_id, event_id + 1, '[1990-01-01,1990-02-01)', recorded FROM registry_person_version",
        "INSERT INTO registry_person_version (addressee_id, event_id, valid, recorded) "
        "SELECT addressee_id + 1, event_id, valid, recorded FROM registry_person_version",
    ],
)
def test_a_version_without_its_event_is_refused(register: Register, statement: str) -> None:
    register.send([resident(1)])
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_event_without_its_addressee_is_refused(register: Register) -> None:
    register.send([resident(1)])
    columns = [row[0] for row in fetch(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'registry_person_event' "
        "AND table_schema = current_schema() AND column_name NOT IN ('id', 'addressee_id') ORDER BY 1"
    )]  # fmt: skip
    listed = ", ".join(columns)
    table = "registry_person_event"
    copied = f"INSERT INTO {table} (addressee_id, {listed}) SELECT %s, {listed} FROM {table}"
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(copied, [10**9])


EVENTS = st.lists(
    st.builds(
        lambda person, history, revision, day, cancelled, status: resident(
            person, rirekibango=history, rirekieda=revision, torikeshi=int(cancelled), jumin_jotai=status,
            ido_nengappi=f"202{day}-0{1 + day % 9}-01", shimei=f"見本　{history}の{revision}の{day}",
        ),
        st.integers(1, 3), st.integers(1, 4), st.integers(0, 2), st.integers(0, 5), st.booleans(),
        st.sampled_from("123"),
    ),
    min_size=1, max_size=12,
    unique_by=lambda row: (row["atenabango"], row["rirekibango"], row["rirekieda"]),
)  # fmt: skip


def versions_after(files: list[list[dict[str, object]]]) -> list[tuple[object, ...]]:
    """Send the files to an empty registry, give the versions that result, and undo it all."""
    found: list[tuple[object, ...]] = []
    with TemporaryDirectory() as folder:
        register = Register(Path(folder))
        try:
            with transaction.atomic():
                for rows in files:
                    register.send(rows)
                found = current_versions()
                raise _Undo
        except _Undo:
            return found


@pytest.mark.django_db
@given(events=EVENTS, data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_and_any_split_into_files_gives_the_same_versions(
    events: list[dict[str, object]], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(events))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(events)), max_size=3)))
    files = [shuffled[a:b] for a, b in zip([0, *cuts], [*cuts, len(events)], strict=True)]
    assert versions_after(files) == versions_after([events])

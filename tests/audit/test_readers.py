"""Who read a person within a period, how many times; and the search for all numbers of one person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kyufu.audit.api import LogQuery, Reader, Stream, acting, note_read, readers_of, search_log
from kyufu.platform.actors import Actor
from kyufu.platform.clock import current_instant
from tests.audit.conftest import CLERK, OTHER, access, run

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def look(*subjects: int, by: Actor = CLERK, screens: int = 1) -> None:
    """Somebody looks at persons, item by item, some times."""
    for _ in range(screens):
        with acting(access(actor=by)):
            note_read(subjects, what="氏名")
            note_read(subjects[:1], what="所得")


def readers(*ids: int, limit: int = 10) -> list[Reader]:
    """Who read the person of these numbers around now."""
    now = current_instant()
    return readers_of(ids, since=now - HOUR, until=now + HOUR, limit=limit)


def test_readers_are_counted_by_times_not_by_records() -> None:
    look(701, 702, screens=2)
    look(701, by=OTHER, screens=3)
    found = readers(701)
    assert [(one.staff_no, one.name, one.office, one.times) for one in found] == [
        (OTHER.staff_id, OTHER.name, OTHER.office, 3),
        (CLERK.staff_id, CLERK.name, CLERK.office, 1 + 1),
    ]


def test_requests_of_one_reference_are_one_time() -> None:
    here = access()
    for _ in range(3):
        with acting(here):
            note_read([703], what="氏名")
    assert [one.times for one in readers(703)] == [1]


def test_all_numbers_of_the_person_count_and_others_do_not() -> None:
    look(704)
    look(705)
    look(706)
    assert [one.times for one in readers(704, 705)] == [2]
    assert readers(707) == []


def test_the_period_is_kept_to_and_no_more_are_given_than_asked_for() -> None:
    look(708)
    look(708, by=OTHER)
    now = current_instant()
    assert readers_of([708], since=now + HOUR, until=now + 2 * HOUR, limit=9) == []
    assert readers_of([708], since=now - 2 * HOUR, until=now - HOUR, limit=9) == []
    assert len(readers(708, limit=1)) == 1


def test_first_and_last_are_told_and_the_latest_name() -> None:
    look(709, by=CLERK)
    look(709, by=CLERK._replace(name="鶴見（旧姓）花子", office="港北区保険年金課"))
    (one,) = readers(709)
    assert one.first_at < one.last_at
    assert (one.name, one.office) == ("鶴見（旧姓）花子", "港北区保険年金課")


def test_asking_is_itself_on_record() -> None:
    with acting(access(actor=OTHER)):
        readers(710)
    rows = run("SELECT what, subjects FROM audit_read WHERE actor_id = %s AND subjects @> ARRAY[710::bigint]",
               OTHER.staff_id)  # fmt: skip
    assert (["閲覧・更新の記録"], [710]) in rows


@pytest.mark.parametrize(
    ("also", "expected"), [((), {711}), ((712,), {711, 712}), ((712, 713), {711, 712, 713})]
)
def test_a_search_of_the_log_takes_all_numbers_of_a_person(also: tuple[int, ...], expected: set[int]) -> None:
    for one in (711, 712, 713, 714):
        look(one)
    now = current_instant()
    query = LogQuery(now - HOUR, now + HOUR, addressee_id=711, also=also)
    assert query.subjects == (711, *also)
    found = search_log(Stream.READS, query=query, limit=50)
    assert {one for record in found for one in record.subjects if one in range(711, 715)} == expected


def test_what_one_request_did_has_one_reference() -> None:
    look(715, 716)
    now = current_instant()
    found = search_log(Stream.READS, query=LogQuery(now - HOUR, now + HOUR, addressee_id=715), limit=9)
    assert len(found) == 2
    assert len({one.reference for one in found}) == 1
    assert "" not in {one.reference for one in found}
    assert LogQuery(now, now).subjects == ()

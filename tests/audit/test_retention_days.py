"""On which day a month of the log may go: each stream and month, the day itself and the day before, reckoned anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyufu.audit.parameters import retention
from kyufu.audit.partitions import MONTHS_AHEAD, Partition, ensure_partitions, list_partitions, next_month
from kyufu.audit.retention import expired_partitions
from kyufu.audit.tables_sql import STREAMS
from tests.audit.conftest import run

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
STARTS = (date(2018, 11, 1), date(2020, 1, 1), date(2020, 12, 15))
YEARS = {"audit_read": 5, "audit_write": 5, "audit_event": 7}


@pytest.fixture(params=STARTS)
def month(request: pytest.FixtureRequest) -> Iterator[date]:
    """A month of the past with its partitions and those that follow it."""
    ensure_partitions(on=request.param, using="default")
    yield request.param.replace(day=1)


def may_go(on: date) -> set[str]:
    """The names of the partitions that may be deleted on a day."""
    return {one.partition.name for one in expired_partitions(on=on)}


def last_day_of(month: date) -> date:
    """The last day of a month, by walking to it."""
    day = month
    while (day + DAY).month == month.month:
        day += DAY
    return day


def years_after(day: date, *, years: int) -> date:
    """The same day so many years later; 28 February for a 29th that is not there."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


@pytest.mark.requirement("YOK-186")
@pytest.mark.parametrize("stream", STREAMS)
def test_a_month_goes_when_its_youngest_record_is_past_its_time_and_not_before(
    month: date, stream: str
) -> None:
    name = Partition(stream, month).name
    years = YEARS[stream]
    assert retention(on=date(2026, 1, 1))[stream].years == years
    kept_last = years_after(last_day_of(month), years=years)
    first_free = kept_last + DAY
    while first_free.day != 1:
        first_free += DAY
    assert name not in may_go(first_free - DAY)
    assert name not in may_go(kept_last)
    assert name in may_go(first_free)
    assert name in may_go(first_free + 400 * DAY)


def test_candidates_come_by_month_with_the_day_since_when(month: date) -> None:
    found = expired_partitions(on=date(2035, 1, 1))
    months = [one.partition.month for one in found]
    assert months == sorted(months)
    for one in found:
        assert one.since == one.partition.end.replace(
            year=one.partition.end.year + YEARS[one.partition.stream]
        )
        assert one.records == run(f"SELECT count(*) FROM {one.partition.name}")[0][0]


def test_partitions_are_made_for_the_month_and_those_ahead(month: date) -> None:
    wanted = [month]
    for _ in range(MONTHS_AHEAD):
        wanted.append(next_month(wanted[-1]))
    for stream in STREAMS:
        present = [one.month for one in list_partitions(using="default") if one.stream == stream]
        assert set(wanted) <= set(present)
        assert present == sorted(present)
        assert len(present) == len(set(present))


def test_partitions_meet_without_overlap_and_gap(month: date) -> None:
    """Every instant around the turn of a month has exactly one partition."""
    insert = (
        "INSERT INTO audit_event (at, actor_id, actor_name, actor_office, terminal, channel, screen, purpose, "
        "case_no, kind, detail, subjects) VALUES (%s::timestamptz, '', '', '', '', '', '', '', '', 'x', '{}', '{}') "
        "RETURNING tableoid::regclass::text"
    )
    turn = next_month(month)
    before, after = Partition("audit_event", month).name, Partition("audit_event", turn).name
    assert run(insert, f"{month} 00:00:00+09")[0][0] == before
    assert run(insert, f"{turn - DAY} 23:59:59.999999+09")[0][0] == before
    assert run(insert, f"{turn} 00:00:00+09")[0][0] == after
    assert run(insert, f"{month - DAY} 23:59:59.999999+09")[0][0] == "audit_event_default"


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_the_next_month_is_the_one_of_the_day_after_the_last(day: date) -> None:
    first = day.replace(day=1)
    assert next_month(first) == last_day_of(first) + DAY
    partition = Partition("audit_read", first)
    assert partition.name == f"audit_read_{first.year:04}_{first.month:02}"
    assert (partition.end - first).days in (28, 29, 30, 31)

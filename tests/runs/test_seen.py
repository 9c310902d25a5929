"""What a run says of itself: how far it is, how long the rest takes, whether more is to come. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyufu.platform.errors import BadInput
from kyufu.runs.api import RunContext, RunSeen, RunState
from kyufu.runs.states import OPEN_STATES, PAIRS, RESUMABLE, RUNS
from kyufu.web.pages.runs import in_words
from tests.cases.world import APPROVER

NOW = datetime(2026, 11, 29, 3, 0, tzinfo=UTC)
STATES = st.sampled_from(RunState)


def run(
    state: RunState,
    *,
    done: int = 0,
    total: int = 0,
    began: timedelta | None = timedelta(0),
    lost: bool = False,
) -> RunSeen:
    """A run in a state that began so long ago."""
    return RunSeen(
        run_id=1, kind="trial", arguments={}, asked_by="S1", asked_by_name="本庁 花子", asked_by_office="本庁",
        asked_at=NOW, state=state, attempt=1, began_at=None if began is None else NOW - began, ended_at=None,
        cancel_asked_at=None, done=done, total=total, outcome={}, message="", remedy="", is_lost=lost,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("done", "total", "percent"),
    [(0, 0, 0), (0, 10, 0), (1, 3, 33), (2, 3, 66), (999, 1_000, 99), (1_000, 1_000, 100), (1, 4_000_000, 0)],
)
def test_a_hundred_is_all_and_nothing_less(done: int, total: int, percent: int) -> None:
    assert run(RunState.RUNNING, done=done, total=total).percent == percent


@given(total=st.integers(1, 10**7), data=st.data())
def test_progress_in_hundredths_follows_what_is_done(total: int, data: st.DataObject) -> None:
    done = data.draw(st.integers(0, total))
    more = data.draw(st.integers(done, total))
    first, later = (run(RunState.RUNNING, done=one, total=total).percent for one in (done, more))
    assert 0 <= first <= later <= 100
    assert (first == 100) is (done == total)


@given(
    state=STATES, done=st.integers(0, 50), began=st.none() | st.timedeltas(timedelta(0), timedelta(days=2))
)
def test_the_time_left_is_told_of_what_runs_and_has_begun_to_move(
    state: RunState, done: int, began: timedelta | None
) -> None:
    left = run(state, done=done, total=50, began=began).time_left(at=NOW)
    assert (left is None) is (state is not RunState.RUNNING or began is None or done == 0)
    if left is not None and began is not None:
        assert left >= timedelta(0)
        assert (left == timedelta(0)) is (done == 50 or began == timedelta(0)) or left < timedelta(
            milliseconds=1
        )


def test_the_rest_takes_as_long_as_what_is_done_took() -> None:
    assert run(RunState.RUNNING, done=25, total=100, began=timedelta(minutes=5)).time_left(
        at=NOW
    ) == timedelta(minutes=15)


@given(state=STATES, lost=st.booleans())
def test_a_run_is_open_or_may_be_resumed_or_is_done(state: RunState, lost: bool) -> None:
    seen = run(state, lost=lost and state is RunState.RUNNING)
    assert [seen.is_open, seen.is_resumable, seen.state is RunState.DONE].count(True) == 1


def test_what_can_be_resumed_is_what_may_wait_again() -> None:
    assert {state for state, after in PAIRS.items() if RunState.WAITING in after} == RESUMABLE
    assert set(RunState) - RESUMABLE - {RunState.DONE} == OPEN_STATES
    assert RUNS.start == {"waiting"}


@given(source=STATES, target=STATES)
def test_the_machine_allows_what_the_table_says(source: RunState, target: RunState) -> None:
    assert RUNS.allows(from_state=str(source), to_state=str(target)) is (target in PAIRS[source])
    assert not RUNS.allows(from_state=str(source), to_state=str(source)), "no state follows upon itself"


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (None, ""), (timedelta(0), "1分以内"), (timedelta(seconds=59), "1分以内"), (timedelta(seconds=60), "約1分"),
        (timedelta(minutes=1, seconds=31), "約2分"), (timedelta(minutes=59), "約59分"),
        (timedelta(hours=1), "約1時間0分"),
        (timedelta(hours=2, minutes=5, seconds=59), "約2時間5分"), (timedelta(days=1, hours=1), "約25時間0分"),
    ],
)  # fmt: skip
def test_a_time_is_said_as_a_person_says_it(left: timedelta | None, words: str) -> None:
    assert in_words(left) == words


@given(st.timedeltas(timedelta(0), timedelta(days=3)))
def test_whatever_the_time_something_is_said(left: timedelta) -> None:
    said = in_words(left)
    assert said
    assert "-" not in said


@pytest.mark.parametrize(
    "given_day", [{}, {"on": ""}, {"on": "2026-13-01"}, {"on": "8月1日"}, {"until": "2026-08-01"}]
)
def test_a_day_that_was_not_told_is_never_made_up(given_day: dict[str, str]) -> None:
    context = RunContext(given_day, APPROVER, NOW, NOW.date(), lambda *_: None, lambda _: None)
    with pytest.raises(BadInput) as refused:
        context.day("on")
    assert refused.value.remedy
    assert context.arguments == given_day

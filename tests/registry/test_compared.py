"""What the register tells otherwise than at a moment: pure comparison of histories, and no place in the answer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kyufu.registry.compared import FactChange, History, RegisterCompared, Told, compare

FIRST = Told(1, date(2020, 4, 1), "見本　一郎", "1", "H1", "141011|鶴見|1")
FATHER = FIRST._replace(name="見本　太郎")
MAY = date(2026, 5, 1)
SAME = History(FIRST, (FIRST,))
HIS_SAME = History(FATHER, (FATHER,))
CHANGED = FactChange("2", MAY)


def later(of: Told, **items: Any) -> Told:
    """What was told of a person next."""
    return of._replace(**({"history_no": of.history_no + 1, "since": MAY} | items))


def since(then: Told, *after: Told) -> History:
    """A history of which the first version was known at the moment."""
    return History(then, (then, *after))


def test_the_same_is_no_change() -> None:
    assert compare(SAME, guardian=HIS_SAME) == RegisterCompared()


def test_of_whom_nothing_was_known_nothing_changed() -> None:
    unknown = History(None, (FIRST,))
    assert compare(unknown, guardian=unknown) == RegisterCompared()
    assert compare(History(FIRST, ()), guardian=History(FATHER, ())) == RegisterCompared()


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ({"name": "改名　一郎"}, RegisterCompared(child_renamed=CHANGED)),
        ({"place": "141020|神奈川|2"}, RegisterCompared(child_moved=CHANGED)),
        ({"household": "H2"}, RegisterCompared(apart=FactChange("2-1", MAY))),
        ({"status": "2", "place": "", "household": ""}, RegisterCompared()),
        ({"status": "3"}, RegisterCompared()),
    ],
    ids=["renamed", "moved", "apart", "out of the city", "dead"],
)
def test_of_a_child(items: dict[str, Any], expected: RegisterCompared) -> None:
    assert compare(since(FIRST, later(FIRST, **items)), guardian=HIS_SAME) == expected


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ({"name": "改名　太郎"}, RegisterCompared(guardian_renamed=CHANGED)),
        ({"place": "141020|神奈川|2"}, RegisterCompared()),
        ({"household": "H2"}, RegisterCompared(apart=FactChange("1-2", MAY))),
        ({"status": "2", "household": ""}, RegisterCompared(guardian_gone=CHANGED)),
        ({"status": "3"}, RegisterCompared(guardian_gone=CHANGED)),
    ],
    ids=["renamed", "moved", "apart", "out of the city", "dead"],
)
def test_of_a_guardian(items: dict[str, Any], expected: RegisterCompared) -> None:
    assert compare(SAME, guardian=since(FATHER, later(FATHER, **items))) == expected


def test_who_moves_together_stays_together() -> None:
    child = since(FIRST, later(FIRST, household="H2", place="x"))
    guardian = since(FATHER, later(FATHER, household="H2", place="x"))
    assert compare(child, guardian=guardian) == RegisterCompared(child_moved=CHANGED)


def test_who_was_apart_at_the_moment_did_not_part() -> None:
    his = FATHER._replace(household="H9")
    assert compare(SAME, guardian=since(his, later(his, household="H8"))) == RegisterCompared()
    nowhere = FIRST._replace(household="")
    both = compare(
        since(nowhere, later(nowhere, household="H2")),
        guardian=since(nowhere, later(nowhere, household="H3")),
    )
    assert both.apart is None


def test_the_mark_and_the_day_are_those_of_the_change_and_not_of_what_came_after() -> None:
    moved = later(FIRST, place="x")
    renamed = later(moved, name="改名　一郎", since=date(2026, 6, 1))
    found = compare(since(FIRST, moved, renamed), guardian=HIS_SAME)
    assert found.child_moved == CHANGED
    assert found.child_renamed == FactChange("3", date(2026, 6, 1))


def test_who_came_back_did_not_move() -> None:
    away = later(FIRST, place="x")
    assert (
        compare(since(FIRST, away, later(away, place=FIRST.place)), guardian=HIS_SAME) == RegisterCompared()
    )


def test_a_move_out_that_was_told_before_is_none_since() -> None:
    gone = FATHER._replace(status="2")
    assert compare(SAME, guardian=since(gone, later(gone, status="3"))).guardian_gone is None


def test_the_first_day_out_counts_where_death_follows() -> None:
    gone = later(FATHER, status="2")
    dead = later(gone, status="3", since=date(2026, 9, 1))
    assert compare(SAME, guardian=since(FATHER, gone, dead)).guardian_gone == CHANGED

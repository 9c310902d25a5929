"""The registry's worklists through its door: listed, noted, counted, and closed by somebody with a reason."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kyufu.audit.reading import READING
from kyufu.platform.actors import Actor
from kyufu.platform.errors import BadInput, Refused
from kyufu.registry import api as registry
from kyufu.registry.api import PointKind
from tests.registry.conftest import Register
from tests.registry.persons import addressee_no, fetch, resident

pytestmark = pytest.mark.django_db
BY = Actor("S0001", "確認　花子", "こども医療課")
AT = datetime(2026, 7, 21, 1, 0, tzinfo=UTC)


def undrawn(register: Register) -> None:
    register.send([resident(1), resident(2, shimei="外\ue000　太郎", jusho_katagaki="\ue001荘")], mode="FULL")


def settle(
    worklist: PointKind, point_id: int, *, resolved: bool = True, reason: str = "書体を追加した"
) -> None:
    registry.settle_point(worklist, point_id=point_id, resolved=resolved, by=BY, at=AT, reason=reason)


def noted() -> set[int]:
    reading = READING.get()
    assert reading is not None
    return {person for _, subjects in reading.take_records() for person in subjects}


def test_what_cannot_be_drawn_is_listed_with_the_name_of_the_item(register: Register) -> None:
    undrawn(register)
    noted()
    found = registry.undrawable_names(limit=10, after=0)
    assert {(one.item, one.code_points) for one in found} == {
        ("氏名", "U+E000"),
        ("住所・方書", "U+E001"),
    } or {one.code_points for one in found} == {"U+E000", "U+E001"}
    assert {one.addressee_no for one in found} == {addressee_no(2)}
    assert noted() == {one.addressee_id for one in found}
    assert not [one.item for one in found if one.item.isascii()]


def test_a_list_goes_on_after_a_point(register: Register) -> None:
    undrawn(register)
    first, second = registry.undrawable_names(limit=10, after=0)
    assert registry.undrawable_names(limit=1, after=0) == (first,)
    assert registry.undrawable_names(limit=1, after=first.point_id) == (second,)


def test_a_resident_missing_from_a_full_feed_is_listed_with_the_file(register: Register) -> None:
    register.send([resident(1), resident(2)], mode="FULL")
    register.send([resident(1)], mode="FULL")
    noted()
    (found,) = registry.discrepancies(limit=10, after=0)
    assert found.addressee_no == addressee_no(2)
    assert found.file_name.startswith("resident_FULL")
    assert found.received_at is not None
    assert noted() == {found.addressee_id}
    assert registry.person_of_point(PointKind.DISCREPANCY, point_id=found.point_id) == found.addressee_id
    assert registry.discrepancies(limit=10, after=found.point_id) == ()


@pytest.mark.parametrize(("resolved", "state"), [(True, "resolved"), (False, "dismissed")])
def test_a_point_is_closed_with_who_when_and_why(register: Register, resolved: bool, state: str) -> None:
    undrawn(register)
    point = registry.undrawable_names(limit=1, after=0)[0]
    assert registry.count_points(PointKind.UNDRAWABLE) == 2
    settle(PointKind.UNDRAWABLE, point.point_id, resolved=resolved)
    assert registry.count_points(PointKind.UNDRAWABLE) == 1
    assert point not in registry.undrawable_names(limit=10, after=0)
    assert fetch(
        "SELECT from_state, to_state, actor_id, actor_office, at, why FROM registry_undrawable_name_transition"
    ) == [("open", state, BY.staff_id, BY.office, AT, "書体を追加した")]


def test_a_point_is_not_closed_twice_without_reason_or_from_nowhere(register: Register) -> None:
    undrawn(register)
    point = registry.undrawable_names(limit=1, after=0)[0].point_id
    for reason in ("", " ", "　"):
        with pytest.raises(Refused, match="理由"):
            settle(PointKind.UNDRAWABLE, point, reason=reason)
    settle(PointKind.UNDRAWABLE, point)
    with pytest.raises(Refused):
        settle(PointKind.UNDRAWABLE, point, resolved=False)
    with pytest.raises(BadInput):
        settle(PointKind.DISCREPANCY, point)
    with pytest.raises(BadInput):
        registry.person_of_point(PointKind.DISCREPANCY, point_id=point)
    assert fetch("SELECT count(*) FROM registry_undrawable_name_transition") == [(1,)]


def test_the_two_worklists_are_counted_apart(register: Register) -> None:
    assert [registry.count_points(one) for one in PointKind] == [0, 0]
    undrawn(register)
    register.send([resident(1)], mode="FULL")
    assert [registry.count_points(one) for one in PointKind] == [2, 1]

"""Which wards a right reaches: bounded by function, level and scheme; those of no ward belong to no single one."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kyufu.registry.api import PersonView, Status
from kyufu.staff.api import (
    AccountKind,
    Forbidden,
    Function,
    HeldRight,
    Level,
    OfficeKind,
    OfficeSeen,
    Rights,
    Scheme,
)
from kyufu.web.pages import scope as pages_scope
from kyufu.web.pages.scope import Scope, scope_of
from kyufu.web.screens import StaffRequest

# The wards of the city that is served: of whichever city, for nothing but its offices says which they are.
HERE, THERE = "011011", "011029"
NOWHERE = ["", "141305", "131016", "141011"]


def person(ward: str, *, protected: bool = False) -> PersonView:
    """A person registered in a ward."""
    return PersonView(
        "1", "見本", "ミホン", "", None, "", "1", "", "", "", ward, "", "", Status.RESIDENT, protected
    )


def scope(*wards: str, is_head: bool = False) -> Scope:
    """A right that reaches the wards, in a city of two."""
    return Scope(frozenset(wards), ours=frozenset({HERE, THERE}), is_head=is_head)


@pytest.fixture(autouse=True)
def offices(monkeypatch: pytest.MonkeyPatch) -> None:
    """A head office with two wards, and a contractor, which belongs to no ward either."""
    first = date(2020, 4, 1)
    found = [
        OfficeSeen("C", "受託", OfficeKind.CONTRACTOR, "", "", first, None),
        OfficeSeen("H", "本庁", OfficeKind.HEAD, "", "", first, None),
        OfficeSeen("W", "区", OfficeKind.WARD, "H", HERE, first, None),
        OfficeSeen("X", "別の区", OfficeKind.WARD, "H", THERE, first, None),
    ]
    monkeypatch.setattr(pages_scope, "list_offices", lambda **_: found)


def request_of(
    *held: HeldRight, function: Function = Function.CASE, level: Level = Level.READ
) -> StaffRequest:
    """A request of somebody with these rights, on a screen of the child subsidy."""
    rights = Rights(
        account_id=1, staff_no="S1", name="見本", office_code="W01", office_name="区", kind=AccountKind.EMPLOYEE,
        on=date(2026, 8, 1), held=frozenset(held),
    )  # fmt: skip
    screen = SimpleNamespace(function=function, level=level, scheme=Scheme.CHILD)
    return cast(StaffRequest, SimpleNamespace(rights=rights, screen=screen))


def right(
    *,
    ward: str = HERE,
    function: Function = Function.CASE,
    level: Level = Level.READ,
    scheme: Scheme = Scheme.CHILD,
    office: str = "W",
) -> HeldRight:
    """A right at the office of a ward."""
    return HeldRight(function=function, level=level, scheme=scheme, office=office, ward_code=ward)


def test_a_right_reaches_the_wards_of_its_offices() -> None:
    assert scope_of(request_of(right(), right(ward=THERE))).wards == {HERE, THERE}
    assert scope_of(request_of()).wards == set()


def test_an_office_of_no_ward_adds_none() -> None:
    assert scope_of(request_of(right(ward=""))).wards == set()


@pytest.mark.parametrize(
    "held",
    [
        right(function=Function.PERSON),
        right(scheme=Scheme.KOKUHO),
        right(scheme=Scheme.SELFSUPPORT),
    ],
)
def test_another_function_or_scheme_reaches_nothing(held: HeldRight) -> None:
    assert scope_of(request_of(held)).wards == set()


def test_a_right_to_read_is_none_to_change() -> None:
    reads = right(ward=HERE, level=Level.READ)
    changes = right(ward=THERE, level=Level.UPDATE)
    assert scope_of(request_of(reads, changes, level=Level.UPDATE)).wards == {THERE}
    assert scope_of(request_of(reads, changes)).wards == {HERE, THERE}


def test_another_function_than_that_of_the_screen_may_be_asked_about() -> None:
    asked: Any = request_of(right(function=Function.APPROVAL, level=Level.UPDATE))
    assert scope_of(asked).wards == set()
    assert scope_of(asked, function=Function.APPROVAL, level=Level.UPDATE).wards == {HERE}


def test_the_wards_of_ours_are_those_of_the_offices_and_the_head_office_is_known_from_its_kind() -> None:
    assert scope_of(request_of()).ours == {HERE, THERE}
    assert not scope_of(request_of(right())).is_head
    assert not scope_of(request_of(right(ward="", office="C"))).is_head
    assert scope_of(request_of(right(ward="", office="H"))).is_head
    other = right(ward="", office="H", function=Function.PERSON)
    assert not scope_of(request_of(other)).is_head


def test_cases_of_other_wards_are_refused_in_words() -> None:
    scope(HERE).require_ward(HERE)
    with pytest.raises(Forbidden, match="所管していない区") as caught:
        scope(HERE).require_ward(THERE)
    assert THERE not in str(caught.value)
    assert "権限の付与を申請" in caught.value.remedy


def test_residents_of_the_other_ward_are_refused() -> None:
    assert scope(THERE).holds_person(person(THERE))
    assert not scope(HERE).holds_person(person(THERE))
    with pytest.raises(Forbidden):
        scope(HERE).require_person(1, person=person(THERE))


@pytest.mark.parametrize("ward", NOWHERE)
def test_who_is_registered_in_no_ward_of_ours_belongs_to_the_last_one_and_to_the_head_office(
    ward: str,
) -> None:
    assert scope(HERE).holds_person(person(ward), last_ward=HERE)
    assert not scope(HERE).holds_person(person(ward), last_ward=THERE)
    assert scope(is_head=True).holds_person(person(ward))


@pytest.mark.parametrize("ward", NOWHERE)
def test_whom_nothing_joins_to_a_ward_is_open_to_the_head_office_alone(ward: str) -> None:
    assert not scope(HERE, THERE).holds_person(person(ward))
    assert not scope().holds_person(person(ward))
    assert not scope().holds_person(person(ward, protected=True))


def test_a_present_ward_of_ours_counts_more_than_a_former_one() -> None:
    assert not scope(HERE).holds_person(person(THERE), last_ward=HERE)


def test_a_protected_person_tells_no_ward_by_being_refused() -> None:
    hidden = person("", protected=True)
    assert scope(HERE).holds_person(hidden, last_ward=THERE)
    assert scope(THERE).holds_person(hidden)
    assert not scope().holds_person(hidden, last_ward=HERE)


def test_an_unknown_person_is_for_the_head_office() -> None:
    assert not scope(HERE).holds_person(None)
    assert scope(is_head=True).holds_person(None)


def test_the_last_ward_is_asked_for_those_elsewhere_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[list[int], frozenset[str]]] = []

    def last_wards(ids: list[int], *, among: frozenset[str]) -> dict[int, str]:
        asked.append((ids, among))
        return {2: HERE, 3: THERE}

    monkeypatch.setattr(pages_scope, "last_wards", last_wards)
    people = {1: person(HERE), 2: person("131016"), 3: person(""), 4: person(""), 5: person(THERE)}
    assert scope(HERE).held_of(people) == {1, 2}
    assert asked == [([2, 3, 4], frozenset({HERE, THERE}))]

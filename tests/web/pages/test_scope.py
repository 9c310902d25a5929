"""Which wards a right reaches: bounded by function, level and scheme; those of no ward belong to no single one."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kyufu.registry.api import PersonView, Status
from kyufu.staff.api import AccountKind, Forbidden, Function, HeldRight, Level, Rights, Scheme
from kyufu.web.pages.scope import CITY_WARDS, Scope, scope_of
from kyufu.web.screens import StaffRequest

HERE, THERE = "141011", "141020"


def person(ward: str) -> PersonView:
    """A person registered in a ward."""
    return PersonView(
        "1", "見本", "ミホン", "", None, "", "1", "", "", "", ward, "", "", Status.RESIDENT, False
    )


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
) -> HeldRight:
    """A right at the office of a ward."""
    return HeldRight(function=function, level=level, scheme=scheme, office="W", ward_code=ward)


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


def test_cases_of_other_wards_are_refused_in_words() -> None:
    scope = Scope(frozenset({HERE}))
    scope.require_ward(HERE)
    with pytest.raises(Forbidden, match="所管していない区") as caught:
        scope.require_ward(THERE)
    assert THERE not in str(caught.value)
    assert "権限の付与を申請" in caught.value.remedy


@pytest.mark.parametrize("ward", sorted(CITY_WARDS - {HERE}))
def test_residents_of_every_other_ward_are_refused(ward: str) -> None:
    scope = Scope(frozenset({HERE}))
    assert not scope.holds_person(person(ward))
    with pytest.raises(Forbidden):
        scope.require_person(person(ward))


@pytest.mark.parametrize("ward", ["", "141305", "131016"])
def test_who_is_registered_in_no_ward_of_the_city_is_open_to_all(ward: str) -> None:
    Scope(frozenset()).require_person(person(ward))


def test_an_unknown_person_tells_nothing() -> None:
    assert Scope(frozenset()).holds_person(None)

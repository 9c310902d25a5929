"""Which wards a right reaches: lists are bounded by them, and one person or case is let through or refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from kyufu.platform import clock
from kyufu.platform.errors import Refused
from kyufu.registry.api import PersonView, last_wards
from kyufu.staff.api import (
    Forbidden,
    Function,
    HeldRight,
    Level,
    OfficeKind,
    OfficeSeen,
    Scheme,
    list_offices,
)
from kyufu.web.screens import StaffRequest, all_screens, may_open

OUTSIDE_TEXT = "所管していない区の情報です。"
OUTSIDE_REMEDY = "必要な場合は、その区を所管する課に依頼するか、権限の付与を申請してください。"


class Placed(Protocol):
    """A person as far as it matters where they are registered."""

    @property
    def ward_code(self) -> str: ...

    @property
    def protected(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Scope:
    """The wards (6-digit codes) that a right reaches, among those that have an office of ours.

    `is_head`: the right is held at the head office, to which everybody belongs, those of no ward too.
    """

    wards: frozenset[str]
    ours: frozenset[str] = frozenset()
    is_head: bool = False

    def holds_ward(self, ward_code: str) -> bool:
        """Does the right reach the ward?"""
        return ward_code in self.wards

    def holds_person(self, person: Placed | None, *, last_ward: str = "") -> bool:
        """Does it reach the person?

        Who is registered in no ward of ours (moved out, 住登外者) belongs to `last_ward`, where they last were; whom
        nothing joins to a ward belongs to the head office alone. The ward of a protected person is kept from us, and
        one ward's refusal beside another's page would tell it: any ward sees them, without the address.
        """
        if self.is_head:
            return True
        if person is None:
            return False
        if person.protected and not person.ward_code:
            return bool(self.wards)
        ward = person.ward_code if person.ward_code in self.ours else last_ward
        return ward in self.wards

    def held_of(self, people: Mapping[int, Placed]) -> frozenset[int]:
        """Those of the persons, by addressee id, whom the right reaches."""
        elsewhere = [one for one, person in people.items() if person.ward_code not in self.ours]
        last = last_wards(elsewhere, among=self.ours) if elsewhere and not self.is_head else {}
        return frozenset(
            one for one, person in people.items() if self.holds_person(person, last_ward=last.get(one, ""))
        )

    def require_ward(self, ward_code: str) -> None:
        """Raise Forbidden where the right does not reach the ward."""
        if not self.holds_ward(ward_code):
            raise _outside()

    def require_person(self, addressee_id: int, *, person: PersonView) -> None:
        """Raise Forbidden where the right does not reach the person."""
        if not self.held_of({addressee_id: person}):
            raise _outside()


def scope_of(
    request: StaffRequest,
    *,
    function: Function | None = None,
    level: Level | None = None,
    scheme: Scheme | None = None,
) -> Scope:
    """The wards that the account's right reaches: to the screen that is open, or to the function named."""
    here = request.screen
    asked, least = function or here.function, level or here.level
    wanted = scheme or (here.scheme if function is None else Scheme.CHILD)
    offices = _offices(request)
    head = {office.code for office in offices if office.kind is OfficeKind.HEAD}
    held = [one for one in request.rights.held if _answers(one, function=asked, level=least, scheme=wanted)]
    return Scope(
        wards=frozenset(right.ward_code for right in held if right.ward_code),
        ours=frozenset(office.ward_code for office in offices if office.ward_code),
        is_head=any(right.office in head for right in held),
    )


def may_in_ward(request: StaffRequest, *, code: str, ward_code: str) -> bool:
    """May the account use the screen of a code for something of a ward? No for a screen that is not published."""
    asked = next((one for one in all_screens() if one.code == code), None)
    if asked is None or not may_open(request.rights, screen=asked):
        return False
    return any(
        _answers(right, function=asked.function, level=asked.level, scheme=asked.scheme)
        and right.ward_code == ward_code
        for right in request.rights.held
    )


def _offices(request: StaffRequest) -> list[OfficeSeen]:
    """The offices of today, read once for all the scopes that a request asks for."""
    known: list[OfficeSeen] | None = getattr(request, "offices_of_today", None)
    if known is None:
        known = list_offices(on=clock.current_date_in_japan())
        request.offices_of_today = known  # type: ignore[attr-defined]
    return known


def _answers(right: HeldRight, *, function: Function | None, level: Level, scheme: Scheme) -> bool:
    return right.function == function and right.level >= level and scheme in (Scheme.COMMON, right.scheme)


def _outside() -> Refused:
    return Forbidden(OUTSIDE_TEXT, remedy=OUTSIDE_REMEDY)

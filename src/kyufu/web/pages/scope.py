"""Which wards a right reaches: lists are bounded by them, and one person or case is let through or refused."""

from __future__ import annotations

from dataclasses import dataclass

from kyufu.notation.municipalities import YOKOHAMA, wards_of
from kyufu.platform.errors import Refused
from kyufu.registry.api import PersonView
from kyufu.staff.api import Forbidden, Function, Level, Scheme
from kyufu.web.screens import StaffRequest

CITY_WARDS = frozenset(ward.code for ward in wards_of(YOKOHAMA))
OUTSIDE_TEXT = "所管していない区の情報です。"
OUTSIDE_REMEDY = "必要な場合は、その区を所管する課に依頼するか、権限の付与を申請してください。"


@dataclass(frozen=True, slots=True)
class Scope:
    """The wards (6-digit codes) that a right reaches."""

    wards: frozenset[str]

    def holds_ward(self, ward_code: str) -> bool:
        """Does the right reach the ward?"""
        return ward_code in self.wards

    def holds_person(self, person: PersonView | None) -> bool:
        """Does it reach the person? Who is registered in no ward of the city belongs to no single one of them."""
        return person is None or person.ward_code not in CITY_WARDS or person.ward_code in self.wards

    def require_ward(self, ward_code: str) -> None:
        """Raise Forbidden where the right does not reach the ward."""
        if not self.holds_ward(ward_code):
            raise _outside()

    def require_person(self, person: PersonView) -> None:
        """Raise Forbidden where the right does not reach the person."""
        if not self.holds_person(person):
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
    return Scope(
        frozenset(
            right.ward_code
            for right in request.rights.held
            if right.ward_code
            and right.function == asked
            and right.level >= least
            and wanted in (Scheme.COMMON, right.scheme)
        )
    )


def _outside() -> Refused:
    return Forbidden(OUTSIDE_TEXT, remedy=OUTSIDE_REMEDY)

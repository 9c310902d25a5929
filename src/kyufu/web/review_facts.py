"""What the register and the staff list know for the review of readings: the facts that `audit` is handed.

Names and addresses become keys that are compared and forgotten; nothing of them is stored with a review.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from kyufu.audit.api import PersonFacts, StaffFacts, limits, reading_as
from kyufu.cases.api import persons_with_cases, receipt_numbers_of
from kyufu.notation.text import search_key
from kyufu.registry.api import PersonView, addressee_ids, people
from kyufu.staff.api import find_account, staff_relations

SELF = "self"
_HYPHENS = re.compile("[‐‑‒–—―−ー－]")
# The last number of 1-2-3 is the house itself; those with the same 1-2 are neighbours.
_HOUSE = re.compile(r"^(.*\d)-\d+$")


class RegisterFacts:
    """Supplies the facts as the register knows them on a day; cases count that were in hand until `until`."""

    def __init__(self, *, on: date, until: datetime) -> None:
        self._on, self._until = on, until
        relations = staff_relations()
        ids = addressee_ids({number for _, number, _ in relations})
        self._self = {
            staff: ids[number] for staff, number, kind in relations if kind == SELF and number in ids
        }
        self._own: dict[str, set[int]] = defaultdict(set)
        for staff, number, _ in relations:
            if number in ids:
                self._own[staff].add(ids[number])

    def persons(self, addressee_ids: Collection[int]) -> Mapping[int, PersonFacts]:
        """The facts of persons, by addressee id; a protected person's address takes no part in any comparison."""
        views, staff = self._views(addressee_ids), set(self._self.values())
        since = self._until - timedelta(days=limits(on=self._on).case_days)
        in_hand = persons_with_cases(addressee_ids, since=since, until=self._until)
        numbers = receipt_numbers_of(addressee_ids)
        return {
            one: PersonFacts(
                *_keys(views.get(one)),
                is_staff=one in staff,
                is_protected=one in views and views[one].protected,
                has_open_case=one in in_hand,
                case_numbers=numbers[one],
            )
            for one in addressee_ids
        }

    def staff(self, staff_numbers: Collection[str]) -> Mapping[str, StaffFacts]:
        """The facts of members of staff, by staff number; who is not in the register is known by name alone."""
        views = self._views([self._self[one] for one in staff_numbers if one in self._self])
        found = {}
        for one in staff_numbers:
            surname, address, household = _keys(views.get(self._self.get(one, 0)))
            own = frozenset(self._own.get(one, ()))
            found[one] = StaffFacts(surname or self._surname(one), address, household, own)
        return found

    def _views(self, ids: Collection[int]) -> Mapping[int, PersonView]:
        with reading_as("閲覧の点検のための照合"):
            return people(ids, valid_on=self._on, today=self._on)

    def _surname(self, staff_no: str) -> str:
        account = find_account(staff_no, on=self._on)
        return surname_key(account.name) if account else ""


def surname_key(name: str) -> str:
    """The key of the surname (氏), where a space tells it from the given name; empty otherwise."""
    surname, space, _ = unicodedata.normalize("NFKC", name).strip().partition(" ")
    return search_key(surname) if space else ""


def neighbourhood_key(address: str) -> str:
    """The address down to the block (番), by which neighbours are known; empty where it is not that exact."""
    plain = _HYPHENS.sub("-", unicodedata.normalize("NFKC", address)).replace(" ", "")
    plain = re.sub(r"(\d+)(?:丁目|番地の|番地|番|号)", r"\1-", plain).rstrip("-")
    found = _HOUSE.match(plain)
    return found[1] if found else ""


def _keys(view: PersonView | None) -> tuple[str, str, str]:
    if view is None:
        return "", "", ""
    return surname_key(view.name), neighbourhood_key(view.address), view.household_no

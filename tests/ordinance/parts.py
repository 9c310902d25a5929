"""What the tests of the changes of parameters share: places, wishes, two members of staff, and an estimate."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from kyufu.law.parameters.entries import Certainty
from kyufu.ordinance import api as ordinance
from kyufu.ordinance.api import ChangeSet, Found, Place, Wish
from kyufu.staff import api as staff
from kyufu.staff.api import Rights, Scheme
from tests.law.yokohama import CITY_FILE, PREFECTURE_FILE, PRINTED_FILE
from tests.web.town import HEAD, Town

FIRST = date(2027, 8, 1)
BACKDATING = Place(CITY_FILE, "certificate", "backdating_days", "value")
LIMITED = Place(CITY_FILE, "band", "to_18_year_end", "income_limited")
BASE = Place(CITY_FILE, "limit", "base", "value")
PREFECTURE_BASE = Place(PREFECTURE_FILE, "limit", "base", "value")
PAYER = Place(PRINTED_FILE, "certificate", "payer_number", "value")
REASON = "要綱の改正のため"
EMPTY = {name: [] for name in ("moves", "wards", "ages", "reasons", "prefecture")}


def wish(place: Place = BACKDATING, value: str = "60", **items: object) -> Wish:
    base = Wish(place, value, FIRST, None, "小児医療費助成の要綱（令和9年改正）", Certainty.OFFICIAL)
    return base._replace(**items)  # type: ignore[arg-type]


def head_office(town: Town, *, name: str) -> Rights:
    """Somebody of the head office who manages parameters."""
    account_id, _ = town.account(office=HEAD, name=name)
    town.grant(account_id, role="head", office=HEAD, scheme=Scheme.CHILD)
    return staff.rights_of(account_id, on=town.today)


def proposed(*wishes: Wish, by: Rights, at: datetime) -> ChangeSet:
    proposal = ordinance.propose_change(
        wishes or (wish(),), municipality="yokohama", reason=REASON, by=by.actor(), at=at
    )
    found = ordinance.find_change_set(proposal, at=at)
    assert found is not None
    return found


def estimated(change_set: ChangeSet, *, at: datetime) -> None:
    """An estimate as the run keeps it, of a register without children."""
    number = ordinance.begin_estimate(change_set, on=FIRST, at=at)
    ordinance.end_estimate(number, found=Found("0" * 64, {"with_case": EMPTY}, (), ()), at=at)


def confirmed(*wishes: Wish, first: Rights, second: Rights, at: datetime) -> ChangeSet:
    """A change taken all the way."""
    found = proposed(*wishes, by=first, at=at)
    estimated(found, at=at)
    return ordinance.confirm_change(
        found.proposed.proposal_id,
        seen=found.proposed.digest,
        rights=second,
        at=at + timedelta(minutes=5),
    )

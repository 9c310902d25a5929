"""What the registry answers with: frozen views, free of the tables behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kyufu.law.child.facts import Residence


class Status(StrEnum):
    """How a person stands in the resident register (住民状態); non-residents (住登外者) are `OUTSIDE`."""

    RESIDENT = "resident"
    MOVED_OUT = "moved_out"
    DEAD = "dead"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What the law asks of the registry: date of birth (None where unknown), where the person was registered, and
    the day of death (None: not known to be dead).
    """

    birth_date: date | None
    residences: tuple[Residence, ...]
    died_on: date | None = None


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person on a day; text as given (NFC, IVS kept).

    `protected` persons (支援措置), and those in one household with them, come without anything that tells where they
    live: postal code, address, building, the ward (which narrows a city of millions to a tenth, and whose office
    someone may wait at) and the household number (which joins them to others whose address is no secret). An office
    that has their case in charge knows it from the case. `protected_address` alone shows the rest.
    """

    addressee_no: str
    name: str
    kana: str
    alias: str
    birth_date: date | None
    birth_date_note: str
    sex: str
    postal_code: str
    address: str
    building: str
    ward_code: str
    household_no: str
    relation: str
    status: Status
    protected: bool


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """Where a letter goes, and the name on it (without 様)."""

    postal_code: str
    address: str
    building: str
    name: str


@dataclass(frozen=True, slots=True)
class RegisteredAddress:
    """Where the register has a person: postal code, address, building, ward (6-digit code) and household number."""

    postal_code: str
    address: str
    building: str
    ward_code: str
    household_no: str


@dataclass(frozen=True, slots=True)
class ProtectedAddress:
    """Where a protected person lives, and where letters go instead (送付先)."""

    registered: RegisteredAddress
    sent_to: PostalAddress | AddressWithheld


@dataclass(frozen=True, slots=True)
class AddressWithheld:
    """No letter may be sent; `reason` is Japanese for the clerk and holds no address."""

    reason: str


class Match(StrEnum):
    """By which of a person's names a search found them."""

    PRESENT = "present"
    FORMER = "former"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A person found by a search; the address and ward are empty for protected persons and their households.

    `has_double`: somebody else may be taken for this person, in the household or on the list (双子など). Of the
    protected only what their names and birth dates tell is told.
    """

    addressee_id: int
    addressee_no: str
    name: str
    kana: str
    alias: str
    birth_date: date | None
    sex: str
    address: str
    status: Status
    protected: bool
    ward_code: str = ""
    relation: str = ""
    match: Match = Match.PRESENT
    has_double: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: the hits by reading and birth date, those whose reading is similar (読みが似ている人) apart.

    `has_more`: there are more than are listed; `by_address`: no name began so, but an address does.
    """

    hits: tuple[SearchHit, ...]
    near: tuple[SearchHit, ...] = ()
    has_more: bool = False
    by_address: bool = False

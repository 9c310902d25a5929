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

    `protected` persons (支援措置), and those in one household with them, come without postal code, address and
    building: where a letter goes is asked of `postal_address` alone. `ward_code` is the ward office in charge.
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
class AddressWithheld:
    """No letter may be sent; `reason` is Japanese for the clerk and holds no address."""

    reason: str


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A person found by a search; the address is empty for protected persons and their households."""

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

"""What 個人基本 answers with: frozen views, free of the tables behind them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from kyufu.exchange.basic.catalogue import ITEMS, NUMBER
from kyufu.exchange.basic.states import ListState
from kyufu.law.calendar.period import Period


class Mode(StrEnum):
    """FULL tells everybody (全件); DIFF those of whom something allowed changed since the last delivery (差分)."""

    FULL = "FULL"
    DIFF = "DIFF"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a system is to be allowed (住民基本台帳ファイル利用申請): items with a reason each where one is needed.

    `valid` is half-open; without an end it lasts until a later list. No item at all ends the deliveries.
    """

    system: str
    valid: Period
    law_basis: str
    reason: str
    items: tuple[tuple[str, str], ...]
    uses_individual_number: bool = False
    number_law_basis: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 over all of it, in hex: what the second person confirms is what the first one saw."""
        content = [
            self.system,
            self.valid.start.isoformat(),
            self.valid.end.isoformat() if self.valid.end else None,
            self.law_basis,
            self.reason,
            sorted(self.items),
            self.uses_individual_number,
            self.number_law_basis,
        ]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ItemListView:
    """A list of items as it stands: what was asked, by whom, who confirmed, and the digest that confirming it names.

    `in_force` is the period asked for until a later list takes its place.
    """

    list_id: int
    system_name: str
    asked: Asked
    in_force: Period
    state: ListState
    digest: str
    proposed_by: str
    confirmed_by: str | None

    @property
    def stands_as_seen(self) -> bool:
        """Do the rows still say what the first person entered and the second one saw?"""
        return self.asked.digest == self.digest

    @property
    def columns(self) -> tuple[str, ...]:
        """The item names in the order of the catalogue, which is the order of the columns of a file."""
        allowed = {item for item, _ in self.asked.items}
        return tuple(item for item in ITEMS if item in allowed)

    @property
    def register_columns(self) -> tuple[str, ...]:
        """Those of the columns that the register has; the individual number is the vault's."""
        return tuple(item for item in self.columns if item != NUMBER)


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivery: its number in the row of the system, the file, how many persons were told of and how many ended."""

    system: str
    seq: int
    mode: Mode
    on: date
    made_at: datetime
    made_by: str
    list_id: int
    told: int
    ended: int
    sha256: str
    path: Path

"""What the tests of 個人基本 share: persons with rights, lists, and a reader of delivered files of its own."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from kyufu.exchange.basic.api import Asked, Delivered, Mode, confirm_list, deliver, item_list, propose_list
from kyufu.law.calendar.period import Period
from kyufu.staff.api import AccountKind, Function, HeldRight, Level, Rights, Scheme

SYSTEM = "kokuho"
MUNICIPALITY = "141003"
TODAY = date(2026, 8, 3)
AT = datetime(2026, 8, 3, 1, 0, tzinfo=UTC)
FIRST, SECOND = "S0001", "S0002"


def rights(staff_no: str = FIRST, *, level: Level = Level.UPDATE) -> Rights:
    """What a person holds: the right to deliver, at head office."""
    held = HeldRight(Function.DELIVERY, level, Scheme.COMMON, "head", "")
    name = f"職員{staff_no[-1]}"
    return Rights(1, staff_no, name, "head", "情報システム課", AccountKind.EMPLOYEE, TODAY, frozenset({held}))


def noon(day: date) -> datetime:
    """An instant on a day in Japan."""
    return datetime(day.year, day.month, day.day, 3, 0, tzinfo=UTC)


def asked(*items: str, start: date = TODAY, end: date | None = None, **others: object) -> Asked:
    """A request for items, each without a reason of its own unless `reasons` gives one."""
    reasons: dict[str, str] = others.pop("reasons", {})  # type: ignore[assignment]
    return Asked(
        system=str(others.pop("system", SYSTEM)),
        valid=Period(start, end),
        law_basis="住民基本台帳法第1条、市個人情報保護条例",
        reason="資格の管理に必要なため",
        items=tuple((item, reasons.get(item, "")) for item in items),
        **others,  # type: ignore[arg-type]
    )


def allow(wanted: Asked, *, at: datetime = AT) -> int:
    """Have a list asked for by one person and confirmed by another."""
    list_id = propose_list(wanted, rights=rights(FIRST), at=at)
    seen = item_list(list_id)
    assert seen is not None
    confirm_list(list_id, seen=seen.digest, rights=rights(SECOND), at=at)
    return list_id


def hand_over(mode: Mode = Mode.FULL, *, day: date = TODAY, system: str = SYSTEM) -> Delivered | None:
    """A delivery on a day."""
    return deliver(system, mode=mode, municipality=MUNICIPALITY, rights=rights(), at=noon(day))


@dataclass
class DeliveredFile:
    """A delivered file, read by its documented frame and by nothing of the writer."""

    header: list[str]
    columns: list[str]
    rows: list[dict[str, str]]
    trailer: list[str]

    def of(self, addressee_no: str) -> dict[str, str]:
        """The row about a person."""
        (row,) = [row for row in self.rows if row["atenabango"] == addressee_no]
        return row


def read_delivered(path: Path) -> DeliveredFile:
    """Read a file: header, names, rows numbered without a gap, trailer that counts them."""
    text = path.read_bytes().decode("utf-8")
    assert text.endswith("\n")
    assert "\r" not in text
    header, names, *data, trailer = csv.reader(text.splitlines())
    assert (header[0], names[:2], trailer[0]) == ("H", ["N", "gyobango"], "T")
    assert [row[:2] for row in data] == [["D", str(number)] for number in range(1, len(data) + 1)]
    assert {len(row) for row in data} <= {len(names)}
    assert trailer[1] == str(len(data))
    rows = [dict(zip(names[2:], row[2:], strict=True)) for row in data]
    return DeliveredFile(header, names[2:], rows, trailer)


def told(made: Delivered | None) -> DeliveredFile:
    """The file of a delivery that told something."""
    assert made is not None
    return read_delivered(made.path)

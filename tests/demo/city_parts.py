"""Settings, persons and households that the unit tests of the generator are made from."""

from __future__ import annotations

from datetime import date
from functools import cache
from random import Random
from typing import Any

from kyufu.demo.city.households import Setting, first_birthday_of_band
from kyufu.demo.city.layouts import COLUMNS
from kyufu.demo.city.people import Counters, Household, Person, iso
from kyufu.demo.city.places import Town, towns_of

AS_OF = date(2026, 7, 10)
TODAY = AS_OF.toordinal()
ADDRESS = "141011,9999999,神奈川県,横浜市鶴見区,朝日町,１番地１,,2300033"


@cache
def towns() -> tuple[Town, ...]:
    return towns_of("141003")


def setting(seed: int = 1, *, chunk: int = 0) -> Setting:
    return Setting(
        towns=towns(),
        as_of=TODAY,
        band_start=first_birthday_of_band(AS_OF).toordinal(),
        random=Random(seed),
        counters=Counters(chunk=chunk, seed=seed),
    )


def person(number: int, *, age: int = 40, sex: int = 1, relation: str = "01", **changes: Any) -> Person:
    """A resident of that age who has lived in the city for ten years, or since birth."""
    born = TODAY - age * 366 - 100
    made = Person(
        f"{number:015d}", "345678901234", sex, born, "見本田", "ミホンダ", "翔太", "ショウタ", relation, "9" * 15,
        ADDRESS, birth_date=iso(born), since=max(born, TODAY - 3650), history=1,
    )  # fmt: skip
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def household(*members: Person, **changes: Any) -> Household:
    made = Household("9" * 15, "141011", ADDRESS, list(members))
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def columns(row: str, *, layout: str) -> dict[str, str]:
    """A row without frame and number, by column name."""
    return dict(zip(COLUMNS[layout], row.split(","), strict=True))


def all_columns(rows: list[str], *, layout: str) -> list[dict[str, str]]:
    return [columns(row, layout=layout) for row in rows]

"""The municipalities whose child subsidy Kyufu knows: one door to register them, one to ask for them."""

from __future__ import annotations

from kyufu.law.child.city import City
from kyufu.law.child.kawasaki import KAWASAKI
from kyufu.law.child.sapporo import SAPPORO
from kyufu.law.child.yokohama import YOKOHAMA


class UnknownMunicipality(ValueError):
    """A municipality whose rules Kyufu does not have."""


MUNICIPALITIES: dict[str, City] = {}


def register(city: City) -> None:
    """Make a municipality known; raises ValueError where its key or code is another's."""
    for known in MUNICIPALITIES.values():
        if known != city and (known.key == city.key or known.code == city.code):
            raise ValueError(f"{city.key} ({city.code}) is registered already, as {known.name}")
    MUNICIPALITIES[city.key] = city


def city_of(municipality: str) -> City:
    """The municipality of a key; raises UnknownMunicipality naming those there are."""
    found = MUNICIPALITIES.get(municipality)
    if found is None:
        known = "、".join(MUNICIPALITIES)
        raise UnknownMunicipality(
            f"小児医療費助成の基準がない自治体です：{municipality}（使えるもの：{known}）"
        )
    return found


for _city in (YOKOHAMA, KAWASAKI, SAPPORO):
    register(_city)

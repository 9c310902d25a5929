"""Persons and households while a chunk of the city is being made; days are ordinals."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random

from kyufu.demo.city.names import given_names_of
from kyufu.demo.city.places import Town, address_columns
from kyufu.notation.check_digits import INDIVIDUAL_NUMBER

HEAD, SPOUSE, CHILD, PARENT, GRANDCHILD, SIBLING, LODGER = "01", "02", "10", "20", "30", "40", "99"
MAN, WOMAN = 1, 2
RESIDENT, MOVED_OUT, DEAD = "1", "2", "3"
JAPANESE, FOREIGN = "1", "2"
NOT_REGISTERED = ""

NUMBERS_PER_CHUNK = 20_000

_FIRST_DAY = date(1890, 1, 1).toordinal()
_DAYS = tuple(date.fromordinal(day).isoformat() for day in range(_FIRST_DAY, date(2060, 1, 1).toordinal()))


def iso(day: int) -> str:
    """A day as YYYY-MM-DD."""
    return _DAYS[day - _FIRST_DAY]


@dataclass(slots=True)
class Person:
    """One person as the register holds them at the moment; `history` counts the events written so far."""

    number: str
    my_number: str
    sex: int
    born: int
    family: str
    family_kana: str
    given: str
    given_kana: str
    relation: str
    household: str
    address: str
    roman: str = ""
    alias: str = ""
    birth_date: str = ""
    birth_note: str = ""
    kind: str = JAPANESE
    status: str = RESIDENT
    since: int = 0
    history: int = 0
    income: int = 0

    @property
    def name(self) -> str:
        """Family and given name with one full-width space between."""
        return f"{self.family}　{self.given}"

    @property
    def kana(self) -> str:
        """The reading in the order of the name."""
        return f"{self.family_kana}　{self.given_kana}"


@dataclass(slots=True)
class Household:
    """A household: its members in the order of the register, and what befalls it as a whole."""

    number: str
    ward_code: str
    address: str
    members: list[Person] = field(default_factory=list)
    has_one_parent: bool = False
    parent_lives_elsewhere: bool = False
    on_assistance: bool = False


def make_relative(
    relative: Person, *, number: int, my_number: str, sex: int, born: int, relation: str
) -> Person:
    """A person of the same family and household, not yet written in the register."""
    pool = given_names_of(sex=sex, is_foreign=relative.kind == FOREIGN)
    made = Person(
        f"{number:015d}", my_number, sex, born, relative.family, relative.family_kana, *pool[number % len(pool)],
        relation, relative.household, relative.address, birth_date=iso(born), kind=relative.kind,
    )  # fmt: skip
    if made.kind == FOREIGN:
        made.roman = made.name
    return made


class Counters:
    """Hands out numbers that no other chunk hands out: addressee, household, individual, reception."""

    def __init__(self, *, chunk: int, seed: int) -> None:
        self._next = chunk * NUMBERS_PER_CHUNK
        self._end = self._next + NUMBERS_PER_CHUNK
        self._shift = Random(f"numbers:{seed}").randrange(10**11)  # noqa: S311 - demo data, not a secret

    def take(self) -> int:
        """The next number of this chunk."""
        number = self._next
        if number == self._end:
            raise OverflowError("a chunk of the demo city holds more persons than it has numbers for")
        self._next = number + 1
        return number

    def my_number(self, number: int) -> str:
        """An individual number (個人番号) with its check digit; another one for every number below 10**11."""
        # A multiplier without common factor with 10**11 walks through all bases and comes to none twice.
        base = (number * 38_196_601_147 + self._shift) % 10**11
        return INDIVIDUAL_NUMBER.with_check_digit(f"{base:011d}")


def random_address(towns: tuple[Town, ...], *, random: Random) -> tuple[str, str]:
    """The code of the ward and the address columns of a place in one of the towns."""
    town = towns[int(random.random() * len(towns))]
    flat = 101 + int(random.random() * 12) * 100 + int(random.random() * 9) if random.random() < 0.56 else 0
    lot, house = 1 + int(random.random() * 2990), 1 + int(random.random() * 40)
    return town.ward_code, address_columns(town, lot=lot, house=house, flat=flat)

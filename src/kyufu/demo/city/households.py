"""Households of realistic shape and age: who lives together, how old they are and what they are called.

The shares are chosen for the demo so that about one resident in seven is a child; they are no statistics.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from random import Random

from kyufu.demo.city import names
from kyufu.demo.city.incomes import random_income
from kyufu.demo.city.people import (
    CHILD,
    FOREIGN,
    HEAD,
    LODGER,
    MAN,
    PARENT,
    SPOUSE,
    WOMAN,
    Counters,
    Household,
    Person,
    iso,
    random_address,
)  # fmt: skip
from kyufu.demo.city.places import Town
from kyufu.notation.municipalities import city_of

_DAYS_A_YEAR = 365
_NOTES = ("昭和{}年月日不詳", "大正{}年月日不詳", "昭和{}年頃")
_FULL_WIDTH_YEARS = tuple("１２３４５６７８９") + tuple(f"１{digit}" for digit in "０１２３４５")


@dataclass(frozen=True, slots=True)
class Setting:
    """What all households of a chunk share: the towns, the day of the register, the source of chance.

    `band_start` is the first birthday of those within the year of their 18th (18歳到達後最初の3月31日まで).
    """

    towns: tuple[Town, ...]
    as_of: int
    band_start: int
    random: Random
    counters: Counters

    @property
    def city(self) -> str:
        """The code of the city in which the towns lie."""
        return city_of(self.towns[0].ward_code)

    @property
    def safe_address(self) -> str:
        """Where the letters of the protected go, in the city's first town: columns without the name."""
        town = self.towns[0]
        _, _, prefecture, city, name, _ = town.head.split(",")
        return f"{town.postal_code},{prefecture}{city}{name}架空１番地,見本支援センター気付,"


def first_birthday_of_band(as_of: date) -> date:
    """The oldest child's birthday; 18 is reached the day before it, so those born on 1 April are a year on."""
    school_year = as_of.year if (as_of.month, as_of.day) >= (4, 1) else as_of.year - 1
    return date(school_year - 18, 4, 2)


def make_household(setting: Setting) -> Household:
    """A household with its members, of a shape drawn by the shares below."""
    draw = setting.random.random() * _TOTAL_SHARE
    shape = next(shape for limit, shape in _SHAPES if draw < limit)
    ward_code, address = random_address(setting.towns, random=setting.random)
    household = Household(f"9{setting.counters.take():014d}", ward_code, address)
    family = _Family(setting, household, is_foreign=setting.random.random() < 0.04)
    shape(family)
    return household


class _Family:
    """Adds members of one family to a household; ages are in years before the day of the register."""

    def __init__(self, setting: Setting, household: Household, *, is_foreign: bool) -> None:
        self.setting, self.household, self.is_foreign = setting, household, is_foreign
        self.random = setting.random.random
        pool = names.FOREIGN_FAMILY_NAMES if is_foreign else names.FAMILY_NAMES
        if not is_foreign and self.random() < 0.004:
            pool = names.RARE_FAMILY_NAMES
        self.name = pool[int(self.random() * len(pool))]

    def between(self, low: int, high: int) -> int:
        return low + int(self.random() * (high - low + 1))

    def add(self, *, relation: str, sex: int, age: int) -> Person:
        """A person of that age in full years."""
        return self.add_born(
            relation=relation, sex=sex, born=self.setting.as_of - age * 365 - age // 4 - self.between(1, 364)
        )

    def add_born(self, *, relation: str, sex: int, born: int, given: int = -1) -> Person:
        pool = names.given_names_of(sex=sex, is_foreign=self.is_foreign)
        chosen = pool[(given if given >= 0 else int(self.random() * len(pool))) % len(pool)]
        number = self.setting.counters.take()
        person = Person(
            f"{number:015d}", self.setting.counters.my_number(number), sex, born, *self.name, *chosen,
            relation, self.household.number, self.household.address, birth_date=iso(born),
        )  # fmt: skip
        if self.is_foreign:
            self._make_foreign(person)
        elif self.random() < 0.0006:
            self._forget_birth_date(person)
        if born < self.setting.as_of - 18 * _DAYS_A_YEAR:
            is_pensioner = born < self.setting.as_of - 65 * _DAYS_A_YEAR
            person.income = random_income(sex=sex, is_pensioner=is_pensioner, random=self.random)
        self.household.members.append(person)
        return person

    def _make_foreign(self, person: Person) -> None:
        person.kind, person.roman = FOREIGN, person.name
        if self.random() < 0.5:
            alias, given = names.FAMILY_NAMES[self.between(0, 400)], names.GIVEN_NAMES[person.sex]
            person.alias = f"{alias.text}　{given[self.between(0, 150)].text}"
        if self.random() < 0.01:
            person.birth_date, person.birth_note = "", f"西暦{person.born // 365 + 1}年月日不詳"

    def _forget_birth_date(self, person: Person) -> None:
        if person.born < self.setting.as_of - 60 * _DAYS_A_YEAR:
            note = _NOTES[self.between(0, len(_NOTES) - 1)]
            person.birth_date = ""
            person.birth_note = note.format(_FULL_WIDTH_YEARS[self.between(0, len(_FULL_WIDTH_YEARS) - 1)])

    def add_couple(self, age: int) -> None:
        self.add(relation=HEAD, sex=MAN if self.random() < 0.9 else WOMAN, age=age)
        self.add(
            relation=SPOUSE, sex=3 - self.household.members[0].sex, age=max(19, age - self.between(-3, 5))
        )

    def add_children(self, *, oldest_age: int) -> None:
        """Children two to four years apart until the family is complete; some are twins."""
        count = 1 + (self.random() < 0.58) + (self.random() < 0.17)
        age = oldest_age
        for _ in range(count):
            child = self.add(relation=CHILD, sex=self.between(MAN, WOMAN), age=age)
            if self.random() < 0.011:
                self._add_twin(child)
            age -= self.between(2, 4)
            if age < 0:
                return

    def _add_twin(self, child: Person) -> None:
        pool = names.given_names_of(sex=child.sex, is_foreign=self.is_foreign)
        own = next(place for place, name in enumerate(pool) if name.text == child.given)
        self.add_born(relation=CHILD, sex=child.sex, born=child.born, given=own + 1)


def _single(family: _Family) -> None:
    young = family.random() < 0.55
    age = family.between(19, 45) if young else family.between(46, 92)
    family.add(relation=HEAD, sex=family.between(MAN, WOMAN), age=age)


def _couple(family: _Family) -> None:
    family.add_couple(family.between(24, 40) if family.random() < 0.3 else family.between(50, 88))


def _couple_with_children(family: _Family) -> None:
    oldest = family.between(0, 17)
    family.add_couple(oldest + family.between(22, 38))
    family.add_children(oldest_age=oldest)
    _let_one_parent_work_elsewhere(family)


def _let_one_parent_work_elsewhere(family: _Family) -> None:
    """単身赴任: one parent is registered in another municipality, and the other heads the household here."""
    if family.random() < 0.03:
        del family.household.members[0]
        family.household.members[0].relation = HEAD
        family.household.parent_lives_elsewhere = True


def _couple_with_adults(family: _Family) -> None:
    oldest = family.between(19, 42)
    family.add_couple(oldest + family.between(23, 35))
    for _ in range(1 + (family.random() < 0.25)):
        family.add(relation=CHILD, sex=family.between(MAN, WOMAN), age=max(18, oldest - family.between(0, 4)))


def _parent_with_children(family: _Family) -> None:
    oldest = family.between(1, 17)
    family.household.has_one_parent = True
    family.add(
        relation=HEAD, sex=WOMAN if family.random() < 0.88 else MAN, age=oldest + family.between(21, 36)
    )
    family.add_children(oldest_age=oldest)


def _parent_with_adult(family: _Family) -> None:
    age = family.between(22, 58)
    family.add(relation=HEAD, sex=family.between(MAN, WOMAN), age=age + family.between(23, 34))
    family.add(relation=CHILD, sex=family.between(MAN, WOMAN), age=age)


def _three_generations(family: _Family) -> None:
    oldest = family.between(0, 17)
    age = oldest + family.between(24, 36)
    family.add_couple(age)
    family.add_children(oldest_age=oldest)
    if family.random() < 0.5:
        family.add(relation=PARENT, sex=MAN, age=age + family.between(24, 34))
    family.add(relation=PARENT, sex=WOMAN, age=age + family.between(22, 32))


def _sharing(family: _Family) -> None:
    family.add(relation=HEAD, sex=family.between(MAN, WOMAN), age=family.between(22, 60))
    family.add(relation=LODGER, sex=family.between(MAN, WOMAN), age=family.between(20, 60))


_SHARES: tuple[tuple[int, Callable[[_Family], None]], ...] = (
    (400, _single), (210, _couple), (120, _couple_with_children), (120, _couple_with_adults),
    (32, _parent_with_children), (60, _parent_with_adult), (15, _three_generations), (12, _sharing),
)  # fmt: skip
_TOTAL_SHARE = sum(share for share, _ in _SHARES)
_SHAPES = tuple(zip(accumulate(share for share, _ in _SHARES), (shape for _, shape in _SHARES), strict=True))

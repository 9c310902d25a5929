"""Writes the rows of the local tax feed: one a year for each adult who lived in the city on 1 January.

Rates in here only make the figures plausible; the law is not applied.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kyufu.demo.city.households import Setting
from kyufu.demo.city.people import CHILD, HEAD, PARENT, SPOUSE, Household, Person

DECLARED, NOT_DECLARED, UNKNOWN = "1", "2", "9"
_YEAR = 365
_BASIC_DEDUCTION = 430_000
_PER_CAPITA = 5_900
# Empty incomes and amounts, noughts for persons and marks, and levies that are not known.
_NO_FIGURES = "," * 16 + ",0" * 10 + ",,"


@dataclass(frozen=True, slots=True)
class TaxYear:
    """A tax year (賦課年度): the 1 January that decides who pays where, and the texts of its dates."""

    year: int
    first_day: int
    texts: str
    obtained_on: str


def tax_years(as_of: date) -> tuple[TaxYear, TaxYear]:
    """The year before the newest and the newest whose figures are out; they come out on 10 June."""
    newest = as_of.year if (as_of.month, as_of.day) >= (6, 10) else as_of.year - 1
    return _tax_year(newest - 1), _tax_year(newest)


def _tax_year(year: int) -> TaxYear:
    return TaxYear(year, date(year, 1, 1).toordinal(), f"{year - 1}-01-01,{year - 1}-12-31", f"{year}-06-10")


def write_taxes(
    household: Household, *, setting: Setting, years: tuple[TaxYear, ...], rows: list[str]
) -> None:
    """The tax rows of a household; those who moved in after 1 January are taxed elsewhere and have none."""
    random = setting.random.random
    for person in household.members:
        if not person.income and person.born > setting.as_of - 18 * _YEAR:
            continue
        draw = random()
        declared = DECLARED if draw < 0.972 else NOT_DECLARED if draw < 0.994 else UNKNOWN
        for year in years:
            if person.since <= year.first_day and person.born <= year.first_day - 18 * _YEAR:
                rows.append(
                    tax_row(person, household=household, year=year, declared=declared, setting=setting)
                )


def tax_row(
    person: Person, *, household: Household, year: TaxYear, declared: str, setting: Setting, branch: int = 0
) -> str:
    """One row of the tax layout; who did not declare has no figures."""
    if declared != DECLARED:
        return (
            f"{declared},{year.year},{branch},{person.number},{year.texts},{_NO_FIGURES},{year.obtained_on}"
        )
    kinds = _kinds(person, setting=setting, income=_income_in(person, year=year))
    dependants = _dependants(person, household=household, year=year)
    levies = _levies(person.income, dependants=dependants)
    single = 1 if household.has_one_parent and person.relation == HEAD else 0
    medical = 82_400 if person.number.endswith("3") else ""
    disabled = 1 if person.number.endswith("57") else 0
    return (
        f"1,{year.year},{branch},{person.number},{year.texts},{kinds},,{medical},,{disabled},0,0,{single},0,"
        f"{dependants},{levies},{year.obtained_on}"
    )


def _income_in(person: Person, *, year: TaxYear) -> int:
    """The income of the year: a little less in the earlier one, in whole thousands."""
    return person.income * (100 - 3 * (year.year % 2)) // 100_000 * 1_000


def _kinds(person: Person, *, setting: Setting, income: int) -> str:
    """The fourteen kinds of income as CSV: pension for the old, for the others mostly salary."""
    if person.born < setting.as_of - 65 * _YEAR:
        return f"0,,,,,{income},,,,,,,,"
    draw = int(person.number) * 37 % 100
    if draw < 86:
        return f"{income},,,,,,,,,,,,,"
    if draw < 94:
        return f",{income},,,,,,,,,,,,"
    part = income // 4_000 * 1_000
    if draw < 98:
        return f"{income - part},,{part},,,,,,,,,,,"
    return f"{income},,,,,,,,,,{part},,,"


def _dependants(person: Person, *, household: Household, year: TaxYear) -> str:
    """Dependants as CSV: total, elderly, specified, under 16, elderly spouse; the earner claims them."""
    if len(household.members) == 1 or person is not _earner(household):
        return "0,0,0,0,0"
    end = year.first_day - 1
    total = elderly = specified = young = elderly_spouse = 0
    for other in household.members:
        if other is person or other.born > end or other.income > 480_000:
            continue
        age = (end - other.born) * 4 // 1461
        total += 1
        young += other.relation == CHILD and age < 16
        specified += other.relation == CHILD and 19 <= age < 23
        elderly += other.relation == PARENT and age >= 70
        elderly_spouse += other.relation == SPOUSE and age >= 70
    return f"{total},{elderly},{specified},{young},{elderly_spouse}"


def _earner(household: Household) -> Person:
    first = household.members[0]
    if len(household.members) > 1:
        second = household.members[1]
        if second.relation == SPOUSE and second.income > first.income:
            return second
    return first


def _levies(income: int, *, dependants: str) -> str:
    """所得割 and 均等割 as CSV, yen: about a tenth of what is left; both nought for small incomes."""
    count = int(dependants[0])
    if income <= 450_000 + 350_000 * count:
        return "0,0"
    left = income - income * 15 // 100 - _BASIC_DEDUCTION - 330_000 * count
    return f"{max(0, left) // 1_000 * 100},{_PER_CAPITA}"

"""Which year's income a municipality's child subsidy asks for on a day, and for which months evidence of it speaks."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from kyufu.law.calendar.period import Period
from kyufu.law.child.cities import city_of
from kyufu.law.child.day import rulebook
from kyufu.law.parameters.overlay import NOTHING, Overlay

# A certificate year begins within a year of the beginning of the tax year that it goes by.
_NEAR = (-1, 0, 1)


class IncomeYear(NamedTuple):
    """The levy year (賦課年度), the calendar year of the income, and the certificate year that goes by it."""

    tax_year: int
    income: Period
    benefit: Period


def income_year_on(day: date, *, municipality: str, overlay: Overlay = NOTHING) -> IncomeYear | None:
    """The income that counts on a day; None before the first day of the rules; raises UnknownMunicipality."""
    rules = rulebook(overlay, city=city_of(municipality)).rules_on(day)
    return None if rules is None else IncomeYear(rules.tax_year, rules.income_year, rules.year)


def income_year_of(tax_year: int, *, municipality: str, overlay: Overlay = NOTHING) -> IncomeYear | None:
    """The certificate year that evidence of a levy year speaks for; None where the rules know of none."""
    for years in _NEAR:
        found = income_year_on(date(tax_year + years, 12, 31), municipality=municipality, overlay=overlay)
        if found is not None and found.tax_year == tax_year:
            return found
    return None

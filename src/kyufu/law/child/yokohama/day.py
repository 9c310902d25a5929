"""What is in force on one day, put together once for that day: the certificate year and its income rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache, partial
from typing import NamedTuple

from kyufu.law.calendar.period import Period
from kyufu.law.calendar.years import calendar_year, fiscal_year, grade_starts_on, year_from_month
from kyufu.law.child.bands import Life, lay_out
from kyufu.law.child.quantities import INCOME_YEAR_QUANTITIES
from kyufu.law.child.yokohama.parameters import (
    CITY_FILE,
    PREFECTURE_FILE,
    CertificateRules,
    CityBand,
    Parameters,
    PrefectureBand,
    load_parameters,
    rows_of,
)
from kyufu.law.income.parameters import EvidenceRules, IncomeRules, LimitRules
from kyufu.law.parameters.binding import bind
from kyufu.law.parameters.catalogue import overlaid_version
from kyufu.law.parameters.overlay import Overlay
from kyufu.law.tracing import Block

# What decides; a change of one of them changes the version that decisions name.
FILES = (CITY_FILE, PREFECTURE_FILE)


class DayRules(NamedTuple):
    """The rules of the certificate year that holds a day.

    A certificate year is judged by the values in force on its first day, so that an answer does not change
    within it because of a new table; the age bands have dates of their own.
    """

    year: Period
    known: Period
    fiscal_year: int
    tax_year: int
    income_year: Period
    certificate: CertificateRules
    backdating: timedelta
    evidence: EvidenceRules
    income: IncomeRules
    city_limit: LimitRules
    prefecture_limit: LimitRules
    income_year_block: Block


class ChildLife(NamedTuple):
    """A child's life along the city's and the prefecture's bands; `first_grade_year` is the year of entering
    school.
    """

    city: Life[CityBand]
    prefecture: Life[PrefectureBand]
    first_grade_year: int


class Rulebook:
    """The parameters under one overlay, their version, and what was put together from them for days and births.

    Kept by `rulebook`, so that equal overlays share one; `rules_on` gives None before the first day that the
    parameters know, `life_of` the life of everyone born on a day (some 7,000 days at a time matter).
    """

    def __init__(self, overlay: Overlay) -> None:
        self.parameters = load_parameters(overlay)
        self.version = overlaid_version(FILES, overlay=overlay)
        self.rules_on: Callable[[date], DayRules | None] = lru_cache(maxsize=4096)(
            partial(_rules_on, self.parameters)
        )
        self.life_of: Callable[[date], ChildLife] = lru_cache(maxsize=16384)(
            partial(_life_of, self.parameters)
        )


@lru_cache(maxsize=8)
def rulebook(overlay: Overlay) -> Rulebook:
    """The rulebook of an overlay, made once in a process; raises ParameterError where the overlay does not fit."""
    return Rulebook(overlay)


def _rules_on(parameters: Parameters, day: date) -> DayRules | None:
    if day not in parameters.known:
        return None
    certificates = rows_of(parameters.city, table="certificate")
    certificate = bind(certificates, into=CertificateRules, on=day)
    year = year_from_month(day, first_month=certificate.first_month)
    evidence = bind(rows_of(parameters.city, table="evidence"), into=EvidenceRules, on=year.start)
    tax_year = year.start.year + evidence.tax_year_after_start
    income_year = calendar_year(tax_year - 1)
    return DayRules(
        year=year,
        known=parameters.known,
        fiscal_year=fiscal_year(day),
        tax_year=tax_year,
        income_year=income_year,
        certificate=certificate,
        backdating=timedelta(days=certificate.backdating_days),
        evidence=evidence,
        income=bind(rows_of(parameters.prefecture, table="income"), into=IncomeRules, on=year.start),
        city_limit=bind(rows_of(parameters.city, table="limit"), into=LimitRules, on=year.start),
        prefecture_limit=bind(rows_of(parameters.prefecture, table="limit"), into=LimitRules, on=year.start),
        income_year_block=(INCOME_YEAR_QUANTITIES, (tax_year, income_year.start, income_year.last_day)),
    )


def _life_of(parameters: Parameters, birth_date: date) -> ChildLife:
    return ChildLife(
        lay_out(birth_date, bands=parameters.bands),
        lay_out(birth_date, bands=parameters.prefecture_bands),
        grade_starts_on(birth_date, grade=1).year,
    )

"""What is in force on one day, put together once for that day: the certificate year and its income rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache, partial
from typing import NamedTuple

from kyufu.law.calendar.period import Period
from kyufu.law.calendar.years import calendar_year, fiscal_year, grade_starts_on, year_from_month
from kyufu.law.child.bands import Life, lay_out
from kyufu.law.child.city import City, JudgingRules
from kyufu.law.child.parameters import (
    CertificateRules,
    CityBand,
    ParallelRules,
    Parameters,
    PrefectureBand,
    load_parameters,
    rows_of,
)
from kyufu.law.child.quantities import (
    EXEMPTION_QUANTITIES,
    INCOME_YEAR_QUANTITIES,
    PrefectureQuantities,
    prefecture_quantities,
)
from kyufu.law.child.reasons import Reasons, reasons_of
from kyufu.law.decision import Finding, Outcome, Quantity
from kyufu.law.income.parameters import EvidenceRules, IncomeRules, LimitRules
from kyufu.law.parameters.binding import bind
from kyufu.law.parameters.catalogue import overlaid_version
from kyufu.law.parameters.overlay import Overlay
from kyufu.law.tracing import Block

# The finding beside the city's answer: whether its prefecture subsidises what the city pays.
PREFECTURE = "prefecture"


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
    judging: JudgingRules
    parallel: ParallelRules | None
    income_year_block: Block
    exemption: Quantity
    prefecture: PrefectureQuantities
    reasons: Reasons


class ChildLife(NamedTuple):
    """A child's life along the city's and the prefecture's bands; `first_grade_year` is the year of entering
    school.
    """

    city: Life[CityBand]
    prefecture: Life[PrefectureBand]
    first_grade_year: int


class Rulebook:
    """The parameters of a municipality under one overlay, and what was put together from them for days and births.

    Kept by `rulebook`, so that equal overlays share one; `rules_on` gives None before the first day that the
    parameters know, `life_of` the life of everyone born on a day (some 7,000 days at a time matter).
    """

    def __init__(self, overlay: Overlay, *, city: City) -> None:
        self.city = city
        self.citations = city.citations
        self.reasons = reasons = reasons_of(city)
        self.without_city = (
            Finding(PREFECTURE, Outcome.NOT_ELIGIBLE, (reasons.prefecture_city_not_eligible,)),
        )
        self.undecided_with_city = (
            Finding(PREFECTURE, Outcome.CANNOT_DECIDE, (reasons.prefecture_city_undecided,)),
        )
        self.parameters = load_parameters(overlay, city=city)
        self.version = overlaid_version(city.files.deciding, overlay=overlay)
        self.class_labels = {each.code: each.label for each in self.parameters.benefit_classes}
        self.rules_on: Callable[[date], DayRules | None] = lru_cache(maxsize=4096)(
            partial(_rules_on, self.parameters)
        )
        self.life_of: Callable[[date], ChildLife] = lru_cache(maxsize=16384)(
            partial(_life_of, self.parameters)
        )

    def class_label(self, code: str | None) -> str | None:
        """The Japanese label of a class of benefit; raises KeyError for a code that is not one."""
        return None if code is None else self.class_labels[code]


@lru_cache(maxsize=24)
def rulebook(overlay: Overlay, *, city: City) -> Rulebook:
    """The rulebook of a municipality under an overlay, made once in a process.

    Raises ParameterError where the overlay does not fit.
    """
    return Rulebook(overlay, city=city)


def _rules_on(parameters: Parameters, day: date) -> DayRules | None:
    if day not in parameters.known:
        return None
    certificates = rows_of(parameters.city, table="certificate")
    certificate = bind(certificates, into=CertificateRules, on=day)
    year = year_from_month(day, first_month=certificate.first_month)
    evidence = bind(rows_of(parameters.city, table="evidence"), into=EvidenceRules, on=year.start)
    tax_year = year.start.year + evidence.tax_year_after_start
    income_year = calendar_year(tax_year - 1)
    city = parameters.of
    judging = city.judging or bind(
        rows_of(parameters.city, table="judging"), into=JudgingRules, on=year.start
    )
    parallel = rows_of(parameters.city, table="parallel")
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
        judging=judging,
        parallel=bind(parallel, into=ParallelRules, on=year.start) if parallel else None,
        income_year_block=(INCOME_YEAR_QUANTITIES, (tax_year, income_year.start, income_year.last_day)),
        exemption=EXEMPTION_QUANTITIES[judging.exempt_levy],
        prefecture=prefecture_quantities(city.prefecture_word),
        reasons=reasons_of(city),
    )


def _life_of(parameters: Parameters, birth_date: date) -> ChildLife:
    return ChildLife(
        lay_out(birth_date, bands=parameters.bands),
        lay_out(birth_date, bands=parameters.prefecture_bands),
        grade_starts_on(birth_date, grade=1).year,
    )

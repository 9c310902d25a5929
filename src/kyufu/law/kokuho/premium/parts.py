"""The parts of a premium: rates times sums, reduced, cut at the ceiling (賦課限度額) and rounded."""

from __future__ import annotations

from typing import NamedTuple

from kyufu.law.calendar.months import MONTHS_A_YEAR
from kyufu.law.kokuho.premium.rounding import SCALE, RoundingRule, whole_yen
from kyufu.law.kokuho.premium.rules import PartRules, YearRules
from kyufu.law.kokuho.premium.spans import Span
from kyufu.law.kokuho.premium.sums import (
    WHOLE_HOUSEHOLD,
    WHOLE_PERSON,
    HouseholdMonths,
    Stretch,
    Sums,
    sums_of_all,
    sums_of_care,
)
from kyufu.law.kokuho.premium.value import Part
from kyufu.law.records import maker

# Exact units (1/SCALE yen) of one hundredth of a person's month, one four-hundredth of a household's, one month.
_PERSON = SCALE // (MONTHS_A_YEAR * WHOLE_PERSON)
_HOUSEHOLD = SCALE // (MONTHS_A_YEAR * WHOLE_HOUSEHOLD)
_MONTH = SCALE // MONTHS_A_YEAR


class PartFigures(NamedTuple):
    """One part: months; then in yen the base, income, asset, per-person and per-household items before reductions,
    what the reductions take, the sum left, what the ceiling cuts off, and what is
    owed; `exact` is owed unrounded, `exact_left` what was left before the ceiling.
    """

    part: Part
    months: int
    base: int
    income: int
    asset: int
    per_person: int
    per_household: int
    reduction: int
    left: int
    over_ceiling: int
    amount: int
    exact: int
    exact_left: int


_figures = maker(PartFigures)


def figures_of(
    spans: list[Span],
    *,
    stretches: list[Stretch],
    shared: HouseholdMonths,
    rules: YearRules,
    with_maternity: bool = True,
) -> list[PartFigures]:
    """Every part of the year; `with_maternity` False leaves the exemption of births out, to tell what it is worth."""
    national = rules.national
    everybody = sums_of_all(
        spans, stretches=stretches, shared=shared, national=national, with_maternity=with_maternity
    )
    care = sums_of_care(spans, stretches=stretches, national=national, with_maternity=with_maternity)
    return [
        _part(rates, sums=care if rates.part is Part.CARE else everybody, rounding=rules.rounding)
        for rates in rules.parts
    ]


def exempted_by_maternity(
    found: list[PartFigures],
    *,
    spans: list[Span],
    stretches: list[Stretch],
    shared: HouseholdMonths,
    rules: YearRules,
) -> int:
    """What the exemption of births took off the year in yen, before ceilings and rounding; 0 where there was none."""
    if not any(span.maternity for span in spans):
        return 0
    full = figures_of(spans, stretches=stretches, shared=shared, rules=rules, with_maternity=False)
    return whole_yen(sum(each.exact_left for each in full) - sum(each.exact_left for each in found))


def _part(rates: PartRules, *, sums: Sums, rounding: RoundingRule) -> PartFigures:
    months, income_months, asset_months, full, due, adult_full, adult_due, household_full, household_due = (
        sums
    )
    part, income_rate, asset_rate, person, adult, household, ceiling = rates
    income, asset = income_months * income_rate, asset_months * asset_rate
    if part is Part.CHILD:
        persons = (person * full + adult * adult_full) * _PERSON
        persons_due = (person + adult) * adult_due * _PERSON
    else:
        persons, persons_due = person * full * _PERSON, person * due * _PERSON
    households, households_due = (
        household * household_full * _HOUSEHOLD,
        household * household_due * _HOUSEHOLD,
    )
    left = income + asset + persons_due + households_due
    over = max(left - ceiling * months * _MONTH, 0)
    exact = left - over
    return _figures(
        (
            part,
            months,
            income_months // MONTHS_A_YEAR,
            income // SCALE,
            asset // SCALE,
            persons // SCALE,
            households // SCALE,
            (persons + households - persons_due - households_due) // SCALE,
            left // SCALE,
            over // SCALE,
            rounding.part(exact),
            exact,
            left,
        )
    )

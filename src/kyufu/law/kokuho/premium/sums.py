"""The sums behind a premium: incomes, persons and households by months, from which every part is one product.

All figures are whole numbers: incomes in yen times months; persons in hundredths of a month's per-person part, 100
being the whole; the household in four-hundredths of a month's per-household part, 400 being the whole.
"""

from __future__ import annotations

from typing import NamedTuple

from kyufu.law.kokuho.premium.months import WHOLE_YEAR, count
from kyufu.law.kokuho.premium.parameters import NationalRules
from kyufu.law.kokuho.premium.spans import Span

WHOLE_PERSON, WHOLE_HOUSEHOLD, TENTHS, QUARTERS = 100, 400, 10, 4


class Stretch(NamedTuple):
    """Months of the year in which the same incomes count, and the reduction (tenths) that holds in them."""

    months: int
    tenths: int


class HouseholdMonths(NamedTuple):
    """Months of the whole household as bits: 特定世帯, 特定継続世帯, and those with former dependants alone."""

    special: int
    continued: int
    former: int


class Sums(NamedTuple):
    """What a part is made from: for everybody, for the care part, and for adults (18歳以上) in the child part.

    `full` counts persons before the reductions, `due` after them; likewise the household.
    """

    months: int
    income: int
    asset: int
    full: int
    due: int
    adult_full: int
    adult_due: int
    household_full: int
    household_due: int


def sums_of_all(
    spans: list[Span],
    *,
    stretches: list[Stretch],
    shared: HouseholdMonths,
    national: NationalRules,
    with_maternity: bool,
) -> Sums:
    """The sums of the parts that everybody owes (医療分, 支援金分, 子ども分)."""
    months = income = asset = full = due = adult_full = adult_due = household_full = household_due = 0
    for bits, tenths in stretches:
        kept = TENTHS - tenths
        whole = kept * TENTHS
        preschool = kept * (TENTHS - national.preschool_tenths)
        remitted = min(whole, (TENTHS - national.former_dependant_tenths) * TENTHS)
        liable = 0
        for span in spans:
            enrolled = span.enrolled & bits
            if not enrolled:
                continue
            liable |= enrolled
            if with_maternity and span.maternity:
                enrolled &= ~span.maternity
            months_owed = enrolled.bit_count()
            income += _income_months(span, enrolled=enrolled, national=national)
            asset += (span.member.asset_tax or 0) * months_owed
            persons = months_owed * (preschool if span.preschool else whole)
            if span.former:
                former = count(span.former & enrolled)
                persons = (months_owed - former) * whole + former * remitted
            full += months_owed
            due += persons
            if not span.minor:
                adult_full += months_owed
                adult_due += persons
        months |= liable
        household_full += _household_full(liable, shared=shared, national=national)
        household_due += _household_due(liable, kept=kept, shared=shared, national=national)
    return Sums(
        count(months),
        income,
        asset,
        full * WHOLE_PERSON,
        due,
        adult_full * WHOLE_PERSON,
        adult_due,
        household_full,
        household_due,
    )


def sums_of_care(
    spans: list[Span], *, stretches: list[Stretch], national: NationalRules, with_maternity: bool
) -> Sums:
    """The sums of the care part: of those from 40 to 64 alone, and the household in the months that has one."""
    months = income = asset = full = due = household_full = household_due = 0
    for bits, tenths in stretches:
        kept = TENTHS - tenths
        liable = 0
        for span in spans:
            owing = span.care & bits
            if not owing:
                continue
            liable |= owing
            if with_maternity and span.maternity:
                owing &= ~span.maternity
            months_owed = owing.bit_count()
            income += _income_months(span, enrolled=owing, national=national)
            asset += (span.member.asset_tax or 0) * months_owed
            full += months_owed
            due += months_owed * kept * TENTHS
        months |= liable
        household_full += count(liable) * WHOLE_HOUSEHOLD
        household_due += count(liable) * kept * TENTHS * QUARTERS
    return Sums(count(months), income, asset, full * WHOLE_PERSON, due, 0, 0, household_full, household_due)


def _income_months(span: Span, *, enrolled: int, national: NationalRules) -> int:
    """Base income times months; that of a former dependant is not levied, that of the unemployed counts at 30/100."""
    member = span.member
    if member.former_dependant_since is not None and national.former_dependant_income_exempt:
        return 0
    if not span.relieved:
        return (member.income.base_income or 0) * enrolled.bit_count()
    eased = count(enrolled & span.relieved)
    lower = member.income if member.unemployment is None else member.unemployment.income
    return (member.income.base_income or 0) * (count(enrolled) - eased) + (lower.base_income or 0) * eased


def _household_full(liable: int, *, shared: HouseholdMonths, national: NationalRules) -> int:
    months = liable.bit_count() * WHOLE_HOUSEHOLD
    if shared.special:
        months -= count(liable & shared.special) * (QUARTERS - national.special_quarters) * WHOLE_PERSON
    if shared.continued:
        months -= count(liable & shared.continued) * (QUARTERS - national.continued_quarters) * WHOLE_PERSON
    return months


def _household_due(liable: int, *, kept: int, shared: HouseholdMonths, national: NationalRules) -> int:
    special, continued, former = shared
    if not (special or continued or former):
        return liable.bit_count() * kept * TENTHS * QUARTERS
    remitted = (TENTHS - national.former_dependant_tenths) * TENTHS * QUARTERS
    due = 0
    for bits, quarters in (
        (special, national.special_quarters),
        (continued, national.continued_quarters),
        (WHOLE_YEAR & ~special & ~continued, QUARTERS),
    ):
        each = kept * TENTHS * quarters
        alone = count(liable & bits & former)
        due += (count(liable & bits) - alone) * each + alone * min(each, remitted)
    return due

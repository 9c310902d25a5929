"""A second, slow reading of rules.md A1 and A4, day by day and without any of the product's code but its records.

It knows no period, band or cache: it answers a single day with plain comparisons. What it shares with the product is
the reading of the sources by the same hand; what it catches is every mistake of layout, look-up and period.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from kyufu.law.child.facts import ChildFacts, Guardian, IncomeEvidence

RANK = {"tax_ledger": 1, "network": 2, "certificate": 3}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of one day: outcome and class."""

    outcome: str
    benefit_class: str | None = None


ELIGIBLE, NOT, CANNOT = "eligible", "not_eligible", "cannot_decide"


def reached_on(born: date, *, age: int) -> date:
    """The eve of the birthday; for 29 February always the 28th."""
    year = born.year + age
    if (born.month, born.day) == (2, 29):
        return date(year, 2, 28)
    return date(year, born.month, born.day) - timedelta(days=1)


def month_has_age(born: date, *, age: int, on: date) -> bool:
    """Whether the month of `on` lies after the month in which the age is reached."""
    reached = reached_on(born, age=age)
    return (on.year, on.month) > (reached.year, reached.month)


def school_year(born: date, *, on: date) -> int:
    """Grade by the Japanese school year: those born from 2 April to 1 April enter together in the year they
    turn 6 + 1.
    """
    cohort = born.year if (born.month, born.day) >= (4, 2) else born.year - 1
    current = on.year if on.month >= 4 else on.year - 1
    return current - cohort - 6


def income_of(guardian: Guardian, *, year: int) -> IncomeEvidence | None:
    """The evidence that counts, None where there is none that can be used."""
    mine = [each for each in guardian.incomes if each.covers == (date(year, 1, 1), date(year + 1, 1, 1))]
    for source in RANK:
        told = [each.obtained_on for each in mine if each.source == source]
        mine = [each for each in mine if each.source != source or each.obtained_on == max(told)]
    mine = sorted((each for each in mine if each.declared == "yes"), key=lambda each: RANK[each.source])
    if not mine:
        return None
    first = mine[0]
    if any(other.source == first.source and other != first for other in mine):
        return None
    return first if first.tax_year == year + 1 else None


def judged_income(evidence: IncomeEvidence, *, year: int) -> int:
    """Income less 80,000, less up to 100,000 from the income of 2020 on, less the deductions."""
    income = sum(evidence.incomes) - 80_000
    if year >= 2020:
        income -= max(0, min(100_000, evidence.incomes.salary + evidence.incomes.public_pension))
    taken = evidence.deductions
    income -= taken.casualty_loss + taken.medical + taken.small_enterprise_mutual_aid
    income -= 270_000 * (taken.disabled_persons + taken.widow + taken.working_student)
    income -= 400_000 * taken.specially_disabled_persons + 350_000 * taken.single_parent
    return max(0, income)


def over_limit(facts: ChildFacts, *, on: date) -> bool | None:
    """Whether the higher earner's income is not under the limit; None where it cannot be known."""
    year = on.year - 1 if on.month >= 8 else on.year - 2
    evidences = [income_of(guardian, year=year) for guardian in facts.guardians]
    known = [each for each in evidences if each is not None]
    if len(known) < len(evidences):
        return None
    most = max(sum(each.incomes) for each in known)
    return any(excess(each, year=year) >= 0 for each in known if sum(each.incomes) == most)


def excess(evidence: IncomeEvidence, *, year: int) -> int:
    """By how much the judged income reaches over the limit for the dependants."""
    family = evidence.dependants
    limit = 5_320_000 + 380_000 * family.total + 60_000 * (family.elderly + family.elderly_spouse)
    return judged_income(evidence, year=year) - limit


def is_untaxed(facts: ChildFacts, *, on: date) -> bool | None:
    """Whether no guardian pays municipal tax; None where a levy is not known and none is above zero."""
    year = on.year - 1 if on.month >= 8 else on.year - 2
    levies: list[int | None] = []
    for guardian in facts.guardians:
        evidence = income_of(guardian, year=year)
        levies += [evidence.income_levy, evidence.per_capita_levy] if evidence else []
    if any(levy for levy in levies if levy):
        return False
    return None if None in levies else True


def is_in_age(born: date, *, on: date) -> bool:
    """Whether the city has a class for the age at all."""
    return born <= on and school_year(born, on=on) <= (12 if on >= date(2026, 6, 1) else 9)


def class_of(facts: ChildFacts, *, on: date) -> Verdict:
    """The class of a child in age, by era."""
    born = facts.birth_date
    assert born is not None
    grade = school_year(born, on=on)
    if on >= date(2023, 8, 1) or not month_has_age(born, age=1, on=on):
        return Verdict(ELIGIBLE, "free")
    over = over_limit(facts, on=on)
    if over is None:
        return Verdict(CANNOT)
    if over:
        is_young = on >= date(2021, 4, 1) and not month_has_age(born, age=3, on=on)
        return Verdict(ELIGIBLE, "visit_500") if is_young else Verdict(NOT)
    if grade <= 3:
        return Verdict(ELIGIBLE, "free")
    if on < date(2019, 4, 1):
        return Verdict(ELIGIBLE, "visit_500" if grade <= 6 else "inpatient_only")
    untaxed = is_untaxed(facts, on=on)
    if untaxed is None:
        return Verdict(CANNOT)
    return Verdict(ELIGIBLE, "free" if untaxed else "visit_500")


def judge_day(facts: ChildFacts, *, on: date) -> Verdict:
    """The answer of one day for facts whose application came in time."""
    born = facts.birth_date
    lives_here = any(each.municipality == "141003" and on in each.period for each in facts.residences)
    excluded = any(on in period for period in facts.public_assistance)
    excluded = excluded or any(on in each.period for each in facts.other_schemes)
    if on < date(2017, 4, 1):
        return Verdict(CANNOT)
    excluded = excluded or (facts.died_on is not None and on >= facts.died_on)
    if not lives_here or excluded or (born is not None and not is_in_age(born, on=on)):
        return Verdict(NOT)
    insured = any(on in each.period for each in facts.insurances)
    if born is None or not insured or not facts.guardians or facts.applied_on is None:
        return Verdict(CANNOT)
    return class_of(facts, on=on)


def last_day_of_month(day: date) -> date:
    """The last day of the month of a day."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])

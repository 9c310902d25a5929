"""The requirements apart from income: residence, age, insurance, and the schemes that come before this one.

Each is looked up as a coverage: whether it holds on the day, and the run or gap of days on which that stays
so.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from kyufu.law.calendar.period import NEVER_COVERED, Coverage, Period, coverage
from kyufu.law.calendar.years import grade_starts_on
from kyufu.law.child.day import ChildLife
from kyufu.law.child.facts import ChildFacts, OtherScheme, OtherSchemeKind
from kyufu.law.child.parameters import ParallelRules
from kyufu.law.child.quantities import (
    ASSISTANCE_QUANTITIES,
    DEATH_QUANTITIES,
    DISABILITY_QUANTITIES,
    INSTITUTION_QUANTITIES,
    SINGLE_PARENT_QUANTITIES,
)
from kyufu.law.child.reasons import BIRTH_DATE_UNKNOWN, NOT_BORN, Reasons
from kyufu.law.decision import Reason
from kyufu.law.records import maker
from kyufu.law.tracing import Block

_SCHEME_QUANTITIES = {
    OtherSchemeKind.DISABILITY: DISABILITY_QUANTITIES,
    OtherSchemeKind.SINGLE_PARENT: SINGLE_PARENT_QUANTITIES,
    OtherSchemeKind.INSTITUTION: INSTITUTION_QUANTITIES,
}


class Requirements(NamedTuple):
    """What holds on a day; `age` is None where the birth date is not known, `death` where no death is.

    `parallel` is whether the day lies in the grades in which a disability subsidy may go beside this one; None where
    there is none, or the municipality knows no such grades.
    """

    residence: Coverage
    insurance: Coverage
    assistance: Coverage
    schemes: tuple[tuple[OtherSchemeKind, Coverage], ...]
    age: Coverage | None
    death: Coverage | None
    parallel: Coverage | None


_requirements = maker(Requirements)

# A period that bounds an answer, and the code of what it is due to.
Bound = tuple[Period, str]


def look_up(
    facts: ChildFacts, *, on: date, life: ChildLife | None, city_code: str, parallel: ParallelRules | None
) -> Requirements:
    """What holds on a day, from the facts; residence is one in the municipality of the code."""
    residences = facts.residences
    schemes = _look_up_schemes(facts.other_schemes, on=on) if facts.other_schemes else ()
    in_city = tuple([period for municipality, period in residences if municipality == city_code])
    return _requirements(
        (
            coverage(in_city, day=on),
            coverage(tuple([period for _, period in facts.insurances]), day=on),
            coverage(facts.public_assistance, day=on),
            schemes,
            None if life is None else coverage(life.city.runs, day=on),
            None if facts.died_on is None else coverage((Period(facts.died_on, None),), day=on),
            _look_up_parallel(facts, schemes=schemes, on=on, rules=parallel),
        )
    )


def _look_up_schemes(
    schemes: tuple[OtherScheme, ...], *, on: date
) -> tuple[tuple[OtherSchemeKind, Coverage], ...]:
    return tuple(
        (kind, coverage(tuple([scheme.period for scheme in schemes if scheme.kind is kind]), day=on))
        for kind in OtherSchemeKind
    )


def _look_up_parallel(
    facts: ChildFacts,
    *,
    schemes: tuple[tuple[OtherSchemeKind, Coverage], ...],
    on: date,
    rules: ParallelRules | None,
) -> Coverage | None:
    """Whether the day lies in the grades in which a disability subsidy that is held may go beside this one."""
    held = any(kind is OtherSchemeKind.DISABILITY and one.covered for kind, one in schemes)
    if rules is None or facts.birth_date is None or not held:
        return None
    first = grade_starts_on(facts.birth_date, grade=rules.disability_first_grade)
    after = grade_starts_on(facts.birth_date, grade=rules.disability_last_grade + 1)
    return coverage((Period(first, after),), day=on)


def find_refusals(
    found: Requirements, *, birth_date: date | None, on: date, reasons: Reasons
) -> tuple[Reason, ...]:
    """Why the child is not entitled whatever else is known; after a death nothing else is said."""
    if found.death is not None and found.death.covered:
        return (reasons.died,)
    refusals: list[Reason] = []
    if not found.residence.covered:
        refusals.append(reasons.not_resident)
    if found.age is not None and not found.age.covered:
        is_born = birth_date is not None and birth_date <= on
        refusals.append(reasons.too_old if is_born else NOT_BORN)
    if found.assistance.covered:
        refusals.append(reasons.public_assistance)
    refusals += [
        reasons.of_scheme(kind)
        for kind, held in found.schemes
        if held.covered and not (kind is OtherSchemeKind.DISABILITY and _may_be_parallel(found))
    ]
    return tuple(refusals)


def _may_be_parallel(found: Requirements) -> bool:
    return found.parallel is not None and found.parallel.covered


def exclusion_blocks(found: Requirements) -> tuple[Block, ...]:
    """From when to when that holds which excludes the child on the day; the last day is None while it is open."""
    if found.death is not None and found.death.covered:
        return ((DEATH_QUANTITIES, (found.death.period.start,)),)
    held = [(ASSISTANCE_QUANTITIES, found.assistance)]
    held += [(_SCHEME_QUANTITIES[kind], coverage) for kind, coverage in found.schemes]
    return tuple([(names, (run.start, run.last_day)) for names, (covered, run) in held if covered])


def find_lacking(facts: ChildFacts, *, found: Requirements, reasons: Reasons) -> tuple[Reason, ...]:
    """What is not known that a decision needs."""
    lacking: list[Reason] = []
    if facts.birth_date is None:
        lacking.append(BIRTH_DATE_UNKNOWN)
    if not found.insurance.covered:
        lacking.append(reasons.insurance_unknown)
    if _may_be_parallel(found):
        lacking.append(reasons.disability_kind_unknown)
    if not facts.guardians:
        lacking.append(reasons.no_guardian)
    if facts.applied_on is None:
        lacking.append(reasons.no_application)
    return tuple(lacking)


def bounds_of(found: Requirements) -> list[Bound]:
    """The periods in which each requirement stays as it is on the day; the first day of death ends them all."""
    if found.death is not None and found.death.covered:
        return [(found.death.period, "death")]
    bounds = [(found.residence.period, "residence")]
    if found.age is not None:
        bounds.append((found.age.period, "age"))
    if found.assistance is not NEVER_COVERED:
        bounds.append((found.assistance.period, "public_assistance"))
    bounds += [(held.period, "other_scheme") for _, held in found.schemes]
    if found.parallel is not None:
        bounds.append((found.parallel.period, "band"))
    if found.death is not None:
        bounds.append((found.death.period, "death"))
    return bounds

"""Who of a household owes for which months of the year, and what eases it: what the sums are made from."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from kyufu.law.calendar.ages import reaches_age_on
from kyufu.law.calendar.months import MONTHS_A_YEAR, YearMonth
from kyufu.law.calendar.period import ONE_DAY
from kyufu.law.kokuho.premium.facts import Companion, Household, Maternity, Member, Unemployment
from kyufu.law.kokuho.premium.months import (
    age_months,
    enrolled_months,
    first_number,
    is_until_march_after,
    months_before_birthday,
    months_from_to,
    months_since,
)
from kyufu.law.kokuho.premium.parameters import Ages, NationalRules
from kyufu.law.kokuho.premium.rules import YearRules, first_day_of
from kyufu.law.kokuho.specified import specified_month
from kyufu.law.records import maker


class Span(NamedTuple):
    """One member's months, as bits of the year: insured, owing for care, eased by unemployment, exempted by a birth,
    and those in which the remission of former dependants holds; then who is preschool, minor, former dependant.
    """

    member: Member
    enrolled: int
    care: int
    relieved: int
    maternity: int
    former: int
    preschool: bool
    minor: bool


class _Profile(NamedTuple):
    care: int
    insurable: int
    preschool: bool
    minor: bool


_span = maker(Span)


def spans_of(household: Household, *, rules: YearRules) -> list[Span]:
    """The months of each member, in the order of the facts."""
    fiscal_year, ages = rules.fiscal_year, rules.ages
    found = []
    for member in household.members:
        _, birth_date, enrolled, _, unemployment, maternity, former_since, _, care_exempt = member
        care, insurable, preschool, minor = _profile(birth_date, fiscal_year=fiscal_year, ages=ages)
        months = enrolled_months(enrolled, fiscal_year=fiscal_year) & insurable
        if care_exempt:
            care &= ~enrolled_months(care_exempt, fiscal_year=fiscal_year)
        relieved = exempted = former = 0
        if unemployment is not None:
            relieved = months & relieved_months(member, fiscal_year=fiscal_year, national=rules.national)
        if maternity is not None:
            exempted = months & maternity_months(maternity, rules=rules)
        if former_since is not None:
            length = rules.national.former_dependant_months
            former = months & months_since(former_since, fiscal_year=fiscal_year, skipped=0, length=length)
        found.append(_span((member, months, months & care, relieved, exempted, former, preschool, minor)))
    return found


@lru_cache(maxsize=131072)
def _profile(birth_date: date, *, fiscal_year: int, ages: Ages) -> _Profile:
    return _Profile(
        care=age_months(
            birth_date, fiscal_year=fiscal_year, since_age=ages.care_from, until_age=ages.care_until
        ),
        insurable=months_before_birthday(birth_date, fiscal_year=fiscal_year, age=ages.elderly),
        preschool=is_until_march_after(birth_date, fiscal_year=fiscal_year, age=ages.preschool),
        minor=is_until_march_after(birth_date, fiscal_year=fiscal_year, age=ages.minor),
    )


def relieved_months(member: Member, *, fiscal_year: int, national: NationalRules) -> int:
    """The months eased by unemployment (国民健康保険法施行令第29条の7の2): from that of the day after leaving to the
    March of the next fiscal year; none for who had reached 65 when leaving.
    """
    unemployment = member.unemployment
    if unemployment is None or not is_relievable(unemployment, member=member, national=national):
        return 0
    after = unemployment.left_on + ONE_DAY
    start = YearMonth(after.year, after.month)
    end = first_number(start.fiscal_year) + 2 * MONTHS_A_YEAR
    first = first_number(fiscal_year)
    return months_from_to(start=start.number - first, end=end - first)


def is_relievable(unemployment: Unemployment, *, member: Member, national: NationalRules) -> bool:
    """Whether the person was below the age (65) when leaving work."""
    return unemployment.left_on < reaches_age_on(member.birth_date, age=national.unemployed_age)


def maternity_months(maternity: Maternity, *, rules: YearRules) -> int:
    """The months exempted by a birth (産前産後期間): four, of more than one child six; none before 2024-01."""
    national, first = rules.national, first_number(rules.fiscal_year)
    before = national.maternity_before_multiple if maternity.multiple else national.maternity_before
    start = max(maternity.month.number - before, rules.maternity_since.number)
    return months_from_to(
        start=start - first, end=maternity.month.number + national.maternity_after + 1 - first
    )


def base_day(household: Household, *, fiscal_year: int) -> date:
    """The day as of which the year's premium is judged: 1 April, or the first day of being insured in the year."""
    april = first_day_of(fiscal_year)
    first: date | None = None
    for member in household.members:
        for start, end in member.enrolled:
            if end is not None and end <= april:
                continue
            if start <= april:
                return april
            first = start if first is None or start < first else first
    return april if first is None else first


def single_months(spans: list[Span]) -> int:
    """The months in which one person alone is insured."""
    once = twice = 0
    for span in spans:
        twice |= once & span.enrolled
        once |= span.enrolled
    return once & ~twice


def special_months(
    companions: tuple[Companion, ...], *, spans: list[Span], rules: YearRules
) -> tuple[int, int]:
    """The months as 特定世帯 and as 特定継続世帯: one insured person beside one who moved to the elderly's insurance.

    Counted from 特定月 on: 60 months, then 36.
    """
    national, fiscal_year = rules.national, rules.fiscal_year
    special = continued = 0
    for companion in companions:
        moved_on = companion.joined_elderly_on
        if moved_on is None:
            continue
        first = specified_month(moved_on).first_day
        special |= months_since(first, fiscal_year=fiscal_year, skipped=0, length=national.specified_months)
        continued |= months_since(
            first,
            fiscal_year=fiscal_year,
            skipped=national.specified_months,
            length=national.continuing_months,
        )
    single = single_months(spans)
    return single & special, single & continued & ~special


def all_former_months(spans: list[Span]) -> int:
    """The months in which every insured person is a former dependant whose remission holds."""
    former = other = 0
    for span in spans:
        former |= span.former
        other |= span.enrolled & ~span.former
    return former & ~other

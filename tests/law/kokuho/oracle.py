"""Premiums computed a second time, month by month with fractions, from the words of the rules alone.

Nothing here is taken from the code under test but the facts and the figures of the parameters: every month is asked
day by day who is insured at its end, how old each is, and what is eased; the amounts of the months are added up.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import floor

from kyufu.law.income.evidence import Declared
from kyufu.law.kokuho.member_income import MemberIncome
from kyufu.law.kokuho.premium.facts import Companion, Household, Member
from kyufu.law.kokuho.premium.rules import PartRules, YearRules

LIMITS = {2022: (285_000, 520_000), 2023: (290_000, 535_000), 2024: (295_000, 545_000)}
LIMITS |= {2025: (305_000, 560_000), 2026: (310_000, 570_000)}
HALF, THREE_QUARTERS = Fraction(1, 2), Fraction(3, 4)


@dataclass(frozen=True)
class Month:
    """One month of the year by its last day."""

    year: int
    month: int

    @property
    def last(self) -> date:
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    @property
    def index(self) -> int:
        return self.year * 12 + self.month


def months(fiscal_year: int) -> list[Month]:
    """April to March."""
    return [Month(fiscal_year + (number > 12), (number - 1) % 12 + 1) for number in range(4, 16)]


def birthday(born: date, *, age: int) -> date:
    """The birthday of an age; of the 29th of February on the 1st of March where there is none."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def is_of_age(born: date, *, age: int, by: date) -> bool:
    """Whether an age is reached by the end of a day: the day before the birthday."""
    reached = birthday(born, age=age) - timedelta(days=1)
    if born.month == 2 and born.day == 29:
        reached = date(born.year + age, 2, 28)
    return reached <= by


def is_insured(member: Member, *, on: date) -> bool:
    """Within a period and not yet 75."""
    if on >= birthday(member.birth_date, age=75):
        return False
    return any(start <= on and (end is None or on < end) for start, end in member.enrolled)


def owes_care(member: Member, *, month: Month) -> bool:
    """From the month of 40 to the month before that of 65, but where exempt at its end."""
    if any(start <= month.last and (end is None or month.last < end) for start, end in member.care_exempt):
        return False
    born = member.birth_date
    return is_of_age(born, age=40, by=month.last) and not is_of_age(born, age=65, by=month.last)


def is_before_march(born: date, *, age: int, fiscal_year: int) -> bool:
    """Whether the first 31 March on or after the day of reaching an age is not before the year's end."""
    day = date(fiscal_year, 3, 31)
    return not is_of_age(born, age=age, by=day)


def is_relieved(member: Member, *, month: Month) -> bool:
    """Within the months of a loss of work before 65."""
    lost = member.unemployment
    if lost is None or is_of_age(member.birth_date, age=65, by=lost.left_on):
        return False
    after = lost.left_on + timedelta(days=1)
    ends = after.year + (after.month >= 4)
    return Month(after.year, after.month).index <= month.index <= Month(ends + 1, 3).index


def is_exempt_by_birth(member: Member, *, month: Month) -> bool:
    """One month before to two after the month of birth; three before where there are more than one."""
    birth = member.maternity
    if birth is None or month.index < Month(2024, 1).index:
        return False
    distance = month.index - (birth.month.year * 12 + birth.month.month)
    return (-3 if birth.multiple else -1) <= distance <= 2


def is_former_dependant(member: Member, *, month: Month) -> bool:
    """Within 24 months from that of becoming insured."""
    since = member.former_dependant_since
    return since is not None and 0 <= month.index - Month(since.year, since.month).index < 24


def share_of_household(companions: tuple[Companion, ...], *, insured: int, month: Month) -> Fraction:
    """The share of the per-household part: of one person beside one who moved to the elderly's insurance."""
    if insured != 1:
        return Fraction(1)
    share = Fraction(1)
    for companion in companions:
        moved = companion.joined_elderly_on
        if moved is None:
            continue
        passed = month.index - Month(moved.year, moved.month).index
        if 0 <= passed < 60:
            share = min(share, HALF)
        elif 60 <= passed < 96:
            share = min(share, THREE_QUARTERS)
    return share


def income_in(member: Member, *, month: Month) -> MemberIncome:
    """The income that counts in a month."""
    if member.unemployment is not None and is_relieved(member, month=month):
        return member.unemployment.income
    return member.income


def judged_on(facts: Household) -> date:
    """1 April, or the first day on which somebody is insured in the year."""
    april = date(facts.fiscal_year, 4, 1)
    day = april
    while day < date(facts.fiscal_year + 1, 4, 1):
        if any(
            start <= day and (end is None or day < end) for m in facts.members for start, end in m.enrolled
        ):
            return day
        day += timedelta(days=1)
    return april


def tenths(facts: Household, *, on: date, month: Month) -> int:
    """The reduction by the incomes that count in a month, as of a day."""
    people = [
        income_in(member, month=month)
        if is_relieved(member, month=month) and is_insured(member, on=month.last)
        else member.income
        for member in facts.members
        if is_insured(member, on=on)
    ]
    number = len(people)
    for companion in facts.companions:
        moved = companion.joined_elderly_on is not None and companion.joined_elderly_on <= on
        number += moved
        if moved or (companion.is_head and companion.joined_elderly_on is None):
            people.append(companion.income)
    if any(each.declared is Declared.NO for each in people):
        return 0
    earners = sum(each.counts_as_earner for each in people)
    base = 430_000 + 100_000 * max(0, earners - 1)
    five, two = LIMITS[facts.fiscal_year]
    total = sum(each.reduction_income or 0 for each in people)
    for limit, found in ((base, 7), (base + five * number, 5), (base + two * number, 2)):
        if total <= limit:
            return found
    return 0


def monthly_amounts(facts: Household, *, rates: PartRules) -> Iterator[tuple[bool, Fraction]]:
    """For each month whether the part is owed, and a year's amount of that month before the ceiling."""
    on = judged_on(facts)
    for month in months(facts.fiscal_year):
        insured = [member for member in facts.members if is_insured(member, on=month.last)]
        owing = insured
        if rates.part == "care":
            owing = [member for member in insured if owes_care(member, month=month)]
        if not owing:
            yield False, Fraction(0)
            continue
        kept = 1 - Fraction(tenths(facts, on=on, month=month), 10)
        amount = Fraction(0)
        for member in owing:
            amount += of_member(member, month=month, kept=kept, rates=rates, fiscal_year=facts.fiscal_year)
        share = Fraction(1)
        if rates.part != "care":
            share = share_of_household(facts.companions, insured=len(insured), month=month)
        home = kept * share
        if rates.part != "care" and all(is_former_dependant(member, month=month) for member in insured):
            home = min(home, HALF)
        yield True, amount + rates.per_household * home


def of_member(
    member: Member, *, month: Month, kept: Fraction, rates: PartRules, fiscal_year: int
) -> Fraction:
    """A year's amount of one member as of one month: income, asset and per-person items."""
    asset = Fraction((member.asset_tax or 0) * rates.asset_rate, 100_000)
    if is_exempt_by_birth(member, month=month):
        return Fraction(0)
    base = 0 if member.former_dependant_since is not None else income_in(member, month=month).base_income or 0
    income = Fraction(base * rates.income_rate, 100_000)
    born = member.birth_date
    person = Fraction(rates.per_person)
    if rates.part == "child":
        minor = is_before_march(born, age=18, fiscal_year=fiscal_year)
        person = Fraction(0) if minor else person + rates.adult_per_person
    share = kept
    if is_former_dependant(member, month=month):
        share = min(share, HALF)
    elif rates.part in ("medical", "support") and is_before_march(born, age=6, fiscal_year=fiscal_year):
        share *= HALF
    return income + asset + person * share


def exact_part(facts: Household, *, rates: PartRules) -> Fraction:
    """A part of the year exactly, cut at its ceiling of the months owed."""
    found = list(monthly_amounts(facts, rates=rates))
    owed = sum(owes for owes, _ in found)
    return min(sum((amount for _, amount in found), Fraction(0)) / 12, Fraction(rates.ceiling * owed, 12))


def premium(facts: Household, *, rules: YearRules) -> tuple[int, list[int]]:
    """The year's premium and its parts as the rounding rule leaves them."""
    exact = [exact_part(facts, rates=rates) for rates in rules.parts]
    unit = rules.rounding.part_unit
    parts = [floor(each / (unit or 1)) * (unit or 1) for each in exact]
    total: Fraction | int = sum(parts) if unit else sum(exact, Fraction(0))
    whole = rules.rounding.total_unit or 1
    return floor(Fraction(total) / whole) * whole, parts

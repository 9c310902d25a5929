"""The facts of a premium: one household under one head in one fiscal year, as the municipality knows it.

All are named tuples: a batch makes and hashes millions of them. Where the head of the household changes within the
year, each head is a household of their own, because the premium is owed by the head (国民健康保険法第76条).
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from kyufu.law.calendar.months import YearMonth
from kyufu.law.calendar.period import Period
from kyufu.law.kokuho.member_income import MemberIncome

FISCAL_YEARS = range(2022, 2100)


def fault_of_year(fiscal_year: int) -> tuple[str, str] | None:
    """What is wrong with a fiscal year for which a premium is asked for."""
    if fiscal_year in FISCAL_YEARS:
        return None
    return "fiscal_year", "年度は2022（令和4年度）以後の西暦4桁です"


class Unemployment(NamedTuple):
    """Loss of work not of one's own will (非自発的失業): the day it ended, and the income counted at 30/100 for it."""

    left_on: date
    income: MemberIncome


class Maternity(NamedTuple):
    """The month of birth (出産予定月 or 出産月) of who bears, and whether of more than one child (多胎)."""

    month: YearMonth
    multiple: bool


class Member(NamedTuple):
    """One insured person (被保険者) of the household.

    `enrolled` are the periods of being insured by this municipality within this household: from the day of
    acquisition up to, not including, the day of loss. `asset_tax` is the 固定資産税額 (yen), needed only where the
    municipality levies an asset part. `former_dependant_since` is the day a 旧被扶養者 whose remission was granted
    became insured. `care_exempt` are the periods of 介護保険適用除外, in which no care part is owed.
    """

    ref: str
    birth_date: date
    enrolled: tuple[Period, ...]
    income: MemberIncome
    unemployment: Unemployment | None = None
    maternity: Maternity | None = None
    former_dependant_since: date | None = None
    asset_tax: int | None = None
    care_exempt: tuple[Period, ...] = ()

    def fault(self) -> tuple[str, str] | None:
        """What cannot be: born after becoming insured, negative tax, an income that grew when eased."""
        if any(period.start < self.birth_date for period in self.enrolled):
            return "enrolled", "資格の始まりが出生より前です"
        if self.unemployment is not None and self._gains(self.unemployment.income):
            return "unemployment", "非自発的失業の所得が、100分の30とみる前の所得を超えています"
        if self.asset_tax is not None and self.asset_tax < 0:
            return "asset_tax", "負の額は使えません"
        return None

    def _gains(self, eased: MemberIncome) -> bool:
        return any(
            (after or 0) > before
            for before, after in (
                (self.income.base_income, eased.base_income),
                (self.income.total_income, eased.total_income),
            )
            if before is not None
        )


class Companion(NamedTuple):
    """One who is not insured and yet counts: a head insured elsewhere (擬制世帯主), or 特定同一世帯所属者, or both.

    `joined_elderly_on` is the day on which the person left this insurance for that of the elderly (後期高齢者医療).
    """

    ref: str
    is_head: bool
    joined_elderly_on: date | None
    income: MemberIncome

    def fault(self) -> tuple[str, str] | None:
        """A person who is neither head nor moved on to the insurance of the elderly has no part in it."""
        if not self.is_head and self.joined_elderly_on is None:
            return "is_head", "世帯主でも特定同一世帯所属者でもない人は書きません"
        return None


class Household(NamedTuple):
    """The household of one head in one fiscal year (named by the year in which it begins)."""

    fiscal_year: int
    members: tuple[Member, ...]
    companions: tuple[Companion, ...] = ()

    def fault(self) -> tuple[str, str] | None:
        """What cannot be: a year before these rules, no member, one ref twice, two heads insured elsewhere."""
        fault = fault_of_year(self.fiscal_year)
        if fault is not None:
            return fault
        if not self.members:
            return "members", "被保険者がいません"
        insured = [each.ref for each in self.members]
        refs = insured + [each.ref for each in self.companions]
        moved = {each.ref for each in self.companions if each.joined_elderly_on is not None}
        if len(set(refs)) + len(moved.intersection(insured)) != len(refs):
            return "members", "同じ ref の人が二人います"
        if sum(each.is_head for each in self.companions) > 1:
            return "companions", "世帯主が二人います"
        return None

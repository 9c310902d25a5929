"""The people of a household as the benefits see them: age groups, shares of cost, incomes by year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kyufu.law.calendar.ages import first_month_start_after_age, reaches_age_on
from kyufu.law.calendar.months import YearMonth, month_of
from kyufu.law.calendar.period import ONE_DAY
from kyufu.law.calendar.years import grade_starts_on
from kyufu.law.income.evidence import Declared
from kyufu.law.kokuho.benefits.parameters import Rules
from kyufu.law.kokuho.member_income import MemberIncome


class TaxStatus(StrEnum):
    """Whether the person pays residents' tax (住民税): taxed, exempt, or not known."""

    TAXED = "taxed"
    EXEMPT = "exempt"
    UNKNOWN = "unknown"


class AgeGroup(StrEnum):
    """How a month counts for a person: under 70, 70 to 74, or no longer in this insurance."""

    UNDER_70 = "under_70"
    FROM_70 = "from_70"
    LATE_ELDERLY = "late_elderly"


@dataclass(frozen=True, slots=True)
class YearIncome:
    """One person's income of one calendar year, yen; None is not known, never zero.

    `base_income` 旧ただし書所得 (after the basic deduction, the unemployed at 30/100), `taxable_income` 課税所得
    (住民税の課税標準額), `gross_income` 収入額; `pension_revenue` 公的年金等の収入, `salary_income` 給与所得 and
    `other_income` その他の所得の合計 decide 低所得者Ⅰ.
    """

    income_year: int
    declared: Declared
    tax: TaxStatus
    base_income: int | None = None
    taxable_income: int | None = None
    gross_income: int | None = None
    pension_revenue: int | None = None
    salary_income: int | None = None
    other_income: int | None = None

    def fault(self) -> tuple[str, str] | None:
        """Amounts that cannot be."""
        for name in ("base_income", "taxable_income", "gross_income", "pension_revenue"):
            amount = getattr(self, name)
            if amount is not None and amount < 0:
                return name, "負の額は使えません"
        return None


def year_income(
    income: MemberIncome,
    *,
    tax: TaxStatus,
    taxable_income: int | None = None,
    gross_income: int | None = None,
) -> YearIncome:
    """The income of a person as the income rules found it, with what the tax ledger says beside (yen)."""
    return YearIncome(
        income.income_year,
        income.declared,
        tax,
        base_income=income.base_income,
        taxable_income=taxable_income,
        gross_income=gross_income,
    )


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the household on the first day of the month (世帯の状況は月の初日による).

    `insured` is False for a head who is not insured here (擬制世帯主) and for a person who moved to the insurance of
    the late elderly and still lives in the household (特定同一世帯所属者, `moved_to_late_elderly`).
    """

    name: str
    birth_date: date
    insured: bool = True
    head: bool = False
    moved_to_late_elderly: bool = False
    incomes: tuple[YearIncome, ...] = ()

    def fault(self) -> tuple[str, str] | None:
        """A person cannot be insured here and there."""
        if self.insured and self.moved_to_late_elderly:
            return "moved_to_late_elderly", "国保の被保険者は特定同一世帯所属者になりません"
        return None

    def income_of(self, year: int) -> YearIncome | None:
        """The income of a calendar year, None where it is not known; who was born after the year had none."""
        found = next((income for income in self.incomes if income.income_year == year), None)
        if found is None and self.birth_date.year > year:
            return YearIncome(year, Declared.YES, TaxStatus.EXEMPT, 0, 0, 0, 0, 0, 0)
        return found


def fault_of_members(members: tuple[Member, ...], *, month: YearMonth) -> tuple[str, str] | None:
    """What cannot be of the people of a month: two of one name, one who is not born yet."""
    names = [member.name for member in members]
    if len(set(names)) != len(names):
        return "members", "同じ名前の人が二人います"
    if any(month_of(member.birth_date) > month for member in members):
        return "members", "診療月にまだ生まれていない人がいます"
    return None


def age_group(birth_date: date, *, month: YearMonth, rules: Rules) -> AgeGroup:
    """The group of a person in a month (国保法第42条): 70 counts from the month after the day 70 is reached.

    Who turns 75 leaves on the birthday; on the 1st of a month, that is the whole month.
    """
    first = month.first_day
    if first >= turns_75_on(birth_date, rules=rules):
        return AgeGroup.LATE_ELDERLY
    senior = first >= first_month_start_after_age(birth_date, age=rules.senior_age)
    return AgeGroup.FROM_70 if senior else AgeGroup.UNDER_70


def turns_75_on(birth_date: date, *, rules: Rules) -> date:
    """The day from which the insurance of the late elderly covers (75歳の誕生日)."""
    return reaches_age_on(birth_date, age=rules.late_elderly_age) + ONE_DAY


def has_half_ceiling(birth_date: date, *, month: YearMonth, rules: Rules) -> bool:
    """Whether 75 is reached inside the month, after its 1st (75歳到達月): the ceilings are halved."""
    day = turns_75_on(birth_date, rules=rules)
    return month_of(day) == month and day != month.first_day


def share_tenths(birth_date: date, *, month: YearMonth, is_active: bool, rules: Rules) -> int:
    """The share of cost in tenths (一部負担金の割合, 国保法第42条); `is_active` is 現役並み所得者."""
    if age_group(birth_date, month=month, rules=rules) is not AgeGroup.UNDER_70:
        if is_active:
            return rules.share_active
        born_early = birth_date <= date.fromisoformat(rules.special_born_until)
        return rules.share_special if born_early else rules.share_senior
    before_school = month.first_day < grade_starts_on(birth_date, grade=1)
    return rules.share_preschool if before_school else rules.share_standard


def income_year_for(month: YearMonth, *, rules: Rules) -> int:
    """The calendar year whose income decides in a month: from August last year's, before it that of the year before."""
    return month.year - (1 if month.month >= rules.income_switch_month else 2)

"""What the income of one person is computed from: one calendar year, as the tax return or the tax ledger tells it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Declaration(StrEnum):
    """Whether the income of the year is known.

    `dependant` is who need not declare because a taxpayer declared them as a dependant without income (税の扶養親族),
    or the law asks no declaration of them; `undeclared` and `unknown` are never taken for zero.
    """

    DECLARED = "declared"
    DEPENDANT = "dependant"
    UNDECLARED = "undeclared"
    UNKNOWN = "unknown"


class Salary(NamedTuple):
    """Salary of the year, yen, as revenue (収入).

    `from_family` is what of it a family's business paid (専従者給与). `income` is the salary income of the tax ledger
    before 所得金額調整控除 where it differs from the table (特定支出控除); left out, it is computed by the table.
    `adjustable` tells that 所得金額調整控除 for children or special disability applies.
    """

    revenue: int = 0
    from_family: int = 0
    income: int | None = None
    adjustable: bool = False

    def fault(self) -> tuple[str, str] | None:
        """What is wrong with the amounts."""
        for name in ("revenue", "income"):
            if (getattr(self, name) or 0) < 0:
                return name, "負の額は使えません"
        if not 0 <= self.from_family <= self.revenue:
            return "from_family", "専従者給与が給与収入の額を超えるか、負の額です"
        if self.income is not None and self.income > self.revenue:
            return "income", "給与所得が給与収入を超えています"
        return None


class Comprehensive(NamedTuple):
    """Incomes taxed together (総合課税), yen; a loss is negative where the law lets it be set off (損益通算).

    `business` is after 専従者給与 or 専従者控除; `capital_gain_short`, `capital_gain_long` and `temporary` after
    their special deduction and before halving. `miscellaneous` is without public pension.
    """

    business: int = 0
    real_estate: int = 0
    interest: int = 0
    dividend: int = 0
    miscellaneous: int = 0
    capital_gain_short: int = 0
    capital_gain_long: int = 0
    temporary: int = 0

    def fault(self) -> tuple[str, str] | None:
        """What is wrong with the amounts: a loss of a kind that cannot be set off counts as zero."""
        for name in ("interest", "dividend", "miscellaneous", "temporary"):
            if getattr(self, name) < 0:
                return name, "この所得の損失は損益通算できません（0としてください）"
        return None


class Separate(NamedTuple):
    """Incomes taxed apart (分離課税), yen; land before its special deduction (特別控除), losses of the kind as 0."""

    land_short: int = 0
    land_short_deduction: int = 0
    land_long: int = 0
    land_long_deduction: int = 0
    stock_unlisted: int = 0
    stock_listed: int = 0
    dividend_listed: int = 0
    futures: int = 0
    forestry: int = 0
    retirement: int = 0

    def fault(self) -> tuple[str, str] | None:
        """What is wrong with the amounts."""
        return _negative(self)


class CarriedLosses(NamedTuple):
    """Losses of earlier years (繰越損失) that the return of this year deducts, yen.

    `net` 純損失, `casualty` 雑損失, `home` losses on the sale of a home (居住用財産の譲渡損失), `stock` of listed
    shares (上場株式等), `futures` 先物取引.
    """

    net: int = 0
    casualty: int = 0
    home: int = 0
    stock: int = 0
    futures: int = 0

    def fault(self) -> tuple[str, str] | None:
        """What is wrong with the amounts."""
        return _negative(self)


class Leaving(NamedTuple):
    """Leaving work (離職): the day, the code of the reason (離職理由コード) and whether it was notified.

    `special` tells a certificate of 特例受給資格者 or 高年齢受給資格者, to whom the relief does not apply.
    """

    left_on: date
    reason_code: str
    special: bool = False
    notified: bool = True


class IncomeFacts(NamedTuple):
    """One person's year: `income_year` is the calendar year of the income; the premium of the next fiscal year uses it.

    `family_salaries_paid` is what this person's business paid to family or deducted for them (専従者給与・専従者控除).
    """

    ref: str
    birth_date: date | None
    income_year: int
    declaration: Declaration
    salary: Salary = Salary()
    pension_revenue: int = 0
    comprehensive: Comprehensive = Comprehensive()
    separate: Separate = Separate()
    losses: CarriedLosses = CarriedLosses()
    family_salaries_paid: int = 0
    leaving: Leaving | None = None

    def fault(self) -> tuple[str, str] | None:
        """What is wrong with the amounts."""
        if self.pension_revenue < 0:
            return "pension_revenue", "負の額は使えません"
        if self.family_salaries_paid < 0:
            return "family_salaries_paid", "負の額は使えません"
        return None


def _negative(record: Separate | CarriedLosses) -> tuple[str, str] | None:
    for name, amount in record._asdict().items():
        if amount < 0:
            return name, "負の額は使えません"
    return None

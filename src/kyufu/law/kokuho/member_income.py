"""The income of one person as the premium uses it: what the income rules hand to the premium rules."""

from __future__ import annotations

from typing import NamedTuple

from kyufu.law.income.evidence import Declared


class MemberIncome(NamedTuple):
    """One person's income of one calendar year, yen.

    `income_year` is the calendar year in which it was earned. `total_income` is 総所得金額等, `reduction_income` the
    person's share of the income by which the reduction is judged (軽減判定所得), `base_income` that on which the
    income part is levied (旧ただし書所得, after the basic deduction). `counts_as_earner` tells whether the person is
    one of 給与所得者等, each of whom after the first raises the limits of the reductions by 100,000 yen. Where the
    income of the unemployed is counted at 30/100 (非自発的失業), the figures are already after that.
    Not declared is not zero: a figure is None where it is not known.
    """

    income_year: int
    declared: Declared
    total_income: int | None
    reduction_income: int | None
    base_income: int | None
    counts_as_earner: bool

    def fault(self) -> tuple[str, str] | None:
        """What cannot be: an amount below zero, or more after the basic deduction than before it."""
        for name in ("total_income", "reduction_income", "base_income"):
            if (getattr(self, name) or 0) < 0:
                return name, "負の額は使えません"
        if self.total_income is not None and (self.base_income or 0) > self.total_income:
            return "base_income", "旧ただし書所得が総所得金額等を超えています"
        return None

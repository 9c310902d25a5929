"""Ordinary collection (普通徴収): a year's premium in instalments (期別), and again after a correction.

The number of instalments, the month of the first and where the remainder goes are the municipality's; amounts are
cut to its unit, and what that leaves over goes to one instalment, so that no yen is lost.
"""

from __future__ import annotations

from typing import NamedTuple

from kyufu.law.calendar.months import YearMonth, month_numbered
from kyufu.law.calendar.wareki import format_wareki_month
from kyufu.law.calendar.years import SCHOOL_AND_FISCAL_FIRST_MONTH
from kyufu.law.decision import Quantity, Reason, Step
from kyufu.law.kokuho.answer import Answer, hash_facts
from kyufu.law.kokuho.premium.facts import fault_of_year
from kyufu.law.kokuho.premium.lacking import without_rates
from kyufu.law.kokuho.premium.parameters import REMAINDERS, MunicipalRules
from kyufu.law.kokuho.premium.rounding import cut
from kyufu.law.kokuho.premium.rules import YearRules, rules_of

RULE = "kokuho-instalments"


class Instalment(NamedTuple):
    """One instalment: its number, the month in which it falls due (its last day), and yen.

    The number is 0 where the year's instalments are over and the whole is owed at once (随時).
    """

    number: int
    due: YearMonth
    amount: int


class InstalmentFacts(NamedTuple):
    """A year's premium to be collected: from the month of the first notice on, at the latest until `last_due`.

    `levied` are the instalments of the notice before, where this is a correction (更正).
    """

    fiscal_year: int
    total: int
    first_due: YearMonth
    last_due: YearMonth | None = None
    levied: tuple[Instalment, ...] = ()

    def fault(self) -> tuple[str, str] | None:
        """Negative amounts, an end before the beginning, one due month twice, months before the year."""
        if self.total < 0 or any(each.amount < 0 for each in self.levied):
            return "total", "負の額は使えません"
        if self.last_due is not None and self.last_due < self.first_due:
            return "last_due", "最後の納期が最初の納期より前です"
        if len({each.due for each in self.levied}) != len(self.levied):
            return "levied", "同じ納期が二つあります"
        fault = fault_of_year(self.fiscal_year)
        if fault is None and self.first_due < YearMonth(self.fiscal_year, SCHOOL_AND_FISCAL_FIRST_MONTH):
            return "first_due", "年度の始まり（4月）より前の納期です"
        return fault


class InstalmentPlan(NamedTuple):
    """The instalments of the year, those due before a correction first; `refund` is what is given back."""

    instalments: tuple[Instalment, ...]
    refund: int


def split(total: int, *, into: int, unit: int, remainder: str) -> tuple[int, ...]:
    """An amount in equal instalments cut to the unit; the first or the last takes what is left over."""
    each = cut(total // into, unit=unit)
    rest = total - each * (into - 1)
    return (rest, *[each] * (into - 1)) if remainder == "first" else (*[each] * (into - 1), rest)


def due_months(rules: MunicipalRules, *, fiscal_year: int) -> tuple[YearMonth, ...]:
    """The months of the year's instalments, one after another."""
    month = rules.first_instalment_month
    first = YearMonth(fiscal_year + (month < SCHOOL_AND_FISCAL_FIRST_MONTH), month).number
    return tuple(month_numbered(first + each) for each in range(rules.instalments))


def plan(facts: InstalmentFacts, *, rules: MunicipalRules) -> InstalmentPlan:
    """The instalments that remain from `first_due` on share what was not yet due; too much paid is given back."""
    months = due_months(rules, fiscal_year=facts.fiscal_year)
    before = tuple(each for each in facts.levied if each.due < facts.first_due)
    rest = facts.total - sum(each.amount for each in before)
    open_ones = [
        (number, month)
        for number, month in enumerate(months, start=1)
        if month >= facts.first_due and (facts.last_due is None or month <= facts.last_due)
    ] or [(0, facts.first_due)]
    amounts = split(max(rest, 0), into=len(open_ones), unit=rules.instalment_unit, remainder=rules.remainder)
    after = tuple(
        Instalment(number, month, amount) for (number, month), amount in zip(open_ones, amounts, strict=True)
    )
    return InstalmentPlan((*before, *after), max(-rest, 0))


def judge_instalments(facts: InstalmentFacts, *, municipality: str) -> Answer[InstalmentPlan]:
    """The plan as an answer; cannot be decided where the municipality's rates of the year are not kept."""
    rules = rules_of(municipality, fiscal_year=facts.fiscal_year)
    if rules is None:
        return without_rates(facts, rule=RULE, municipality=municipality, fiscal_year=facts.fiscal_year)
    found = plan(facts, rules=rules.municipal)
    return Answer(
        RULE,
        municipality,
        found,
        _reasons(facts, found=found, rules=rules),
        tuple(_steps(facts, found=found, rules=rules.municipal)),
        (rules.collection_cited,),
        rules.version,
        hash_facts(facts, rule=RULE),
    )


def _reasons(facts: InstalmentFacts, *, found: InstalmentPlan, rules: YearRules) -> tuple[Reason, ...]:
    number = sum(each.due >= facts.first_due for each in found.instalments)
    text = f"{rules.levy_label} {facts.total:,}円を {number}回の納期に分けます"
    reasons = [Reason("instalments", text)]
    if found.refund:
        reasons.append(
            Reason("refund", f"納めるべき額を超えて賦課した {found.refund:,}円を減額し、還付又は充当します")
        )
    return tuple(reasons)


def _steps(facts: InstalmentFacts, *, found: InstalmentPlan, rules: MunicipalRules) -> list[Step]:
    steps = [
        Step(Quantity("total", "年額", "円"), facts.total),
        Step(Quantity("unit", "一回の額の端数の単位", "円"), rules.instalment_unit),
        Step(Quantity("remainder", "端数をまとめる納期", "納期"), REMAINDERS[rules.remainder]),
    ]
    for each in found.instalments:
        name = f"第{each.number}期" if each.number else "随時"
        label = f"{name}（{format_wareki_month(each.due.first_day)}）"
        steps.append(Step(Quantity(f"instalment.{each.due}", label, "円"), each.amount))
    return [*steps, Step(Quantity("refund", "減額により返す額", "円"), found.refund)]

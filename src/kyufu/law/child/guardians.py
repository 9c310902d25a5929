"""The income of the guardians for one certificate year: the higher earner's 判定所得 against both limits.

The guardians' incomes are not summed. Each guardian's evidence of exactly the wanted year is needed: without
one of them nobody knows who earns more. Of guardians with equal totals the one is judged whose judged income
comes closest to the limit or exceeds it most, so that the answer does not depend on who is named first.
"""

from __future__ import annotations

from operator import itemgetter
from typing import NamedTuple

from kyufu.law.child.city import JudgingRules
from kyufu.law.child.day import DayRules
from kyufu.law.child.facts import Guardian
from kyufu.law.child.quantities import (
    CITY_LIMIT_QUANTITIES,
    DEPENDANT_QUANTITIES,
    EARNER_QUANTITIES,
    GUARDIAN_QUANTITIES,
)
from kyufu.law.decision import Reason
from kyufu.law.income.evidence import IncomeEvidence, IncomeSource
from kyufu.law.income.judged import income_limit, is_under_limit, judge_income, total_income
from kyufu.law.income.selection import select_income_evidence
from kyufu.law.records import maker
from kyufu.law.tracing import Block

_SOURCE_LABELS = {
    IncomeSource.TAX_LEDGER: "市の課税台帳",
    IncomeSource.NETWORK: "情報提供ネットワーク",
    IncomeSource.CERTIFICATE: "課税（非課税）証明書",
}


class IncomeTest(NamedTuple):
    """The result: `problems` where it cannot be made; `tax_exempt` is None where a levy is not known."""

    problems: tuple[Reason, ...]
    judged_income: int
    city_limit: int
    prefecture_limit: int
    under_city_limit: bool
    under_prefecture_limit: bool
    tax_exempt: bool | None
    blocks: tuple[Block, ...]
    rules: DayRules

    def city_blocks(self, *, limited: bool = True) -> tuple[Block, ...]:
        """The comparison with the city's limit where there is one, and the exemption; none without a test."""
        if self.problems:
            return ()
        if not limited:
            return (((self.rules.exemption,), (self.tax_exempt,)),)
        values = (self.city_limit, self.under_city_limit, self.tax_exempt)
        return (((*CITY_LIMIT_QUANTITIES[:2], self.rules.exemption), values),)

    def prefecture_blocks(self) -> tuple[Block, ...]:
        """The comparison with the prefecture's limit, as steps; none where the test could not be made."""
        values = (self.prefecture_limit, self.under_prefecture_limit)
        return () if self.problems else ((self.rules.prefecture.limit, values),)


_income_test = maker(IncomeTest)
_TOTAL = itemgetter(0)


def judge_guardians(guardians: tuple[Guardian, ...], *, rules: DayRules) -> IncomeTest:
    """Compare the higher earner's judged income with the limits of the city and of the prefecture."""
    problems: list[Reason] = []
    chosen: list[tuple[int, Guardian, IncomeEvidence]] = []
    for guardian in guardians:
        evidence = select_income_evidence(
            guardian.incomes, covers=rules.income_year, tax_year=rules.tax_year, rules=rules.evidence
        )
        if isinstance(evidence, Reason):
            problems.append(evidence)
        else:
            chosen.append((total_income(evidence.incomes), guardian, evidence))
    told = [
        (GUARDIAN_QUANTITIES, (guardian.ref, _SOURCE_LABELS[evidence.source], evidence.obtained_on, total))
        for total, guardian, evidence in chosen
    ]
    blocks: tuple[Block, ...] = (rules.income_year_block, *told)
    if problems or not chosen:
        return IncomeTest(_without_repetition(problems), 0, 0, 0, False, False, None, blocks, rules)
    return _compare(chosen, blocks=blocks, rules=rules)


def _without_repetition(problems: list[Reason]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(problems))


def _compare(
    chosen: list[tuple[int, Guardian, IncomeEvidence]], *, blocks: tuple[Block, ...], rules: DayRules
) -> IncomeTest:
    _, guardian, evidence = chosen[0] if len(chosen) == 1 else _higher_earner(chosen, rules=rules)
    judged = judge_income(evidence, rules=rules.income)
    dependants = evidence.dependants
    city_limit = income_limit(dependants, rules=rules.city_limit)
    prefecture_limit = income_limit(dependants, rules=rules.prefecture_limit)
    under_city = is_under_limit(judged.amount, limit=city_limit)
    under_prefecture = is_under_limit(judged.amount, limit=prefecture_limit)
    exempt = _is_exempt(evidence, every=[each for _, _, each in chosen], judging=rules.judging)
    elderly = dependants.elderly + dependants.elderly_spouse
    blocks = (
        *blocks,
        (EARNER_QUANTITIES, (guardian.ref,)),
        judged.block,
        (DEPENDANT_QUANTITIES, (dependants.total, elderly)),
    )
    return _income_test(
        ((), judged.amount, city_limit, prefecture_limit, under_city, under_prefecture, exempt, blocks, rules)
    )


def _higher_earner(
    chosen: list[tuple[int, Guardian, IncomeEvidence]], *, rules: DayRules
) -> tuple[int, Guardian, IncomeEvidence]:
    first, second, *_ = ordered = sorted(chosen, key=_TOTAL, reverse=True)
    if first[0] > second[0]:
        return first
    highest = [each for each in ordered if each[0] == first[0]]
    return max(highest, key=lambda each: _excess(each[2], rules=rules))


def _excess(evidence: IncomeEvidence, *, rules: DayRules) -> tuple[int, int, int]:
    """Judged income minus the city's limit, minus the prefecture's, and itself: equal where nothing differs."""
    judged = judge_income(evidence, rules=rules.income).amount
    city = income_limit(evidence.dependants, rules=rules.city_limit)
    prefecture = income_limit(evidence.dependants, rules=rules.prefecture_limit)
    return judged - city, judged - prefecture, judged


def _is_exempt(judged: IncomeEvidence, *, every: list[IncomeEvidence], judging: JudgingRules) -> bool | None:
    """Whether the levies that count, of the guardians that count, are none (非課税)."""
    counting = every if judging.exempt_guardians == "every_guardian" else [judged]
    if judging.exempt_levy == "income_levy":
        return has_no_income_levy(counting)
    return is_tax_exempt(counting)


def has_no_income_levy(evidences: list[IncomeEvidence]) -> bool | None:
    """Whether no guardian pays the income part of municipal tax (所得割非課税); None where one is not known."""
    levies = [each.income_levy for each in evidences]
    if any(levies):
        return False
    return None if None in levies else True


def is_tax_exempt(evidences: list[IncomeEvidence]) -> bool | None:
    """Whether no guardian pays municipal tax (住民税非課税); None where a levy needed for the answer is not
    known.
    """
    levies = [levy for each in evidences for levy in (each.income_levy, each.per_capita_levy)]
    if any(levies):
        return False
    return None if None in levies else True

"""Which evidence of income counts: the one covering exactly the wanted year, by rank of source, then the
latest.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from kyufu.law.calendar.period import Period
from kyufu.law.calendar.wareki import format_wareki
from kyufu.law.decision import Reason
from kyufu.law.income.evidence import Declared, IncomeEvidence
from kyufu.law.income.parameters import EvidenceRules

MISSING_YEAR = "income.missing_year"
UNDECLARED = "income.undeclared"
DECLARATION_UNKNOWN = "income.declaration_unknown"
CONTRADICTORY = "income.contradictory"

# Looking a member up in its class costs as much as a function call, and this runs for every guardian.
_DECLARED = Declared.YES

_PROBLEMS = {
    MISSING_YEAR: "保護者の{year}中の所得（{tax_year}度課税）の資料がありません",
    UNDECLARED: "保護者の{year}中の所得（{tax_year}度課税）が申告されていません",
    DECLARATION_UNKNOWN: "保護者の{year}中の所得（{tax_year}度課税）が申告されているか分かりません",
    CONTRADICTORY: "保護者の{year}中の所得（{tax_year}度課税）の資料が互いに食い違っています",
}


def select_income_evidence(
    evidences: Iterable[IncomeEvidence], *, covers: Period, tax_year: int, rules: EvidenceRules
) -> IncomeEvidence | Reason:
    """The evidence that counts for the calendar year `covers`, or the reason why none can be used.

    A better ranked source goes before a worse one, a later day obtained before an earlier one. Two of the
    same rank and day with other figures, or evidence of the year taxed in another tax year, contradict each
    other.
    """
    of_year = [evidence for evidence in evidences if evidence.covers == covers]
    if not of_year:
        return income_problem(MISSING_YEAR, tax_year=tax_year)
    chosen = of_year[0] if len(of_year) == 1 else _first_ranked(of_year, rules=rules)
    if chosen is None or chosen.tax_year != tax_year:
        return income_problem(CONTRADICTORY, tax_year=tax_year)
    if chosen.declared is _DECLARED:
        return chosen
    code = UNDECLARED if chosen.declared is Declared.NO else DECLARATION_UNKNOWN
    return income_problem(code, tax_year=tax_year)


def _first_ranked(evidences: list[IncomeEvidence], *, rules: EvidenceRules) -> IncomeEvidence | None:
    """The first by rank and day; None where another of the same rank and day says something else."""
    best_rank = min(rules.rank_of(each.source) for each in evidences)
    best = [each for each in evidences if rules.rank_of(each.source) == best_rank]
    latest_day = max(each.obtained_on for each in best)
    latest = [each for each in best if each.obtained_on == latest_day]
    return latest[0] if all(each == latest[0] for each in latest) else None


@lru_cache(maxsize=256)
def income_problem(code: str, *, tax_year: int) -> Reason:
    """The reason why no evidence of the year before `tax_year` can be used, in Japanese."""
    year = format_wareki(date(tax_year - 1, 12, 31)).partition("年")[0] + "年"
    taxed = format_wareki(date(tax_year, 12, 31)).partition("年")[0] + "年"
    return Reason(code, _PROBLEMS[code].format(year=year, tax_year=taxed))

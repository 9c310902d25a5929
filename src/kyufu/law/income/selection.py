"""Which evidence of income counts: of each source the latest word on exactly the wanted year, and of these the
declared one of the best ranked source.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from kyufu.law.calendar.period import Period
from kyufu.law.calendar.wareki import format_wareki
from kyufu.law.decision import Reason
from kyufu.law.income.evidence import Declared, IncomeEvidence, IncomeSource
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

    What a source told last replaces what it told before. Then only declared evidence is ranked: that one source
    knows of no declaration is answered by any other that has one, such as the certificate which the guardian was
    asked for. Where no source has a declared income of the year, the best ranked one says whether it was not
    declared or is not known. Two of the same source and day with other figures, or evidence of the year taxed in
    another tax year, contradict each other.
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
    """The first by rank among what counts; None where another of the same rank says something else."""
    told = _latest_of_each_source(evidences)
    counting = [each for each in told if each.declared is _DECLARED] or told
    best_rank = min(rules.rank_of(each.source) for each in counting)
    best = [each for each in counting if rules.rank_of(each.source) == best_rank]
    return best[0] if all(each == best[0] for each in best) else None


def _latest_of_each_source(evidences: list[IncomeEvidence]) -> list[IncomeEvidence]:
    latest: dict[IncomeSource, date] = {}
    for each in evidences:
        latest[each.source] = max(each.obtained_on, latest.get(each.source, date.min))
    return [each for each in evidences if each.obtained_on == latest[each.source]]


@lru_cache(maxsize=256)
def income_problem(code: str, *, tax_year: int) -> Reason:
    """The reason why no evidence of the year before `tax_year` can be used, in Japanese."""
    year = format_wareki(date(tax_year - 1, 12, 31)).partition("年")[0] + "年"
    taxed = format_wareki(date(tax_year, 12, 31)).partition("年")[0] + "年"
    return Reason(code, _PROBLEMS[code].format(year=year, tax_year=taxed))

"""What an entry means, in words before it is recorded: for which months it speaks, and which cases wait for it."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings

from kyufu.cases import api as cases
from kyufu.evidence.api import InsuranceEvidence
from kyufu.law.calendar.period import Period
from kyufu.law.calendar.wareki import format_wareki, format_wareki_month
from kyufu.law.child.income_years import income_year_of
from kyufu.law.income.evidence import Declared, IncomeEvidence
from kyufu.staff.api import Function
from kyufu.web.pages.evidence_forms import year_words
from kyufu.web.pages.scope import scope_of
from kyufu.web.screens import StaffRequest

_DECLARED = {
    Declared.YES: "申告された所得として判定に使います。",
    Declared.NO: "未申告の記録になります。この年の所得では判定できず、申告を求める理由になります。",
    Declared.UNKNOWN: "申告の有無が分からない記録になります。この年の所得では判定できません。",
}


class Affected(NamedTuple):
    """An open application that may be judged again, and whether its page may be opened."""

    row: cases.ApplicationRow
    may_open: bool


def income_words(known: IncomeEvidence) -> list[str]:
    """For which months an income speaks, sentence by sentence."""
    year = format_wareki(known.covers.start).partition("年")[0]
    months = benefit_months(known.tax_year)
    return [
        f"{year}年1月から12月までの所得（{year_words(known.tax_year)}の住民税のもとになる所得）です。",
        f"{months}の助成の判定に使います。ほかの月の判定には使いません。" if months
        else "この年度の所得で判定する助成の月は、いまの基準にはありません。年度を確かめてください。",
        f"所得金額の合計は{sum(known.incomes):,}円です。",
        _DECLARED[known.declared],
    ]  # fmt: skip


def insurance_words(known: InsuranceEvidence) -> list[str]:
    """For which months insurance speaks, sentence by sentence."""
    first = format_wareki_month(known.valid.start)
    last = known.valid.last_day
    until = "以後" if last is None else f"から{format_wareki_month(last)}まで"
    return [
        f"{first}{until}の助成の判定に使います。",
        "加入中の資格として登録します。" if last is None
        else f"{format_wareki(last)}までの資格として登録します。次の日からの資格は、別に登録してください。",
    ]  # fmt: skip


def benefit_months(tax_year: int) -> str:
    """The months of the benefit that the law judges by a tax year, in words; empty for a year it does not know."""
    known = income_year_of(tax_year, municipality=settings.KYUFU_MUNICIPALITY)
    return "" if known is None else _months(known.benefit)


def affected_by(request: StaffRequest, *, person: int) -> list[Affected]:
    """The open applications about a person, as child or guardian."""
    scope = scope_of(request, function=Function.CASE)
    return [
        Affected(row, scope.holds_ward(row.ward_code))
        for row in cases.applications_about([person])
        if cases.ApplicationState(row.state) in cases.OPEN_STATES and row.kind != cases.Kind.WITHDRAWAL
    ]


def _months(year: Period) -> str:
    last = year.last_day
    until = "" if last is None else f"{format_wareki_month(last)}まで"
    return f"{format_wareki_month(year.start)}から{until}"

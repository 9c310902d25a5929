"""Whether the prefecture subsidises what the city pays (県補助・道補助): a finding beside the eligibility."""

from __future__ import annotations

from datetime import date

from kyufu.law.calendar.period import Period, intersect
from kyufu.law.child.answers import GuardianIncome
from kyufu.law.child.bands import Life, index_on
from kyufu.law.child.day import PREFECTURE
from kyufu.law.child.parameters import PrefectureBand
from kyufu.law.decision import Finding, Outcome, Reason
from kyufu.law.records import maker
from kyufu.law.tracing import Block

_ELIGIBLE = Outcome.ELIGIBLE
_finding = maker(Finding)


def find_prefecture_subsidy(
    life: Life[PrefectureBand], *, on: date, entitled: Period, income: GuardianIncome
) -> tuple[Finding, tuple[Block, ...]]:
    """The finding for a child whom the city entitles, and its blocks of steps; income is asked for only where it
    matters.
    """
    index = index_on(life, day=on)
    if index is None:
        after = life.runs[-1].end if life.runs else None
        period = entitled if after is None else intersect(entitled, Period(after, None))
        return Finding(
            PREFECTURE, Outcome.NOT_ELIGIBLE, (income.rules.reasons.prefecture_too_old,), period
        ), ()
    span = life.spans[index]
    outcome, reasons = _judge(span.band, income=income)
    blocks: tuple[Block, ...] = (span.band.block,)
    if span.band.income_limited:
        blocks += income.test().prefecture_blocks()
    return _finding((PREFECTURE, outcome, reasons, intersect(entitled, span.period))), blocks


def _judge(band: PrefectureBand, *, income: GuardianIncome) -> tuple[Outcome, tuple[Reason, ...]]:
    if not band.income_limited:
        return _ELIGIBLE, band.covered
    test = income.test()
    if test.problems:
        return Outcome.CANNOT_DECIDE, test.problems
    if test.under_prefecture_limit:
        return _ELIGIBLE, band.covered
    return Outcome.NOT_ELIGIBLE, (income.rules.reasons.say_prefecture_income_over(test.prefecture_limit),)

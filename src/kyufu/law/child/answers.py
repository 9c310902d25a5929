"""What an age band answers under an income, and the stretch of days on which the answer stays the same."""

from __future__ import annotations

from datetime import date

from kyufu.law.calendar.period import ALWAYS, Period
from kyufu.law.child.answer import Answer
from kyufu.law.child.bands import Life, Span, index_on
from kyufu.law.child.day import DayRules
from kyufu.law.child.facts import Guardian
from kyufu.law.child.guardians import IncomeTest, judge_guardians
from kyufu.law.child.parameters import CityBand
from kyufu.law.decision import Outcome


class GuardianIncome:
    """The income test of one certificate year, made when it is first asked for and never twice."""

    __slots__ = ("_guardians", "made", "rules")

    def __init__(self, guardians: tuple[Guardian, ...], *, rules: DayRules) -> None:
        self._guardians = guardians
        self.rules = rules
        self.made: IncomeTest | None = None

    def test(self) -> IncomeTest:
        """The test, from the guardians' evidence of the year."""
        if self.made is None:
            self.made = judge_guardians(self._guardians, rules=self.rules)
        return self.made


def answer_of(band: CityBand, *, income: GuardianIncome) -> Answer:
    """What the city answers in a band: without limit and exemption its class, else by the income test."""
    if not band.asks_for_income:
        return band.answer
    test = income.test()
    if test.problems:
        return Answer(Outcome.CANNOT_DECIDE, None, test.problems)
    if band.income_limited and not test.under_city_limit:
        return _answer_over_limit(band, income=income)
    if band.class_exempt is None:
        return band.answer
    if test.tax_exempt is None:
        return Answer(Outcome.CANNOT_DECIDE, None, (income.rules.reasons.levy_unknown,))
    return band.answer._replace(benefit_class=band.class_exempt) if test.tax_exempt else band.answer


def _answer_over_limit(band: CityBand, *, income: GuardianIncome) -> Answer:
    if band.class_over is not None:
        return band.answer._replace(benefit_class=band.class_over)
    limit = income.test().city_limit
    return Answer(Outcome.NOT_ELIGIBLE, None, (income.rules.reasons.say_income_over(limit),))


def are_same(a: Answer, b: Answer) -> bool:
    """Whether two bands answer alike: outcome and class, and the reasons where the child is not entitled."""
    if a.outcome is not b.outcome or a.benefit_class != b.benefit_class:
        return False
    return a.outcome is Outcome.ELIGIBLE or a.reasons == b.reasons


def stretch_of(
    answer: Answer, *, life: Life[CityBand], index: int, within: Period, income: GuardianIncome
) -> Period:
    """The days around span `index`, as far as the bands reach, on which the answer is the same within a year."""
    spans = life.spans
    here = spans[index].period
    within = ALWAYS if spans[index].band.crosses_years else within
    if here.start <= within.start and not _ends_within(here, within):
        return here
    first = last = index
    while first > 0 and spans[first].period.start > within.start:
        if not _continues(spans[first - 1], spans[first]):
            break
        if not are_same(answer, answer_of(spans[first - 1].band, income=income)):
            break
        first -= 1
    while last + 1 < len(spans) and _ends_within(spans[last].period, within):
        if not _continues(spans[last], spans[last + 1]):
            break
        if not are_same(answer, answer_of(spans[last + 1].band, income=income)):
            break
        last += 1
    return Period(spans[first].period.start, spans[last].period.end)


def _continues(earlier: Span[CityBand], later: Span[CityBand]) -> bool:
    if earlier.band.crosses_years is not later.band.crosses_years:
        return False
    return earlier.period.end == later.period.start


def _ends_within(period: Period, within: Period) -> bool:
    return period.end is not None and (within.end is None or period.end < within.end)


def answer_on(
    day: date, *, life: Life[CityBand], guardians: tuple[Guardian, ...], rules: DayRules
) -> Answer | None:
    """The answer of a single day with nothing shared, None where no band holds it."""
    index = index_on(life, day=day)
    if index is None:
        return None
    return answer_of(life.spans[index].band, income=GuardianIncome(guardians, rules=rules))

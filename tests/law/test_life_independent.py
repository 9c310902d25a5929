"""One child's whole life, judged on the first of every month from birth to the end of the school year of 18.

The stretches are written down from rules.md A1; the decisions must lay them out without hole or overlap.
"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings

from kyufu.law.child.facts import ChildFacts
from kyufu.law.decision import Decision
from tests.law.independent import EXEMPT, FIRST_RULES, OVER, TAXED, UNDER, any_facts, child_of, earner, judged

FREE, COPAY, INPATIENT, NO = "free", "visit_500", "inpatient_only", None
# (birth, income, levies): [(first day of a stretch, class)], the last one without end
LIVES = {
    "born under the rules, under the limit": (
        (date(2017, 5, 10), UNDER, TAXED),
        [(date(2017, 5, 10), FREE), (date(2036, 4, 1), NO)],
    ),
    "born under the rules, over the limit": (
        (date(2017, 5, 10), OVER, TAXED),
        [(date(2017, 5, 10), FREE), (date(2018, 6, 1), NO), (date(2023, 8, 1), FREE), (date(2036, 4, 1), NO)],
    ),
    "born on the 1st, over the limit": (
        (date(2019, 9, 1), OVER, TAXED),
        [
            (date(2019, 9, 1), FREE),
            (date(2020, 9, 1), NO),
            (date(2021, 4, 1), COPAY),
            (date(2022, 9, 1), NO),
            (date(2023, 8, 1), FREE),
            (date(2038, 4, 1), NO),
        ],
    ),
    "born on 1 April, taxed": (
        (date(2010, 4, 1), UNDER, TAXED),
        [
            (FIRST_RULES, FREE),
            (date(2019, 4, 1), COPAY),
            (date(2023, 8, 1), FREE),
            (date(2025, 4, 1), NO),
            (date(2026, 6, 1), FREE),
            (date(2028, 4, 1), NO),
        ],
    ),
    "born on 2 April, taxed": (
        (date(2010, 4, 2), UNDER, TAXED),
        [
            (FIRST_RULES, FREE),
            (date(2020, 4, 1), COPAY),
            (date(2023, 8, 1), FREE),
            (date(2026, 4, 1), NO),
            (date(2026, 6, 1), FREE),
            (date(2029, 4, 1), NO),
        ],
    ),
    "in 中1 in 2017, past 18 before the extension": (
        (date(2004, 4, 2), UNDER, TAXED),
        [(FIRST_RULES, INPATIENT), (date(2019, 4, 1), COPAY), (date(2020, 4, 1), NO)],
    ),
    "in 小4 in 2017, untaxed": (
        (date(2007, 4, 2), UNDER, EXEMPT),
        [
            (FIRST_RULES, COPAY),
            (date(2019, 4, 1), FREE),
            (date(2023, 4, 1), NO),
        ],
    ),
    "born on 29 February, untaxed": (
        (date(2012, 2, 29), UNDER, EXEMPT),
        [(FIRST_RULES, FREE), (date(2030, 4, 1), NO)],
    ),
    "born on 29 February, over the limit": (
        (date(2020, 2, 29), OVER, TAXED),
        [
            (date(2020, 2, 29), FREE),
            (date(2021, 3, 1), NO),
            (date(2021, 4, 1), COPAY),
            (date(2023, 3, 1), NO),
            (date(2023, 8, 1), FREE),
            (date(2038, 4, 1), NO),
        ],
    ),
    "born on the day of the extension": (
        (date(2026, 6, 1), OVER, TAXED),
        [(date(2026, 6, 1), FREE), (date(2045, 4, 1), NO)],
    ),
}


def months(first: date, *, until: date) -> list[date]:
    """The first day itself and every first of a month after it."""
    firsts = [date(year, month, 1) for year in range(first.year, until.year + 1) for month in range(1, 13)]
    return [first, *(day for day in firsts if first < day < until)]


def decisions_of(facts: ChildFacts, *, days: list[date]) -> list[Decision]:
    """The decisions of some days, each period once."""
    found: list[Decision] = []
    for day in days:
        decision = judged(facts, on=day)
        if not found or decision.period != found[-1].period:
            found.append(decision)
    return found


@pytest.mark.requirement("YOK-030")
@pytest.mark.parametrize(("life", "stretches"), LIVES.values(), ids=LIVES)
def test_a_whole_life(
    life: tuple[date, int, tuple[int, int]], stretches: list[tuple[date, str | None]]
) -> None:
    born, income, levies = life
    until = date(2046, 8, 1)
    facts = child_of(earner(income, levies=levies), born=born)
    decisions = decisions_of(facts, days=months(max(born, FIRST_RULES), until=until))
    laid: list[tuple[date, str | None]] = []
    expected_start = max(born, FIRST_RULES)
    for decision in decisions:
        assert decision.period is not None
        assert decision.period.end is not None
        assert decision.outcome.value in ("eligible", "not_eligible")
        if laid:
            assert decision.period.start == expected_start, "a hole or an overlap"
        if not laid or laid[-1][1] != decision.benefit_class:
            laid.append((max(decision.period.start, FIRST_RULES), decision.benefit_class))
        expected_start = decision.period.end
    assert laid == stretches
    assert expected_start == until


@pytest.mark.parametrize("life", [life for life, _ in LIVES.values()], ids=LIVES)
def test_a_period_begins_and_ends_in_one_certificate_year(life: tuple[date, int, tuple[int, int]]) -> None:
    """1 August to 31 July (A1): no period holds a 1 August but as its first day."""
    born, income, levies = life
    facts = child_of(earner(income, levies=levies), born=born)
    for decision in decisions_of(facts, days=months(max(born, FIRST_RULES), until=date(2040, 8, 1))):
        assert decision.period is not None
        start, last = decision.period.start, decision.period.last_day
        assert last is not None
        turns = [date(year, 8, 1) for year in range(start.year, last.year + 1)]
        assert not [day for day in turns if start < day <= last]


def test_the_prefectures_periods_join_as_well() -> None:
    """A4 for one child under the limit: 0, 1 to 3, from 4 on its own part, 小7 on in-patient care alone, then none."""
    facts = child_of(earner(UNDER), born=date(2017, 5, 10))
    day = date(2017, 5, 10)
    scopes: list[tuple[date, tuple[object, ...]]] = []
    while day < date(2036, 4, 1):
        decision = judged(facts, on=day)
        (finding,) = decision.findings
        assert finding.period is not None
        assert finding.period.end is not None
        assert finding.period.start == day, "a hole or an overlap"
        values = {step.quantity.name: step.value for step in decision.steps}
        scope = (values.get("prefecture_scope"), values.get("prefecture_copay_visit"), finding.outcome.value)
        if not scopes or scopes[-1][1] != scope:
            scopes.append((day, scope))
        day = finding.period.end
    assert scopes == [
        (date(2017, 5, 10), ("通院・入院", 0, "eligible")),
        (date(2021, 6, 1), ("通院・入院", 200, "eligible")),
        (date(2030, 4, 1), ("入院のみ", None, "eligible")),
        (date(2033, 4, 1), (None, None, "not_eligible")),
    ]


@settings(
    deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(any_facts())
def test_whatever_the_facts_the_periods_join_from_the_first_rules_on(facts: ChildFacts) -> None:
    """From period to period through ten years: no hole, no overlap, no more than the changes of the facts allow."""
    day, periods = FIRST_RULES, 0
    while day < date(2027, 8, 1):
        period = judged(facts, on=day).period
        assert period is not None
        assert period.end is not None
        assert period.start == day or periods == 0
        day, periods = period.end, periods + 1
    assert day == date(2027, 8, 1)
    assert periods < 60

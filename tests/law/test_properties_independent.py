"""What holds of every judgement whatever the facts: total, pure, true of its whole period, blind to wrong years."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kyufu.law.calendar.period import Period
from kyufu.law.child.codec import decision_from_json, decision_to_json, facts_from_json, facts_to_json
from kyufu.law.child.facts import ChildFacts, Guardian, IncomeEvidence
from kyufu.law.decision import Outcome
from tests.law.independent import ON, answer_to, any_facts, evidence, judged

# Some hundred drawn lives each: half a minute in all, which bin/check does not have.
pytestmark = pytest.mark.slow

WIDE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
KEYS = {
    "scheme", "municipality", "judged_for", "outcome", "period", "benefit_class", "reasons", "findings", "steps",
    "citations", "rule", "parameter_version", "facts_hash",
}  # fmt: skip


@settings(WIDE, max_examples=250)
@given(any_facts(), ON)
def test_every_judgement_has_an_answer_that_is_whole(facts: ChildFacts, on: date) -> None:
    decision = judged(facts, on=on)
    assert decision.reasons
    assert all(reason.text and reason.code for reason in decision.reasons)
    assert (decision.benefit_class is not None) == (decision.outcome is Outcome.ELIGIBLE)
    assert len(decision.findings) == 1
    if on >= date(2017, 4, 1):
        assert decision.period is not None
        assert on in decision.period
        assert decision.period.end is not None
        year = on.year if on.month >= 8 else on.year - 1
        assert date(year, 8, 1) <= decision.period.start < decision.period.end <= date(year + 1, 8, 1)
    else:
        assert decision.outcome is Outcome.CANNOT_DECIDE


@settings(WIDE, max_examples=200)
@given(any_facts(), ON, st.data())
def test_every_day_of_the_period_has_the_same_answer_and_the_same_period(
    facts: ChildFacts, on: date, data: st.DataObject
) -> None:
    decision, answer = judged(facts, on=on), answer_to(facts, on=on)
    if decision.period is None:
        return
    start, end = decision.period
    assert end is not None
    days = (end - start).days
    between = data.draw(st.lists(st.integers(0, days - 1), max_size=6))
    for day in (start, end - timedelta(days=1), *(start + timedelta(days=n) for n in between)):
        assert answer_to(facts, on=day) == answer
        assert judged(facts, on=day).period == decision.period


@settings(WIDE, max_examples=200)
@given(any_facts(), ON)
def test_the_finding_is_the_same_on_every_day_of_its_own_period(facts: ChildFacts, on: date) -> None:
    (finding,) = judged(facts, on=on).findings
    if finding.period is None:
        return
    start, end = finding.period
    assert end is not None
    assert on in finding.period
    for day in {start, on, end - timedelta(days=1)}:
        (other,) = judged(facts, on=day).findings
        assert (other.outcome, other.period) == (finding.outcome, finding.period)
        assert [reason.code for reason in other.reasons] == [reason.code for reason in finding.reasons]


@settings(WIDE, max_examples=150)
@given(any_facts(), ON)
def test_a_judgement_is_repeated_and_does_not_depend_on_equal_but_other_objects(
    facts: ChildFacts, on: date
) -> None:
    again = facts_from_json(facts_to_json(facts))
    assert again == facts
    assert judged(again, on=on) == judged(facts, on=on)
    assert decision_to_json(judged(again, on=on)) == decision_to_json(judged(facts, on=on))


@settings(WIDE, max_examples=150)
@given(any_facts(), ON)
def test_the_json_of_a_decision_has_stable_keys_and_comes_back(facts: ChildFacts, on: date) -> None:
    decision = judged(facts, on=on)
    content = json.loads(decision_to_json(decision))
    assert content.keys() == KEYS
    assert list(content) == sorted(content)
    for step in content["steps"]:
        assert step.keys() == {"quantity", "value"}
        assert step["quantity"].keys() == {"name", "label", "unit"}
    for finding in content["findings"]:
        assert finding.keys() == {"name", "outcome", "reasons", "period"}
    assert decision_from_json(decision_to_json(decision)) == decision


@settings(WIDE, max_examples=150)
@given(any_facts(), ON)
def test_the_order_of_lists_of_facts_does_not_change_the_answer(facts: ChildFacts, on: date) -> None:
    def turned(guardian: Guardian) -> Guardian:
        return guardian._replace(incomes=guardian.incomes[::-1])

    other = facts._replace(
        residences=facts.residences[::-1],
        insurances=facts.insurances[::-1],
        public_assistance=facts.public_assistance[::-1],
        other_schemes=facts.other_schemes[::-1],
        guardians=tuple(turned(each) for each in facts.guardians),
    )
    assert answer_to(other, on=on)[:2] == answer_to(facts, on=on)[:2]
    assert sorted(answer_to(other, on=on).codes) == sorted(answer_to(facts, on=on).codes)
    assert judged(other, on=on).period == judged(facts, on=on).period


def is_of_year(row: IncomeEvidence, *, year: int) -> bool:
    """Whether evidence is the whole of the calendar year."""
    return row.covers == Period(date(year, 1, 1), date(year + 1, 1, 1))


@settings(WIDE, max_examples=300)
@given(any_facts(), ON, st.lists(evidence(), max_size=8))
def test_the_income_of_a_wrong_year_is_never_used(
    facts: ChildFacts, on: date, others: list[IncomeEvidence]
) -> None:
    """Taking all other years away, or putting any other years in their place, changes nothing but the hash.

    The application lies before everything, so that no earlier year decides when it was due.
    """
    year = on.year - 1 if on.month >= 8 else on.year - 2
    wrong = tuple(row for row in others if not is_of_year(row, year=year))

    def with_others(guardian: Guardian, *, rows: tuple[IncomeEvidence, ...]) -> Guardian:
        kept = tuple(row for row in guardian.incomes if is_of_year(row, year=year))
        return guardian._replace(incomes=(*rows, *kept))

    facts = facts._replace(applied_on=date(1999, 1, 1))
    expected = judged(facts, on=on)._replace(facts_hash="")
    for rows in ((), wrong):
        changed = facts._replace(guardians=tuple(with_others(each, rows=rows) for each in facts.guardians))
        assert judged(changed, on=on)._replace(facts_hash="") == expected


@settings(WIDE, max_examples=150)
@given(any_facts(), ON, st.dates(date(2017, 1, 1), date(2028, 1, 1)))
def test_what_begins_after_the_certificate_year_does_not_change_its_answer(
    facts: ChildFacts, on: date, start: date
) -> None:
    """An exclusion of the future leaves the answer of today; one of today takes it away."""
    excluded = facts._replace(public_assistance=(*facts.public_assistance, Period(start, None)))
    answer = answer_to(excluded, on=on)
    if on < start:
        assert answer == answer_to(facts, on=on)
    elif on >= date(2017, 4, 1):
        assert answer.outcome == "not_eligible"
        assert "public_assistance" in answer.codes or answer.codes == ("died",)


def test_the_facts_drawn_come_to_every_kind_of_answer() -> None:
    """The check of the checks: properties of refusals alone would prove little."""
    met: set[str | None] = set()

    @settings(WIDE, max_examples=400, derandomize=True, database=None)
    @given(any_facts(), ON)
    def meet(facts: ChildFacts, on: date) -> None:
        answer = answer_to(facts, on=on)
        met.update({answer.outcome, answer.benefit_class, *answer.codes})

    meet()
    assert met >= {
        "eligible", "free", "visit_500", "inpatient_only", "not_eligible", "income_over", "too_old", "not_resident",
        "before_application", "public_assistance", "died", "cannot_decide", "income.missing_year", "missing.rules",
    }  # fmt: skip

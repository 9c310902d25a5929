"""A trial that changes nothing is the judgement itself, and one change is that alone (any facts, no database)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from kyufu.law.calendar.period import Period
from kyufu.law.child.facts import ChildFacts, Guardian, InsuranceCoverage, Residence
from kyufu.web.pages.forms import PageForm
from kyufu.web.pages.trial_form import (
    ChildForm,
    GuardianForm,
    changed_facts,
    child_initial,
    guardian_initial,
)
from tests.law.independent import CITY, ON, any_facts, evidence, judged

WIDE = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
PREFIXES = ("g1", "g2")


def numbered(facts: ChildFacts) -> ChildFacts:
    """The facts with their guardians named as those that are gathered."""
    named = (one._replace(ref=f"guardian-{number}") for number, one in enumerate(facts.guardians, start=1))
    return facts._replace(guardians=tuple(named))


def shown_by(facts: ChildFacts, *, on: date) -> list[dict[str, Any]]:
    """What the page shows at first."""
    known = [*facts.guardians, None, None][:2]
    return [
        child_initial(facts, on=on, city=CITY),
        *(guardian_initial(one, tax_year=on.year) for one in known),
    ]


def sent_by(form: PageForm) -> dict[str, str]:
    """What a browser sends of a form that nobody touched: a box without a mark is not sent."""
    values = {field.html_name: field.value() for field in form}
    return {name: "on" if value is True else str("" if value is None else value)
            for name, value in values.items() if value is not False}  # fmt: skip


def tried(
    facts: ChildFacts, *, on: date, child: Mapping[str, str] = {}, first: Mapping[str, str] = {}
) -> ChildFacts:
    """The facts of a trial in whose forms these fields were typed over; `first` of the first guardian."""
    shown = shown_by(facts, on=on)
    form = ChildForm({**sent_by(ChildForm(initial=shown[0])), **child})
    people = []
    for place, (prefix, initial) in enumerate(zip(PREFIXES, shown[1:], strict=True)):
        sent = sent_by(GuardianForm(prefix=prefix, initial=initial))
        typed = {f"{prefix}-{name}": value for name, value in first.items()} if place == 0 else {}
        people.append(GuardianForm({**sent, **typed}, prefix=prefix))
    assert [one.errors for one in (form, *people) if not one.is_valid()] == []
    return changed_facts(
        facts, child=form.cleaned_data, guardians=[one.cleaned_data for one in people], shown=shown, city=CITY
    )


@WIDE
@given(any_facts().map(numbered), ON)
def test_what_nobody_touched_is_judged_as_the_law_judges_the_case(facts: ChildFacts, on: date) -> None:
    assert tried(facts, on=on) == facts
    assert judged(tried(facts, on=on), on=on) == judged(facts, on=on)


@WIDE
@given(any_facts().map(numbered), ON, st.dates(date(2010, 1, 1), date(2027, 12, 31)))
def test_another_day_of_application_changes_that_alone(facts: ChildFacts, on: date, applied: date) -> None:
    changed = tried(facts, on=on, child={"applied_on": applied.isoformat()})
    assert changed == facts._replace(applied_on=applied)
    assert judged(changed, on=on) == judged(facts._replace(applied_on=applied), on=on)


@WIDE
@given(any_facts().map(numbered), ON, st.dates(date(2010, 1, 1), date(2027, 12, 31)), st.integers(0, 900))
def test_another_residence_is_the_one_that_was_typed(
    facts: ChildFacts, on: date, start: date, days: int
) -> None:
    last = start + timedelta(days=days)
    shown = shown_by(facts, on=on)[0]
    assume((shown.get("resident_from"), shown.get("resident_to")) != (start, last))
    changed = tried(facts, on=on, child={"resident_from": start.isoformat(), "resident_to": last.isoformat()})
    lived = Residence(CITY, Period(start, last + timedelta(days=1)))
    assert changed == facts._replace(residences=(lived,))


@WIDE
@given(any_facts().map(numbered), ON)
def test_without_insurance_nobody_is_entitled_by_a_trial(facts: ChildFacts, on: date) -> None:
    none = {"insured": "unknown", "insured_from": "", "insured_to": ""}
    changed = tried(facts, on=on, child=none)
    if shown_by(facts, on=on)[0]["insured"] == "unknown":
        assert changed == facts
    else:
        assert changed == facts._replace(insurances=())
        assert judged(changed, on=on).outcome != "eligible"


@WIDE
@given(evidence(), evidence(), ON, st.integers(0, 20_000_000))
def test_another_income_is_that_of_the_first_guardian_alone(
    mine: Any, other: Any, on: date, salary: int
) -> None:
    people = (Guardian("guardian-1", "father", (mine,)), Guardian("guardian-2", "mother", (other,)))
    earned = mine.incomes.salary + mine.incomes.public_pension
    assume(salary != earned)
    facts = ChildFacts(date(2018, 5, 10), (), (), (), (), people, on)
    changed = tried(facts, on=on, first={"salary": f"{salary:,}"})
    assert changed.guardians[1] == people[1]
    (income,) = changed.guardians[0].incomes
    assert sum(income.incomes) == sum(mine.incomes) - earned + salary
    assert (income.tax_year, income.declared, income.deductions) == (
        mine.tax_year, mine.declared, mine.deductions,
    )  # fmt: skip


@WIDE
@given(evidence(), evidence(), ON)
def test_who_is_taken_out_leaves_the_other_with_all_that_is_known(mine: Any, other: Any, on: date) -> None:
    facts = ChildFacts(None, (), (), (), (), (), None)._replace(
        guardians=(Guardian("guardian-1", "father", (mine,)), Guardian("guardian-2", "mother", (other, mine)))
    )
    changed = tried(facts, on=on, first={"relation": "", "tax_year": "", "declared": ""})
    assert changed.guardians == (Guardian("guardian-1", "mother", (other, mine)),)


def test_a_third_guardian_who_has_no_form_stays() -> None:
    people = tuple(Guardian(f"guardian-{number}", "other", ()) for number in (1, 2, 3))
    facts = ChildFacts(None, (), (), (), (), people, None)
    assert tried(facts, on=date(2026, 8, 1)) == facts
    fewer = tried(facts, on=date(2026, 8, 1), first={"relation": ""})
    assert [one.ref for one in fewer.guardians] == ["guardian-1", "guardian-2"]


def test_an_earlier_insurer_still_counts_where_only_the_day_of_application_is_changed() -> None:
    """Who changed insurers last week was insured before: a trial that forgot it would entitle from last week only."""
    seam = date(2026, 11, 20)
    insured = (
        InsuranceCoverage("06130488", Period(date(2020, 4, 1), seam)),
        InsuranceCoverage("06140012", Period(seam, None)),
    )
    since: Sequence[Residence] = (Residence(CITY, Period(date(2020, 4, 1), None)),)
    facts = ChildFacts(
        date(2018, 5, 10), tuple(since), insured, (), (), (Guardian("guardian-1", "father", ()),), date(2026, 11, 1)
    )  # fmt: skip
    on = date(2026, 11, 29)
    changed = tried(facts, on=on, child={"applied_on": "2026-11-10"})
    assert changed.insurances == insured
    assert judged(changed, on=on) == judged(facts._replace(applied_on=date(2026, 11, 10)), on=on)
    period = judged(changed, on=on).period
    assert period is not None and period.start < seam

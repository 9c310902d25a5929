"""The form of a what-if: what it shows of the facts, and what facts it makes of what was typed (no database)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kyufu.law.calendar.period import Period
from kyufu.law.calendar.years import calendar_year
from kyufu.law.child.facts import (
    ChildFacts,
    Declared,
    Deductions,
    Dependants,
    Guardian,
    IncomeEvidence,
    Incomes,
    IncomeSource,
    InsuranceCoverage,
    OtherScheme,
    OtherSchemeKind,
    Residence,
)
from kyufu.web.pages.explaining import evidence_in, guardian_words
from kyufu.web.pages.trial_form import (
    ChildForm,
    GuardianForm,
    changed_facts,
    child_initial,
    guardian_initial,
)

ON = date(2026, 8, 1)
CITY = "141003"
PAST, SINCE = Period(date(2019, 1, 1), date(2020, 4, 1)), Period(date(2020, 4, 1), None)


def evidence(year: int, *, salary: int, obtained_on: date) -> IncomeEvidence:
    """Income of the year before a tax year."""
    return IncomeEvidence(
        year, calendar_year(year - 1), Declared.YES, IncomeSource.NETWORK, obtained_on,
        Incomes(salary=salary, business=1_000), Deductions(medical=30_000, widow=True), Dependants(total=2, elderly=1),
        100_000, 5_000,
    )  # fmt: skip


OLD = evidence(2025, salary=4_000_000, obtained_on=date(2025, 6, 10))
NEW = evidence(2026, salary=5_000_000, obtained_on=date(2026, 6, 10))
FACTS = ChildFacts(
    birth_date=date(2018, 5, 10),
    residences=(Residence("131016", PAST), Residence(CITY, SINCE)),
    insurances=(InsuranceCoverage("06130488", SINCE),),
    public_assistance=(PAST,),
    other_schemes=(OtherScheme(OtherSchemeKind.DISABILITY, PAST),),
    guardians=(Guardian("guardian-1", "mother", (NEW, OLD)),),
    applied_on=ON,
)


def child_data(**typed: Any) -> dict[str, Any]:
    """What the form of the child holds after it was sent as it was shown."""
    shown = {**child_initial(FACTS, on=ON, city=CITY), **typed}
    form = ChildForm({name: value for name, value in shown.items() if value is not None})
    assert form.is_valid(), form.errors
    return form.cleaned_data


def guardian_data(**typed: Any) -> dict[str, Any]:
    """The same of the guardian."""
    shown = {**guardian_initial(FACTS.guardians[0], tax_year=2026), **typed}
    form = GuardianForm(
        {name: value for name, value in shown.items() if value is not None and value is not False}
    )
    assert form.is_valid(), form.errors
    return form.cleaned_data


def changed(child: dict[str, Any], *guardians: dict[str, Any], facts: ChildFacts = FACTS) -> ChildFacts:
    """The facts that come of it, where the forms showed the facts of today."""
    known = [*facts.guardians, None, None][:2]
    shown = [child_initial(facts, on=ON, city=CITY), *(guardian_initial(one, tax_year=2026) for one in known)]
    return changed_facts(facts, child=child, guardians=list(guardians), shown=shown, city=CITY)


def test_the_form_shows_the_facts_of_the_day() -> None:
    shown = child_initial(FACTS, on=ON, city=CITY)
    assert (shown["resident_from"], shown["resident_to"]) == (date(2020, 4, 1), None)
    assert (shown["insured"], shown["insured_from"]) == ("yes", date(2020, 4, 1))
    assert (shown["assisted_from"], shown["assisted_to"]) == (date(2019, 1, 1), date(2020, 3, 31))
    assert shown["scheme"] == "disability"


def test_nothing_known_is_shown_as_nothing() -> None:
    bare = FACTS._replace(residences=(), insurances=(), public_assistance=(), other_schemes=())
    shown = child_initial(bare, on=ON, city=CITY)
    assert "resident_from" not in shown
    assert shown["insured"] == "unknown"
    assert shown["scheme"] == ""


@pytest.mark.parametrize(("year", "salary"), [(2026, 5_000_000), (2025, 4_000_000), (1999, 5_000_000)])
def test_the_income_of_the_tax_year_is_shown_or_else_the_latest(year: int, salary: int) -> None:
    assert guardian_initial(FACTS.guardians[0], tax_year=year)["salary"] == salary


def test_a_guardian_without_income_or_none_is_shown_empty() -> None:
    assert guardian_initial(None, tax_year=2026) == {}
    assert guardian_initial(Guardian("guardian-1", "father", ()), tax_year=2026) == {"relation": "father"}


def test_what_was_sent_as_shown_is_what_was_gathered_with_all_its_periods_and_years() -> None:
    assert changed(child_data(), guardian_data()) == FACTS


def test_a_changed_kind_of_fact_is_what_was_typed_and_the_others_stay() -> None:
    facts = changed(child_data(resident_from="R8.7.1"), guardian_data())
    assert facts == FACTS._replace(residences=(Residence(CITY, Period(date(2026, 7, 1), None)),))
    facts = changed(child_data(insured_to="R8.7.31"), guardian_data())
    ended = InsuranceCoverage("06130488", Period(date(2020, 4, 1), date(2026, 8, 1)))
    assert facts == FACTS._replace(insurances=(ended,))
    facts = changed(child_data(assisted_to=""), guardian_data())
    assert facts == FACTS._replace(public_assistance=(Period(date(2019, 1, 1), None),))
    facts = changed(child_data(scheme="institution"), guardian_data())
    assert facts == FACTS._replace(other_schemes=(OtherScheme(OtherSchemeKind.INSTITUTION, PAST),))


def test_a_changed_income_is_that_of_the_form_alone() -> None:
    facts = changed(child_data(), guardian_data(salary="4,999,999"))
    (income,) = facts.guardians[0].incomes
    assert sum(income.incomes) == sum(NEW.incomes) - 1
    assert (income.deductions, income.dependants) == (NEW.deductions, NEW.dependants)
    assert (income.covers, income.income_levy, income.per_capita_levy) == (NEW.covers, 100_000, 5_000)
    assert facts._replace(guardians=()) == FACTS._replace(guardians=())


def test_a_residence_elsewhere_is_none_in_the_city() -> None:
    """Who moved away lives here no more: the form must not make a residence in the city of the one elsewhere."""
    left = (Residence(CITY, Period(date(2020, 4, 1), date(2026, 7, 1))),)
    moved = FACTS._replace(residences=(*left, Residence("141305", Period(date(2026, 7, 1), None))))
    shown = child_initial(moved, on=ON, city=CITY)
    assert (shown["resident_from"], shown["resident_to"]) == (date(2020, 4, 1), date(2026, 6, 30))
    stranger = FACTS._replace(residences=(Residence("141305", SINCE),))
    assert "resident_from" not in child_initial(stranger, on=ON, city=CITY)
    assert changed(child_data(resident_from="", resident_to=""), guardian_data(), facts=stranger) == stranger


def test_what_is_left_empty_is_no_fact() -> None:
    child = child_data(resident_from="", insured="unknown", assisted_from="", assisted_to="", scheme="",
                       scheme_from="", scheme_to="", birth_date="", applied_on="")  # fmt: skip
    facts = changed(child, guardian_data(relation="", tax_year="", declared=""))
    assert facts == ChildFacts(None, (), (), (), (), (), None)


def test_income_of_no_amount_is_no_evidence() -> None:
    facts = changed(child_data(), guardian_data(salary="", other_income=""))
    assert facts.guardians == (Guardian("guardian-1", "mother", ()),)


def test_guardians_are_numbered_without_gaps() -> None:
    absent = guardian_data(relation="", tax_year="", declared="")
    facts = changed(child_data(), absent, guardian_data(relation="father"))
    assert [(one.ref, one.relation) for one in facts.guardians] == [("guardian-1", "father")]


def test_the_evidence_of_a_decision_is_told_with_its_periods() -> None:
    words = guardian_words([(7, "mother")])
    told = evidence_in(FACTS, guardians=words, hides_home=False)
    assert [one.kind for one in told] == [
        "住所",
        "住所",
        "健康保険",
        "生活保護など",
        "他の制度",
        "所得",
        "所得",
    ]
    assert told[-2].whose == "保護者1（母）"
    assert told[-2].said == "令和8年度（2026） 合計 5,001,000円（申告あり、扶養 2人）"
    assert told[-2].period == calendar_year(2025)
    hidden = evidence_in(FACTS, guardians=words, hides_home=True)
    assert "住所" not in {one.kind for one in hidden}

"""What the law derives is typed nowhere: no form, filing, feed or operation of a case takes it."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType

from kyufu.cases import api as cases
from kyufu.cases import operations
from kyufu.law.child import quantities
from kyufu.law.decision import Decision, Finding, Quantity
from kyufu.law.income import judged
from kyufu.web.pages import urls
from kyufu.web.pages.forms import PageForm
from tests.cases.world import FEEDS

# Quantities that repeat a fact as it was handed in or registered; all others are worked out by the law.
FACTS = frozenset(
    {
        "judged_for", "birth_date", "applied_on", "guardians", "died_on", "tax_year", "guardian",
        "guardian_income_source", "guardian_income_obtained_on", "dependants", "elderly_dependants",
        "resident_from", "insured_from",
        "public_assistance_from", "public_assistance_last_day", "disability_from", "disability_last_day",
        # figures of the tax ledger, which the law takes over as they are
        "casualty_loss_deduction", "medical_deduction", "small_enterprise_mutual_aid_deduction",
        "disabled_deduction", "specially_disabled_deduction", "widow_deduction", "single_parent_deduction",
        "working_student_deduction",
        "single_parent_from", "single_parent_last_day", "institution_from", "institution_last_day",
    }
)  # fmt: skip


def quantities_of(*modules: ModuleType) -> Iterator[Quantity]:
    """Every quantity that a module names, alone or in a tuple."""
    for module in modules:
        for value in vars(module).values():
            found = value if isinstance(value, tuple) and not isinstance(value, Quantity) else (value,)
            yield from (one for one in found if isinstance(one, Quantity))


DERIVED = {one for one in quantities_of(quantities, judged) if one.name not in FACTS}
# What else stands on a Decision and is no quantity; scheme and municipality say under which law it is asked.
ANSWERS = {*Decision._fields, *Finding._fields} - {"scheme", "municipality", "judged_for", "name"}
# A period is typed where it is that of a fact; reasons of a person for a step are words, and no reasons of the law.
NAMES = (
    {one.name for one in DERIVED} | ANSWERS | {"ceiling", "copay", "valid", "payer_no", "recipient_no"}
) - {"period"}
LABELS = {one.label for one in DERIVED}
# How an individual number that did not fit, or a difference from the register, was settled: no answer of the law.
OTHER_MEANING = {("SettleForm", "outcome"), ("MismatchForm", "outcome")}


def forms(kind: type[PageForm] = PageForm) -> Iterator[type[PageForm]]:
    """Every form of the pages."""
    assert urls.urlpatterns
    for form in kind.__subclasses__():
        yield form
        yield from forms(form)


def test_the_quantities_that_the_law_derives_are_known() -> None:
    assert {"benefit_class", "judged_income", "city_income_limit", "period_last_day", "age"} <= {
        one.name for one in DERIVED
    }
    assert {one.name for one in quantities_of(quantities, judged)} >= FACTS


def test_no_form_has_a_field_for_what_the_law_derives() -> None:
    fields = [(form.__name__, name, field) for form in forms() for name, field in form.base_fields.items()]
    assert len(fields) > 100
    found = {(form, name) for form, name, field in fields if name in NAMES or field.label in LABELS}
    assert found == OTHER_MEANING


def test_no_filing_carries_what_the_law_derives() -> None:
    assert NAMES.isdisjoint(
        {*cases.Filing._fields, *cases.FiledGuardian._fields, *cases.IdentityCheck._fields}
    )


def test_no_feed_has_an_item_for_what_the_law_derives() -> None:
    labels = {column.label for feed in FEEDS.values() for column in feed.layout.columns}
    assert len(labels) > 50
    assert labels.isdisjoint(LABELS)


def test_no_operation_of_a_case_takes_what_the_law_derives() -> None:
    taken = {}
    for module in pkgutil.iter_modules(operations.__path__):
        found = vars(importlib.import_module(f"{operations.__name__}.{module.name}"))
        for name, value in found.items():
            of_cases = inspect.isfunction(value) and value.__module__.startswith(operations.__name__)
            if of_cases and not name.startswith("_"):
                taken[name] = set(inspect.signature(value).parameters)
    assert {"judge_application", "approve_application", "issue_application"} <= taken.keys()
    assert {name: sorted(taken[name] & NAMES) for name in taken if taken[name] & NAMES} == {}

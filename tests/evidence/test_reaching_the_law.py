"""What evidence keeps is what the law decides on: disagreeing sources, wrong years, missing incomes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from kyufu.evidence.api import (
    addressees_without_income,
    income_of,
    inquiries_needed,
    record_income,
)
from kyufu.law.calendar.period import Period
from kyufu.law.child import judge
from kyufu.law.child.facts import (
    ChildFacts,
    Guardian,
    IncomeEvidence,
    IncomeSource,
    InsuranceCoverage,
    Residence,
)
from kyufu.law.decision import Finding, Outcome
from kyufu.law.income.selection import CONTRADICTORY, MISSING_YEAR
from kyufu.platform.actors import Actor
from kyufu.platform.clock import current_instant
from kyufu.registry.api import merge_into_resident
from tests.evidence.files import INCOME, Sender
from tests.evidence.records import income

pytestmark = pytest.mark.django_db
NUMBER = "000000000000001"
AUGUST_2024 = date(2024, 8, 1)
NETWORK, CERTIFICATE = IncomeSource.NETWORK, IncomeSource.CERTIFICATE


def prefecture_finding(incomes: tuple[IncomeEvidence, ...], *, on: date) -> Finding:
    """The finding on the prefecture's subsidy for a child of four whose only guardian has these incomes."""
    since_birth = Period(date(on.year - 4, 5, 5), None)
    facts = ChildFacts(
        birth_date=since_birth.start,
        residences=(Residence("141003", since_birth),),
        insurances=(InsuranceCoverage("06130488", since_birth),),
        public_assistance=(),
        other_schemes=(),
        guardians=(Guardian("guardian-1", "mother", incomes),),
        applied_on=since_birth.start,
    )
    decision = judge(facts, municipality="yokohama", on=on)
    assert decision.outcome is Outcome.ELIGIBLE
    return next(finding for finding in decision.findings if finding.name == "prefecture")


def ledger_row(*, tax_year: int, salary: int) -> dict[str, object]:
    """A row of the tax feed."""
    year = tax_year - 1
    return {
        **INCOME,
        "atenabango": NUMBER,
        "fuka_nendo": tax_year,
        "taisho_kaishi": f"{year}-01-01",
        "taisho_shuryo": f"{year}-12-31",
        "kyuyo": salary,
        "shutoku_nengappi": f"{tax_year}-06-10",
    }


def test_two_sources_that_disagree_are_both_kept_and_the_rule_says_which_counts(
    person: Callable[[str], int], sender: Sender, clerk: Actor
) -> None:
    guardian = person(NUMBER)
    record_income(income(source=NETWORK, salary=99_000_000), addressee_id=guardian, by=clerk, note="")
    sender.send("tax", [ledger_row(tax_year=2024, salary=1_000_000)])

    incomes = income_of([guardian])[guardian]
    assert {(one.source, one.incomes.salary) for one in incomes} == {
        (IncomeSource.TAX_LEDGER, 1_000_000),
        (NETWORK, 99_000_000),
    }
    alone = [prefecture_finding((one,), on=AUGUST_2024).outcome for one in incomes]
    assert set(alone) == {Outcome.ELIGIBLE, Outcome.NOT_ELIGIBLE}
    assert prefecture_finding(incomes, on=AUGUST_2024).outcome is Outcome.ELIGIBLE


def test_of_one_source_the_later_paper_counts_and_the_earlier_one_stays(
    person: Callable[[str], int], clerk: Actor
) -> None:
    guardian = person(NUMBER)
    for day, salary in ((1, 99_000_000), (2, 1_000_000)):
        evidence = income(obtained_on=date(2024, 7, day), salary=salary)
        record_income(evidence, addressee_id=guardian, by=clerk, note="")

    incomes = income_of([guardian])[guardian]

    assert [one.incomes.salary for one in incomes] == [99_000_000, 1_000_000]
    assert prefecture_finding(incomes, on=AUGUST_2024).outcome is Outcome.ELIGIBLE


def test_a_merged_person_with_two_papers_of_one_day_cannot_be_decided(
    person: Callable[[str], int], clerk: Actor
) -> None:
    resident, outsider = person(NUMBER), person("N20240701000010")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registry_addressee SET kind = 'non_resident' WHERE id = %s", [outsider])
    record_income(income(salary=1_000_000), addressee_id=outsider, by=clerk, note="")
    record_income(income(salary=1_000_001), addressee_id=resident, by=clerk, note="")
    assert prefecture_finding(income_of([resident])[resident], on=AUGUST_2024).outcome is Outcome.ELIGIBLE

    merge_into_resident(
        non_resident=outsider, resident=resident, by=clerk, reason="同一人", at=current_instant()
    )

    finding = prefecture_finding(income_of([resident])[resident], on=AUGUST_2024)
    assert finding.outcome is Outcome.CANNOT_DECIDE
    assert [reason.code for reason in finding.reasons] == [CONTRADICTORY]


def test_an_income_of_2024_never_answers_for_2025(person: Callable[[str], int], sender: Sender) -> None:
    guardian = person(NUMBER)
    sender.send("tax", [ledger_row(tax_year=2025, salary=1_000_000)])
    incomes = income_of([guardian])[guardian]
    assert [one.covers for one in incomes] == [Period(date(2024, 1, 1), date(2025, 1, 1))]

    in_its_year = prefecture_finding(incomes, on=date(2025, 8, 1))
    a_year_later = prefecture_finding(incomes, on=date(2026, 8, 1))

    assert in_its_year.outcome is Outcome.ELIGIBLE
    assert a_year_later.outcome is Outcome.CANNOT_DECIDE
    assert [reason.code for reason in a_year_later.reasons] == [MISSING_YEAR]


def test_the_database_refuses_income_under_another_tax_year(
    person: Callable[[str], int], sender: Sender
) -> None:
    person(NUMBER)
    sender.send("tax", [ledger_row(tax_year=2025, salary=1_000_000)])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(column_name, ', ') FROM information_schema.columns "
            "WHERE table_name = 'evidence_income' AND table_schema = current_schema() "
            "AND column_name NOT IN ('id', 'tax_year')"
        )
        others = cursor.fetchone()[0]

    with (
        pytest.raises(IntegrityError, match="evidence_income_covers_year_before"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"INSERT INTO evidence_income (tax_year, {others}) SELECT 2026, {others} FROM evidence_income"
        )


def test_guardians_who_are_not_in_the_ledger_are_listed_until_their_income_is_obtained(
    person: Callable[[str], int], sender: Sender, clerk: Actor
) -> None:
    in_ledger, outside, other_year = person(NUMBER), person("000000000000002"), person("000000000000003")
    sender.send(
        "tax",
        [
            ledger_row(tax_year=2024, salary=1),
            {**ledger_row(tax_year=2023, salary=1), "atenabango": "000000000000003"},
        ],
    )
    guardians = [other_year, in_ledger, outside]

    assert addressees_without_income(guardians, tax_year=2024) == (other_year, outside)
    listed = inquiries_needed(guardians, tax_year=2024)
    assert [(one.addressee_id, one.tax_year) for one in listed] == [(other_year, 2024), (outside, 2024)]
    assert "2024年度" in listed[0].why

    record_income(income(source=NETWORK), addressee_id=outside, by=clerk, note="")

    assert addressees_without_income(guardians, tax_year=2024) == (other_year, outside)
    assert [one.addressee_id for one in inquiries_needed(guardians, tax_year=2024)] == [other_year]

"""The feeds of insurance, public assistance and other schemes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection

from kyufu.evidence.api import doubtful_insurers, insurance_of, other_schemes_of, public_assistance_of
from kyufu.law.calendar.period import Period
from kyufu.law.child.facts import InsuranceCoverage, OtherScheme, OtherSchemeKind
from tests.evidence.files import INSURANCE, LENIENT, PERIOD, Sender
from tests.evidence.worklist import changes_of, rejected

pytestmark = pytest.mark.django_db
NUMBER = "000000000000001"
APRIL_2025 = Period(date(2025, 4, 1), None)


@pytest.mark.requirement("YOK-033")
def test_insurance_lands_with_its_symbol_number_and_branch(
    person: Callable[[str], int], sender: Sender
) -> None:
    child = person(NUMBER)

    sender.send("insurance", [{**INSURANCE, "atenabango": NUMBER}])

    assert insurance_of([child])[child] == (InsuranceCoverage("06130488", Period(date(2024, 4, 1), None)),)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT symbol, number, branch, relation, source, obtained_on, check_digit_agrees FROM evidence_insurance"
        )
        assert cursor.fetchall() == [("１２３", "4567", "02", "family", "insurer", date(2026, 7, 1), True)]


def test_a_change_of_insurer_is_two_periods(person: Callable[[str], int], sender: Sender) -> None:
    child = person(NUMBER)
    sender.send("insurance", [{**INSURANCE, "atenabango": NUMBER}])

    sender.send(
        "insurance",
        [
            {**INSURANCE, "atenabango": NUMBER, "rirekieda": 1, "soshitsu_nengappi": "2026-06-01"},
            {
                **INSURANCE,
                "atenabango": NUMBER,
                "rirekibango": 2,
                "hokensha_bango": "01010016",
                "shutoku_nengappi": "2026-06-01",
            },
        ],
    )

    assert insurance_of([child])[child] == (
        InsuranceCoverage("06130488", Period(date(2024, 4, 1), date(2026, 6, 1))),
        InsuranceCoverage("01010016", Period(date(2026, 6, 1), None)),
    )


def test_a_wrong_check_digit_is_refused_or_marked_as_the_switch_says(
    person: Callable[[str], int], sender: Sender
) -> None:
    child = person(NUMBER)
    wrong = {**INSURANCE, "atenabango": NUMBER, "hokensha_bango": "06130489"}

    refused = sender.send("insurance", [wrong])
    assert [row["code"] for row in rejected(refused.file_id)] == ["bad_insurer_no"]
    assert insurance_of([child])[child] == ()

    sender.feeds = LENIENT
    taken = sender.send("insurance", [wrong])
    assert taken.rejected == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT insurer_no, check_digit_agrees FROM evidence_insurance")
        assert cursor.fetchall() == [("06130489", False)]
    (doubtful,) = doubtful_insurers(limit=10, after=0)
    assert (doubtful.addressee_id, doubtful.insurer_no) == (child, "06130489")
    assert doubtful_insurers(limit=10, after=doubtful.insurance_id) == ()

    sender.send("insurance", [{**wrong, "rirekieda": 1, "hokensha_bango": "06130488"}])
    assert doubtful_insurers(limit=10, after=0) == ()


def test_a_number_that_is_no_insurer_number_is_refused_even_where_check_digits_are_not_tested(
    person: Callable[[str], int], sender: Sender
) -> None:
    person(NUMBER)
    sender.feeds = LENIENT

    result = sender.send("insurance", [{**INSURANCE, "atenabango": NUMBER, "hokensha_bango": "1234567"}])

    assert [row["code"] for row in rejected(result.file_id)] == ["bad_insurer_no"]


@pytest.mark.parametrize(
    ("layout", "row", "end"),
    [
        ("insurance", {**INSURANCE, "soshitsu_nengappi": "2024-04-01"}, "soshitsu_nengappi"),
        ("assistance", {**PERIOD, "hogo_kubun": "1", "haishi": "2025-04-01"}, "haishi"),
        ("schemes", {**PERIOD, "seido": "1", "haishi": "2025-03-31"}, "haishi"),
    ],
)
def test_an_end_before_the_start_is_refused(
    person: Callable[[str], int], sender: Sender, layout: str, row: dict[str, Any], end: str
) -> None:
    person(NUMBER)

    result = sender.send(layout, [{**row, "atenabango": NUMBER}])

    assert [(one["column"], one["code"]) for one in rejected(result.file_id)] == [(end, "end_before_start")]


@pytest.mark.parametrize(("code", "kind"), [("1", "assistance"), ("2", "support_benefit")])
def test_public_assistance_and_support_benefit_both_count(
    person: Callable[[str], int], sender: Sender, code: str, kind: str
) -> None:
    child = person(NUMBER)

    sender.send("assistance", [{**PERIOD, "hogo_kubun": code, "atenabango": NUMBER}])

    assert public_assistance_of([child])[child] == (APRIL_2025,)
    assert changes_of(child) == [("evidence", "public_assistance")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, source FROM evidence_public_assistance")
        assert cursor.fetchall() == [(kind, "welfare_office")]


def test_each_scheme_counts_its_history_by_itself(person: Callable[[str], int], sender: Sender) -> None:
    child = person(NUMBER)

    sender.send("schemes", [{**PERIOD, "seido": code, "atenabango": NUMBER} for code in "123"])

    assert {scheme.kind for scheme in other_schemes_of([child])[child]} == set(OtherSchemeKind)


def test_a_cancelled_fact_is_gone_and_does_not_come_back_with_a_late_revision(
    person: Callable[[str], int], sender: Sender
) -> None:
    child = person(NUMBER)
    told = {**PERIOD, "seido": "1", "atenabango": NUMBER}
    sender.send("schemes", [told])
    assert other_schemes_of([child])[child] == (OtherScheme(OtherSchemeKind.DISABILITY, APRIL_2025),)

    sender.send("schemes", [{**told, "rirekieda": 2, "torikeshi": 1}])
    assert other_schemes_of([child])[child] == ()

    sender.send("schemes", [{**told, "rirekieda": 1, "kaishi": "2025-05-01"}])
    assert other_schemes_of([child])[child] == ()


def test_a_full_file_that_leaves_someone_out_takes_nothing_away(
    person: Callable[[str], int], sender: Sender
) -> None:
    kept, other = person(NUMBER), person("000000000000002")
    sender.send("assistance", [{**PERIOD, "hogo_kubun": "1", "atenabango": NUMBER}])

    sender.send("assistance", [{**PERIOD, "hogo_kubun": "1", "atenabango": "000000000000002"}], mode="FULL")

    assert public_assistance_of([kept, other]) == {kept: (APRIL_2025,), other: (APRIL_2025,)}

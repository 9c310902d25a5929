"""The tax feed: what lands, what goes to the worklist, and what a correction leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from kyufu.evidence.api import income_of
from kyufu.evidence.columns import DEDUCTIONS, INCOMES, NEVER_NEGATIVE, Unit
from kyufu.law.calendar.period import Period
from kyufu.law.child.facts import (
    Declared,
    Deductions,
    Dependants,
    IncomeEvidence,
    Incomes,
    IncomeSource,
)
from tests.evidence.files import INCOME, Sender
from tests.evidence.worklist import changes_of, rejected

pytestmark = pytest.mark.django_db
YEAR_2025 = Period(date(2025, 1, 1), date(2026, 1, 1))


def test_every_item_lands_in_its_own_field(person: Callable[[str], int], sender: Sender) -> None:
    ids = person("000000000000001")
    items = [figure.item for figure in (*INCOMES, *DEDUCTIONS[:3])]
    amounts = {item: 1000 + at for at, item in enumerate(items)}
    persons = {
        "shogaisha": 1,
        "tokubetsu_shogaisha": 2,
        "fuyo_total": 9,
        "fuyo_rojin": 2,
        "fuyo_tokutei": 3,
        "fuyo_16miman": 4,
    }
    marks = {"kafu": 0, "hitorioya": 1, "kinro_gakusei": 1, "rojin_haigusha": 1}
    levies = {"shotokuwari": 120_000, "kintowari": 4_400}

    result = sender.send(
        "tax", [{**INCOME, "atenabango": "000000000000001", **amounts, **persons, **marks, **levies}]
    )

    assert (result.landed, result.rejected) == (1, 0)
    assert income_of([ids])[ids] == (
        IncomeEvidence(
            2026,
            YEAR_2025,
            Declared.YES,
            IncomeSource.TAX_LEDGER,
            date(2026, 6, 10),
            Incomes(*range(1000, 1014)),
            Deductions(1014, 1015, 1016, 1, 2, False, True, True),
            Dependants(9, 2, 3, 4, True),
            120_000,
            4_400,
        ),
    )


def test_empty_amounts_are_zero_and_empty_levies_not_known(
    person: Callable[[str], int], sender: Sender
) -> None:
    ids = person("000000000000001")

    sender.send("tax", [{**INCOME, "atenabango": "000000000000001", "kyuyo": "", "shinkoku": "9"}])

    (income,) = income_of([ids])[ids]
    assert income.incomes == Incomes()
    assert income.declared is Declared.UNKNOWN
    assert (income.income_levy, income.per_capita_levy) == (None, None)


@pytest.mark.parametrize(
    ("wrong", "column", "code"),
    [
        ({"atenabango": "000000000000999"}, "atenabango", "unknown_addressee"),
        (
            {"taisho_kaishi": "2024-01-01", "taisho_shuryo": "2024-12-31"},
            "taisho_kaishi",
            "not_the_year_before",
        ),
        ({"taisho_kaishi": "2025-02-01"}, "taisho_kaishi", "not_the_year_before"),
        ({"taisho_shuryo": "2025-12-30"}, "taisho_kaishi", "not_the_year_before"),
        ({"taisho_kaishi": "2025-12-31", "taisho_shuryo": "2025-01-01"}, "taisho_shuryo", "end_before_start"),
        ({"shutoku_nengappi": "2025-12-31"}, "shutoku_nengappi", "obtained_before_end"),
        ({"shutoku_nengappi": "2026-07-02"}, "shutoku_nengappi", "later_than_file"),
        ({"fuyo_total": 2, "fuyo_tokutei": 2, "fuyo_16miman": 1}, "fuyo_total", "more_than_total"),
        ({"kafu": 1, "hitorioya": 1}, "hitorioya", "widow_and_single_parent"),
        ({"shinkoku": "3"}, "shinkoku", None),
        ({"shutoku_nengappi": "2026-06-31"}, "shutoku_nengappi", None),
    ],
)
def test_a_wrong_row_goes_to_the_worklist_and_the_good_row_lands(
    person: Callable[[str], int], sender: Sender, wrong: dict[str, Any], column: str, code: str | None
) -> None:
    good, bad = person("000000000000001"), person("000000000000002")

    result = sender.send(
        "tax",
        [
            {**INCOME, "atenabango": "000000000000001"},
            {**INCOME, "atenabango": "000000000000002", **wrong},
        ],
    )

    assert (result.landed, result.rejected) == (1, 1)
    (row,) = rejected(result.file_id)
    assert row["column"] == column
    assert code is None or row["code"] == code
    assert row["line"] == 4
    assert row["message"].endswith("。")
    assert len(income_of([good])[good]) == 1
    assert income_of([bad])[bad] == ()


@pytest.mark.parametrize(
    "item", [figure.item for figure in NEVER_NEGATIVE if figure.unit is not Unit.PERSONS]
)
def test_a_negative_amount_is_refused_where_no_loss_is_possible(
    person: Callable[[str], int], sender: Sender, item: str
) -> None:
    person("000000000000001")

    result = sender.send("tax", [{**INCOME, "atenabango": "000000000000001", item: -1}])

    assert [(row["column"], row["code"]) for row in rejected(result.file_id)] == [(item, "negative_amount")]


@pytest.mark.parametrize("item", ["jigyo", "fudosan", "sogo_joto", "bunri_joto", "sanrin"])
def test_a_loss_that_can_be_set_off_lands(person: Callable[[str], int], sender: Sender, item: str) -> None:
    ids = person("000000000000001")

    sender.send("tax", [{**INCOME, "atenabango": "000000000000001", item: -500_000}])

    (income,) = income_of([ids])[ids]
    assert sum(income.incomes) == 2_500_000


def test_a_correction_closes_what_was_known_and_a_replay_still_sees_it(
    person: Callable[[str], int], sender: Sender
) -> None:
    ids = person("000000000000001")
    sender.send("tax", [{**INCOME, "atenabango": "000000000000001"}])
    sender.send("tax", [{**INCOME, "atenabango": "000000000000001", "rirekieda": 1, "kyuyo": 4_000_000}])

    with connection.cursor() as cursor:
        cursor.execute("SELECT lower(recorded), upper(recorded) FROM evidence_income ORDER BY revision")
        (first, closed), (second, open_end) = cursor.fetchall()

    assert closed == second
    assert open_end is None
    assert [income.incomes.salary for income in income_of([ids])[ids]] == [4_000_000]
    assert [i.incomes.salary for i in income_of([ids], known_at=first)[ids]] == [3_000_000]
    assert [i.incomes.salary for i in income_of([ids], known_at=second)[ids]] == [4_000_000]
    assert income_of([ids], known_at=first - timedelta(seconds=1))[ids] == ()


def test_a_revision_that_comes_late_changes_nothing(person: Callable[[str], int], sender: Sender) -> None:
    ids = person("000000000000001")
    sender.send("tax", [{**INCOME, "atenabango": "000000000000001", "rirekieda": 2, "kyuyo": 5}])
    before = changes_of(ids)

    result = sender.send("tax", [{**INCOME, "atenabango": "000000000000001", "rirekieda": 1, "kyuyo": 4}])

    assert result.counts == {"新しく記録": 0, "訂正": 0, "変わりなし・古い枝番": 1}
    assert [income.incomes.salary for income in income_of([ids])[ids]] == [5]
    assert changes_of(ids) == before


def test_the_same_fact_in_another_file_changes_nothing(person: Callable[[str], int], sender: Sender) -> None:
    ids = person("000000000000001")
    sender.send("tax", [{**INCOME, "atenabango": "000000000000001"}])
    before = changes_of(ids)

    result = sender.send(
        "tax", [{**INCOME, "atenabango": "000000000000001", "shutoku_nengappi": "2026-06-30"}]
    )

    assert result.counts["変わりなし・古い枝番"] == 1
    (income,) = income_of([ids])[ids]
    assert income.obtained_on == date(2026, 6, 10)
    assert changes_of(ids) == before


def test_one_revision_that_says_two_things_is_for_a_person_to_solve(
    person: Callable[[str], int], sender: Sender
) -> None:
    person("000000000000001")
    person("000000000000002")
    sender.send("tax", [{**INCOME, "atenabango": "000000000000001"}])

    result = sender.send(
        "tax",
        [
            {**INCOME, "atenabango": "000000000000001", "kyuyo": 1},
            {**INCOME, "atenabango": "000000000000002", "kyuyo": 1},
            {**INCOME, "atenabango": "000000000000002", "kyuyo": 2},
        ],
    )

    assert [(row["line"], row["code"]) for row in rejected(result.file_id)] == [
        (3, "contradicts_same_revision"),
        (4, "contradicts_same_revision"),
        (5, "contradicts_same_revision"),
    ]


def test_only_persons_whose_income_changed_are_noted(person: Callable[[str], int], sender: Sender) -> None:
    same, other = person("000000000000001"), person("000000000000002")
    rows = [{**INCOME, "atenabango": number} for number in ("000000000000001", "000000000000002")]
    sender.send("tax", rows)

    sender.send("tax", [{**rows[0], "rirekieda": 1}, {**rows[1], "rirekieda": 1, "kyuyo": 1}])

    assert changes_of(same) == [("evidence", "income")]
    assert changes_of(other) == [("evidence", "income"), ("evidence", "income")]

"""Income and insurance that a clerk records from the network or from a paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from kyufu.evidence.api import (
    income_of,
    insurance_details_of,
    insurance_of,
    record_income,
    record_insurance,
    withdraw_income,
    withdraw_insurance,
)
from kyufu.law.calendar.period import Period
from kyufu.law.child.facts import Deductions, Dependants, Incomes, IncomeSource
from kyufu.notation.check_digits import CheckDigit
from kyufu.platform.actors import Actor
from kyufu.platform.errors import BadInput, Refused
from tests.evidence.records import INCOME_BY_HAND, INSURANCE_BY_HAND, income
from tests.evidence.worklist import changes_of

pytestmark = pytest.mark.django_db
NUMBER = "000000000000001"
TESTED = CheckDigit.TESTED


def test_income_is_given_back_as_it_was_recorded(person: Callable[[str], int], clerk: Actor) -> None:
    guardian = person(NUMBER)

    record_income(INCOME_BY_HAND, addressee_id=guardian, by=clerk, note="")

    assert income_of([guardian])[guardian] == (INCOME_BY_HAND,)
    assert changes_of(guardian) == [("evidence", "income")]


def test_a_correction_of_the_same_paper_needs_a_reason_and_keeps_what_was_known(
    person: Callable[[str], int], clerk: Actor
) -> None:
    guardian = person(NUMBER)
    first = record_income(income(salary=1), addressee_id=guardian, by=clerk, note="")
    with pytest.raises(BadInput, match="理由"):
        record_income(income(salary=2), addressee_id=guardian, by=clerk, note=" ")

    second = record_income(income(salary=2), addressee_id=guardian, by=clerk, note="入力誤り")

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, revision, salary, recorded_by, note, lower(recorded), upper(recorded) FROM evidence_income "
            "ORDER BY revision"
        )
        old, new = cursor.fetchall()
    assert old[:5] == (first, 0, 1, "S0001", "")
    assert new[:5] == (second, 1, 2, "S0001", "入力誤り")
    assert (old[6], new[6]) == (new[5], None)
    (known_then,) = income_of([guardian], known_at=old[5])[guardian]
    assert known_then.incomes.salary == 1


def test_the_same_again_changes_nothing(person: Callable[[str], int], clerk: Actor) -> None:
    guardian = person(NUMBER)
    first = record_income(INCOME_BY_HAND, addressee_id=guardian, by=clerk, note="")

    again = record_income(INCOME_BY_HAND, addressee_id=guardian, by=clerk, note="")

    assert again == first
    assert len(changes_of(guardian)) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"source": IncomeSource.TAX_LEDGER}, "課税台帳"),
        ({"covers": Period(date(2024, 1, 1), date(2025, 1, 1))}, "2024年度の前年（2023年"),
        ({"covers": Period(date(2023, 1, 1), None)}, "対象期間"),
        ({"covers": Period(date(2023, 4, 1), date(2024, 4, 1))}, "対象期間"),
        ({"obtained_on": date(2023, 12, 31)}, "終わりより前"),
        ({"obtained_on": date(9999, 1, 1)}, "未来"),
        ({"incomes": Incomes(salary=-1)}, "給与所得が負"),
        ({"incomes": Incomes(stock=-1)}, "株式等の譲渡所得が負"),
        ({"deductions": Deductions(medical=-1)}, "医療費控除額が負"),
        ({"deductions": Deductions(widow=True, single_parent=True)}, "ひとり親"),
        ({"dependants": Dependants(total=1, elderly=1, specified=1)}, "内訳"),
        ({"income_levy": -1}, "所得割額が負"),
    ],
)
def test_income_that_cannot_be_is_refused_and_nothing_is_recorded(
    person: Callable[[str], int], clerk: Actor, change: dict[str, Any], words: str
) -> None:
    guardian = person(NUMBER)

    with pytest.raises(BadInput, match=words) as refused:
        record_income(INCOME_BY_HAND._replace(**change), addressee_id=guardian, by=clerk, note="")

    assert refused.value.remedy
    assert income_of([guardian])[guardian] == ()
    assert changes_of(guardian) == []


def test_income_of_nobody_is_refused(db: None, clerk: Actor) -> None:
    with pytest.raises(Refused, match="登録されていません"):
        record_income(INCOME_BY_HAND, addressee_id=4711, by=clerk, note="")


def test_a_withdrawn_income_is_gone_but_not_forgotten(person: Callable[[str], int], clerk: Actor) -> None:
    guardian = person(NUMBER)
    record = record_income(INCOME_BY_HAND, addressee_id=guardian, by=clerk, note="")
    with pytest.raises(BadInput, match="理由"):
        withdraw_income(record, addressee_id=guardian, by=clerk, reason="")

    mark = withdraw_income(record, addressee_id=guardian, by=clerk, reason="別人の証明書だった")

    assert income_of([guardian])[guardian] == ()
    assert changes_of(guardian) == [("evidence", "income")] * 2
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, cancelled, note, upper(recorded) IS NULL FROM evidence_income ORDER BY revision"
        )
        assert cursor.fetchall() == [(record, False, "", False), (mark, True, "別人の証明書だった", True)]
    with pytest.raises(Refused, match="取り消せる"):
        withdraw_income(mark, addressee_id=guardian, by=clerk, reason="もう一度")


def test_what_another_person_has_cannot_be_withdrawn(person: Callable[[str], int], clerk: Actor) -> None:
    guardian, other = person(NUMBER), person("000000000000002")
    record = record_income(INCOME_BY_HAND, addressee_id=guardian, by=clerk, note="")

    with pytest.raises(Refused):
        withdraw_income(record, addressee_id=other, by=clerk, reason="誤り")

    assert len(income_of([guardian])[guardian]) == 1


def test_insurance_is_recorded_corrected_and_recorded_again(
    person: Callable[[str], int], clerk: Actor
) -> None:
    child = person(NUMBER)
    first = record_insurance(
        INSURANCE_BY_HAND, addressee_id=child, corrects=None, by=clerk, note="", check=TESTED
    )
    ended = INSURANCE_BY_HAND._replace(valid=Period(date(2024, 4, 1), date(2024, 9, 1)))
    record_insurance(ended, addressee_id=child, corrects=first, by=clerk, note="転職", check=TESTED)
    following = INSURANCE_BY_HAND._replace(insurer_no="01010016", valid=Period(date(2024, 9, 1), None))
    record_insurance(following, addressee_id=child, corrects=None, by=clerk, note="", check=TESTED)

    assert [(one.insurer_no, one.period.end) for one in insurance_of([child])[child]] == [
        ("06130488", date(2024, 9, 1)),
        ("01010016", None),
    ]
    with pytest.raises(Refused, match="訂正できる"):
        record_insurance(ended, addressee_id=child, corrects=first, by=clerk, note="古い", check=TESTED)


def test_withdrawn_insurance_is_gone_but_not_forgotten(person: Callable[[str], int], clerk: Actor) -> None:
    child = person(NUMBER)
    record = record_insurance(
        INSURANCE_BY_HAND, addressee_id=child, corrects=None, by=clerk, note="", check=TESTED
    )
    assert insurance_details_of([child])[child] == (INSURANCE_BY_HAND,)

    mark = withdraw_insurance(record, addressee_id=child, by=clerk, reason="兄弟の資格確認書だった")

    assert insurance_of([child])[child] == ()
    assert insurance_details_of([child])[child] == ()
    assert changes_of(child) == [("evidence", "insurance")] * 2
    with pytest.raises(Refused):
        withdraw_insurance(mark, addressee_id=child, by=clerk, reason="もう一度")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"insurer_no": "06130489"}, "検査数字"),
        ({"insurer_no": "0613048"}, "桁"),
        ({"number": " "}, "番号がありません"),
        ({"relation": "self"}, "本人"),
        ({"source": "insurer"}, "情報源"),
        ({"valid": Period(date(2024, 4, 1), date(2024, 4, 1))}, "以前"),
        ({"obtained_on": date(9999, 1, 1)}, "未来"),
    ],
)
def test_insurance_that_cannot_be_is_refused(
    person: Callable[[str], int], clerk: Actor, change: dict[str, Any], words: str
) -> None:
    child = person(NUMBER)

    with pytest.raises(BadInput, match=words):
        record_insurance(
            INSURANCE_BY_HAND._replace(**change),
            addressee_id=child,
            corrects=None,
            by=clerk,
            note="",
            check=TESTED,
        )

    assert insurance_of([child])[child] == ()


def test_a_number_known_to_fail_can_be_recorded_on_purpose(
    person: Callable[[str], int], clerk: Actor
) -> None:
    child = person(NUMBER)
    wrong = INSURANCE_BY_HAND._replace(insurer_no="06130489")

    record_insurance(wrong, addressee_id=child, corrects=None, by=clerk, note="", check=CheckDigit.UNTESTED)

    with connection.cursor() as cursor:
        cursor.execute("SELECT check_digit_agrees FROM evidence_insurance")
        assert cursor.fetchall() == [(False,)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE evidence_income SET salary = 1",
        "UPDATE evidence_income SET recorded = tstzrange(lower(recorded) - interval '1 day', NULL)",
        "UPDATE evidence_income SET covers = '[2024-01-01,2025-01-01)'",
        "DELETE FROM evidence_income",
    ],
)
def test_the_database_refuses_to_change_what_was_recorded(
    person: Callable[[str], int], clerk: Actor, statement: str
) -> None:
    guardian = person(NUMBER)
    record_income(INCOME_BY_HAND, addressee_id=guardian, by=clerk, note="")

    with (
        pytest.raises(DatabaseError, match="only ever closed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert income_of([guardian])[guardian] == (INCOME_BY_HAND,)

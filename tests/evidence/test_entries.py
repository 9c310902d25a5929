"""Records as a clerk works on them: whose they are, and that nothing is written over what another changed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from kyufu.evidence.api import (
    ChangedMeanwhile,
    digest_of,
    income_entries,
    income_of,
    insurance_details_of,
    insurance_entries,
    record_income,
    record_income_seen,
    record_insurance_seen,
    withdraw_income_seen,
    withdraw_insurance_seen,
)
from kyufu.notation.check_digits import CheckDigit
from kyufu.platform.actors import Actor
from kyufu.platform.errors import BadInput, Refused
from tests.evidence.files import INCOME, Sender
from tests.evidence.records import INSURANCE_BY_HAND, income

CLERK = Actor("S0001", "職員　一郎", "鶴見区保険年金課")
OTHER = Actor("S0002", "職員　二郎", "西区保険年金課")
TESTED = CheckDigit.TESTED


@pytest.fixture
def guardian(person: Callable[[str], int]) -> int:
    """Somebody without any evidence."""
    return person("000000000000001")


def seen_of(guardian: int, *, of: Callable[[list[int]], dict[int, Any]] = income_entries) -> str:
    """The mark of the records that are in force."""
    return digest_of(of([guardian])[guardian])


def insure(guardian: int, *, seen: str, corrects: int | None = None, note: str = "", **changed: Any) -> int:
    """Record insurance from a paper."""
    paper = INSURANCE_BY_HAND._replace(**changed)
    return record_insurance_seen(
        paper, addressee_id=guardian, corrects=corrects, seen=seen, by=CLERK, note=note, check=TESTED
    )


def test_a_record_is_listed_with_its_number_and_who_entered_it(guardian: int) -> None:
    record = record_income_seen(
        income(), addressee_id=guardian, seen=seen_of(guardian), by=CLERK, note="写し"
    )
    (entry,) = income_entries([guardian])[guardian]
    assert (entry.record_id, entry.addressee_id, entry.recorded_by) == (record, guardian, "S0001")
    assert (entry.note, entry.evidence) == ("写し", income())
    assert entry.is_by_hand


def test_who_has_no_record_is_listed_with_none(guardian: int) -> None:
    assert income_entries([guardian]) == {guardian: ()}
    assert insurance_entries([guardian]) == {guardian: ()}


def test_a_record_of_a_feed_is_not_by_hand(guardian: int, sender: Sender) -> None:
    sender.send("tax", [{**INCOME, "atenabango": "000000000000001"}])
    (entry,) = income_entries([guardian])[guardian]
    assert not entry.is_by_hand
    with pytest.raises(Refused, match="取り消せる所得の記録がありません"):
        withdraw_income_seen(
            entry.record_id, addressee_id=guardian, seen=seen_of(guardian), by=CLERK, reason="誤り"
        )


def test_the_mark_changes_with_every_change(guardian: int) -> None:
    marks = [seen_of(guardian)]
    record_income_seen(income(), addressee_id=guardian, seen=marks[-1], by=CLERK, note="")
    marks.append(seen_of(guardian))
    again = record_income_seen(
        income(salary=1), addressee_id=guardian, seen=marks[-1], by=CLERK, note="写し間違い"
    )
    marks.append(seen_of(guardian))
    withdraw_income_seen(again, addressee_id=guardian, seen=marks[-1], by=CLERK, reason="別人の証明書")
    assert len({*marks}) == 3
    assert seen_of(guardian) == marks[0]
    assert income_of([guardian])[guardian] == ()


def test_what_another_changed_is_not_written_over(guardian: int) -> None:
    seen = seen_of(guardian)
    record_income(income(salary=7), addressee_id=guardian, by=OTHER, note="窓口で受領")
    with pytest.raises(ChangedMeanwhile) as refused:
        record_income_seen(income(salary=9), addressee_id=guardian, seen=seen, by=CLERK, note="訂正")
    assert "職員番号S0002の職員が所得の記録を登録・訂正しました" in refused.value.message
    assert "窓口で受領" in refused.value.message
    assert [one.incomes.salary for one in income_of([guardian])[guardian]] == [7]


def test_what_another_took_back_is_not_taken_back_again(guardian: int) -> None:
    record = record_income_seen(income(), addressee_id=guardian, seen=seen_of(guardian), by=CLERK, note="")
    seen = seen_of(guardian)
    withdraw_income_seen(record, addressee_id=guardian, seen=seen, by=OTHER, reason="別人の証明書")
    with pytest.raises(ChangedMeanwhile, match=r"S0002の職員が所得の記録を取り消しました.*別人の証明書"):
        withdraw_income_seen(record, addressee_id=guardian, seen=seen, by=CLERK, reason="二度目")


def test_a_change_by_a_feed_is_told_as_one(guardian: int, sender: Sender) -> None:
    seen = seen_of(guardian)
    sender.send("tax", [{**INCOME, "atenabango": "000000000000001"}])
    with pytest.raises(ChangedMeanwhile, match="連携ファイルの取込みが所得の記録を登録・訂正しました"):
        record_income_seen(income(), addressee_id=guardian, seen=seen, by=CLERK, note="")


def test_insurance_is_recorded_corrected_and_taken_back(guardian: int) -> None:
    first = insure(guardian, seen=seen_of(guardian, of=insurance_entries))
    seen = seen_of(guardian, of=insurance_entries)
    second = insure(guardian, seen=seen, corrects=first, note="番号の写し間違い", number="9999")
    assert [one.number for one in insurance_details_of([guardian])[guardian]] == ["9999"]
    with pytest.raises(ChangedMeanwhile):
        insure(guardian, seen=seen, corrects=second, note="訂正", number="8888")
    withdraw_insurance_seen(
        second, addressee_id=guardian, seen=seen_of(guardian, of=insurance_entries), by=CLERK, reason="別人"
    )
    assert insurance_details_of([guardian])[guardian] == ()


def test_a_correction_needs_a_reason(guardian: int) -> None:
    first = insure(guardian, seen=seen_of(guardian, of=insurance_entries))
    with pytest.raises(BadInput, match="理由がありません"):
        insure(guardian, seen=seen_of(guardian, of=insurance_entries), corrects=first, number="9999")


def test_what_cannot_be_is_refused_as_without_the_mark(guardian: int) -> None:
    with pytest.raises(BadInput, match="検査数字"):
        insure(guardian, seen=seen_of(guardian, of=insurance_entries), insurer_no="06130489")
    with pytest.raises(Refused, match="登録されていません"):
        record_income_seen(income(), addressee_id=999_999, seen="0" * 64, by=CLERK, note="")


@pytest.mark.django_db(transaction=True)
def test_of_two_clerks_at_once_one_is_told(person: Callable[[str], int]) -> None:
    guardian = person("000000000000001")
    seen, together = seen_of(guardian), Barrier(2)

    def enter(by: Actor) -> object:
        try:
            together.wait()
            return record_income_seen(
                income(salary=int(by.staff_id[1:])), addressee_id=guardian, seen=seen, by=by, note=""
            )
        except ChangedMeanwhile as told:
            return told
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = [
            one.result() for one in [pool.submit(copy_context().run, enter, by) for by in (CLERK, OTHER)]
        ]
    assert sorted(type(one).__name__ for one in results) == ["ChangedMeanwhile", "int"]
    assert len(income_of([guardian])[guardian]) == 1

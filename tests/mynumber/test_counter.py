"""One number at the counter: registered, changed, searched and shown, each with its record, or refused."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from kyufu.audit.api import acting
from kyufu.mynumber import api as mynumber
from kyufu.mynumber import counter
from kyufu.mynumber.api import UNIFIED, DoubleRegistration, NumberSecret
from kyufu.mynumber.limits import TooManySearches, limit
from kyufu.mynumber.secret import MASK
from kyufu.platform.access import Opening
from kyufu.platform.errors import KyufuError, Refused
from tests.mynumber.people import AT, CLERK, access, addressee, log, look, pair, register, secret, send
from tests.registry.persons import addressee_no, my_number

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])


def show(number: int, *, reason: str = "本人確認のため") -> NumberSecret:
    """Have a number shown under an access that may."""
    with acting(access(Opening.NUMBER_DISPLAY)):
        return mynumber.disclose_number(addressee_no=addressee_no(number), subject=number, reason=reason)


def change(number: int, *, to: int, on: date = date(2026, 10, 1)) -> None:
    """Change the number of a person to that of another test number."""
    mynumber.change_number(
        addressee_no=addressee_no(number), number=secret(to), changed_on=on, subject=number, by=CLERK,
        reason="個人番号の変更届", at=AT + timedelta(hours=1),
    )  # fmt: skip


def events(kind: str) -> list[tuple[object, object]]:
    """What the log has of a kind of event since the vault of this test was opened: detail and whose."""
    found = log(
        "SELECT detail::text, subjects FROM audit_event WHERE kind = %s AND id > "
        "(SELECT max(id) FROM audit_event WHERE kind = 'key_operation') ORDER BY id",
        kind,
    )
    return [(json.loads(detail), subjects) for detail, subjects in found]


@pytest.mark.requirement("YOK-068")
@pytest.mark.requirement("YOK-079")
@pytest.mark.requirement("SPR-089")
@pytest.mark.requirement("SPR-113")
def test_a_registered_number_gives_a_unified_number_and_comes_back_only_as_asked(vault: Path) -> None:
    unified = register(1)
    assert mynumber.translate(link=addressee(1), business=UNIFIED) == (unified,)
    shown = show(1)
    assert repr(shown) == MASK
    assert shown.reveal() == my_number(1)


def test_the_same_number_again_changes_nothing(vault: Path) -> None:
    assert register(1) == register(1)
    assert look("SELECT count(*) FROM mynumber_number") == [(1,)]


@pytest.mark.requirement("SPR-112")
def test_a_number_of_another_addressee_is_refused_and_the_holder_shown_masked(vault: Path) -> None:
    register(1)
    with pytest.raises(DoubleRegistration) as error:
        register(2, with_number=1)
    assert error.value.holder == "*" * 11 + "0001"
    assert my_number(1) not in str(error.value)
    assert look("SELECT count(*) FROM mynumber_person") == [(1,)]


def test_a_second_number_is_a_change_and_not_a_registration(vault: Path) -> None:
    register(1)
    with pytest.raises(Refused, match="変更"):
        register(1, with_number=2)
    with pytest.raises(Refused, match="登録"):
        change(1, to=1)


@pytest.mark.requirement("YOK-081")
@pytest.mark.requirement("YOK-093")
def test_a_change_keeps_the_former_version_and_the_unified_number(vault: Path) -> None:
    unified = register(1)
    change(1, to=2)
    assert show(1).reveal() == my_number(2)
    assert mynumber.translate(link=addressee(1), business=UNIFIED) == (unified,)
    assert look("SELECT version, upper_inf(recorded), changed_on FROM mynumber_number ORDER BY version") == [
        (1, False, None),
        (2, True, date(2026, 10, 1)),
    ]


def test_a_former_number_is_nobody_elses(vault: Path) -> None:
    register(1)
    change(1, to=2)
    with pytest.raises(DoubleRegistration):
        register(3, with_number=1)
    with acting(access(Opening.NUMBER_SEARCH)):
        assert mynumber.search_by_number(secret(1), at=AT) is None
        assert mynumber.search_by_number(secret(2), at=AT) is not None


def withdraw(number: int) -> None:
    """Take back what was registered for the wrong person."""
    mynumber.withdraw_number(
        addressee_no=addressee_no(number), subject=number, by=CLERK, reason="番号の写し誤り", at=AT
    )


@pytest.mark.requirement("YOK-081")
def test_a_number_registered_for_the_wrong_person_is_taken_back_and_free_for_its_own(vault: Path) -> None:
    unified = register(1, with_number=2)
    with pytest.raises(DoubleRegistration):
        register(2)
    withdraw(1)
    with pytest.raises(Refused, match="登録されていません"):
        show(1)
    with pytest.raises(Refused, match="登録されていません"):
        withdraw(1)
    register(2)
    assert register(1) == unified
    assert (show(1).reveal(), show(2).reveal()) == (my_number(1), my_number(2))
    history = look("SELECT version, upper_inf(recorded), ended_reason FROM mynumber_number WHERE person_id = 1 "
                   "ORDER BY version")  # fmt: skip
    assert history == [(1, False, "番号の写し誤り"), (2, True, "")]
    assert events("number_changed")[1:3] == [
        ({"操作": "登録", "理由": "申請書と個人番号カード", "結果": "拒否"}, [2]),
        ({"操作": "取消し", "理由": "番号の写し誤り"}, [1]),
    ]


@pytest.mark.requirement("SPR-115")
def test_a_search_names_the_person_without_the_number(vault: Path) -> None:
    unified = register(1)
    with acting(access(Opening.NUMBER_SEARCH)):
        found = mynumber.search_by_number(secret(1), at=AT)
        assert mynumber.search_by_number(secret(2), at=AT) is None
    assert found == mynumber.Found(unified, (addressee_no(1),))
    assert my_number(1) not in repr(found)
    assert [detail for detail, _ in events("number_searched")] == [
        {"結果": "該当あり"}, {"結果": "該当なし"}
    ]  # fmt: skip


def test_no_search_without_right_terminal_and_purpose(vault: Path) -> None:
    register(1)
    for refused in (
        access(),
        access(Opening.NUMBER_DISPLAY),
        access(Opening.NUMBER_SEARCH, terminal=" "),
        access(Opening.NUMBER_SEARCH, purpose=""),
    ):
        with acting(refused), pytest.raises(Refused):
            mynumber.search_by_number(secret(1), at=AT)


def test_searches_are_limited_by_actor_and_the_refused_one_is_in_the_log(vault: Path) -> None:
    most = limit("searches_a_minute", on=AT.date())
    with acting(access(Opening.NUMBER_SEARCH)):
        for _ in range(most):
            mynumber.search_by_number(secret(1), at=AT)
        with pytest.raises(TooManySearches):
            mynumber.search_by_number(secret(1), at=AT + timedelta(seconds=30))
        assert mynumber.search_by_number(secret(1), at=AT + timedelta(seconds=61)) is None
    assert {"結果": "回数の上限により拒否"} in [detail for detail, _ in events("number_searched")]


def test_no_number_is_shown_without_right_and_reason(vault: Path) -> None:
    register(1)
    with acting(access(Opening.NUMBER_SEARCH)), pytest.raises(Refused, match="権限"):
        mynumber.disclose_number(addressee_no=addressee_no(1), subject=1, reason="本人確認")
    with pytest.raises(Refused, match="理由"):
        show(1, reason="　")
    assert events("number_displayed") == []


def test_the_record_is_written_before_the_number_comes_out(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(1)

    def broken(_: object) -> NumberSecret:
        assert len(events("number_displayed")) == 1
        raise RuntimeError

    monkeypatch.setattr(counter, "open_number", broken)
    with pytest.raises(RuntimeError):
        show(1)
    assert events("number_displayed") == [({"操作": "表示", "理由": "本人確認のため"}, [1])]


def test_a_showing_whose_record_could_be_rolled_back_is_refused(vault: Path) -> None:
    register(1)
    with acting(access(Opening.NUMBER_DISPLAY)), pytest.raises(RuntimeError), transaction.atomic():
        mynumber.disclose_number(addressee_no=addressee_no(1), subject=1, reason="本人確認")


def test_swapped_and_altered_rows_are_not_shown(vault: Path) -> None:
    send(pair(1), pair(2))
    look(
        "UPDATE mynumber_number a SET sealed = b.sealed FROM mynumber_number b WHERE a.id <> b.id RETURNING a.id"
    )
    for number in (1, 2):
        with pytest.raises(KyufuError, match="書き換え"):
            show(number)


@pytest.mark.requirement("YOK-089")
def test_nobody_is_taken_out_when_they_die_or_leave(vault: Path) -> None:
    register(1)
    with pytest.raises(Exception, match="stays"):
        look("DELETE FROM mynumber_person RETURNING id")
    assert show(1).reveal() == my_number(1)


def test_numbers_for_a_delivery_are_recorded_first(vault: Path) -> None:
    send(pair(1), pair(2), pair(3))
    people = [(addressee_no(number), number) for number in (1, 3, 9)]
    found = dict(mynumber.numbers_for(people, partner="支払基金", reason="対象者の登録"))
    assert {no: number.reveal() for no, number in found.items()} == dict((pair(1), pair(3)))
    assert events("delivered") == [
        ({"項目": "個人番号", "提供先": "支払基金", "理由": "対象者の登録"}, [1, 3, 9])
    ]


@pytest.mark.requirement("TKY-067")
def test_nothing_in_the_log_or_the_vault_holds_a_number(vault: Path) -> None:
    register(1)
    change(1, to=2)
    show(1)
    everything = str(log("SELECT * FROM audit_event")) + str(log("SELECT * FROM audit_read"))
    for (table,) in look("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"):
        everything += str(
            [
                [bytes(v) if isinstance(v, memoryview) else v for v in row]
                for row in look(f"SELECT * FROM {table}")
            ]
        )
    assert "表示" in everything
    assert my_number(1) not in everything
    assert my_number(2) not in everything

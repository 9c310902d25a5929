"""Every writing in the vault is in the log: before it is done, as refused where refused, or it is not done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError

from kyufu.mynumber import api as mynumber
from kyufu.mynumber import recording
from kyufu.mynumber.api import BasicItems, BusinessNumber, CodeState, DoubleRegistration
from kyufu.mynumber.limits import TooManySearches, limit
from kyufu.platform.errors import Refused
from tests.mynumber.people import AT, CLERK, addressee, look, pair, register, secret, send
from tests.mynumber.test_counter import change, events
from tests.registry.persons import addressee_no

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])
CHILD = BusinessNumber("child", "S0000001")
ITEMS = BasicItems("見本　太郎", None, "1", "横浜市")
REASON = "本人の申出"
Act = Callable[[], object]
DONE = {"subject": 7, "by": CLERK, "reason": REASON, "at": AT}
ACTS: dict[str, Act] = {
    "名寄せ": lambda: mynumber.merge_persons(source=addressee(7), target=addressee(1), **DONE),  # type: ignore[arg-type]
    "名寄せの取消し": lambda: mynumber.split_person(source=addressee(7), **DONE),  # type: ignore[arg-type]
    "業務の番号の登録": lambda: mynumber.link_number(person=addressee(1), link=CHILD, **DONE),  # type: ignore[arg-type]
    "業務の番号の終了": lambda: mynumber.unlink_number(link=CHILD, **DONE),  # type: ignore[arg-type]
    "自動応答不可の設定": lambda: mynumber.set_no_automatic_reply(person=addressee(1), **DONE),  # type: ignore[arg-type]
    "自動応答不可の解除": lambda: mynumber.clear_no_automatic_reply(person=addressee(1), **DONE),  # type: ignore[arg-type]
    "基本4情報の登録": lambda: mynumber.record_basics(person=addressee(1), items=ITEMS, **DONE),  # type: ignore[arg-type]
    "符号の状態の変更": lambda: mynumber.move_code(
        person=addressee(1), state=CodeState.REQUESTED, subject=7, by=CLERK, why=REASON, at=AT
    ),
}
TABLES = ("mynumber_link", "mynumber_basics", "mynumber_no_automatic_reply", "mynumber_code", "mynumber_opened",
          "mynumber_number", "mynumber_merge")  # fmt: skip


def state() -> list[object]:
    """All that stands in the tables of the vault that acts write."""
    return [look(f"SELECT t::text FROM {table} t ORDER BY 1") for table in TABLES]


def break_record(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the log cannot be written."""

    def fail(*_: object, **__: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(recording, "record_event", fail)


def test_every_act_is_in_the_log_with_its_reason_and_whose_it_was(vault: Path) -> None:
    send(pair(1))
    for act, run in ACTS.items():
        run()
        detail, subjects = events("number_changed")[-1]
        assert isinstance(detail, dict)
        assert (detail["操作"], detail["理由"], subjects) == (act, REASON, [7])
        assert "結果" not in detail


@pytest.mark.parametrize("act", sorted(ACTS))
def test_what_cannot_be_recorded_is_not_done(act: str, vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    send(pair(1))
    for before in list(ACTS)[: list(ACTS).index(act)]:
        ACTS[before]()
    kept = state()
    break_record(monkeypatch)
    with pytest.raises(DatabaseError):
        ACTS[act]()
    assert state() == kept


@pytest.mark.parametrize("act", sorted(ACTS))
def test_a_refused_act_is_recorded_as_refused(act: str, vault: Path) -> None:
    if act == "名寄せ":
        send(pair(1), pair(7))
    with pytest.raises(Refused):
        ACTS[act]()
    assert events("number_changed")[-1:] == [(events("number_changed")[-1][0], [7])]
    assert "拒否" in str(events("number_changed")[-1][0])


def test_what_a_letter_changed_is_in_the_log_by_its_counts(vault: Path) -> None:
    send(pair(1), pair(2), (addressee_no(3), pair(1)[1]))
    ((detail, subjects),) = events("number_changed")
    assert isinstance(detail, dict)
    assert detail.pop("受信")
    assert detail == {
        "操作": "連携の取り込み", "件数": "3", "新しい人": "2", "新しい番号": "0", "確認事項": "1"
    }  # fmt: skip
    assert subjects == []
    assert pair(1)[1] not in str(detail)


def test_a_letter_that_cannot_be_recorded_stays_in_the_inbox(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = state()
    break_record(monkeypatch)
    with pytest.raises(DatabaseError):
        send(pair(1))
    assert state() == kept
    assert mynumber.letters_waiting() == 1


def test_a_refused_registration_and_change_are_recorded_as_refused(vault: Path) -> None:
    register(1)
    with pytest.raises(DoubleRegistration):
        register(2, with_number=1)
    with pytest.raises(Refused):
        change(1, to=1)
    results = [detail.get("結果") for detail, _ in events("number_changed") if isinstance(detail, dict)]
    assert results == [None, "拒否", "拒否"]


@pytest.mark.requirement("SPR-115")
@pytest.mark.parametrize("guess", [1, 2, 3])
def test_registrations_are_no_way_to_try_numbers_without_limit(guess: int, vault: Path) -> None:
    register(1)
    for _ in range(limit("searches_a_minute", on=AT.date()) - 1):
        try:
            register(3, with_number=guess) if guess == 1 else register(1, with_number=guess)
        except Refused as refusal:
            assert not isinstance(refusal, TooManySearches)
    with pytest.raises(TooManySearches):
        register(1)
    assert events("number_changed")[-1] == (
        {"操作": "登録", "理由": "申請書と個人番号カード", "結果": "回数の上限により拒否"}, [1]
    )  # fmt: skip


def test_changes_and_searches_share_the_limit(vault: Path) -> None:
    register(1)
    later = AT + timedelta(hours=1)
    for number in range(2, 2 + limit("searches_a_minute", on=AT.date())):
        change(1, to=number)
    with pytest.raises(TooManySearches, match="上限"):
        change(1, to=99)
    with pytest.raises(TooManySearches):
        mynumber.change_number(
            addressee_no=addressee_no(1), number=secret(1), changed_on=date(2026, 10, 1), subject=1, by=CLERK,
            reason=REASON, at=later,
        )  # fmt: skip

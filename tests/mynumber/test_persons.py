"""Merge and split of persons, numbers of businesses and their translation, basic items, linkage codes, no reply."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kyufu.mynumber import api as mynumber
from kyufu.mynumber.api import ADDRESSEE, UNIFIED, BasicItems, BusinessNumber, CodeState
from kyufu.platform.errors import BadInput, Refused
from tests.mynumber.people import AT, CLERK, SECOND, addressee, look, pair, register, send
from tests.registry.persons import addressee_no

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])
DONE = {"subject": 1, "by": CLERK, "reason": "本人の申出", "at": AT}
ERASED = {"by": CLERK, "reason": "本人の申出", "at": AT}
CHILD = BusinessNumber("child", "S0000001")
ITEMS = BasicItems("見本　太郎", date(1990, 1, 15), "1", "神奈川県横浜市鶴見区駒岡一丁目１番２号")


def unified_of(link: BusinessNumber) -> tuple[str, ...]:
    """The unified number that a number names."""
    return mynumber.translate(link=link, business=UNIFIED)


def merge(source: int, target: int) -> None:
    """Merge one test person into another."""
    mynumber.merge_persons(source=addressee(source), target=addressee(target), **DONE)  # type: ignore[arg-type]


def split(source: int) -> None:
    """Undo the merge of a test person."""
    mynumber.split_person(source=addressee(source), **DONE)  # type: ignore[arg-type]


@pytest.mark.requirement("YOK-074")
@pytest.mark.requirement("SPR-104")
@pytest.mark.requirement("SPR-116")
def test_numbers_are_translated_without_the_individual_number(vault: Path) -> None:
    unified = register(1)
    mynumber.link_number(person=addressee(1), link=CHILD, **DONE)  # type: ignore[arg-type]
    assert mynumber.translate(link=CHILD, business=UNIFIED) == (unified,)
    assert mynumber.translate(link=BusinessNumber(UNIFIED, unified), business="child") == (CHILD.number,)
    assert mynumber.translate(link=CHILD, business=ADDRESSEE) == (addressee_no(1),)
    assert mynumber.translate(link=CHILD, business="kokuho") == ()


def test_a_number_that_names_nobody_gives_nothing_and_is_not_made_up(vault: Path) -> None:
    assert unified_of(addressee(1)) == ()
    assert look("SELECT count(*) FROM mynumber_person") == [(0,)]


@pytest.mark.requirement("YOK-085")
def test_a_wrong_unified_number_is_refused_before_anybody_is_looked_for(vault: Path) -> None:
    unified = register(1)
    wrong = unified[:-1] + str((int(unified[-1]) + 1) % 10)
    with pytest.raises(BadInput, match="検査数字"):
        mynumber.translate(link=BusinessNumber(UNIFIED, wrong), business=ADDRESSEE)


@pytest.mark.requirement("YOK-082")
def test_a_business_number_is_registered_anew_for_another_person(vault: Path) -> None:
    send(pair(1), pair(2))
    mynumber.link_number(person=addressee(1), link=CHILD, **DONE)  # type: ignore[arg-type]
    mynumber.link_number(person=addressee(2), link=CHILD, **DONE)  # type: ignore[arg-type]
    assert mynumber.translate(link=CHILD, business=ADDRESSEE) == (addressee_no(2),)
    kept = "SELECT upper_inf(recorded), ended_reason FROM mynumber_link WHERE business = 'child' ORDER BY id"
    assert look(kept) == [(False, "本人の申出"), (True, "")]


@pytest.mark.requirement("YOK-090")
def test_a_business_number_no_longer_needed_ends(vault: Path) -> None:
    send(pair(1))
    mynumber.link_number(person=addressee(1), link=CHILD, **DONE)  # type: ignore[arg-type]
    mynumber.unlink_number(link=CHILD, **DONE)  # type: ignore[arg-type]
    assert mynumber.translate(link=CHILD, business=UNIFIED) == ()
    with pytest.raises(Refused):
        mynumber.unlink_number(link=CHILD, **DONE)  # type: ignore[arg-type]


def test_a_unified_number_is_not_linked_by_hand(vault: Path) -> None:
    first, _ = register(1), register(2)
    with pytest.raises(Refused, match="名寄せ"):
        mynumber.link_number(person=addressee(2), link=BusinessNumber(UNIFIED, first), **DONE)  # type: ignore[arg-type]


@pytest.mark.requirement("ATG-178")
def test_two_with_different_numbers_are_not_merged(vault: Path) -> None:
    send(pair(1), pair(2))
    with pytest.raises(Refused, match="異なる"):
        merge(1, 2)
    assert unified_of(addressee(1)) != unified_of(addressee(2))


@pytest.mark.requirement("ATG-178")
def test_a_merge_retires_the_unified_number_and_a_split_restores_it(vault: Path) -> None:
    old, new = register(1), register(2)
    end_the_number_of(1)
    merge(1, 2)
    assert unified_of(addressee(1)) == unified_of(BusinessNumber(UNIFIED, old)) == (new,)
    assert mynumber.translate(link=addressee(1), business=ADDRESSEE) == (addressee_no(1), addressee_no(2))
    with pytest.raises(Refused, match="同じ人"):
        merge(1, 2)
    split(1)
    assert unified_of(addressee(1)) == (old,)
    assert unified_of(addressee(2)) == (new,)
    assert look("SELECT upper_inf(recorded), ended_reason FROM mynumber_merge") == [(False, "本人の申出")]
    with pytest.raises(Refused, match="名寄せされていません"):
        split(1)


def end_the_number_of(number: int) -> None:
    """Take back a number, which leaves a person without one."""
    mynumber.withdraw_number(
        addressee_no=addressee_no(number), subject=number, by=CLERK, reason="誤登録", at=AT
    )


def test_a_chain_of_merges_is_undone_in_any_order(vault: Path) -> None:
    unified = {number: register(number) for number in (1, 2, 3)}
    for number in (1, 2):
        end_the_number_of(number)
    merge(1, 2)
    merge(2, 3)
    assert {unified_of(addressee(number)) for number in (1, 2, 3)} == {(unified[3],)}
    split(2)
    assert [unified_of(addressee(number))[0] for number in (1, 2, 3)] == [unified[2], unified[2], unified[3]]
    split(1)
    assert [unified_of(addressee(number))[0] for number in (1, 2, 3)] == [unified[1], unified[2], unified[3]]


@pytest.mark.requirement("YOK-088")
def test_a_non_resident_whose_number_is_unknown_follows_the_resident_and_leaves_again(vault: Path) -> None:
    unified = register(2)
    merge(1, 2)
    assert unified_of(addressee(1)) == (unified,)
    split(1)
    assert unified_of(addressee(1)) == ()
    own = register(1)
    assert own != unified


def test_a_merge_of_two_unknown_to_the_vault_is_nothing(vault: Path) -> None:
    merge(1, 2)
    assert look("SELECT count(*) FROM mynumber_link") == [(0,)]


@pytest.mark.requirement("YOK-068")
def test_a_unified_number_is_never_given_again(vault: Path) -> None:
    register(1)
    for statement in (
        "DELETE FROM mynumber_person RETURNING id",
        "UPDATE mynumber_person SET unified_no = '0' RETURNING id",
    ):
        with pytest.raises(Exception, match="stays"):
            look(statement)
    with pytest.raises(Exception, match="mynumber_unified_once"):
        look("INSERT INTO mynumber_person (id, unified_no, root_id, given_at) SELECT 99, unified_no, 99, now() "
             "FROM mynumber_person RETURNING id")  # fmt: skip


@pytest.mark.requirement("YOK-087")
def test_basic_items_are_compared_and_never_shown(vault: Path) -> None:
    register(1)
    assert mynumber.compare_basics(person=addressee(1), items=ITEMS) is None
    mynumber.record_basics(person=addressee(1), items=ITEMS, **DONE)  # type: ignore[arg-type]
    assert mynumber.compare_basics(person=addressee(1), items=ITEMS._replace(name="見本 太郎")) == ()
    moved = ITEMS._replace(address="神奈川県横浜市中区本町六丁目", sex="2")
    assert mynumber.compare_basics(person=addressee(1), items=moved) == ("性別", "住所")
    assert "駒岡" not in repr(ITEMS) + str(look("SELECT sealed::text, reason FROM mynumber_basics"))


def test_basic_items_have_versions(vault: Path) -> None:
    register(1)
    for address in ("一丁目", "一丁目", "二丁目"):
        mynumber.record_basics(person=addressee(1), items=ITEMS._replace(address=address), **DONE)  # type: ignore[arg-type]
    assert look("SELECT version, upper_inf(recorded) FROM mynumber_basics ORDER BY version") == [
        (1, False), (2, True)
    ]  # fmt: skip


@pytest.mark.requirement("SPR-114")
@pytest.mark.requirement("TKY-083")
def test_a_code_is_asked_for_obtained_and_each_step_is_recorded(vault: Path) -> None:
    step = {"subject": 1, "by": CLERK, "why": "符号取得", "at": AT}
    with pytest.raises(Refused):
        mynumber.move_code(person=addressee(1), state=CodeState.REQUESTED, **step)  # type: ignore[arg-type]
    register(1)
    assert mynumber.code_state(addressee(1)) is None
    with pytest.raises(Refused, match="求めていません"):
        mynumber.move_code(person=addressee(1), state=CodeState.OBTAINED, **step)  # type: ignore[arg-type]
    for state in (CodeState.REQUESTED, CodeState.FAILED, CodeState.REQUESTED, CodeState.OBTAINED):
        mynumber.move_code(person=addressee(1), state=state, **step)  # type: ignore[arg-type]
        assert mynumber.code_state(addressee(1)) is state
    with pytest.raises(Refused):
        mynumber.move_code(person=addressee(1), state=CodeState.FAILED, **step)  # type: ignore[arg-type]
    assert look("SELECT count(*) FROM mynumber_code_transition") == [(4,)]


def test_no_code_without_an_individual_number(vault: Path) -> None:
    register(1)
    end_the_number_of(1)
    with pytest.raises(Refused, match="個人番号"):
        mynumber.move_code(
            person=addressee(1), state=CodeState.REQUESTED, subject=1, by=CLERK, why="符号取得", at=AT
        )


@pytest.mark.requirement("YOK-084")
def test_no_automatic_reply_is_set_with_a_reason_and_ends(vault: Path) -> None:
    register(1)
    assert mynumber.no_automatic_reply_reason(addressee(1)) is None
    mynumber.set_no_automatic_reply(person=addressee(1), subject=1, by=CLERK, reason="支援措置", at=AT)
    mynumber.set_no_automatic_reply(person=addressee(1), subject=1, by=CLERK, reason="支援措置の延長", at=AT)
    assert mynumber.no_automatic_reply_reason(addressee(1)) == "支援措置の延長"
    mynumber.clear_no_automatic_reply(person=addressee(1), subject=1, by=CLERK, reason="終了", at=AT)
    assert mynumber.no_automatic_reply_reason(addressee(1)) is None
    assert look("SELECT count(*) FROM mynumber_no_automatic_reply") == [(2,)]


@pytest.mark.requirement("YOK-091")
def test_what_nobody_needs_is_erased_and_the_unified_number_stays_given(vault: Path) -> None:
    unified = register(1)
    person = BusinessNumber(UNIFIED, unified)
    mynumber.record_basics(person=person, items=ITEMS, **DONE)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="残っている"):
        mynumber.erase_person(person=person, **ERASED)  # type: ignore[arg-type]
    mynumber.unlink_number(link=addressee(1), **DONE)  # type: ignore[arg-type]
    mynumber.erase_person(person=person, **ERASED)  # type: ignore[arg-type]
    for table in ("mynumber_number", "mynumber_basics"):
        kept = f"SELECT sealed, key_id, upper_inf(recorded), ended_reason FROM {table}"
        assert [(bytes(sealed), *rest) for sealed, *rest in look(kept)] == [(b"", None, False, "本人の申出")]
    assert mynumber.compare_basics(person=person, items=ITEMS) is None
    assert look("SELECT unified_no FROM mynumber_person") == [(unified,)]
    assert register(1) != unified
    assert mynumber.rotate_keys(by=CLERK, confirmed_by=SECOND, at=AT, report=lambda _: None) == 1

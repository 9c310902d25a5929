"""What the register tells the review: surnames, blocks, households, protection and cases, from real feeds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from kyufu.audit.api import acting, note_read, open_odd_reads, review_queue
from kyufu.cases.api import persons_with_cases
from kyufu.platform.clock import current_instant
from kyufu.web.review_facts import RegisterFacts, neighbourhood_key, surname_key
from tests.audit.conftest import OTHER, access, run
from tests.cases.world import AT, World, certify, receive
from tests.registry.persons import measure

ON = date(2026, 11, 20)
UNTIL = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def world(transactional_db: None, tmp_path: Path) -> World:
    """A city without anybody in it yet."""
    return World(tmp_path)


def employ(staff_no: str, *, name: str, self_no: str = "", family_no: str = "") -> None:
    """An account by SQL, with the addressee numbers of the person and of a relative."""
    run(
        "INSERT INTO staff_account (password, staff_no, personnel_no, name, kana, kind, state, usable_from, "
        "renewed_on, expires_on, awake_from, failed_count, password_is_temporary, password_set_at) "
        "VALUES ('!', %s, %s, %s, 'ア', 'employee', 'active', '2026-04-01', '2026-04-01', '2027-03-31', "
        "'2026-04-01', 0, false, now())", staff_no, f"P{staff_no}", name,
    )  # fmt: skip
    for number, relation in ((self_no, "self"), (family_no, "family")):
        if number:
            run(
                "INSERT INTO staff_relation (account_id, addressee_no, relation) "
                "SELECT id, %s, %s FROM staff_account WHERE staff_no = %s", number, relation, staff_no,
            )  # fmt: skip


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("神奈川県横浜市鶴見区駒岡一丁目１番２号", "神奈川県横浜市鶴見区駒岡一丁目1"),
        ("横浜市西区港町1-2-3", "横浜市西区港町1-2"),
        ("横浜市西区港町１－２－３", "横浜市西区港町1-2"),
        ("横浜市西区港町1丁目2番3号", "横浜市西区港町1-2"),
        ("横浜市西区港町12番地の3", "横浜市西区港町12"),
        ("横浜市西区港町12", ""),
        ("横浜市西区港町", ""),
        ("", ""),
    ],
)
def test_neighbours_share_the_block(address: str, key: str) -> None:
    assert neighbourhood_key(address) == key


@pytest.mark.parametrize(
    ("name", "key"), [("鶴見　花子", surname_key("鶴見 太郎")), ("鶴見花子", ""), ("", ""), (" ", "")]
)
def test_the_surname_stands_before_the_space(name: str, key: str) -> None:
    assert surname_key(name) == key


def test_a_clerk_is_known_by_name_and_by_the_register(world: World) -> None:
    family = world.family()
    employ("S001", name="見本　花子")
    employ("S002", name="別名　次郎", self_no=family.father_no, family_no=family.child_no)
    known = RegisterFacts(on=ON, until=UNTIL).staff({"S001", "S002", "S003"})
    assert known["S001"].surname_key == surname_key("見本 一郎")
    assert known["S001"].household_key == ""
    assert known["S002"].own == {family.father, family.child}
    assert known["S002"].household_key != ""
    assert known["S003"].surname_key == ""


def test_persons_are_told_with_household_block_and_case(world: World) -> None:
    one, other = world.family(), world.family()
    receive(one)
    employ("S002", name="別名　次郎", self_no=other.father_no)
    known = RegisterFacts(on=ON, until=UNTIL).persons([one.child, one.father, other.child, other.father])
    assert (
        known[one.child].household_key == known[one.father].household_key != known[other.child].household_key
    )
    assert known[one.child].address_key == known[other.child].address_key != ""
    assert [known[who].has_open_case for who in (one.child, one.father, other.child)] == [True, True, False]
    assert [known[who].is_staff for who in (other.father, one.father)] == [True, False]
    (number,) = known[one.child].case_numbers
    assert known[one.father].case_numbers == {number}
    assert known[other.child].case_numbers == frozenset()


def test_a_protected_person_has_no_address_to_compare(world: World) -> None:
    family = world.family()
    world.send("protection", [measure(family.number + 1)])
    known = RegisterFacts(on=ON, until=UNTIL).persons([family.child])
    assert known[family.child].is_protected
    assert (known[family.child].address_key, known[family.child].household_key) == ("", "")


def test_a_case_counts_while_open_and_for_a_while_after(world: World) -> None:
    open_one, done = world.family(), world.family()
    receive(open_one)
    certify(done)
    ids = [open_one.child, done.child]
    assert persons_with_cases(ids, since=AT - timedelta(days=1), until=UNTIL) == set(ids)
    assert persons_with_cases(ids, since=AT + timedelta(days=1), until=UNTIL) == {open_one.child}
    assert persons_with_cases(ids, since=AT - timedelta(days=9), until=AT) == frozenset(), (
        "before it was handed in"
    )


def test_a_clerk_who_reads_their_own_child_is_found(world: World) -> None:
    family = world.family()
    employ("S001", name="鶴見　花子", family_no=family.child_no)
    with acting(access()):
        note_read([family.child], what="氏名・住所")
    now, span = current_instant(), timedelta(hours=1)
    facts = RegisterFacts(on=ON, until=now)
    with acting(access(actor=OTHER)):
        open_odd_reads(since=now - span, until=now + span, on=ON, facts=facts, by=OTHER, at=now)
    (found,) = [one for one in review_queue(limit=10) if one.reader_no == "S001"]
    assert found.reasons[0] == "本人または同じ世帯・家族の情報を見ています（1人）"
    assert "見本" not in "".join(found.reasons)

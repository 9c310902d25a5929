"""The worklist and the status of the vault: counted, paged, settled, without a number anywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from kyufu.mynumber import api as mynumber
from kyufu.mynumber import conflicts as worklist
from kyufu.mynumber.api import ConflictKind, ConflictState
from kyufu.platform.errors import Refused
from tests.mynumber.people import AT, CLERK, SECOND, addressee, look, pair, post, register, send
from tests.registry.persons import addressee_no, my_number

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])


def settle(point: int, *, state: ConflictState = ConflictState.RESOLVED, reason: str = "確認済み") -> None:
    """Close a point as the clerk."""
    mynumber.settle_conflict(point, state=state, by=CLERK, reason=reason, at=AT)


def contradict(count: int) -> None:
    """Send so many addressees with the number of the first."""
    send(pair(1), *((addressee_no(100 + one), my_number(1)) for one in range(count)))


def test_every_kind_has_words_for_the_clerk() -> None:
    assert set(mynumber.CONFLICT_TEXTS) == set(ConflictKind)
    assert all(text.endswith("。") for text in mynumber.CONFLICT_TEXTS.values())


def test_points_come_in_pages_in_the_order_they_came_up(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worklist, "MOST_LISTED", 3)
    contradict(7)
    seen: list[str] = []
    last = 0
    while page := mynumber.conflicts(after=last):
        assert len(page) <= 3
        seen += [one.number for one in page]
        last = page[-1].conflict_id
    assert seen == [addressee_no(100 + one) for one in range(7)]


def test_a_point_says_both_sides_and_what_is_wrong(vault: Path) -> None:
    contradict(1)
    (point,) = mynumber.conflicts()
    assert (point.number, point.other) == (addressee_no(100), addressee_no(1))
    assert "二重登録" in point.text
    assert my_number(1) not in str(point)


@pytest.mark.parametrize("state", [ConflictState.RESOLVED, ConflictState.DISMISSED])
def test_a_settled_point_is_gone_and_its_steps_are_kept(vault: Path, state: ConflictState) -> None:
    contradict(2)
    first, second = mynumber.conflicts()
    settle(first.conflict_id, state=state)
    assert mynumber.conflicts() == [second]
    steps = look(
        "SELECT from_state, to_state, actor_id, why FROM mynumber_conflict_transition WHERE subject_id = %s "
        "ORDER BY id", first.conflict_id,
    )  # fmt: skip
    assert steps == [
        (None, "open", CLERK.staff_id, "金庫への取り込み"), ("open", str(state), CLERK.staff_id, "確認済み")
    ]  # fmt: skip


def test_a_settled_point_comes_up_again_when_it_happens_again(vault: Path) -> None:
    contradict(1)
    settle(mynumber.conflicts()[0].conflict_id)
    contradict(1)
    assert len(mynumber.conflicts()) == 1


def test_what_does_not_exist_is_not_settled(vault: Path) -> None:
    with pytest.raises(Refused, match="ありません"):
        settle(999)


def test_a_change_at_the_counter_settles_the_point_of_that_addressee_only(vault: Path) -> None:
    send(pair(1), pair(2))
    send((addressee_no(1), my_number(11)), (addressee_no(2), my_number(12)))
    mynumber.change_number(
        addressee_no=addressee_no(1), number=mynumber.NumberSecret.parse(my_number(11)), changed_on=AT.date(),
        subject=1, by=CLERK, reason="変更届", at=AT,
    )  # fmt: skip
    assert [point.number for point in mynumber.conflicts()] == [addressee_no(2)]


def test_the_holder_of_a_merged_person_is_named(vault: Path) -> None:
    send(pair(1))
    mynumber.merge_persons(
        source=addressee(50), target=addressee(1), subject=1, by=CLERK, reason="名寄せ", at=AT
    )
    contradict(1)
    assert [point.other for point in mynumber.conflicts()] == [addressee_no(1)]


def test_the_status_counts_what_there_is(vault: Path) -> None:
    nothing = mynumber.vault_status()
    assert (nothing.persons, nothing.retired, nothing.numbers, nothing.letters, nothing.conflicts) == (
        0,
        0,
        0,
        0,
        {},
    )
    contradict(2)
    register(2)
    mynumber.change_number(
        addressee_no=addressee_no(2), number=mynumber.NumberSecret.parse(my_number(12)), changed_on=AT.date(),
        subject=2, by=CLERK, reason="変更届", at=AT,
    )  # fmt: skip
    post(pair(7))
    status = mynumber.vault_status()
    assert (status.persons, status.retired, status.numbers, status.former_numbers) == (2, 0, 2, 1)
    assert (status.letters, status.conflicts) == (1, {ConflictKind.DOUBLE: 2})
    assert [(key.purpose, key.state) for key in status.keys] == [
        ("data", "active"), ("index", "active"), ("inbox", "active")
    ]  # fmt: skip
    assert all(key.made_at == AT for key in status.keys)


def test_a_retired_unified_number_is_counted_as_such(vault: Path) -> None:
    send(pair(1), pair(2))
    mynumber.withdraw_number(addressee_no=addressee_no(1), subject=1, by=CLERK, reason="誤登録", at=AT)
    mynumber.merge_persons(
        source=addressee(1), target=addressee(2), subject=1, by=CLERK, reason="名寄せ", at=AT
    )
    status = mynumber.vault_status()
    assert (status.persons, status.retired, status.numbers, status.former_numbers) == (2, 1, 1, 1)
    mynumber.rotate_keys(by=CLERK, confirmed_by=SECOND, at=AT, report=lambda _: None)
    assert mynumber.vault_status()[:4] == status[:4]

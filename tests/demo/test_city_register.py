"""Histories in the register, and the changes after it, household by household."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyufu.demo.city import changes
from kyufu.demo.city.changes import KINDS, SHARE_OF_HOUSEHOLDS, Change, write_changes
from kyufu.demo.city.households import make_household
from kyufu.demo.city.people import Household, iso
from kyufu.demo.city.register import write_former, write_history
from tests.demo.city_parts import TODAY, all_columns, household, person, setting

DAY = TODAY + 5


@given(st.integers(0, 10**9))
def test_a_history_ends_with_the_household_as_it_stands(seed: int) -> None:
    shared, rows = setting(seed), []
    home = make_household(shared)
    write_history(home, setting=shared, rows=rows)
    last = {row["atenabango"]: row for row in all_columns(rows, layout="resident")}
    for member in home.members:
        row = last[member.number]
        assert row["shimei"] == member.name
        assert row["tsuzukigara"] == member.relation
        assert row["jusho_yubinbango"] == home.address.split(",")[-1]
        assert int(row["rirekibango"]) == member.history


@given(st.integers(0, 10**9))
def test_events_run_forward_and_never_before_birth(seed: int) -> None:
    shared, rows = setting(seed), []
    write_history(make_household(shared), setting=shared, rows=rows)
    days: dict[str, str] = {}
    for row in all_columns(rows, layout="resident"):
        assert days.get(row["atenabango"], row["seinengappi"]) <= row["ido_nengappi"] <= iso(TODAY)
        assert row["ido_nengappi"] <= row["todokede_nengappi"]
        days[row["atenabango"]] = row["ido_nengappi"]


@given(st.integers(0, 10**9))
def test_heads_and_spouses_were_grown_up_when_they_settled(seed: int) -> None:
    shared, rows = setting(seed), []
    home = make_household(shared)
    write_history(home, setting=shared, rows=rows)
    assert all(m.since - m.born >= 18 * 365 for m in home.members if m.relation in ("01", "02"))


@given(st.integers(0, 10**9))
def test_there_is_one_head_on_every_day_of_a_history(seed: int) -> None:
    shared, rows = setting(seed), []
    write_history(make_household(shared), setting=shared, rows=rows)
    events = all_columns(rows, layout="resident")
    for day in sorted({event["ido_nengappi"] for event in events}):
        state = {
            event["atenabango"]: event
            for event in sorted(events, key=lambda event: event["ido_nengappi"])
            if event["ido_nengappi"] <= day
        }
        heads = [e for e in state.values() if e["tsuzukigara"] == "01" and e["jumin_jotai"] == "1"]
        assert len(heads) <= 1


@given(st.integers(0, 10**9))
def test_former_residents_have_left_for_another_place(seed: int) -> None:
    shared, rows = setting(seed), []
    write_former(make_household(shared), setting=shared, rows=rows)
    events = all_columns(rows, layout="resident")
    left = [row for row in events if row["ido_jiyu"] == "40"]
    assert {row["jumin_jotai"] for row in left} <= {"2"}
    assert len(left) * 2 == len(events)
    assert {row["atenabango"] for row in left} == {row["atenabango"] for row in events}


def happen(kind: Callable[[Change], bool], home: Household) -> list[dict[str, str]] | None:
    """The rows of a kind of change, None where it does not suit the household."""
    rows: list[str] = []
    suits = kind(Change(home, DAY, setting(), rows))
    return all_columns(rows, layout="resident") if suits else None


def couple(*, age: int = 30) -> Household:
    return household(person(1, age=age), person(2, age=age, sex=2, relation="02"))


def test_a_birth_adds_a_child_with_the_family_name() -> None:
    (baby,) = happen(changes._bear, couple()) or []
    assert (baby["ido_jiyu"], baby["tsuzukigara"], baby["rirekibango"]) == ("10", "10", "1")
    assert baby["seinengappi"] == baby["ido_nengappi"] == iso(DAY)
    assert baby["shimei"].startswith("見本田　")


def test_a_foreign_family_has_foreign_children() -> None:
    home = couple()
    home.members[0].kind, home.members[0].family = "2", "ＳＡＭＰＬＥ"
    (baby,) = happen(changes._bear, home) or []
    assert baby["jumin_shubetsu"] == "2"
    assert baby["shimei"] == baby["shimei_gaikokujinarufuabetto"]
    assert "Ａ" <= baby["shimei"].split("　")[1][0] <= "Ｚ"


@pytest.mark.parametrize(
    "home", [household(person(1)), couple(age=60), household(person(1), person(2, relation="99"))]
)
def test_a_birth_needs_a_couple_of_the_right_age(home: Household) -> None:
    assert happen(changes._bear, home) is None


def test_newcomers_are_another_household() -> None:
    rows = happen(changes._move_in, couple()) or []
    assert rows
    assert {row["ido_jiyu"] for row in rows} == {"20"}
    assert {row["setaibango"] for row in rows} != {"9" * 15}


def test_a_move_takes_all_members_to_one_address() -> None:
    rows = happen(changes._move_within, couple()) or []
    assert [row["ido_jiyu"] for row in rows] == ["30", "30"]
    assert len({row["jusho_banchigohyoki"] for row in rows}) == 1
    assert [row["rirekibango"] for row in rows] == ["2", "2"]


def test_who_moves_out_leaves_as_a_household() -> None:
    rows = happen(changes._move_out, couple()) or []
    assert {(row["ido_jiyu"], row["jumin_jotai"]) for row in rows} == {("40", "2")}


def test_when_the_old_head_dies_the_spouse_follows() -> None:
    home = household(person(1, age=80), person(2, age=75, sex=2, relation="02"))
    death, following = happen(changes._die, home) or []
    assert (death["atenabango"], death["jumin_jotai"]) == (home.members[0].number, "3")
    assert (following["ido_jiyu"], following["tsuzukigara"]) == ("71", "01")


def test_when_another_member_dies_the_head_stays() -> None:
    home = household(person(1, age=50), person(2, age=85, sex=2, relation="20"))
    (death,) = happen(changes._die, home) or []
    assert death["tsuzukigara"] == "20"


def test_the_young_do_not_die_here() -> None:
    assert happen(changes._die, couple()) is None


def test_a_child_gets_another_name_and_keeps_the_family_name() -> None:
    home = household(person(1), person(2, age=5, relation="10"))
    (row,) = happen(changes._rename, home) or []
    assert row["ido_jiyu"] == "60"
    assert row["shimei"].startswith("見本田　")
    assert happen(changes._rename, couple()) is None


def test_a_grown_child_founds_a_household() -> None:
    home = household(person(1, age=60), person(2, age=25, relation="10"))
    (row,) = happen(changes._found_household, home) or []
    assert (row["ido_jiyu"], row["tsuzukigara"]) == ("70", "01")
    assert row["setaibango"] != home.number
    assert happen(changes._found_household, household(person(1), person(2, age=5, relation="10"))) is None


@pytest.mark.parametrize(("before", "after"), [("99", "02"), ("02", "99")])
def test_relations_change_between_lodger_and_spouse(before: str, after: str) -> None:
    (row,) = happen(changes._change_relation, household(person(1), person(2, relation=before))) or []
    assert (row["ido_jiyu"], row["tsuzukigara"]) == ("72", after)


def test_a_reading_is_corrected_twice_under_one_number() -> None:
    first, second = happen(changes._correct_reading, couple()) or []
    assert (first["rirekibango"], first["rirekieda"]) == ("2", "0")
    assert (second["rirekibango"], second["rirekieda"]) == ("2", "1")
    assert first["shimei_yomigana"] != second["shimei_yomigana"]


def test_a_move_out_is_taken_back() -> None:
    home = household(person(1))
    first, second = happen(changes._take_back_move, home) or []
    assert (first["torikeshi"], second["torikeshi"]) == ("0", "1")
    assert first["rirekibango"] == second["rirekibango"]
    assert home.members[0].status == "1"
    assert happen(changes._take_back_move, couple()) is None


def test_the_rarest_kind_that_suits_happens_next() -> None:
    shared, rows, used = setting(), [], [0] * len(KINDS)
    for _ in range(4_000):
        home = make_household(shared)
        for member in home.members:
            member.history = 1
        write_changes(home, setting=shared, used=used, rows=rows)
    assert sum(used) == pytest.approx(4_000 * SHARE_OF_HOUSEHOLDS, rel=0.4)
    assert min(used) > 0
    assert max(used) - min(used) <= 4

"""The digest stands for exactly what was seen, and a file's columns follow the catalogue."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyufu.exchange.basic.api import ITEMS, NUMBER, PROTECTED_ADDRESS, Asked, ItemListView, ListState
from kyufu.exchange.basic.states import PAIRS
from kyufu.law.calendar.period import Period
from kyufu.registry.api import REGISTER_ITEMS
from tests.exchange.basic.parts import TODAY, asked

BASE = asked("atenabango", "shimei")


@pytest.mark.parametrize(
    "other",
    [
        replace(BASE, system="tax"),
        replace(BASE, valid=Period(TODAY, date(2027, 4, 1))),
        replace(BASE, valid=Period(date(2026, 8, 4), None)),
        replace(BASE, law_basis="別の法令"),
        replace(BASE, reason="別の理由"),
        replace(BASE, items=(*BASE.items, ("seibetsu", ""))),
        replace(BASE, items=BASE.items[:1]),
        replace(BASE, items=(("atenabango", ""), ("shimei", "理由"))),
        replace(BASE, uses_individual_number=True),
        replace(BASE, number_law_basis="番号法第9条"),
    ],
)
def test_every_part_of_a_request_is_in_its_digest(other: Asked) -> None:
    assert other.digest != BASE.digest


def test_the_order_of_the_items_is_not() -> None:
    assert replace(BASE, items=tuple(reversed(BASE.items))).digest == BASE.digest


def test_texts_do_not_run_into_each_other() -> None:
    first = replace(BASE, law_basis="ab", reason="c")
    second = replace(BASE, law_basis="a", reason="bc")
    assert first.digest != second.digest


@given(chosen=st.sets(st.sampled_from(sorted(ITEMS))))
def test_columns_follow_the_catalogue_and_the_number_is_not_the_registers(chosen: set[str]) -> None:
    wanted = asked(*sorted(chosen))
    listed = ItemListView(1, "試験", wanted, wanted.valid, ListState.CONFIRMED, wanted.digest, "S1", "S2")
    assert set(listed.columns) == chosen
    assert list(listed.columns) == [item for item in ITEMS if item in chosen]
    assert set(listed.register_columns) == chosen - {NUMBER}
    assert listed.stands_as_seen
    assert not replace(listed, digest="0" * 64).stands_as_seen


def test_the_catalogue_is_the_register_and_the_individual_number() -> None:
    assert ITEMS.keys() == {*REGISTER_ITEMS, NUMBER}
    assert list(ITEMS)[:2] == ["atenabango", NUMBER]
    assert PROTECTED_ADDRESS in ITEMS
    assert len(set(ITEMS.values())) == len(ITEMS)
    assert not [label for label in ITEMS.values() if label.isascii()]


def test_a_list_ends_confirmed_or_withdrawn_and_every_state_has_a_word() -> None:
    assert {state for state, after in PAIRS.items() if not after} == {
        ListState.CONFIRMED,
        ListState.WITHDRAWN,
    }
    assert {state.label for state in ListState} == {"確認待ち", "承認済み", "取下げ"}

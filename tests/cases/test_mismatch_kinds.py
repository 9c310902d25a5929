"""The list of each kind of difference is pure, and takes what was last told about its own item."""

from __future__ import annotations

from datetime import date

import pytest

from kyufu.cases import mismatch_kinds
from kyufu.cases.api import MismatchKind
from kyufu.cases.mismatch_kinds import LISTS, MISMATCHES, TELLS, Compared, Told
from kyufu.cases.states import ChangeItem
from kyufu.evidence.api import InsuranceCompared
from kyufu.registry.api import FactChange, RegisterCompared

CHANGE = FactChange("7", date(2026, 5, 1))
EVERYTHING = RegisterCompared(*[CHANGE] * len(RegisterCompared._fields))
ALL_INSURANCE = InsuranceCompared(CHANGE, CHANGE)


def compared(item: Told, *, child: int = 1) -> Compared:
    """A child of whom everything changed since an item was told."""
    return Compared(child, 2, 3, item, 4, EVERYTHING, ALL_INSURANCE)


@pytest.mark.parametrize("kind", list(MismatchKind))
def test_a_list_holds_its_own_kind_from_its_own_item_alone(kind: MismatchKind) -> None:
    rows = [compared(item) for item in Told]
    (found,) = LISTS[kind](rows)
    assert (found.kind, found.decision_id, found.mark, found.since) == (kind, 4, *CHANGE)
    assert found.key == (1, kind, 4, "7")
    assert LISTS[kind]([one for one in rows if one.item is not kind.item]) == []


@pytest.mark.parametrize("kind", list(MismatchKind))
def test_nothing_changed_is_on_no_list(kind: MismatchKind) -> None:
    unchanged = [
        one._replace(register=RegisterCompared(), insurance=InsuranceCompared())
        for one in map(compared, Told)
    ]
    assert LISTS[kind](unchanged) == []


def test_every_kind_has_a_list_words_and_a_report_that_puts_it_right() -> None:
    assert set(LISTS) == set(MismatchKind)
    assert len({kind.label for kind in MismatchKind}) == len(MismatchKind)
    for kind in MismatchKind:
        assert kind.matter in TELLS[kind.item]
        assert kind.reason
        assert kind.next_step


def test_every_item_is_told_anew_by_some_report() -> None:
    assert {one for told in TELLS.values() for one in told} == set(ChangeItem)


def test_the_steps_of_a_difference() -> None:
    assert MISMATCHES.allows(from_state="open", to_state=mismatch_kinds.AGREED)
    assert MISMATCHES.allows(from_state=mismatch_kinds.AGREED, to_state="open")
    for closed in ("resolved", "dismissed"):
        assert MISMATCHES.allows(from_state="open", to_state=closed)
        assert not MISMATCHES.allows(from_state=closed, to_state="open")

"""What evidence tells otherwise of an insurance than at a moment: another one, or an end; never which."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from kyufu.evidence.compared import Covered, InsuranceCompared, compare
from kyufu.registry.api import FactChange

BEFORE, MOMENT, AFTER = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 6, 9))
HELD = Covered(BEFORE, None, "insurer", 1, "06130488", "123 4567", date(2024, 4, 1), None)
OCTOBER = date(2026, 10, 1)


def coverage(**items: Any) -> Covered:
    """A coverage that became known after the moment."""
    return HELD._replace(**({"recorded_from": AFTER} | items))


def replaced() -> Covered:
    """What was held at the moment, until something else was told."""
    return HELD._replace(recorded_to=AFTER)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([HELD], InsuranceCompared()),
        ([], InsuranceCompared()),
        ([coverage()], InsuranceCompared()),
        ([replaced()], InsuranceCompared()),
        ([replaced(), coverage(until=OCTOBER)], InsuranceCompared(ended=FactChange("insurer:1", OCTOBER))),
        (
            [replaced(), coverage(until=OCTOBER), coverage(history_no=2, since=OCTOBER, number="9 9")],
            InsuranceCompared(changed=FactChange("insurer:2", OCTOBER)),
        ),
        (
            [HELD, coverage(source="certificate", since=OCTOBER, insurer_no="01130012")],
            InsuranceCompared(changed=FactChange("certificate:1", OCTOBER)),
        ),
        ([HELD, coverage(source="certificate", since=OCTOBER, number="１２３ ４５６７")], InsuranceCompared()),
        ([replaced(), coverage(number="123 4568")], InsuranceCompared(changed=FactChange("insurer:1", HELD.since))),
        ([HELD._replace(until=OCTOBER)], InsuranceCompared()),
        ([HELD, HELD._replace(source="network", insurer_no="01130012", since=date(2023, 4, 1))], InsuranceCompared()),
    ],
    ids=["same", "unknown", "learnt later", "taken back", "ended", "another", "another paper", "written otherwise",
         "corrected number", "end known then", "an older one beside"],
)  # fmt: skip
def test_what_changed_since(rows: list[Covered], expected: InsuranceCompared) -> None:
    assert compare(rows, known_at=MOMENT) == expected


def test_the_mark_stays_when_the_end_is_told_again() -> None:
    once = compare([replaced(), coverage(until=OCTOBER)], known_at=MOMENT)
    again = compare([replaced(), coverage(until=date(2026, 11, 1))], known_at=MOMENT)
    assert once.ended is not None
    assert again.ended is not None
    assert once.ended.mark == again.ended.mark

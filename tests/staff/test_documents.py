"""The page on accounts and grants says what the tables of steps say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kyufu.platform.transitions import Machine
from kyufu.staff import api as staff
from kyufu.staff.states import ACCOUNTS, GRANTS, PROPOSALS

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "accounts-and-grants.md"
STEP = re.compile(r"\| `(\w+)` \| (\S+) \| `(\w+)` \| (.+?) \|")


def documented() -> list[list[tuple[str, str, str]]]:
    """The steps of each table of the page: from, its Japanese name, to."""
    sections = PAGE.read_text(encoding="utf-8").split("| From |")[1:]
    return [[(row[0], row[1], row[2]) for row in STEP.findall(section)] for section in sections]


@pytest.mark.parametrize(
    ("number", "machine", "names"),
    [
        (0, ACCOUNTS, staff.ACCOUNT_STATE_NAMES),
        (1, GRANTS, staff.GRANT_STATE_NAMES),
        (2, PROPOSALS, staff.PROPOSAL_STATE_NAMES),
    ],
)
def test_every_step_is_on_the_page_and_no_other(number: int, machine: Machine, names: dict[str, str]) -> None:
    steps = documented()[number]
    assert {(before, after) for before, _, after in steps} == {
        (before, after) for before, afters in machine.pairs.items() for after in afters
    }
    assert {(before, name) for before, name, _ in steps} <= {
        (str(state), name) for state, name in names.items()
    }


def test_the_page_names_rules_that_there_are() -> None:
    named = set(re.findall(r"`([a-z]+_days)`", PAGE.read_text(encoding="utf-8")))
    assert named
    assert named <= {rule.name for rule in staff.policy_rules()}

"""What the guides tell people to type is what the command line takes."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from kyufu.cli.main import _parsed

GUIDES = Path(__file__).resolve().parents[2] / "docs" / "guides"
TYPED = re.compile(r"^bin/kyufu (.+)$", flags=re.MULTILINE)
STAFF = ["--staff", "S1", "--staff-name", "職員", "--office", "課"]
WITHOUT_STAFF = ("list", "items")


def lines(page: str) -> list[str]:
    """The commands that a page shows."""
    return TYPED.findall((GUIDES / page).read_text(encoding="utf-8"))


@pytest.mark.parametrize("line", lines("privacy-assessment.md"))
def test_each_command_of_the_guide_can_be_typed(line: str) -> None:
    words = shlex.split(line)
    if words[0] == "exchange" and words[2] not in WITHOUT_STAFF:
        words += STAFF
    options = _parsed(words)
    assert options.command == words[0]
    assert callable(options.run)


def test_the_guide_shows_the_whole_way() -> None:
    shown = lines("privacy-assessment.md")
    steps = [line.split()[2] for line in shown if line.startswith("exchange")]
    assert steps == ["system", "propose", "list", "confirm", "deliver"]
    assert [line for line in shown if "--compare" in line]
    assert [line for line in shown if "--json" in line]

"""The page on delivered files says what the code does."""

from __future__ import annotations

from pathlib import Path

import pytest

from kyufu.exchange.basic.api import ITEMS, NUMBER
from kyufu.exchange.basic.writing import ENDED, KIND_COLUMN, TOLD
from kyufu.registry.api import REGISTER_ITEMS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "deliveries.md"


@pytest.fixture(scope="module")
def rows() -> list[list[str]]:
    """The cells of the tables of the page, the rules between left out."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line[1:-1].split("|")] for line in lines if line.startswith("|")]
    return [row for row in cells if set("".join(row)) != {"-"}]


def test_every_item_stands_there_in_its_order(rows: list[list[str]]) -> None:
    named = [(row[0].strip("`"), row[1]) for row in rows if len(row) == 4 and row[0].startswith("`")]
    assert named == list(ITEMS.items())


def test_what_is_withheld_is_marked(rows: list[list[str]]) -> None:
    marked = {row[0].strip("`") for row in rows if len(row) == 4 and row[2] == "yes"}
    assert marked == {name for name, item in REGISTER_ITEMS.items() if item.tells_where}
    assert NUMBER not in marked


def test_the_kinds_stand_there(rows: list[list[str]]) -> None:
    (kind,) = [row for row in rows if row[0] == f"`{KIND_COLUMN}`"]
    assert kind[1] == "提供区分"
    assert f"`{TOLD}`" in kind[2]
    assert f"`{ENDED}`" in kind[2]

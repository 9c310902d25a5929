"""docs/reference/feeds.md says what the layouts in the code say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kyufu.platform.feeds.columns import problem_of
from kyufu.platform.feeds.layout import Column
from tests.demo.test_city_files import layouts

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "feeds.md"
COLUMN = re.compile(r"\| (\d+) \| `(\w+)` \| (.+?) \| (\w+) \| (= )?(\d+) \| (yes)? ?\| (.*?) ?\| ?(.*?) ?\|")


def documented(layout: str) -> list[re.Match[str]]:
    section = PAGE.read_text(encoding="utf-8").split(f"\n## `{layout}`: ")[1].split("\n## ")[0]
    return [match for line in section.splitlines() if (match := COLUMN.fullmatch(line))]


@pytest.mark.parametrize("name", sorted(layouts()))
def test_every_column_is_documented_as_it_is_read(name: str) -> None:
    columns, rows = layouts()[name].columns, documented(name)
    assert [row[2] for row in rows] == [column.name for column in columns]
    for number, (row, column) in enumerate(zip(rows, columns, strict=True), 1):
        assert int(row[1]) == number
        assert column.label.startswith(row[3])
        assert (int(row[6]), row[5] is not None, row[7] is not None) == (
            column.length, column.exact, column.required,
        )  # fmt: skip


@pytest.mark.parametrize(
    "column", [c for layout in layouts().values() for c in layout.columns], ids=lambda c: c.name
)
def test_every_example_is_right(column: Column) -> None:
    examples = {row[9] for layout in layouts() for row in documented(layout) if row[2] == column.name}
    assert examples
    assert [problem_of(column, value=example) for example in examples if example] == [None] * len(
        examples - {""}
    )

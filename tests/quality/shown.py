"""Tables of documents whose last cell names the tests that show what the row says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
SOURCE = TESTS.parent / "src" / "kyufu"
SHOWN = re.compile(r"`(?:tests/)?([a-z_/]+\.py)(?:::(test_\w+))?`")


def rows(text: str, *, header: str) -> Iterator[tuple[str, ...]]:
    """The cells of each row of the tables under a header."""
    inside = False
    for line in text.splitlines():
        if line == header:
            inside = True
        elif not line.startswith("|"):
            inside = False
        elif inside and not line.startswith("|---"):
            yield tuple(cell.strip() for cell in line.strip("|").split("|"))


@cache
def functions_in(file: Path) -> frozenset[str]:
    """The names of the test functions of a file, those in classes included; empty where there is no such file."""
    if not file.is_file():
        return frozenset()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    )


def missing(cell: str) -> list[str]:
    """What a cell names and the tests do not have; a cell that names nothing is missing everything."""
    named = SHOWN.findall(cell)
    lacking = [
        f"{file}::{test}" if test else file
        for file, test in named
        if not (test in functions_in(TESTS / file) if test else functions_in(TESTS / file))
    ]
    return lacking or ([] if named else ["no test at all"])

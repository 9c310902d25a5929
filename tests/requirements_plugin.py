"""A pytest plug-in (`-p tests.requirements_plugin`): which requirement rows the passing tests prove.

`@pytest.mark.requirement("YOK-012")` names a row of docs/requirements.csv; a name that is not there fails the test.
A test that proves it only against a stand-in of the real partner says so: `requirement("YOK-103", stand_in=True)`.
With `--requirements-out FILE` the run ends by writing {id: {"passed" | "stand_in" | "failed": [node ids]}} to the file.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "docs" / "requirements.csv"
PROPERTY = "requirement"


def known_ids(catalogue: Path = CATALOGUE) -> frozenset[str]:
    """The ids of the catalogue."""
    with catalogue.open(encoding="utf-8", newline="") as file:
        return frozenset(row["id"] for row in csv.DictReader(file))


def without_group(node: str) -> str:
    """The id of a test without the group that a parallel run writes behind it (`...[case]@group`)."""
    before, _, group = node.rpartition("@")
    return before if before and "]" not in group else node


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that names the result file."""
    parser.addoption(
        "--requirements-out", type=Path, default=None, help="where to write which requirements passed"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Collect in the process that the user started; the workers of xdist only run tests."""
    config.pluginmanager.register(_Marks(known_ids()))
    if not hasattr(config, "workerinput") and config.getoption("--requirements-out"):
        config.pluginmanager.register(_Results(config.getoption("--requirements-out")))


class _Marks:
    """Write the marks of each test on its report, where another process can read them."""

    def __init__(self, ids: frozenset[str]) -> None:
        self._ids = ids

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Fail a test whose mark names no row of the catalogue."""
        marked = {
            name: "stand_in" if mark.kwargs.get("stand_in") else "passed"
            for mark in item.iter_markers("requirement")
            for name in mark.args
        }
        item.user_properties.extend((PROPERTY, f"{name} {proof}") for name, proof in marked.items())
        unknown = sorted(set(marked) - self._ids)
        if unknown:
            pytest.fail(f"docs/requirements.csv has no row {', '.join(unknown)}", pytrace=False)


class _Results:
    """Gather the outcome of each marked test and write them when the run ends."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._names: dict[str, list[str]] = {}
        self._failed: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test passes when all its phases do; one that is skipped has proved nothing."""
        if names := [str(value) for key, value in report.user_properties if key == PROPERTY]:
            self._names[without_group(report.nodeid)] = names
        if report.outcome != "passed":
            self._failed.add(without_group(report.nodeid))

    def pytest_sessionfinish(self) -> None:
        """Write the result file; ids and tests are sorted, so that the same outcome gives the same bytes."""
        rows: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for node in sorted(self._names):
            for name, proof in (one.split() for one in self._names[node]):
                rows[name]["failed" if node in self._failed else proof].append(node)
        self._out.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(rows, ensure_ascii=False, indent=1, sort_keys=True)
        self._out.write_text(text + "\n", encoding="utf-8")

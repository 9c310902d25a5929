"""The plug-in counts what really passed: run over small test files in a process of its own, alone and in parallel."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.requirements_plugin import without_group

# Each runs tests of its own in a process.
pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]

SAMPLE = """
import pytest

@pytest.mark.requirement("YOK-001")
def test_right(): pass

@pytest.mark.requirement("YOK-001")
@pytest.mark.requirement("YOK-002")
def test_wrong(): assert 1 == 2

@pytest.mark.requirement("YOK-003", "YOK-004")
class TestTwo:
    def test_one(self): pass

@pytest.mark.requirement("YOK-005", stand_in=True)
def test_played(): pass

@pytest.mark.requirement("YOK-006")
def test_set_aside(): {leave}

@pytest.fixture
def breaks_at_the_end():
    yield
    raise RuntimeError

@pytest.mark.requirement("YOK-007")
def test_torn_down_badly(breaks_at_the_end): pass

def test_unmarked(): pass
""".replace("{leave}", "pytest.sk" + "ip()")


def run(folder: Path, *, sample: str, options: tuple[str, ...] = ()) -> tuple[str, dict[str, Any]]:
    """Run pytest over the sample; returns its output and the result file."""
    (folder / "test_sample.py").write_text(sample, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = requirement: x\n", encoding="utf-8")
    out = folder / "deep" / "requirements.json"
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "DJANGO"))
    }
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "tests.requirements_plugin",
            "-p",
            "no:cacheprovider",
            "--requirements-out",
            str(out),
            *options,
        ],
        cwd=folder,
        env=environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout, json.loads(out.read_text(encoding="utf-8"))


@pytest.mark.parametrize("options", [(), ("-n", "2")])
def test_only_a_test_that_passed_in_every_phase_counts(tmp_path: Path, options: tuple[str, ...]) -> None:
    _, results = run(tmp_path, sample=SAMPLE, options=options)

    assert results == {
        "YOK-001": {"passed": ["test_sample.py::test_right"], "failed": ["test_sample.py::test_wrong"]},
        "YOK-002": {"failed": ["test_sample.py::test_wrong"]},
        "YOK-003": {"passed": ["test_sample.py::TestTwo::test_one"]},
        "YOK-004": {"passed": ["test_sample.py::TestTwo::test_one"]},
        "YOK-005": {"stand_in": ["test_sample.py::test_played"]},
        "YOK-006": {"failed": ["test_sample.py::test_set_aside"]},
        "YOK-007": {"failed": ["test_sample.py::test_torn_down_badly"]},
    }


def test_a_mark_that_names_no_row_fails_its_test(tmp_path: Path) -> None:
    sample = 'import pytest\n@pytest.mark.requirement("YOK-999")\ndef test_a(): pass\n'

    output, results = run(tmp_path, sample=sample)

    assert "docs/requirements.csv has no row YOK-999" in output
    assert results == {"YOK-999": {"failed": ["test_sample.py::test_a"]}}


@pytest.mark.parametrize(("node", "name"), [
    ("tests/a.py::test_x@a.py", "tests/a.py::test_x"),
    ("tests/a.py::test_x[k@b]@browser", "tests/a.py::test_x[k@b]"),
    ("tests/a.py::test_x[k@b]", "tests/a.py::test_x[k@b]"),
    ("tests/a.py::test_x", "tests/a.py::test_x"),
])  # fmt: skip
def test_the_group_of_a_parallel_run_is_no_part_of_a_tests_name(node: str, name: str) -> None:
    assert without_group(node) == name

"""The size budget: what measures it is right, and the tree keeps it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.quality import budget

SAMPLE = '''
import functools

@functools.cache
def decorated(
    one: int,
) -> int:
    """Doc."""
    return one


def loose(one: int, two: int):
    def inner(a: int, b: int, c: int) -> int:
        return a
    return inner


class Thing:
    def method(self, one: int, *, two: int) -> None: ...

    @staticmethod
    def fixed(one: int, two: int) -> None: ...

    def _own(self, one: int, two: int) -> None: ...


class _Hidden:
    def method(self, one: int, two: int) -> None: ...


if True:
    async def later(*, one: int, two: int) -> None: ...
'''


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A tree with one file of known sizes."""
    file = tmp_path / "src" / "kyufu" / "law" / "sample.py"
    file.parent.mkdir(parents=True)
    file.write_text(SAMPLE, encoding="utf-8")
    return tmp_path


def measured(root: Path) -> dict[str, budget.Function]:
    """The functions of the sample by name."""
    return {one.name: one for one in budget.functions_of(budget.source_files(root)[0])}


def test_every_function_is_found_wherever_it_stands(sample: Path) -> None:
    functions = budget.functions_of(budget.source_files(sample)[0])

    assert [one.name for one in functions] == [
        "decorated",
        "loose",
        "inner",
        "Thing.method",
        "Thing.fixed",
        "Thing._own",
        "_Hidden.method",
        "later",
    ]


def test_lines_count_from_the_decorator_to_the_last_line(sample: Path) -> None:
    assert measured(sample)["decorated"].lines == 6
    assert measured(sample)["loose"].lines == 4


def test_positional_arguments_leave_out_self_and_keywords(sample: Path) -> None:
    assert {name: one.positional for name, one in measured(sample).items()} == {
        "decorated": 1,
        "loose": 2,
        "inner": 3,
        "Thing.method": 1,
        "Thing.fixed": 2,
        "Thing._own": 2,
        "_Hidden.method": 2,
        "later": 0,
    }


def test_faults_name_what_is_public_and_wrong(sample: Path) -> None:
    found = budget.faults(sample)

    assert len(found) == 3
    assert all("sample.py:" in fault for fault in found)
    assert [fault.rpartition(": ")[2] for fault in found] == [
        "no return type",
        "more than one argument may be given without its name",
        "more than one argument may be given without its name",
    ]


def test_a_long_function_and_a_long_file_are_faults(sample: Path) -> None:
    file = budget.source_files(sample)[0]
    file.write_text("def long() -> None:\n" + "    print()\n" * 60 + "x = 1\n" * 340, encoding="utf-8")

    assert [fault.partition(": ")[2] for fault in budget.faults(sample)] == [
        "401 lines, the limit is 400",
        "longer than 60 lines",
        "p90 of function lines 61, limit 25",
    ]


def test_generated_migrations_are_not_measured(sample: Path) -> None:
    folder = sample / "src" / "kyufu" / "law" / "migrations"
    folder.mkdir()
    (folder / "0001_initial.py").write_text("x = 1\n" * 500, encoding="utf-8")

    assert len(budget.source_files(sample)) == 1


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([], 0.9, 0),
        ([7], 0.9, 7),
        (list(range(1, 11)), 0.9, 9),
        (list(range(1, 12)), 0.9, 10),
        ([3, 1, 2], 1.0, 3),
    ],
)
def test_percentile(values: list[int], share: float, expected: int) -> None:
    assert budget.percentile(values, share=share) == expected


def test_the_tree_keeps_the_budget() -> None:
    assert budget.faults() == []


def test_the_tests_are_longer_than_the_source() -> None:
    assert budget.tests_to_source() >= budget.TEST_RATIO


def test_every_exception_is_still_needed() -> None:
    keys = {
        one.key for file in budget.source_files() for one in budget.functions_of(file) if one.positional > 1
    }

    assert set(budget.POSITIONAL) <= keys

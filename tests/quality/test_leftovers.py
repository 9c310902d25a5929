"""What must not be committed is found, and is not in the tree."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kyufu.notation import check_digits
from tests.quality import leftovers

VALID = check_digits.INDIVIDUAL_NUMBER.with_check_digit("98765432109")
INVALID = VALID[:-1] + str((int(VALID[-1]) + 1) % 10)


def places_in_the_tree(pattern: str) -> Iterator[str]:
    """Every match in a tracked file, as file:line word."""
    for file in leftovers.tracked_files():
        for line, word in leftovers.matches(getattr(leftovers, pattern), text=leftovers.text_of(file)):
            yield f"{file.relative_to(leftovers.ROOT)}:{line} {word}"


@pytest.mark.parametrize(
    "text",
    [
        "see https://" + "pypi." + "org/simple",
        "files.python" + "hosted.org",
        "/wo" + "rk/main/src",
        "/tmp/bash_" + "jobs.0/1",
        "registry." + "npmjs.org",
        "--index" + "-url https",
    ],
)
def test_registries_and_machine_paths_are_found(text: str) -> None:
    assert [line for line, _ in leftovers.matches(leftovers.PLACES, text=f"first line\n{text}\n")] == [2]


@pytest.mark.parametrize(
    "text", ["# TO" + "DO later", "@pytest.mark.sk" + "ip", "raise NotImplemented" + "Error"]
)
def test_unfinished_work_is_found(text: str) -> None:
    assert len(list(leftovers.matches(leftovers.UNFINISHED, text=text))) == 1


@pytest.mark.parametrize("text", ["the network works", "a todo list is a word in prose", "fixme_not_a_word"])
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert not list(leftovers.matches(leftovers.UNFINISHED, text=text))
    assert not list(leftovers.matches(leftovers.PLACES, text=text))


@pytest.mark.parametrize("frame", ["{}", "'{}',", "番号は{}です", "D,1,{},山田"])
def test_an_individual_number_is_found_by_its_check_digit(frame: str) -> None:
    assert list(leftovers.individual_numbers(frame.format(VALID))) == [(1, VALID)]
    assert not list(leftovers.individual_numbers(frame.format(INVALID)))


@pytest.mark.parametrize("frame", ["1{}", "{}7", "sha256:a{}f", "0.{}"])
def test_digits_inside_of_a_longer_word_are_not_an_individual_number(frame: str) -> None:
    assert not list(leftovers.individual_numbers(frame.format(VALID)))


def test_the_tree_names_no_registry_and_no_path_of_a_machine() -> None:
    assert list(places_in_the_tree("PLACES")) == []


def test_the_tree_has_no_unfinished_work_and_no_test_that_is_not_run() -> None:
    assert list(places_in_the_tree("UNFINISHED")) == []


def test_the_tree_holds_no_individual_number() -> None:
    found = [
        f"{file.relative_to(leftovers.ROOT)}:{line}"
        for file in leftovers.tracked_files()
        for line, _ in leftovers.individual_numbers(leftovers.text_of(file))
    ]

    assert found == []


def test_every_public_vector_says_where_it_is_published() -> None:
    assert all(len(source) > 10 for source in leftovers.PUBLIC_VECTORS.values())

"""The documents: every link leads somewhere, every page is reachable, and what they say to type exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kyufu.cli.main import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
COMMAND = re.compile(r"(?<![\w/.])bin/([a-z_]+)(?: ([a-z]+))?")


def links(page: Path) -> set[str]:
    """The targets of a page's links into the tree."""
    return {target for target in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in target}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_to_a_file(page: Path) -> None:
    assert [target for target in sorted(links(page)) if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_that_a_page_names_exists(page: Path) -> None:
    for program, word in COMMAND.findall(page.read_text(encoding="utf-8")):
        assert (ROOT / "bin" / program).exists(), f"bin/{program}"
        if program == "kyufu" and word:
            assert word in COMMANDS, f"bin/kyufu {word}"


def test_every_page_below_docs_is_listed_in_its_index() -> None:
    index = ROOT / "docs" / "README.md"
    listed = {(index.parent / target).resolve() for target in links(index)}
    unlisted = [
        page.relative_to(ROOT).as_posix()
        for page in PAGES
        if index.parent in page.parents and page != index and not {page, page.parent} & listed
    ]

    assert unlisted == []


def test_the_two_readmes_name_the_same_commands() -> None:
    english, japanese = (
        {program for program, _ in COMMAND.findall((ROOT / name).read_text(encoding="utf-8"))}
        for name in ("README.md", "README.ja.md")
    )

    assert {"demo", "test", "kyufu"} <= english & japanese


def test_decision_records_are_numbered_once_and_say_their_status() -> None:
    records = sorted((ROOT / "docs" / "adr").glob("*.md"))
    numbers = [record.name[:4] for record in records]

    assert len(set(numbers)) == len(numbers)
    for record in records:
        text = record.read_text(encoding="utf-8")
        assert re.match(rf"# (?:ADR )?0*{int(record.name[:4])}\b", text), record.name
        assert re.search(r"\b(?:accepted|superseded|proposed)\b", text, flags=re.IGNORECASE), record.name

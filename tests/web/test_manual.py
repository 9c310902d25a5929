"""The manual for clerks cannot grow old: its pictures are those of the journeys, its buttons those of the screens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kyufu.documents.api import Kind

ROOT = Path(__file__).resolve().parents[2]
MANUAL = ROOT / "docs" / "ja" / "madoguchi-no-tebiki.md"
IMAGES = MANUAL.parent / "images"
TEXT = MANUAL.read_text(encoding="utf-8")
# Pictures and code stand in the documents of every clone.
MOST_BYTES = 150_000
PRESSED = re.compile(r"「([^「」]+)」(?:を押|か、)")


def pictures_of_the_manual() -> set[str]:
    return set(re.findall(r"\]\(images/([a-z-]+)\.png\)", TEXT))


def pictures_of_the_journeys() -> list[str]:
    journeys = sorted((ROOT / "tests" / "browser").glob("test_journey_*.py"))
    return [name for file in journeys for name in re.findall(r'manual="([a-z-]+)"', file.read_text("utf-8"))]


def words_of_the_screens() -> str:
    """All templates, and the words that Python puts on buttons, with the names of papers filled in."""
    web = ROOT / "src" / "kyufu" / "web"
    files = [*(web / "templates").rglob("*.html"), *web.rglob("*.py")]
    text = "\n".join(file.read_text("utf-8") for file in files)
    named = [text.replace("{{ case.paper.kind.label }}", kind.label) for kind in Kind]
    return "\n".join([text, *named])


def test_every_picture_is_taken_by_one_journey_and_shown() -> None:
    taken = pictures_of_the_journeys()
    assert len(taken) == len(set(taken))
    assert set(taken) == pictures_of_the_manual()


@pytest.mark.parametrize("name", sorted(pictures_of_the_manual()))
def test_every_picture_is_there_and_small(name: str) -> None:
    content = (IMAGES / f"{name}.png").read_bytes()
    assert content.startswith(b"\x89PNG")
    assert len(content) < MOST_BYTES


def test_nothing_lies_among_the_pictures_that_is_not_shown() -> None:
    assert {file.stem for file in IMAGES.iterdir()} == pictures_of_the_manual()


def test_every_button_of_the_manual_is_on_a_screen() -> None:
    screens = words_of_the_screens()
    pressed = PRESSED.findall(TEXT)
    assert len(pressed) > 20
    assert [words for words in pressed if words not in screens] == []


def test_what_the_manual_quotes_is_said_by_the_system() -> None:
    said = words_of_the_screens() + "\n".join(
        file.read_text("utf-8") for file in (ROOT / "src" / "kyufu").rglob("*.py")
    )
    quoted = set(re.findall(r"「([^「」]+)」", TEXT)) - set(re.findall(r"## \d+\. 「([^「」]+)」", TEXT))
    assert sorted(words for words in quoted if words not in said) == []

"""Fonts come from known folders alone, and what they cannot draw is found before it is printed as a blank."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from kyufu.documents import fonts
from kyufu.platform.errors import BadInput
from kyufu.platform.fonts import font_folders, print_glyphs


@pytest.fixture
def fresh() -> Iterator[None]:
    """Forget what was read with other folders, before and after."""
    fonts.font_book.cache_clear()
    yield
    fonts.font_book.cache_clear()


def test_only_the_font_that_comes_along_is_used() -> None:
    assert fonts.font_book().families() == ["IPAexGothic"]


@pytest.mark.parametrize("text", ["見本　花子", "髙﨑", "O'BRIEN-SMITH Ñ é", "ｶﾅ ０１２", "〒①㈱～", ""])
def test_what_japanese_names_are_written_with_can_be_drawn(text: str) -> None:
    assert fonts.undrawable([text]) == ()


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("\U00020bb7野", ("U+20BB7",)),
        ("\ue000子", ("U+E000",)),
        ("阮\u1ec5n", ("U+1EC5",)),
        ("邊\U000e0105", ("U+908A U+E0105",)),
        ("한글", ("U+AE00", "U+D55C")),
    ],
)
def test_what_the_font_lacks_is_named_by_code_point(text: str, missing: tuple[str, ...]) -> None:
    assert fonts.undrawable([text, "見本"]) == missing


def test_a_variant_that_the_font_has_is_drawn() -> None:
    base, selector = next(pair for pair in sorted(print_glyphs().pairs) if pair[1] > 0xE0000)
    known = chr(base) + chr(selector)
    assert fonts.undrawable([f"見{known}本"]) == ()


def test_a_lone_selector_is_not_drawable() -> None:
    assert fonts.undrawable(["\U000e0100"]) == ("U+E0100",)


def test_the_municipalitys_own_folder_comes_first(fresh: None, settings: Settings, tmp_path: Path) -> None:
    settings.FONT_DIRS = (tmp_path,)
    assert font_folders()[0] == tmp_path
    assert fonts.font_book().families() == ["IPAexGothic"]


def test_a_folder_that_is_not_there_is_refused(settings: Settings, tmp_path: Path) -> None:
    settings.FONT_DIRS = (tmp_path / "missing",)
    with pytest.raises(BadInput, match="KYUFU_FONT_DIRS"):
        font_folders()

"""The fonts that documents are set in: files of known folders only, never those of the system."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import typst
from django.conf import settings
from fontTools.ttLib import TTFont

from kyufu.platform.errors import BadInput

PACKAGE = "matplotlib_fontja"
# Line ends and the like never reach the page; variation selectors choose a form and have no glyph of their own.
UNPRINTED = frozenset("\u3000 \u00a0") | frozenset(map(chr, range(0xFE00, 0xFE10)))
VARIATION_SELECTORS = range(0xE0100, 0xE01F0)


def folders() -> tuple[Path, ...]:
    """Where fonts are looked for: the municipality's own folders, then the font that comes with Kyufu."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise BadInput("印刷用の書体（IPAexゴシック）が入っていません。", remedy="bin/demo で導入してください。")
    for folder in settings.FONT_DIRS:
        if not folder.is_dir():
            raise BadInput("KYUFU_FONT_DIRS の書体フォルダがありません。", remedy="設定を確かめてください。")
    return (*settings.FONT_DIRS, Path(spec.origin).parent / "fonts")


@cache
def font_book() -> typst.Fonts:
    """The fonts as Typst wants them, read once a process."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(path) for path in folders()]
    )


@cache
def drawable_characters() -> frozenset[str]:
    """Every character that one of the fonts has a glyph for."""
    files = sorted(
        path for folder in folders() for path in folder.rglob("*") if path.suffix.lower() in (".ttf", ".otf")
    )
    return UNPRINTED.union(*(_characters_of(path) for path in files))


def undrawable(texts: Iterable[str]) -> tuple[str, ...]:
    """The characters in the texts that no font can draw, in order of code point; empty when all can be drawn."""
    known = drawable_characters()
    missing = {letter for text in texts for letter in text if letter not in known}
    return tuple(sorted(letter for letter in missing if ord(letter) not in VARIATION_SELECTORS))


def _characters_of(path: Path) -> frozenset[str]:
    with TTFont(path, lazy=True) as font:
        return frozenset(chr(point) for point in font.getBestCmap())

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
# Spaces are drawn as nothing whether or not a font has them.
SPACES = frozenset(" \u3000\u00a0")
SELECTORS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))


def folders() -> tuple[Path, ...]:
    """Where fonts are looked for: the municipality's own folders, then the font that comes with Kyufu."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise BadInput(
            "印刷用の書体（IPAexゴシック）が入っていません。", remedy="bin/demo で導入してください。"
        )
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
def drawable() -> frozenset[str]:
    """What the fonts can draw: single characters, and a character with its variation selector (異体字)."""
    files = sorted(
        path for folder in folders() for path in folder.rglob("*") if path.suffix.lower() in (".ttf", ".otf")
    )
    return SPACES.union(*(_drawn_by(path) for path in files))


def undrawable(texts: Iterable[str]) -> tuple[str, ...]:
    """What no font can draw, each as its code points (U+9089 U+E0102), in order; empty is good."""
    known = drawable()
    suspects = (text for text in set(texts) if not known.issuperset(text))
    missing = {shape for text in suspects for shape in _shapes(text) if shape not in known}
    return tuple(" ".join(f"U+{ord(letter):04X}" for letter in shape) for shape in sorted(missing))


def _shapes(text: str) -> list[str]:
    """The text as single characters, a variation selector kept with the character it belongs to."""
    shapes: list[str] = []
    for letter in text:
        if letter in SELECTORS and shapes:
            shapes[-1] += letter
        else:
            shapes.append(letter)
    return shapes


def _drawn_by(path: Path) -> frozenset[str]:
    with TTFont(path, lazy=True) as font:
        singles = {chr(point) for point in font.getBestCmap() or ()}
        variants = {
            chr(base) + chr(selector)
            for table in font["cmap"].tables
            if table.format == 14
            for selector, pairs in table.uvsDict.items()
            for base, _ in pairs
        }
        return frozenset(singles | variants)

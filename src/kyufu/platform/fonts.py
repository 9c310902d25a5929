"""What the print fonts can draw: asked when a name comes in, so that no letter is found short of a glyph."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont

from kyufu.platform.errors import BadInput

PACKAGE = "matplotlib_fontja"
SUFFIXES = (".ttf", ".otf")
# Spaces need no glyph.
_SPACES = frozenset(map(ord, " \u00a0\u3000"))
_SELECTED = re.compile("(.)([\ufe00-\ufe0f\U000e0100-\U000e01ef])", re.DOTALL)
_SELECTORS = frozenset((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The code points, and the pairs of code point and variation selector, that a font has a shape for."""

    points: frozenset[int]
    pairs: frozenset[tuple[int, int]]


def font_folders() -> tuple[Path, ...]:
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


def undrawable(text: str) -> tuple[str, ...]:
    """The characters of a text that no print font can draw, as code points such as U+E000, each once, in order.

    A character with a variation selector (IVS) whose exact shape no font has is one of them: U+8FBA U+E0101.
    """
    glyphs = print_glyphs()
    missing = []
    for letter, selector in _SELECTED.findall(text):
        if (ord(letter), ord(selector)) not in glyphs.pairs:
            missing.append(f"{_point(letter)} {_point(selector)}")
    for letter in _SELECTED.sub("", text):
        if ord(letter) not in glyphs.points:
            missing.append(_point(letter))
    return tuple(dict.fromkeys(missing))


def suspect_finder() -> Callable[[str], object]:
    """A quick question, for every line of a feed: does it hold anything that `undrawable` would have to look at?"""
    return _suspects().search


@cache
def print_glyphs() -> Glyphs:
    """What the print fonts together can draw, read once in a process."""
    fonts = [_glyphs_of(path) for path in sorted(_font_files(font_folders()))]
    return Glyphs(
        _SPACES.union(*(font.points for font in fonts)), frozenset().union(*(font.pairs for font in fonts))
    )


@cache
def _suspects() -> re.Pattern[str]:
    # One class and no alternative: that is what the search is quick at.
    points = print_glyphs().points - _SELECTORS | {ord("\n")}
    return re.compile(f"[^{''.join(_ranges(sorted(points)))}]")


def _ranges(points: list[int]) -> Iterable[str]:
    """Sorted code points as the ranges of a character class."""
    start = end = points[0]
    for point in [*points[1:], -1]:
        if point == end + 1:
            end = point
            continue
        yield f"{re.escape(chr(start))}-{re.escape(chr(end))}"
        start = end = point


def _font_files(folders: Iterable[Path]) -> Iterable[Path]:
    return (path for folder in folders for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)


def _glyphs_of(path: Path) -> Glyphs:
    with TTFont(path, lazy=True) as font:
        points = frozenset(font.getBestCmap() or ())
        pairs = {
            (point, selector)
            for table in font["cmap"].tables
            if table.format == 14
            for selector, shapes in table.uvsDict.items()
            for point, _ in shapes
        }
    return Glyphs(points, frozenset(pairs))


def _point(letter: str) -> str:
    return f"U+{ord(letter):04X}"

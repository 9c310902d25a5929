"""The fonts that documents are set in: files of known folders only, never those of the system."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import typst

from kyufu.platform import fonts


@cache
def font_book() -> typst.Fonts:
    """The fonts as Typst wants them, read once a process."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(path) for path in fonts.font_folders()],
    )


def undrawable(texts: Iterable[str]) -> tuple[str, ...]:
    """What no font can draw, each as its code points (U+9089 U+E0102), in order; empty is good."""
    is_suspect = fonts.suspect_finder()
    missing = {point for text in set(texts) if is_suspect(text) for point in fonts.undrawable(text)}
    return tuple(sorted(missing))

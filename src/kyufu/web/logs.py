"""Lines of the technical log: one line each, whatever somebody put into a request; no personal data.

Who read what is not written here but in the log of `audit`. What goes wrong inside is written with a reference
number, which the page shows too: the type of the error and where in the code it rose, never its words, which may
quote a row of the database.
"""

from __future__ import annotations

import logging
import traceback
from types import TracebackType

_UNSAFE = {code: f"\\x{code:02x}" for code in [*range(32), *range(127, 160)]} | {
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


class OneLineFormatter(logging.Formatter):
    """A formatter whose every record is one line, with control characters written out."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        return super().format(record).translate(_UNSAFE)

    def formatException(  # noqa: N802 - logging's name
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """The error as its type and place."""
        return where_it_rose(ei[1]) if ei[1] is not None else ""


def where_it_rose(error: BaseException) -> str:
    """The type of an error and the places it came through, innermost last, without its words."""
    frames = traceback.extract_tb(error.__traceback__)
    places = " > ".join(f"{_module_of(frame.filename)}:{frame.lineno}" for frame in frames)
    cause = error.__cause__
    below = f" <- {where_it_rose(cause)}" if cause is not None else ""
    return f"{type(error).__name__} at {places}{below}"


def _module_of(filename: str) -> str:
    """The end of a path that tells the file, without the machine's folders."""
    return "/".join(filename.split("/")[-3:])

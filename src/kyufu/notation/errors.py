"""What is wrong with a piece of notation, in a clerk's words and without repeating the value."""

from __future__ import annotations


class NotationError(ValueError):
    """A value that does not follow its notation; `reason` is Japanese and never holds the value itself."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

"""Errors a user can act on: what happened, where, what to do; in Japanese, without personal data."""

from __future__ import annotations


class KyufuError(Exception):
    """Base of the anticipated errors; `message` says what happened, `remedy` what to do next."""

    exit_status = 1

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class Refused(KyufuError):
    """A request that the rules of the business forbid; nothing was changed."""


class BadInput(KyufuError):
    """Input that cannot be read: names the file, line, column or field, the problem and what to do."""

    exit_status = 2

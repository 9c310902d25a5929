"""The list of purposes (利用目的) that a member of staff picks from before a person is shown."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

_FILE = Path(__file__).with_name("purposes.toml")


class Purpose(NamedTuple):
    """A reason to look somebody up; `needs_case` ones ask for the receipt number as well."""

    code: str
    label: str
    needs_case: bool


@cache
def purposes() -> dict[str, Purpose]:
    """The purposes by code, in the order of the list."""
    entries = tomllib.loads(_FILE.read_text(encoding="utf-8"))["purpose"]
    return {entry["code"]: Purpose(**entry) for entry in entries}


# Of the privacy staff alone, who pick nobody for business: not among what a clerk picks from.
LOG_REVIEW = Purpose("log_review", "閲覧の記録の点検", needs_case=False)


def known_purpose(code: str) -> Purpose | None:
    """The purpose of a code, one that is picked from the list or that of the privacy staff; None for no purpose."""
    return LOG_REVIEW if code == LOG_REVIEW.code else purposes().get(code)

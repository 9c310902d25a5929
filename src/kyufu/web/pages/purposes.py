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

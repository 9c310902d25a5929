"""How many decisions one may approve at once: a dated value of the office, assumed until it is confirmed."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from kyufu.platform.errors import BadInput

FILE = Path(__file__).with_name("batch.toml")


class BatchRule(NamedTuple):
    """One dated value, in force from `start` until a later one of its name."""

    name: str
    label: str
    value: int
    unit: str
    start: date
    source: str
    certainty: str


@cache
def batch_rules() -> tuple[BatchRule, ...]:
    """Every dated value in the order of the file."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["rule"]
    return tuple(BatchRule(start=row.pop("from"), **row) for row in rows)


def most_at_once(on: date) -> int:
    """The number on a day; raises BadInput where the file has none for it."""
    found = [one for one in batch_rules() if one.name == "most_at_once" and one.start <= on]
    if not found:
        raise BadInput("一括決裁の件数が定められていません。", remedy=f"{FILE.name} を確かめてください。")
    return max(found, key=lambda one: one.start).value

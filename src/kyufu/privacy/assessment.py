"""The bands of the assessment form, the threshold, and the rules on changes, as `assessment.toml` states them."""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "assessment.toml"
UNDECIDED = "判断できない（重大事故の有無が未入力）"


class Verdict(StrEnum):
    """Does a change call for a new assessment, does it not, or must a person decide?"""

    IMPORTANT = "important"
    MINOR = "minor"
    ASK = "ask"

    @property
    def label(self) -> str:
        """The heading under which the change is printed."""
        return {
            "important": "重要な変更（評価の再実施が必要）",
            "ask": "担当者の判断が必要な変更",
            "minor": "重要な変更に当たらないもの（評価書の修正と公表で足りる）",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Band:
    """The bands of one figure of the form: `words[n]` holds below `limits[n]`, the last one from the last limit on."""

    name: str
    label: str
    limits: tuple[int, ...]
    words: tuple[str, ...]
    source: str
    certainty: str

    def of(self, count: int) -> str:
        """The words of the form for a count."""
        return self.words[bisect_right(self.limits, count)]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a kind of change means: the form's heading, the verdict, why, and how sure that is."""

    change: str
    heading: str
    verdict: Verdict
    reason: str
    source: str
    certainty: str


@cache
def bands() -> Mapping[str, Band]:
    """The bands by name."""
    return {
        row["name"]: Band(**{**row, "limits": tuple(row["limits"]), "words": tuple(row["words"])})
        for row in _content()["band"]
    }


@cache
def rules() -> Mapping[str, Rule]:
    """The rules by kind of change."""
    return {row["change"]: Rule(**{**row, "verdict": Verdict(row["verdict"])}) for row in _content()["rule"]}


def due_assessment(*, persons: str, users: int, incident: bool | None) -> str:
    """Which assessment the threshold says is due, by the band of persons, the number of users, and whether there was
    a serious incident (重大事故); UNDECIDED where that is not known and would decide.
    """
    threshold = _content()["threshold"]
    has_many = users >= threshold["many_users_from"]
    for line in threshold["lines"]:
        if persons not in line["persons"] or line.get("many_users", has_many) != has_many:
            continue
        if "incident" in line and incident is None:
            return UNDECIDED
        if line.get("incident", incident) == incident:
            return str(line["due"])
    raise ValueError("the threshold has no line for these bands")


def is_heavier(due: str, *, than: str) -> bool | None:
    """Is one assessment heavier than another; None where either is undecided."""
    order = _content()["threshold"]["heaviness"]
    if due not in order or than not in order:
        return None
    return bool(order.index(due) > order.index(than))


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))

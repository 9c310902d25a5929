"""The rules of sign-in and accounts as dated values with source and certainty (policy.toml)."""

from __future__ import annotations

import tomllib
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("policy.toml")
_NEEDED = ("name", "label", "value", "unit", "from", "source", "certainty")
IN_NAMES = " 　・－-'’．."


class Certainty(StrEnum):
    """How sure a value is: from the authority's document, worked out from one, or decided here."""

    OFFICIAL = "official"
    SECONDARY = "secondary"
    ASSUMED = "assumed"


class PolicyError(ValueError):
    """The file of rules is wrong, or has no value for a day."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One dated value: in force from `start` until the day before `end` (None: open)."""

    name: str
    label: str
    value: int
    unit: str
    start: date
    end: date | None
    source: str
    certainty: Certainty

    def holds_on(self, day: date) -> bool:
        """Is the value in force on the day?"""
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class SignInPolicy:
    """The rules in force on one day; counts, characters, days, minutes and hours as the names say."""

    failures_before_lock: int
    password_min_length: int
    password_history_depth: int
    password_max_age_days: int
    password_grace_days: int
    idle_minutes: int
    absolute_hours: int
    reauth_minutes: int
    unused_account_days: int
    renewal_opens_days: int
    proposal_days: int
    terminal_prefix_least: int


def sign_in_policy(on: date) -> SignInPolicy:
    """The rules on a day; raises PolicyError where one has no value for it."""
    return SignInPolicy(**{name: _value(name, on=on) for name in SignInPolicy.__dataclass_fields__})


def policy_rules() -> tuple[Rule, ...]:
    """Every dated value in the order of the file, for listing with source and certainty."""
    return _rules(FILE)


def is_name_of_person(name: str, *, on: date) -> bool:
    """Can the text be a person's name? No for blanks, digits, signs, and the words of posts, counters and machines."""
    words = {word for start, found in _words(FILE) if start <= on for word in found}
    return is_written_as_name(name) and not any(word in name for word in words)


def is_written_as_name(text: str) -> bool:
    """Does the text begin with a letter, and hold but letters, their marks, spaces, and dots and strokes of names?

    So no name holds a line break, a formula of a spreadsheet or a piece of a page.
    """
    return text[:1].isalpha() and all(
        each.isalpha() or each in IN_NAMES or unicodedata.category(each).startswith("M") for each in text
    )


def read_rules(path: Path) -> tuple[Rule, ...]:
    """The rules of a file; raises PolicyError for an unknown name, a gap, an overlap or a missing rule."""
    rules = tuple(_rule(row, file=path.name) for row in _content(path).get("rule", []))
    known = set(SignInPolicy.__dataclass_fields__)
    if {rule.name for rule in rules} != known:
        raise PolicyError(f"{path.name}: 決まりの名前が過不足です。")
    for name in known:
        rows = sorted((rule for rule in rules if rule.name == name), key=lambda rule: rule.start)
        if rows[-1].end is not None or any(before.end != after.start for before, after in pairwise(rows)):
            raise PolicyError(f"{path.name}: {name} の期間に重なりか空きがあります。")
    return rules


@cache
def _rules(path: Path) -> tuple[Rule, ...]:
    return read_rules(path)


@cache
def _words(path: Path) -> tuple[tuple[date, frozenset[str]], ...]:
    return tuple((row["from"], frozenset(row["words"])) for row in _content(path)["not_a_person"])


def _content(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _rule(row: dict[str, Any], *, file: str) -> Rule:
    place = f"{file}: {row.get('name', '名前のない決まり')}"
    missing = [name for name in _NEEDED if name not in row]
    if missing:
        raise PolicyError(f"{place}: 項目がありません（{'、'.join(missing)}）。")
    if not str(row["source"]).strip() or type(row["value"]) is not int or row["value"] < 1:
        raise PolicyError(f"{place}: 値（1 以上の整数）と出典が必要です。")
    if row["certainty"] not in set(Certainty):
        raise PolicyError(f"{place}: certainty は {'、'.join(Certainty)} のいずれかです。")
    return Rule(
        name=row["name"],
        label=row["label"],
        value=row["value"],
        unit=row["unit"],
        start=row["from"],
        end=row.get("to"),
        source=row["source"],
        certainty=Certainty(row["certainty"]),
    )


def _value(name: str, *, on: date) -> int:
    found = [rule.value for rule in _rules(FILE) if rule.name == name and rule.holds_on(on)]
    if not found:
        raise PolicyError(f"{name}: {on.isoformat()} の値がありません。")
    return found[0]

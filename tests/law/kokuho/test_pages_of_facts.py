"""Every fact that a command of national health insurance reads is named in the page that the command points to."""

from __future__ import annotations

import re
import typing
from dataclasses import is_dataclass
from pathlib import Path

import pytest

from kyufu.cli.kokuho import SCHEMES, Scheme

DOCS = Path(__file__).parents[3] / "docs" / "reference"
INDEX = (DOCS / "kokuho.md").read_text(encoding="utf-8")
# Pages that refer to another for the facts of the persons within.
BESIDE = {
    "kokuho-household": "enrolment",
    "kokuho-trial": "premium",
    "kokuho-highcost": "income-class",
}
# Written as one text in a facts file: a month, and the first day of a period (told with its end).
OF_ONE_TEXT = {"year", "month", "start"}


def pages_of(scheme: Scheme) -> list[str]:
    rule = f"kokuho-{scheme.name}"
    found = [name for name, line in re.findall(r"\(kokuho/([a-z-]+)\.md\)(.*)", INDEX) if f"`{rule}`" in line]
    return found + ([BESIDE[rule]] if rule in BESIDE else [])


def facts_of(record: type[object]) -> set[str]:
    """The names of a record and of the records within it."""
    found: set[str] = set()
    for name, kind in typing.get_type_hints(record).items():
        found.add(name)
        parts = [kind, *typing.get_args(kind)]
        for inner in [*parts, *(each for part in parts for each in typing.get_args(part))]:
            if isinstance(inner, type) and inner.__module__.startswith("kyufu.law"):
                is_record = hasattr(inner, "_fields") or is_dataclass(inner)
                found |= facts_of(inner) if is_record else set()
    return found


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda each: each.name)
def test_the_page_of_a_rule_names_every_fact(scheme: Scheme) -> None:
    pages = pages_of(scheme)
    assert pages, "the index names no page for the rule"
    text = "".join((DOCS / "kokuho" / f"{name}.md").read_text(encoding="utf-8") for name in pages)
    words = set(re.findall(r"[a-z_0-9]+", " ".join(re.findall(r"`[^`\n]+`", text))))
    assert facts_of(scheme.facts) - words - OF_ONE_TEXT == set()


def test_the_records_within_a_record_are_looked_into() -> None:
    known = {each.name: facts_of(each.facts) for each in SCHEMES}
    assert {"specified_disease", "gross_income"} <= known["highcost"]
    assert {"joined_elderly_on", "counts_as_earner"} <= known["trial"]

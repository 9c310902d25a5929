"""The facts hash and the facts file: every single field counts, and nothing but the facts does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.law.calendar.period import Period
from kyufu.law.child.codec import FactsError, facts_from_json, facts_to_json
from kyufu.law.child.facts import (
    ChildFacts,
    Deductions,
    Dependants,
    Guardian,
    Incomes,
    InsuranceCoverage,
    OtherScheme,
    OtherSchemeKind,
    Residence,
)
from kyufu.law.child.hashing import facts_hash
from tests.law.independent import any_facts, earned

SOURCE = Path(__file__).parents[2] / "src"
CLOSED = Period(date(2020, 1, 1), date(2024, 1, 1))
# One of everything, each field with a value of its own, so that any change of one of them is a change of the facts.
FULL = ChildFacts(
    birth_date=date(2015, 2, 3),
    residences=(Residence("141003", CLOSED), Residence("131016", Period(date(2024, 1, 1), None))),
    insurances=(InsuranceCoverage("06140012", CLOSED), InsuranceCoverage("140012", CLOSED)),
    public_assistance=(CLOSED, Period(date(2025, 1, 1), None)),
    other_schemes=(OtherScheme(OtherSchemeKind.DISABILITY, CLOSED),),
    guardians=(
        Guardian(
            "a",
            "father",
            (
                earned(
                    2020,
                    incomes=Incomes(*range(1, 15)),
                    deductions=Deductions(
                        11, 12, 13, 1, 2, widow=True, single_parent=False, working_student=True
                    ),
                    dependants=Dependants(9, elderly=1, specified=2, under_sixteen=3, elderly_spouse=True),
                    levies=(7, 8),
                ),
                earned(2021, incomes=Incomes()),
            ),
        ),
        Guardian("b", "mother", ()),
    ),
    applied_on=date(2015, 2, 9),
)
OTHERS: dict[str, list[object]] = {
    "municipality": ["131024"],
    "insurer_no": ["06140020", "140020"],
    "ref": ["c", "ab", ""],
    "relation": ["other"],
}
OPEN = ("end", "birth_date", "applied_on")


def changes_of(value: Any, *, name: str) -> Iterator[object]:
    """Other values for one place of the facts: one field at a time, at any depth, and shorter or longer lists."""
    if hasattr(value, "_fields"):
        for field in value._fields:
            for other in changes_of(getattr(value, field), name=field):
                yield value._replace(**{field: other})
    elif isinstance(value, tuple):
        yield from (value[:index] + value[index + 1 :] for index in range(len(value)))
        yield (*value, value[-1]) if value else ()
        for index, item in enumerate(value):
            for other in changes_of(item, name=name):
                yield (*value[:index], other, *value[index + 1 :])
    else:
        yield from other_values(value, name=name)


def other_values(value: object, *, name: str) -> Iterator[object]:
    """Other values for a field that holds no record and no list."""
    if isinstance(value, StrEnum):
        yield from (other for other in type(value) if other != value)
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, value - 1, *([None] if name.endswith("levy") else []))
    elif isinstance(value, date):
        yield from (value + timedelta(days=1), *([None] if name in OPEN else []))
    elif isinstance(value, str):
        yield from OTHERS[name]
    else:
        yield date(2030, 1, 1)


def test_the_hash_differs_when_any_single_field_differs() -> None:
    changed = [other for other in changes_of(FULL, name="facts") if other != FULL]
    assert len(changed) > 120
    hashes = {facts_hash(other): other for other in changed if isinstance(other, ChildFacts)}
    assert facts_hash(FULL) not in hashes
    assert len(hashes) == len(set(changed))


def test_the_same_values_in_another_list_are_other_facts() -> None:
    one = FULL._replace(public_assistance=(CLOSED,), other_schemes=(), insurances=())
    none = one._replace(public_assistance=())
    assert facts_hash(one) != facts_hash(
        none._replace(other_schemes=(OtherScheme(OtherSchemeKind.DISABILITY, CLOSED),))
    )
    assert facts_hash(none._replace(applied_on=None)) != facts_hash(none._replace(birth_date=None))
    first, second = FULL.guardians
    moved = (first._replace(incomes=first.incomes[:1]), second._replace(incomes=first.incomes[1:]))
    assert facts_hash(FULL._replace(guardians=moved)) != facts_hash(FULL)


@settings(deadline=None, max_examples=100)
@given(any_facts(), any_facts())
def test_facts_have_one_hash_and_other_facts_another(one: ChildFacts, other: ChildFacts) -> None:
    assert (facts_hash(one) == facts_hash(other)) == (one == other)
    assert facts_hash(facts_from_json(facts_to_json(one))) == facts_hash(one)


def test_the_hash_is_the_same_in_processes_with_other_seeds_and_zones(tmp_path: Path) -> None:
    program = (
        "import sys; from kyufu.law.child.codec import facts_from_json; "
        "from kyufu.law.child.hashing import facts_hash; print(facts_hash(facts_from_json(sys.stdin.read())))"
    )
    for seed, zone in (("1", "Asia/Tokyo"), ("31337", "America/New_York")):
        run = subprocess.run(
            [sys.executable, "-c", program],
            input=facts_to_json(FULL).encode(),
            env=os.environ
            | {"PYTHONPATH": str(SOURCE), "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONUTF8": "1"},
            cwd=tmp_path,
            capture_output=True,
            check=True,
        )
        assert run.stdout.decode().strip() == facts_hash(FULL)


def places_of(content: Any, *, path: str = "$") -> Iterator[tuple[dict[str, Any], str]]:
    """Every object of a JSON text with its path."""
    if isinstance(content, dict):
        yield content, path
        for name, value in content.items():
            yield from places_of(value, path=f"{path}.{name}")
    elif isinstance(content, list):
        for index, value in enumerate(content):
            yield from places_of(value, path=f"{path}[{index}]")


PATHS = [path for _, path in places_of(json.loads(facts_to_json(FULL)))]
OPTIONAL = set(Incomes._fields) | set(Deductions._fields) | set(Dependants._fields)


@pytest.mark.parametrize("path", PATHS)
def test_an_unknown_key_is_refused_wherever_it_stands(path: str) -> None:
    content = json.loads(facts_to_json(FULL))
    place = next(each for each, where in places_of(content) if where == path)
    place["kana"] = 1
    with pytest.raises(FactsError) as refused:
        facts_from_json(json.dumps(content))
    assert refused.value.path == f"{path}.kana"
    assert "知らない項目" in str(refused.value.reason)


@pytest.mark.parametrize("path", PATHS)
def test_a_missing_key_is_refused_or_counts_as_zero_where_the_document_says_so(path: str) -> None:
    original = json.loads(facts_to_json(FULL))
    record = next(each for each, where in places_of(original) if where == path)
    for name in record:
        content = json.loads(facts_to_json(FULL))
        del next(each for each, where in places_of(content) if where == path)[name]
        if name in OPTIONAL and path.rpartition(".")[2] in ("incomes", "deductions", "dependants"):
            if name == "total":
                continue  # fewer than the kinds among them: refused for that
            written = json.loads(facts_to_json(facts_from_json(json.dumps(content))))
            assert next(each for each, where in places_of(written) if where == path)[name] in (0, False)
            continue
        if (path, name) == ("$", "died_on"):
            assert facts_from_json(json.dumps(content)).died_on is None
            continue
        with pytest.raises(FactsError) as refused:
            facts_from_json(json.dumps(content))
        assert refused.value.path == f"{path}.{name}"
        assert "項目がありません" in refused.value.reason


WRONG: list[object] = [None, True, "x", 1.5, -1, [], {}, "2020-02-30", "２０２０-01-01", 10**30]


@settings(deadline=None, max_examples=250)
@given(st.data())
def test_a_wrong_value_is_refused_by_its_path_or_read_and_written_the_same(data: st.DataObject) -> None:
    """Never another exception, never a value of the file in the message."""
    content = json.loads(facts_to_json(FULL))
    place, path = data.draw(st.sampled_from(list(places_of(content))))
    name = data.draw(st.sampled_from(sorted(place)))
    place[name] = data.draw(st.sampled_from(WRONG))
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    try:
        facts = facts_from_json(text)
    except FactsError as refused:
        assert refused.path.startswith("$")
        assert refused.path.startswith(path) or "同じ ref" in refused.reason
        assert "2020-02-30" not in str(refused)
        assert str(10**30) not in str(refused)
    else:
        assert facts_to_json(facts) == text or place[name] == {}  # what is left out counts as zero
        assert len(facts_hash(facts)) == 32

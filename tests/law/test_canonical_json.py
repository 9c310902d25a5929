"""Records of law as canonical JSON, against Python's own encoder of plain values."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyufu.law.calendar.months import YearMonth
from kyufu.law.calendar.period import Period
from kyufu.law.canonical_json import to_json, write_object
from kyufu.law.child.codec import decision_to_json
from kyufu.law.decision import Citation, Decision, Outcome, Quantity, Reason, Step
from kyufu.law.tracing import Trace


class Colour(StrEnum):
    """An enumeration whose value is not its name."""

    RED = "赤"


class Single(NamedTuple):
    """A record of one field."""

    only: object


class Pair(NamedTuple):
    """A record whose fields are not in the order of the alphabet."""

    zweite: object
    anfang: object


@dataclass(frozen=True)
class Frozen:
    """A frozen dataclass."""

    b: object
    a: object


@dataclass(frozen=True)
class Nothing:
    """A record without fields."""


def plain(value: object) -> object:
    """The value in dictionaries and lists, as a second reading of the same rules."""
    match value:
        case Frozen():
            return {"b": plain(value.b), "a": plain(value.a)}
        case Nothing():
            return {}
        case Single() | Pair() | Period():
            return {name: plain(one) for name, one in value._asdict().items()}
        case YearMonth():
            return f"{value.year:04}-{value.month:02}"
        case tuple():
            return [plain(one) for one in value]
        case date():
            return value.strftime("%Y-%m-%d").zfill(10)
    return value


SINGLE = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.dates()
    | st.sampled_from(Colour)
    | st.builds(YearMonth, st.integers(1, 9999), st.integers(1, 12))
    | st.builds(Nothing)
)
VALUES = st.recursive(
    SINGLE,
    lambda inner: (
        st.lists(inner, max_size=4).map(tuple)
        | st.builds(Single, inner)
        | st.builds(Pair, inner, inner)
        | st.builds(Frozen, inner, inner)
    ),
    max_leaves=12,
)


@given(VALUES)
def test_text_is_that_of_the_plain_values_with_sorted_keys_and_without_spaces(value: object) -> None:
    wanted = json.dumps(plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert to_json(value) == wanted


@pytest.mark.parametrize("value", [1.5, {"a": 1}, [1], {1}, b"a", object()])
def test_what_is_no_value_of_law_is_refused_wherever_it_stands(value: object) -> None:
    with pytest.raises(TypeError, match="is no value of law"):
        to_json(value)
    with pytest.raises(TypeError, match="is no value of law"):
        to_json(Pair((1, value), "a"))


def test_a_truth_value_is_not_written_as_the_number_it_equals() -> None:
    assert to_json((True, 1, False, 0)) == "[true,1,false,0]"
    assert [to_json(Single(one)) for one in (1, True)] == ['{"only":1}', '{"only":true}']


def test_an_object_of_ready_texts_is_sorted() -> None:
    assert write_object({"b": "[1]", "a": '"x"'}) == '{"a":"x","b":[1]}'
    assert write_object({}) == "{}"


# Of a label that Python's formatting would take for a place of its own.
RATE = Quantity("rate", "割合（100%・%s）", "%")
AGE = Quantity("age", "満年齢", "歳")


@pytest.mark.parametrize(
    "blocks",
    [
        (),
        (((), ()),),
        (((RATE, AGE), (30, None)),),
        (((RATE,), (True,)), ((), ()), ((AGE, RATE), (date(2026, 4, 1), "三割"))),
    ],
)
def test_steps_are_written_alike_in_blocks_and_one_by_one(
    blocks: tuple[tuple[tuple[Quantity, ...], tuple]],
) -> None:
    trace = Trace(blocks)
    decision = Decision(
        scheme="child", municipality="yokohama", judged_for=date(2026, 4, 1), outcome=Outcome.ELIGIBLE,
        period=Period(date(2026, 4, 1), None), benefit_class=None,
        reasons=(Reason("a", "理由\n\"", Citation("条例", "第1条", "official")),), findings=(), steps=trace,
        citations=(), rule="r", parameter_version="v", facts_hash="h",
    )  # fmt: skip
    text = decision_to_json(decision)
    assert text == decision_to_json(decision._replace(steps=tuple(trace)))
    steps = json.loads(text)["steps"]
    assert [step["quantity"]["label"] for step in steps] == [step.quantity.label for step in trace]
    assert [step["value"] for step in steps] == [json.loads(to_json(Step(*step).value)) for step in trace]
    assert json.loads(text)["reasons"][0]["text"] == '理由\n"'

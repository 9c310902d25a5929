"""Facts and decisions as canonical JSON: sorted keys, no spaces, dates as YYYY-MM-DD, Japanese text as it is.

The same value gives the same text in every process. Reading is strict: an unknown key, a missing key or a
value of the wrong kind raises FactsError with the JSON path and the reason in Japanese. A decision's step has
the unit 日付 exactly when its value is a date.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

from kyufu.law.canonical_json import WRITERS, to_json, write_object
from kyufu.law.child.decoding import decode
from kyufu.law.child.facts import ChildFacts
from kyufu.law.decision import Decision, Quantity, Step
from kyufu.law.strict_json import FactsError, load
from kyufu.law.tracing import Block, Trace

__all__ = ["FactsError", "decision_from_json", "decision_to_json", "facts_from_json", "facts_to_json"]

DATE_UNIT = "日付"


def facts_to_json(facts: ChildFacts) -> str:
    """The facts as canonical JSON, as `docs/reference/facts.md` describes them."""
    return to_json(facts)


def facts_from_json(text: str) -> ChildFacts:
    """Read facts; raises FactsError with the JSON path of the first thing that is wrong."""
    return decode(load(text), into=ChildFacts)


def decision_to_json(decision: Decision) -> str:
    """The decision as canonical JSON, with the whole trace.

    What many decisions of a run say alike is written once: their reasons, citations and quantities.
    """
    members = {
        name: _member(value)
        for name, value in zip(Decision._fields, decision, strict=True)
        if name != "steps"
    }
    return write_object({**members, "steps": f"[{','.join(_blocks_of(decision.steps))}]"})


def decision_from_json(text: str) -> Decision:
    """Read a decision that `decision_to_json` wrote; raises FactsError where it did not."""
    content = load(text)
    steps = content.pop("steps", None) if isinstance(content, dict) else None
    if not isinstance(content, dict) or not isinstance(steps, list):
        raise FactsError("$.steps", "判定の過程がありません")
    decision = decode({**content, "steps": []}, into=Decision)
    return decision._replace(steps=tuple(_step(step, path=f"$.steps[{i}]") for i, step in enumerate(steps)))


def _step(content: object, *, path: str) -> Step:
    if not isinstance(content, dict) or content.keys() != {"quantity", "value"}:
        raise FactsError(path, "項目と値の組ではありません")
    quantity = decode(content["quantity"], into=Quantity, path=f"{path}.quantity")
    value = content["value"]
    if quantity.unit == DATE_UNIT and value is not None:
        value = decode(value, into=date, path=f"{path}.value")
    elif not isinstance(value, int | str | bool | None):
        raise FactsError(f"{path}.value", "数、文字、真偽、空のいずれでもありません")
    return Step(quantity, value)


def _member(value: object) -> str:
    return _repeated(value) if type(value) is tuple else to_json(value)


_repeated = lru_cache(maxsize=4096)(to_json)


def _blocks_of(steps: Sequence[Step]) -> Iterator[str]:
    for names, values in steps.blocks if isinstance(steps, Trace) else _as_block(steps):
        if names:
            yield _layout(names) % tuple([WRITERS[type(value)](value) for value in values])


def _as_block(steps: Sequence[Step]) -> tuple[Block, ...]:
    return ((tuple(name for name, _ in steps), tuple(value for _, value in steps)),)


@lru_cache(maxsize=1024)
def _layout(names: tuple[Quantity, ...]) -> str:
    """The steps of a block with a place for each value."""
    texts = [to_json(name).replace("%", "%%") for name in names]
    return ",".join([f'{{"quantity":{text},"value":%s}}' for text in texts])

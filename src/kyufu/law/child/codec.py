"""Facts and decisions as canonical JSON: sorted keys, no spaces, dates as YYYY-MM-DD, Japanese text as it is.

The same value gives the same text in every process. Reading is strict: an unknown key, a missing key or a
value of the wrong kind raises FactsError with the JSON path and the reason in Japanese. A decision's step has
the unit 日付 exactly when its value is a date.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from json.encoder import encode_basestring

from kyufu.law.child.decoding import decode
from kyufu.law.child.facts import ChildFacts
from kyufu.law.decision import Decision, Quantity, Step
from kyufu.law.strict_json import FactsError, dump, load, plain
from kyufu.law.tracing import Value

__all__ = ["FactsError", "decision_from_json", "decision_to_json", "facts_from_json", "facts_to_json"]

DATE_UNIT = "日付"


def facts_to_json(facts: ChildFacts) -> str:
    """The facts as canonical JSON, as `docs/reference/facts.md` describes them."""
    return dump(plain(facts))


def facts_from_json(text: str) -> ChildFacts:
    """Read facts; raises FactsError with the JSON path of the first thing that is wrong."""
    return decode(load(text), into=ChildFacts)


def decision_to_json(decision: Decision) -> str:
    """The decision as canonical JSON, with the whole trace.

    The steps come last in the order of the keys; they are written from ready fragments, which is most of the text.
    """
    fields = decision._asdict()
    steps = fields.pop("steps")
    rest = dump({name: plain(value) for name, value in fields.items()})
    written = ",".join(
        [f'{{"quantity":{_quantity_text(name)},"value":{_value_text(value)}}}' for name, value in steps]
    )
    return f'{rest[:-1]},"steps":[{written}]}}'


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


@lru_cache(maxsize=1024)
def _quantity_text(quantity: Quantity) -> str:
    return dump(plain(quantity))


def _value_text(value: Value) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, date):
        return f'"{value.isoformat()}"'
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)

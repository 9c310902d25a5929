"""Facts and decisions as canonical JSON: sorted keys, no spaces, dates as YYYY-MM-DD, Japanese text as it is.

The same value gives the same text in every process. Reading is strict: an unknown key, a missing key or a
value of the wrong kind raises FactsError with the JSON path and the reason in Japanese. A decision's step has
the unit 日付 exactly when its value is a date.
"""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from json.encoder import encode_basestring

from kyufu.law.child.decoding import FactsError, decode
from kyufu.law.child.facts import ChildFacts
from kyufu.law.decision import Decision, Quantity, Step
from kyufu.law.tracing import Value

__all__ = ["FactsError", "decision_from_json", "decision_to_json", "facts_from_json", "facts_to_json"]

DATE_UNIT = "日付"


def facts_to_json(facts: ChildFacts) -> str:
    """The facts as canonical JSON, as `docs/reference/facts.md` describes them."""
    return _dump(_plain(facts))


def facts_from_json(text: str) -> ChildFacts:
    """Read facts; raises FactsError with the JSON path of the first thing that is wrong."""
    return decode(_load(text), into=ChildFacts)


def decision_to_json(decision: Decision) -> str:
    """The decision as canonical JSON, with the whole trace.

    The steps come last in the order of the keys; they are written from ready fragments, which is most of the text.
    """
    fields = decision._asdict()
    steps = fields.pop("steps")
    rest = _dump({name: _plain(value) for name, value in fields.items()})
    written = ",".join(
        [f'{{"quantity":{_quantity_text(name)},"value":{_value_text(value)}}}' for name, value in steps]
    )
    return f'{rest[:-1]},"steps":[{written}]}}'


def decision_from_json(text: str) -> Decision:
    """Read a decision that `decision_to_json` wrote; raises FactsError where it did not."""
    content = _load(text)
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


def _plain(value: object) -> object:
    """Named tuples as objects and dates as text; strings, numbers, booleans and None stay as they are."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        fields = getattr(value, "_fields", None)
        if fields is None:
            return [_plain(each) for each in value]
        return {name: _plain(each) for name, each in zip(fields, value, strict=True)}
    return value


@lru_cache(maxsize=1024)
def _quantity_text(quantity: Quantity) -> str:
    return _dump(_plain(quantity))


def _value_text(value: Value) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, date):
        return f'"{value.isoformat()}"'
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _dump(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _load(text: str) -> object:
    try:
        content: object = json.loads(text, object_pairs_hook=_unique_keys)
    except json.JSONDecodeError as error:
        raise FactsError("$", f"JSONとして読めません（{error.lineno}行{error.colno}文字目）") from None
    except RecursionError:
        raise FactsError("$", "JSONの入れ子が深すぎます") from None
    return content


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    content = dict(pairs)
    if len(content) != len(pairs):
        twice = next(key for i, (key, _) in enumerate(pairs) if key in dict(pairs[:i]))
        raise FactsError("$", f"同じ項目が二度あります：{twice}")
    return content

"""The answer of a rule of national health insurance: a value with its trace, or that it cannot be decided, and why."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import is_dataclass
from datetime import date
from hashlib import blake2b
from typing import Any, Generic, NamedTuple, NoReturn, TypeVar

from kyufu.law.decision import Citation, Reason, Step
from kyufu.law.records import maker

Value = TypeVar("Value")

FORM = "kyufu.kokuho.facts.1:"


class UnknownMunicipality(ValueError):
    """A municipality of which no figures are kept; the message names those that are, in Japanese."""


class CannotDecide(NamedTuple):
    """The value of an answer that cannot be given; `missing` names each fact or figure that lacks, in Japanese."""

    missing: tuple[str, ...]


class Answer(NamedTuple, Generic[Value]):
    """The whole answer of one rule to one question.

    `rule` names the rule as the command does; `municipality` is the code of the rates used, "" where the rule is
    national; `value` is what was asked for (a named tuple of yen, months ...), or CannotDecide; the steps are every
    intermediate figure in order.
    """

    rule: str
    municipality: str
    value: Value | CannotDecide
    reasons: tuple[Reason, ...]
    steps: Sequence[Step]
    citations: tuple[Citation, ...]
    parameter_version: str
    facts_hash: str

    @property
    def decided(self) -> bool:
        """Whether there is a value."""
        return not isinstance(self.value, CannotDecide)


class Undecidable(NamedTuple):
    """What a part of a rule gives instead of its figures where a fact lacks; the rule makes an answer of it."""

    reasons: tuple[Reason, ...]
    missing: tuple[str, ...]


answer_of = maker(Answer)
"""Makes an Answer from the tuple of all its fields in order: for batches."""


def undecided(
    *,
    rule: str,
    municipality: str,
    why: Undecidable,
    steps: Sequence[Step],
    citations: tuple[Citation, ...],
    parameter_version: str,
    facts_hash: str,
) -> Answer[Any]:
    """The answer that a rule cannot be decided, with the steps reached so far."""
    return Answer(
        rule,
        municipality,
        CannotDecide(why.missing),
        why.reasons,
        steps,
        citations,
        parameter_version,
        facts_hash,
    )


def hash_facts(facts: object, *, rule: str) -> str:
    """The hash of the facts of a rule, 32 hexadecimal digits: the same facts give the same in every process.

    The canonical form is the JSON of the values alone, in the order of the records' fields, dates as YYYY-MM-DD.
    """
    text = FORM + rule + ":" + _canonical(facts)
    return blake2b(text.encode(), digest_size=16).hexdigest()


def distinct(citations: Iterable[Citation]) -> tuple[Citation, ...]:
    """Citations in order without repetition."""
    return tuple(dict.fromkeys(citations))


def _written(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        return [getattr(value, name) for name in value.__dataclass_fields__]
    return _refuse(value)


def _refuse(value: object) -> NoReturn:
    raise TypeError(f"{type(value).__name__} is no kind of value that facts hold")


_canonical = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_written).encode

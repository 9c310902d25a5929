"""The hash of facts: the same facts give the same hash in every process and release.

The canonical form is bytes: every number is 8 bytes little-endian signed, a date is its proleptic Gregorian
ordinal, absence is the smallest number, text is its length and its UTF-8 bytes, a list is its length and its
items, fields follow in the order of their record. The day of death stands at the very end and only where one is
known. Hashed with BLAKE2b to 16 bytes, after the name of the form.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from struct import Struct

from kyufu.law.child.facts import ChildFacts
from kyufu.law.income.evidence import Declared, IncomeEvidence, IncomeSource

FORM = b"kyufu.child.facts.1"
ABSENT = -(2**63)

_NUMBER = Struct("<q").pack
_TWO = Struct("<2q").pack
_INCOME = Struct("<35q").pack
_DECLARED = {member: number for number, member in enumerate((Declared.YES, Declared.NO, Declared.UNKNOWN))}
_SOURCE = {
    member: number
    for number, member in enumerate((IncomeSource.TAX_LEDGER, IncomeSource.NETWORK, IncomeSource.CERTIFICATE))
}


def facts_hash(facts: ChildFacts) -> str:
    """The hash of one child's facts, 32 hexadecimal digits."""
    birth, residences, insurances, assistance, schemes, guardians, applied, died = facts
    parts = [
        FORM,
        _TWO(
            ABSENT if birth is None else birth.toordinal(),
            ABSENT if applied is None else applied.toordinal(),
        ),
    ]
    for named in (residences, insurances, schemes):
        parts.append(_NUMBER(len(named)))
        for name, (start, end) in named:
            parts += _text(name), _TWO(start.toordinal(), ABSENT if end is None else end.toordinal())
    parts.append(_NUMBER(len(assistance)))
    for start, end in assistance:
        parts.append(_TWO(start.toordinal(), ABSENT if end is None else end.toordinal()))
    parts.append(_NUMBER(len(guardians)))
    for ref, relation, incomes in guardians:
        named_by = ref.encode()
        parts += (
            _NUMBER(len(named_by)),
            named_by,
            _text(relation),
            _NUMBER(len(incomes)),
            *map(_income, incomes),
        )
    if died is not None:
        parts.append(_NUMBER(died.toordinal()))
    return blake2b(b"".join(parts), digest_size=16).hexdigest()


@lru_cache(maxsize=4096)
def _text(text: str) -> bytes:
    content = text.encode()
    return _NUMBER(len(content)) + content


def _income(evidence: IncomeEvidence) -> bytes:
    year, (start, end), declared, source, obtained, incomes, deductions, dependants, levy, flat = evidence
    return _INCOME(
        year,
        start.toordinal(),
        ABSENT if end is None else end.toordinal(),
        _DECLARED[declared],
        _SOURCE[source],
        obtained.toordinal(),
        ABSENT if levy is None else levy,
        ABSENT if flat is None else flat,
        *incomes,
        *deductions,
        *dependants,
    )

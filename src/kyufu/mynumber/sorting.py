"""Sorting of pairs that came in: who is new, who is known, and what a clerk must look at.

Numbers are matched by their blind index only. The match key of a person is the individual number; one that another
addressee has (or had) is never given to a second one by itself (no forced 名寄せ, 共通機能標準仕様書 団体内統合宛名).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kyufu.mynumber.crypto import blind_index
from kyufu.mynumber.links import roots_of
from kyufu.mynumber.secret import NumberSecret
from kyufu.mynumber.states import ConflictKind
from kyufu.mynumber.writing import holders_of, numbers_now
from kyufu.notation.check_digits import INDIVIDUAL_NUMBER

Pair = tuple[str, NumberSecret]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An addressee with a number whose digits are right, and the number's blind index."""

    addressee_no: str
    number: NumberSecret
    blind: bytes


@dataclass(slots=True)
class Sorted:
    """What a letter of pairs comes to: unknown persons, known ones without a number, the same as before, conflicts.

    A conflict is kind, addressee number, and the person (root) or addressee number on the other side.
    """

    new: list[Candidate] = field(default_factory=list)
    numberless: list[tuple[int, Candidate]] = field(default_factory=list)
    known: int = 0
    conflicts: list[tuple[ConflictKind, str, int | str]] = field(default_factory=list)


def sort_pairs(pairs: Sequence[Pair], *, index_key: bytes) -> Sorted:
    """Compare pairs with what the vault holds; the caller holds the lock of the persons."""
    result = Sorted()
    candidates = list(_checked(pairs, index_key=index_key, into=result))
    roots = roots_of([candidate.addressee_no for candidate in candidates])
    holders = holders_of([candidate.blind for candidate in candidates])
    current = numbers_now(roots.values())
    # Of pairs of one letter that contradict each other the first counts.
    given: dict[bytes, str] = {}
    taken: dict[str, bytes] = {}
    for candidate in candidates:
        root = roots.get(candidate.addressee_no)
        holder: int | str | None = holders.get(candidate.blind, given.get(candidate.blind))
        now = taken.get(candidate.addressee_no) or (current.get(root) if root is not None else None)
        if now == candidate.blind:
            result.known += 1
        elif holder is not None and holder not in (root, candidate.addressee_no):
            result.conflicts.append((ConflictKind.DOUBLE, candidate.addressee_no, holder))
        elif now is not None:
            result.conflicts.append((ConflictKind.CHANGED, candidate.addressee_no, ""))
        else:
            given[candidate.blind], taken[candidate.addressee_no] = candidate.addressee_no, candidate.blind
            _accept(candidate, root=root, into=result)
    return result


def _checked(pairs: Iterable[Pair], *, index_key: bytes, into: Sorted) -> Iterable[Candidate]:
    for addressee_no, number in pairs:
        if INDIVIDUAL_NUMBER.is_valid(number.reveal()):
            yield Candidate(addressee_no, number, blind_index(number.reveal(), key=index_key))
        else:
            into.conflicts.append((ConflictKind.CHECK_DIGIT, addressee_no, ""))


def _accept(candidate: Candidate, *, root: int | None, into: Sorted) -> None:
    if root is None:
        into.new.append(candidate)
    else:
        into.numberless.append((root, candidate))

"""What the present access has read and not yet written to the log."""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field

MOST_SUBJECTS_A_RECORD = 10_000


@dataclass(slots=True)
class Reading:
    """The persons read so far, by what was read of them (閲覧した項目)."""

    noted: dict[str, set[int]] = field(default_factory=dict)

    def note(self, subjects: Iterable[int], *, what: str) -> None:
        """Add persons to what was read; a search without a hit is noted with nobody."""
        self.noted.setdefault(what, set()).update(subjects)

    @property
    def is_large(self) -> bool:
        """Are there more persons than one record holds?"""
        return sum(map(len, self.noted.values())) > MOST_SUBJECTS_A_RECORD

    def take_records(self) -> list[tuple[list[str], list[int]]]:
        """Empty it: what was read of whom, items of the same persons together, in records of bounded length."""
        together: dict[frozenset[int], list[str]] = {}
        for what, subjects in self.noted.items():
            together.setdefault(frozenset(subjects), []).append(what)
        self.noted.clear()
        return [
            (sorted(items), block)
            for subjects, items in together.items()
            for block in _blocks(sorted(subjects))
        ]


def _blocks(subjects: list[int]) -> Iterable[list[int]]:
    for start in range(0, max(1, len(subjects)), MOST_SUBJECTS_A_RECORD):
        yield subjects[start : start + MOST_SUBJECTS_A_RECORD]


# None where nobody would write it down: then nothing may be read.
READING: ContextVar[Reading | None] = ContextVar("kyufu_audit_reading", default=None)

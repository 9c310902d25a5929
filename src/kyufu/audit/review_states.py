"""Where the review of a reading stands, and the steps it may take (pure, no database)."""

from __future__ import annotations

from enum import StrEnum

from kyufu.platform.transitions import Machine


class ReviewState(StrEnum):
    """Where a review (閲覧の点検) stands."""

    OPEN = "open"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """The Japanese word for a list."""
        return {"open": "未着手", "assigned": "照会中", "answered": "回答あり", "closed": "完了"}[self.value]


class Finding(StrEnum):
    """What the review came to (点検の結果)."""

    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"

    @property
    def label(self) -> str:
        """The Japanese words for a list."""
        return {"justified": "業務上の閲覧と認める", "unjustified": "業務外の閲覧の疑いがある"}[self.value]


# Nobody has to answer where the reader's explanation is not needed; a poor answer is asked for again.
PAIRS: dict[str, frozenset[str]] = {
    ReviewState.OPEN: frozenset({ReviewState.ASSIGNED, ReviewState.CLOSED}),
    ReviewState.ASSIGNED: frozenset({ReviewState.ANSWERED, ReviewState.CLOSED}),
    ReviewState.ANSWERED: frozenset({ReviewState.ASSIGNED, ReviewState.CLOSED}),
    ReviewState.CLOSED: frozenset(),
}
REVIEWS = Machine(
    subject_table="reading_review",
    history_table="reading_review_transition",
    start=frozenset({ReviewState.OPEN}),
    pairs=PAIRS,
)

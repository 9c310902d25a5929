"""What a list of items can become: proposed by one person, confirmed by another or taken back."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType

from kyufu.platform.transitions import Machine


class ListState(StrEnum):
    """The state of a list of items (提供項目の承認)."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The Japanese word for a list."""
        return {"proposed": "確認待ち", "confirmed": "承認済み", "withdrawn": "取下げ"}[self.value]


PAIRS = MappingProxyType(
    {
        ListState.PROPOSED: frozenset({ListState.CONFIRMED, ListState.WITHDRAWN}),
        ListState.CONFIRMED: frozenset[ListState](),
        ListState.WITHDRAWN: frozenset[ListState](),
    }
)
LISTS = Machine(
    subject_table="exchange_basic_list",
    history_table="exchange_basic_list_transition",
    start=frozenset({ListState.PROPOSED}),
    pairs={str(state): frozenset(map(str, after)) for state, after in PAIRS.items()},
)

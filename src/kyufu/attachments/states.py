"""What a file that was handed in can be and become (pure), and its machine.

Withdrawn (取下げ) still holds its content for a while; deleted (削除済) holds the record alone.
"""

from __future__ import annotations

from enum import StrEnum

from kyufu.platform.transitions import Machine


class AttachmentState(StrEnum):
    """Where a file that was handed in stands."""

    RECEIVED = "received"
    WITHDRAWN = "withdrawn"
    DELETED = "deleted"

    @property
    def label(self) -> str:
        """The clerks' word."""
        return {"received": "受付済", "withdrawn": "取下げ", "deleted": "削除済"}[self.value]


class Scan(StrEnum):
    """What the virus scanner said of a file that was kept; one without a scanner is not pretended to be clean."""

    CLEAN = "clean"
    UNSCANNED = "unscanned"

    @property
    def label(self) -> str:
        """The clerks' word."""
        return {"clean": "検査済", "unscanned": "未検査"}[self.value]


_S = AttachmentState

ATTACHMENT_START = frozenset({_S.RECEIVED})
ATTACHMENT_PAIRS: dict[AttachmentState, frozenset[AttachmentState]] = {
    _S.RECEIVED: frozenset({_S.WITHDRAWN}),
    _S.WITHDRAWN: frozenset({_S.DELETED}),
    _S.DELETED: frozenset(),
}
ATTACHMENTS = Machine(
    subject_table="attachments_attachment",
    history_table="attachments_attachment_transition",
    start=frozenset(map(str, ATTACHMENT_START)),
    pairs={str(state): frozenset(map(str, after)) for state, after in ATTACHMENT_PAIRS.items()},
)

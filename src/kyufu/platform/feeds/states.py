"""The states of a point on a worklist: open until someone resolves it or dismisses it, with a reason."""

from __future__ import annotations

from kyufu.platform.transitions import Machine

OPEN, RESOLVED, DISMISSED = "open", "resolved", "dismissed"
# A point closed by mistake is opened again; both steps stay on record.
PAIRS = {
    OPEN: frozenset((RESOLVED, DISMISSED)),
    RESOLVED: frozenset((OPEN,)),
    DISMISSED: frozenset((OPEN,)),
}


def worklist_machine(table: str) -> Machine:
    """The machine of a worklist table, with its history in `<table>_transition`."""
    return Machine(table, f"{table}_transition", frozenset((OPEN,)), PAIRS)


WORKLIST = worklist_machine("platform_rejected_row")

"""The door of this module: the changes of parameters in force, proposed and confirmed, and their estimates."""

from kyufu.ordinance.changes import (
    PROPOSAL,
    ChangeRow,
    ChangeSet,
    EstimateSeen,
    Line,
    confirmed_overlay,
    find_change_set,
    history_of,
    latest_estimate,
    open_change_sets,
    present_entries,
)
from kyufu.ordinance.operations.changes import confirm_change, propose_change
from kyufu.ordinance.operations.estimates import (
    Found,
    begin_estimate,
    check_estimable,
    end_estimate,
    fail_estimate,
)
from kyufu.ordinance.wishes import BadWish, Place, Wish, changeable_places

__all__ = [
    "PROPOSAL",
    "BadWish",
    "ChangeRow",
    "ChangeSet",
    "EstimateSeen",
    "Found",
    "Line",
    "Place",
    "Wish",
    "begin_estimate",
    "changeable_places",
    "check_estimable",
    "confirm_change",
    "confirmed_overlay",
    "end_estimate",
    "fail_estimate",
    "find_change_set",
    "history_of",
    "latest_estimate",
    "open_change_sets",
    "present_entries",
    "propose_change",
]

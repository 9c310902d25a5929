"""How the vault stands: counts, keys, inbox, worklist; no number and no person."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from kyufu.mynumber import database as db
from kyufu.mynumber.states import ConflictKind


class KeyStatus(NamedTuple):
    """A key: what for, in which state, since when it exists."""

    number: int
    purpose: str
    state: str
    made_at: datetime


class VaultStatus(NamedTuple):
    """Persons, retired (merged) unified numbers, numbers in force and former, letters waiting, open points by kind."""

    persons: int
    retired: int
    numbers: int
    former_numbers: int
    letters: int
    conflicts: dict[ConflictKind, int]
    keys: tuple[KeyStatus, ...]


def vault_status() -> VaultStatus:
    """Count what the vault holds; raises Refused where there is no vault."""
    with db.in_vault():
        persons, retired = db.rows(
            "SELECT count(*), count(*) FILTER (WHERE root_id <> id) FROM mynumber_person"
        )[0]
        numbers, former = db.rows(
            "SELECT count(*) FILTER (WHERE upper_inf(recorded)), count(*) FILTER (WHERE NOT upper_inf(recorded)) "
            "FROM mynumber_number"
        )[0]
        letters = db.rows("SELECT count(*) FROM mynumber_inbox")[0][0]
        open_points = db.rows(
            "SELECT kind, count(*) FROM mynumber_conflict WHERE state = 'open' GROUP BY kind ORDER BY kind"
        )
        keys = db.rows("SELECT id, purpose, state, made_at FROM mynumber_key ORDER BY id")
    return VaultStatus(
        persons, retired, numbers, former, letters,
        {ConflictKind(kind): count for kind, count in open_points},
        tuple(KeyStatus(*row) for row in keys),
    )  # fmt: skip

"""The vault's limits: dated values of limits.toml, each with source and certainty, and the count of searches."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any

from kyufu.mynumber import database as db
from kyufu.platform.clock import JAPAN
from kyufu.platform.errors import Refused

_KEEP = timedelta(days=2)


class TooManySearches(Refused):
    """The actor has searched by individual number as often as is allowed; try again later."""


@cache
def _entries() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(resources.files(__package__).joinpath("limits.toml").read_text(encoding="utf-8"))


def limit(name: str, *, on: date) -> int:
    """The value of a limit on a day; raises LookupError where none is in force."""
    in_force = [entry for entry in _entries()[name] if entry["from"] <= on]
    if not in_force:
        raise LookupError(f"{name}: no value on {on}")
    return int(max(in_force, key=lambda entry: entry["from"])["value"])


def count_search(*, actor_id: str, at: datetime) -> None:
    """Count a search by individual number, or an entry that tells as much; raises TooManySearches beyond the limits.

    Runs in a transaction of its own, so that a search that fails afterwards counts all the same.
    """
    on = at.astimezone(JAPAN).date()
    with db.in_vault():
        db.lock(f"searches/{actor_id}")
        minute, day = db.rows(
            "SELECT count(*) FILTER (WHERE at > %s), count(*) FROM mynumber_lookup WHERE actor_id = %s AND at > %s",
            at - timedelta(minutes=1), actor_id, at - timedelta(days=1),
        )[0]  # fmt: skip
        if minute >= limit("searches_a_minute", on=on) or day >= limit("searches_a_day", on=on):
            raise TooManySearches(
                "個人番号の検索・登録・変更の回数が上限に達しました。",
                remedy="時間をおいてください。業務に必要なときは、所属長を通じてシステムの担当へ連絡してください。",
            )
        db.change("INSERT INTO mynumber_lookup (actor_id, at) VALUES (%s, %s)", actor_id, at)
        db.change("DELETE FROM mynumber_lookup WHERE actor_id = %s AND at < %s", actor_id, at - _KEEP)

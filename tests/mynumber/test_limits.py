"""The limits of searches: dated, sourced values, counted by actor over a minute and a day, whatever comes of it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError

from kyufu.audit.api import acting
from kyufu.mynumber import api as mynumber
from kyufu.mynumber import counter, limits
from kyufu.mynumber.limits import TooManySearches, count_search, limit
from kyufu.platform.access import Opening
from tests.mynumber.people import AT, access, look, pair, secret, send

DATABASES = pytest.mark.django_db(transaction=True, databases=["default", "vault"])
ENTRIES: Mapping[str, list[dict[str, Any]]] = tomllib.loads(
    resources.files("kyufu.mynumber").joinpath("limits.toml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", sorted(ENTRIES))
def test_every_value_says_since_when_from_where_and_how_sure(name: str) -> None:
    for entry in ENTRIES[name]:
        assert set(entry) == {"from", "value", "certainty", "source"}
        assert isinstance(entry["from"], date)
        assert entry["value"] > 0
        assert entry["certainty"] in ("official", "secondary", "assumed")
        assert entry["source"].strip()
    assert len({entry["from"] for entry in ENTRIES[name]}) == len(ENTRIES[name])


def test_the_value_in_force_on_the_day_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {"searches": [{"from": date(2026, 1, 1), "value": 3}, {"from": date(2026, 7, 1), "value": 5}]}
    monkeypatch.setattr(limits, "_entries", lambda: values)
    days = {date(2026, 1, 1): 3, date(2026, 6, 30): 3, date(2026, 7, 1): 5, date(2030, 1, 1): 5}
    assert {day: limit("searches", on=day) for day in days} == days
    with pytest.raises(LookupError):
        limit("searches", on=date(2025, 12, 31))


@pytest.fixture
def low(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two searches a minute, four a day."""
    values = {
        name: [{"from": date(2026, 1, 1), "value": value}]
        for name, value in (("searches_a_minute", 2), ("searches_a_day", 4))
    }
    monkeypatch.setattr(limits, "_entries", lambda: values)


def search_at(second: float, *, who: str = "1001") -> None:
    """Count a search at so many seconds."""
    count_search(actor_id=who, at=AT + timedelta(seconds=second))


@DATABASES
def test_a_minute_is_any_sixty_seconds(vault: Path, low: None) -> None:
    search_at(0)
    search_at(59)
    with pytest.raises(TooManySearches):
        search_at(59.5)
    search_at(60)
    with pytest.raises(TooManySearches):
        search_at(61)


@DATABASES
def test_a_day_is_any_twenty_four_hours(vault: Path, low: None) -> None:
    for hour in range(4):
        search_at(hour * 3_600)
    with pytest.raises(TooManySearches, match="上限"):
        search_at(20 * 3_600)
    search_at(24 * 3_600 + 1)
    with pytest.raises(TooManySearches):
        search_at(24 * 3_600 + 2)


@DATABASES
def test_each_actor_has_limits_of_their_own(vault: Path, low: None) -> None:
    for who in ("1001", "1002"):
        search_at(0, who=who)
        search_at(1, who=who)
        with pytest.raises(TooManySearches):
            search_at(2, who=who)


@DATABASES
def test_a_refused_search_does_not_count(vault: Path, low: None) -> None:
    search_at(0)
    search_at(1)
    for second in range(2, 10):
        with pytest.raises(TooManySearches):
            search_at(second)
    search_at(61)


@DATABASES
def test_a_search_that_fails_counts_all_the_same(
    vault: Path, low: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> bytes:
        raise DatabaseError

    monkeypatch.setattr(counter, "_blind", fail)
    with acting(access(Opening.NUMBER_SEARCH)):
        for _ in range(2):
            with pytest.raises(DatabaseError):
                mynumber.search_by_number(secret(1), at=AT)
        with pytest.raises(TooManySearches):
            mynumber.search_by_number(secret(1), at=AT)


@DATABASES
def test_counts_of_past_days_do_not_pile_up(vault: Path, low: None) -> None:
    for day in range(6):
        search_at(day * 86_400)
    assert look("SELECT count(*) FROM mynumber_lookup")[0][0] <= 3


@DATABASES
def test_what_is_counted_holds_neither_number_nor_person(vault: Path) -> None:
    send(pair(1))
    with acting(access(Opening.NUMBER_SEARCH)):
        mynumber.search_by_number(secret(1), at=AT)
    ((_, actor, at),) = look("SELECT * FROM mynumber_lookup")
    assert (actor, at) == ("1001", AT)
    assert isinstance(at, datetime)

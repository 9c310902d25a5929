"""The counters of sign-in in the database: what is in force stays, however much else is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache, caches
from django.core.cache.backends.base import InvalidCacheBackendError
from django.db import connection

from kyufu.platform import clock
from tests.web.conftest import SignedIn

pytestmark = pytest.mark.django_db
THOUSANDS = 20_000


def fill(*, expires: timedelta) -> None:
    """Put thousands of other entries beside."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO web_cache SELECT 'other ' || n, '', %s FROM generate_series(1, %s) n",
            [clock.current_instant() + expires, THOUSANDS],
        )


def entries() -> int:
    """How many entries there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM web_cache")
        return int(cursor.fetchone()[0])


def test_a_used_code_stays_refused_after_thousands_of_other_entries(newcomer: SignedIn) -> None:
    person = newcomer().begin()
    person.sign_out()
    person.give_password()
    used = person.code()
    assert person.give_code(used).status_code == 302
    person.sign_out()
    fill(expires=timedelta(hours=1))
    for number in range(3):
        cache.set(f"another-{number}", 1, timeout=60)
    person.give_password()
    assert person.give_code(used).status_code == 200
    assert person.get("/").status_code == 302


def test_counters_of_attempts_stay(db: None) -> None:
    cache.set("attempts", 29, timeout=60)
    fill(expires=timedelta(hours=1))
    cache.set("another", 1, timeout=60)
    assert cache.incr("attempts") == 30
    assert entries() == THOUSANDS + 2


def test_what_is_over_makes_room(db: None) -> None:
    fill(expires=-timedelta(seconds=5))
    cache.set("one", 1, timeout=60)
    assert entries() == 1


def test_there_is_one_cache_for_all_counters() -> None:
    assert type(caches["default"]).__name__ == "LosslessCache"
    with pytest.raises(InvalidCacheBackendError):
        caches["other"]

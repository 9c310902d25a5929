"""`kyufu staff lapse` clears what sign-ins have left behind, and touches none that goes on."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from kyufu.cli.main import main
from kyufu.platform import clock
from kyufu.web.sessions import SessionStore, clear_expired_rows
from tests.cli.test_staff import SETTER, Capture
from tests.staff.town import rows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def tables_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test database has its tables, in a schema of another name than the settings'."""
    monkeypatch.setattr("kyufu.platform.schema.ensure_tables", lambda: None)


def session(*, ends: datetime) -> str:
    """A browser session that ends at an instant; its key."""
    store = SessionStore()
    store["what"] = "試験"
    store.set_expiry(ends)
    store.save()
    return str(store.session_key)


def lapse(capsys: Capture) -> str:
    """What the daily job says."""
    assert main(["staff", "lapse", *SETTER]) == 0
    return capsys.readouterr().out


def is_open(key: str) -> bool:
    return "what" in SessionStore(key).load()


def keys_of_cache() -> list[str]:
    return [row[0] for row in rows("SELECT cache_key FROM web_cache ORDER BY cache_key")]


def test_ended_sessions_and_old_counters_go_and_the_others_stay(capsys: Capture) -> None:
    now = clock.current_instant()
    cache.clear()
    gone, stays = session(ends=now - timedelta(minutes=1)), session(ends=now + timedelta(hours=1))
    cache.set("old", 3, timeout=600)
    cache.set("new", 5, timeout=600)
    rows("UPDATE web_cache SET expires = now() - interval '1 minute' WHERE cache_key LIKE '%old'")
    said = lapse(capsys)
    assert "期限切れのサインインの印 1、期限切れの試行回数 1" in said
    assert not is_open(gone)
    assert is_open(stays)
    assert rows("SELECT count(*) FROM django_session") == [(1,)]
    assert len(keys_of_cache()) == 1
    assert cache.get("new") == 5


def test_a_second_run_finds_nothing(capsys: Capture) -> None:
    session(ends=clock.current_instant() - timedelta(minutes=1))
    lapse(capsys)
    assert "期限切れのサインインの印 0、期限切れの試行回数 0" in lapse(capsys)


def test_the_instant_decides(capsys: Capture) -> None:
    ends = clock.current_instant() + timedelta(hours=1)
    session(ends=ends)
    assert clear_expired_rows(at=ends)["期限切れのサインインの印"] == 0
    after = ends + timedelta(seconds=1)
    assert clear_expired_rows(at=after)["期限切れのサインインの印"] == 1


def test_the_ordinary_account_may_clear_them(ordinary_role: object) -> None:
    """The daily job runs by the account of the application, which owns no table."""
    import psycopg

    assert isinstance(ordinary_role, psycopg.Connection)
    for statement in ("DELETE FROM django_session WHERE false", "DELETE FROM web_cache WHERE false"):
        ordinary_role.execute(statement)


def test_a_browser_at_work_is_not_signed_out(capsys: Capture) -> None:
    browser = Client()
    store = browser.session
    store["what"] = "試験"
    store.save()
    lapse(capsys)
    assert browser.session["what"] == "試験"


def test_old_drafts_are_cleared_and_counted(capsys: Capture) -> None:
    assert "期限切れの下書き 0" in lapse(capsys)

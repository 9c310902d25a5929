"""The individual number goes to the seam of the vault, for rows that land, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from kyufu.mynumber import api as mynumber
from kyufu.platform.errors import Refused
from kyufu.platform.feeds.intake import receive_feed
from kyufu.registry import vault_seam
from kyufu.registry.api import addressee_ids
from kyufu.registry.feeds.residents import resident_feed
from kyufu.registry.vault_seam import NoVault, SealedInbox, hand_over, present_vault
from tests.mynumber.conftest import vault as vault
from tests.mynumber.people import addressee, drain, look
from tests.platform.feed_files import MUNICIPALITY, write_feed
from tests.registry.persons import Register, addressee_no, my_number, resident, take_in


class Box:
    """A vault that keeps what it is given."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, str]] = []

    def receive(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Keep the pairs."""
        self.kept.extend(pairs)


def test_the_vault_receives_the_numbers_of_the_rows_that_land(register: Register) -> None:
    box = Box()
    feed = replace(resident_feed(), receive_numbers=box.receive)
    rows = [
        resident(1, shimei='引用 "符", 付き'),
        resident(2, shimei="長" * 101),
        resident(3, seinengappi="2030-01-01"),
        resident(4, kojinbango=""),
        resident(5, kojinbango=my_number(1)),
        resident(6),
    ]
    path = write_feed(register.folder, layout=feed.layout, rows=rows)
    result = receive_feed(path, feeds={"resident": feed}, municipality=MUNICIPALITY)
    assert (result.landed, result.rejected) == (3, 3)
    assert box.kept == [(addressee_no(1), my_number(1)), (addressee_no(6), my_number(6))]


def test_a_vault_that_fails_undoes_the_import(register: Register) -> None:
    def fail(_: Iterable[tuple[str, str]]) -> None:
        raise Refused("金庫が閉じています。")

    feed = replace(resident_feed(), receive_numbers=fail)
    path = write_feed(register.folder, layout=feed.layout, rows=[resident(1)])
    with pytest.raises(Refused, match="金庫"):
        receive_feed(path, feeds={"resident": feed}, municipality=MUNICIPALITY)
    assert addressee_ids([addressee_no(1)]) == {}
    assert take_in(path).landed == 1


def untouchable() -> Iterable[tuple[str, str]]:
    """Pairs that nobody may read."""
    raise AssertionError("read")
    yield ("", "")


def test_without_a_vault_the_numbers_are_not_even_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        settings, "DATABASES", {name: found for name, found in settings.DATABASES.items() if name != "vault"}
    )
    assert isinstance(present_vault(), NoVault)
    hand_over(untouchable())
    with pytest.raises(Refused, match="金庫が設定されていない"):
        mynumber.vault_status()


@pytest.mark.django_db
def test_a_vault_that_was_never_opened_is_none() -> None:
    assert isinstance(present_vault(), NoVault)
    vault_seam.hand_over(untouchable())


@pytest.mark.requirement("KWS-031")
@pytest.mark.django_db(transaction=True, databases=["default", "vault"])
def test_the_numbers_of_a_feed_are_registered_and_stay_out_of_the_registry(
    vault: Path, tmp_path: Path
) -> None:
    assert isinstance(present_vault(), SealedInbox)
    assert Register(tmp_path).send([resident(1), resident(2), resident(3, kojinbango="")]).landed == 3
    assert look("SELECT count(*) FROM mynumber_inbox") == [(1,)]
    result = drain()
    assert (result.pairs, result.new_persons, result.conflicts) == (2, 2, 0)
    assert len(mynumber.translate(link=addressee(1), business=mynumber.UNIFIED)) == 1
    assert mynumber.translate(link=addressee(3), business=mynumber.UNIFIED) == ()
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{my_number(1)}%"])
            assert cursor.fetchone() == (0,), table


@pytest.mark.django_db(transaction=True, databases=["default", "vault"])
def test_a_feed_that_fails_sends_nothing(vault: Path, tmp_path: Path) -> None:
    register = Register(tmp_path)
    feed = resident_feed()

    def fail_after(pairs: Iterable[tuple[str, str]]) -> None:
        hand_over(pairs)
        raise Refused("あとの処理が失敗しました。")

    path = write_feed(register.folder, layout=feed.layout, rows=[resident(1)])
    broken = replace(feed, receive_numbers=fail_after)
    with pytest.raises(Refused):
        receive_feed(path, feeds={"resident": broken}, municipality=MUNICIPALITY)
    assert drain().letters == 0

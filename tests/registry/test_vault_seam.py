"""The individual number goes to the seam of the vault, for rows that land, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from kyufu.platform.errors import Refused
from kyufu.platform.feeds.intake import receive_feed
from kyufu.registry.api import addressee_ids
from kyufu.registry.feeds.residents import resident_feed
from kyufu.registry.vault_seam import VAULT, NoVault
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


def test_without_a_vault_the_numbers_are_not_even_read() -> None:
    def untouchable() -> Iterable[tuple[str, str]]:
        raise AssertionError("read")
        yield ("", "")

    assert isinstance(VAULT, NoVault)
    VAULT.receive(untouchable())

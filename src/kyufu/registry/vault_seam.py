"""The seam of the vault (個人番号の金庫): where individual numbers of a feed are handed over, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol


class Vault(Protocol):
    """Keeps individual numbers apart from everything else, encrypted, under a right of its own."""

    def receive(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Take in pairs of addressee number and individual number within the caller's transaction."""


class NoVault:
    """The vault while there is none: it keeps nothing and does not even read what it is offered.

    The vault is a module of its own (mynumber) that comes later. Until then an individual number is checked when a
    feed comes in and then forgotten; once the vault is there, the numbers come with the next full feed.
    """

    def receive(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Let the numbers go."""


VAULT: Vault = NoVault()

"""The seam of the vault (個人番号の金庫): where individual numbers of a feed are handed over, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from kyufu.mynumber import api as mynumber
from kyufu.platform.actors import Actor


class Vault(Protocol):
    """Keeps individual numbers apart from everything else, encrypted, under a right of its own."""

    def receive(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Take in pairs of addressee number and individual number within the caller's transaction."""

    def follow_merge(self, *, source: str, target: str, by: Actor, reason: str) -> None:
        """Hear within the caller's transaction that an addressee number was merged into another."""

    def follow_split(self, *, source: str, by: Actor, reason: str) -> None:
        """Hear within the caller's transaction that a merge was undone."""


class NoVault:
    """The vault where there is none: it keeps nothing and does not even read what it is offered.

    An individual number is checked when a feed comes in and then forgotten; once a vault was opened (`kyufu vault
    init`), the numbers come with the next full feed.
    """

    def receive(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Let the numbers go."""

    def follow_merge(self, *, source: str, target: str, by: Actor, reason: str) -> None:
        """Nobody is known under two numbers here."""

    def follow_split(self, *, source: str, by: Actor, reason: str) -> None:
        """Nobody was joined here."""


class SealedInbox:
    """The vault behind its inbox: what it is told is sealed and posted in the caller's transaction."""

    def receive(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Post the numbers; they are registered when the inbox is opened."""
        mynumber.post_numbers(pairs)

    def follow_merge(self, *, source: str, target: str, by: Actor, reason: str) -> None:
        """Post the merge."""
        mynumber.post_merge(source=source, target=target, by=by, reason=reason)

    def follow_split(self, *, source: str, by: Actor, reason: str) -> None:
        """Post that the merge was undone."""
        mynumber.post_split(source=source, by=by, reason=reason)


def present_vault() -> Vault:
    """The vault as it is now: behind its inbox once it was opened, none before."""
    return SealedInbox() if mynumber.can_post() else NoVault()


def hand_over(pairs: Iterable[tuple[str, str]]) -> None:
    """Give the individual numbers of a feed to the vault within the feed's transaction."""
    present_vault().receive(pairs)

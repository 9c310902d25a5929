"""In which order documents are printed, and where files are cut: as the mail room puts them into envelopes (pure).

By ward, then envelope, postal code, household and addressee, so that those of one ward and one envelope lie together
for the post's discount. Who is sheltered (支援措置) is in a group of their own: the ward would tell where they live.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kyufu.documents.jobs import Item

# In the place of a ward: letters that the head office handles one by one.
INDIVIDUAL = "individual"
INDIVIDUAL_NAME = "本庁（個別扱い）"


class Place(NamedTuple):
    """Where a content lies in the spool: its first byte and its length."""

    start: int
    length: int


class Placed(NamedTuple):
    """A document that is printed, without its content: what its place in the order and the ledger need.

    `ward` is a ward's code or INDIVIDUAL; `envelope` a place among the envelopes in use; `digest` of its content.
    """

    item: Item
    number: str
    ward: str
    envelope: int
    pages: int
    postal_code: str
    household: str
    digest: str
    place: Place


class Part(NamedTuple):
    """What goes into one file: documents of one ward and envelope, numbered through from `first` within the run."""

    sequence: int
    ward: str
    envelope: int
    first: int
    documents: tuple[Placed, ...]

    @property
    def last(self) -> int:
        """The running number of the last document."""
        return self.first + len(self.documents) - 1

    @property
    def pages(self) -> int:
        """The pages of all documents."""
        return sum(one.pages for one in self.documents)


def in_order(documents: Iterable[Placed]) -> list[Placed]:
    """The documents as they are put into envelopes; those without a postal code are the last of their group."""
    return sorted(documents, key=_place_in_order)


def cut(ordered: Sequence[Placed], *, most_pages: int) -> Iterator[Part]:
    """Cut into files where ward or envelope change and before a file has more than `most_pages` pages.

    A document is never cut: one that is longer by itself lies in a file of its own.
    """
    sequence, first = 0, 0
    while first < len(ordered):
        end = _end_of_file(ordered, start=first, most_pages=most_pages)
        sequence += 1
        yield Part(
            sequence, ordered[first].ward, ordered[first].envelope, first + 1, tuple(ordered[first:end])
        )
        first = end


def _end_of_file(ordered: Sequence[Placed], *, start: int, most_pages: int) -> int:
    pages, end = ordered[start].pages, start + 1
    while end < len(ordered) and _group(ordered[end]) == _group(ordered[start]):
        pages += ordered[end].pages
        if pages > most_pages:
            break
        end += 1
    return end


def _group(document: Placed) -> tuple[str, int]:
    return document.ward, document.envelope


def _place_in_order(one: Placed) -> tuple[bool, str, int, bool, str, str, int, int]:
    return (
        one.ward == INDIVIDUAL,
        one.ward,
        one.envelope,
        one.postal_code == "",
        one.postal_code,
        one.household,
        one.item.guardian_id,
        one.item.subject_id,
    )

"""How a module notes its reads: the query stays silent, and the public face of it notes whose data it gave.

Only what crosses the border of a module is noted, so that a query that asks another one notes nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from kyufu.audit.recording import note_read
from kyufu.platform.access import current_access

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")
Row = TypeVar("Row")
P = ParamSpec("P")

STREAMED = 2_000
_WHOLE: ContextVar[str] = ContextVar("kyufu_read_as", default="")


@contextmanager
def reading_as(document: str) -> Iterator[None]:
    """What the faces note within is noted as this one document or step (Japanese), not item by item.

    A printed certificate is one read of the persons on it, though it takes their names, addresses and decisions.
    """
    token = _WHOLE.set(document)
    try:
        yield
    finally:
        _WHOLE.reset(token)


def the_same(ids: Collection[int]) -> Collection[int]:
    """The persons asked about, where they are asked about by their addressee ids."""
    return ids


def notes_asked(
    query: Callable[Concatenate[Asked, P], Answer],
    *,
    what: str,
    whose: Callable[[Asked], Iterable[int]],
) -> Callable[Concatenate[Asked, P], Answer]:
    """The face of a query that notes the persons its first argument asks about, known or not.

    That nothing is known of a person is knowledge about the person too. Raises NoAccess before anything is read.
    """

    @wraps(query)
    def face(asked: Asked, /, *rest: P.args, **named: P.kwargs) -> Answer:
        current_access()
        _note(whose(asked), what=what)
        return query(asked, *rest, **named)

    return face


def notes_found(
    query: Callable[P, Answer], *, what: str, whose: Callable[[Answer], Iterable[int]]
) -> Callable[P, Answer]:
    """The face of a query that notes the persons in its answer."""

    @wraps(query)
    def face(*rest: P.args, **named: P.kwargs) -> Answer:
        current_access()
        answer = query(*rest, **named)
        _note(whose(answer), what=what)
        return answer

    return face


def notes_streamed(
    query: Callable[P, Iterator[Row]], *, what: str, whose: Callable[[Row], Iterable[int]]
) -> Callable[P, Iterator[Row]]:
    """The same for a query that gives a city row by row: noted some thousand rows at a time, before they go out."""

    @wraps(query)
    def face(*rest: P.args, **named: P.kwargs) -> Iterator[Row]:
        current_access()
        return _noted_in_blocks(query(*rest, **named), what=what, whose=whose)

    return face


def _noted_in_blocks(
    rows: Iterator[Row], *, what: str, whose: Callable[[Row], Iterable[int]]
) -> Iterator[Row]:
    block: list[Row] = []
    for row in rows:
        block.append(row)
        if len(block) == STREAMED:
            _note({one for held in block for one in whose(held)}, what=what)
            yield from block
            block = []
    if block:
        _note({one for held in block for one in whose(held)}, what=what)
        yield from block


def _note(subjects: Iterable[int], *, what: str) -> None:
    """Note the items, or the document that they are read for."""
    note_read(subjects, what=_WHOLE.get() or what)

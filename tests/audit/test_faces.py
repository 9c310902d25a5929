"""The faces of queries: whose data they gave is noted once a call, before anything leaves the module."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pytest

from kyufu.audit import faces
from kyufu.audit.api import notes_asked, notes_found, notes_streamed, reading_as, the_same
from kyufu.audit.reading import READING
from kyufu.platform.access import ACCESS, NoAccess


def noted() -> dict[str, set[int]]:
    """What the test read so far."""
    reading = READING.get()
    assert reading is not None
    return {what: set(subjects) for what, subjects in reading.noted.items()}


def names(ids: Collection[int], *, on: str = "") -> dict[int, str]:
    """Names of persons."""
    return {one: f"見本{one}{on}" for one in ids if one < 10}


def search(text: str) -> list[int]:
    """Persons found."""
    return [1, 2] if text else []


def stream(count: int) -> Iterator[int]:
    """Persons one by one."""
    yield from range(count)


def test_those_asked_about_are_noted_known_or_not() -> None:
    face = notes_asked(names, what="氏名", whose=the_same)
    assert face([3, 99], on="と") == {3: "見本3と"}
    assert noted() == {"氏名": {3, 99}}


def test_those_found_are_noted_and_a_search_without_a_hit_too() -> None:
    face = notes_found(search, what="検索", whose=the_same)
    assert face("") == []
    assert noted() == {"検索": set()}
    assert face("見本") == [1, 2]
    assert noted() == {"検索": {1, 2}}


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5])
def test_a_stream_is_noted_before_its_rows_go_out(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faces, "STREAMED", 2)
    face = notes_streamed(stream, what="一覧", whose=lambda one: (one,))
    for row in face(count):
        assert row in noted()["一覧"]
    assert noted() == ({"一覧": set(range(count))} if count else {})


def test_a_stream_that_is_left_early_has_noted_what_went_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faces, "STREAMED", 2)
    rows = notes_streamed(stream, what="一覧", whose=lambda one: (one,))(100)
    assert [next(rows), next(rows), next(rows)] == [0, 1, 2]
    assert noted() == {"一覧": {0, 1, 2, 3}}


def test_what_is_read_for_a_document_is_noted_as_the_document() -> None:
    by_name = notes_asked(names, what="氏名", whose=the_same)
    found = notes_found(search, what="検索", whose=the_same)
    with reading_as("医療証の印刷"):
        by_name([1])
        found("見本")
        with reading_as("別の帳票"):
            by_name([5])
        by_name([6])
    by_name([7])
    assert noted() == {"医療証の印刷": {1, 2, 6}, "別の帳票": {5}, "氏名": {7}}


def test_a_document_that_fails_leaves_nothing_behind() -> None:
    with pytest.raises(RuntimeError), reading_as("医療証の印刷"):
        raise RuntimeError
    notes_asked(names, what="氏名", whose=the_same)([1])
    assert noted() == {"氏名": {1}}


@pytest.mark.parametrize(
    "face",
    [
        lambda: notes_asked(names, what="氏名", whose=the_same)([1]),
        lambda: notes_found(search, what="検索", whose=the_same)("見本"),
        lambda: notes_streamed(stream, what="一覧", whose=lambda one: (one,))(1),
    ],
)
def test_nobody_reads_nothing_before_the_query_is_even_asked(
    face: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = ACCESS.set(None)
    try:
        with pytest.raises(NoAccess):
            face()  # type: ignore[operator]
    finally:
        ACCESS.reset(token)
    assert noted() == {}


def test_a_face_keeps_the_name_and_the_words_of_its_query() -> None:
    face = notes_asked(names, what="氏名", whose=the_same)
    assert (face.__name__, face.__doc__) == ("names", "Names of persons.")

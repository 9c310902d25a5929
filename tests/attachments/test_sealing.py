"""A sealed content opens in its own place with its own key, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.attachments.sealing import Place, Sealed, Unreadable, digest, seal, unseal

SECRET, OTHER = bytes(32), bytes([1] * 32)
CONTENT = "課税証明書の中身".encode()
HERE = Place(7, 11, digest(CONTENT))


@settings(max_examples=60, deadline=None)
@given(
    content=st.binary(max_size=2000),
    secret=st.binary(min_size=32, max_size=32),
    attachment=st.integers(1, 2**62),
    application=st.integers(1, 2**62),
)
def test_what_was_sealed_opens_again(
    content: bytes, secret: bytes, attachment: int, application: int
) -> None:
    place = Place(attachment, application, digest(content))
    assert unseal(seal(content, secret=secret, place=place), secret=secret, place=place) == content


def test_nothing_of_the_content_is_seen_and_no_two_are_alike() -> None:
    first, second = (seal(CONTENT * 40, secret=SECRET, place=HERE) for _ in range(2))
    assert CONTENT not in first.content
    assert first.content != second.content
    assert first.wrapped_key != second.wrapped_key


@pytest.mark.parametrize(
    "place",
    [HERE._replace(attachment_id=8), HERE._replace(application_id=12), HERE._replace(sha256="0" * 64)],
)
def test_another_place_does_not_open_it(place: Place) -> None:
    with pytest.raises(Unreadable):
        unseal(seal(CONTENT, secret=SECRET, place=HERE), secret=SECRET, place=place)


def test_another_secret_does_not_open_it() -> None:
    with pytest.raises(Unreadable):
        unseal(seal(CONTENT, secret=SECRET, place=HERE), secret=OTHER, place=HERE)


def test_a_key_of_another_file_does_not_open_it() -> None:
    mine, theirs = (seal(CONTENT, secret=SECRET, place=HERE) for _ in range(2))
    with pytest.raises(Unreadable):
        unseal(Sealed(theirs.wrapped_key, mine.content), secret=SECRET, place=HERE)


@settings(max_examples=80, deadline=None)
@given(at=st.integers(0, 10_000), bit=st.integers(0, 7), of_key=st.booleans())
def test_a_changed_bit_is_noticed(at: int, bit: int, of_key: bool) -> None:
    sealed = seal(CONTENT, secret=SECRET, place=HERE)
    part = bytearray(sealed.wrapped_key if of_key else sealed.content)
    part[at % len(part)] ^= 1 << bit
    altered = sealed._replace(**{"wrapped_key" if of_key else "content": bytes(part)})
    with pytest.raises(Unreadable):
        unseal(altered, secret=SECRET, place=HERE)


@pytest.mark.parametrize("length", [0, 5, 12, 27])
def test_a_cut_off_content_is_noticed(length: int) -> None:
    sealed = seal(CONTENT, secret=SECRET, place=HERE)
    with pytest.raises(Unreadable):
        unseal(sealed._replace(content=sealed.content[:length]), secret=SECRET, place=HERE)


def test_a_content_with_a_forged_hash_is_noticed() -> None:
    forged = HERE._replace(sha256="a" * 64)
    with pytest.raises(Unreadable):
        unseal(seal(CONTENT, secret=SECRET, place=forged), secret=SECRET, place=forged)

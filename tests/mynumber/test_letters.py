"""Letters to the vault: damaged in any part, for another receiver or number, or of another make: unreadable."""

from __future__ import annotations

from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.mynumber.crypto import Unreadable, new_key, public_half, seal_letter
from kyufu.mynumber.letters import Letter, Merge, Numbers, Split, read_letter
from kyufu.platform.actors import Actor
from tests.registry.persons import addressee_no, my_number

PRIVATE, OTHER = new_key(), new_key()
BATCH = UUID(int=77)
WHO = Actor("1001", "見本 一子", "鶴見区保険年金課")
# Where the parts of a sealed letter begin: the ephemeral public key, the ciphertext, and the tag at the end.
KEY_BYTES, TAG_BYTES = 32, 16

NUMBERS = st.lists(st.integers(1, 10**6), max_size=5).map(
    lambda persons: Numbers(tuple((addressee_no(one), my_number(one)) for one in persons))
)
TEXT = st.text(max_size=30)
ADDRESSEES = st.integers(1, 10**6).map(addressee_no)
LETTERS = st.one_of(
    NUMBERS,
    st.builds(Merge, source=ADDRESSEES, target=ADDRESSEES, by=st.just(WHO), reason=TEXT),
    st.builds(Split, source=ADDRESSEES, by=st.just(WHO), reason=TEXT),
)


def sealed(letter: Letter, *, batch: UUID = BATCH) -> bytes:
    """The letter as it lies in the inbox."""
    return seal_letter(msgspec.json.encode(letter), public=public_half(PRIVATE), context=str(batch))


def is_unreadable(content: bytes, *, private: bytes = PRIVATE, batch: UUID = BATCH) -> bool:
    """Is it refused as unreadable, and in no other way?"""
    try:
        read_letter(content, private=private, batch=batch)
    except Unreadable:
        return True
    return False


@given(LETTERS)
def test_what_was_posted_is_what_is_read(letter: Letter) -> None:
    found = read_letter(sealed(letter), private=PRIVATE, batch=BATCH)
    assert found == letter
    assert type(found) is type(letter)


@given(LETTERS, st.uuids())
def test_it_opens_for_its_receiver_under_its_own_number_alone(letter: Letter, batch: UUID) -> None:
    content = sealed(letter)
    assert is_unreadable(content, private=OTHER)
    assert is_unreadable(content, batch=batch) is (batch != BATCH)


@settings(max_examples=60)
@given(st.data(), st.sampled_from(["key", "body", "tag"]), st.integers(0, 7))
def test_one_bit_anywhere_is_noticed(data: st.DataObject, part: str, bit: int) -> None:
    content = bytearray(sealed(Numbers(((addressee_no(1), my_number(1)),))))
    ranges = {
        "key": (0, KEY_BYTES - 1),
        "body": (KEY_BYTES, len(content) - TAG_BYTES - 1),
        "tag": (len(content) - TAG_BYTES, len(content) - 1),
    }
    place = data.draw(st.integers(*ranges[part]))
    content[place] ^= 1 << bit
    # The highest bit of an X25519 public key is masked by the standard (RFC 7748), but bound by the key schedule.
    assert is_unreadable(bytes(content))


@pytest.mark.parametrize("length", [0, 1, KEY_BYTES - 1, KEY_BYTES, KEY_BYTES + 1, KEY_BYTES + TAG_BYTES - 1])
def test_a_letter_cut_short_at_any_part_is_unreadable(length: int) -> None:
    assert is_unreadable(sealed(Split(addressee_no(1), WHO, "誤り"))[:length])


@given(st.binary(min_size=1, max_size=40), st.booleans())
def test_what_is_added_in_front_or_behind_is_noticed(more: bytes, in_front: bool) -> None:
    content = sealed(Merge(addressee_no(1), addressee_no(2), WHO, "同一人"))
    assert is_unreadable(more + content if in_front else content + more)


def test_the_bodies_of_two_letters_are_not_interchangeable() -> None:
    one, other = (sealed(Numbers(((addressee_no(n), my_number(n)),))) for n in (1, 2))
    assert is_unreadable(one[:KEY_BYTES] + other[KEY_BYTES:])
    assert is_unreadable(one[:-TAG_BYTES] + other[-TAG_BYTES:])


def test_no_letter_is_sealed_the_same_way_twice() -> None:
    letter = Numbers(((addressee_no(1), my_number(1)),))
    assert len({sealed(letter) for _ in range(20)}) == 20


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_sealed_letter_holds_no_piece_of_the_number(number: int) -> None:
    content = sealed(Numbers(((addressee_no(number), my_number(number)),)))
    plain = my_number(number).encode()
    assert not [plain[i : i + 6] for i in range(7) if plain[i : i + 6] in content]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"null", b"[]", b"{}", b'{"type":"numbers"}', b'{"type":"other","pairs":[]}', b'{"pairs":[]}',
        b'{"type":"numbers","pairs":[["1"]]}', b'{"type":"numbers","pairs":[["1","2","3"]]}',
        b'{"type":"numbers","pairs":[[1,2]]}', b'{"type":"numbers","pairs":[["",""]]}',
        b'{"type":"numbers","pairs":[["1234567890123456","1"]]}', b'{"type":"numbers","pairs":{}}',
        b'{"type":"merge","source":"1","target":"2","reason":"x"}', b'{"type":"split","source":null}',
        b'{"type":"numbers","pairs":[]', b'\xff\xfe', b'{"type":"numbers","pairs":[["\xff","1"]]}',
    ],
)  # fmt: skip
def test_what_is_sealed_rightly_but_no_letter_of_ours_is_unreadable(content: bytes) -> None:
    assert is_unreadable(seal_letter(content, public=public_half(PRIVATE), context=str(BATCH)))


@given(st.binary(max_size=200))
def test_rubbish_under_the_right_seal_is_unreadable_too(content: bytes) -> None:
    try:
        msgspec.json.decode(content, type=Letter)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        assert is_unreadable(seal_letter(content, public=public_half(PRIVATE), context=str(BATCH)))


@given(NUMBERS)
def test_its_text_counts_and_shows_nobody(letter: Numbers) -> None:
    for text in (repr(letter), str(letter), f"{letter}"):
        assert text == f"Numbers({len(letter.pairs)})"


def test_a_letter_cannot_be_changed_after_it_was_written() -> None:
    letter = Merge(addressee_no(1), addressee_no(2), WHO, "同一人")
    with pytest.raises(AttributeError):
        letter.target = addressee_no(3)  # type: ignore[misc]


def test_unreadable_says_nothing_of_the_content() -> None:
    batch = uuid4()
    content = seal_letter(
        f'{{"type":"numbers","pairs":[["{my_number(1)}","{my_number(2)}","x"]]}}'.encode(),
        public=public_half(PRIVATE), context=str(batch),
    )  # fmt: skip
    with pytest.raises(Unreadable) as refusal:
        read_letter(content, private=PRIVATE, batch=batch)
    assert str(refusal.value) == ""
    assert refusal.value.__suppress_context__

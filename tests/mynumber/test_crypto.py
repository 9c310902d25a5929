"""Round trips and bindings of the vault's cryptography, and the unified number's check digit, for any input."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_10

from kyufu.mynumber.crypto import (
    Unreadable,
    blind_index,
    new_key,
    open_letter,
    public_half,
    row_context,
    seal,
    seal_letter,
    unseal,
)
from kyufu.mynumber.unified import UNIFIED_NUMBER, require_unified_number, unified_number
from kyufu.platform.errors import BadInput

KEY, OTHER = new_key(), new_key()
SERIALS = st.integers(0, 10**13 - 1)


@given(st.binary(max_size=200), st.binary(max_size=60))
def test_what_is_sealed_opens_with_its_key_in_its_place(plain: bytes, context: bytes) -> None:
    sealed = seal(plain, key=KEY, context=context)
    assert unseal(sealed, key=KEY, context=context) == plain
    assert sealed != seal(plain, key=KEY, context=context)
    for key, place in ((OTHER, context), (KEY, context + b"x")):
        with pytest.raises(Unreadable):
            unseal(sealed, key=key, context=place)


@given(st.binary(min_size=1, max_size=100), st.data())
def test_any_altered_bit_is_noticed(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(seal(plain, key=KEY, context=b"row"))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Unreadable):
        unseal(bytes(sealed), key=KEY, context=b"row")


@given(st.binary(max_size=15))
def test_rubbish_is_unreadable_and_not_an_error(rubbish: bytes) -> None:
    with pytest.raises(Unreadable):
        unseal(rubbish, key=KEY, context=b"")
    with pytest.raises(Unreadable):
        open_letter(rubbish, private=KEY, context="")


@given(st.binary(max_size=500), st.text(max_size=40))
def test_a_letter_opens_for_its_receiver_under_its_own_number(plain: bytes, context: str) -> None:
    sealed = seal_letter(plain, public=public_half(KEY), context=context)
    assert open_letter(sealed, private=KEY, context=context) == plain
    assert sealed != seal_letter(plain, public=public_half(KEY), context=context)
    for private, place in ((OTHER, context), (KEY, context + "x")):
        with pytest.raises(Unreadable):
            open_letter(sealed, private=private, context=place)


@given(SERIALS, SERIALS, st.integers(1, 5), st.integers(1, 5))
def test_rows_have_contexts_of_their_own(one: int, other: int, key_id: int, version: int) -> None:
    first = row_context(table="t", unified_no=unified_number(one), key_id=key_id, version=version)
    second = row_context(table="t", unified_no=unified_number(other), key_id=key_id, version=version)
    assert (first == second) is (one == other)
    assert first != row_context(table="u", unified_no=unified_number(one), key_id=key_id, version=version)
    assert first != row_context(table="t", unified_no=unified_number(one), key_id=key_id + 1, version=version)
    assert first != row_context(table="t", unified_no=unified_number(one), key_id=key_id, version=version + 1)


@given(st.text("0123456789", min_size=12, max_size=12))
def test_a_blind_index_is_the_same_under_one_key_and_another_under_another(number: str) -> None:
    assert blind_index(number, key=KEY) == blind_index(number, key=KEY)
    assert blind_index(number, key=KEY) != blind_index(number, key=OTHER)
    assert number.encode() not in blind_index(number, key=KEY)


@given(SERIALS, SERIALS)
def test_another_serial_gives_another_unified_number(one: int, other: int) -> None:
    assert (unified_number(one) == unified_number(other)) is (one == other)


@pytest.mark.requirement("YOK-085")
@given(SERIALS, st.integers(0, 14), st.integers(1, 9))
def test_every_single_wrong_digit_of_a_unified_number_is_found(serial: int, place: int, add: int) -> None:
    number = unified_number(serial)
    assert require_unified_number(number) == number
    wrong = number[:place] + str((int(number[place]) + add) % 10) + number[place + 1 :]
    with pytest.raises(BadInput, match="検査数字") as error:
        require_unified_number(wrong)
    assert wrong not in str(error.value)


@given(SERIALS)
def test_the_check_digit_is_the_one_of_the_standard(serial: int) -> None:
    number = unified_number(serial)
    assert len(number) == 15
    assert number[-1] == mod_11_10.calc_check_digit(number[:-1])


def test_neighbours_do_not_get_neighbouring_numbers() -> None:
    numbers = [int(unified_number(serial)) // 10 for serial in range(1000)]
    assert min(abs(a - b) for a, b in pairwise(numbers)) > 10**9
    assert UNIFIED_NUMBER.lengths == (15,)


@pytest.mark.parametrize("serial", [-1, 10**13])
def test_serials_outside_the_range_are_refused(serial: int) -> None:
    with pytest.raises(ValueError, match="used up"):
        unified_number(serial)

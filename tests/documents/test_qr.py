"""The code on the paper is a QR code of the text, whatever the text."""

from __future__ import annotations

import math

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from kyufu.documents.qr import DARK, LIGHT, MASK, modules

FINDER = [
    "1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111",
]  # fmt: skip


@pytest.mark.parametrize("text", ["0000000001", "0001234566", "R2026-0000001", "L" + "9" * 40])
def test_is_the_square_that_the_encoder_makes(text: str) -> None:
    grey = modules(text)
    side = math.isqrt(len(grey))
    assert side * side == len(grey)
    assert set(grey) == {DARK, LIGHT}
    matrix = segno.make_qr(text, error="m", mask=MASK).matrix
    assert [[1 if cell == DARK else 0 for cell in grey[y * side : (y + 1) * side]] for y in range(side)] == [
        list(row) for row in matrix
    ]


def test_has_its_three_finder_patterns() -> None:
    grey = modules("0000000001")
    side = math.isqrt(len(grey))
    for top, left in ((0, 0), (0, side - 7), (side - 7, 0)):
        rows = [grey[(top + y) * side + left :][:7] for y in range(7)]
        assert ["".join("1" if cell == DARK else "0" for cell in row) for row in rows] == FINDER


def test_a_certificate_number_fits_the_smallest_code() -> None:
    assert math.isqrt(len(modules("0001234566"))) == 21


@given(text=st.text("0123456789", min_size=1, max_size=40))
def test_a_number_put_together_from_its_digits_is_what_the_encoder_makes(text: str) -> None:
    matrix = segno.make_qr(text, error="m", mask=MASK).matrix
    assert modules(text) == [DARK if module else LIGHT for row in matrix for module in row]


def test_digits_of_another_script_are_left_to_the_encoder() -> None:
    assert modules("１２") != modules("12")


def test_different_numbers_give_different_codes() -> None:
    assert modules("0000000001") != modules("0000000002")

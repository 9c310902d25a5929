"""The unified number (統合番号・団体内統合宛名番号): how it is built, drawn and checked.

Our own decision (ADR 8): 15 digits: 9, then 13 that are the serial number scattered over the whole range, then a check
digit of ISO 7064 MOD 11,10. Scattering is one to one, so uniqueness is the sequence's; persons registered one after
the other (a family) do not get neighbouring numbers.
"""

from __future__ import annotations

from kyufu.notation.check_digits import NumberRule
from kyufu.platform.errors import BadInput

LEAD = "9"
_DIGITS = 13
_RANGE = 10**_DIGITS
# Odd and not a multiple of 5, so multiplying by it modulo a power of ten is one to one.
_FACTOR, _SHIFT = 6_180_339_887_499, 1_414_213_562_373


def _mod_11_10(base: str) -> str:
    """ISO 7064 MOD 11,10: finds every single wrong digit and nearly every transposition."""
    check = 5
    for digit in base:
        check = ((check or 10) * 2 % 11 + int(digit)) % 10
    return str((1 - (check or 10) * 2 % 11) % 10)


UNIFIED_NUMBER = NumberRule("団体内統合宛名番号", (15,), _mod_11_10)


def unified_number(serial: int) -> str:
    """The unified number of a serial number from 0 to 10^13 - 1; another for each."""
    if not 0 <= serial < _RANGE:
        raise ValueError("the serial numbers are used up")
    return UNIFIED_NUMBER.with_check_digit(f"{LEAD}{(serial * _FACTOR + _SHIFT) % _RANGE:0{_DIGITS}}")


def require_unified_number(text: str) -> str:
    """The text, when it is a unified number with a right check digit; raises BadInput otherwise (YOK-085)."""
    problem = UNIFIED_NUMBER.problem_with(text)
    if problem is not None:
        raise BadInput(problem, remedy="番号をもう一度確かめて入力してください。")
    return text

"""Incomes for the demo city: a plausible spread by age and sex, in yen, without floats. No statistics."""

from __future__ import annotations

from collections.abc import Callable

# 所得金額 at every tenth of the working people, in 1,000 yen; between two of them the spread is even.
_TENTHS_OF_MEN = (0, 900, 1_800, 2_500, 3_100, 3_700, 4_400, 5_300, 6_600, 9_200, 21_000)
_TENTHS_OF_WOMEN = (0, 0, 200, 480, 900, 1_500, 2_100, 2_800, 3_700, 5_000, 12_000)
_TENTHS_OF_WORKERS = ((), _TENTHS_OF_MEN, _TENTHS_OF_WOMEN)
_TENTHS_OF_PENSIONERS = (0, 0, 200, 500, 800, 1_000, 1_200, 1_400, 1_700, 2_100, 4_000)


def random_income(*, sex: int, is_pensioner: bool, random: Callable[[], float]) -> int:
    """The income of an adult in a year, yen: salary or pension by age, after the deduction of its kind."""
    tenths = _TENTHS_OF_PENSIONERS if is_pensioner else _TENTHS_OF_WORKERS[sex]
    tenth, rest = divmod(int(random() * 10_000), 1_000)
    low, high = tenths[tenth], tenths[tenth + 1]
    return (low * 1_000 + (high - low) * rest) // 1_000 * 1_000

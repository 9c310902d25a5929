"""Sharing an amount among several, so that no yen is lost (按分)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

Key = TypeVar("Key", str, tuple[str, str])


def share(total: int, *, among: Mapping[Key, int]) -> dict[Key, int]:
    """Shares of a total in proportion to weights: whole yen, the rest a yen each by the largest fraction.

    Equal fractions go by name, so that the order of the claims decides nothing. Where every weight is 0, all are
    given 0 unless there is something to share; raises ValueError then.
    """
    whole = sum(among.values())
    if not whole:
        if total:
            raise ValueError("an amount cannot be shared where all weights are 0")
        return dict.fromkeys(among, 0)
    shares = {name: total * weight // whole for name, weight in among.items()}
    rest = total - sum(shares.values())
    by_fraction = sorted(among, key=lambda name: (-(total * among[name] % whole), name))
    for name in by_fraction[:rest]:
        shares[name] += 1
    return shares

"""Wards as figures name them."""

from __future__ import annotations

from kyufu.notation.municipalities import MUNICIPALITIES, YOKOHAMA

# Protected children (支援措置) and those who are registered in no ward.
UNTOLD = "区を示さない者（支援措置・市外など）"


def ward_label(code: str) -> str:
    """The name of a ward without the city before it; those of no ward in words."""
    known = MUNICIPALITIES.get(code)
    if known is None:
        return code or UNTOLD
    return known.name.removeprefix(MUNICIPALITIES[YOKOHAMA].name) or known.name

"""The municipality that is served here, and its wards as figures name them."""

from __future__ import annotations

from django.conf import settings

from kyufu.law.child.cities import city_of as law_of
from kyufu.law.child.city import City
from kyufu.notation.municipalities import MUNICIPALITIES, city_of

# Protected children (支援措置) and those who are registered in no ward.
UNTOLD = "区を示さない者（支援措置・市外など）"


def city_here() -> City:
    """The municipality whose law the pages judge by (KYUFU_MUNICIPALITY)."""
    return law_of(settings.KYUFU_MUNICIPALITY)


def ward_label(code: str) -> str:
    """The name of a ward without the city before it; those of no ward in words."""
    known = MUNICIPALITIES.get(code)
    if known is None:
        return code or UNTOLD
    return known.name.removeprefix(MUNICIPALITIES[city_of(code)].name) or known.name


def subsidy_name() -> str:
    """What the prefecture's subsidy is called here (県補助, 道補助)."""
    return f"{city_here().prefecture_word}補助"

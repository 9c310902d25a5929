"""Municipalities as the commands name them: by key, or by code where the code alone matters."""

from __future__ import annotations

import os

from kyufu.law.child.cities import MUNICIPALITIES
from kyufu.platform.errors import BadInput


def known_names() -> str:
    """The keys of the municipalities whose law Kyufu has, for the help of an option."""
    return "、".join(MUNICIPALITIES)


def municipality_here() -> str:
    """The municipality that is served here: KYUFU_MUNICIPALITY, the first one where it is not set."""
    return os.environ.get("KYUFU_MUNICIPALITY") or next(iter(MUNICIPALITIES))


def code_of(name: str) -> str:
    """The 全国地方公共団体コード of a key; anything else is taken for a code, which the reader checks."""
    found = MUNICIPALITIES.get(name)
    return name if found is None else found.code


def known_code_of(name: str) -> str:
    """The code of a municipality whose law Kyufu has; raises BadInput for another."""
    if name not in MUNICIPALITIES:
        raise BadInput("その自治体は扱えません。", remedy=f"使えるもの: {known_names()}")
    return MUNICIPALITIES[name].code

"""Where the dated values of a municipality count in its judgement."""

from __future__ import annotations

from collections.abc import Callable

from kyufu.law.child.judgement import UnknownMunicipality
from kyufu.law.child.yokohama import uses as yokohama
from kyufu.law.child.yokohama.uses import Use

__all__ = ["Use", "use_of"]

_USES: dict[str, Callable[..., Use]] = {"yokohama": yokohama.use_of}


def use_of(file: str, *, table: str, key: str, municipality: str) -> Use:
    """The articles and figures that a dated value serves; raises UnknownMunicipality."""
    if municipality not in _USES:
        raise UnknownMunicipality(f"小児医療費助成の基準がない自治体です：{municipality}")
    return _USES[municipality](file, table=table, key=key)

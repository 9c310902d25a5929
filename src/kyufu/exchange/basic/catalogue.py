"""The fixed catalogue of items that a system can be allowed to have, with their Japanese names."""

from __future__ import annotations

from types import MappingProxyType

from kyufu.registry.api import PROTECTED_ADDRESS, REGISTER_ITEMS

NUMBER = "kojinbango"
NUMBER_OWNER = "atenabango"


def _labels() -> dict[str, str]:
    """The register's items in its order, the individual number, which is the vault's, behind the addressee number."""
    labels: dict[str, str] = {}
    for name, item in REGISTER_ITEMS.items():
        labels[name] = item.label
        if name == NUMBER_OWNER:
            labels[NUMBER] = "個人番号"
    return labels


ITEMS = MappingProxyType(_labels())

__all__ = ["ITEMS", "NUMBER", "NUMBER_OWNER", "PROTECTED_ADDRESS"]

"""The resident register sends the files that the engine is tried with."""

from __future__ import annotations

from tests.registry.conftest import register

__all__ = ["register"]

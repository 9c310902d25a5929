"""The benchmark of printing prints what it says it prints."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import override_settings

from bench import print_certificates


def test_prints_two_sizes_and_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(print_certificates, "SMALL", 2)
    monkeypatch.setattr(print_certificates, "LARGE", 4)

    with override_settings(VAR_DIR=tmp_path):
        speed, cost = print_certificates.run()

    assert (speed.limit, cost.limit) == (300, 1.2)
    assert speed.value > 0 < cost.value
    assert "4件" in cost.note
    assert list((tmp_path / "bench").iterdir()) == []

"""The command of national health insurance as a clerk sees it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kyufu.cli.main import main


class Counter:
    """The command as a clerk sees it: what it printed and what it complained of."""

    def __init__(self, folder: Path, captured: pytest.CaptureFixture[str]) -> None:
        self.file = folder / "facts.json"
        self.captured = captured

    def ask(self, rule: str, facts: object, *options: str) -> tuple[int, str]:
        self.file.write_text(json.dumps(facts), encoding="utf-8")
        code = main(["judge", f"kokuho-{rule}", *options, "--explain", str(self.file)])
        told = self.captured.readouterr()
        return code, told.out + told.err


@pytest.fixture
def counter(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Counter:
    return Counter(tmp_path, capsys)

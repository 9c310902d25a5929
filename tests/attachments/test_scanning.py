"""The scanner's answer is its exit status; a scanner that is down or slow is no clean answer."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from kyufu.attachments.scanning import Verdict, scan
from tests.attachments.files import EICAR, pdf
from tests.attachments.scanner import command


def test_without_a_command_nothing_is_called_clean(settings: Any) -> None:
    settings.KYUFU_SCAN_COMMAND = ""
    assert scan(pdf(), seconds=5) is Verdict.UNSCANNED
    assert scan(EICAR, seconds=5) is Verdict.UNSCANNED


def test_the_answer_is_the_status(settings: Any) -> None:
    settings.KYUFU_SCAN_COMMAND = command()
    assert scan(pdf(), seconds=30) is Verdict.CLEAN
    assert scan(EICAR, seconds=30) is Verdict.INFECTED
    assert scan(pdf(text=EICAR.decode()), seconds=30) is Verdict.INFECTED


@pytest.mark.parametrize("content", [pdf(), EICAR])
def test_a_scanner_that_fails_says_neither(settings: Any, content: bytes) -> None:
    settings.KYUFU_SCAN_COMMAND = command("--fail")
    assert scan(content, seconds=30) is Verdict.FAILED


def test_a_scanner_that_is_slow_is_not_waited_for(settings: Any) -> None:
    settings.KYUFU_SCAN_COMMAND = command("--seconds", "20")
    assert scan(pdf(), seconds=0.3) is Verdict.FAILED


@pytest.mark.parametrize(
    "words", ["/nowhere/scanner", "sh -c 'kill -9 $$'", "sh -c 'exit 2'", "sh -c 'exit 127'"]
)
def test_a_scanner_that_is_not_there_or_dies_has_failed(settings: Any, words: str) -> None:
    settings.KYUFU_SCAN_COMMAND = words
    assert scan(pdf(), seconds=10) is Verdict.FAILED


def test_the_scanner_is_told_none_of_our_secrets(
    settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KYUFU_ATTACHMENT_KEY", "geheim")
    settings.KYUFU_SCAN_COMMAND = f"sh -c 'env > {tmp_path / 'told'}'"
    assert scan(pdf(), seconds=10) is Verdict.CLEAN
    told = (tmp_path / "told").read_text(encoding="utf-8")
    assert "geheim" not in told
    assert os.environ["PATH"] in told


def test_a_large_file_reaches_the_scanner_whole(settings: Any) -> None:
    settings.KYUFU_SCAN_COMMAND = command()
    assert scan(bytes(9 * 1024 * 1024) + EICAR, seconds=30) is Verdict.INFECTED

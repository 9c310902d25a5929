"""The virus scanner (ウイルス検査): a command of the municipality's own that reads a file and answers by its status.

`KYUFU_SCAN_COMMAND` is run without a shell, with the file on its standard input. Status 0 is clean, 1 is infected;
anything else, or too long a silence, is a scanner that failed. Without a command nothing is scanned, and that is said.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from enum import StrEnum

from django.conf import settings


class Verdict(StrEnum):
    """What the scanner said."""

    CLEAN = "clean"
    INFECTED = "infected"
    FAILED = "failed"
    UNSCANNED = "unscanned"


_ANSWERS = {0: Verdict.CLEAN, 1: Verdict.INFECTED}
# The scanner is told nothing of ours: no key, no password of a database.
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")


def scan(content: bytes, *, seconds: float) -> Verdict:
    """Have the scanner look at a content, for at most so many seconds."""
    command = shlex.split(settings.KYUFU_SCAN_COMMAND)
    if not command:
        return Verdict.UNSCANNED
    try:
        done = subprocess.run(  # noqa: S603 - the operator's own command, no shell
            command,
            input=content,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
        )
    except (OSError, subprocess.SubprocessError):
        return Verdict.FAILED
    return _ANSWERS.get(done.returncode, Verdict.FAILED)

"""The stand-in for a virus scanner, as the command of the setting."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

STAND_IN = Path(__file__).resolve().parents[2] / "standins" / "virus_scanner.py"


def command(*options: str) -> str:
    """What KYUFU_SCAN_COMMAND is set to."""
    return shlex.join([sys.executable, str(STAND_IN), *options])

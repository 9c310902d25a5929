"""Ruff refuses to read the clock anywhere but in platform.clock, and to hush the rule without naming it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

CLOCK_CALLS = [
    "from datetime import date\nprint(date.today())",
    "import datetime\nprint(datetime.date.today())",
    "from datetime import datetime\nprint(datetime.now())",
    "import datetime as dt\nprint(dt.datetime.now(dt.UTC))",
    "from datetime import datetime\nprint(datetime.utcnow())",
    "from django.utils import timezone\nprint(timezone.now())",
    "from django.utils.timezone import localdate\nprint(localdate())",
    "import time\nprint(time.time())",
    "from time import time\nprint(time())",
]


def banned(code: str, *, file: str) -> bool:
    """Does ruff, with the project's settings, find a banned call?"""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "ruff",
            "check",
            "--no-cache",
            "--select",
            "TID251",
            "--stdin-filename",
            file,
            "-",
        ],
        cwd=ROOT,
        input=code + "\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    assert (done.returncode == 1) == ("TID251" in done.stdout)
    return done.returncode == 1


@pytest.mark.parametrize("code", CLOCK_CALLS)
@pytest.mark.parametrize(
    "file", ["src/kyufu/law/decision.py", "src/kyufu/cases/operations/new.py", "tests/test_new.py"]
)
def test_reading_the_clock_is_refused(code: str, file: str) -> None:
    assert banned(code, file=file)


@pytest.mark.parametrize(
    "code",
    [
        "from time import perf_counter\nprint(perf_counter())",
        "from datetime import date\nprint(date(2026, 8, 1))",
        "from kyufu.platform.clock import current_date_in_japan\nprint(current_date_in_japan())",
    ],
)
def test_measuring_time_and_writing_dates_is_allowed(code: str) -> None:
    assert not banned(code, file="src/kyufu/platform/jobs.py")


def test_the_rule_is_hushed_in_platform_clock_alone() -> None:
    hushed = [
        file.relative_to(ROOT / "src" / "kyufu").as_posix()
        for file in (ROOT / "src").rglob("*.py")
        if "TID251" in file.read_text(encoding="utf-8")
    ]

    assert hushed == ["platform/clock.py"]

"""Which files on the disk hold a secret."""

from __future__ import annotations

import subprocess
from pathlib import Path

VANISHED = ": No such file or directory"


def files_with(secrets: set[str], *, folder: Path, besides: str = "") -> list[str]:
    """Paths of the files under a folder that hold one of the secrets, besides what lies in a folder of that name.

    A database server at work takes files away while they are looked through; any other trouble is an error.
    """
    assert folder.is_dir(), folder
    found = subprocess.run(
        ["grep", "-rlaF", "-f", "-", *([f"--exclude-dir={besides}"] if besides else []), str(folder)],
        input="\n".join(sorted(secrets)),
        capture_output=True,
        text=True,
    )
    assert [line for line in found.stderr.splitlines() if not line.endswith(VANISHED)] == []
    return found.stdout.splitlines()

"""A small project with the real bin/_environment and a package of its own, so that installs are real and quick."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHOW = """#!/usr/bin/env bash
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/_environment"
ensure_environment run
exec "$VENV/bin/python" -c 'import sample, own; print(sample.VERSION, own.WORD)'
"""


@dataclass
class Project:
    """A clone in a path with a space, a folder of wheels beside it and an empty home."""

    folder: Path
    wheels: Path
    home: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def venv(self) -> Path:
        """Where the environment is made."""
        return self.folder / ".venv"

    def start(self, **changes: str) -> subprocess.Popen[str]:
        """Start the command without waiting for it, from a folder that is not the clone."""
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.home), "PIP_NO_INDEX": "1"}
        return subprocess.Popen(
            [str(self.folder / "bin" / "show")], cwd=self.home, env=environment | self.environment | changes,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, **changes: str) -> subprocess.CompletedProcess[str]:
        """Run the command to its end."""
        process = self.start(**changes)
        out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def lock(self, *, version: str) -> None:
        """Make the wheel of a version and lock it with its hash."""
        wheel = make_wheel(self.wheels, version=version)
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        line = f"sample=={version} --hash=sha256:{digest}\n"
        (self.folder / "requirements" / "run.txt").write_text(line, encoding="ascii")


def make_wheel(folder: Path, *, version: str) -> Path:
    """A wheel of one module, written by hand."""
    files = {
        "sample.py": f"VERSION = {version!r}\n",
        f"sample-{version}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: sample\nVersion: {version}\n",
        f"sample-{version}.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [f"{name},sha256={digest_of(text)},{len(text)}" for name, text in files.items()]
    files[f"sample-{version}.dist-info/RECORD"] = "\n".join(
        [*record, f"sample-{version}.dist-info/RECORD,,", ""]
    )
    wheel = folder / f"sample-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return wheel


def digest_of(text: str) -> str:
    """The hash as a wheel's RECORD writes it."""
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")


def script(folder: Path, *, name: str, body: str) -> None:
    """Put a program of our own on the path."""
    (folder / name).unlink(missing_ok=True)
    (folder / name).write_text(f"#!/bin/bash\n{body}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A fresh clone of the small project, locked to version 1.0."""
    made = Project(folder=tmp_path / "a clone", wheels=tmp_path / "the wheels", home=tmp_path / "home")
    for folder in (
        made.folder / "bin",
        made.folder / "requirements",
        made.folder / "src",
        made.wheels,
        made.home,
    ):
        folder.mkdir(parents=True)
    shutil.copy(ROOT / "bin" / "_environment", made.folder / "bin")
    (made.folder / "bin" / "show").write_text(SHOW, encoding="utf-8")
    (made.folder / "bin" / "show").chmod(0o755)
    (made.folder / "src" / "own.py").write_text("WORD = 'own'\n", encoding="utf-8")
    made.environment["KYUFU_WHEELS"] = str(made.wheels)
    made.lock(version="1.0")
    return made


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A PATH of one folder with what the script uses, but no Python."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in ("bash", "env", "cat", "cut", "dirname", "flock", "getconf", "head", "id", "ls", "mkdir", "rm",
                 "sha256sum", "sort", "stat", "tail", "uname"):  # fmt: skip
        found = shutil.which(name)
        assert found, f"{name} is part of every Debian"
        (folder / name).symlink_to(found)
    return folder

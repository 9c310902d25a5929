"""The commands in bin: what they run, in which order, and the exit status they end with."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = ("demo", "test", "check", "bench", "kyufu", "lock")
STEPS = ["ruff check", "ruff format", "mypy", "import contracts", "size budget", "migrations", "fast tests"]

# Plays the environment's Python: notes how it was called, and fails where the test wants it to.
PYTHON = """#!/bin/bash
printf '%s\\n' "${*//$'\\n'/ }" >>"$CALLS"
if [ -n "$FAIL_ON" ] && [[ "$*" == *"$FAIL_ON"* ]]; then exit 3; fi
"""


@dataclass(frozen=True)
class Bench:
    """A clone whose environment is ready, with a Python that only notes its calls."""

    folder: Path
    calls_file: Path

    def run(self, command: str, *arguments: str, fail_on: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command of the clone from another folder."""
        return subprocess.run(
            [str(self.folder / command), *arguments],
            cwd=self.folder.parent,
            env={"PATH": os.environ["PATH"], "CALLS": str(self.calls_file), "FAIL_ON": fail_on,
                 "KYUFU_CHROMIUM": "true"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    @property
    def calls(self) -> list[str]:
        """How the environment's Python was called."""
        return self.calls_file.read_text(encoding="utf-8").splitlines()


@pytest.fixture
def clone(tmp_path: Path) -> Bench:
    """The real scripts over an environment that is there already."""
    folder = (tmp_path / "a clone").resolve()
    for name in ("bin", ".ci"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "requirements").mkdir()
    (folder / ".venv" / "bin").mkdir(parents=True)
    for kind in ("run", "dev"):
        (folder / "requirements" / f"{kind}.txt").write_text(f"{kind}\n", encoding="ascii")
        digest = hashlib.sha256(f"{kind}\n".encode()).hexdigest()
        (folder / ".venv" / f".kyufu-{kind}").write_text(f"{digest} {folder}", encoding="utf-8")
    python = folder / ".venv" / "bin" / "python"
    python.write_text(PYTHON, encoding="utf-8")
    python.chmod(0o755)
    return Bench(folder=folder, calls_file=tmp_path / "calls")


@pytest.mark.parametrize("command", [*(f"bin/{name}" for name in COMMANDS), ".ci/run"])
def test_each_command_is_executable_and_parses(command: str) -> None:
    assert os.access(ROOT / command, os.X_OK)
    assert subprocess.run(["bash", "-n", str(ROOT / command)], check=False).returncode == 0


def test_the_demo_is_the_subcommand_of_kyufu_with_its_options(clone: Bench) -> None:
    assert clone.run("bin/demo", "--residents", "300", "--fresh").returncode == 0

    assert clone.calls == ["-m kyufu.cli.main demo run --residents 300 --fresh"]


def test_a_failing_command_hands_on_its_status(clone: Bench) -> None:
    assert clone.run("bin/kyufu", "judge", fail_on="judge").returncode == 3
    assert clone.run("bin/bench", "judge", fail_on="bench.main").returncode == 3


def test_only_the_bench_of_spark_uses_the_environment_of_the_extra(clone: Bench) -> None:
    extra = clone.folder / ".venv-spark"
    shutil.copytree(clone.folder / ".venv", extra)
    (clone.folder / "requirements" / "spark.txt").write_text("spark\n", encoding="ascii")
    digest = hashlib.sha256(b"spark\n").hexdigest()
    (extra / ".kyufu-spark").write_text(f"{digest} {clone.folder}", encoding="utf-8")
    python = extra / "bin" / "python"
    python.write_text(PYTHON.replace("printf '%s", "printf 'extra %s"), encoding="utf-8")

    for names in (["spark"], ["judge"], []):
        assert clone.run("bin/bench", *names).returncode == 0
    assert clone.calls == ["extra -m bench.main spark", "-m bench.main judge", "-m bench.main"]


def test_the_tests_write_what_passed_and_take_pytest_options(clone: Bench) -> None:
    clone.run("bin/test", "-k", "period")

    (call,) = clone.calls
    assert call.startswith("-m pytest ")
    assert call.endswith(" -k period")
    assert f"--requirements-out {clone.folder}/var/test/requirements.json" in call


def test_the_tests_of_one_file_stay_on_one_worker(clone: Bench) -> None:
    clone.run("bin/test")

    assert "--no-loadscope-reorder" in clone.calls[0]


def test_the_check_runs_every_step_and_names_the_seconds(clone: Bench) -> None:
    done = clone.run("bin/check")

    assert done.returncode == 0, done.stdout + done.stderr
    assert re.findall(r"^-- (.+): \d+\.\d s$", done.stdout, flags=re.MULTILINE) == STEPS
    assert "すべて合格" in done.stdout.splitlines()[-1]
    assert "not slow" in clone.calls[-1]


@pytest.mark.parametrize(("fail_on", "step"), [
    ("ruff check", "ruff check"), ("ruff format", "ruff format"), ("mypy", "mypy"),
    ("importlinter", "import contracts"), ("tests.quality.budget", "size budget"),
    ("makemigrations", "migrations"), ("pytest", "fast tests"),
])  # fmt: skip
def test_the_check_stops_at_nothing_and_fails_at_the_end(clone: Bench, fail_on: str, step: str) -> None:
    done = clone.run("bin/check", fail_on=fail_on)

    assert done.returncode == 1
    assert re.findall(r"^-- (.+): ", done.stdout, flags=re.MULTILINE) == STEPS
    assert done.stdout.splitlines()[-1].endswith(f"[{step}]")
    assert len(clone.calls) == len(STEPS)


@pytest.mark.parametrize(("fail_on", "status"), [("", 0), ("pytest", 3)])
def test_the_integration_stops_the_server_and_keeps_the_status(
    clone: Bench, fail_on: str, status: int
) -> None:
    done = clone.run(".ci/run", fail_on=fail_on)

    assert done.returncode == status
    assert [call.split()[1] for call in clone.calls] == ["pytest", "from"]
    assert "embedded.stop(settings.VAR_DIR)" in clone.calls[1]

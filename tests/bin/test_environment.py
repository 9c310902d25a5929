"""bin/_environment: a first start, a second, a broken one, two at once; offline, in a path with a space."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.bin.conftest import Project, script

pytestmark = pytest.mark.slow

PREPARING = "実行環境を準備しています"


def test_a_first_start_installs_the_lock_and_a_second_does_nothing(project: Project) -> None:
    first = project.run()
    stamp = (project.venv / ".kyufu-run").stat().st_mtime_ns
    second = project.run(KYUFU_WHEELS="")

    assert (first.returncode, first.stdout) == (0, "1.0 own\n")
    assert PREPARING in first.stderr
    assert (second.returncode, second.stdout, second.stderr) == (0, "1.0 own\n", "")
    assert (project.venv / ".kyufu-run").stat().st_mtime_ns == stamp


def test_a_changed_lock_is_installed(project: Project) -> None:
    project.run()
    project.lock(version="1.1")

    assert project.run().stdout == "1.1 own\n"


def test_an_interrupted_install_starts_over(project: Project) -> None:
    project.run()
    (project.venv / ".kyufu-installing").touch()
    for module in project.venv.rglob("sample*"):
        shutil.rmtree(module) if module.is_dir() else module.unlink()
    (project.venv / "leftover").touch()

    assert project.run().stdout == "1.0 own\n"
    assert not (project.venv / "leftover").exists()


def test_an_environment_whose_python_is_gone_is_made_again(project: Project) -> None:
    project.run()
    for link in (project.venv / "bin").glob("python*"):
        link.unlink()

    assert project.run().stdout == "1.0 own\n"


def test_a_moved_clone_finds_its_own_source(project: Project) -> None:
    project.run()
    project.folder = project.folder.rename(project.folder.with_name("moved"))
    (project.folder / "src" / "own.py").write_text("WORD = 'moved'\n", encoding="utf-8")

    assert project.run().stdout == "1.0 moved\n"


def test_two_at_once_make_one_environment(project: Project) -> None:
    processes = [project.start() for _ in range(2)]
    outcomes = [process.communicate(timeout=120) for process in processes]

    assert [out for out, _ in outcomes] == ["1.0 own\n"] * 2
    assert sum(PREPARING in err for _, err in outcomes) == 1


def test_a_wheel_that_is_not_the_locked_one_is_refused_and_the_next_start_recovers(project: Project) -> None:
    wheel = project.wheels / "sample-1.0-py3-none-any.whl"
    right = wheel.read_bytes()
    wheel.write_bytes(right + b"tampered")
    refused = project.run()
    wheel.write_bytes(right)

    assert refused.returncode == 1
    assert "エラー: 実行環境を準備できませんでした" in refused.stderr
    assert refused.stdout == ""
    assert project.run().stdout == "1.0 own\n"


def test_the_environment_may_lie_elsewhere_and_relative(project: Project) -> None:
    assert project.run(KYUFU_VENV="over there").stdout == "1.0 own\n"
    assert (project.home / "over there" / "bin" / "python").exists()
    assert not project.venv.exists()


def test_settings_of_the_user_for_pip_and_python_do_not_disturb(project: Project) -> None:
    done = project.run(PIP_USER="1", PIP_REQUIRE_VIRTUALENV="1", PYTHONHOME="/nowhere")

    assert done.stdout == "1.0 own\n"


def test_a_shim_for_a_python_that_is_not_installed_is_passed_over(project: Project, programs: Path) -> None:
    script(programs, name="python3.11", body="echo not installed >&2; exit 127")
    (programs / "python3").symlink_to(Path(sys.base_prefix) / "bin" / "python3")

    assert project.run(PATH=str(programs)).stdout == "1.0 own\n"


def test_another_users_clone_gets_no_bytecode(project: Project, programs: Path) -> None:
    script(programs, name="id", body="echo 4242424242")
    done = project.run(PATH=f"{programs}{os.pathsep}{os.environ['PATH']}")

    assert done.stdout == "1.0 own\n"
    assert not list((project.folder / "src").rglob("*.pyc"))

"""bin/_environment refuses what it cannot do, in words that name the remedy, before it touches anything."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.bin.conftest import Project, script


def test_a_folder_of_data_is_not_taken_for_an_environment(project: Project, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "ledger.csv").write_text("1", encoding="utf-8")

    done = project.run(KYUFU_VENV=str(data))

    assert done.returncode == 1
    assert "仮想環境ではありません" in done.stderr
    assert (data / "ledger.csv").read_text(encoding="utf-8") == "1"


def test_a_folder_of_wheels_that_is_not_there_is_named(project: Project) -> None:
    done = project.run(KYUFU_WHEELS="/nowhere/wheels")

    assert done.returncode == 1
    assert "/nowhere/wheels がありません" in done.stderr


def test_without_python_the_debian_packages_are_named(project: Project, programs: Path) -> None:
    done = project.run(PATH=str(programs))

    assert done.returncode == 1
    assert "apt-get install python3.11 python3-venv" in done.stderr
    assert not project.venv.exists()


def test_a_python_without_venv_is_told_from_none(project: Project, programs: Path) -> None:
    body = f'case "$2" in *ensurepip*) exit 1;; esac; exec "{sys.executable}" "$@"'
    script(programs, name="python3.11", body=body)

    done = project.run(PATH=str(programs))

    assert done.returncode == 1
    assert "python3.11 に venv がありません。apt-get install python3-venv" in done.stderr


def test_an_old_c_library_is_named(project: Project, programs: Path) -> None:
    script(programs, name="getconf", body="echo glibc 2.17")

    done = project.run(PATH=str(programs))

    assert done.returncode == 1
    assert "2.28 以上が必要です（この機械: 2.17）" in done.stderr

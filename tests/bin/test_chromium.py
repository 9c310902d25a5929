"""bin/test makes sure of a browser: the one that is named, the system's, or one that root has installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bin.conftest import Project, script

SHOW = """#!/usr/bin/env bash
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/_environment"
ensure_chromium
echo ready
"""


@pytest.fixture
def machine(project: Project, programs: Path) -> Project:
    """A machine that has what the script uses, but no browser; its command makes sure of one."""
    (project.folder / "bin" / "show").write_text(SHOW, encoding="utf-8")
    project.environment["PATH"] = str(programs)
    return project


def become(programs: Path, *, user: int) -> None:
    script(programs, name="id", body=f"echo {user}")


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_the_systems_browser_is_enough(machine: Project, programs: Path, name: str) -> None:
    script(programs, name=name, body="exit 0")

    done = machine.run()

    assert (done.returncode, done.stdout, done.stderr) == (0, "ready\n", "")


def test_the_browser_that_is_named_is_enough(machine: Project, tmp_path: Path) -> None:
    script(tmp_path, name="own-browser", body="exit 0")

    assert machine.run(KYUFU_CHROMIUM=str(tmp_path / "own-browser")).stdout == "ready\n"


def test_a_name_that_leads_to_nothing_is_refused(machine: Project, programs: Path) -> None:
    script(programs, name="chromium", body="exit 0")

    done = machine.run(KYUFU_CHROMIUM="/nowhere/chromium")

    assert done.returncode == 1
    assert "KYUFU_CHROMIUM の /nowhere/chromium を実行できません" in done.stderr
    assert "KYUFU_CHROMIUM names no program" in done.stderr


def test_without_a_browser_and_without_root_the_remedy_is_said(machine: Project, programs: Path) -> None:
    become(programs, user=1000)
    script(programs, name="apt-get", body='echo "apt-get was called" >&2')

    done = machine.run()

    assert done.returncode == 1
    assert "sudo apt-get install chromium で入れるか、KYUFU_CHROMIUM に" in done.stderr
    assert "Chromium is missing" in done.stderr
    assert "apt-get was called" not in done.stderr


def test_root_of_another_system_is_told_as_well(machine: Project, programs: Path) -> None:
    become(programs, user=0)

    done = machine.run()

    assert done.returncode == 1
    assert "Chromium is missing" in done.stderr


def test_root_has_it_installed_in_one_line(machine: Project, programs: Path) -> None:
    become(programs, user=0)
    script(programs, name="apt-get", body='echo "apt-get $*"')

    done = machine.run()

    log = machine.folder / "var" / "chromium-install.log"
    assert (done.returncode, done.stdout) == (0, "ready\n")
    assert len(done.stderr.splitlines()) == 1
    assert str(log) in done.stderr
    assert log.read_text(encoding="utf-8").splitlines() == [
        "apt-get update",
        "apt-get install -y --no-install-recommends chromium",
    ]


@pytest.mark.parametrize("fails", ["update", "install"])
def test_an_install_that_fails_shows_the_end_of_its_log(machine: Project, programs: Path, fails: str) -> None:
    become(programs, user=0)
    script(programs, name="apt-get", body=f'echo "E: no network"; case "$1" in {fails}) exit 100;; esac')

    done = machine.run(KYUFU_VAR=str(machine.home / "var"))

    assert done.returncode == 1
    assert "E: no network" in done.stderr
    assert f"全文は {machine.home}/var/chromium-install.log にあります" in done.stderr

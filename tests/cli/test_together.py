"""`kyufu serve --with-worker`: both start, both end on one signal, and neither is left behind however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from kyufu.cli import together
from kyufu.demo.serving import is_free
from tests.web.test_serve import child, environment, free_port, wait_for

pytestmark = pytest.mark.slow
PATIENCE = 60.0


@pytest.fixture(scope="module")
def schema() -> Iterator[str]:
    """A schema of its own with a town."""
    name = f"kyufu_test_{uuid4().hex[:12]}"
    child("make", schema=name)
    yield name
    child("drop", schema=name)


class Pair:
    """A server with its worker, started as a person does."""

    def __init__(self, schema: str, *, log: Path) -> None:
        self.port, self.log = free_port(), log
        command = [sys.executable, "-m", "kyufu.cli.main", "serve", "--port", str(self.port), "--with-worker"]
        with log.open("wb") as stream:
            self.process = subprocess.Popen(
                command, env=environment(schema), stdout=stream, stderr=stream, start_new_session=True
            )

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def helpers(self) -> list[int]:
        """The processes that the pair has started, those of the server too."""
        found, waiting = [], [self.process.pid]
        while waiting:
            parent = waiting.pop()
            for one in children_of(parent):
                found.append(one)
                waiting.append(one)
        return found

    def wait_until_ready(self) -> None:
        wait_for(self.port, process=self.process)
        until(lambda: "処理係を起動しました" in self.said())


def children_of(parent: int) -> list[int]:
    """The processes of a parent, by the kernel's table."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == parent:
                found.append(int(folder.name))
    return found


def lives(process: int) -> bool:
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def until(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.1)


@pytest.fixture
def pair(schema: str, tmp_path: Path) -> Iterator[Pair]:
    """The pair, ready; whatever the test did, nothing of it stays."""
    both = Pair(schema, log=tmp_path / "log")
    both.wait_until_ready()
    helpers = both.helpers()
    yield both
    for one in (both.process.pid, *helpers):
        if lives(one):
            os.kill(one, signal.SIGKILL)
    both.process.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_ends_both(pair: Pair, number: signal.Signals) -> None:
    helpers = pair.helpers()
    assert len(helpers) >= 2
    # As a terminal does: to the whole group, twice, for people press it twice.
    os.killpg(pair.process.pid, number)
    time.sleep(0.2)
    if pair.process.poll() is None:
        os.killpg(pair.process.pid, number)
    assert pair.process.wait(PATIENCE) == 0
    assert [one for one in helpers if lives(one)] == []
    assert is_free(pair.port)
    assert "Traceback" not in pair.said()
    assert "処理係を終了しました" in pair.said()


def sessions_of(supervisor: int) -> set[int]:
    """The sessions that were begun for a supervisor, by the word that its children carry."""
    word = f"--with-parent={supervisor}"
    return {one for one in all_processes() if word in command_of(one).split()}


def all_processes() -> list[int]:
    return [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit()]


def living_in(sessions: set[int]) -> list[int]:
    """Who lives in sessions, whoever may have become its parent."""
    found = []
    for one in all_processes():
        try:
            fields = Path(f"/proc/{one}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) in sessions and fields[0] != "Z":
            found.append(one)
    return found


@pytest.mark.parametrize("children", [1, 2])
def test_a_supervisor_that_is_killed_while_it_starts_leaves_nobody_behind(
    schema: str, tmp_path: Path, children: int
) -> None:
    """Before its children came to ask who their parent is."""
    pair = Pair(schema, log=tmp_path / "log")
    until(lambda: len(sessions_of(pair.process.pid)) >= children or pair.process.poll() is not None)
    sessions = sessions_of(pair.process.pid)
    pair.process.kill()
    pair.process.wait()
    sessions |= sessions_of(pair.process.pid)
    assert len(sessions) >= children
    until(lambda: not living_in(sessions))
    until(lambda: is_free(pair.port))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_word_while_it_starts_ends_all(schema: str, tmp_path: Path, number: signal.Signals) -> None:
    pair = Pair(schema, log=tmp_path / "log")
    until(lambda: len(sessions_of(pair.process.pid)) >= 1)
    sessions = sessions_of(pair.process.pid)
    os.killpg(pair.process.pid, number)
    assert pair.process.wait(PATIENCE) == 0
    assert living_in(sessions | sessions_of(pair.process.pid)) == []
    assert is_free(pair.port)


def test_a_server_that_was_killed_ends_the_pair_and_its_own_helpers(pair: Pair) -> None:
    helpers, sessions = pair.helpers(), sessions_of(pair.process.pid)
    (server,) = [one for one in children_of(pair.process.pid) if " serve " in command_of(one)]
    os.kill(server, signal.SIGKILL)
    assert pair.process.wait(PATIENCE) == -signal.SIGKILL % 256
    assert living_in(sessions) == []
    assert [one for one in helpers if lives(one)] == []
    assert is_free(pair.port)


def test_a_port_in_use_is_said_in_words_and_leaves_nobody(schema: str, pair: Pair) -> None:
    command = [sys.executable, "-m", "kyufu.cli.main", "serve", "--port", str(pair.port), "--with-worker"]
    with subprocess.Popen(
        command, env=environment(schema), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as second:
        _, said = second.communicate(timeout=PATIENCE)
    assert second.returncode == 1
    assert f"ポート {pair.port} は使えません" in said
    assert "--port" in said
    assert "Traceback" not in said
    assert living_in(sessions_of(second.pid)) == []
    assert pair.process.poll() is None


def test_a_pair_that_is_killed_leaves_nobody_behind(pair: Pair) -> None:
    helpers = pair.helpers()
    pair.process.kill()
    pair.process.wait()
    until(lambda: not [one for one in helpers if lives(one)])
    until(lambda: is_free(pair.port))


def test_a_worker_that_died_is_followed_by_another(pair: Pair) -> None:
    (worker,) = [one for one in children_of(pair.process.pid) if " worker " in command_of(one)]
    os.kill(worker, signal.SIGKILL)
    until(lambda: pair.said().count("処理係を起動しました") == 2)
    assert pair.process.poll() is None
    assert not is_free(pair.port)


def command_of(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def test_a_server_that_cannot_start_ends_the_worker_too(schema: str, pair: Pair, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kyufu.cli.main", "serve", "--port", "70000", "--with-worker"]
    done = subprocess.run(command, env=environment(schema), capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 2
    assert "ポートか数が範囲の外です" in done.stderr
    assert pair.process.poll() is None


def test_who_does_not_stop_is_made_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "SECONDS_TO_STOP", 0.5)
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    with subprocess.Popen(
        [sys.executable, "-c", code], start_new_session=True, stdout=subprocess.PIPE
    ) as deaf:
        assert deaf.stdout is not None
        deaf.stdout.readline()
        together._end([deaf])
        assert deaf.poll() == -signal.SIGKILL

"""`kyufu demo run` to its end: a real server that its people sign in to, and what stands in the way of one."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kyufu.cli.main import main
from kyufu.demo import serving
from kyufu.demo.staff import Credentials, people, read_credentials
from kyufu.demo.visits import Visitor, one_time_code, sign_in, sign_out
from kyufu.platform.errors import KyufuError
from tests.journeys.city_run import KYUFU, CityRun, fresh_schema, shared_server

# Each serves a city for real.
pytestmark = pytest.mark.slow

Capture = pytest.CaptureFixture[str]
READY = "を開いてください"
SHOWN = re.compile(r"^  (\S+) +(\S{16}) +見本 .*\n +メニュー (\d+) 画面$", re.MULTILINE)


@dataclass
class Served:
    """A village whose demonstration serves at a port, and what it said before it did."""

    city: CityRun
    port: int
    said: str

    @property
    def origin(self) -> str:
        return f"http://{serving.HOST}:{self.port}"

    @property
    def credentials(self) -> dict[str, Credentials]:
        return read_credentials(self.city.var / "demo")

    def visit(self, staff_no: str, **other: str) -> tuple[Visitor, int]:
        """Sign in and out, with `other` than the right credentials; returns the visitor and how large the menu was."""
        visitor = Visitor(self.origin)
        home = sign_in(visitor, staff_no=staff_no, credentials=self.credentials[staff_no]._replace(**other))
        sign_out(visitor, page=home)
        return visitor, home.menu


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((serving.HOST, 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One run for all: it ends with Ctrl-C, and leaves no server behind."""
    city, port = (
        CityRun(tmp_path_factory.mktemp("served") / "var", fresh_schema(), shared_server()),
        free_port(),
    )
    city.var.mkdir()
    log = city.var / "stderr.log"
    with log.open("w", encoding="utf-8") as lines:
        process = subprocess.Popen(
            [*KYUFU, "demo", "run", "--residents", "60", "--port", str(port)],
            env=city.environment, stdout=subprocess.PIPE, stderr=lines, text=True, start_new_session=True,
        )  # fmt: skip
    try:
        yield Served(city, port, said=read_until_ready(process, log=log))
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=60) is not None
        assert serving.is_free(port)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        city.remove()


def read_until_ready(process: subprocess.Popen[str], *, log: Path) -> str:
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if READY in line:
            return said
    pytest.fail(log.read_text(encoding="utf-8")[-2000:])


def wait_for_server(served: Served) -> None:
    """The address is said just before the server listens there."""
    for _ in range(600):
        if not serving.is_free(served.port):
            return
        time.sleep(0.1)
    pytest.fail("the server does not listen")


@pytest.fixture
def open_city(served: Served) -> Served:
    wait_for_server(served)
    return served


def test_everybody_is_shown_with_password_and_menu(served: Served) -> None:
    shown = {staff_no: (password, int(menu)) for staff_no, password, menu in SHOWN.findall(served.said)}
    assert list(shown) == [person.staff_no for person in people()]
    assert {name: password for name, (password, _) in shown.items()} == {
        name: kept.password for name, kept in served.credentials.items()
    }
    assert all(menu > 0 for _, menu in shown.values())
    assert shown["itaku"][1] < shown["kansa"][1]
    assert f"http://localhost:{served.port}/" in served.said


def test_the_secret_of_the_app_is_in_the_file_and_not_on_the_screen(served: Served) -> None:
    assert not [kept for kept in served.credentials.values() if kept.totp_secret in served.said]
    assert "accounts.json" in served.said


def test_a_person_signs_in_within_the_half_minute_of_the_check(open_city: Served) -> None:
    """And finds the menu that was shown."""
    menus = {name: int(menu) for name, _, menu in SHOWN.findall(open_city.said)}
    last = people()[-1].staff_no
    assert open_city.visit(last)[1] == menus[last]


def test_who_signed_out_is_asked_to_sign_in(open_city: Served) -> None:
    visitor, _ = open_city.visit("kessai")
    assert visitor.get("/").path.startswith("/sign-in/")


@pytest.mark.parametrize(
    ("staff_no", "other"),
    [
        ("hogo", {"totp_secret": "JBSWY3DPEHPK3PXP"}),
        ("hogo", {"password": "not-the-password"}),
    ],
)
def test_a_wrong_factor_opens_nothing(open_city: Served, staff_no: str, other: dict[str, str]) -> None:
    with pytest.raises(KyufuError) as refused:
        open_city.visit(staff_no, **other)
    assert refused.value.message.startswith(f"見本の職員 {staff_no} がサインインできません")
    assert refused.value.remedy
    for secret in open_city.credentials[staff_no]:
        assert secret not in str(refused.value)


def test_the_command_shows_the_code_of_now(open_city: Served) -> None:
    before = datetime.now(UTC)  # noqa: TID251 - the code is that of the real hour
    shown = open_city.city.kyufu("demo", "code", "unyo")
    secret = open_city.credentials["unyo"].totp_secret
    moments = (before, before + timedelta(seconds=30), before + timedelta(seconds=60))
    assert shown.returncode == 0
    assert shown.stdout.strip() in {one_time_code(secret, at=moment) for moment in moments}


def test_nobody_has_a_code_under_a_name_that_is_unknown(open_city: Served) -> None:
    refused = open_city.city.kyufu("demo", "code", "nobody")
    assert refused.returncode == 2
    assert refused.stdout == ""
    assert "その職員番号の見本の職員はいません" in refused.stderr
    assert "madoguchi" in refused.stderr


def test_a_second_run_on_the_port_that_serves_is_refused_before_it_begins(open_city: Served) -> None:
    before = open_city.city.count("platform_feed_file")
    refused = open_city.city.kyufu(
        "demo", "run", "--fresh", "--residents", "60", "--port", str(open_city.port)
    )
    assert refused.returncode == 1
    assert f"ポート {open_city.port} は使われています" in refused.stderr
    assert "--port" in refused.stderr
    assert "--no-serve" in refused.stderr
    assert open_city.city.count("platform_feed_file") == before > 0


def test_the_lines_of_the_server_name_no_secret(open_city: Served) -> None:
    lines = (open_city.city.var / "demo" / "sign-in.log").read_text(encoding="utf-8")
    assert "POST /sign-in/" in lines
    for kept in open_city.credentials.values():
        assert kept.password not in lines
        assert kept.totp_secret not in lines


def test_a_port_is_free_until_somebody_listens() -> None:
    with socket.socket() as other:
        other.bind((serving.HOST, 0))
        port = int(other.getsockname()[1])
        other.listen()
        assert not serving.is_free(port)
    assert serving.is_free(port)


def test_a_port_in_use_is_refused_in_words(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setattr("kyufu.cli.demo.prepare_django", lambda: None)
    with socket.socket() as other:
        other.bind((serving.HOST, 0))
        other.listen()
        port = str(other.getsockname()[1])
        assert main(["demo", "run", "--residents", "60", "--port", port]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert f"ポート {port} は使われています" in shown.err


@pytest.mark.django_db
def test_a_server_that_does_not_start_is_said_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own lines are in the file that is named."""
    monkeypatch.setenv("KYUFU_DATABASE_URL", "postgresql://clerk@127.0.0.1:1/kyufu")
    log = tmp_path / "sign-in.log"
    with pytest.raises(KyufuError) as failed:
        serving.sign_everyone_in({}, log=log)
    assert "起動できません" in failed.value.message
    assert str(log) in failed.value.remedy
    assert "データベースに接続できません" in log.read_text(encoding="utf-8")

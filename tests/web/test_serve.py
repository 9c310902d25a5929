"""`kyufu serve`: the real server in a process of its own, spoken to over a real connection."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings

from tests.web.town import CHOSEN, TEMPORARY

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]


class Served:
    """A running server on a schema of its own, and a browser without a window."""

    def __init__(self, port: int, *, schema: str, staff_no: str, log: Path) -> None:
        self.port, self.schema, self.staff_no, self.log = port, schema, staff_no, log
        self.cookies: dict[str, str] = {}

    def ask(
        self, method: str, path: str, *, form: dict[str, str] | None = None, host: str = ""
    ) -> tuple[http.client.HTTPResponse, str]:
        """One request over a connection of its own; keeps the cookies that come back."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {
            "Host": host or f"localhost:{self.port}",
            "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
        }
        body = None
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = f"http://localhost:{self.port}"
            body = urlencode({"csrfmiddlewaretoken": self.cookies["csrf"], **form})
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
        connection.close()
        return answer, text


def environment(schema: str) -> dict[str, str]:
    """What the processes of this test run under."""
    paths = f"{ROOT / 'src'}{os.pathsep}{ROOT}"
    return {
        **os.environ, "KYUFU_SCHEMA": schema, "KYUFU_VAR": str(settings.VAR_DIR), "PYTHONPATH": paths
    }  # fmt: skip


def child(what: str, *, schema: str) -> str:
    """Make or drop the town of a schema; returns what was said."""
    command = [sys.executable, str(ROOT / "tests" / "web" / "serving_child.py"), what]
    done = subprocess.run(command, env=environment(schema), capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def free_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, *, process: subprocess.Popen[bytes]) -> None:
    """Wait until the server takes connections."""
    for _ in range(600):
        assert process.poll() is None
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server does not listen")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The server with a town of its own."""
    schema = f"kyufu_test_{uuid4().hex[:12]}"
    made = json.loads(child("make", schema=schema))
    port, log = free_port(), tmp_path_factory.mktemp("serve") / "log"
    command = [sys.executable, "-m", "kyufu.cli.main", "serve", "--port", str(port)]
    with log.open("wb") as stream:
        process = subprocess.Popen(command, env=environment(schema), stdout=stream, stderr=stream)
        try:
            wait_for(port, process=process)
            yield Served(port, schema=schema, staff_no=made["staff_no"], log=log)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)
            child("drop", schema=schema)
    assert process.returncode == 0


def test_first_sign_in_over_a_real_connection(served: Served) -> None:
    answer, _ = served.ask("GET", "/")
    assert (answer.status, answer.getheader("Location")) == (302, "/sign-in/")
    served.ask("GET", "/sign-in/")
    answer, _ = served.ask("POST", "/sign-in/", form={"login": served.staff_no, "password": TEMPORARY})
    assert (answer.status, answer.getheader("Location")) == (302, "/")
    passwords = {"oldpassword": TEMPORARY, "password1": CHOSEN, "password2": CHOSEN}
    answer, _ = served.ask("POST", "/account/password/", form=passwords)
    assert answer.status == 302
    _, page = served.ask("GET", "/account/app/")
    secret = re.findall(r"<code>([A-Z2-7]{32})</code>", page)[0]
    step = int(time.time()) // 30  # noqa: TID251 - the app's clock is the real one
    code = format_hotp_value(hotp_value(secret, step))
    answer, _ = served.ask("POST", "/account/app/", form={"code": code})
    assert (answer.status, answer.getheader("Location")) == (302, "/account/codes/")
    answer, page = served.ask("GET", "/")
    assert answer.status == 200
    assert "ホーム" in page
    answer, _ = served.ask("POST", "/sign-out/", form={})
    assert answer.status == 302
    answer, _ = served.ask("GET", "/")
    assert answer.status == 302


def test_files_are_served_with_their_type_and_headers(served: Served) -> None:
    for path, kind in (
        ("/static/kyufu/kyufu.css", "text/css"),
        ("/static/kyufu/webauthn.js", "text/javascript"),
        ("/static/mfa/js/webauthn.js", "text/javascript"),
    ):
        answer, _ = served.ask("GET", path)
        assert answer.status == 200, path
        assert kind in str(answer.getheader("Content-Type"))
        assert answer.getheader("X-Content-Type-Options") == "nosniff"
        assert answer.getheader("Access-Control-Allow-Origin") is None
    for path in ("/static/../settings.py", "/static/%2e%2e/urls.py", "/static/kyufu/"):
        answer, _ = served.ask("GET", path)
        assert answer.status == 404, path


def test_headers_come_through_the_server(served: Served) -> None:
    for path in ("/sign-in/", "/nothing/", "/"):
        answer, _ = served.ask("GET", path)
        assert "default-src 'none'" in str(answer.getheader("Content-Security-Policy"))
        assert answer.getheader("Cache-Control"), path


def test_foreign_host_and_forged_form_are_refused(served: Served) -> None:
    answer, _ = served.ask("GET", "/sign-in/", host="evil.example")
    assert answer.status == 400
    forged = {"login": served.staff_no, "password": CHOSEN, "csrfmiddlewaretoken": "x" * 32}
    answer, page = served.ask("POST", "/sign-in/", form=forged)
    assert answer.status == 403
    assert "画面が古くなったか" in page


def test_log_has_routes_and_neither_queries_nor_numbers(served: Served) -> None:
    served.ask("GET", f"/sign-in/?secret={served.staff_no}&next=/x%0d%0aforged")
    lines = served.log.read_text(encoding="utf-8")
    assert "GET /sign-in/ 200" in lines
    assert served.staff_no not in lines
    assert "forged" not in lines


@pytest.mark.parametrize("seconds", [0.3, 0.9])
def test_an_interrupt_of_the_whole_group_ends_it_before_anybody_is_killed(
    served: Served, seconds: float
) -> None:
    """As a terminal sends it on Ctrl-C, to the workers as well; once while they start, once while they serve."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "kyufu.cli.main", "serve", "--port", str(port)],
        env=environment(served.schema), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert "提供しています" in process.stdout.readline()
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGINT)
        _, complaints = process.communicate(timeout=60)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    assert process.returncode == 0
    assert "Killing" not in complaints


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["--host", "0.0.0.0"], 1, "KYUFU_ALLOWED_HOSTS"),
        (["--host", "::"], 1, "KYUFU_ALLOWED_HOSTS"),
        (["--host", "kyufu.example"], 2, "アドレスではありません"),
        (["--port", "0"], 2, "範囲の外"),
        (["--port", "70000"], 2, "範囲の外"),
        (["--workers", "0"], 2, "範囲の外"),
    ],
)
def test_wrong_doors_are_not_opened(arguments: list[str], status: int, said: str) -> None:
    command = [sys.executable, "-m", "kyufu.cli.main", "serve", *arguments]
    done = subprocess.run(command, env=environment("kyufu"), capture_output=True, text=True, timeout=120)
    assert done.returncode == status
    assert said in done.stderr


def test_named_host_without_a_proxy_for_https_is_not_served() -> None:
    command = [sys.executable, "-m", "kyufu.cli.main", "serve", "--host", "0.0.0.0"]
    env = environment("kyufu") | {"KYUFU_ALLOWED_HOSTS": "kyufu.city.example", "KYUFU_TRUSTED_PROXIES": ""}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert "KYUFU_TRUSTED_PROXIES" in done.stderr


def test_schema_without_tables_is_not_served() -> None:
    command = [sys.executable, "-m", "kyufu.cli.main", "serve", "--port", str(free_port())]
    env = environment(f"kyufu_test_{uuid4().hex[:12]}")
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert "kyufu database start" in done.stderr

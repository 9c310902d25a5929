"""Person search and person page of the real server under 20 clerks, each pausing a second between two requests.

The city (KYUFU_BENCH_PERSONS, 4,000,000 unless set) is made once and kept; KYUFU_BENCH_SECONDS is how long is
measured (30 unless set). The limit is on what the server takes, by its own log of requests. Beside it stands what
the clerks waited for, over loopback: with the way, the wait for a free process, and the load generator's own work.
"""

from __future__ import annotations

import html
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from random import Random
from threading import Event
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from bench import Figure
from bench.web_city import COMMON, PASSWORD, USERS, schema_of
from kyufu.platform import clock

ROOT = Path(__file__).resolve().parents[1]
PERSONS = 4_000_000
SECONDS = 30
WARM_UP = 5
PAUSE = 1.0
MOST_MS = 100.0
WORKERS, THREADS = 2, 2
BARE, PERSON, SEARCH = "bare", "person", "search"
_ROUTES = {"GET /people/": BARE, "POST /people/": SEARCH, "GET /people/<str:token>/": PERSON}
_SERVED = re.compile(r"kyufu\.web\.access (\S+ \S+) 200 (\d+)ms$")
CHOSEN = "Asagao-to-Kingyo-29-ban"
LINK = re.compile(r'<th scope="row"><a href="(/people/[^"]+)"')
_SECRET = re.compile(r"<code>([A-Z2-7]{32})</code>")


def run() -> list[Figure]:
    """Make the city, serve it, and have the clerks look people up."""
    persons = _persons()
    made = _made(persons)
    with _served(persons) as port:
        clerks = _signed_in(made["staff"], port=port)
        try:
            _look_up(clerks, persons=persons, seconds=WARM_UP)
            warm = _log().stat().st_size
            asked = _look_up(
                clerks, persons=persons, seconds=float(os.environ.get("KYUFU_BENCH_SECONDS", SECONDS))
            )
        finally:
            for clerk in clerks:
                clerk.sign_out()
    served = served_times(_log().read_bytes()[warm:].decode().splitlines())
    size = f"{persons:,}人、職員{USERS}人、{WORKERS}プロセス"
    return list(figures_of(served, asked=asked, size=size, filling=float(made["seconds"])))


def _log() -> Path:
    return Path(settings.VAR_DIR) / "bench" / "web" / "serve.log"


def _persons() -> int:
    return int(os.environ.get("KYUFU_BENCH_PERSONS", PERSONS))


def _environment(persons: int) -> dict[str, str]:
    paths = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    return {
        **os.environ, "KYUFU_SCHEMA": schema_of(persons), "KYUFU_VAR": str(settings.VAR_DIR),
        "KYUFU_BENCH_PERSONS": str(persons), "PYTHONPATH": paths,
    }  # fmt: skip


def _made(persons: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.web_city"]
    done = subprocess.run(command, env=_environment(persons), stdout=subprocess.PIPE, check=True, cwd=ROOT)
    return dict(json.loads(done.stdout.splitlines()[-1]))


@contextmanager
def _served(persons: int) -> Iterator[int]:
    """The real server in processes of its own; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "kyufu.cli.main", "serve", "--port", str(port),
               "--workers", str(WORKERS), "--threads", str(THREADS)]  # fmt: skip
    with _log().open("wb") as log:
        process = subprocess.Popen(command, env=_environment(persons), stdout=log, stderr=log, cwd=ROOT)
        try:
            _wait_for(port, process=process)
            yield port
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_for(port: int, *, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError("kyufu serve ended; see var/bench/web/serve.log")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("kyufu serve does not listen")


@dataclass
class Clerk:
    """A browser of one clerk; each request is a connection of its own, and its time counts."""

    port: int
    staff_no: str
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, *, form: dict[str, str] | None = None) -> tuple[int, str, float]:
        """One request, a POST where a form is sent: status, text, milliseconds."""
        method = "GET" if form is None else "POST"
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if form is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"http://localhost:{self.port}",
            }
            body = urlencode({"csrfmiddlewaretoken": self.cookies["csrf"], **form})
        headers["Host"] = f"localhost:{self.port}"
        began = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        taken = (time.perf_counter() - began) * 1000
        connection.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
        return answer.status, text, taken

    def sign_in(self, secrets: dict[str, str]) -> None:
        """Sign in with both factors; for the first time with a password and an app of one's own."""
        self.ask("/sign-in/")
        known = self.staff_no in secrets
        self._send("/sign-in/", {"login": self.staff_no, "password": CHOSEN if known else PASSWORD})
        if known:
            self._send("/sign-in/second-factor/", {"code": self._code(secrets[self.staff_no])})
            return
        self._send("/account/password/", {"oldpassword": PASSWORD, "password1": CHOSEN, "password2": CHOSEN})
        _, page, _ = self.ask("/account/app/")
        secrets[self.staff_no] = _SECRET.findall(page)[0]
        self._send("/account/app/", {"code": self._code(secrets[self.staff_no])})

    def _code(self, secret: str) -> str:
        from kyufu.demo.visits import one_time_code

        return one_time_code(secret, at=clock.current_instant())

    def _send(self, path: str, form: dict[str, str]) -> None:
        status, text, _ = self.ask(path, form=form)
        if status != http.client.FOUND:
            raise RuntimeError(f"{self.staff_no}: {path} answered {status}: {text[-2000:]}")

    def sign_out(self) -> None:
        """End the session, so that the next run may begin one."""
        self.ask("/sign-out/", form={})


def _signed_in(staff: list[str], *, port: int) -> list[Clerk]:
    """The clerks, signed in; the secrets of their apps are kept beside the city."""
    kept = Path(settings.VAR_DIR) / "bench" / "web" / f"{schema_of(_persons())}-apps.json"
    secrets = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    clerks = [Clerk(port, staff_no) for staff_no in staff]
    for clerk in clerks:
        clerk.sign_in(secrets)
        kept.write_text(json.dumps(secrets), encoding="utf-8")
    return clerks


def _searches(chance: Random, *, persons: int) -> dict[str, Callable[[], dict[str, str]]]:
    """What clerks type, by kind: common surnames as often as they are common, and everything else about persons."""
    common = [one.split("/") for one in COMMON.split()]
    weights = [int(one[2]) for one in common]

    def name(part: int) -> str:
        return chance.choices(common, weights)[0][part]

    def day() -> str:
        return f"{chance.randrange(1940, 2025)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"

    def town() -> str:

        return chance.choice(("本町", "東町", "緑台", "桜台", "港町", "旭台", "若葉町"))

    def ward() -> str:
        return chance.choice("鶴神西中南保磯金港戸旭緑瀬栄泉青都")

    return {
        "kana": lambda: {"text": name(1)},
        "kana_full": lambda: {"text": name(1) + chance.choice(("ハルト", "ミサキ", "ケン", "ヒナ"))},
        "kanji": lambda: {"text": name(0)},
        "birth_date": lambda: {"text": day()},
        "name_and_birth_date": lambda: {"text": name(1), "birth_date": day()},
        "addressee_no": lambda: {"text": str(chance.randrange(1, persons))},
        "address": lambda: {"text": f"{ward()}{town()}{chance.randrange(1, 8)}-{chance.randrange(1, 61)}"},
        "name_and_address": lambda: {"text": name(1), "address": f"{ward()}{town()}"},
        "near_miss": lambda: {"text": name(1), "similar": "1"},
    }


def _look_up(clerks: list[Clerk], *, persons: int, seconds: float) -> dict[str, list[float]]:
    """Milliseconds that the clerks waited, by kind of request."""
    enough = Event()
    with ThreadPoolExecutor(len(clerks)) as pool:
        running = [
            pool.submit(_work, clerk, chance=Random(number), persons=persons, enough=enough)
            for number, clerk in enumerate(clerks)
        ]
        time.sleep(seconds)
        enough.set()
        done = [one.result() for one in running]
    taken: dict[str, list[float]] = {}
    for of_clerk in done:
        for kind, milliseconds in of_clerk:
            taken.setdefault(kind, []).append(milliseconds)
    return taken


def _work(clerk: Clerk, *, chance: Random, persons: int, enough: Event) -> list[tuple[str, float]]:
    """Search, pause, the bare page of the search, pause, open a person found, pause."""
    kinds = _searches(chance, persons=persons)
    found: list[tuple[str, float]] = []

    def step(kind: str, path: str, *, form: dict[str, str] | None = None) -> str:
        status, text, milliseconds = clerk.ask(path, form=form)
        if status != http.client.OK:
            raise RuntimeError(f"{kind} answered {status}")
        found.append((kind, milliseconds))
        enough.wait(PAUSE)
        return text

    enough.wait(chance.random() * PAUSE)
    while not enough.is_set():
        kind = chance.choice(list(kinds))
        page = step(kind, "/people/", form={"purpose": "application", **kinds[kind]()})
        if links := LINK.findall(page):
            step(PERSON, html.unescape(chance.choice(links)))
        step(BARE, "/people/")
    return found


def served_times(lines: Iterable[str]) -> dict[str, list[float]]:
    """Milliseconds that the server itself took, by kind of page, from the lines of its log of requests."""
    found: dict[str, list[float]] = {}
    for line in lines:
        logged = _SERVED.search(line)
        if logged and logged[1] in _ROUTES:
            found.setdefault(_ROUTES[logged[1]], []).append(float(logged[2]))
    return found


def figures_of(
    served: dict[str, list[float]], *, asked: dict[str, list[float]], size: str, filling: float
) -> Iterator[Figure]:
    """What the server took against the limit, what clerks waited for beside it, and how many times a bare page it is.

    `asked` is by kind of search, BARE and PERSON; its times hold the way there and back and the generator's own.
    """
    together = {BARE: asked[BARE], PERSON: asked[PERSON], SEARCH: []}
    for kind, found in asked.items():
        if kind not in (BARE, PERSON):
            together[SEARCH] += found
    for name in (SEARCH, PERSON, BARE):
        here = served[name]
        note = f"サーバー {_spread(here)}、利用者側 {_spread(together[name])}、{len(here)}回"
        yield Figure(
            f"web.{name}.p95",
            percentile(here, percent=95),
            "ms",
            None if name == BARE else MOST_MS,
            "max",
            note,
        )
    bare = max(1.0, percentile(served[BARE], percent=95))
    for name in (SEARCH, PERSON):
        yield Figure(
            f"web.{name}.times_bare",
            percentile(served[name], percent=95) / bare,
            "倍",
            None,
            "max",
            "何もない画面の",
        )
    for name, found in sorted(asked.items()):
        if name not in (BARE, PERSON):
            note = f"利用者側 {_spread(found)}、{len(found)}回"
            yield Figure(f"web.{SEARCH}.{name}.p95", percentile(found, percent=95), "ms", None, "max", note)
    yield Figure("web.filling", filling, "秒", None, "max", f"{size}。表を作ったときに1回だけ")


def _spread(values: list[float]) -> str:
    return "/".join(f"{percentile(values, percent=percent):.0f}" for percent in (50, 95, 99)) + "ms"


def percentile(values: list[float], *, percent: int) -> float:
    """The value that so many percent of the values do not exceed; 0 of none."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, len(ranked) * percent // 100)] if ranked else 0.0

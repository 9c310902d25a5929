"""A city that is served by a real process, and the system's Chromium in which a test works as a clerk does."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, FloatRect, Page, Playwright

from kyufu.demo.staff import Credentials, read_credentials
from kyufu.demo.visits import one_time_code
from kyufu.platform import clock
from tests.journeys.city_run import KYUFU, CityRun

HOST = "127.0.0.1"
MANUAL = Path(__file__).resolve().parents[2] / "docs" / "ja" / "images"
RESIDENTS = 800
# Seconds. The machine may be slow and loaded; a wait that is over earlier ends earlier.
TO_MAKE_A_CITY, TO_START, TO_STOP = 900, 120, 30
PATIENCE_MS = 60_000
SCREEN = {"width": 1366, "height": 768}
# What the manual shows of a screen: its upper part, which is small enough for the documents.
PICTURE: FloatRect = {"x": 0, "y": 0, "width": 1366, "height": 600}
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--no-first-run",
    "--disable-component-update", "--disable-sync", "--font-render-hinting=none",
)  # fmt: skip
SERIOUS = ("serious", "critical")
# Sizes in rem follow the width of the window as at a counter; what is measured is the page, not a frame around it.
OVERFLOWS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
  <match target="pattern"><edit name="family" mode="append" binding="weak"><string>IPAexGothic</string></edit></match>
</fontconfig>
"""


@dataclass(frozen=True)
class ServedCity:
    """A demonstration that ran to its end and is served at an origin, by its own ordinary database account."""

    city: CityRun
    origin: str

    def credentials_of(self, staff_no: str) -> Credentials:
        """What the demonstration printed for the person."""
        return read_credentials(self.city.var / "demo")[staff_no]

    def code_of(self, staff_no: str) -> str:
        """What the person's authenticator app shows now; a code that was used a moment ago is forgotten as used."""
        self.forget_attempts()
        return one_time_code(self.credentials_of(staff_no).totp_secret, at=clock.current_instant())

    def forget_attempts(self) -> None:
        """Forget the codes that were used, and how often somebody tried."""
        with self.city.connect() as connection:
            connection.execute("DELETE FROM web_cache")

    def end_sessions(self, staff_no: str) -> None:
        """End the person's sessions as idle time would: the next page says that the session has ended."""
        with self.city.connect() as connection:
            connection.execute(
                """DELETE FROM staff_session WHERE account_id =
                   (SELECT id FROM staff_account WHERE staff_no = %s)""", [staff_no],
            )  # fmt: skip


@contextmanager
def served(city: CityRun) -> Iterator[ServedCity]:
    """Serve a finished city at a free port; the server and its workers are gone afterwards, whatever happened."""
    port = free_port()
    log = city.var / "serve.log"
    command = [*KYUFU, "serve", "--host", HOST, "--port", str(port)]
    with log.open("w", encoding="utf-8") as lines:
        process = subprocess.Popen(
            command, env=city.environment, stdout=lines, stderr=lines, start_new_session=True
        )
    try:
        _wait_for(process, port=port, log=log)
        yield ServedCity(city, f"http://{HOST}:{port}")
    finally:
        _stop(process)


def _wait_for(process: subprocess.Popen[bytes], *, port: int, log: Path) -> None:
    deadline = time.monotonic() + TO_START
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(f"the server did not start: {log.read_text(encoding='utf-8')[-2000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=TO_STOP)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=TO_STOP)


def free_port() -> int:
    """A port of this machine at which nobody listens."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def chromium_path() -> str:
    """The system's Chromium: what KYUFU_CHROMIUM names, or the first that is there."""
    named = os.environ.get("KYUFU_CHROMIUM", "")
    found = named or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), "")
    assert found, "Chromium is missing: apt-get install chromium, or name one in KYUFU_CHROMIUM"
    return found


def launch_chromium(playwright: Playwright) -> Browser:
    """Start Chromium with a new profile and with the Japanese font of our own dependencies."""
    folder = Path(settings.VAR_DIR) / "browser"
    folder.mkdir(parents=True, exist_ok=True)
    # Looked up and not imported: the package would load a drawing library that is not installed.
    package = find_spec("matplotlib_fontja")
    assert package and package.origin
    fonts = Path(package.origin).parent / "fonts"
    file = folder / "fonts.conf"
    file.write_text(FONTS.format(fonts=fonts, cache=folder / "fonts"), encoding="utf-8")
    return playwright.chromium.launch(
        executable_path=chromium_path(),
        args=[*CHROMIUM_ARGUMENTS],
        env={**os.environ, "FONTCONFIG_FILE": str(file)},
        timeout=PATIENCE_MS,
    )


@dataclass
class Desk:
    """A place to work at: windows onto the served city, all closed when the test ends."""

    served: ServedCity
    browser: Browser
    _contexts: list[BrowserContext] = field(default_factory=list)

    def window(self, **wishes: Any) -> Page:
        """A new window of its own, 1366 x 768 in Japanese; `wishes` are options of Playwright's `new_context`."""
        options = {"locale": "ja-JP", "timezone_id": "Asia/Tokyo", "viewport": SCREEN, **wishes}
        context = self.browser.new_context(base_url=self.served.origin, **options)
        self._contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.set_default_navigation_timeout(PATIENCE_MS)
        return context.new_page()

    def sign_in(self, staff_no: str, **wishes: Any) -> Page:
        """A window in which the person has signed in through the pages, with password and one-time code, at home."""
        page = self.window(**wishes)
        page.goto("/sign-in/")
        self.sign_in_at(page, staff_no=staff_no)
        return page

    def sign_in_at(self, page: Page, *, staff_no: str) -> None:
        """Sign in at a window that shows the page of sign-in; a session that is open elsewhere is taken over."""
        page.get_by_label("職員番号").fill(staff_no)
        page.get_by_label("パスワード").fill(self.served.credentials_of(staff_no).password)
        page.get_by_role("button", name="次へ").click()
        page.get_by_label("6桁").fill(self.served.code_of(staff_no))
        page.get_by_role("button", name="サインインする").click()
        take_over = page.get_by_role("button", name="ここで始める")
        arrived = page.get_by_role("navigation", name="メニュー")
        take_over.or_(arrived).first.wait_for(state="attached")
        if take_over.count():
            take_over.click()
            arrived.wait_for(state="attached")

    def close(self) -> None:
        """Close every window."""
        for context in self._contexts:
            context.close()


@dataclass
class Camera:
    """Takes the pictures of a journey, in their order: var/screenshots/<journey>/<nn>-<name>.png."""

    journey: str
    taken: int = 0

    def __call__(self, page: Page, name: str, *, manual: str = "", at: str = "") -> Path:
        """Take a picture of the whole page; `manual` names what is seen of it in the clerks' manual, from `at` on.

        The manual's pictures are written by KYUFU_MANUAL=1 alone, so that a test run does not change the documents.
        """
        if manual and os.environ.get("KYUFU_MANUAL"):
            page.evaluate("at => document.querySelector(at || 'body').scrollIntoView()", at)
            page.screenshot(path=MANUAL / f"{manual}.png", clip=PICTURE, timeout=PATIENCE_MS)
        self.taken += 1
        folder = Path(settings.VAR_DIR) / "screenshots" / self.journey
        file = folder / f"{self.taken:02d}-{name}.png"
        page.screenshot(path=file, full_page=True, timeout=PATIENCE_MS)
        return file


class Shot(Protocol):
    """What takes the pictures of a journey."""

    def __call__(self, page: Page, name: str, *, manual: str = "", at: str = "") -> Path: ...


def axe(page: Page) -> list[str]:
    """What axe-core finds serious or critical on the page: rule, what it says, and the elements."""
    page.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate(
        "axe.run({resultTypes: ['violations']}).then(r => r.violations)"
    )
    return [
        f"{one['id']} ({one['impact']}): {one['help']}: {[node['html'][:200] for node in one['nodes'][:5]]}"
        for one in found
        if one["impact"] in SERIOUS
    ]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window: more than 0 makes a clerk scroll sideways."""
    return int(page.evaluate(OVERFLOWS))

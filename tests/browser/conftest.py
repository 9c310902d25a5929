"""Journeys of a clerk in the system's Chromium, on one served city for all of them. How to write one:

    def test_a_clerk_finds_a_child(desk: Desk, shot: Shot) -> None:
        page = desk.sign_in("madoguchi")                       # signed in through the real pages, at home
        page.get_by_role("link", name="個人の検索").first.click()   # find things as a clerk sees them: role and words
        page.get_by_label("氏名").fill("山田")
        page.get_by_role("button", name="検索").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("個人の検索")
        shot(page, "found")                                    # var/screenshots/test_<module>/01-found.png
        assert axe(page) == []

- `served_city` (session): a demonstration of about 800 residents in a schema of its own, and `kyufu serve` as a real
  process. `served_city.city` is a CityRun: `rows(sql)` looks into the tables as an outsider. All journeys share it, in
  any order: make what you need (another child, another application), leave what others may look for, count nothing.
- `desk` (test): windows, closed when the test ends. `desk.sign_in(staff_no, **options)`; the people are in
  demo/people.toml. One person has one session: signing in again takes it over. Two clerks at once are two people.
  `desk.window(java_script_enabled=False)`, `viewport={...}` and so on are Playwright's `new_context`.
- `shot(page, name)` takes a picture in a folder named after the test file; `shot_into("journey")` names the folder.
- `maternity` has children with nothing in hand (births.py): `child()` for one that no other journey meets. What a clerk
  does at the counter is in counter.py, by the words on the screens: `apply_for(page, number)` is a whole application.
- `axe(page)` returns what is serious; `overflow(page)` by how much a page is too wide. Both from tests.browser.driving.
- Wait by `expect(...)` and by locators, which wait 60 seconds by themselves. Never sleep. Do not use Django's ORM or
  its test client in these tests: Playwright runs a loop in the thread, and Django refuses. Use `city.rows(...)`.
- Every test of this folder is slow, and all run on one worker of a parallel run (tests/conftest.py): there is one city.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.births import Maternity, have_children_born
from tests.browser.driving import (
    PATIENCE_MS,
    RESIDENTS,
    TO_MAKE_A_CITY,
    Camera,
    Desk,
    ServedCity,
    Shot,
    launch_chromium,
    served,
)
from tests.journeys.city_run import CityRun, fresh_schema, shared_server


@pytest.fixture(scope="package")
def served_city() -> Iterator[ServedCity]:
    """A demonstration that ran to its end, served by a real process, for all journeys."""
    folder = Path(tempfile.mkdtemp(prefix="kyufu-browser-"))
    city = CityRun(folder, fresh_schema(), shared_server())
    try:
        done = subprocess.run(
            city.command("--residents", str(RESIDENTS)),
            env=city.environment, capture_output=True, text=True, timeout=TO_MAKE_A_CITY,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        with served(city) as found:
            yield found
    finally:
        city.remove()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="package")
def maternity(served_city: ServedCity) -> Maternity:
    """Children with nothing in hand, each handed out once."""
    return have_children_born(served_city.city)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The browser; gone before tests of other folders, whose Django would refuse beside Playwright's loop."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        yield browser
        browser.close()


@pytest.fixture
def desk(served_city: ServedCity, chromium: Browser) -> Iterator[Desk]:
    """A place to work at."""
    made = Desk(served_city, chromium)
    yield made
    made.close()


@pytest.fixture
def shot_into() -> Callable[[str], Shot]:
    """Makes a camera for a folder of pictures."""
    return Camera


@pytest.fixture(scope="module")
def shot(request: pytest.FixtureRequest) -> Shot:
    """A camera whose pictures lie in the folder of this test file, numbered in the order they were taken."""
    return Camera(request.path.stem.removeprefix("test_"))

"""The search and the page of a person as the server makes them, with the log and without it, in turns."""

from __future__ import annotations

import html
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from time import perf_counter
from typing import Any
from unittest.mock import patch
from uuid import UUID

from bench.web import LINK, Clerk
from bench.web_city import MAKER, hire_staff
from kyufu.platform.access import ACCESS, Access, Channel

PERSONS = 200
WARM_UP = 10
MAKING = Access(MAKER, "計測機", Channel.COMMAND, "bench", "計測", UUID(int=1))


@dataclass(slots=True)
class Served:
    """A kind of page: how often it was asked for each way, and the seconds of all with and without the log."""

    name: str
    label: str
    count: int = 0
    logged: float = 0.0
    plain: float = 0.0


class CounterClerk(Clerk):
    """A clerk whose browser is within this process: every middleware, view and template is the server's own."""

    def __init__(self, staff_no: str) -> None:
        from django.test import Client

        super().__init__(0, staff_no)
        self.client = Client(SERVER_NAME="localhost")

    def ask(self, path: str, *, form: dict[str, str] | None = None) -> tuple[int, str, float]:
        """One request, a POST where a form is sent: status, text, milliseconds."""
        began = perf_counter()
        answer: Any = self.client.get(path) if form is None else self.client.post(path, form)
        taken = (perf_counter() - began) * 1000
        return answer.status_code, answer.content.decode(), taken


def look_up() -> list[Served]:
    """Have a clerk of the present schema search for persons and open their pages, each once each way."""
    from django.db import connection

    from kyufu.audit.api import acting

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SELECT addressee_no FROM registry_addressee ORDER BY id")
        numbers = [row[0] for row in cursor.fetchall()]
    with acting(MAKING):
        clerk = CounterClerk(hire_staff()[0])
    logging.getLogger("kyufu.web.access").setLevel(logging.WARNING)
    clerk.sign_in({})
    search, person = Served("search", "個人の検索"), Served("page", "個人の画面")
    for turn, number in enumerate(Random(1).sample(numbers, WARM_UP + PERSONS)):
        if turn == WARM_UP:
            search, person = Served(search.name, search.label), Served(person.name, person.label)
        text = time_both_ways(
            search, clerk=clerk, path="/people/", form={"purpose": "application", "text": number}
        )
        time_both_ways(person, clerk=clerk, path=html.unescape(LINK.findall(text)[0]))
    return [search, person]


def time_both_ways(page: Served, *, clerk: Clerk, path: str, form: dict[str, str] | None = None) -> str:
    """Ask for a page with the log and without, the first of them in turns; its text."""
    page.count += 1
    for logged in (True, False) if page.count % 2 else (False, True):
        if logged:
            status, text, taken = clerk.ask(path, form=form)
            page.logged += taken / 1000
        else:
            with nothing_recorded():
                status, text, taken = clerk.ask(path, form=form)
            page.plain += taken / 1000
        if status != 200:
            raise RuntimeError(f"{page.name} answered {status}")
    return text


@contextmanager
def nothing_recorded() -> Iterator[None]:
    """Screens read as somebody, which is noted and thrown away."""
    with patch("kyufu.web.screens.acting", _unrecorded):
        yield


@contextmanager
def _unrecorded(access: Access) -> Iterator[None]:
    from kyufu.audit.reading import READING, Reading

    access_token, reading_token = ACCESS.set(access), READING.set(Reading())
    try:
        yield
    finally:
        READING.reset(reading_token)
        ACCESS.reset(access_token)

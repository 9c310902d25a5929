"""Sends something hostile by a form or an address, and says what is wrong with the answer."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from time import perf_counter
from typing import Any, NamedTuple
from urllib.parse import quote

from tests.attacks.crawl import Field, Form, Site
from tests.attacks.payloads import BETRAYALS, SLEEP
from tests.attacks.undoing import undone
from tests.web.town import Person

TOKENS = re.compile(r"[A-Za-z0-9_-]{22,}")


class Answer(NamedTuple):
    """What came back: `status` 0 for an error that no handler turned into a page."""

    status: int
    text: str
    seconds: float


def send(person: Person, path: str, *, data: Mapping[str, Any], method: str = "post") -> Answer:
    """Send, and undo whatever it did."""
    began = perf_counter()
    with undone():
        try:
            answer = person.post(path, dict(data)) if method == "post" else person.get(path, data=dict(data))
        except Exception as error:  # noqa: BLE001 - any error at all is what is looked for
            return Answer(0, repr(error), perf_counter() - began)
    text = answer.content.decode(errors="replace") if answer.status_code != 302 else answer["Location"]
    return Answer(answer.status_code, text, perf_counter() - began)


def faults(answer: Answer, *, payload: str) -> list[str]:
    """What is wrong with an answer to something hostile, whatever it was."""
    said = answer.text.replace(payload, "").replace(html.escape(payload), "")
    found = [f"betrays {word!r}" for word in BETRAYALS if word in said and word not in payload]
    if answer.status == 0 or answer.status >= 500:
        found.append(f"status {answer.status}: {answer.text[:160]}")
    if answer.seconds > SLEEP:
        found.append(f"took {answer.seconds:.1f} s")
    return found


def targets(site: Site) -> Iterator[tuple[str, Form]]:
    """One form for each screen, the one with the most fields, with the name of the screen."""
    for code, forms in sorted(site.forms.items()):
        yield code, max(forms, key=lambda form: len(form.fields))


def attacked(form: Form) -> list[Field]:
    """The fields that a hostile value goes into: all but the token of the form."""
    return [one for one in form.fields if one.name != "csrfmiddlewaretoken"]


def same_shape(text: str, *, payload: str) -> str:
    """A page without what was typed, the tokens of forms and addresses, and the time."""
    for form in (payload, html.escape(payload), quote(payload)):
        text = text.replace(form, "")
    return re.sub(r"\d", "0", TOKENS.sub("", text))


def every_field(site: Site) -> Iterator[tuple[str, Form, Field]]:
    """Each field that a hostile value goes into, with its form and the name of the screen."""
    for code, form in targets(site):
        for one in attacked(form):
            yield code, form, one

"""An intake as a clerk does it, for the tests: find the address, fill the form, confirm, receive."""

from __future__ import annotations

import re
from typing import Any

from kyufu.cases import api as cases
from kyufu.platform import clock
from kyufu.web.pages.stated import Ticket
from kyufu.web.tokens import token_for
from tests.cases.world import WARD, Family
from tests.web.pages.reading import read
from tests.web.town import Person

KINDS = ("new", "change", "loss", "reissue", "withdrawal")
IDENTITY = {
    "number_document": "my_number_card",
    "identity_document": "my_number_card",
    "seen": "original",
    "explained": "on",
}


def address(person: Person, child: int, *, kind: str = "new", purpose: str = "application") -> str:
    """The address of the intake of a kind for somebody."""
    token = token_for(kind="person", key=Ticket(child, purpose, "").key, account_id=person.account_id)
    return f"/people/{token}/intake/{kind}/"


def completion(person: Person, application_id: int) -> str:
    """The address at which an application is completed."""
    token = token_for(kind="application", key=application_id, account_id=person.account_id)
    return f"/applications/{token}/complete/"


def filled(family: Family, **items: Any) -> dict[str, Any]:
    """A form with everything on it; `items` replace its fields, None leaves one out."""
    typed = {
        "received_on": clock.current_date_in_japan().isoformat(),
        "channel": "counter",
        "ward": WARD,
        "applicant": str(family.father),
        "applicant_relation": "father",
        "second": "nobody",
        **IDENTITY,
        **items,
    }
    return {name: value for name, value in typed.items() if value is not None}


def digest_on(answer: Any) -> str:
    """The digest that a confirmation carries."""
    found = re.search(r'name="confirmed" value="([0-9a-f]{64})"', answer.content.decode())
    assert found is not None, answer.content.decode()
    return found[1]


def confirm(person: Person, path: str, typed: dict[str, Any]) -> Any:
    """The page of confirmation for what was typed."""
    answer = person.post(path, {**typed, "step": "confirm"})
    assert answer.status_code == 200, read(answer).text
    return answer


def receive_at_once(person: Person, path: str, typed: dict[str, Any], *, digest: str = "") -> Any:
    """Confirm and receive; the answer of the second step, whose confirmation is `digest` or asked for here."""
    digest = digest or digest_on(confirm(person, path, typed))
    return person.post(path, {**typed, "step": "receive", "confirmed": digest})


def latest(family: Family) -> cases.ApplicationRow:
    """The application that was received last for the child."""
    return cases.applications_about([family.child])[0]

"""Work on cases through the pages: open one, press a button of it, and see what was written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection

from kyufu.web.pages.stated import Ticket
from kyufu.web.tokens import token_for
from tests.web.pages.reading import Page, read
from tests.web.town import Person

UNWATCHED = ("audit_", "platform_web", "web_", "django_session", "staff_", "usersessions")


def address_of(person: Person, application_id: int, *, act: str = "") -> str:
    """The address of an application, or of an act on it, for somebody."""
    token = token_for(kind="application", key=application_id, account_id=person.account_id)
    return f"/applications/{token}/{act and act + '/'}"


def person_address(person: Person, addressee_id: int, *, act: str) -> str:
    """The address of something about a person, stated for an application."""
    key = Ticket(addressee_id, "application", "").key
    return f"/people/{token_for(kind='person', key=key, account_id=person.account_id)}/{act}/"


def page_of(person: Person, application_id: int, *, act: str = "") -> Page:
    """The page of an application."""
    answer = person.get(address_of(person, application_id, act=act))
    assert answer.status_code == 200, answer.status_code
    return read(answer)


def press(person: Person, page: Page, act: str, **typed: Any) -> Any:
    """Send the form of a page that goes to an act, with what is typed into it."""
    form = page.form_to(f"/{act}/")
    return person.post(form.action, {**form.fields, **typed})


def offers(page: Page) -> set[str]:
    """The acts on an application that a page has a form or a link for."""
    addresses = [*page.links, *(form.action for form in page.forms)]
    found = {one.rstrip("/").rpartition("/")[2] for one in addresses if one.startswith("/applications/")}
    return found & {
        "judge", "approve", "approval", "send-back", "issue", "close", "preview", "print", "pdf", "hand-over", "open",
    }  # fmt: skip


def values_of(page: Page, name: str) -> list[str]:
    """What the fields of a name hold, in the order of the page."""
    return [one["value"] for tag, one in page.tags if tag == "input" and one.get("name") == name]


def table_counts() -> Mapping[str, int]:
    """How many rows every table has, but those that record readings, sessions and attempts."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
        )
        names = [row[0] for row in cursor.fetchall() if not row[0].startswith(UNWATCHED)]
        counts: dict[str, int] = {}
        for name in names:
            cursor.execute(f'SELECT count(*) FROM "{name}"')
            counts[name] = cursor.fetchone()[0]
    return counts

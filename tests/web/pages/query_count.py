"""Counts the round trips of a page to the database, apart from what every page of the same person costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections

# What stands around every page: who asks, from where, the settings of the session and the record of the reads.
AROUND = (
    "django_session",
    "staff_",
    "set_config",
    "audit_",
    "web_cache",
    "SAVEPOINT",
    "django_content_type",
)


@contextmanager
def round_trips() -> Iterator[list[str]]:
    """The statements that are sent within, by whatever connection; COPY counts as one."""
    sent: list[str] = []

    def count(execute: Callable[..., Any], sql: str, params: object, many: bool, context: object) -> Any:
        sent.append(" ".join(str(sql).split()))
        return execute(sql, params, many, context)

    opened = [connections[alias].execute_wrapper(count) for alias in connections]
    for one in opened:
        one.__enter__()
    try:
        yield sent
    finally:
        for one in reversed(opened):
            one.__exit__(None, None, None)


def of_the_part(sent: list[str]) -> list[str]:
    """Those that read what the page is about, without what stands around every page."""
    return [sql for sql in sent if not any(word in sql for word in AROUND)]


def sent_for(act: Callable[[], Any]) -> list[str]:
    """The statements about the matter of a page that an act (a request) sends."""
    with round_trips() as sent:
        act()
    return of_the_part(sent)

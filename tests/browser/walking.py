"""Following the links of a window as far as they lead, each kind of page once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from playwright.sync_api import Page

# A sealed token, a number or a code of one object: pages that differ in it alone are of one kind.
OBJECT = re.compile(r"/(?:[\w-]{20,}|\d+)(?=/|$)")
LEFT_OUT = ("/sign-out/", "/csv/", "/static/", "/pdf/", "/file/")


def kind_of(address: str) -> str:
    """The address without what names an object, and without its query."""
    return OBJECT.sub("/*", urlsplit(address).path)


def walk(page: Page, *, known: set[str], limit: int) -> Iterator[str]:
    """Open up to so many pages that links lead to from home, and yield the kind of each while it is open.

    `known` are the kinds that were seen by somebody already; it grows. What is only for saving is left out.
    """
    waiting, tried, opened = ["/"], set(), 0
    while waiting and opened < limit:
        address = waiting.pop(0)
        if kind_of(address) in tried:
            continue
        tried.add(kind_of(address))
        page.goto(address)
        waiting += links_of(page)
        if kind_of(address) not in known or address == "/":
            known.add(kind_of(address))
            opened += 1
            yield kind_of(address)


def links_of(page: Page) -> list[str]:
    """The addresses of our own pages that the page links to."""
    found: list[str] = page.locator("a[href^='/']").evaluate_all(
        "all => all.map(one => one.getAttribute('href'))"
    )
    return [one for one in found if not any(part in one for part in LEFT_OUT)]

"""Read a page as a browser and a screen reader do: links, forms, labels, tables, and what would run as a script."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = {"input", "meta", "link", "br", "hr", "img"}
Attributes = dict[str, str]


@dataclass
class Form:
    """A form: where it goes, and what its fields hold at first; `buttons` are the addresses of its buttons."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)


@dataclass
class Page(HTMLParser):
    """What a page holds."""

    html: str
    links: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    title: str = ""
    headings: list[str] = field(default_factory=list)
    tags: list[tuple[str, Attributes]] = field(default_factory=list)
    bare_tables: int = 0
    words: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._within: list[str] = []
        self._table_captioned = True
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append((tag, found))
        if tag not in VOID:
            self._within.append(tag)
        if tag == "a" and found.get("href"):
            self.links.append(found["href"])
        if tag == "form":
            self.forms.append(Form(found.get("action", ""), found.get("method", "get")))
        if tag == "table":
            self._table_captioned = False
        if tag == "caption":
            self._table_captioned = True
        if tag in {"input", "select", "textarea"} and self.forms and found.get("name"):
            self.forms[-1].fields[found["name"]] = found.get("value", "")
        if tag == "button" and found.get("formaction"):
            self.forms[-1].buttons.append(found["formaction"])

    def handle_endtag(self, tag: str) -> None:
        if tag in self._within:
            while self._within.pop() != tag:
                pass
        if tag == "table" and not self._table_captioned:
            self.bare_tables += 1

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if "title" in self._within:
            self.title += data
        if self._within and self._within[-1] == "h1":
            self.headings.append(data.strip())

    @property
    def text(self) -> str:
        """All words of the page, as they are read."""
        return re.sub(r"\s+", " ", " ".join(self.words))

    def form_to(self, end: str) -> Form:
        """The form that goes to an address with this end."""
        return next(one for one in self.forms if one.action.endswith(end))

    def link_to(self, start: str) -> str:
        """The last link that begins so: those of the menu come first."""
        return [one for one in self.links if one.startswith(start) and one != start][-1]

    def unlabelled(self) -> list[str]:
        """Fields that no label names, and that are not hidden."""
        named = {attributes.get("for") for tag, attributes in self.tags if tag == "label"}
        return [
            attributes.get("name", "")
            for tag, attributes in self.tags
            if tag in {"input", "select", "textarea"}
            and attributes.get("type") != "hidden"
            and attributes.get("id") not in named
        ]

    def twice(self) -> list[str]:
        """Identifiers that stand more than once."""
        ids = [attributes["id"] for _, attributes in self.tags if "id" in attributes]
        return sorted({one for one in ids if ids.count(one) > 1 and one not in {"id_seen"}})

    def running(self) -> list[str]:
        """What a browser would run or draw past the policy: scripts, handlers, inline styles, addresses of code."""
        found = [tag for tag, attributes in self.tags if tag == "script" and not attributes.get("src")]
        for _, attributes in self.tags:
            found += [name for name in attributes if name.startswith("on") or name == "style"]
            found += [value for value in attributes.values() if value.lower().startswith("javascript:")]
        return found


def read(answer: Any) -> Page:
    """The page of an answer."""
    return Page(answer.content.decode())

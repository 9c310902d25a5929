"""Finds what there is to attack: pages and forms by following links, and what the addresses stand for."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from django.http import Http404
from django.urls import Resolver404, ResolverMatch, get_resolver, resolve, reverse
from django.urls.resolvers import URLPattern, URLResolver

from kyufu.staff.api import Level
from kyufu.web import pages
from kyufu.web.screens import Screen, all_screens
from kyufu.web.tokens import opened_token, token_for
from tests.attacks.hall import PERSON_HERE
from tests.registry.persons import addressee_no, my_number
from tests.web.town import Person

# What is typed into fields on the way, by name; a field of another name is left as it stands.
TYPED = {
    "text": "窓口",
    "purpose": "application",
    "case_no": "R8-1",
    "reason": "窓口での確認のため",
    "contacted_on": "2026-11-01",
    "caller": "母",
    "subject": "再交付",
    "content": "電話で問合せがあった",
    "follow_up_on": "2026-12-01",
    "note": "折り返し連絡した",
    "why": "窓口での確認のため",
    "first_day": "2026-11-01",
    "last_day": "2027-03-31",
    "addressee_no": addressee_no(PERSON_HERE),
    "request_no": "開示1",
    "question": "なぜ閲覧しましたか",
    "answer": "窓口で申請を受けました",
    "seed": "種",
    "size": "5",
    "staff_no": "S77777",
    "personnel_no": "P77777",
    "name": "新任 桃子",
    "kana": "シンニン モモコ",
    "code": "W77",
    "usable_from": "2026-11-20",
    "expires_on": "2027-03-31",
    "valid_from": "2026-11-20",
    "from_day": "2027-01-01",
    "changed_on": "2026-11-01",
    "received_on": "2026-11-01",
    "mailed_on": "2026-11-01",
    "first": "1",
    "last": "1",
    "checked": "on",
    "event_on": "2026-11-01",
    "agent_name": "代理 花子",
    "password": "Hatsukaino-Aikotoba-7",
    "network": "192.0.2.0/28",
    "fingerprint": "",
    "number": my_number(950),
    "tax_year": "R8",
    "obtained_on": "2026-11-01",
    "salary": "3,450,000",
    "insurer_no": "06130488",
    "starts_on": "2026-04-01",
    "judged_on": "2026-11-01",
    "received_from": "2026-01-01",
    "received_to": "2026-12-31",
    "handed_on": "2026-11-01",
    "reprint_reason": "紙づまり",
    "on": "2026-08-01",
    "issued_on": "",
    "issue_day": "2026-07-21",
    "change1-value": "60",
    "change1-first_day": "2027-08-01",
    "change1-last_day": "",
    "change1-source": "要綱の改正",
}
# What is typed on one screen alone, where the same name stands for something else.
TYPED_ON: Mapping[str, Mapping[str, str]] = {
    "income_add": {"blank_is_none": "on"},
    "income_correct": {"blank_is_none": "on"},
    "inquiries": {"tax_year": "2026"},
    "parameter_change_estimate": {"on": "2027-09-01"},
    "renewal_schedule_new": {"month": "8", "day": "1", "lead_days": "45", "issue_days": "12"},
    "trial": {"scheme_from": "2026-04-01", "g1-tax_year": "R8", "g1-salary": "3,450,000", "g2-declared": ""},
}
# The icon of every page, which keeps browsers from asking for one.
EMPTY_ICON = (("link", "data:,"),)
# A preview of a document, drawn by the typesetter and put into the page.
PICTURE = "data:image/png;base64,"
KIND = re.compile(r"[a-z][a-z_]{2,30}")


@dataclass
class Field:
    """A field of a form."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)


@dataclass
class Form:
    """A form of a page: where it goes, and with what."""

    action: str
    method: str
    fields: list[Field] = field(default_factory=list)
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The address it goes to, without a query."""
        return urlsplit(self.action).path

    def filled(self) -> dict[str, str]:
        """What a person would send: what stands there, what is typed, and the first thing to pick from."""
        filled: dict[str, str] = {}
        for one in self.fields:
            # Of the buttons of a group the first is pressed.
            if one.name != "csrfmiddlewaretoken" and not (one.kind == "radio" and one.name in filled):
                filled[one.name] = self.typed[one.name] if one.name in self.typed else _filled(one)
        return filled


def _filled(one: Field) -> str:
    if one.name in TYPED and one.kind != "hidden":
        return TYPED[one.name]
    return one.value or next((option for option in one.options if option), "")


class Page(HTMLParser):
    """A page as a browser reads it: links, forms, and everything that could run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.running: list[str] = []
        self._select: Field | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element is good for."""
        known = {name: value or "" for name, value in attrs}
        self._note_running(tag, known=known)
        if tag == "a" and known.get("href"):
            self.links.append(known["href"])
        elif tag == "form":
            self.forms.append(Form(known.get("action", ""), known.get("method", "get").lower()))
        elif self.forms:
            self._note_field(tag, known=known)

    def _note_field(self, tag: str, *, known: Mapping[str, str]) -> None:
        name = known.get("name", "")
        if known.get("formaction"):
            self._note_other_way(known["formaction"])
        if tag == "option" and self._select is not None:
            self._select.options.append(known.get("value", ""))
        elif tag in {"input", "textarea", "select", "button"} and name:
            found = Field(name, known.get("type", tag), known.get("value", ""))
            self.forms[-1].fields.append(found)
            self._select = found if tag == "select" else self._select

    def _note_other_way(self, action: str) -> None:
        """A button that sends the same fields to another address."""
        self.forms.append(Form(action, self.forms[-1].method, list(self.forms[-1].fields)))

    def _note_running(self, tag: str, *, known: Mapping[str, str]) -> None:
        if tag == "script" and "src" not in known and known.get("type") != "application/json":
            self.running.append("script without src")
        if tag in {"iframe", "object", "embed", "base"} or (tag == "style") or "style" in known:
            self.running.append(f"{tag} {sorted(known)}")
        self.running += [f"{tag} {name}" for name in known if name.startswith("on")]
        self.running += [
            f"{tag} {name}={value[:40]}"
            for name, value in known.items()
            if name in ("href", "src", "action", "formaction", "data", "xlink:href")
            and re.match(r"\s*(javascript|vbscript|data):", value, re.IGNORECASE)
            and (tag, value) not in EMPTY_ICON
            and not (tag == "img" and value.startswith(PICTURE))
        ]


@dataclass(frozen=True)
class Place:
    """A screen with the object it is opened for: `kind` and `key` are what the token of its address stands for."""

    code: str
    kind: str = ""
    key: str = ""

    def path(self, person: Person) -> str:
        """The address of it for somebody."""
        if not self.kind:
            return reverse(self.code)
        token = token_for(kind=self.kind, key=self.key, account_id=person.account_id)
        return reverse(self.code, kwargs={"token": token})


@dataclass
class Site:
    """All that was found: places by screen, and the forms that lead to each screen with the page they stand on."""

    places: dict[str, list[Place]] = field(default_factory=dict)
    forms: dict[str, list[Form]] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)

    def note(self, place: Place) -> None:
        """Remember a place once."""
        known = self.places.setdefault(place.code, [])
        if place not in known:
            known.append(place)

    @property
    def codes(self) -> list[str]:
        """The screens that were reached."""
        return sorted(self.places)


# So many objects of a screen are looked at; the next family's page shows no other link than the last one's.
EACH = 20


def crawl(person: Person, *, limit: int = 600) -> Site:
    """Follow every link, and send every form that only asks, from the home page on."""
    site, waiting, seen = Site(), ["/"], set[str]()
    looked = Counter[str]()
    while waiting:
        path = waiting.pop(0)
        shape = _shape(path, person=person, site=site)
        place = place_of(urlsplit(path).path, person=person)
        if shape in seen or (place is not None and looked[place.code] >= EACH):
            continue
        seen.add(shape)
        looked.update([place.code] if place is not None else [])
        assert len(seen) < limit, "more pages than the crawl may look at"
        answer = person.get(path)
        if answer.status_code == 200 and "html" in answer["Content-Type"]:
            waiting += _found(answer.content.decode(), path=path, person=person, site=site)
    return site


def _found(text: str, *, path: str, person: Person, site: Site) -> list[str]:
    page = Page(text)
    site.pages[path] = text
    more = [urlsplit(link)._replace(fragment="").geturl() for link in page.links if link.startswith("/")]
    for form in page.forms:
        form.action = form.action or path.removeprefix("POST ")
        place = place_of(form.path, person=person)
        if place is None:
            continue
        site.note(place)
        form.typed = TYPED_ON.get(place.code, {})
        site.forms.setdefault(place.code, []).append(form)
        if form.method == "get":
            more.append(form.path)
        elif _only_asks(place.code) and f"POST {form.path}" not in site.pages:
            site.pages[f"POST {form.path}"] = ""
            answer = person.post(form.path, form.filled())
            if "html" in answer["Content-Type"]:
                more += _found(answer.content.decode(), path=f"POST {form.path}", person=person, site=site)
    return more


def _only_asks(code: str) -> bool:
    """Is it a screen that needs no more than the right to read: a search, or an export?"""
    here = next(one for one in all_screens() if one.code == code)
    return here.function is not None and here.level is Level.READ and here.opens is None


def _shape(path: str, *, person: Person, site: Site) -> str:
    place = place_of(urlsplit(path).path, person=person)
    if place is not None:
        site.note(place)
        return f"{place} {bool(urlsplit(path).query)}"
    return path


def place_of(path: str, *, person: Person) -> Place | None:
    """The screen and the object of an address; None for what is no screen."""
    match = _resolved(path)
    if match is None or not hasattr(match.func, "screen"):
        return None
    code = match.func.screen.code
    token = match.kwargs.get("token")
    return Place(code) if token is None else Place(code, *_opened(str(token), account_id=person.account_id))


def _resolved(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None


def _opened(token: str, *, account_id: int) -> tuple[str, str]:
    for kind in kinds():
        try:
            return kind, opened_token(token, kind=kind, account_id=account_id)
        except Http404:
            continue
    raise AssertionError("a token of a kind that no module of the pages names")


@cache
def kinds() -> tuple[str, ...]:
    """Every word that a module of the pages names, among them the kinds of its tokens."""
    words: set[str] = set()
    mounted = [module for name, module in sys.modules.items() if name.startswith(f"{pages.__name__}.")]
    for module in mounted:
        names = vars(module).values()
        words |= {value for value in names if isinstance(value, str) and KIND.fullmatch(value)}
    return tuple(sorted(words))


def screens() -> list[Screen]:
    """Every published screen, after the addresses were read, which publishes them."""
    list(patterns())
    return all_screens()


def patterns(resolver: Any = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the application as a pattern."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one, prefix + str(one.pattern))
        else:
            yield prefix + str(one.pattern), one


def concrete(pattern: str) -> str:
    """An address of a pattern with something in each of its parts."""
    return "/" + re.sub(r"<int:\w+>", "1", re.sub(r"<(str:)?\w+>", "AAAA", pattern))

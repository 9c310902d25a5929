"""A member of staff who opens every page that can be reached, and fills in every form with whatever comes to mind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from tests.protection.arguments import address_words, searches
from tests.web.town import Person

KEPT_AWAY = ("/sign-out/", "/account/", "/static/")
MOST_PAGES = 400
CLOSED_DOORS = frozenset({403, 404, 405, 500})
# The fields by which the search of persons is known.
LOOKED_UP_BY = frozenset({"text", "birth_date", "address", "kana"})
TYPED = {"on": "2026-08-01", "since": "2020-04-01", "until": "2027-03-31", "case_no": "2026-0000001"}


@dataclass
class Form:
    """A form: where it goes, and what each of its fields may hold."""

    action: str
    method: str
    choices: dict[str, list[str]] = field(default_factory=dict)


class _Reader(HTMLParser):
    """The links and forms of a page."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "a" and found.get("href"):
            self.links.append(found["href"])
        if tag == "form":
            self.forms.append(Form(found.get("action", ""), found.get("method", "get").lower()))
        if tag == "button" and found.get("formaction") and self.forms:
            self.forms.append(Form(found["formaction"], "post", self.forms[-1].choices))
        if not self.forms:
            return
        choices = self.forms[-1].choices
        if tag in {"input", "textarea"} and found.get("name"):
            choices.setdefault(found["name"], []).append(found.get("value", ""))
        if tag == "select":
            self._select = found.get("name", "")
        if tag == "option" and self._select:
            choices.setdefault(self._select, []).append(found.get("value", ""))


@dataclass
class Crawl:
    """What somebody saw: the text of every answer by address, and the screens that answered."""

    person: Person
    answers: list[tuple[str, str, str]] = field(default_factory=list)
    reached: set[str] = field(default_factory=set)

    def everything(self) -> Crawl:
        """Open all that can be reached from the first page, forms included."""
        # A page that breaks is looked at like any other: what it says of the failure must betray nothing either.
        self.person.client.raise_request_exception = False
        waiting, opened, sent = ["/"], set[str](), set[str]()
        while waiting and len(self.answers) < MOST_PAGES:
            path = waiting.pop(0)
            if path in opened:
                continue
            opened.add(path)
            page = self._open(path)
            waiting += page.links
            for form in page.forms:
                key = f"{form.method} {urlsplit(form.action).path}"
                if key not in sent:
                    sent.add(key)
                    waiting += [link for answer in self._send(form) for link in answer.links]
        return self

    def _open(self, path: str) -> _Reader:
        return self._seen(self.person.get(path), path=path, way="GET")

    def _send(self, form: Form) -> Iterator[_Reader]:
        """Send a form with each of the words that could betray something, or once where it asks for none."""
        path = urlsplit(form.action).path
        if not _is_ours(path):
            return
        for data in _filled(form):
            asks = form.method == "get"
            answer = self.person.get(path, data=data) if asks else self.person.post(path, data)
            yield self._seen(answer, path=path, way=form.method.upper(), typed=_typed(data))

    def _seen(self, answer: Any, *, path: str, way: str, typed: Iterable[str] = ()) -> _Reader:
        """Note an answer; what the user typed comes back in the field it was typed into, and tells nothing."""
        text = answer.content.decode("utf-8", errors="ignore")
        for word in typed:
            text = text.replace(word, "")
        screen = getattr(answer.resolver_match, "url_name", "") or ""
        self.answers.append((f"{way} {screen}", path, text + str(dict(answer.headers))))
        if answer.status_code not in CLOSED_DOORS:
            self.reached.add(screen)
        reader = _Reader(text)
        links = [urljoin(path, link) for link in [*reader.links, answer.headers.get("Location", "")] if link]
        reader.links = [link for link in links if _is_ours(link)]
        reader.forms = [Form(urljoin(path, one.action), one.method, one.choices) for one in reader.forms]
        return reader


def _typed(data: dict[str, str]) -> tuple[str, ...]:
    """What was typed by hand and comes back in its field; the longest first, for a short word may stand in it."""
    typed = (data[name] for name in ("text", "address", "kana", "alias") if data.get(name))
    return tuple(sorted(typed, key=len, reverse=True))


def _is_ours(link: str) -> bool:
    return link.startswith("/") and not link.startswith(KEPT_AWAY)


def _filled(form: Form) -> Iterator[dict[str, str]]:
    if form.choices.keys() >= LOOKED_UP_BY:
        yield from _looked_up(form)
        return
    for word in searches() if "text" in form.choices else ("秘匿",):
        yield _with(form, word=word)


def _with(form: Form, *, word: str) -> dict[str, str]:
    return {
        name: TYPED.get(name) or next((one for one in reversed(values) if one), word)
        for name, values in form.choices.items()
        if name != "csrfmiddlewaretoken"
    }


def _looked_up(form: Form) -> Iterator[dict[str, str]]:
    """The search of persons: the box alone, each field alone, and an address beside a name that finds her."""
    empty = {**_with(form, word=""), **dict.fromkeys((*LOOKED_UP_BY, "alias", "person_no"), "")}
    for word in searches():
        for name in ("text", "address", "kana", "alias"):
            yield {**empty, name: word}
    for word in address_words():
        yield {**empty, "text": "秘匿", "address": word}
        yield {**empty, "kana": "ヒドク", "address": word, "similar": "1"}

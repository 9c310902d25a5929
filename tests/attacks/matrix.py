"""What the table written by hand expects of a person at every screen, and what the screens really answer."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple

from kyufu.attachments import api as attachments
from kyufu.evidence import api as evidence
from kyufu.web.pages.stated import Ticket
from kyufu.web.screens import Screen
from tests.attacks.crawl import Place, Site, screens
from tests.attacks.hall import Hall
from tests.attacks.undoing import undone
from tests.web.town import HEAD, OTHER_WARD, WARD, Person

TABLE = tomllib.loads(Path(__file__).with_name("expected.toml").read_text(encoding="utf-8"))
LEVELS = {"read": 1, "update": 2}
OPEN, FORBIDDEN, HIDDEN, SIGN_IN = "open", "forbidden", "hidden", "sign in"
REASON = "窓口での確認のため"
# Which of the two wards of the hall a grant at an office reaches.
REACH: Mapping[str, frozenset[str]] = {
    HEAD: frozenset({"here", "there"}), WARD: frozenset({"here"}), OTHER_WARD: frozenset({"there"}),
}  # fmt: skip
REFUSALS = ("の権限がありません", "委託先の職員は、この画面を使えません", "所管していない区の情報です")

Cell = tuple[str, str]


class Row(NamedTuple):
    """Somebody of the matrix: roles at an office that count; `is_contractor` of a contractor."""

    roles: Collection[str]
    office: str
    is_contractor: bool = False


def expected_of(row: Row) -> dict[Cell, str]:
    """What the table says of every screen, and of both wards where the screen's objects belong to one."""
    held: dict[str, int] = {}
    for role in row.roles:
        for function, level in TABLE["roles"][role].items():
            held[function] = max(held.get(function, 0), LEVELS[level])
    answers: dict[Cell, str] = {}
    for code, words in TABLE["screens"].items():
        for ward in ("here", "there") if "ward" in words.split() else ("",):
            answers[code, ward] = _expected(words.split(), held=held, row=row, ward=ward)
    return answers


def _expected(words: list[str], *, held: Mapping[str, int], row: Row, ward: str) -> str:
    if row.is_contractor and "contractors" not in words:
        return FORBIDDEN
    if words[0] == "anyone":
        return OPEN
    if words[0] == "own":
        return HIDDEN
    if held.get(words[0], 0) < LEVELS[words[1]]:
        return HIDDEN if "hidden" in words else FORBIDDEN
    if "head" in words and row.office != HEAD:
        return HIDDEN
    if ward and ward not in REACH.get(row.office, frozenset()):
        return FORBIDDEN
    return OPEN


def answers_to(person: Person, *, hall: Hall, site: Site) -> dict[Cell, str]:
    """What every screen answers to somebody, each asked from the same state."""
    answers: dict[Cell, str] = {}
    for here in screens():
        for ward, place in _places(here.code, hall=hall, site=site).items():
            answers[here.code, ward] = _answer(person, place=place, here=here)
    return answers


def _places(code: str, *, hall: Hall, site: Site) -> dict[str, Place]:
    place = site.places[code][0]
    if place.kind == "application":
        return {ward: Place(code, place.kind, str(number)) for ward, number in hall.applications.items()}
    if place.kind in hall.points:
        points = hall.points[place.kind]
        return {ward: Place(code, place.kind, str(number)) for ward, number in points.items()}
    if place.kind == "person" and "ward" in TABLE["screens"].get(code, "").split():
        wards = {ward: hall.persons[ward] for ward in ("here", "there")}
        return {
            ward: Place(code, place.kind, Ticket(number, "application", "R8-1").key)
            for ward, number in wards.items()
        }
    if place.kind == "attachment":
        return {ward: Place(code, place.kind, _file_of(number)) for ward, number in hall.applications.items()}
    if place.kind in ("income_entry", "insurance_entry"):
        wards = {ward: hall.persons[ward] for ward in ("here", "there")}
        return {
            ward: Place(code, place.kind, _entry_of(number, kind=place.kind))
            for ward, number in wards.items()
        }
    if place.kind == "contact":
        return {
            ward: Place(code, place.kind, Ticket(hall.persons[ward], "application", "R8-1").key_of(number))
            for ward, number in hall.contacts.items()
        }
    if place.kind == "certificate":
        # Whose page it was opened from decides nothing: the certificate says whose it is.
        ticket = Ticket(hall.persons["here"], "application", "R8-1")
        return {
            ward: Place(code, place.kind, ticket.key_of(number)) for ward, number in hall.certificates.items()
        }
    return {"": place}


def _file_of(application_id: int) -> str:
    return str(attachments.attachments_of(application_id)[-1].attachment_id)


def _entry_of(person: int, *, kind: str) -> str:
    entries = evidence.income_entries if kind == "income_entry" else evidence.insurance_entries
    record = entries([person])[person][-1].record_id
    return f"{record}/{Ticket(person, 'application', 'R8-1').key}"


def _answer(person: Person, *, place: Place, here: Screen) -> str:
    path = place.path(person)
    if "GET" in here.methods and here.opens is None:
        answer = person.get(path)
    else:
        with undone():
            answer = person.post(path, {"reason": REASON} if here.opens else {})
    text = answer.content.decode() if answer.status_code != 302 else answer["Location"]
    return outcome(answer.status_code, text=text)


def outcome(status: int, *, text: str) -> str:
    """The answer in a word; anything that is neither a refusal for want of rights nor a page is named by its status."""
    if status == 403 and "サインアウトしました" in text:
        return SIGN_IN
    if status == 403:
        return FORBIDDEN if any(words in text for words in REFUSALS) else f"403 {text[-200:]}"
    if status == 404:
        return HIDDEN
    if status == 302 and text.startswith("/sign-in/"):
        return SIGN_IN
    return OPEN if status in (200, 302, 409, 422) else str(status)


def differences(expected: Mapping[Cell, str], answers: Mapping[Cell, str]) -> list[str]:
    """Where the two do not agree, in words."""
    return [
        f"{cell}: expected {expected.get(cell, 'nothing')}, answered {answers.get(cell, 'nothing')}"
        for cell in sorted(expected.keys() | answers.keys())
        if expected.get(cell) != answers.get(cell)
    ]

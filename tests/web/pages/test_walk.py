"""Every page of a seeded city, by following every link: nothing personal in addresses, nothing runs, all is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from kyufu.platform import clock
from kyufu.staff import api as staff
from kyufu.staff.api import ProposalKind, Scheme
from kyufu.web.screens import all_screens
from tests.cases.world import Family, World, certify, judge, receive
from tests.mynumber.conftest import vault as vault
from tests.mynumber.people import drain
from tests.registry.persons import addressee_no, measure, my_number, resident
from tests.web.pages.reading import Page, read
from tests.web.town import HEAD, Person, Town

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])
EMPLOYEE_ROLES = ("counter", "approver", "head", "number", "protection", "operations", "rights", "auditor")
# A name that would run, one in the variation sequences of the register, and one that ends an attribute.
RUNS = "<script>alert(1)</script>"
SEQUENCE = "渡邉\U000e0101　葛\U000e0100子"
QUOTES = "\"'><img src=x onerror=a()>"
SECRET = "駒岡一丁目"
CHANCE = 4
# A preview of a document, drawn by the typesetter and put into the page.
PICTURE = "data:image/png;base64,"


@pytest.fixture
def almighty(town: Town, vault: Path, world: World) -> Person:
    """Somebody of every role at head office, so that every page opens."""
    account_id, staff_no = town.account(office=HEAD, name="万能 花子")
    for role in EMPLOYEE_ROLES:
        town.grant(account_id, role=role, office=HEAD, scheme=Scheme.CHILD)
    return Person(account_id, staff_no).begin()


@pytest.fixture
def city(world: World, almighty: Person) -> list[str]:
    """Families of every hard name, with cases in several states, a measure, a conflict and a proposal; their words."""
    families = [world.family(name=name) for name in (RUNS, SEQUENCE, QUOTES)]
    certify(families[0])
    judge(receive(families[1]))
    receive(families[2], agent_name=RUNS)
    world.send("protection", [measure(families[1].number + 1)])
    world.send("resident", [resident(500, kojinbango=my_number(families[0].number + 1))])
    drain()
    at, rights = (
        clock.current_instant(),
        staff.rights_of(almighty.account_id, on=clock.current_date_in_japan()),
    )
    content = {"説明": RUNS}
    staff.propose(ProposalKind.RIGHTS_REVIEW, content=content, subject=QUOTES, by=rights.actor(), at=at)
    return _personal(families)


def _personal(families: list[Family]) -> list[str]:
    numbers = [one.child_no for one in families] + [one.father_no for one in families] + [addressee_no(500)]
    return [*numbers, *(no.lstrip("0") for no in numbers), RUNS, SEQUENCE, QUOTES, "見本", "ミホン", SECRET]


def _starts(person: Person) -> list[tuple[str, Any]]:
    """The pages that no link leads to: answers to what was posted."""
    today = clock.current_date_in_japan().isoformat()
    period = {"first_day": "2020-01-01", "last_day": today}
    posts: list[tuple[str, dict[str, str]]] = [
        *(
            ("/people/", {"text": text, "purpose": "application"})
            for text in (RUNS, SEQUENCE, QUOTES, "ミホン")
        ),
        ("/people/", {"text": RUNS, "purpose": ""}),
        ("/numbers/", {"number": my_number(11), "purpose": "application"}),
        *(("/log/", {"stream": f"audit_{stream}", **period}) for stream in ("read", "write", "event")),
        ("/disclosure/", {"addressee_no": addressee_no(11), "request_no": QUOTES, **period}),
        ("/reviews/sample/", {"seed": RUNS, "size": "50", **period}),
        ("/watched/new/", {"addressee_no": addressee_no(11), "first_day": today, "reason": RUNS}),
    ]
    answers = [(path, person.post(path, data)) for path, data in posts]
    assert {answer.status_code for _, answer in answers} <= {200, 302, 422}
    return [(path, answer) for path, answer in answers if answer.status_code != 302]


def _walk(person: Person) -> dict[str, Page]:
    """Every page that links lead to from home and from the answers to searches, by address."""
    pages = {f"{path} (posted {place})": read(answer) for place, (path, answer) in enumerate(_starts(person))}
    waiting = ["/", *(link for page in pages.values() for link in page.links)]
    while waiting:
        path = waiting.pop().partition("#")[0]
        if not path.startswith("/") or path in pages or path.startswith(("/account/", "/sign")):
            continue
        answer = person.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        pages[path] = read(answer)
        waiting += pages[path].links
    return pages


def test_every_page_of_a_city_keeps_the_rules(city: list[str], almighty: Person) -> None:
    pages = _walk(almighty)
    seen = {one.split("/")[1] for one in pages}
    assert {"people", "applications", "numbers", "accounts", "grants", "log", "reviews", "watched"} <= seen
    assert len(pages) > len([one for one in all_screens() if one.menu])
    for path, page in pages.items():
        for address in [*page.links, *(form.action for form in page.forms)]:
            # Three or four digits stand in some of hundreds of sealed tokens by chance.
            assert not [
                word
                for word in city
                if (len(word) > CHANCE or not word.isascii()) and len(word) > 2 and word in unquote(address)
            ], (
                path,
                address,
            )
        assert not [word for word in city if len(word) > 2 and word in page.title], path
        assert page.running() == [], path
        assert page.bare_tables == 0, path
        assert page.unlabelled() == [], path
        assert page.twice() == [], path
        assert len([tag for tag, _ in page.tags if tag == "h1"]) == 1, path
        pictures = [one for tag, one in page.tags if tag == "img"]
        assert not [one for one in pictures if not one.get("src", "").startswith(PICTURE)], path


def test_hard_names_are_shown_whole(city: list[str], almighty: Person) -> None:
    text = "".join(page.text for page in _walk(almighty).values())
    for name in (RUNS, QUOTES):
        assert name in text
    assert SEQUENCE.replace("　", " ") in text.replace("　", " ")


def test_only_the_page_of_its_own_shows_a_number_or_a_protected_address(
    city: list[str], almighty: Person
) -> None:
    for path, page in _walk(almighty).items():
        for number in (11, 12, 21, 22, 31, 32, 500):
            assert my_number(number) not in page.html, path
    sheltered = read(almighty.post("/people/", {"text": SEQUENCE, "purpose": "application"}))
    assert SECRET not in sheltered.html
    assert SECRET not in almighty.get(sheltered.link_to("/people/")).content.decode()

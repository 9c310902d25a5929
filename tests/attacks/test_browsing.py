"""Forced browsing: addresses typed, guessed, stolen or bent, by people who may not open them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kyufu.web.tokens import token_for
from tests.attacks.crawl import Place, Site, concrete, patterns, screens
from tests.attacks.hall import Hall
from tests.attacks.matrix import FORBIDDEN, HIDDEN, SIGN_IN, Row, answers_to, expected_of, outcome
from tests.attacks.payloads import dealt
from tests.attacks.undoing import undone
from tests.web.town import WARD, Person

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
NAMES = ("窓口　花子", "窓口　次郎", "窓口　秘子", "マドグチ")
METHODS = ("HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "PROPFIND", "CONNECT")
# A double slash in front is tried against the real server: the client of the tests takes it for a host.
BENT = (
    "/{0}//",
    "/./{0}/",
    "/{0}/../{0}/",
    "/%2e%2e/{0}/",
    "/..;/{0}/",
    "/{0};a=b/",
    "/{0}/.",
    "/{0}.json",
    "/{0}%00/",
    "/{0}/%2e%2e/",
    "/%2f{0}/",
    "/{0}%20/",
    "/{0}..%2f",
    "/{0}?/",
    "/{0}%3f/",
    "/static/../{0}/",
    "/static/%2e%2e/{0}/",
)


def _addresses(hall: Hall, site: Site) -> Iterator[tuple[str, str]]:
    """Every screen with the good address that the almighty person has for it."""
    for here in screens():
        yield here.code, site.places[here.code][0].path(hall.almighty)


def _tells(answer: Any) -> bool:
    return any(name in answer.content.decode(errors="replace") for name in NAMES)


@pytest.mark.requirement("YOK-175")
@pytest.mark.parametrize("method", ["get", "post"])
def test_nothing_opens_without_signing_in(hall: Hall, site: Site, method: str) -> None:
    for code, path in _addresses(hall, site):
        answer = getattr(Client(), method)(path, {"reason": "窓口での確認のため"})
        assert answer.status_code in (302, 405), code
        assert answer.status_code == 405 or answer["Location"].startswith("/sign-in/"), code


def test_nothing_opens_with_the_password_alone(hall: Hall, site: Site) -> None:
    person = hall.person("counter", "auditor")
    person.sign_out()
    assert person.give_password()["Location"] == "/sign-in/second-factor/"
    answers = answers_to(person, hall=hall, site=site)
    assert set(answers.values()) == {SIGN_IN}


def test_nothing_opens_before_the_second_factor_is_registered(hall: Hall, site: Site) -> None:
    account_id, staff_no = hall.town.account()
    hall.town.grant(account_id, role="auditor")
    person = Person(account_id, staff_no)
    person.give_password()
    for step in ("/account/password/", "/account/app/"):
        for here in screens():
            answer = person.post(site.places[here.code][0].path(person), {"reason": "窓口での確認のため"})
            assert answer.status_code == 405 or answer["Location"].startswith(step), here.code
        person.choose_password()


def test_entrances_of_the_account_lead_to_sign_in(hall: Hall) -> None:
    for pattern, one in patterns():
        # The third tells load balancers that the server is there, and nothing else.
        if not hasattr(one.callback, "is_entrance") or pattern.startswith(
            ("sign-in/", "sign-out/", "healthz/")
        ):
            continue
        answer = Client().get(concrete(pattern))
        assert answer.status_code in (302, 404), pattern
        assert answer.status_code == 404 or answer["Location"].startswith("/sign-in/"), pattern


def test_the_tokens_of_another_account_open_nothing(hall: Hall, site: Site) -> None:
    """An equal colleague with every right tries the addresses of the almighty person."""
    thief = hall.person(
        "counter", "approver", "number", "protection", "rights", "auditor", "operations", office="H01"
    )
    for code, path in _addresses(hall, site):
        if site.places[code][0].kind:
            with undone():
                answer = thief.post(path, {"reason": "窓口での確認のため"})
            assert answer.status_code in (404, 405, 422), code
            answer = thief.get(path)
            assert answer.status_code in (404, 405) or not _tells(answer), code


def test_tokens_of_another_kind_open_nothing(hall: Hall, site: Site) -> None:
    person = hall.almighty
    given = sorted({place.kind for places in site.places.values() for place in places if place.kind})
    assert len(given) > 20
    for number, here in enumerate(screens()):
        place = site.places[here.code][0]
        others = [one for one in given if place.kind and one != place.kind]
        for kind in dealt(tuple(others), to=number, each=min(len(others), 6)):
            token = token_for(kind=kind, key=place.key, account_id=person.account_id)
            with undone():
                answer = person.post(
                    reverse(here.code, kwargs={"token": token}), {"reason": "窓口での確認のため"}
                )
            assert answer.status_code in (404, 405, 422), (here.code, kind)


def test_altered_tokens_open_nothing(hall: Hall, site: Site) -> None:
    person = hall.almighty
    place = site.places["person"][0]
    good = token_for(kind=place.kind, key=place.key, account_id=person.account_id)
    other = "A" if good[5] != "A" else "B"
    for token in (
        good[:-1],
        good[1:],
        good[:5] + other + good[6:],
        good + "A",
        good.swapcase(),
        good[::-1],
        "A",
        "=" * 40,
    ):
        assert person.get(reverse("person", kwargs={"token": token})).status_code == 404, token
    assert person.get(place.path(person)).status_code == 200


@pytest.mark.parametrize("guess", ["1", "000000000000901", "901|application|R8-1", "MTIzNDU2Nzg5MDEyMzQ1Ng"])
def test_guessed_keys_open_nothing(hall: Hall, site: Site, guess: str) -> None:
    for here in screens():
        if site.places[here.code][0].kind:
            path = reverse(here.code, kwargs={"token": guess})
            with undone():
                assert hall.almighty.post(path, {"reason": "窓口での確認のため"}).status_code in (404, 405), (
                    here.code
                )


def test_no_address_holds_a_number_or_a_name(hall: Hall, site: Site) -> None:
    shown = " ".join(site.pages)
    assert not any(name in shown for name in NAMES)
    assert "000000000000901" not in shown
    assert all(f"/{number}/" not in shown for number in hall.persons.values())


@pytest.mark.parametrize("method", METHODS)
def test_another_method_does_nothing(hall: Hall, site: Site, method: str) -> None:
    for code, path in _addresses(hall, site):
        answer = hall.almighty.client.generic(method, path, HTTP_X_CSRFTOKEN=hall.almighty.csrf())
        assert answer.status_code in (403, 405), (code, answer.status_code)
        assert not _tells(answer)


@pytest.mark.parametrize(
    "header", ["HTTP_X_HTTP_METHOD_OVERRIDE", "HTTP_X_METHOD_OVERRIDE", "HTTP_X_HTTP_METHOD"]
)
def test_a_method_is_not_overridden(hall: Hall, site: Site, header: str) -> None:
    for code, path in _addresses(hall, site):
        here = next(one for one in screens() if one.code == code)
        if "GET" not in here.methods:
            assert hall.almighty.get(path, **{header: "POST"}).status_code == 405, code


@pytest.mark.parametrize("header", ["HTTP_X_ORIGINAL_URL", "HTTP_X_REWRITE_URL"])
def test_an_address_is_not_rewritten_by_a_header(hall: Hall, header: str) -> None:
    clerk = hall.person("counter")
    assert clerk.get("/people/", **{header: "/accounts/"}).status_code == 200
    assert clerk.get("/accounts/", **{header: "/people/"}).status_code == 403


@pytest.mark.parametrize("bent", BENT)
def test_bent_paths_open_no_more_than_straight_ones(hall: Hall, bent: str) -> None:
    clerk = hall.person("counter")
    for name in ("accounts", "ACCOUNTS", "log"):
        for who in (clerk, Person(0, "")):
            answer = who.client.get(bent.format(name))
            text = answer.content.decode() if answer.status_code not in (301, 302) else answer["Location"]
            if answer.status_code == 301:
                assert answer["Location"].startswith("/") and not answer["Location"].startswith("//"), text
                continue
            assert outcome(answer.status_code, text=text) in (FORBIDDEN, HIDDEN, SIGN_IN, "400"), (
                bent,
                answer,
            )


def test_every_role_is_forbidden_what_the_table_forbids_by_post_too(hall: Hall, site: Site) -> None:
    clerk = hall.person("counter")
    said = expected_of(Row(["counter"], WARD))
    open_somewhere = {code for (code, _), answer in said.items() if answer != FORBIDDEN}
    for code in sorted({code for code, _ in said} - open_somewhere):
        place = site.places[code][0]
        with undone():
            answer = clerk.post(
                Place(code, place.kind, place.key).path(clerk), {"reason": "窓口での確認のため"}
            )
        assert answer.status_code in (403, 405), code
        assert not _tells(answer), code

"""Security keys and passkeys as second factor, with a key in software."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta
from typing import Any

import pytest

from kyufu.audit.api import EventKind
from kyufu.platform import clock
from tests.web.conftest import SignedIn
from tests.web.security_key import SecurityKey
from tests.web.test_signin import events, state_of
from tests.web.town import Person

HOST = {"host": "localhost"}


def options_of(person: Person, path: str, *, kind: str) -> dict[str, Any]:
    """What a page hands to the browser."""
    page = person.get(path, headers=HOST).content.decode()
    found = re.search(r'id="webauthn-data" hidden>([^<]+)<', page)
    assert found is not None
    return dict(json.loads(html.unescape(found[1]))[kind])


def send(person: Person, path: str, credential: str) -> Any:
    """Send what the key answered."""
    return person.post(path, {"credential": credential, "name": "庁用キー"}, headers=HOST)


@pytest.fixture
def with_key(newcomer: SignedIn) -> tuple[Person, SecurityKey]:
    """A person who chose a security key at the first sign-in."""
    person, key = newcomer(), SecurityKey()
    person.give_password()
    person.choose_password()
    options = options_of(person, "/account/keys/add/", kind="creation_options")
    assert send(person, "/account/keys/add/", key.register(options))["Location"] == "/account/codes/"
    return person, key


def test_key_may_be_the_first_second_factor(with_key: tuple[Person, SecurityKey]) -> None:
    person, _ = with_key
    assert person.get("/account/").status_code == 200
    assert "庁用キー" in person.get("/account/keys/").content.decode()
    changed = [
        detail for actor, detail in events(EventKind.SECOND_FACTOR_CHANGED) if actor == person.staff_no
    ]
    assert {"factor": "webauthn", "change": "added"} in changed


def test_key_signs_in(with_key: tuple[Person, SecurityKey]) -> None:
    person, key = with_key
    person.sign_out()
    assert person.give_password()["Location"] == "/sign-in/second-factor/"
    options = options_of(person, "/sign-in/second-factor/", kind="request_options")
    assert send(person, "/sign-in/second-factor/", key.answer(options))["Location"] == "/"
    assert person.get("/account/").status_code == 200


def test_key_is_offered_to_those_who_have_one_only(
    with_key: tuple[Person, SecurityKey], signed_in: SignedIn
) -> None:
    for person, offered in ((with_key[0], True), (signed_in(), False)):
        person.sign_out()
        person.give_password()
        page = person.get("/sign-in/second-factor/", headers=HOST).content.decode()
        assert ("セキュリティキーで認証する" in page) is offered


def test_other_key_and_other_site_do_not_sign_in_and_count(with_key: tuple[Person, SecurityKey]) -> None:
    person, key = with_key
    person.sign_out()
    person.give_password()
    thief = SecurityKey()
    fake_site = SecurityKey(origin="https://localhost.evil.example")
    thief.credential_id = fake_site.credential_id = key.credential_id
    fake_site.private = key.private
    for wrong in (thief, fake_site, SecurityKey()):
        assert state_of(person) == "active"
        options = options_of(person, "/sign-in/second-factor/", kind="request_options")
        assert send(person, "/sign-in/second-factor/", wrong.answer(options)).status_code == 200
    assert state_of(person) == "locked"
    options = options_of(person, "/sign-in/second-factor/", kind="request_options")
    assert send(person, "/sign-in/second-factor/", key.answer(options)).status_code == 200
    assert person.get("/account/")["Location"].startswith("/sign-in/")


def test_answer_of_a_key_serves_once(with_key: tuple[Person, SecurityKey]) -> None:
    person, key = with_key
    person.sign_out()
    person.give_password()
    answer = key.answer(options_of(person, "/sign-in/second-factor/", kind="request_options"))
    assert send(person, "/sign-in/second-factor/", answer).status_code == 302
    person.sign_out()
    person.give_password()
    person.get("/sign-in/second-factor/", headers=HOST)
    assert send(person, "/sign-in/second-factor/", answer).status_code == 200


@pytest.mark.parametrize(
    "nonsense", ["", "{}", "[]", "null", '{"id": 1}', "'", '{"response": {"userHandle": 5}}']
)
def test_nonsense_is_refused_with_a_page(with_key: tuple[Person, SecurityKey], nonsense: str) -> None:
    person, _ = with_key
    person.sign_out()
    person.give_password()
    person.get("/sign-in/second-factor/", headers=HOST)
    assert send(person, "/sign-in/second-factor/", nonsense).status_code == 200


@pytest.mark.parametrize("nonsense", ["{}", '{"id": 1}', '{"id": "a", "rawId": "b", "response": {}}'])
def test_nonsense_enrols_nothing(newcomer: SignedIn, nonsense: str) -> None:
    person = newcomer()
    person.give_password()
    person.choose_password()
    person.get("/account/keys/add/", headers=HOST)
    assert send(person, "/account/keys/add/", nonsense).status_code == 200
    assert person.get("/")["Location"] == "/account/app/"


def test_key_proves_again_before_a_sensitive_act(
    published: Any, newcomer: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, key = newcomer("number"), SecurityKey()
    person.give_password()
    person.choose_password()
    options = options_of(person, "/account/keys/add/", kind="creation_options")
    send(person, "/account/keys/add/", key.register(options))
    now = clock.current_instant()
    monkeypatch.setattr(clock, "current_instant", lambda: now + timedelta(minutes=6))
    person.post("/account/confirm/", {"password": person.password, "next": "/number/"})
    confirm = person.get("/number/")["Location"]
    assert confirm == "/account/confirm/code/?next=%2Fnumber%2F"
    options = options_of(person, "/account/confirm/key/?next=/number/", kind="request_options")
    data = {"credential": key.answer(options), "next": "/number/"}
    assert person.post("/account/confirm/key/", data, headers=HOST)["Location"] == "/number/"
    assert person.get("/number/").status_code == 200


def test_last_key_stays_and_another_may_go(with_key: tuple[Person, SecurityKey]) -> None:
    person, _ = with_key
    page = person.get("/account/keys/").content.decode()
    number = re.findall(r"/account/keys/(\d+)/remove/", page)[0]
    assert person.post(f"/account/keys/{number}/remove/").status_code == 409
    options = options_of(person, "/account/keys/add/", kind="creation_options")
    send(person, "/account/keys/add/", SecurityKey().register(options))
    assert person.post(f"/account/keys/{number}/remove/").status_code == 302
    assert f"/account/keys/{number}/remove/" not in person.get("/account/keys/").content.decode()

"""Sign-in by a city's own identity provider, against a stand-in that speaks OpenID Connect over a real connection."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPErrorProcessor, build_opener

import pytest
from django.db import connection

from kyufu.audit.api import EventKind
from kyufu.platform import clock, web_settings
from kyufu.platform.errors import BadInput
from kyufu.web.signin import urls as signin_urls
from kyufu.web.signin.proofs import BY_PROVIDER, Proof
from standins.identity_provider import IdentityProvider, Server
from tests.web.conftest import SignedIn
from tests.web.test_signin import events, state_of
from tests.web.town import Person

SECRET = "secret-of-the-client-for-tests-only"


class NoRedirect(HTTPErrorProcessor):
    """Leaves a redirect to the caller."""

    def http_response(self, *asked_and_answer: Any) -> Any:
        """The answer as it came."""
        return asked_and_answer[1]


@pytest.fixture
def provider(published: Any, settings: Any) -> Iterator[IdentityProvider]:
    """A provider that is served, and set as the city's."""
    provider = IdentityProvider("kyufu", SECRET, issued_at=int(clock.current_instant().timestamp()))
    server = Server(provider)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.ROOT_URLCONF.urlpatterns += signin_urls.PROVIDER
    settings.OIDC_SERVER = server.origin
    app = {"provider_id": "city", "name": "庁内の認証基盤", "client_id": "kyufu", "secret": SECRET,
           "settings": {"server_url": server.origin}}  # fmt: skip
    options = {"OAUTH_PKCE_ENABLED": True, "SCOPE": ["openid"], "APPS": [app]}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": options}
    yield provider
    server.shutdown()
    server.server_close()
    thread.join()


def go_to_provider(person: Person) -> str:
    """Press the button, let the provider answer; returns the address on which the browser comes back."""
    answer = person.post("/sign-in/provider/city/")
    assert answer.status_code == 302
    asked = parse_qs(urlsplit(answer["Location"]).query)
    assert asked["scope"] == ["openid"]
    with build_opener(NoRedirect).open(answer["Location"], timeout=10) as sent_back:
        back = urlsplit(str(sent_back.headers["Location"]))
    return f"{back.path}?{back.query}"


def test_provider_stands_for_the_password_and_second_factor_is_still_asked(
    provider: IdentityProvider, signed_in: SignedIn
) -> None:
    person = signed_in()
    person.sign_out()
    assert "庁内の認証基盤でサインイン" in person.get("/sign-in/").content.decode()
    provider.subject = person.staff_no
    answer = person.get(go_to_provider(person))
    assert answer["Location"] == "/sign-in/second-factor/"
    assert person.get("/account/")["Location"].startswith("/sign-in/")
    assert person.give_code()["Location"] == "/"
    assert person.get("/account/").status_code == 200
    assert provider.refused == []


def age_password(person: Person, *, days: int) -> None:
    """Let the password have been set so many days ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE staff_account SET password_set_at = password_set_at - make_interval(days => %s) WHERE id = %s",
            [days, person.account_id],
        )


def test_who_never_had_a_password_is_not_asked_to_change_it(
    provider: IdentityProvider, newcomer: SignedIn
) -> None:
    person = newcomer()
    provider.subject = person.staff_no
    person.get(go_to_provider(person))
    assert person.get("/people/")["Location"].startswith("/account/app/")
    assert person.enrol_app().status_code == 302
    assert person.get("/people/").status_code == 200


def test_an_old_password_shuts_nobody_out_who_comes_by_the_provider(
    provider: IdentityProvider, signed_in: SignedIn
) -> None:
    person = signed_in("number")
    person.sign_out()
    age_password(person, days=1000)
    assert person.give_password().status_code == 200, "by the password itself it does"
    provider.subject = person.staff_no
    assert person.get(go_to_provider(person))["Location"] == "/sign-in/second-factor/"
    assert person.give_code()["Location"] == "/"
    assert person.get("/people/").status_code == 200
    session = person.client.session
    for proof in Proof:
        session[proof] = (clock.current_instant() - timedelta(days=1)).isoformat()
    session.save()
    assert person.get("/number/")["Location"].startswith("/account/confirm/code/"), "not the password"
    person.post("/account/confirm/code/", {"code": person.code(), "next": "/number/"})
    assert person.get("/number/").status_code == 200


def test_a_password_given_after_all_is_held_to_its_rules(
    provider: IdentityProvider, signed_in: SignedIn
) -> None:
    person = signed_in()
    person.sign_out()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE staff_account SET password_is_temporary = true WHERE id = %s", [person.account_id]
        )
    session = person.client.session
    session[BY_PROVIDER] = True
    session.save()
    person.sign_in()
    assert person.get("/people/")["Location"].startswith("/account/password/")


def test_nothing_of_the_provider_is_stored(provider: IdentityProvider, signed_in: SignedIn) -> None:
    person = signed_in()
    person.sign_out()
    provider.subject = person.staff_no
    person.get(go_to_provider(person))
    person.give_code()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM socialaccount_socialaccount")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("subject", ["S99999", "", "' OR 1=1 --"])
def test_unknown_staff_number_makes_no_account(
    provider: IdentityProvider, newcomer: SignedIn, subject: str
) -> None:
    person = newcomer()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM staff_account")
        before = cursor.fetchone()
    provider.subject = subject
    answer = person.get(go_to_provider(person))
    assert answer.status_code in (401, 403)
    assert person.get("/account/")["Location"].startswith("/sign-in/")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM staff_account")
        assert cursor.fetchone() == before


def test_locked_account_stays_out(provider: IdentityProvider, signed_in: SignedIn) -> None:
    person = signed_in()
    person.sign_out()
    for _ in range(3):
        person.give_password(password="Machigatta-Aikotoba-1")
    assert state_of(person) == "locked"
    provider.subject = person.staff_no
    answer = person.get(go_to_provider(person))
    assert answer.status_code == 403
    assert "権限管理者" in answer.content.decode()
    assert {"step": "identity provider", "terminal": "窓口1"} in [
        detail for _, detail in events(EventKind.SIGN_IN_REFUSED)
    ]


def test_answer_of_another_browser_or_made_up_is_refused(
    provider: IdentityProvider, signed_in: SignedIn
) -> None:
    person = signed_in()
    person.sign_out()
    provider.subject = person.staff_no
    back = go_to_provider(person)
    other = person.at_another_browser()
    made_up = "/sign-in/provider/city/back/?code=x&state=y"
    for who, address in (
        (other, back),
        (person, made_up),
        (person, "/sign-in/provider/city/back/?error=denied"),
    ):
        answer = who.get(address)
        assert answer.status_code in (200, 401, 403)
        assert "サインインできませんでした" in answer.content.decode()
        assert who.get("/account/")["Location"].startswith("/sign-in/")


def test_provider_page_needs_a_form(provider: IdentityProvider, newcomer: SignedIn) -> None:
    person = newcomer()
    assert person.get("/sign-in/provider/city/").status_code == 200
    assert person.client.post("/sign-in/provider/city/").status_code == 403
    assert person.get("/sign-in/provider/elsewhere/").status_code == 404


def test_provider_over_plain_http_is_refused() -> None:
    with pytest.raises(BadInput, match="KYUFU_OIDC_SERVER"):
        web_settings._origins("http://idp.example")
    assert web_settings._origins("https://idp.example/realm") == ["https://idp.example"]
    assert web_settings._origins("") == []

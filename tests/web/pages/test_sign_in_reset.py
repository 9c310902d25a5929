"""A clerk who forgot the password and lost the phone: asked for by one administrator, confirmed by another, once."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connection

from kyufu.audit import recording
from kyufu.platform import clock
from kyufu.staff import api as staff
from kyufu.web.signin.proofs import Proof
from tests.web.conftest import SignedIn
from tests.web.pages.log import events_of
from tests.web.pages.reading import Page, read
from tests.web.town import CHOSEN, CONTRACTOR, HEAD, Person, Town

pytestmark = pytest.mark.django_db
WHY = {"reason": "職員証と本人の顔を窓口で確認"}
SHOWN = re.compile(r'<span class="secret">([^<]+)</span>')


@pytest.fixture(autouse=True)
def no_attempts_before(db: None) -> None:
    """With cheap hashes more people sign in within a minute than one terminal may see."""
    cache.clear()


@pytest.fixture
def administrators(town: Town, signed_in: SignedIn) -> tuple[Person, Person]:
    """Two rights administrators at their terminals."""
    return signed_in("rights", office=HEAD), signed_in("rights", office=HEAD)


def page_of(by: Person, *, of: Person) -> str:
    """The address of somebody's account, found on the list."""
    found = re.search(rf'href="(/accounts/[^"]+)">{of.staff_no}<', by.get("/accounts/").content.decode())
    assert found is not None
    return found[1]


def ask(by: Person, *, of: Person) -> Any:
    """Ask for the reset of somebody's sign-in, by the button of their page."""
    address = page_of(by, of=of)
    (button,) = [
        one for form in read(by.get(address)).forms for one in form.buttons if one.endswith("/reset/")
    ]
    return by.post(button, WHY)


def waiting(by: Person) -> Page:
    """The page of the proposal that waits."""
    return read(by.get(read(by.get("/proposals/")).link_to("/proposals/")))


def confirm(by: Person) -> Any:
    """Confirm what waits, as the page offers it."""
    form = waiting(by).form_to("/confirm/")
    return by.post(form.action, {"seen": form.fields["seen"]})


def password_in(answer: Any) -> str:
    """The temporary password that an answer shows."""
    found = SHOWN.search(answer.content.decode())
    assert found is not None, read(answer).text
    return found[1]


def is_as_before(lost: Person) -> bool:
    """Does the person still sign in with the old password, and is the app still theirs?"""
    factors = Authenticator.objects.filter(user_id=lost.account_id).count()
    lost.sign_out()
    return factors > 0 and lost.sign_in().status_code == 302 and lost.get("/").status_code == 200


def test_two_administrators_let_somebody_begin_anew(
    administrators: tuple[Person, Person], signed_in: SignedIn
) -> None:
    first, second = administrators
    lost = signed_in("counter")
    assert ask(first, of=lost).status_code == 302
    assert lost.get("/").status_code == 200
    page = waiting(second)
    assert "サインインの再設定" in page.text
    assert WHY["reason"] in page.text
    answer = confirm(second)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert not Authenticator.objects.filter(user_id=lost.account_id).exists()
    assert lost.get("/").status_code != 200
    anew = Person(lost.account_id, lost.staff_no, password_in(answer))
    assert anew.give_password().status_code == 302
    assert anew.get("/")["Location"].startswith("/account/password/")
    assert anew.choose_password("Minato-no-Yuhi-41-kai").status_code == 302
    assert anew.get("/")["Location"].startswith("/account/app/")
    assert anew.enrol_app().status_code == 302
    assert anew.get("/people/").status_code == 200


def test_the_old_password_and_the_old_phone_open_nothing_any_more(
    administrators: tuple[Person, Person], signed_in: SignedIn
) -> None:
    lost = signed_in("counter")
    ask(administrators[0], of=lost)
    given = password_in(confirm(administrators[1]))
    old = lost.at_another_browser()
    assert old.give_password(password=CHOSEN).status_code != 302
    assert old.give_password(password=given).status_code == 302
    assert old.get("/")["Location"].startswith("/account/password/")


def test_the_password_is_shown_once_and_kept_nowhere(
    administrators: tuple[Person, Person], signed_in: SignedIn
) -> None:
    first, second = administrators
    lost = signed_in("counter")
    ask(first, of=lost)
    form = waiting(second).form_to("/confirm/")
    given = password_in(second.post(form.action, {"seen": form.fields["seen"]}))
    again = second.post(form.action, {"seen": form.fields["seen"]})
    assert again.status_code == 404
    for person in administrators:
        for path in ("/", "/proposals/", page_of(person, of=lost)):
            assert given not in person.get(path).content.decode()
    with connection.cursor() as cursor:
        for table in ("staff_proposal", "audit_event", "audit_write", "audit_read", "django_session"):
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{given}%"])
            assert cursor.fetchone() == (0,), table


def test_everything_stands_in_the_log(administrators: tuple[Person, Person], signed_in: SignedIn) -> None:
    first, second = administrators
    lost = signed_in("counter")
    ask(first, of=lost)
    confirm(second)
    ((asked, _),) = events_of("proposed", by=first.staff_no)
    assert lost.staff_no in asked
    assert WHY["reason"] in asked
    for kind in ("confirmed", "password_changed", "second_factor_changed"):
        detail = events_of(kind, by=second.staff_no)[-1][0]
        assert lost.staff_no in detail, kind
        assert first.staff_no in detail, kind


def test_nothing_is_reset_where_the_log_cannot_be_written(
    administrators: tuple[Person, Person], signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost, second = signed_in("counter"), administrators[1]
    ask(administrators[0], of=lost)
    form = waiting(second).form_to("/confirm/")
    second.client.raise_request_exception = False
    with monkeypatch.context() as patch:
        # The columns of the insert no longer fit the table: the database refuses it.
        patch.setattr(recording, "_WHO", recording._WHO.replace("terminal", "no_such_column"))
        answer = second.post(form.action, {"seen": form.fields["seen"]})
    assert answer.status_code == 500
    assert SHOWN.search(answer.content.decode()) is None
    assert is_as_before(lost)


def test_one_administrator_alone_lets_nobody_in(
    administrators: tuple[Person, Person], signed_in: SignedIn
) -> None:
    first, second = administrators
    lost = signed_in("counter")
    ask(first, of=lost)
    seen = waiting(second).form_to("/confirm/").fields["seen"]
    own = read(first.get("/proposals/")).link_to("/proposals/")
    answer = first.post(f"{own}confirm/", {"seen": seen})
    assert answer.status_code == 409
    assert "最初に行った職員" in read(answer).text
    assert is_as_before(lost)


def test_nobody_resets_their_own_sign_in(administrators: tuple[Person, Person]) -> None:
    first, second = administrators
    own = first.post(f"{page_of(first, of=first)}reset/", WHY)
    assert own.status_code == 409
    assert "自分のサインインの再設定はできません" in read(own).text
    ask(first, of=second)
    answer = confirm(second)
    assert answer.status_code == 409
    assert "自分のサインインの再設定はできません" in read(answer).text
    assert is_as_before(second)


def test_a_stale_proof_is_given_again_before_somebody_is_let_in(
    administrators: tuple[Person, Person], signed_in: SignedIn
) -> None:
    first, second = administrators
    lost = signed_in("counter")
    ask(first, of=lost)
    form = waiting(second).form_to("/confirm/")
    address = form.action.removesuffix("confirm/")
    session = second.client.session
    session[Proof.PASSWORD] = (clock.current_instant() - timedelta(days=1)).isoformat()
    session.save()
    answer = second.post(form.action, {"seen": form.fields["seen"]})
    assert answer.status_code == 302
    assert SHOWN.search(answer.content.decode()) is None
    assert is_as_before(lost)
    assert second.get(address)["Location"].startswith("/account/confirm/")


def test_an_expired_proposal_lets_nobody_in(
    administrators: tuple[Person, Person], signed_in: SignedIn
) -> None:
    lost, second = signed_in("counter"), administrators[1]
    ask(administrators[0], of=lost)
    form = waiting(second).form_to("/confirm/")
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE staff_proposal SET proposed_at = proposed_at - interval '1 year', "
                       "expires_at = proposed_at")  # fmt: skip
        cursor.execute("SET session_replication_role = DEFAULT")
    assert second.post(form.action, {"seen": form.fields["seen"]}).status_code == 404
    assert staff.open_proposals(at=clock.current_instant()) == []
    assert is_as_before(lost)


def test_a_contractor_s_worker_is_let_in_again_by_the_municipality(
    administrators: tuple[Person, Person], signed_in: SignedIn
) -> None:
    lost = signed_in("contractor", office=CONTRACTOR)
    ask(administrators[0], of=lost)
    anew = Person(lost.account_id, lost.staff_no, password_in(confirm(administrators[1])))
    assert anew.give_password().status_code == 302
    assert anew.get("/")["Location"].startswith("/account/password/")


@pytest.mark.parametrize("role", ["counter", "auditor", "operations", "number"])
def test_who_does_not_change_rights_asks_and_confirms_nothing(
    role: str, administrators: tuple[Person, Person], signed_in: SignedIn
) -> None:
    from kyufu.web.tokens import token_for

    lost, other = signed_in("counter"), signed_in(role, office=HEAD)
    token = token_for(kind="account", key=lost.account_id, account_id=other.account_id)
    assert other.post(f"/accounts/{token}/reset/", WHY).status_code == 403
    ask(administrators[0], of=lost)
    (proposal,) = staff.open_proposals(at=clock.current_instant())
    token = token_for(kind="proposal", key=proposal.proposal_id, account_id=other.account_id)
    assert other.post(f"/proposals/{token}/confirm/", {"seen": proposal.digest}).status_code == 404
    assert is_as_before(lost)

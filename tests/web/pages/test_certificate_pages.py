"""A certificate is marked void or handed back on the screen: with a reason, as it was seen, by the ward in charge."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kyufu.cases import api as cases
from kyufu.web.pages.stated import Ticket
from kyufu.web.tokens import token_for
from tests.cases.world import Family, World, certify, judge, receive
from tests.registry.persons import measure
from tests.web.conftest import SignedIn
from tests.web.pages.log import reads_on
from tests.web.pages.reading import read
from tests.web.pages.test_person_pages import page_of
from tests.web.town import CONTRACTOR, HEAD, OTHER_WARD, OTHER_WARD_CODE, Person

ACTS = (("void", "voided", "無効"), ("recover", "recovered", "回収"))


@pytest.fixture
def entitled(family: Family) -> Family:
    """A family whose child has a certificate."""
    certify(family)
    return family


def certificate_of(family: Family) -> int:
    """The newest certificate of the child."""
    return cases.certificates_of([family.child])[0].certificate_id


def address(person: Person, act: str, *, family: Family) -> str:
    """The address of an act on the certificate of a family for somebody."""
    key = Ticket(family.child, "reissue", "").key_of(certificate_of(family))
    return f"/certificates/{token_for(kind='certificate', key=key, account_id=person.account_id)}/{act}/"


def state_of(family: Family) -> list[str]:
    """The steps of the certificate."""
    return [step.to_state for step in cases.certificate_history(certificate_of(family))]


@pytest.mark.requirement("YOK-030")
@pytest.mark.parametrize(("act", "state", "word"), ACTS)
def test_a_certificate_is_marked_from_the_persons_page(
    act: str, state: str, word: str, entitled: Family, signed_in: SignedIn
) -> None:
    clerk = signed_in()
    link = next(one for one in page_of(clerk, entitled.child).links if one.endswith(f"/{act}/"))
    page = read(clerk.get(link))
    assert "いまの状態 交付済" in page.text
    assert page.unlabelled() == []
    answer = clerk.post(link, {"seen": page.forms[-1].fields["seen"], "why": "紛失の届出があったため"})
    assert answer.status_code == 302
    shown = read(clerk.get(answer["Location"]))
    assert f"の{word}を記録しました" in shown.text
    last = cases.certificate_history(certificate_of(entitled))[-1]
    assert (last.to_state, last.why, last.actor_name) == (state, "紛失の届出があったため", "戸塚 桜子")


@pytest.mark.parametrize(("act", "state", "word"), ACTS)
def test_without_a_reason_nothing_is_marked(
    act: str, state: str, word: str, entitled: Family, signed_in: SignedIn
) -> None:
    clerk = signed_in()
    path = address(clerk, act, family=entitled)
    seen = read(clerk.get(path)).forms[-1].fields["seen"]
    for why in ("", " ", "一\n二"):
        answer = clerk.post(path, {"seen": seen, "why": why})
        assert answer.status_code == 422
        assert "入力に誤りがあります" in read(answer).text
    assert state_of(entitled) == ["issued"]


@pytest.mark.parametrize("seen", ["", "0" * 64, "x"])
def test_nothing_is_marked_by_another_version_than_that_of_the_page(
    seen: str, entitled: Family, signed_in: SignedIn
) -> None:
    clerk = signed_in()
    answer = clerk.post(address(clerk, "void", family=entitled), {"seen": seen, "why": "紛失"})
    assert answer.status_code in (409, 422)
    assert state_of(entitled) == ["issued"]


@pytest.mark.parametrize(("act", "state", "word"), ACTS)
def test_the_second_of_two_is_told_what_changed_and_by_whom(
    act: str, state: str, word: str, entitled: Family, signed_in: SignedIn
) -> None:
    first, second = signed_in(), signed_in()
    paths = [address(one, act, family=entitled) for one in (first, second)]
    forms = [
        {"seen": read(one.get(path)).forms[-1].fields["seen"], "why": "紛失"}
        for one, path in zip((first, second), paths, strict=True)
    ]
    assert first.post(paths[0], forms[0]).status_code == 302
    answer = second.post(paths[1], forms[1])
    page = read(answer)
    assert answer.status_code == 409
    assert f"戸塚区保険係の戸塚 桜子さんがこの医療証を「{word}」にしました" in page.text
    assert f"いまの状態 {word}" in page.text
    assert state_of(entitled) == ["issued", state]


def test_after_a_change_the_form_holds_the_new_version_and_the_reason(
    entitled: Family, signed_in: SignedIn
) -> None:
    first, second = signed_in(), signed_in()
    path = address(second, "recover", family=entitled)
    form = {"seen": read(second.get(path)).forms[-1].fields["seen"], "why": "返却を受けた"}
    void = address(first, "void", family=entitled)
    first.post(void, {"seen": form["seen"], "why": "紛失"})
    again = read(second.post(path, form)).forms[-1].fields
    assert again["why"] == "返却を受けた"
    assert second.post(path, again).status_code == 302
    assert state_of(entitled) == ["issued", "voided", "recovered"]


def test_what_is_back_can_be_marked_no_more(entitled: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    path = address(clerk, "recover", family=entitled)
    clerk.post(path, {"seen": read(clerk.get(path)).forms[-1].fields["seen"], "why": "返却"})
    for act in ("void", "recover"):
        page = read(clerk.get(address(clerk, act, family=entitled)))
        assert "この処理はできません" in page.text
        assert not [form for form in page.forms if "why" in form.fields]
    links = set(page_of(clerk, entitled.child).links) - {reverse("certificates")}
    assert not [one for one in links if one.startswith("/certificates/")], "the menu's own link apart"


@pytest.mark.parametrize("act", ["void", "recover"])
@pytest.mark.parametrize("role", ["approver", "number", "auditor", "rights"])
def test_without_the_right_nothing_is_marked(
    role: str, act: str, entitled: Family, signed_in: SignedIn
) -> None:
    person = signed_in(role)
    form = {"seen": cases.certificate_digest(certificate_of(entitled)), "why": "紛失"}
    assert person.post(address(person, act, family=entitled), form).status_code == 403
    assert state_of(entitled) == ["issued"]


@pytest.mark.parametrize("act", ["void", "recover"])
def test_another_ward_is_refused_a_contractor_too_and_head_office_is_not(
    act: str, entitled: Family, signed_in: SignedIn
) -> None:
    form = {"seen": cases.certificate_digest(certificate_of(entitled)), "why": "紛失"}
    for role, office in (("counter", OTHER_WARD), ("contractor", CONTRACTOR)):
        person = signed_in(role, office=office)
        answer = person.post(address(person, act, family=entitled), form)
        assert answer.status_code == 403
        assert "0000000001" not in answer.content.decode()
    assert state_of(entitled) == ["issued"]
    head = signed_in("head", office=HEAD)
    assert head.post(address(head, act, family=entitled), form).status_code == 302


def test_the_ward_where_the_child_lives_may_act_though_another_received_the_application(
    world: World, signed_in: SignedIn
) -> None:
    family = world.family()
    application_id = receive(family, ward_code=OTHER_WARD_CODE)
    judge(application_id)
    from tests.cases.world import approve, issue

    approve(application_id)
    issue(application_id)
    for office in (OTHER_WARD, "W01"):
        person = signed_in(office=office)
        assert person.get(address(person, "void", family=family)).status_code == 200
    world.send("protection", [measure(family.number + 1)])
    here, there = signed_in(), signed_in(office=OTHER_WARD)
    assert here.get(address(here, "void", family=family)).status_code == 403
    assert there.get(address(there, "void", family=family)).status_code == 200


def test_looking_at_a_certificate_is_on_record(entitled: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    clerk.get(address(clerk, "void", family=entitled))
    found = reads_on("certificate_void", by=clerk.staff_no)
    assert any("医療証の記載事項" in row[2] and row[3] == [entitled.child] for row in found)
    assert {row[0] for row in found} == {"医療証の再交付"}


def test_a_foreign_or_made_up_address_opens_nothing(entitled: Family, signed_in: SignedIn) -> None:
    clerk, other = signed_in(), signed_in()
    assert other.get(address(clerk, "void", family=entitled)).status_code == 404
    assert clerk.get("/certificates/AAAA/void/").status_code == 404

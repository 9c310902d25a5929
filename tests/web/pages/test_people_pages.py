"""Looking up a person: the purpose comes first, wards bound what is shown, protected addresses stay hidden."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from kyufu.platform import clock
from kyufu.web.pages.purposes import purposes
from kyufu.web.pages.stated import Ticket
from tests.cases.world import Family, World, certify
from tests.registry.persons import addressee_no, measure, resident
from tests.web.conftest import SignedIn
from tests.web.pages.log import events_of, reads_on
from tests.web.pages.reading import Page, read
from tests.web.town import CONTRACTOR, OTHER_WARD, Person

SECRET_TOWN = "駒岡一丁目"


def search(person: Person, text: str, **items: str) -> Page:
    """Look somebody up for the receipt of an application."""
    answer = person.post("/people/", {"text": text, "purpose": "application", **items})
    assert answer.status_code == 200, answer.content.decode()
    return read(answer)


def open_person(person: Person, text: str, **items: str) -> Page:
    """The page of the person found last."""
    answer = person.get(search(person, text, **items).link_to("/people/"))
    assert answer.status_code == 200
    return read(answer)


def shelter(world: World, number: int) -> None:
    """Put a person under a protective measure."""
    world.send("protection", [measure(number)])


def test_nothing_is_shown_before_a_purpose_is_picked(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    answer = clerk.post("/people/", {"text": "見本"})
    page = read(answer)
    assert answer.status_code == 422
    assert "利用目的：選んでください。" in page.text
    assert family.child_no not in page.text
    assert reads_on("people", by=clerk.staff_no) == []


@pytest.mark.parametrize("code", [one.code for one in purposes().values() if one.needs_case])
def test_a_purpose_that_needs_a_case_asks_for_its_number(
    code: str, family: Family, signed_in: SignedIn
) -> None:
    answer = signed_in().post("/people/", {"text": "見本", "purpose": code})
    assert answer.status_code == 422
    assert "この利用目的では受付番号を入力してください。" in read(answer).text


@pytest.mark.parametrize("typed", ["見本　一郎", "ミホン", "みほん", "ﾐﾎﾝ"])
def test_a_person_is_found_in_any_width(typed: str, family: Family, signed_in: SignedIn) -> None:
    assert family.child_no in search(signed_in(), typed).text


def test_a_person_is_found_by_the_addressee_number_alone(family: Family, signed_in: SignedIn) -> None:
    page = search(signed_in(), family.child_no)
    assert family.child_no in page.text
    assert family.father_no not in page.text


def test_a_protected_household_is_not_found_by_its_address(
    world: World, family: Family, signed_in: SignedIn
) -> None:
    clerk = signed_in()
    assert family.child_no in search(clerk, SECRET_TOWN).text
    shelter(world, family.number + 2)
    page = search(clerk, SECRET_TOWN)
    assert "該当する人はいません" in page.text
    assert family.child_no not in page.text
    assert "支援措置の対象者とその世帯は、住所では見つかりません" in page.text


def test_the_search_and_the_page_are_logged_with_the_purpose(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    open_person(clerk, family.child_no, purpose="case", case_no="R8-000123")
    stated = ("個別の申請の調査（受付番号が必要）", "R8-000123")
    for screen in ("people", "person"):
        found = reads_on(screen, by=clerk.staff_no)
        assert {row[:2] for row in found} == {stated}
        assert any(family.child in row[3] for row in found)


def test_the_page_tells_household_entitlement_cases_and_evidence(family: Family, signed_in: SignedIn) -> None:
    certify(family)
    page = open_person(signed_in(), family.child_no)
    for words in (
        "見本 一郎",
        "いま同じ世帯にいる人",
        "世帯主",
        "資格の期間",
        "有効",
        "交付済",
        "加入した医療保険",
    ):
        assert words in page.text.replace("　", " "), words
    assert "この人が児童または保護者の申請・届出" in page.text


def test_the_page_says_what_is_not_there(family: Family, signed_in: SignedIn) -> None:
    page = open_person(signed_in(), family.father_no)
    for words in (
        "資格の記録はありません",
        "申請・届出はありません",
        "交付した医療証はありません",
        "所得の情報はありません",
    ):
        assert words in page.text


@pytest.mark.requirement("YOK-086")
def test_a_ward_does_not_see_the_residents_of_another(family: Family, signed_in: SignedIn) -> None:
    elsewhere = signed_in(office=OTHER_WARD)
    page = search(elsewhere, family.child_no)
    assert "所管外の区の住民が 1 人" in page.text
    assert family.child_no not in page.text
    assert not [one for one in page.links if one.startswith("/people/") and one != "/people/"]


def test_the_address_of_a_person_of_another_ward_is_refused_too(family: Family, signed_in: SignedIn) -> None:
    from kyufu.web.tokens import token_for

    elsewhere = signed_in(office=OTHER_WARD)
    key = Ticket(family.child, "application", "").key
    token = token_for(kind="person", key=key, account_id=elsewhere.account_id)
    answer = elsewhere.get(f"/people/{token}/")
    assert answer.status_code == 403
    assert "見本" not in answer.content.decode()


def test_a_token_of_another_account_opens_nothing(family: Family, signed_in: SignedIn) -> None:
    link = search(signed_in(), family.child_no).link_to("/people/")
    assert signed_in().get(link).status_code == 404


def test_a_purpose_holds_for_its_day_and_is_asked_for_again_afterwards(
    family: Family, signed_in: SignedIn
) -> None:
    from kyufu.web.tokens import token_for

    clerk = signed_in()
    today = clock.current_date_in_japan()
    for stated_on, status in (
        (today, 200),
        (today - timedelta(days=1), 409),
        (today + timedelta(days=1), 409),
    ):
        key = f"{family.child}|application||{stated_on.isoformat()}"
        token = token_for(kind="person", key=key, account_id=clerk.account_id)
        answer = clerk.get(f"/people/{token}/")
        assert answer.status_code == status
        assert (family.child_no in answer.content.decode()) is (status == 200)
    assert "利用目的を選び直して" in answer.content.decode()
    old = token_for(kind="person", key=f"{family.child}|application|", account_id=clerk.account_id)
    assert clerk.get(f"/people/{old}/").status_code == 404


def test_an_unknown_purpose_in_a_token_opens_nothing(family: Family, signed_in: SignedIn) -> None:
    from kyufu.web.tokens import token_for

    clerk = signed_in()
    token = token_for(kind="person", key=f"{family.child}|curiosity|", account_id=clerk.account_id)
    assert clerk.get(f"/people/{token}/").status_code == 404


@pytest.mark.parametrize("role", ["rights", "auditor", "operations"])
def test_who_has_no_business_with_persons_may_not_search(
    role: str, signed_in: SignedIn, town: object
) -> None:
    assert signed_in(role).get("/people/").status_code == 403


def test_a_contractor_may_search(family: Family, town: object, signed_in: SignedIn) -> None:
    assert signed_in("contractor", office=CONTRACTOR).get("/people/").status_code == 200


def test_a_protected_address_stands_nowhere_on_the_pages(
    world: World, family: Family, signed_in: SignedIn
) -> None:
    shelter(world, family.number + 1)
    clerk = signed_in()
    found, page = search(clerk, family.child_no), open_person(clerk, family.child_no)
    for shown in (found, page):
        assert SECRET_TOWN not in shown.html
        assert "鶴見区" not in shown.text.replace("鶴見区保険年金課", "")
        assert "支援措置" in shown.text


def test_the_household_of_a_protected_person_is_not_told(
    world: World, family: Family, signed_in: SignedIn
) -> None:
    shelter(world, family.number + 1)
    page = open_person(signed_in(), family.child_no)
    assert not [one for one in page.links if re.fullmatch(r"/people/[^/]+/", one)]


def test_a_protected_address_is_shown_by_right_and_reason(
    world: World, family: Family, signed_in: SignedIn
) -> None:
    shelter(world, family.number + 1)
    officer = signed_in("protection")
    address = open_person(officer, family.child_no).link_to("/people/")
    assert address.endswith("/address/")
    asked = officer.get(address)
    assert asked.status_code == 200
    assert SECRET_TOWN not in asked.content.decode()
    shown = officer.post(address, {"reason": "本人からの届出の確認のため"})
    assert SECRET_TOWN in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    (event,) = events_of("protected_displayed", by=officer.staff_no)
    assert "本人からの届出の確認のため" in event[0]
    assert event[1] == [family.child]


def test_without_a_reason_a_protected_address_stays_hidden(
    world: World, family: Family, signed_in: SignedIn
) -> None:
    shelter(world, family.number + 1)
    officer = signed_in("protection")
    answer = officer.post(open_person(officer, family.child_no).link_to("/people/"), {"reason": " "})
    assert answer.status_code == 400
    assert SECRET_TOWN not in answer.content.decode()
    assert events_of("protected_displayed", by=officer.staff_no) == []


def test_who_lacks_the_right_is_not_offered_the_address_and_may_not_open_it(
    world: World, family: Family, signed_in: SignedIn
) -> None:
    shelter(world, family.number + 1)
    clerk = signed_in()
    link = search(clerk, family.child_no).link_to("/people/")
    assert "/address/" not in clerk.get(link).content.decode()
    answer = clerk.post(f"{link}address/", {"reason": "どうしても見たいので"})
    assert answer.status_code == 403
    assert SECRET_TOWN not in answer.content.decode()


def test_twins_are_told_apart(world: World, signed_in: SignedIn) -> None:
    twins = [
        resident(
            number, shimei=name, seinengappi="2019-05-05", tsuzukigara="10", setaibango="900000000000700"
        )
        for number, name in ((71, "双子　一葉"), (72, "双子　二葉"))
    ]
    world.send("resident", twins)
    page = search(signed_in(), "双子")
    assert addressee_no(71) in page.text
    assert addressee_no(72) in page.text


def test_what_was_typed_is_kept_and_shown_harmless(family: Family, signed_in: SignedIn) -> None:
    typed = "\"><script>alert(1)</script>'"
    page = search(signed_in(), typed)
    assert page.running() == []
    assert page.forms[-1].fields["text"] == typed

"""Two clerks and duplicates: what is already in hand is said with who received it and when, nothing is overwritten."""

from __future__ import annotations

from typing import Any

import pytest

from kyufu.cases import api as cases
from kyufu.cases.operations import reception
from kyufu.platform import clock
from tests.cases.world import Family, World, certify, filing, receive
from tests.registry.persons import measure, resident
from tests.web.conftest import SignedIn
from tests.web.pages.intake import address, confirm, digest_on, filled, latest, receive_at_once
from tests.web.pages.reading import read
from tests.web.town import HEAD, OTHER_WARD_CODE, Person, Town


@pytest.fixture
def second(town: Town) -> Person:
    """Another clerk of the ward, of another name."""
    account_id, staff_no = town.account(name="港北 次郎")
    town.grant(account_id, role="counter")
    return Person(account_id, staff_no).begin()


def test_the_second_clerk_is_told_who_was_first(family: Family, signed_in: SignedIn, second: Person) -> None:
    first, typed = signed_in(), filled(family)
    digest = digest_on(confirm(second, address(second, family.child), typed))
    assert receive_at_once(first, address(first, family.child), typed).status_code == 302
    answer = receive_at_once(second, address(second, family.child), typed, digest=digest)
    page = read(answer)
    assert answer.status_code == 409
    assert "戸塚区保険係 戸塚 桜子 が" in page.text and "に受け付けました" in page.text
    assert latest(family).number in page.text
    assert len(cases.applications_about([family.child])) == 1
    form = next(one for one in page.forms if "confirmed" in one.fields)
    assert form.fields["applicant"] == str(family.father)


def test_where_the_database_decides_the_second_is_told_as_well(
    family: Family, signed_in: SignedIn, second: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, typed = signed_in(), filled(family)
    real = cases.receive_application

    def slower(filing: cases.Filing, **items: Any) -> cases.ApplicationRow:
        # Between the look and the writing, another counter is quicker.
        monkeypatch.setattr(cases, "receive_application", real)
        assert receive_at_once(first, address(first, family.child), typed).status_code == 302
        return real(filing, **items)

    digest = digest_on(confirm(second, address(second, family.child), typed))
    monkeypatch.setattr(cases, "receive_application", slower)
    answer = receive_at_once(second, address(second, family.child), typed, digest=digest)
    assert answer.status_code == 409
    assert "戸塚区保険係 戸塚 桜子 が" in read(answer).text
    assert len(cases.applications_about([family.child])) == 1


def test_what_changed_after_the_confirmation_is_shown_anew(
    world: World, family: Family, signed_in: SignedIn
) -> None:
    clerk, typed = signed_in(), filled(family)
    path = address(clerk, family.child)
    digest = digest_on(confirm(clerk, path, typed))
    renamed = resident(
        family.number + 1, ido_jiyu="50", rirekibango=2, shimei="改名　一郎", seinengappi="2018-05-10",
        tsuzukigara="10", setaibango=f"9{family.number:014}", ido_nengappi="2026-08-01",
    )  # fmt: skip
    world.send("resident", [renamed])
    answer = receive_at_once(clerk, path, typed, digest=digest)
    assert answer.status_code == 409
    assert "関係する登録や申請が変わりました" in read(answer).text
    assert cases.applications_about([family.child]) == ()
    assert receive_at_once(clerk, path, typed, digest=digest_on(answer)).status_code == 302


@pytest.mark.parametrize("digest", ["x", "0" * 64])
def test_nothing_is_received_without_the_confirmation(
    digest: str, family: Family, signed_in: SignedIn
) -> None:
    clerk = signed_in()
    answer = receive_at_once(clerk, address(clerk, family.child), filled(family), digest=digest)
    assert answer.status_code == 409
    assert cases.applications_about([family.child]) == ()


def test_an_application_in_hand_is_noticed_before_anything_is_received(
    family: Family, signed_in: SignedIn
) -> None:
    application_id = receive(family)
    clerk = signed_in()
    page = read(confirm(clerk, address(clerk, family.child), filled(family)))
    assert "このままでは受け付けられません" in page.text
    assert "鶴見区保険年金課 判定 花子 が" in page.text.replace("　", " ")
    assert cases.application_by_id(application_id).number in page.text
    assert "この内容で受け付ける" not in page.text
    assert clerk.get(page.link_to("/applications/")).status_code == 200


def test_an_entitlement_is_noticed(family: Family, signed_in: SignedIn) -> None:
    certify(family)
    clerk = signed_in()
    page = read(confirm(clerk, address(clerk, family.child), filled(family)))
    assert "いま有効な資格があります" in page.text
    assert "すでに資格があります" in page.text


def test_a_case_of_another_kind_is_noticed_and_does_not_hinder(family: Family, signed_in: SignedIn) -> None:
    certify(family)
    clerk = signed_in()
    loss = {"matter": "moved_out", "event_on": "2026-09-01"}
    assert (
        receive_at_once(clerk, address(clerk, family.child, kind="loss"), filled(family, **loss)).status_code
        == 302
    )
    path, typed = address(clerk, family.child, kind="reissue"), filled(family, matter="lost")
    page = read(confirm(clerk, path, typed))
    assert "同じ児童の喪失が処理中です。" in page.text
    assert receive_at_once(clerk, path, typed).status_code == 302


def with_adult(world: World, family: Family, **items: object) -> int:
    """Register a mother in the household of a family; `items` replace those of her row. Gives her id."""
    from tests.web.pages.test_intake import cases_id

    mother = {"shimei": "見本　母子", "seibetsu": "2", "tsuzukigara": "02", **items}
    world.send("resident", [resident(family.number + 3, setaibango=f"9{family.number:014}", **mother)])
    return cases_id(family.number + 3)


LEFT_OUT = "同じ世帯の 見本 母子 さん（配偶者）が保護者に入っていません。"


def confirmed_text(clerk: Person, family: Family, **items: object) -> str:
    """What the confirmation of a new application says."""
    return read(confirm(clerk, address(clerk, family.child), filled(family, **items))).text.replace("　", " ")


def test_a_parent_of_the_household_who_is_not_entered_is_noticed(
    world: World, family: Family, signed_in: SignedIn
) -> None:
    clerk = signed_in()
    assert "保護者に入っていません" not in confirmed_text(clerk, family)
    mother = with_adult(world, family)
    assert LEFT_OUT in confirmed_text(clerk, family)
    assert "この内容で受け付ける" in confirmed_text(clerk, family)
    both = confirmed_text(clerk, family, second=str(mother), second_relation="mother")
    assert "保護者に入っていません" not in both
    swapped = confirmed_text(clerk, family, applicant=str(mother), applicant_relation="mother")
    assert "見本 太郎 さん（世帯主）が保護者に入っていません" in swapped


@pytest.mark.parametrize(
    "items",
    [
        {"tsuzukigara": "20"},  # the grandmother
        {"tsuzukigara": "40"},  # an aunt
        {"tsuzukigara": "99"},
        {"tsuzukigara": "10", "seinengappi": "2005-05-05"},  # a grown-up brother
        {"seinengappi": "2010-05-05"},
        {"setaibango": "900000000000777"},
    ],
)
def test_who_is_no_parent_by_the_register_is_not_asked_after(
    world: World, family: Family, signed_in: SignedIn, items: dict[str, str]
) -> None:
    household = {"setaibango": f"9{family.number:014}"}
    row = {"shimei": "見本　母子", "seibetsu": "2", "tsuzukigara": "02", **household, **items}
    world.send("resident", [resident(family.number + 3, **row)])
    assert "保護者に入っていません" not in confirmed_text(signed_in(), family)


def test_nobody_is_asked_after_for_a_protected_child(
    world: World, family: Family, signed_in: SignedIn
) -> None:
    with_adult(world, family)
    clerk = signed_in()
    typed = {"applicant": "elsewhere", "applicant_no": family.father_no, "applicant_born": "1990-01-15"}
    assert LEFT_OUT in confirmed_text(clerk, family, **typed)
    world.send("protection", [measure(family.number + 1)])
    assert "保護者に入っていません" not in confirmed_text(clerk, family, **typed)


def test_a_siblings_case_is_noticed(world: World, family: Family, signed_in: SignedIn) -> None:
    household = f"9{family.number:014}"
    sibling = resident(
        family.number + 3,
        shimei="見本　次郎",
        seinengappi="2019-06-01",
        setaibango=household,
        tsuzukigara="10",
    )
    world.send("resident", [sibling])
    from tests.web.pages.test_intake import cases_id

    other = cases_id(family.number + 3)
    receive(family, child_id=other)
    clerk = signed_in()
    page = read(confirm(clerk, address(clerk, family.child), filled(family)))
    assert "同じ世帯の 見本 次郎 さんの新規が処理中です。" in page.text.replace("　", " ")
    assert "この内容で受け付ける" in page.text


def test_the_same_child_under_another_number_is_noticed(
    world: World, family: Family, signed_in: SignedIn
) -> None:
    twice = resident(
        family.number + 5, shimei="見本　一郎", seinengappi="2018-05-10", setaibango="900000000000555",
        tsuzukigara="10",
    )  # fmt: skip
    there = resident(
        family.number + 6, shimei="見本　一郎", seinengappi="2018-05-10", setaibango="900000000000556",
        tsuzukigara="10", jusho_shikuchosonkodo=OTHER_WARD_CODE,
    )  # fmt: skip
    world.send("resident", [twice, there])
    clerk = signed_in()
    page = read(confirm(clerk, address(clerk, family.child), filled(family)))
    assert f"別の宛名番号 {family.number + 5:015} で登録されています" in page.text
    assert "所管外に 1 人います" in page.text
    assert f"{family.number + 6:015}" not in page.html


def test_a_protected_childs_case_elsewhere_does_not_tell_where(
    world: World, family: Family, signed_in: SignedIn
) -> None:
    receive(family, ward_code=OTHER_WARD_CODE)
    world.send("protection", [measure(family.number + 1)])
    clerk = signed_in()
    typed = filled(family, applicant="elsewhere", applicant_no=family.father_no, applicant_born="1990-01-15")
    page = read(confirm(clerk, address(clerk, family.child), typed))
    assert "所管する課の職員 が" in page.text
    assert "鶴見区保険年金課" not in page.html
    head = signed_in("head", office=HEAD)
    assert "鶴見区保険年金課" in read(confirm(head, address(head, family.child), typed)).html


def test_a_misfit_is_found_without_receiving(world: World) -> None:
    family = world.family()
    assert cases.misfit_of(filing(family)) is None
    assert "1人か2人" in str(cases.misfit_of(filing(family, guardians=())))
    receive(family)
    assert "処理中です" in str(cases.misfit_of(filing(family)))
    assert len(cases.applications_about([family.child])) == 1


def test_open_applications_name_their_receiver(world: World) -> None:
    family = world.family()
    assert cases.open_applications([family.child]) == ()
    application_id = receive(family)
    (found,) = cases.open_applications([family.child])
    assert (found.application_id, found.clerk_name, found.clerk_office) == (
        application_id,
        "判定　花子",
        "鶴見区保険年金課",
    )
    assert found.received_at < clock.current_instant()
    certify_another = world.family()
    certify(certify_another)
    assert cases.open_applications([certify_another.child]) == ()
    assert reception.misfit_of is cases.misfit_of

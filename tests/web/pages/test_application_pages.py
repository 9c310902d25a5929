"""Applications: lists within the wards of the right, the explanation, and approval of what was seen by another."""

from __future__ import annotations

from typing import Any

import pytest

from kyufu.cases import api as cases
from kyufu.platform.actors import Actor
from kyufu.web.pages import applications
from tests.cases.world import WARD, Family, World, judge, receive, state
from tests.web.conftest import SignedIn
from tests.web.pages.log import reads_on
from tests.web.pages.reading import Page, read
from tests.web.town import CONTRACTOR, HEAD, OTHER_WARD, OTHER_WARD_CODE, Person


def judged(family: Family, **items: Any) -> int:
    """A judged application of the child."""
    application_id = receive(family, **items)
    judge(application_id)
    return application_id


def open_last(person: Person) -> tuple[str, Page]:
    """Address and page of the last application on the list."""
    address = read(person.get("/applications/")).link_to("/applications/")
    return address, read(person.get(address))


def numbers_listed(person: Person, path: str = "/applications/") -> int:
    """How many applications a list shows."""
    links = read(person.get(path)).links
    return len(
        [
            one
            for one in links
            if one.startswith("/applications/") and one != "/applications/" and "?" not in one
        ]
    )


def test_a_list_holds_the_applications_of_the_ward_alone(world: World, signed_in: SignedIn) -> None:
    receive(world.family())
    receive(world.family(), ward_code=OTHER_WARD_CODE)
    assert numbers_listed(signed_in()) == 1
    assert numbers_listed(signed_in(office=OTHER_WARD)) == 1
    assert numbers_listed(signed_in("head", office=HEAD)) == 2


def test_a_list_is_narrowed_to_a_state(world: World, signed_in: SignedIn) -> None:
    judged(world.family())
    receive(world.family())
    clerk = signed_in()
    assert numbers_listed(clerk, "/applications/?state=judged") == 1
    assert numbers_listed(clerk, "/applications/?state=approved") == 0
    assert clerk.get("/applications/?state=nonsense").status_code == 404
    assert "判定済（1）" in read(clerk.get("/applications/")).text


def test_a_long_list_goes_on_behind_a_sealed_place(
    world: World, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applications, "PAGE", 2)
    for _ in range(3):
        receive(world.family())
    clerk = signed_in()
    first = read(clerk.get("/applications/"))
    (onward,) = [one for one in first.links if "after=" in one]
    assert numbers_listed(clerk) == 2
    assert numbers_listed(clerk, onward) == 1
    assert clerk.get("/applications/?after=made-up").status_code == 404
    assert signed_in().get(onward).status_code == 404


def test_an_application_shows_why_the_law_decides_so(family: Family, signed_in: SignedIn) -> None:
    judged(family)
    _, page = open_last(signed_in())
    for words in (
        "資格あり：横浜市に住所があり",
        "判定の過程",
        "根拠：横浜市小児の医療費助成に関する条例",
        "鶴見区保険年金課 判定 花子",
        "見本",
    ):
        assert words in page.text.replace("　", " "), words


def test_looking_at_an_application_is_logged_for_child_and_guardian(
    family: Family, signed_in: SignedIn
) -> None:
    judged(family)
    clerk = signed_in()
    open_last(clerk)
    seen = {person for row in reads_on("application", by=clerk.staff_no) for person in row[3]}
    assert seen == {family.child, family.father}


def test_another_ward_may_neither_see_nor_decide(family: Family, signed_in: SignedIn) -> None:
    application_id = judged(family)
    here, elsewhere = signed_in("approver"), signed_in("approver", office=OTHER_WARD)
    _, page = open_last(here)
    seen = page.form_to("/approve/").fields["seen"]
    from kyufu.web.tokens import token_for

    token = token_for(kind="application", key=application_id, account_id=elsewhere.account_id)
    assert elsewhere.get(f"/applications/{token}/").status_code == 403
    assert elsewhere.post(f"/applications/{token}/approve/", {"seen": seen}).status_code == 403
    back = {"seen": seen, "why": "理由"}
    assert elsewhere.post(f"/applications/{token}/send-back/", back).status_code == 403
    assert state(application_id) == "judged"


def test_a_second_person_approves_what_was_seen(family: Family, signed_in: SignedIn) -> None:
    application_id = judged(family)
    approver = signed_in("approver")
    address, page = open_last(approver)
    form = page.form_to("/approve/")
    answer = approver.post(form.action, {"seen": form.fields["seen"]})
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert state(application_id) == "approved"
    assert "決裁しました。" in read(approver.get(address)).text
    last = cases.application_history(application_id)[-1]
    assert (last.actor_name, last.actor_office) == ("戸塚 桜子", "戸塚区保険係")


def test_the_judge_is_not_asked_and_may_not_approve(family: Family, signed_in: SignedIn) -> None:
    approver = signed_in("approver")
    application_id = receive(family)
    judge(application_id, by=Actor(approver.staff_no, "戸塚 桜子", "戸塚区保険係"))
    address, page = open_last(approver)
    assert "判定した職員は決裁できません" in page.text
    assert not [form for form in page.forms if form.action.endswith("/approve/")]
    decision_id = cases.application_by_id(application_id).decision_id
    assert decision_id is not None
    answer = approver.post(f"{address}approve/", {"seen": cases.decision_digest(decision_id)})
    assert answer.status_code == 409
    assert "判定した職員は、その決裁をできません。" in read(answer).text
    assert state(application_id) == "judged"


def test_a_clerk_without_the_right_is_not_asked_and_may_not_approve(
    family: Family, signed_in: SignedIn
) -> None:
    application_id = judged(family)
    clerk = signed_in("counter")
    address, page = open_last(clerk)
    assert not [form for form in page.forms if "approve" in form.action]
    assert clerk.post(f"{address}approve/", {"seen": "0" * 64}).status_code == 403
    assert state(application_id) == "judged"


@pytest.mark.parametrize("seen", ["", "0" * 64, "x"])
def test_nothing_is_approved_by_another_digest_than_that_of_the_page(
    seen: str, family: Family, signed_in: SignedIn
) -> None:
    application_id = judged(family)
    approver = signed_in("approver")
    address, _ = open_last(approver)
    assert approver.post(f"{address}approve/", {"seen": seen}).status_code in (409, 422)
    assert state(application_id) == "judged"


def test_what_was_judged_again_meanwhile_is_shown_anew(family: Family, signed_in: SignedIn) -> None:
    application_id = judged(family)
    approver = signed_in("approver")
    _, page = open_last(approver)
    form = page.form_to("/approve/")
    judge(application_id)
    answer = approver.post(form.action, {"seen": form.fields["seen"]})
    again = read(answer)
    assert answer.status_code == 409
    assert "表示したあとに判定が変わりました。" in again.text
    assert again.form_to("/approve/").fields["seen"] != form.fields["seen"]
    assert state(application_id) == "judged"


def test_a_stale_decision_is_marked_and_refused(world: World, family: Family, signed_in: SignedIn) -> None:
    application_id = judged(family)
    approver = signed_in("approver")
    address, page = open_last(approver)
    form = page.form_to("/approve/")
    world.send_loss_of_insurance(family, on="2026-09-01")
    again = read(approver.get(address))
    assert "この判定は使えません" in again.text
    assert not [one for one in again.forms if one.action.endswith("/approve/")]
    assert approver.post(form.action, {"seen": form.fields["seen"]}).status_code == 409
    assert state(application_id) == "judged"


def test_sending_back_asks_for_a_reason_and_keeps_it(family: Family, signed_in: SignedIn) -> None:
    application_id = judged(family)
    approver = signed_in("approver")
    _, page = open_last(approver)
    form = page.form_to("/send-back/")
    refused = approver.post(form.action, {"seen": form.fields["seen"], "why": ""})
    assert refused.status_code == 422
    assert "差戻しの理由：理由を入力してください。" in read(refused).text
    assert (
        approver.post(form.action, {"seen": form.fields["seen"], "why": "所得を確かめる"}).status_code == 302
    )
    last = cases.application_history(application_id)[-1]
    assert (last.to_state, last.why) == ("sent_back", "所得を確かめる")


def test_what_else_is_posted_changes_nothing(family: Family, signed_in: SignedIn) -> None:
    application_id = judged(family)
    before = cases.application_by_id(application_id)
    approver = signed_in("approver")
    _, page = open_last(approver)
    form = page.form_to("/send-back/")
    smuggled = {
        "seen": form.fields["seen"], "why": "確認", "state": "approved", "to_state": "approved", "approved_by": "S1",
        "approved_by_id": "S1", "actor_id": "S9", "by": "S9", "at": "2001-01-01", "ward_code": OTHER_WARD_CODE,
        "child_id": "1", "decision_id": "1", "application_id": "1", "pk": "1", "id": "1",
    }  # fmt: skip
    assert approver.post(form.action, smuggled).status_code == 302
    after = cases.application_by_id(application_id)
    assert after == before._replace(state="sent_back")
    file = cases.case_file(application_id)
    assert (file.approved_by, file.approved_at) == ("", None)
    last = cases.application_history(application_id)[-1]
    assert (last.actor_name, last.at.year) == ("戸塚 桜子", last.at.year)
    assert last.at.year > 2001


@pytest.mark.parametrize("method", ["approve", "send-back"])
def test_a_decision_is_made_by_post_alone(method: str, family: Family, signed_in: SignedIn) -> None:
    judged(family)
    approver = signed_in("approver")
    address, _ = open_last(approver)
    assert approver.get(f"{address}{method}/").status_code == 405


def test_a_form_without_its_token_is_refused(family: Family, signed_in: SignedIn) -> None:
    application_id = judged(family)
    approver = signed_in("approver")
    _, page = open_last(approver)
    form = page.form_to("/approve/")
    assert approver.client.post(form.action, {"seen": form.fields["seen"]}).status_code == 403
    assert state(application_id) == "judged"


def test_a_contractor_sees_the_cases_of_the_contract_and_decides_none(
    family: Family, signed_in: SignedIn
) -> None:
    judged(family)
    worker = signed_in("contractor", office=CONTRACTOR)
    assert worker.get("/applications/").status_code == 200
    assert numbers_listed(worker) == 0
    assert "申請・届出" in read(worker.get("/")).text


def test_a_protected_child_is_shown_without_the_address(
    world: World, family: Family, signed_in: SignedIn
) -> None:
    from tests.registry.persons import measure

    judged(family)
    world.send("protection", [measure(family.number + 1)])
    _, page = open_last(signed_in())
    assert "駒岡一丁目" not in page.html
    assert "支援措置" in page.text


def test_home_counts_what_waits_in_the_own_ward(world: World, signed_in: SignedIn) -> None:
    judged(world.family())
    receive(world.family(), ward_code=OTHER_WARD_CODE)
    text = read(signed_in().get("/")).text
    assert "判定済 判定を確かめて、決裁する 1件" in text
    assert "受付 判定する 0件" in text
    assert WARD not in text

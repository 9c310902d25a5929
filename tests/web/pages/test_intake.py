"""Receiving applications at the counter: every kind, in words first, with what is missing and what is noticed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kyufu.cases import api as cases
from kyufu.platform import clock
from tests.cases.world import Family, World, certify, receive, state
from tests.registry.persons import addressee_no, measure, resident
from tests.web.conftest import SignedIn
from tests.web.pages.intake import (
    IDENTITY,
    KINDS,
    address,
    completion,
    confirm,
    filled,
    latest,
    receive_at_once,
)
from tests.web.pages.log import reads_on
from tests.web.pages.reading import read
from tests.web.town import CONTRACTOR, HEAD, OTHER_WARD

TODAY = clock.current_date_in_japan()
NOT_CHECKED = dict.fromkeys(IDENTITY)


@pytest.mark.parametrize("kind", KINDS)
def test_the_form_keeps_the_order_of_the_paper(kind: str, family: Family, signed_in: SignedIn) -> None:
    certify(family)
    page = read(signed_in().get(address(signed_in(), family.child, kind=kind)))
    assert "このページはないか" in page.text  # the address of another account
    clerk = signed_in()
    page = read(clerk.get(address(clerk, family.child, kind=kind)))
    parts = ("受付", "児童", "保護者", "代理人", "健康保険", "添付書類", "本人確認・番号確認")
    places = [page.html.index(f"</span>{part}</h2>") for part in parts]
    assert places == sorted(places)
    assert page.unlabelled() == [] and page.twice() == [] and page.running() == [] and page.bare_tables == 0
    assert "見本" not in page.title


def test_the_form_shows_the_child_and_its_insurance_as_registered(
    family: Family, signed_in: SignedIn
) -> None:
    clerk = signed_in()
    page = read(clerk.get(address(clerk, family.child)))
    for words in (
        "見本 一郎",
        "ミホン タロウ",
        "平成30年5月10日",
        "駒岡",
        family.child_no,
        "登録されている健康保険",
    ):
        assert words in page.text.replace("　", " "), words
    assert "保険の記録がありません" not in page.text
    assert {family.child, family.father} <= {
        one for row in reads_on("intake_new", by=clerk.staff_no) for one in row[3]
    }


def test_a_missing_insurance_is_said(world: World, signed_in: SignedIn) -> None:
    family, clerk = world.family(insured=False), signed_in()
    page = read(clerk.get(address(clerk, family.child)))
    assert "保険の記録がありません。 資格確認書の写しを受け取り、" in page.text
    assert "登録するまで判定できません。" in page.text


def test_the_ward_is_chosen_already_only_where_there_is_one(family: Family, signed_in: SignedIn) -> None:
    for person, chosen in ((signed_in(), True), (signed_in("head", office=HEAD), False)):
        page = person.get(address(person, family.child)).content.decode()
        assert ('<option value="141011" selected>' in page) is chosen


def test_a_new_application_is_confirmed_in_words_and_received(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    path, typed = address(clerk, family.child), filled(family, papers=["insurance"], other_paper="母子手帳")
    page = read(confirm(clerk, path, typed))
    for words in (
        "内容の確認",
        "新規",
        "窓口",
        "続柄：父",
        "資格確認書等の写し",
        "母子手帳",
        "まだ受け付けていません",
    ):
        assert words in page.text, words
    assert cases.applications_about([family.child]) == ()
    answer = receive_at_once(clerk, path, typed)
    row = latest(family)
    assert answer.status_code == 302 and answer["Location"].startswith("/applications/")
    assert (row.kind, row.state, row.ward_code, row.received_on) == ("new", "received", "141011", TODAY)
    assert (
        f"受け付けました。受付番号 {row.number}。次は判定です。" in read(clerk.get(answer["Location"])).text
    )
    assert cases.case_file(row.application_id).documents == (
        "健康保険の資格確認書等の写し（児童）",
        "母子手帳",
    )
    first = cases.application_history(row.application_id)[0]
    assert (first.actor_name, first.actor_office) == ("戸塚 桜子", "戸塚区保険係")


@pytest.mark.parametrize(
    ("kind", "more", "matter"),
    [
        ("change", {"matter": "insurance", "event_on": "R8.9.1"}, "insurance"),
        ("loss", {"matter": "moved_out", "event_on": "令和8年9月1日"}, "moved_out"),
        ("reissue", {"matter": "lost"}, "lost"),
    ],
)
def test_every_report_is_received(
    kind: str, more: dict[str, str], matter: str, family: Family, signed_in: SignedIn
) -> None:
    certify(family)
    clerk = signed_in()
    answer = receive_at_once(clerk, address(clerk, family.child, kind=kind), filled(family, **more))
    assert answer.status_code == 302, read(answer).text
    assert (latest(family).kind, latest(family).matter, latest(family).state) == (kind, matter, "received")


def test_an_open_application_is_withdrawn(family: Family, signed_in: SignedIn) -> None:
    application_id = receive(family)
    clerk, number = signed_in(), cases.application_by_id(application_id).number
    path = address(clerk, family.child, kind="withdrawal")
    assert number in read(clerk.get(path)).text
    answer = receive_at_once(clerk, path, filled(family, target=number))
    assert state(application_id) == "withdrawn"
    assert f"受付番号 {number} の申請を取り下げました" in read(clerk.get(answer["Location"])).text


def test_a_withdrawal_without_identity_is_not_received(family: Family, signed_in: SignedIn) -> None:
    number = cases.application_by_id(receive(family)).number
    clerk = signed_in()
    path = address(clerk, family.child, kind="withdrawal")
    answer = clerk.post(path, {**filled(family, target=number, **NOT_CHECKED), "step": "confirm"})
    assert answer.status_code == 422
    assert "本人確認が記録されていません。" in read(answer).text


@pytest.mark.parametrize("kind", ["change", "loss", "reissue"])
def test_a_report_asks_for_its_matter(kind: str, family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    answer = clerk.post(address(clerk, family.child, kind=kind), {**filled(family), "step": "confirm"})
    assert answer.status_code == 422
    assert "#id_matter_0" in read(answer).links


def test_what_is_missing_is_said_at_once_and_the_application_waits(
    family: Family, signed_in: SignedIn
) -> None:
    clerk = signed_in()
    path, typed = address(clerk, family.child), filled(family, explained=None, identity_document="none")
    page = read(confirm(clerk, path, typed))
    for words in (
        "足りないもの",
        "身元確認が済んでいません。",
        "説明が記録されていません",
        "補正待ちとして受け付ける",
    ):
        assert words in page.text, words
    answer = receive_at_once(clerk, path, typed)
    assert latest(family).state == "incomplete"
    after = read(clerk.get(answer["Location"])).text
    assert "補正待ちとして受け付けました" in after and "足りないもの：" in after


def test_what_was_missing_is_completed(family: Family, signed_in: SignedIn) -> None:
    application_id = receive(family, identity=None)
    clerk = signed_in()
    path = completion(clerk, application_id)
    assert "本人確認が記録されていません。" in read(clerk.get(path)).text
    typed = {"received_on": TODAY.isoformat(), "papers": ["proxy"], **IDENTITY}
    assert clerk.post(path, {**typed, "received_on": ""}).status_code == 422
    later = {**typed, "received_on": (TODAY + timedelta(days=1)).isoformat()}
    assert clerk.post(path, later).status_code == 422
    lacking = clerk.post(path, {**typed, "identity_document": "insurance_alone"})
    assert lacking.status_code == 409
    assert "もう1点の書類が要ります" in read(lacking).text
    nothing = clerk.post(path, {"received_on": TODAY.isoformat()})
    assert nothing.status_code == 409 and "本人確認がまだ記録されていません" in read(nothing).text
    answer = clerk.post(path, typed)
    assert answer.status_code == 302
    assert state(application_id) == "received"
    assert cases.case_file(application_id).documents == ("委任状",)
    again = signed_in()
    for late in (
        again.get(completion(again, application_id)),
        again.post(completion(again, application_id), typed),
    ):
        assert late.status_code == 409
        assert "戸塚区保険係 戸塚 桜子" in read(late).text


def test_errors_are_summarised_and_everything_typed_stays(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    typed = filled(
        family, received_on="きのう", applicant=None, agent_name="代理 花子", seen=None, papers=["proxy"]
    )
    answer = clerk.post(address(clerk, family.child), {**typed, "step": "confirm"})
    page = read(answer)
    assert answer.status_code == 422
    assert {"#id_received_on", "#id_applicant_0", "#id_seen_0"} <= set(page.links)
    ids = {attributes.get("id") for _, attributes in page.tags}
    assert {link[1:] for link in page.links if link.startswith("#id_")} <= ids
    for kept in ('value="きのう"', 'value="代理 花子"', 'value="proxy" '):
        assert kept in page.html, kept
    assert "checked" in page.html.split('value="proxy"')[1].split(">")[0]


def test_a_day_to_come_is_no_day_of_receipt(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    typed = filled(family, received_on=(TODAY + timedelta(days=1)).isoformat())
    answer = clerk.post(address(clerk, family.child), {**typed, "step": "confirm"})
    assert answer.status_code == 422
    assert "今日より先の日付は入力できません" in read(answer).text


def test_going_back_to_correct_keeps_what_was_typed(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    path, typed = address(clerk, family.child), filled(family, agent_name="代理 花子")
    page = read(clerk.post(path, {**typed, "step": "edit"}))
    assert 'value="代理 花子"' in page.html
    assert "入力内容を確かめる" in page.text


def test_the_confirmation_carries_all_that_was_typed(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    path = address(clerk, family.child)
    page = read(confirm(clerk, path, filled(family, papers=["insurance"], agent_name='"><b>代理')))
    form = next(one for one in page.forms if "confirmed" in one.fields)
    answer = clerk.post(path, {**form.fields, "step": "receive"})
    assert answer.status_code == 302
    assert cases.case_file(latest(family).application_id).agent_name == '"><b>代理'


def test_a_guardian_elsewhere_is_shown_before_they_count(world: World, signed_in: SignedIn) -> None:
    family = world.family()
    world.send(
        "resident",
        [resident(77, shimei="別居　花子", seinengappi="1991-02-03", setaibango="900000000000077")],
    )
    clerk = signed_in()
    path = address(clerk, family.child)
    typed = filled(family, applicant="elsewhere", applicant_relation="mother", applicant_no="77")
    for born, said in (("", "宛名番号と生年月日を入力"), ("1991-02-04", "見つかりません")):
        answer = clerk.post(path, {**typed, "applicant_born": born, "step": "confirm"})
        assert answer.status_code == 422
        assert said in read(answer).text
        assert "別居" not in read(answer).text.replace("別居監護", "")
    typed["applicant_born"] = "H3.2.3"
    page = read(confirm(clerk, path, typed))
    assert "別居 花子" in page.text.replace("　", " ") and "宛名番号から見つけた人です" in page.text
    assert receive_at_once(clerk, path, typed).status_code == 302
    assert len(cases.case_file(latest(family).application_id).guardians) == 1


def test_two_guardians_are_kept_with_the_applicant_first(world: World, signed_in: SignedIn) -> None:
    family = world.family()
    household = f"9{family.number:014}"
    world.send(
        "resident",
        [
            resident(
                family.number + 3, shimei="見本　母子", seibetsu="2", setaibango=household, tsuzukigara="02"
            )
        ],
    )
    clerk = signed_in()
    mother = str(cases_id(family.number + 3))
    path = address(clerk, family.child)
    typed = filled(family, applicant=mother, applicant_relation="mother", second=str(family.father))
    answer = clerk.post(path, {**typed, "step": "confirm"})
    assert answer.status_code == 422 and "続柄を選んでください。" in read(answer).text
    typed["second_relation"] = "father"
    assert receive_at_once(clerk, path, typed).status_code == 302
    guardians = cases.case_file(latest(family).application_id).guardians
    assert [(str(one.addressee_id), one.relation) for one in guardians] == [
        (mother, "mother"),
        (str(family.father), "father"),
    ]
    same = clerk.post(path, {**typed, "second": mother, "step": "confirm"})
    assert "同じ保護者が二度記入されています。" in read(same).text


def cases_id(number: int) -> int:
    """The addressee id of the person of a number."""
    from kyufu.registry import api as registry

    return registry.addressee_ids([addressee_no(number)])[addressee_no(number)]


def test_from_an_adult_the_child_is_chosen_first(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    page = read(clerk.get(address(clerk, family.father)))
    assert "児童を選んでください" in page.text
    onward = next(one for one in page.links if one.endswith("/intake/new/"))
    assert onward == address(clerk, family.child)
    assert clerk.get(onward).status_code == 200
    assert clerk.post(address(clerk, family.father), filled(family)).status_code == 200
    assert cases.applications_about([family.child]) == ()


def test_an_adult_without_children_is_told_what_to_do(world: World, signed_in: SignedIn) -> None:
    world.send("resident", [resident(88, setaibango="900000000000088")])
    clerk = signed_in()
    page = read(clerk.get(address(clerk, cases_id(88))))
    assert "同じ世帯に児童の記録がありません" in page.text and "/people/" in page.links


def test_a_protected_child_shows_no_address_and_no_household(world: World, signed_in: SignedIn) -> None:
    family, clerk = world.family(), signed_in()
    world.send("protection", [measure(family.number + 1)])
    path = address(clerk, family.child)
    page = read(clerk.get(path))
    for words in ("駒岡", "見本　太郎", "見本 太郎", str(family.father) + '"'):
        assert words not in page.html, words
    assert "支援措置の対象です" in page.text and "表示できません（支援措置）" in page.text
    typed = filled(family, applicant="elsewhere", applicant_no=family.father_no, applicant_born="1990-01-15")
    confirmed = read(confirm(clerk, path, typed))
    assert "支援措置の対象です" in confirmed.text and "駒岡" not in confirmed.html
    assert receive_at_once(clerk, path, typed).status_code == 302


@pytest.mark.parametrize("kind", KINDS)
def test_another_ward_may_not_receive(kind: str, family: Family, signed_in: SignedIn) -> None:
    elsewhere = signed_in(office=OTHER_WARD)
    path = address(elsewhere, family.child, kind=kind)
    for answer in (elsewhere.get(path), elsewhere.post(path, {**filled(family), "step": "receive"})):
        assert answer.status_code == 403
        assert "見本" not in answer.content.decode()
    assert cases.applications_about([family.child]) == ()


def test_another_ward_may_not_complete(family: Family, signed_in: SignedIn) -> None:
    application_id = receive(family, identity=None)
    elsewhere = signed_in(office=OTHER_WARD)
    assert elsewhere.get(completion(elsewhere, application_id)).status_code == 403
    assert elsewhere.post(completion(elsewhere, application_id), IDENTITY).status_code == 403


def test_a_ward_beyond_the_right_is_no_choice(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    answer = clerk.post(address(clerk, family.child), {**filled(family, ward="141020"), "step": "confirm"})
    assert answer.status_code == 422
    assert "受付区：一覧から選び直してください。" in read(answer).text


def test_a_contractor_receives_and_an_approver_does_not(
    family: Family, signed_in: SignedIn, town: object
) -> None:
    approver = signed_in("approver")
    assert approver.get(address(approver, family.child)).status_code == 403
    contractor = signed_in("contractor", office=CONTRACTOR)
    # A centre of its own reaches no ward; what it may do at a ward the matrix of attacks shows.
    assert contractor.get(address(contractor, family.child)).status_code == 403


def test_the_queries_of_the_form_do_not_grow_with_the_household(world: World, signed_in: SignedIn) -> None:
    small, large = world.family(), world.family()
    household = f"9{large.number:014}"
    more = [
        resident(
            large.number + 2 + one, setaibango=household, tsuzukigara="10", seinengappi=f"20{10 + one}-04-05"
        )
        for one in range(1, 7)
    ]
    world.send("resident", more)
    clerk = signed_in()
    counts = []
    for family in (small, small, large):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert clerk.get(address(clerk, family.child)).status_code == 200
        counts.append(len(captured))
    assert counts[1] == counts[2]
    assert counts[1] <= 45

"""Contact records on the screen: written, corrected, finished; never overwritten, never in an address or a log."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from kyufu.law.calendar.wareki import format_wareki
from kyufu.platform import clock
from kyufu.registry import api as registry
from kyufu.web.pages.contact_forms import ContactForm, FollowUpForm
from kyufu.web.pages.stated import Ticket
from kyufu.web.tokens import token_for
from tests.cases.world import Family, World
from tests.registry.persons import fetch, measure
from tests.web.conftest import SignedIn
from tests.web.pages.log import reads_on
from tests.web.pages.reading import read
from tests.web.pages.test_person_pages import page_of, write
from tests.web.town import CONTRACTOR, HEAD, OTHER_WARD, Person

TODAY = clock.current_date_in_japan()
SECRET = "母の勤務先は丸の内工業"
SAID = {
    "contacted_on": TODAY.isoformat(), "way": "counter", "caller": "祖母", "subject": "医療証の再交付",
    "content": SECRET, "follow_up_on": "",
}  # fmt: skip


def address(person: Person, act: str, *, addressee: int, contact: int = 0) -> str:
    """The address of an act for somebody."""
    ticket = Ticket(addressee, "inquiry", "")
    kind, key = ("contact", ticket.key_of(contact)) if contact else ("person", ticket.key)
    return f"/contacts/{token_for(kind=kind, key=key, account_id=person.account_id)}/{act}"


def records(addressee: int) -> tuple[registry.ContactSeen, ...]:
    """The records of somebody, newest first."""
    return registry.contacts_of(addressee, limit=50)


def test_a_contact_is_written_down_and_stands_on_the_page(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    path = address(clerk, "new/", addressee=family.child)
    page = read(clerk.get(path))
    assert page.unlabelled() == []
    assert page.forms[-1].fields["contacted_on"] == format_wareki(TODAY)
    answer = clerk.post(path, {**SAID, "follow_up_on": (TODAY + timedelta(days=3)).isoformat()})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/people/")
    shown = read(clerk.get(answer["Location"]))
    for words in ("応対を記録しました。", "祖母", "医療証の再交付", SECRET, "後で行う：", "戸塚 桜子"):
        assert words in shown.text, words
    (found,) = records(family.child)
    assert (found.staff_no, found.office, found.ward_code) == (clerk.staff_no, "戸塚区保険係", "141011")


def test_of_the_head_office_a_record_belongs_to_no_ward(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in("head", office=HEAD)
    assert clerk.post(address(clerk, "new/", addressee=family.child), SAID).status_code == 302
    assert records(family.child)[0].ward_code == ""


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ({"contacted_on": ""}, "応対した日：入力してください。"),
        ({"contacted_on": (TODAY + timedelta(days=1)).isoformat()}, "今日より後の日です"),
        ({"contacted_on": "きのう"}, "日付として読めません"),
        ({"way": ""}, "方法：選んでください。"),
        ({"way": "fax"}, "一覧から選び直してください"),
        ({"caller": ""}, "相手：入力してください。"),
        ({"subject": "あ" * 61}, "60文字以内"),
        ({"subject": "二行\nの用件"}, "改行などの制御文字"),
        ({"content": ""}, "内容：入力してください。"),
        ({"content": "あ" * 2_001}, "2,000文字以内"),
        ({"content": "ベル\x07"}, "制御文字は入力できません"),
        ({"follow_up_on": (TODAY - timedelta(days=1)).isoformat()}, "応対した日より前です"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_lost(
    items: dict[str, str], words: str, family: Family, signed_in: SignedIn
) -> None:
    clerk = signed_in()
    answer = clerk.post(address(clerk, "new/", addressee=family.child), {**SAID, **items})
    page = read(answer)
    assert answer.status_code == 422
    assert words in page.text
    assert "入力に誤りがあります" in page.text
    assert items.get("caller", "祖母") == page.forms[-1].fields["caller"]
    assert records(family.child) == ()


def test_line_breaks_are_kept_as_one_kind() -> None:
    form = ContactForm({**SAID, "content": "一行目\r\n二行目\r三行目"})
    assert form.is_valid(), form.errors
    assert form.contact().content == "一行目\n二行目\n三行目"
    assert form.contact().follow_up_on is None


def test_what_was_done_is_a_line() -> None:
    assert not FollowUpForm({"note": ""}).is_valid()
    assert not FollowUpForm({"note": "一\n二"}).is_valid()
    assert FollowUpForm({"note": "折り返した"}).is_valid()


def test_a_correction_begins_with_what_stands_and_keeps_it(family: Family, signed_in: SignedIn) -> None:
    contact_id = write(family.child, caller="父")
    clerk = signed_in()
    path = address(clerk, "correct/", addressee=family.child, contact=contact_id)
    page = read(clerk.get(path))
    assert page.forms[-1].fields["caller"] == "父"
    assert "もとの記録" in page.text
    assert clerk.post(path, SAID).status_code == 302
    new, old = records(family.child)
    assert (new.corrects, new.caller, old.caller, old.content) == (contact_id, "祖母", "父", "電話の内容")
    shown = page_of(clerk, family.child).text
    for words in ("訂正済み", "訂正後の記録", "電話の内容", SECRET):
        assert words in shown


def test_the_second_of_two_is_told_who_was_first_and_keeps_the_input(
    family: Family, signed_in: SignedIn
) -> None:
    contact_id = write(family.child)
    first, second = signed_in(), signed_in()
    paths = [address(one, "correct/", addressee=family.child, contact=contact_id) for one in (first, second)]
    assert second.get(paths[1]).status_code == 200
    assert first.post(paths[0], {**SAID, "caller": "父"}).status_code == 302
    answer = second.post(paths[1], SAID)
    page = read(answer)
    assert answer.status_code == 409
    assert "戸塚区保険係の戸塚 桜子さんが先に訂正しました" in page.text
    assert page.forms[-1].fields["caller"] == "祖母"
    assert [one.caller for one in records(family.child)] == ["父", "母"]


def test_a_follow_up_is_finished_once(family: Family, signed_in: SignedIn) -> None:
    contact_id = write(family.child, follow_up_on=TODAY)
    clerk = signed_in()
    path = address(clerk, "done/", addressee=family.child, contact=contact_id)
    assert clerk.get(path).status_code == 200
    assert clerk.post(path, {"note": ""}).status_code == 422
    assert clerk.post(path, {"note": "申請書を郵送した"}).status_code == 302
    shown = page_of(clerk, family.child).text
    assert "申請書を郵送した" in shown
    assert "期限の用件が残っています" not in shown
    again = clerk.post(path, {"note": "もう一度"})
    assert again.status_code == 409
    assert "先に済ませました" in read(again).text
    assert registry.follow_ups_due(None, on=TODAY, limit=5) == ()


def test_for_a_protected_person_the_form_warns_of_the_address(
    world: World, family: Family, signed_in: SignedIn
) -> None:
    clerk = signed_in()
    path = address(clerk, "new/", addressee=family.child)
    assert "避難先" not in read(clerk.get(path)).text
    world.send("protection", [measure(family.number + 1)])
    assert "避難先が分かることを書かないでください" in read(clerk.get(path)).text


def test_free_text_stands_in_no_address_title_or_log(
    family: Family, signed_in: SignedIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    clerk = signed_in()
    answer = clerk.post(address(clerk, "new/", addressee=family.child), SAID)
    page = read(clerk.get(answer["Location"]))
    assert SECRET in page.text
    assert SECRET not in page.title
    assert not [one for one in page.links if SECRET in one]
    clerk.post(address(clerk, "new/", addressee=family.child), {**SAID, "way": ""})
    assert SECRET not in caplog.text
    written = fetch(
        "SELECT coalesce(new_values::text, '') || coalesce(changed::text, '') FROM audit_write "
        "WHERE table_name = 'registry_contact' AND actor_id = %s",
        clerk.staff_no,
    )
    assert written
    assert not [one for (one,) in written if SECRET in one]


def test_reading_and_writing_are_on_record_with_the_purpose(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    write(family.child)
    clerk.get(address(clerk, "", addressee=family.child))
    found = reads_on("contacts", by=clerk.staff_no)
    assert any("応対記録" in row[2] and family.child in row[3] for row in found)
    assert {row[0] for row in found} == {"本人・保護者からの問合せへの回答"}


@pytest.mark.parametrize("act", ["", "new/", "correct/", "done/"])
def test_another_ward_is_refused(act: str, family: Family, signed_in: SignedIn) -> None:
    contact = write(family.child, follow_up_on=TODAY) if act in ("correct/", "done/") else 0
    elsewhere = signed_in(office=OTHER_WARD)
    answer = elsewhere.get(address(elsewhere, act, addressee=family.child, contact=contact))
    assert answer.status_code == 403
    assert "電話の内容" not in answer.content.decode()


@pytest.mark.parametrize("act", ["new/", "correct/", "done/"])
@pytest.mark.parametrize("role", ["approver", "number", "auditor"])
def test_who_may_not_work_on_cases_writes_nothing(
    role: str, act: str, family: Family, signed_in: SignedIn
) -> None:
    contact = write(family.child, follow_up_on=TODAY) if act != "new/" else 0
    before = len(records(family.child))
    person = signed_in(role)
    answer = person.post(address(person, act, addressee=family.child, contact=contact), SAID | {"note": "済"})
    assert answer.status_code == 403
    assert len(records(family.child)) == before


@pytest.mark.parametrize("act", ["", "new/"])
def test_contact_records_are_not_the_work_of_contractors(
    act: str, family: Family, signed_in: SignedIn
) -> None:
    worker = signed_in("contractor", office=CONTRACTOR)
    answer = worker.get(address(worker, act, addressee=family.child))
    assert answer.status_code == 403
    assert "委託先の職員" in answer.content.decode()


def test_a_foreign_or_made_up_place_opens_nothing(family: Family, signed_in: SignedIn) -> None:
    clerk, other = signed_in(), signed_in()
    path = address(clerk, "", addressee=family.child)
    assert other.get(path).status_code == 404
    assert clerk.get(f"{path}?after=made-up").status_code == 404
    contact = write(family.child)
    assert other.get(address(clerk, "correct/", addressee=family.child, contact=contact)).status_code == 404

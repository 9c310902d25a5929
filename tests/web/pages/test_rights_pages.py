"""Rights: accounts, grants asked by one and confirmed by another, offices, terminals, and the rights table."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kyufu.platform import clock
from kyufu.staff import api as staff
from kyufu.staff.api import ProposalKind
from tests.web.conftest import SignedIn
from tests.web.pages.log import events_of
from tests.web.pages.reading import read
from tests.web.town import HEAD, TEMPORARY, WARD, Person, Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrators(town: Town, signed_in: SignedIn) -> tuple[Person, Person]:
    """Two rights administrators at their terminals."""
    return signed_in("rights", office=HEAD), signed_in("rights", office=HEAD)


def ask(person: Person, staff_no: str, **items: str) -> object:
    """Ask for the counter's role for somebody."""
    today = clock.current_date_in_japan()
    data = {
        "staff_no": staff_no, "role": "counter", "office": WARD, "scheme": "child",
        "first_day": today.isoformat(), "last_day": today.isoformat(), "why": "担当事務のため",
    }  # fmt: skip
    return person.post("/grants/new/", data | items)


def rights_of(account_id: int) -> staff.Rights:
    """What an account may do today."""
    return staff.rights_of(account_id, on=clock.current_date_in_japan())


@pytest.mark.requirement("YOK-203")
def test_a_grant_needs_two_administrators(town: Town, administrators: tuple[Person, Person]) -> None:
    first, second = administrators
    account_id, staff_no = town.account()
    assert ask(first, staff_no).status_code == 302  # type: ignore[attr-defined]
    form = read(first.get("/grants/")).form_to("/confirm/")
    own = first.post(form.action)
    assert own.status_code == 409
    assert "最初に行った職員は、その確認をできません。" in read(own).text
    assert rights_of(account_id).held == frozenset()
    assert second.post(read(second.get("/grants/")).form_to("/confirm/").action).status_code == 302
    assert rights_of(account_id).held != frozenset()
    assert len(events_of("rights_asked", by=first.staff_no)) == 1
    assert len(events_of("rights_changed", by=second.staff_no)) == 1
    assert events_of("rights_changed", by=first.staff_no) == []


def test_nobody_confirms_their_own_grant(town: Town, administrators: tuple[Person, Person]) -> None:
    first, second = administrators
    ask(first, second.staff_no)
    answer = second.post(read(second.get("/grants/")).form_to("/confirm/").action)
    assert answer.status_code == 409
    assert "自分の権限の確認はできません" in read(answer).text


def test_a_grant_is_refused_with_a_reason(town: Town, administrators: tuple[Person, Person]) -> None:
    first, second = administrators
    account_id, staff_no = town.account()
    ask(first, staff_no)
    form = read(second.get("/grants/")).form_to("/refuse/")
    assert second.post(form.action, {"reason": ""}).status_code == 422
    assert second.post(form.action, {"reason": "担当ではないため"}).status_code == 302
    assert rights_of(account_id).held == frozenset()
    assert "確認を待っている権限の申請はありません" in read(second.get("/grants/")).text


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ({"role": "nonsense"}, "職務：一覧から選び直してください。"),
        ({"last_day": "2001-01-01"}, "終わりの日が始まりの日より前です。"),
        ({"first_day": "きょう"}, "日付として読めません。"),
        ({"why": ""}, "必要な理由：理由を入力してください。"),
        ({"office": "X99"}, "一覧から選び直してください。"),
    ],
)
def test_a_form_says_what_is_wrong(
    items: dict[str, str], words: str, town: Town, administrators: tuple[Person, Person]
) -> None:
    _, staff_no = town.account()
    answer = ask(administrators[0], staff_no, **items)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert words in read(answer).text
    assert staff.grants_waiting() == []


def test_an_unknown_staff_number_is_refused(administrators: tuple[Person, Person]) -> None:
    answer = ask(administrators[0], "S99999")
    assert answer.status_code == 409  # type: ignore[attr-defined]
    assert "その職員番号のアカウントはありません" in read(answer).text


def test_what_else_is_posted_confirms_nothing(town: Town, administrators: tuple[Person, Person]) -> None:
    account_id, staff_no = town.account()
    smuggled = {
        "state": "confirmed",
        "confirmed_by_id": "S1",
        "confirmed_by": "S1",
        "account_id": "1",
        "asked_by": "X",
    }
    ask(administrators[0], staff_no, **smuggled)
    (grant,) = staff.grants_waiting()
    assert (grant.state, grant.confirmed_by, grant.staff_no) == ("asked", "", staff_no)
    assert rights_of(account_id).held == frozenset()


def test_a_grant_in_force_is_ended_at_once(town: Town, administrators: tuple[Person, Person]) -> None:
    account_id, staff_no = town.account()
    town.grant(account_id, role="counter")
    first, _ = administrators
    account = _account_page(first, staff_no)
    form = read(first.get(account)).form_to("/end/")
    assert "/grants/" in form.action
    assert first.post(form.action, {"reason": "異動のため"}).status_code == 302
    assert rights_of(account_id).held == frozenset()


def _account_page(person: Person, staff_no: str) -> str:
    """The address of an account, found on the list by its text."""
    import re

    html = person.get("/accounts/").content.decode()
    found = re.search(rf'href="(/accounts/[^"]+)">{staff_no}<', html)
    assert found is not None
    return found[1]


def test_an_account_is_locked_and_opened_by_another(
    town: Town, administrators: tuple[Person, Person]
) -> None:
    _, staff_no = town.account()
    first, _ = administrators
    address = _account_page(first, staff_no)
    assert first.post(f"{address}lock/", {"reason": "不正利用の疑い"}).status_code == 302
    assert "停止中" in read(first.get(address)).text
    assert first.post(f"{address}unlock/", {"reason": "本人に確認済み"}).status_code == 302
    assert "有効" in read(first.get(address)).text
    assert len(events_of("account_locked", by=first.staff_no)) == 1
    assert len(events_of("account_unlocked", by=first.staff_no)) == 1


@pytest.mark.parametrize("what", ["lock", "unlock", "end", "renew"])
def test_nobody_changes_the_own_account(what: str, administrators: tuple[Person, Person]) -> None:
    first, _ = administrators
    address = _account_page(first, first.staff_no)
    data = {"reason": "試す", "expires_on": clock.current_date_in_japan().isoformat()}
    assert first.post(f"{address}{what}/", data).status_code == 409
    assert "このアカウントの操作" not in read(first.get(address)).text


def test_an_account_is_added_for_one_person(town: Town, administrators: tuple[Person, Person]) -> None:
    first, _ = administrators
    today, last = town.today.isoformat(), town.last_day.isoformat()
    data = {
        "staff_no": "N0001", "personnel_no": "N0001", "name": "新人　花子", "kana": "シンジン　ハナコ",
        "kind": "employee", "office": WARD, "usable_from": today, "expires_on": last, "password": TEMPORARY,
        "why": "1号",
    }  # fmt: skip
    shared = first.post("/accounts/new/", data | {"name": "窓口共用"})
    assert shared.status_code == 409
    assert "共用のアカウントは作れません" in read(shared).text
    assert TEMPORARY not in shared.content.decode()
    assert first.post("/accounts/new/", data | {"state": "locked", "is_superuser": "1"}).status_code == 302
    made = staff.find_account("N0001", on=town.today)
    assert made is not None
    assert (made.name, made.state) == ("新人　花子", "active")


def test_offices_and_terminals_are_added_and_closed(
    town: Town, administrators: tuple[Person, Person]
) -> None:
    first, _ = administrators
    office = {"code": "W09", "name": "西区保険係", "kind": "ward", "parent": HEAD, "ward_code": "141038",
              "valid_from": "2020-04-01"}  # fmt: skip
    assert first.post("/offices/new/", office | {"ward_code": ""}).status_code == 409
    assert first.post("/offices/new/", office).status_code == 302
    assert "西区保険係" in read(first.get("/offices/")).text
    terminal = {"name": "窓口9", "office": "W09", "network": "192.0.2.0/28", "valid_from": "2020-04-01"}
    assert first.post("/terminals/new/", terminal | {"network": "0.0.0.0/0"}).status_code == 409
    assert first.post("/terminals/new/", terminal).status_code == 302
    page = read(first.get("/terminals/"))
    assert "窓口9" in page.text
    close = [form for form in page.forms if form.action.endswith("/close/")][-1]
    assert first.post(close.action, {"from_day": "2001-01-01"}).status_code == 409
    assert first.post(close.action, {"from_day": "あした"}).status_code == 422


@pytest.mark.requirement("ATG-220")
def test_the_rights_table_is_read_exported_and_compared(
    town: Town, administrators: tuple[Person, Person]
) -> None:
    first, _ = administrators
    staff.add_office(code="AT", name="@危険課", kind=staff.OfficeKind.HEAD, valid_from=town.today)
    account_id, staff_no = town.account(office="AT")
    town.grant(account_id, role="counter", office="AT")
    assert staff_no in read(first.get("/rights-table/")).text
    answer = first.post("/rights-table/csv/")
    text = answer.content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert tuple(rows[0]) == staff.HEADINGS
    assert "'@危険課" in {row[3] for row in rows}
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    assert len(events_of("exported", by=first.staff_no)) == 1
    same = first.post("/rights-table/compare/", {"table": SimpleUploadedFile("t.csv", answer.content)})
    assert "一致しています" in read(same).text
    town.grant(account_id, role="approver")
    later = read(first.post("/rights-table/compare/", {"table": SimpleUploadedFile("t.csv", answer.content)}))
    assert "いまだけある権限" in later.text
    assert "選んだ表にだけある権限" not in later.text


@pytest.mark.parametrize(("content", "status"), [(b"\xff\xfe", 422), (b"", 422), (b"a,b\n1,2\n", 409)])
def test_what_is_no_rights_table_is_refused(
    content: bytes, status: int, administrators: tuple[Person, Person]
) -> None:
    file = SimpleUploadedFile("t.csv", content)
    assert administrators[0].post("/rights-table/compare/", {"table": file}).status_code == status


@pytest.mark.parametrize("role", ["counter", "approver", "number", "operations"])
def test_who_has_no_right_sees_no_rights_page(role: str, town: Town, signed_in: SignedIn) -> None:
    person = signed_in(role)
    for path in ("/accounts/", "/grants/", "/offices/", "/terminals/", "/rights-table/", "/grants/new/"):
        assert person.get(path).status_code == 403, path
    assert person.post("/rights-table/csv/").status_code == 403


def test_the_auditor_reads_rights_and_changes_none(town: Town, signed_in: SignedIn) -> None:
    auditor = signed_in("auditor", office=HEAD)
    assert auditor.get("/rights-table/").status_code == 200
    assert ask(auditor, auditor.staff_no).status_code == 403  # type: ignore[attr-defined]
    assert auditor.post("/offices/new/", {}).status_code == 403


def _propose(by: Person) -> None:
    rights = rights_of(by.account_id)
    content = {"案": "閲覧制限を変える", "<b>": "'\"<script>"}
    staff.propose(
        ProposalKind.RIGHTS_REVIEW,
        content=content,
        subject="2026年度",
        by=rights.actor(),
        at=clock.current_instant(),
    )


def test_a_proposal_is_shown_to_the_second_person_as_proposed(administrators: tuple[Person, Person]) -> None:
    first, second = administrators
    _propose(first)
    assert "二人目の確認を待っている申し出 1件" in read(second.get("/")).text
    assert "二人目の確認を待っている申し出 0件" in read(first.get("/")).text
    page = read(second.get(read(second.get("/proposals/")).link_to("/proposals/")))
    assert "閲覧制限を変える" in page.text
    assert page.running() == []
    elsewhere = second.post(
        page.form_to("/refuse/").action.replace("/refuse/", "/confirm/"), {"seen": "0" * 64}
    )
    assert elsewhere.status_code == 409
    assert "この画面では確認できません" in read(elsewhere).text
    form = page.form_to("/refuse/")
    assert second.post(form.action, {"reason": " "}).status_code == 422
    assert second.post(form.action, {"reason": "見送る"}).status_code == 302
    assert staff.open_proposals(at=clock.current_instant()) == []


def test_a_proposal_is_withdrawn_by_its_proposer_alone(administrators: tuple[Person, Person]) -> None:
    first, second = administrators
    _propose(first)
    other = read(second.get("/proposals/")).link_to("/proposals/")
    assert second.post(f"{other}withdraw/").status_code == 409
    own = read(first.get("/proposals/")).link_to("/proposals/")
    assert first.post(f"{own}refuse/", {"reason": "自分で"}).status_code == 409
    assert first.post(f"{own}withdraw/").status_code == 302


def test_who_may_not_confirm_does_not_see_a_proposal(
    administrators: tuple[Person, Person], signed_in: SignedIn
) -> None:
    _propose(administrators[0])
    clerk = signed_in("counter")
    assert "閲覧制限" not in clerk.get("/proposals/").content.decode()
    from kyufu.web.tokens import token_for

    (proposal,) = staff.open_proposals(at=clock.current_instant())
    token = token_for(kind="proposal", key=proposal.proposal_id, account_id=clerk.account_id)
    assert clerk.get(f"/proposals/{token}/").status_code == 404

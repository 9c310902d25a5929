"""Files handed in at the counter: added, shown closed off, withdrawn; refused in words a clerk can act on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kyufu.attachments import api as attachments
from kyufu.web.tokens import token_for
from tests.attachments.files import jpeg, pdf, png, tiff
from tests.attachments.papers import AT, OTHER, attach, handed
from tests.cases.world import Family, World, receive
from tests.web.conftest import SignedIn
from tests.web.pages.log import reads_on
from tests.web.pages.reading import Page, read
from tests.web.town import CONTRACTOR, HEAD, OTHER_WARD, Person


@pytest.fixture(autouse=True)
def own_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """A key of this test's own, and no scanner."""
    monkeypatch.setenv("KYUFU_ATTACHMENT_KEY_FILE", str(tmp_path / "attachment-key"))
    settings.KYUFU_SCAN_COMMAND = ""


@pytest.fixture
def application(family: Family) -> int:
    """An application of the first ward."""
    return receive(family)


def sent(
    content: bytes, name: str = "資格確認書.pdf", claimed: str = "application/pdf"
) -> SimpleUploadedFile:
    """A file as a browser sends it, with what it claims to be."""
    return SimpleUploadedFile(name, content, content_type=claimed)


def path_to(person: Person, application: int, end: str = "attachments/new/") -> str:
    """The address of an application for somebody."""
    token = token_for(kind="application", key=application, account_id=person.account_id)
    return f"/applications/{token}/{end}"


def file_path(person: Person, attachment: int, end: str = "") -> str:
    """The address of a file for somebody."""
    token = token_for(kind="attachment", key=attachment, account_id=person.account_id)
    return f"/attachments/{token}/{end}"


def send(
    person: Person, application: int, *files: SimpleUploadedFile, kind: str = "insurance", **more: Any
) -> Any:
    """Hand files in."""
    return person.post(path_to(person, application), {"kind": kind, "papers": list(files), **more})


def page_of(person: Person, application: int) -> Page:
    """The page of the application."""
    return read(person.get(path_to(person, application, "")))


def test_the_way_from_the_application_to_the_file_and_back(application: int, signed_in: SignedIn) -> None:
    clerk = signed_in()
    first = page_of(clerk, application)
    assert "添付されたファイルはありません" in first.text
    entry = next(one for one in first.links if one.endswith("/attachments/new/"))
    form = read(clerk.get(entry))
    assert [one.method for one in form.forms if "kind" in one.fields] == ["post"]
    answer = clerk.post(entry, {"kind": "insurance", "papers": [sent(pdf())]})
    assert (answer.status_code, answer["Location"]) == (302, path_to(clerk, application, ""))
    shown = page_of(clerk, application)
    for words in (
        "添付書類を1件受け付けました",
        "資格確認書.pdf",
        "PDF",
        "1ページ",
        "未検査",
        "戸塚 桜子",
        "受付済",
    ):
        assert words in shown.text.replace("　", " "), words
    file = next(one for one in shown.links if re.fullmatch(r"/attachments/[^/]{20,}/", one))
    assert clerk.get(file).content == pdf()


def test_the_form_takes_several_files_and_a_photograph_without_a_script(
    application: int, signed_in: SignedIn
) -> None:
    clerk = signed_in()
    page = read(clerk.get(path_to(clerk, application)))
    inputs = {
        found["name"]: found for tag, found in page.tags if tag == "input" and found.get("type") == "file"
    }
    assert {"papers", "photo"} == inputs.keys()
    assert "multiple" in inputs["papers"]
    assert "application/pdf" in inputs["papers"]["accept"]
    assert inputs["photo"]["capture"] == "environment"
    assert page.unlabelled() == []
    assert page.running() == []
    assert 'enctype="multipart/form-data"' in page.html
    answer = send(clerk, application, sent(pdf()), sent(png(), "a.png"), photo=sent(jpeg(), "image.jpg"))
    assert answer.status_code == 302
    assert [row.media_type for row in attachments.attachments_of(application)] == [
        "application/pdf", "image/png", "image/jpeg",
    ]  # fmt: skip


def test_one_file_that_is_refused_takes_no_other_along(application: int, signed_in: SignedIn) -> None:
    clerk = signed_in()
    answer = send(clerk, application, sent(pdf()), sent(b"MZ", "悪い.pdf"), sent(png(), "よい.png"))
    page = read(answer)
    assert answer.status_code == 422
    assert "悪い.pdf ：添付できない種類のファイルです。" in page.text
    assert "受け付けたファイル： 資格確認書.pdf よい.png" in page.text
    assert [row.name for row in attachments.attachments_of(application)] == ["資格確認書.pdf", "よい.png"]


def test_the_same_file_twice_is_noticed(application: int, signed_in: SignedIn) -> None:
    clerk = signed_in()
    send(clerk, application, sent(pdf()))
    answer = send(clerk, application, sent(pdf(), "写し.pdf"), kind="other")
    assert answer.status_code == 422
    assert "同じ内容のファイルが、すでに「資格確認書" in read(answer).text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"kind": "insurance"}, "ファイルを選ぶか、カメラで撮影してください"),
        ({"kind": "", "papers": [sent(pdf())]}, "選んでください"),
        ({"kind": "nonsense", "papers": [sent(pdf())]}, "一覧から選び直して"),
        ({"kind": "insurance", "papers": "no file"}, "ファイルを選ぶか"),
        ({"kind": "insurance", "papers": [sent(b"")]}, "ファイルが空です"),
    ],
)
def test_what_is_missing_is_said_at_the_field(
    application: int, signed_in: SignedIn, data: dict[str, Any], words: str
) -> None:
    clerk = signed_in()
    for one in data.get("papers", []):
        if not isinstance(one, str):
            one.seek(0)
    answer = clerk.post(path_to(clerk, application), data)
    assert answer.status_code == 422
    assert words in read(answer).text
    assert attachments.attachments_of(application) == ()


@pytest.mark.parametrize(
    ("name", "claimed"), [("a.exe", "application/pdf"), ("a.html", "text/html"), ("a.png", "image/png")]
)
def test_neither_name_nor_claim_decides(
    application: int, signed_in: SignedIn, name: str, claimed: str
) -> None:
    answer = send(signed_in(), application, sent(pdf(), name, claimed))
    assert answer.status_code == 422
    assert "拡張子" in read(answer).text


def test_a_wrong_claim_of_the_browser_changes_nothing(application: int, signed_in: SignedIn) -> None:
    clerk = signed_in()
    assert send(clerk, application, sent(pdf(), "a.pdf", "text/html")).status_code == 302
    (row,) = attachments.attachments_of(application)
    assert clerk.get(file_path(clerk, row.attachment_id))["Content-Type"] == "application/pdf"


@pytest.mark.parametrize(
    "shown",
    [
        (pdf(), "a.pdf", "application/pdf", 'inline; filename="document.pdf"'),
        (png(), "a.png", "image/png", 'inline; filename="document.png"'),
        (jpeg(), "a.jpg", "image/jpeg", 'inline; filename="document.jpg"'),
        (tiff(), "a.tif", "image/tiff", 'attachment; filename="document.tif"'),
    ],
)
def test_a_file_is_shown_closed_off(
    application: int, signed_in: SignedIn, shown: tuple[bytes, str, str, str]
) -> None:
    content, name, kind, way = shown
    clerk = signed_in()
    attachment = attachments.receive_attachment(handed(application, content, name=name), by=OTHER, at=AT)
    answer = clerk.get(file_path(clerk, attachment))
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, content, kind)
    assert answer["Content-Disposition"] == way
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "script" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Frame-Options"] == "DENY"
    assert not answer.streaming


def test_each_look_is_noted_as_reading_of_the_child(
    application: int, family: Family, signed_in: SignedIn
) -> None:
    clerk = signed_in()
    attachment = attach(application)
    for _ in range(2):
        clerk.get(file_path(clerk, attachment))
    rows = reads_on("attachment_show", by=clerk.staff_no)
    assert len([row for row in rows if "添付書類の中身" in str(row[2])]) == 2
    assert all(family.child in row[3] for row in rows)


def test_the_address_holds_nothing_of_the_file(application: int, signed_in: SignedIn) -> None:
    clerk = signed_in()
    send(clerk, application, sent(pdf(), "見本一郎の証明書.pdf"))
    page = page_of(clerk, application)
    assert not [one for one in page.links if "%E8" in one or "見本" in one]
    assert "見本" not in page.title
    assert clerk.get("/attachments/1/").status_code == 404
    assert clerk.get("/attachments/made-up/").status_code == 404


def test_a_token_of_another_account_or_kind_opens_nothing(application: int, signed_in: SignedIn) -> None:
    clerk, other = signed_in(), signed_in()
    attachment = attach(application)
    assert other.get(file_path(clerk, attachment)).status_code == 404
    token = token_for(kind="application", key=attachment, account_id=clerk.account_id)
    assert clerk.get(f"/attachments/{token}/").status_code == 404


def test_another_ward_neither_sees_nor_adds_nor_withdraws(application: int, signed_in: SignedIn) -> None:
    elsewhere, head = signed_in(office=OTHER_WARD), signed_in("head", office=HEAD)
    attachment = attach(application)
    assert elsewhere.get(file_path(elsewhere, attachment)).status_code == 403
    assert elsewhere.get(path_to(elsewhere, application)).status_code == 403
    assert send(elsewhere, application, sent(png(), "a.png")).status_code == 403
    withdrawal = file_path(elsewhere, attachment, "withdraw/")
    assert elsewhere.post(withdrawal, {"reason": "ほかの区からの取下げ"}).status_code == 403
    assert [row.state for row in attachments.attachments_of(application)] == ["received"]
    assert head.get(file_path(head, attachment)).status_code == 200


def test_the_right_to_read_shows_and_does_not_add(application: int, signed_in: SignedIn) -> None:
    approver = signed_in("approver")
    attachment = attach(application)
    assert approver.get(file_path(approver, attachment)).status_code == 200
    assert approver.get(path_to(approver, application)).status_code == 403
    page = page_of(approver, application)
    assert "添付書類を追加する" not in page.text
    assert "取り下げる" not in page.text


def test_a_contractor_adds_and_does_not_withdraw(application: int, town: Any, signed_in: SignedIn) -> None:
    account_id, staff_no = town.account(office=CONTRACTOR)
    town.grant(account_id, role="contractor")
    contractor = Person(account_id, staff_no).begin()
    assert send(contractor, application, sent(pdf())).status_code == 302
    page = page_of(contractor, application)
    assert "取り下げる" not in page.text
    (row,) = attachments.attachments_of(application)
    assert contractor.get(file_path(contractor, row.attachment_id, "withdraw/")).status_code == 403


def test_without_a_right_nothing_opens(application: int, signed_in: SignedIn) -> None:
    auditor = signed_in("auditor", office=HEAD)
    assert auditor.get(file_path(auditor, attach(application))).status_code == 403
    assert auditor.get("/attachments/refused/").status_code == 403


def test_a_file_is_withdrawn_with_a_reason(application: int, signed_in: SignedIn) -> None:
    clerk = signed_in()
    attachment = attach(application)
    path = file_path(clerk, attachment, "withdraw/")
    asked = read(clerk.get(path))
    assert "90日のあいだ残したあと削除します" in asked.text
    empty = clerk.post(path, {"reason": ""})
    assert empty.status_code == 422
    assert "理由を入力してください" in read(empty).text
    answer = clerk.post(path, {"reason": "別の児童の書類だったため"})
    assert (answer.status_code, answer["Location"]) == (302, path_to(clerk, application, ""))
    page = page_of(clerk, application)
    assert "理由：別の児童の書類だったため" in page.text
    assert not [one for one in page.links if one.startswith("/attachments/") and "refused" not in one]
    assert clerk.get(file_path(clerk, attachment)).status_code == 409


def test_the_second_who_withdraws_is_told_of_the_first(application: int, signed_in: SignedIn) -> None:
    clerk = signed_in()
    attachment = attach(application)
    attachments.withdraw_attachment(attachment, by=OTHER, at=AT, why="先の取下げ")
    answer = clerk.post(file_path(clerk, attachment, "withdraw/"), {"reason": "後からの取下げ"})
    assert answer.status_code == 409
    assert "取下 次郎がすでに取り下げています" in read(answer).text.replace("　", " ")
    (row,) = attachments.attachments_of(application)
    assert row.why == "先の取下げ"


def test_hostile_names_are_shown_as_text(application: int, signed_in: SignedIn) -> None:
    clerk = signed_in()
    send(clerk, application, sent(pdf(), "<script>alert(1)</script>.pdf"), sent(png(), "\u202egnp.fdp.png"))
    page = page_of(clerk, application)
    assert page.running() == []
    assert "\u202e" not in page.html
    assert "<script>alert" not in page.html


def test_the_part_takes_few_questions_however_many_files(
    application: int, signed_in: SignedIn, django_assert_num_queries: Any, world: World
) -> None:
    clerk = signed_in()
    page_of(clerk, application)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        page_of(clerk, application)
    for one in range(5):
        attach(application, pdf(text=str(one)))
    with CaptureQueriesContext(connection) as many:
        page_of(clerk, application)
    assert len(many) == len(few)

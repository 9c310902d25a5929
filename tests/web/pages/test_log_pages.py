"""The log on the screen: search, CSV, review by two persons, the public eye, and disclosure on paper."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from uuid import uuid4

import pytest

from kyufu.audit import api as audit
from kyufu.platform import clock
from kyufu.platform.access import Access, Channel
from kyufu.registry import api as registry
from kyufu.web.pages import log
from kyufu.web.tokens import token_for
from tests.cases.world import Family, World
from tests.web.conftest import SignedIn
from tests.web.pages.log import events_of, reads_on
from tests.web.pages.reading import read
from tests.web.pages.test_people_pages import open_person, search
from tests.web.town import HEAD, MAKER, Person

TODAY = clock.current_date_in_japan()
PAPER = registry.NonResident(
    "架空　太郎",
    "カクウ　タロウ",
    "1",
    date(1990, 1, 15),
    "",
    "141305",
    "2100001",
    "神奈川県",
    "川崎市",
    "",
    "１番",
    "",
)
PERIOD = {"first_day": (TODAY - timedelta(days=1)).isoformat(), "last_day": TODAY.isoformat()}


@pytest.fixture
def auditor(world: World, signed_in: SignedIn) -> Person:
    """The privacy staff at head office."""
    return signed_in("auditor", office=HEAD)


@pytest.fixture
def reader(family: Family, signed_in: SignedIn) -> Person:
    """A clerk who has looked at the family's child."""
    clerk = signed_in()
    open_person(clerk, family.child_no, purpose="case", case_no="R8-77")
    return clerk


def ask(person: Person, **items: str) -> object:
    """Search the reads of yesterday and today."""
    return person.post("/log/", {"stream": "audit_read", **PERIOD, **items})


@pytest.mark.requirement("TKY-220", "KWS-183", "ATG-230")
def test_reads_are_found_by_staff_person_and_screen(
    family: Family, auditor: Person, reader: Person, signed_in: SignedIn
) -> None:
    found = read(ask(auditor, staff_no=reader.staff_no))
    assert "個別の申請の調査" in found.text
    assert "受付番号 R8-77" in found.text
    assert family.child_no in found.text
    assert family.child_no in read(ask(auditor, staff_no=reader.staff_no, addressee_no=family.child_no)).text
    nothing = read(ask(auditor, staff_no=reader.staff_no, screen="log"))
    assert "該当する記録はありません" in nothing.text
    other = signed_in()
    assert "該当する記録はありません" in read(ask(auditor, staff_no=other.staff_no)).text


def test_the_search_of_the_log_is_logged(family: Family, auditor: Person, reader: Person) -> None:
    ask(auditor, addressee_no=family.child_no)
    (event,) = events_of("log_searched", by=auditor.staff_no)
    assert event[1] == [family.child]


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ({"stream": "audit_block"}, "記録の種類：一覧から選び直してください。"),
        ({"last_day": "2001-01-01"}, "最後の日が最初の日より前です。"),
        ({"first_day": ""}, "期間の最初の日：入力してください。"),
        ({"addressee_no": "999999999999999"}, "この宛名番号の人はいません。"),
        ({"addressee_no": "1 OR 1=1"}, "宛名番号は数字で入力してください。"),
        ({"screen": "'; DROP TABLE"}, "一覧から選び直してください。"),
        ({"staff_no": "S1\nS2"}, "改行などの制御文字は入力できません。"),
    ],
)
def test_a_search_that_cannot_be_says_why(items: dict[str, str], words: str, auditor: Person) -> None:
    answer = ask(auditor, **items)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert words in read(answer).text


def test_a_long_answer_goes_on_page_by_page(
    family: Family, auditor: Person, reader: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "PAGE", 1)
    first = read(ask(auditor, staff_no=reader.staff_no))
    form = next(one for one in first.forms if "before" in one.fields)
    second = auditor.post("/log/", {name: form.fields[name] for name in form.fields})
    assert second.status_code == 200
    assert read(second).words != first.words
    assert auditor.post("/log/", {**form.fields, "before": "made-up"}).status_code == 404


@pytest.mark.requirement("YOK-191")
def test_the_log_is_handed_out_as_a_guarded_file(
    family: Family, auditor: Person, signed_in: SignedIn
) -> None:
    clerk = signed_in()
    search(clerk, "見本", purpose="case", case_no="-1")
    answer = auditor.post("/log/csv/", {"stream": "audit_read", **PERIOD, "staff_no": clerk.staff_no})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert tuple(rows[0]) == log.HEADINGS
    assert "'-1" in rows[1]
    assert {row[2] for row in rows[1:]} == {clerk.staff_no}
    (event,) = events_of("log_exported", by=auditor.staff_no)
    assert f"{len(rows) - 1}" in event[0]


def test_a_file_that_would_be_cut_off_is_refused_with_what_to_do(
    family: Family, auditor: Person, reader: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"stream": "audit_read", **PERIOD, "staff_no": reader.staff_no}
    whole = auditor.post("/log/csv/", asked)
    records = len(list(csv.reader(io.StringIO(whole.content.decode("utf-8-sig"), newline="")))) - 1
    assert records > 1
    monkeypatch.setattr(log, "EXPORTED", records)
    assert auditor.post("/log/csv/", asked).content == whole.content
    monkeypatch.setattr(log, "EXPORTED", records - 1)
    refused = auditor.post("/log/csv/", asked)
    assert refused.status_code != 200
    assert "出力を取りやめました" in refused.content.decode()
    assert "期間を短く分けて" in refused.content.decode()
    assert len(events_of("log_exported", by=auditor.staff_no)) == 2


@pytest.mark.parametrize(
    "path", ["/log/", "/log/state/", "/reviews/", "/reviews/find/", "/watched/", "/disclosure/"]
)
@pytest.mark.parametrize("role", ["counter", "rights", "operations"])
def test_the_log_is_for_the_privacy_staff_alone(
    role: str, path: str, signed_in: SignedIn, world: World
) -> None:
    assert signed_in(role).get(path).status_code == 403


def test_the_state_of_the_log_says_when_it_was_verified(auditor: Person) -> None:
    audit.record_event(audit.EventKind.LOG_VERIFIED, detail={"問題": "なし", "確かめた記録": "12件"})
    page = read(auditor.get("/log/state/"))
    for words in ("封印した記録の数", "最後の検証", "問題", "なし", "12件"):
        assert words in page.text


def drawn(auditor: Person) -> None:
    """Draw every read of the period for review."""
    answer = auditor.post("/reviews/sample/", {**PERIOD, "seed": f"抽選{auditor.staff_no}", "size": "1000"})
    assert answer.status_code == 302


def review_of(reader: Person) -> audit.ReviewSeen:
    """The last drawn review of a reader."""
    return [one for one in audit.review_queue(limit=5_000) if one.reader_no == reader.staff_no][-1]


def address_of(review: audit.ReviewSeen, *, to: Person) -> str:
    """The address of a review for somebody."""
    token = token_for(kind="review", key=review.review_id, account_id=to.account_id)
    return f"/reviews/{token}/"


def test_a_reading_is_asked_about_answered_and_closed(
    family: Family, auditor: Person, reader: Person
) -> None:
    drawn(auditor)
    review = review_of(reader)
    address = address_of(review, to=auditor)
    page = read(auditor.get(address))
    assert "無作為に抽出しました" in page.text
    assert "受付番号 R8-77" in page.text
    assert auditor.post(f"{address}assign/", {"question": ""}).status_code == 422
    assert auditor.post(f"{address}assign/", {"question": "何のための閲覧ですか"}).status_code == 302
    assert "あなたに回答を求めている閲覧 1件" in read(reader.get("/")).text
    own = read(reader.get("/reviews/own/"))
    assert "何のための閲覧ですか" in own.text
    answer = own.form_to("/answer/").action
    assert reader.post(answer, {"answer": ""}).status_code == 422
    assert reader.post(answer, {"answer": "窓口での問合せのため<script>"}).status_code == 302
    told = read(auditor.get(address))
    assert "窓口での問合せのため<script>" in told.text
    assert told.running() == []
    assert auditor.post(f"{address}close/", {"finding": "", "why": "確認"}).status_code == 422
    assert auditor.post(f"{address}close/", {"finding": "justified", "why": "台帳と一致"}).status_code == 302
    closed = audit.find_review(review.review_id)
    assert closed is not None
    assert (closed.state, closed.finding) == ("closed", "justified")


def test_the_reader_alone_answers_and_never_closes(
    family: Family, auditor: Person, reader: Person, signed_in: SignedIn
) -> None:
    ask(auditor, addressee_no=family.child_no)
    drawn(auditor)
    review = review_of(reader)
    auditor.post(f"{address_of(review, to=auditor)}assign/", {"question": "何のため"})
    other = signed_in()
    assert other.post(f"{address_of(review, to=other)}answer/", {"answer": "代わりに"}).status_code == 404
    for act in ("assign", "close"):
        assert reader.post(f"{address_of(review, to=reader)}{act}/", {}).status_code == 403
    own = review_of(auditor)
    address = address_of(own, to=auditor)
    assert auditor.post(f"{address}close/", {"finding": "justified", "why": "自分"}).status_code == 409
    assert "点検の完了" not in read(auditor.get(address)).text.replace("閲覧の点検の完了", "")


def test_odd_reads_are_looked_for_over_a_period(family: Family, auditor: Person, reader: Person) -> None:
    assert auditor.post("/reviews/find/", PERIOD).status_code == 302
    assert auditor.post("/reviews/find/", {**PERIOD, "last_day": ""}).status_code == 422


def test_a_person_in_the_public_eye_is_listed_and_taken_off(family: Family, auditor: Person) -> None:
    data = {"addressee_no": family.child_no, "first_day": TODAY.isoformat(), "reason": "著名人の家族"}
    assert auditor.post("/watched/new/", data | {"addressee_no": "1"}).status_code == 422
    assert auditor.post("/watched/new/", data).status_code == 302
    page = read(auditor.get("/watched/"))
    assert family.child_no in page.text
    assert auditor.post("/watched/new/", data).status_code == 409
    end = [form for form in page.forms if form.action.endswith("/end/")][-1]
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    assert auditor.post(end.action, {"from_day": ""}).status_code == 422
    assert auditor.post(end.action, {"from_day": tomorrow}).status_code == 302


@pytest.mark.requirement("ATG-243", "KWS-183")
def test_a_citizen_is_shown_who_read_the_data(family: Family, auditor: Person, reader: Person) -> None:
    data = {**PERIOD, "addressee_no": family.child_no, "request_no": "開示8-5"}
    answer = auditor.post("/disclosure/", data)
    page = read(answer)
    assert "個別の申請の調査" in page.text
    assert "戸塚区保険係" in page.text
    assert "開示8-5" in page.text
    assert "no-store" in answer["Cache-Control"]
    assert reader.staff_no not in page.text
    assert family.child_no not in page.title
    (event,) = events_of("disclosed", by=auditor.staff_no)
    assert event[1] == [family.child]
    assert len(events_of("printed", by=auditor.staff_no)) == 1
    assert ("開示請求への対応", "開示8-5") in {row[:2] for row in reads_on("disclosure", by=auditor.staff_no)}


def test_the_disclosure_is_handed_out_as_a_file_too(family: Family, auditor: Person, reader: Person) -> None:
    data = {**PERIOD, "addressee_no": family.child_no, "request_no": "開示8-6"}
    answer = auditor.post("/disclosure/csv/", data)
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert tuple(rows[0]) == audit.DISCLOSURE_HEADINGS
    assert len(rows) > 1
    assert family.child_no not in answer["Content-Disposition"]
    assert len(events_of("exported", by=auditor.staff_no)) == 1


def test_a_disclosure_without_request_or_person_is_refused(family: Family, auditor: Person) -> None:
    for data in ({"addressee_no": family.child_no}, {"request_no": "開示8-7"}):
        assert auditor.post("/disclosure/", {**PERIOD, **data}).status_code == 422
        assert auditor.post("/disclosure/csv/", {**PERIOD, **data}).status_code == 422
    assert events_of("disclosed", by=auditor.staff_no) == []


def test_the_disclosure_tells_what_was_read_under_the_former_number(
    family: Family, auditor: Person, reader: Person
) -> None:
    at = clock.current_instant()
    outsider = registry.register_non_resident(
        PAPER, valid_from=date(2024, 7, 1), distinct_from=(), by=MAKER, reason="申請書", at=at
    )
    access = Access(MAKER, "窓口1", Channel.SCREEN, "person", "住登外者の確認", reference=uuid4())
    with audit.acting(access):
        audit.note_read([outsider], what="住登外者の記録")
    registry.merge_into_resident(
        non_resident=outsider, resident=family.father, by=MAKER, reason="同じ人", at=clock.current_instant()
    )
    data = {**PERIOD, "addressee_no": family.father_no, "request_no": "開示8-5"}
    assert "住登外者の記録" in read(auditor.post("/disclosure/", data)).text

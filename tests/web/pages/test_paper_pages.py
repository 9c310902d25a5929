"""Preview, print, PDF and hand-over of the document of a case; a protected household only by right and reason."""

from __future__ import annotations

from typing import Any

import pytest

from kyufu.cases import api as cases
from kyufu.documents import api as documents
from kyufu.platform import clock
from kyufu.web.signin import gate
from tests.cases.world import AT, LATER, ON, Family, World, approve, certify, issue, judge, quiet, receive
from tests.registry.persons import measure
from tests.web.conftest import SignedIn
from tests.web.pages.casework import address_of, offers, page_of, press
from tests.web.pages.log import events_of, reads_on
from tests.web.pages.reading import read
from tests.web.town import OTHER_WARD, Person

pytestmark = pytest.mark.usefixtures("own_folder")
COUNTER = {"way": "counter", "handed_to": "guardian", "identity": "photo_document", "note": ""}
SECRET = "駒岡一丁目"


def shelter(world: World, family: Family) -> None:
    """Protect the child and the father; letters go to a safe address."""
    safe = {
        "sofusaki_yubinbango": "2300051",
        "sofusaki_jusho": "横浜市鶴見区安全町１",
        "sofusaki_katagaki": "",
    }
    world.send("protection", [measure(family.number + one, **safe) for one in (1, 2)])


def printed(person: Person, case: int) -> None:
    """Print the card of a case through the page."""
    assert press(person, page_of(person, case), "print").status_code == 302


def with_protection(signed_in: SignedIn, town: Any, *, role: str = "counter") -> Person:
    """Somebody of the counter who may see protected addresses as well."""
    person = signed_in(role)
    town.grant(person.account_id, role="protection")
    return person


def test_a_card_is_looked_at_before_it_is_printed(family: Family, signed_in: SignedIn) -> None:
    clerk, case = signed_in(), certify(family)
    page = page_of(clerk, case, act="preview")
    pictures = [one for tag, one in page.tags if tag == "img"]
    assert len(pictures) == 1
    assert pictures[0]["src"].startswith("data:image/png;base64,")
    assert pictures[0]["alt"].startswith("小児医療証の下見、1ページ目")
    assert page.running() == []
    assert documents.totals() == ()


def test_looking_at_a_card_is_logged_with_the_receipt_number(family: Family, signed_in: SignedIn) -> None:
    clerk, case = signed_in(), certify(family)
    page_of(clerk, case, act="preview")
    rows = reads_on("application_preview", by=clerk.staff_no)
    assert {family.child, family.father} <= {person for row in rows for person in row[3]}
    assert cases.application_by_id(case).number in {row[1] for row in rows}


def test_what_is_not_due_is_not_shown(family: Family, signed_in: SignedIn) -> None:
    clerk, case = signed_in(), receive(family)
    for act in ("preview", "pdf"):
        answer = clerk.get(address_of(clerk, case, act=act))
        assert answer.status_code == 409
        assert "証・通知はありません" in read(answer).text


def test_a_request_for_papers_is_looked_at_and_printed(world: World, signed_in: SignedIn) -> None:
    clerk, case = signed_in(), receive(world.family(insured=False))
    judge(case)
    assert [one for tag, one in page_of(clerk, case, act="preview").tags if tag == "img"]
    printed(clerk, case)
    assert "pdf" in offers(page_of(clerk, case))


def test_one_card_is_printed_once_and_given_as_a_pdf(family: Family, signed_in: SignedIn) -> None:
    clerk, case = signed_in(), certify(family)
    printed(clerk, case)
    page = page_of(clerk, case)
    assert "最後の印刷" in page.text
    assert "次：医療証の手渡しまたは郵送" in page.text
    answer = clerk.get(address_of(clerk, case, act="pdf"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Disposition"] == 'inline; filename="document.pdf"'
    assert answer["Cache-Control"] == "no-store"
    assert not answer.streaming
    seen = {person for row in reads_on("application_pdf", by=clerk.staff_no) for person in row[3]}
    assert {family.child, family.father} <= seen
    assert len(events_of("printed", by=clerk.staff_no)) == 1
    assert [one.documents for one in documents.totals()] == [1]


def test_printing_again_asks_for_a_reason(family: Family, signed_in: SignedIn) -> None:
    clerk, case = signed_in(), certify(family)
    printed(clerk, case)
    page = page_of(clerk, case)
    refused = press(clerk, page, "print")
    assert refused.status_code == 409
    assert "再印刷の理由が入力されていません" in read(refused).text
    assert press(clerk, page, "print", reprint_reason="紙づまり").status_code == 302
    assert [one.documents for one in documents.totals()] == [2]


def test_two_who_print_at_once_print_once(family: Family, signed_in: SignedIn) -> None:
    first, second, case = signed_in(), signed_in(), certify(family)
    opened = page_of(second, case)
    printed(first, case)
    assert press(second, opened, "print").status_code == 409
    assert [one.documents for one in documents.totals()] == [1]


def test_a_letter_is_not_printed_from_a_page_on_which_another_was_due(
    world: World, signed_in: SignedIn
) -> None:
    """Who was shown a request for papers does not print, with the same button, the card that came meanwhile."""
    family = world.family(insured=False)
    clerk, case = signed_in(), receive(family)
    judge(case)
    opened = page_of(clerk, case)
    assert "print" in offers(opened)
    world.insure(family.number + 1)
    judge(case)
    approve(case)
    issue(case)
    answer = press(clerk, opened, "print")
    assert answer.status_code == 409
    assert "表示したあとに、この申請の状態が変わりました" in read(answer).text
    assert documents.totals() == ()
    printed(clerk, case)


def test_a_hand_over_is_of_the_state_that_was_seen(family: Family, signed_in: SignedIn) -> None:
    clerk, case = signed_in(), certify(family)
    printed(clerk, case)
    opened = page_of(clerk, case)
    today = clock.current_date_in_japan().isoformat()
    cases.close_application(case, by=LATER, at=AT, why="交付済み")
    answer = press(clerk, opened, "hand-over", **COUNTER, handed_on=today)
    assert answer.status_code == 409
    text = read(answer).text
    assert "表示したあとに、この申請の状態が変わりました" in text and "交付 三郎" in text.replace("　", " ")
    assert cases.handovers_of(case) == ()
    answer = press(clerk, page_of(clerk, case), "hand-over", **COUNTER, handed_on=today)
    assert answer.status_code == 302
    assert len(cases.handovers_of(case)) == 1


def test_a_hand_over_before_the_card_was_issued_is_refused_and_keeps_what_was_typed(
    family: Family, signed_in: SignedIn
) -> None:
    clerk, case = signed_in(), certify(family)
    printed(clerk, case)
    page = page_of(clerk, case)
    answer = press(clerk, page, "hand-over", **COUNTER, handed_on="2025-08-02")
    assert answer.status_code == 409
    assert "交付の日より前" in read(answer).text
    assert "令和7年8月2日" in answer.content.decode()
    assert cases.handovers_of(case) == ()


def test_the_right_to_print_is_of_the_ward_for_a_protected_household_too(
    world: World, family: Family, signed_in: SignedIn, town: Any
) -> None:
    """Who may see protected addresses here, and print elsewhere, does not open the papers of this ward."""
    shelter(world, family)
    case, clerk = certify(family), signed_in()
    printed(clerk, case)
    other = signed_in("counter", office=OTHER_WARD)
    town.grant(other.account_id, role="protection")
    path = address_of(other, case, act="pdf/open")
    assert other.post(path, {"reason": "郵送の控えの確認"}).status_code == 403
    both = with_protection(signed_in, town)
    answer = both.post(address_of(both, case, act="pdf/open"), {"reason": "郵送の控えの確認"})
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF-")


def test_a_card_of_a_bulk_run_has_no_pdf_of_its_own(world: World, signed_in: SignedIn) -> None:
    case, _ = certify(world.family()), certify(world.family())
    documents.print_certificates(by=LATER, on=ON, at=AT, report=quiet)
    clerk = signed_in()
    page = page_of(clerk, case)
    assert "（一括印刷）" in page.text
    assert "pdf" not in offers(page)
    answer = clerk.get(address_of(clerk, case, act="pdf"))
    assert answer.status_code == 409
    assert "一括で印刷した帳票" in read(answer).text


def test_nothing_is_shown_or_printed_from_a_stale_decision(
    world: World, family: Family, signed_in: SignedIn
) -> None:
    clerk, case = signed_in(), certify(family)
    printed(clerk, case)
    opened = page_of(clerk, case)
    world.send_loss_of_insurance(family, on="2026-09-01")
    for act in ("preview", "pdf"):
        answer = clerk.get(address_of(clerk, case, act=act))
        assert answer.status_code == 409, act
        assert "判定のあとに" in read(answer).text
    again = press(clerk, opened, "print", reprint_reason="紙づまり")
    assert again.status_code == 409
    handed = press(clerk, opened, "hand-over", **COUNTER)
    assert handed.status_code == 409
    assert "judge" in offers(read(handed))
    assert cases.handovers_of(case) == ()


def test_a_card_is_handed_over_at_the_counter(family: Family, signed_in: SignedIn) -> None:
    clerk, case = signed_in(), certify(family)
    assert "hand-over" not in offers(page_of(clerk, case))
    printed(clerk, case)
    assert cases.application_by_id(case).number in read(clerk.get("/handovers/")).text
    page = page_of(clerk, case)
    assert press(clerk, page, "hand-over", **COUNTER).status_code == 302
    (handed,) = cases.handovers_of(case)
    assert (handed.way, handed.identity_seen, handed.handed_on) == (
        "counter", "photo_document", clock.current_date_in_japan(),
    )  # fmt: skip
    text = page_of(clerk, case).text
    assert "窓口で渡した" in text and "写真付きの身分証明書" in text
    assert "次：完結" in text
    assert "手渡し・郵送を待つ医療証はありません" in read(clerk.get("/handovers/")).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"identity": ""}, "窓口で渡すときは、確認した書類を選んでください"),
        ({"way": "mail"}, "郵送のときは"),
        ({"way": ""}, "選んでください"),
        ({"handed_on": "2099-01-01"}, "今日より後の日付です"),
        ({"handed_on": ""}, "入力してください"),
        ({"way": "boat"}, "一覧から選び直してください"),
    ],
)
def test_a_hand_over_that_does_not_fit_is_said_and_what_was_typed_stays(
    typed: dict[str, str], said: str, family: Family, signed_in: SignedIn
) -> None:
    clerk, case = signed_in(), certify(family)
    printed(clerk, case)
    answer = press(clerk, page_of(clerk, case), "hand-over", **(COUNTER | typed))
    assert answer.status_code == 422
    assert said in read(answer).text
    assert cases.handovers_of(case) == ()


def test_a_card_is_not_handed_over_twice_by_two(family: Family, signed_in: SignedIn) -> None:
    first, second, case = signed_in(), signed_in(), certify(family)
    printed(first, case)
    opened = page_of(second, case)
    press(first, page_of(first, case), "hand-over", **COUNTER)
    answer = press(second, opened, "hand-over", **COUNTER)
    assert answer.status_code == 409
    assert "手渡し・郵送が記録されました" in read(answer).text
    assert len(cases.handovers_of(case)) == 1


def test_what_came_back_by_mail_is_handed_over_again(family: Family, signed_in: SignedIn) -> None:
    clerk, case = signed_in(), certify(family)
    printed(clerk, case)
    press(clerk, page_of(clerk, case), "hand-over", **(COUNTER | {"way": "mail", "identity": ""}))
    page = page_of(clerk, case)
    assert press(clerk, page, "hand-over", **COUNTER).status_code == 409
    assert press(clerk, page, "hand-over", **(COUNTER | {"note": "郵便の返戻"})).status_code == 302
    assert [one.way for one in cases.handovers_of(case)] == ["mail", "counter"]


def test_what_was_not_printed_is_not_handed_over(family: Family, signed_in: SignedIn) -> None:
    clerk, case = signed_in(), certify(family)
    step = str(cases.application_history(case)[-1].step_id)
    data = {**COUNTER, "step": step, "recorded": "0", "handed_on": "2026-11-01"}
    answer = clerk.post(address_of(clerk, case, act="hand-over"), data)
    assert answer.status_code == 409
    assert "まだ印刷していません" in read(answer).text


def test_a_protected_household_is_not_shown_by_the_ordinary_right(
    world: World, family: Family, signed_in: SignedIn
) -> None:
    clerk, case = signed_in(), certify(family)
    shelter(world, family)
    judge(case)
    page = page_of(clerk, case)
    assert SECRET not in page.html and "安全町" not in page.html
    assert {"preview", "pdf", "open"} & offers(page) == set()
    for act in ("preview", "pdf"):
        answer = clerk.get(address_of(clerk, case, act=act))
        assert answer.status_code == 409, act
        assert "安全町" not in read(answer).html
    for act in ("preview/open", "pdf/open"):
        assert (
            clerk.post(address_of(clerk, case, act=act), {"reason": "窓口での確認のため"}).status_code == 403
        )


def test_a_protected_household_is_shown_by_right_and_reason(
    world: World, family: Family, signed_in: SignedIn, town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk, case = with_protection(signed_in, town), certify(family)
    shelter(world, family)
    judge(case)
    monkeypatch.setattr(gate, "has_fresh_proof", lambda _: True)
    assert "open" in offers(page_of(clerk, case))
    printed(clerk, case)
    asked = clerk.get(address_of(clerk, case, act="preview/open"))
    assert "表示する理由" in read(asked).text
    assert not [tag for tag, _ in read(asked).tags if tag == "img"]
    reason = {"reason": "窓口での確認のため"}
    shown = read(clerk.post(address_of(clerk, case, act="preview/open"), reason))
    assert [tag for tag, _ in shown.tags if tag == "img"]
    assert "画面を人に見せないでください" in shown.text
    given = clerk.post(address_of(clerk, case, act="pdf/open"), reason)
    assert given.content.startswith(b"%PDF-")
    purposes = {row[0] for row in reads_on("application_pdf_open", by=clerk.staff_no)}
    assert any("窓口での確認のため" in one for one in purposes)


def test_the_right_to_protected_addresses_alone_gives_no_pdf(
    world: World, family: Family, signed_in: SignedIn, town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = certify(family)
    warden = with_protection(signed_in, town, role="approver")
    monkeypatch.setattr(gate, "has_fresh_proof", lambda _: True)
    answer = warden.post(address_of(warden, case, act="pdf/open"), {"reason": "窓口での確認のため"})
    assert answer.status_code == 403

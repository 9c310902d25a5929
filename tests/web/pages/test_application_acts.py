"""The acts on one application: each offered where it is due, done on what was seen alone, refused with what changed."""

from __future__ import annotations

import pytest

from kyufu.cases import api as cases
from kyufu.platform.actors import Actor
from tests.cases.world import CLERK, Family, World, approve, certify, issue, judge, receive, state
from tests.web.conftest import SignedIn
from tests.web.pages.casework import address_of, offers, page_of, press
from tests.web.pages.reading import read
from tests.web.town import CONTRACTOR, OTHER_WARD


def test_a_case_goes_from_judgement_to_the_issued_card(family: Family, signed_in: SignedIn) -> None:
    clerk, approver = signed_in("counter"), signed_in("approver")
    case = receive(family)
    page = page_of(clerk, case)
    assert "次：判定" in page.text and "窓口担当" in page.text
    assert press(clerk, page, "judge").status_code == 302
    assert state(case) == "judged"
    assert "次：決裁" in page_of(clerk, case).text
    assert "判定した人とは別の人" in page_of(clerk, case).text
    assert press(approver, page_of(approver, case), "approve").status_code == 302
    page = page_of(clerk, case)
    assert "次：医療証の交付" in page.text
    assert press(clerk, page, "issue").status_code == 302
    page = page_of(clerk, case)
    assert state(case) == "issued"
    assert "次：医療証の印刷" in page.text
    card = cases.certificates_of([family.child])[0]
    for word in (card.number, card.recipient_no, "まだ印刷していません"):
        assert word in page.text


def test_who_judged_on_the_page_is_who_pressed(family: Family, signed_in: SignedIn) -> None:
    clerk, case = signed_in("counter"), receive(family)
    press(clerk, page_of(clerk, case), "judge")
    assert cases.case_file(case).judged_by_id == clerk.staff_no


def test_a_rejection_is_said_in_one_sentence_with_its_article(world: World, signed_in: SignedIn) -> None:
    case = receive(world.family(birth="2001-05-10"))
    judge(case)
    text = page_of(signed_in(), case).text
    assert "却下：この日に助成の対象となる年齢を過ぎています。" in text
    assert "根拠：横浜市小児の医療費助成に関する条例" in text


def test_the_steps_of_the_law_are_told_with_figures_and_doubts(family: Family, signed_in: SignedIn) -> None:
    case = receive(family)
    judge(case)
    page = page_of(signed_in(), case)
    for words in ("判定の過程", "対象年齢の区分", "基準日の満年齢", "8歳", "未確認の値", "判定に使った資料"):
        assert words in page.text, words
    assert len([tag for tag, one in page.tags if one.get("class") == "told-step"]) >= 3


def test_an_open_case_says_what_is_missing_and_what_to_do(world: World, signed_in: SignedIn) -> None:
    case = receive(world.family(insured=False))
    judge(case)
    page = page_of(signed_in(), case)
    assert "足りないものと、次にすること" in page.text
    assert "お子さんの健康保険の資格が確認できるもの" in page.text
    assert {"judge", "preview", "print"} <= offers(page)


def test_new_evidence_resolves_an_open_case(world: World, signed_in: SignedIn) -> None:
    family = world.family(insured=False)
    case = receive(family)
    judge(case)
    world.insure(family.number + 1)
    clerk = signed_in()
    assert press(clerk, page_of(clerk, case), "judge").status_code == 302
    assert state(case) == "judged"


def test_a_case_sent_back_is_judged_again(family: Family, signed_in: SignedIn) -> None:
    clerk, case = signed_in(), receive(family)
    judge(case)
    cases.send_back(case, by=Actor("S9", "決裁", "係"), at=cases.application_history(case)[-1].at, why="確認")
    page = page_of(clerk, case)
    assert "次：差戻しの理由を確かめて再判定" in page.text
    assert press(clerk, page, "judge").status_code == 302
    assert state(case) == "judged"


def test_an_incomplete_case_waits_for_its_completion(family: Family, signed_in: SignedIn) -> None:
    case = receive(family, identity=None)
    page = page_of(signed_in(), case)
    assert "次：補正" in page.text
    assert "judge" not in offers(page)


@pytest.mark.parametrize("act", ["judge", "issue", "close"])
@pytest.mark.parametrize("step", ["", "x", "0", "-1"])
def test_an_act_without_what_was_seen_changes_nothing(
    act: str, step: str, family: Family, signed_in: SignedIn
) -> None:
    clerk, case = signed_in("head"), receive(family)
    assert clerk.post(address_of(clerk, case, act=act), {"step": step, "why": "x"}).status_code == 422
    assert state(case) == "received"


def test_the_second_of_two_who_judge_is_told_what_the_first_did(family: Family, signed_in: SignedIn) -> None:
    first, second, case = signed_in(), signed_in(), receive(family)
    opened = page_of(second, case)
    press(first, page_of(first, case), "judge")
    answer = press(second, opened, "judge")
    assert answer.status_code == 409
    text = read(answer).text
    assert "表示したあとに、この申請の状態が変わりました。" in text
    assert "この画面を開いたあとの変更" in text
    assert "「受付」から「判定済」へ" in text
    assert len([one for one in cases.application_history(case) if one.to_state == "judged"]) == 1


def test_the_second_of_two_approvers_is_told_who_came_first(family: Family, signed_in: SignedIn) -> None:
    first, second, case = signed_in("approver"), signed_in("approver"), receive(family)
    judge(case)
    opened = page_of(second, case)
    assert press(first, page_of(first, case), "approve").status_code == 302
    answer = press(second, opened, "approve")
    assert answer.status_code == 409
    assert "「判定済」から「決裁済」へ" in read(answer).text
    assert [one.to_state for one in cases.application_history(case)].count("approved") == 1


def test_a_reason_that_was_typed_is_kept_when_the_act_is_refused(family: Family, signed_in: SignedIn) -> None:
    approver, case = signed_in("approver"), receive(family)
    judge(case)
    opened = page_of(approver, case)
    judge(case)
    answer = press(approver, opened, "send-back", why="所得の再確認")
    assert answer.status_code == 409
    form = read(answer).form_to("/send-back/")
    assert form.fields["why"] == "所得の再確認"
    assert form.fields["seen"] != opened.form_to("/send-back/").fields["seen"]


def test_a_stale_decision_is_judged_again_from_the_page(
    world: World, family: Family, signed_in: SignedIn
) -> None:
    approver, clerk, case = signed_in("approver"), signed_in(), receive(family)
    judge(case)
    opened = page_of(approver, case)
    world.send_loss_of_insurance(family, on="2026-09-01")
    answer = press(approver, opened, "approve")
    assert answer.status_code == 409
    assert "判定のあとに" in read(answer).text
    page = page_of(clerk, case)
    assert "次：再判定" in page.text
    assert press(clerk, page, "judge").status_code == 302
    assert state(case) == "undecided"


def test_a_stale_decision_is_not_issued_and_offers_judging_again(
    world: World, family: Family, signed_in: SignedIn
) -> None:
    clerk, case = signed_in(), receive(family)
    judge(case)
    approve(case)
    opened = page_of(clerk, case)
    world.send_loss_of_insurance(family, on="2026-09-01")
    answer = press(clerk, opened, "issue")
    assert answer.status_code == 409
    page = read(answer)
    assert "issue" not in offers(page)
    assert "judge" in offers(page)
    assert "再判定する" in page.text
    assert state(case) == "approved"


def test_closing_asks_for_a_reason_and_keeps_it(family: Family, signed_in: SignedIn) -> None:
    clerk, case = signed_in(), certify(family)
    page = page_of(clerk, case)
    refused = press(clerk, page, "close", why="")
    assert refused.status_code == 422
    assert "完結の理由：理由を入力してください。" in read(refused).text
    assert press(clerk, page, "close", why="窓口で交付した").status_code == 302
    assert cases.application_history(case)[-1].why == "窓口で交付した"
    assert "処理は終わっています" in page_of(clerk, case).text


def test_another_ward_does_nothing(family: Family, signed_in: SignedIn) -> None:
    case, elsewhere = receive(family), signed_in("head", office=OTHER_WARD)
    step = str(cases.application_history(case)[-1].step_id)
    for act in ("judge", "issue", "close", "print", "hand-over"):
        assert elsewhere.post(address_of(elsewhere, case, act=act), {"step": step}).status_code == 403, act
    for act in ("preview", "pdf", ""):
        assert elsewhere.get(address_of(elsewhere, case, act=act)).status_code == 403, act
    assert state(case) == "received"


def test_a_contractor_neither_judges_approves_nor_issues(family: Family, signed_in: SignedIn) -> None:
    case, worker = receive(family), signed_in("contractor", office=CONTRACTOR)
    step = str(cases.application_history(case)[-1].step_id)
    for act in ("judge", "approve", "send-back", "issue", "close", "print", "hand-over"):
        data = {"step": step, "seen": "0" * 64}
        assert worker.post(address_of(worker, case, act=act), data).status_code == 403, act
    for path in ("/approvals/", "/handovers/"):
        assert worker.get(path).status_code == 403
    assert state(case) == "received"


def test_an_approver_is_offered_no_act_of_the_counter(family: Family, signed_in: SignedIn) -> None:
    case, approver = receive(family), signed_in("approver")
    assert offers(page_of(approver, case)) == set()
    judge(case)
    assert offers(page_of(approver, case)) == {"approve", "approval", "send-back"}
    approve(case)
    assert offers(page_of(approver, case)) == set()
    issue(case)
    assert offers(page_of(approver, case)) == {"preview"}


def test_the_page_stays_within_its_round_trips(
    family: Family, signed_in: SignedIn, django_assert_max_num_queries: object
) -> None:
    """All parts of the page together; a second guardian or step adds none."""
    clerk, case = signed_in(), receive(family)
    judge(case)
    page_of(clerk, case)
    with django_assert_max_num_queries(60):  # type: ignore[operator]
        page_of(clerk, case)
    assert cases.case_file(case).judged_by_id == CLERK.staff_id

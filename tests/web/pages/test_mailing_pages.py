"""A bulk print is marked as mailed in one step by whoever may hand cards over, and by nobody for another ward."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kyufu.cases import api as cases
from kyufu.cases.queries import fetch
from kyufu.documents import api as documents
from kyufu.platform import clock
from kyufu.platform.errors import BadInput
from tests.cases.world import AT, LATER, ON, World, certify, quiet
from tests.web.conftest import SignedIn
from tests.web.pages.reading import Page, read
from tests.web.town import OTHER_WARD, Person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_folder")]
LIST = "/handovers/"


@pytest.fixture
def printed(world: World) -> int:
    """Two cards in one bulk print; gives the number of the print."""
    for _ in range(2):
        certify(world.family())
    documents.print_certificates(by=LATER, on=ON, at=AT, report=quiet)
    (one,) = documents.bulk_prints_to_mail(None)
    assert (one.documents, one.waiting) == (2, 2)
    return one.run_id


def actions(page: Page) -> list[str]:
    return [a["action"] for tag, a in page.tags if tag == "form" and a.get("action", "").endswith("/mail/")]


def send(person: Person, page: Page, **typed: Any) -> Any:
    (action,) = actions(page)
    (expected,) = (a["value"] for tag, a in page.tags if tag == "input" and a.get("name") == "expected")
    today = clock.current_date_in_japan().isoformat()
    return person.post(action, {"expected": expected, "mailed_on": today, "checked": "on", **typed})


def test_a_print_is_mailed_at_once_and_leaves_the_list(printed: int, signed_in: SignedIn) -> None:
    clerk = signed_in()
    page = read(clerk.get(LIST))
    assert "この印刷の分 2件 をすべて郵送済みにする" in page.text
    assert send(clerk, page).status_code == 302
    text = read(clerk.get(LIST)).text
    assert "2件の医療証を、郵送したと記録しました" in text
    assert "手渡し・郵送を待つ医療証はありません" in text
    assert fetch("SELECT way, staff_id FROM cases_handover", {}) == [("mail", clerk.staff_no)] * 2


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"checked": ""}, "確かめてから印を付けてください"),
        ({"mailed_on": ""}, "入力してください"),
        ({"expected": "二"}, "開き直してください"),
        ({"mailed_on": "tomorrow"}, "今日より後の日付です"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_marked(
    printed: int, signed_in: SignedIn, typed: dict[str, str], said: str
) -> None:
    clerk = signed_in()
    if typed.get("mailed_on") == "tomorrow":
        typed = {"mailed_on": (clock.current_date_in_japan() + timedelta(days=1)).isoformat()}
    answer = send(clerk, read(clerk.get(LIST)), **typed)
    assert answer.status_code == 422
    assert said in read(answer).text
    assert fetch("SELECT 1 FROM cases_handover", {}) == []


def test_a_count_that_changed_meanwhile_is_refused(printed: int, signed_in: SignedIn) -> None:
    first, second = signed_in(), signed_in()
    seen = read(second.get(LIST))
    send(first, read(first.get(LIST)))
    answer = send(second, seen)
    assert answer.status_code == 409
    assert "2件から0件" in read(answer).text
    assert len(fetch("SELECT 1 FROM cases_handover", {})) == 2


def test_cards_to_be_judged_again_stay_and_are_spoken_of(world: World, signed_in: SignedIn) -> None:
    clerk, moved = signed_in(), world.family()
    certify(moved)
    certify(world.family())
    documents.print_certificates(by=LATER, on=ON, at=AT, report=quiet)
    world.send_loss_of_insurance(moved, on="2026-09-01")
    send(clerk, read(clerk.get(LIST)))
    text = read(clerk.get(LIST)).text
    assert "1件の医療証を、郵送したと記録しました" in text
    assert "1件は判定のあとに事実が変わった" in text
    assert "この印刷の分 1件" in text


def test_another_ward_neither_sees_nor_marks_it(printed: int, signed_in: SignedIn) -> None:
    clerk, other = signed_in(), signed_in("counter", office=OTHER_WARD)
    assert actions(read(other.get(LIST))) == []
    (action,) = actions(read(clerk.get(LIST)))
    today = clock.current_date_in_japan().isoformat()
    typed = {"expected": "2", "mailed_on": today, "checked": "on"}
    assert other.post(action, typed).status_code == 404, "a sealed address is its owner's"
    assert fetch("SELECT 1 FROM cases_handover", {}) == []


def test_who_may_only_look_is_offered_nothing(printed: int, signed_in: SignedIn) -> None:
    page = read(signed_in("approver").get(LIST))
    assert "一括で印刷した分の郵送" not in page.text
    assert actions(page) == []


def test_a_card_printed_alone_is_no_bulk_print(world: World) -> None:
    certify(world.family())
    documents.print_certificates(by=LATER, on=ON, at=AT, report=quiet)
    assert documents.bulk_prints_to_mail(None) == ()
    with pytest.raises(BadInput):
        documents.mail_bulk_print(1, wards=None, expected=1, handed_on=ON, by=LATER, at=AT)


def test_home_says_how_many_wait_and_leads_there(printed: int, signed_in: SignedIn) -> None:
    clerk = signed_in()
    home = read(clerk.get("/"))
    assert "手渡し・郵送を待つ医療証 2件" in home.text
    assert LIST in home.links
    assert cases.MOST_COUNTED > 2 and "2件以上" not in home.text

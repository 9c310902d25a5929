"""Individual numbers at the counter: found one at a time, registered once, shown once, written back never."""

from __future__ import annotations

from pathlib import Path

import pytest

from kyufu.registry.api import addressee_ids
from kyufu.web.pages import second_look
from kyufu.web.pages.stated import Ticket
from kyufu.web.tokens import token_for
from tests.cases.world import World
from tests.mynumber.conftest import vault as vault
from tests.mynumber.people import drain
from tests.registry.persons import addressee_no, my_number, resident
from tests.web.conftest import SignedIn
from tests.web.pages.log import events_of, reads_on
from tests.web.pages.reading import read
from tests.web.town import OTHER_WARD, Person

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])
NUMBER = my_number(1)
WRONG = NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10)
REASON = {"reason": "番号確認書類との照合のため"}


@pytest.fixture
def ids(vault: Path, world: World) -> dict[str, int]:
    """Persons 1 and 2 have their numbers in the vault, person 3 came without one."""
    world.send("resident", [resident(1), resident(2), resident(3, kojinbango="")])
    drain()
    return addressee_ids([addressee_no(number) for number in (1, 2, 3)])


def page_of(person: Person, addressee_id: int) -> str:
    """The address of a person's page, as a search would give it."""
    token = token_for(
        kind="person", key=Ticket(addressee_id, "application", "").key, account_id=person.account_id
    )
    return f"/people/{token}/"


@pytest.mark.requirement("SPR-115")
def test_a_number_finds_its_one_person_and_is_not_shown(ids: dict[str, int], signed_in: SignedIn) -> None:
    officer = signed_in("number")
    answer = officer.post("/numbers/", {"number": NUMBER, "purpose": "application"})
    page = read(answer)
    assert answer.status_code == 200
    assert addressee_no(1) in page.text
    assert addressee_no(2) not in page.text
    assert "団体内統合宛名番号" in page.text
    assert NUMBER not in page.html
    assert officer.get(page.link_to("/people/")).status_code == 200


def test_a_search_by_number_is_logged_with_its_purpose_and_never_with_the_number(
    ids: dict[str, int], signed_in: SignedIn
) -> None:
    officer = signed_in("number")
    officer.post("/numbers/", {"number": NUMBER, "purpose": "case", "case_no": "R8-1"})
    (event,) = events_of("number_searched", by=officer.staff_no)
    assert "該当あり" in event[0]
    found = reads_on("number_search", by=officer.staff_no)
    assert {row[:2] for row in found} == {("個別の申請の調査（受付番号が必要）", "R8-1")}
    assert NUMBER not in str(found) + str(event)


def test_a_number_that_nobody_has_finds_nobody(ids: dict[str, int], signed_in: SignedIn) -> None:
    answer = signed_in("number").post("/numbers/", {"number": my_number(77), "purpose": "application"})
    assert "該当する人はいません" in read(answer).text


@pytest.mark.requirement("YOK-085")
@pytest.mark.parametrize("number", [WRONG, NUMBER[:-1], "あ" * 12, ""])
def test_a_wrong_number_is_refused_without_a_person(
    number: str, ids: dict[str, int], signed_in: SignedIn
) -> None:
    answer = signed_in("number").post("/numbers/", {"number": number, "purpose": "application"})
    page = read(answer)
    assert answer.status_code == 422
    assert "個人番号" in page.text
    assert not number or number not in page.html
    assert addressee_no(1) not in page.html


def test_a_number_does_not_show_a_person_of_another_ward(ids: dict[str, int], signed_in: SignedIn) -> None:
    elsewhere = signed_in("number", office=OTHER_WARD)
    page = read(elsewhere.post("/numbers/", {"number": NUMBER, "purpose": "application"}))
    assert "所管外の区の住民です" in page.text
    assert addressee_no(1) not in page.text
    assert "団体内統合宛名番号：" not in page.text


@pytest.mark.parametrize("role", ["counter", "approver", "head", "rights", "auditor", "operations"])
def test_without_the_right_nobody_searches_by_number(role: str, signed_in: SignedIn, vault: Path) -> None:
    person = signed_in(role)
    assert person.get("/numbers/").status_code == 403
    assert person.post("/numbers/", {"number": NUMBER, "purpose": "application"}).status_code == 403
    assert events_of("number_searched", by=person.staff_no) == []


def test_a_number_is_registered_for_one_who_has_none(ids: dict[str, int], signed_in: SignedIn) -> None:
    officer = signed_in("number")
    address = f"{page_of(officer, ids[addressee_no(3)])}number/new/"
    answer = officer.post(address, {"number": my_number(3), **REASON})
    assert answer.status_code == 302, read(answer).text
    found = read(officer.post("/numbers/", {"number": my_number(3), "purpose": "application"}))
    assert addressee_no(3) in found.text
    (event,) = events_of("number_changed", by=officer.staff_no)
    assert "番号確認書類との照合のため" in event[0]
    assert event[1] == [ids[addressee_no(3)]]


def test_a_double_registration_is_refused_and_says_so(ids: dict[str, int], signed_in: SignedIn) -> None:
    officer = signed_in("number")
    address = f"{page_of(officer, ids[addressee_no(3)])}number/new/"
    answer = officer.post(address, {"number": NUMBER, **REASON})
    page = read(answer)
    assert answer.status_code == 409
    assert "二重登録の疑い" in page.text
    assert addressee_no(1) not in page.html
    assert NUMBER not in page.html


def test_a_number_is_changed_from_a_day_on(ids: dict[str, int], signed_in: SignedIn) -> None:
    officer = signed_in("number")
    address = f"{page_of(officer, ids[addressee_no(1)])}number/change/"
    data = {"number": my_number(51), "changed_on": "令和8年8月1日", **REASON}
    assert officer.post(address, data).status_code == 302
    old = read(officer.post("/numbers/", {"number": NUMBER, "purpose": "application"}))
    new = read(officer.post("/numbers/", {"number": my_number(51), "purpose": "application"}))
    assert "該当する人はいません" in old.text
    assert addressee_no(1) in new.text


@pytest.mark.parametrize("what", ["new", "change"])
def test_an_entry_without_reason_is_refused(what: str, ids: dict[str, int], signed_in: SignedIn) -> None:
    officer = signed_in("number")
    answer = officer.post(f"{page_of(officer, ids[addressee_no(3)])}number/{what}/", {"number": my_number(3)})
    assert answer.status_code == 422
    assert "理由を入力してください" in read(answer).text
    assert my_number(3) not in answer.content.decode()


def test_a_number_is_shown_once_for_a_reason_and_kept_nowhere(
    ids: dict[str, int], signed_in: SignedIn
) -> None:
    officer = signed_in("number")
    address = f"{page_of(officer, ids[addressee_no(1)])}number/"
    spaced = f"{NUMBER[:4]} {NUMBER[4:8]} {NUMBER[8:]}"
    assert spaced not in officer.get(address).content.decode()
    shown = officer.post(address, REASON)
    assert spaced in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert spaced not in officer.get(address).content.decode()
    assert spaced not in officer.get(page_of(officer, ids[addressee_no(1)])).content.decode()
    (event,) = events_of("number_displayed", by=officer.staff_no)
    assert "番号確認書類との照合のため" in event[0]
    assert NUMBER not in str(event)


def test_without_the_display_right_a_number_stays_masked(ids: dict[str, int], signed_in: SignedIn) -> None:
    clerk = signed_in("counter")
    page = page_of(clerk, ids[addressee_no(1)])
    answer = clerk.post(f"{page}number/", REASON)
    assert answer.status_code == 403
    assert NUMBER[:4] not in answer.content.decode()
    assert "個人番号" not in read(clerk.get(page)).text


def test_where_there_is_no_number_the_page_says_so(ids: dict[str, int], signed_in: SignedIn) -> None:
    officer = signed_in("number")
    answer = officer.post(f"{page_of(officer, ids[addressee_no(3)])}number/", REASON)
    assert answer.status_code == 409
    assert "個人番号" in read(answer).text


def test_double_registrations_of_a_feed_stand_on_the_worklist(
    ids: dict[str, int], world: World, signed_in: SignedIn
) -> None:
    world.send("resident", [resident(4, kojinbango=NUMBER)])
    drain()
    officer = signed_in("number")
    page = read(officer.get("/numbers/conflicts/"))
    assert "二重登録の疑い" in page.text
    assert addressee_no(4) in page.text
    assert NUMBER not in page.html
    form = page.form_to("/settle/")
    refused = officer.post(form.action, {"outcome": "", "reason": ""})
    assert refused.status_code == 422
    assert officer.post(form.action, {"outcome": "dismissed", "reason": "別人と確認"}).status_code == 302
    assert "確認が必要なものはありません" in read(officer.get("/numbers/conflicts/")).text
    assert officer.post(form.action, {"outcome": "dismissed", "reason": "別人と確認"}).status_code == 409


@pytest.fixture
def two_persons(monkeypatch: pytest.MonkeyPatch) -> None:
    """A municipality that shows no number without a second person's yes."""
    monkeypatch.setattr(second_look, "display_policy", lambda: second_look.DisplayPolicy(True, 60))


def test_where_policy_asks_a_second_person_says_yes_before_a_number_is_shown(
    ids: dict[str, int], two_persons: None, signed_in: SignedIn
) -> None:
    first, second = signed_in("number"), signed_in("number")
    address = f"{page_of(first, ids[addressee_no(1)])}number/"
    spaced = f"{NUMBER[:4]} {NUMBER[4:8]} {NUMBER[8:]}"
    waiting = first.post(address, REASON)
    assert waiting.status_code == 409
    assert "別の職員の確認が必要です" in read(waiting).text
    assert spaced not in waiting.content.decode()
    own = read(first.get("/proposals/")).link_to("/proposals/")
    page = read(second.get(read(second.get("/proposals/")).link_to("/proposals/")))
    assert REASON["reason"] in page.text
    assert f"見本 太郎（宛名番号 {addressee_no(1)}）" in page.text
    noted = reads_on("proposal", by=second.staff_no)
    assert noted
    assert first.staff_no in page.text
    form = page.form_to("/confirm/")
    assert first.post(f"{own}confirm/", {"seen": form.fields["seen"]}).status_code == 409
    assert second.post(form.action, {"seen": "0" * 64}).status_code == 409
    assert spaced not in first.post(address, REASON).content.decode()
    assert second.post(form.action, {"seen": form.fields["seen"]}).status_code == 302
    assert len(events_of("confirmed", by=second.staff_no)) == 1
    other_reason = {"reason": "別の手続での確認のため"}
    assert spaced not in first.post(address, other_reason).content.decode()
    assert spaced in first.post(address, REASON).content.decode()
    assert spaced not in first.post(address, REASON).content.decode()
    assert (
        spaced not in second.post(f"{page_of(second, ids[addressee_no(1)])}number/", REASON).content.decode()
    )
    assert spaced not in first.post(f"{page_of(first, ids[addressee_no(2)])}number/", REASON).content.decode()


def test_the_policy_as_delivered_asks_for_one_person() -> None:
    assert second_look.display_policy() == (False, 60)

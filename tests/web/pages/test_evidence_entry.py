"""Evidence entered at the counter: typed, told in words, recorded; corrected and taken back; never over another's."""

from __future__ import annotations

from typing import Any

import pytest

from kyufu.cases import api as cases
from kyufu.evidence import api as evidence
from kyufu.platform.actors import Actor
from kyufu.web.pages.stated import Ticket
from kyufu.web.tokens import token_for
from tests.cases.world import Family, World, judge, receive, state
from tests.evidence.records import INCOME_BY_HAND, INSURANCE_BY_HAND
from tests.registry.persons import measure
from tests.web.conftest import SignedIn
from tests.web.pages.log import reads_on
from tests.web.pages.reading import Page, read
from tests.web.pages.test_evidence_forms import INCOME, INSURANCE
from tests.web.town import CONTRACTOR, HEAD, OTHER_WARD, Person, Town

OTHER = Actor("S9999", "別の　職員", "西区保険年金課")
MATTERS = ("income", "insurance")
TYPED = {"income": INCOME, "insurance": INSURANCE}


def path(clerk: Person, person: int, matter: str = "income") -> str:
    """The address of the entry for a person."""
    key = Ticket(person, "application", "R8-1").key
    token = token_for(kind="person", key=key, account_id=clerk.account_id)
    return f"/people/{token}/{matter}/new/"


def hidden(page: Page, name: str) -> str:
    """What a hidden field of the form holds."""
    return next((form.fields[name] for form in page.forms if name in form.fields), "")


def enter(clerk: Person, address: str, matter: str = "income", **changed: str) -> Any:
    """Type it, look at the words, confirm; returns the last answer."""
    data = {name: value for name, value in {**TYPED[matter], **changed}.items() if value}
    data["seen"] = hidden(read(clerk.get(address)), "seen")
    first = clerk.post(address, data)
    if first.status_code != 200:
        return first
    return clerk.post(address, {**data, "shown": hidden(read(first), "shown")})


def record_link(clerk: Person, person: int, matter: str, end: str) -> str:
    """The address by which the last record is corrected or taken back."""
    page = read(clerk.get(path(clerk, person, matter)))
    return [one for one in page.links if one.startswith(f"/evidence/{matter}/") and one.endswith(end)][-1]


def incomes(family: Family) -> tuple[Any, ...]:
    """The income of the father."""
    return evidence.income_of([family.father])[family.father]


def insurances(person: int) -> tuple[Any, ...]:
    """The insurance of somebody."""
    return evidence.insurance_details_of([person])[person]


def test_the_way_from_the_person_to_the_record(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    token = token_for(
        kind="person", key=Ticket(family.father, "application", "").key, account_id=clerk.account_id
    )
    page = read(clerk.get(f"/people/{token}/"))
    assert [one for one in page.links if one.endswith("/income/new/")]
    # The insurance that counts is the child's.
    assert not [one for one in page.links if one.endswith("/insurance/new/")]
    child = token_for(
        kind="person", key=Ticket(family.child, "application", "").key, account_id=clerk.account_id
    )
    assert [one for one in read(clerk.get(f"/people/{child}/")).links if one.endswith("/insurance/new/")]
    answer = enter(clerk, path(clerk, family.father))
    assert answer.status_code == 302
    (known,) = incomes(family)
    assert (known.tax_year, known.incomes.salary, known.declared.value) == (2026, 3_450_000, "yes")
    shown = read(clerk.get(answer["Location"]))
    assert "所得を登録しました" in shown.text
    assert "2026年度" in shown.text


def test_before_it_is_recorded_it_is_told_in_words_with_the_cases(
    family: Family, signed_in: SignedIn
) -> None:
    application = receive(family)
    clerk = signed_in()
    address = path(clerk, family.father)
    data = {**INCOME, "seen": hidden(read(clerk.get(address)), "seen")}
    page = read(clerk.post(address, data))
    for words in (
        "登録する前に確かめてください",
        "令和8年8月から令和9年7月までの助成の判定に使います",
        "3,450,000円",
    ):
        assert words in page.text, words
    number = cases.application_by_id(application).number
    assert number in page.text
    assert [one for one in page.links if one.startswith("/applications/") and one != "/applications/"]
    assert incomes(family) == ()


def test_a_case_of_another_ward_is_named_without_a_link(family: Family, signed_in: SignedIn) -> None:
    receive(family, ward_code="141020")
    clerk = signed_in()
    address = path(clerk, family.father)
    page = read(clerk.post(address, {**INCOME, "seen": hidden(read(clerk.get(address)), "seen")}))
    assert "（所管外）" in page.text
    assert not [one for one in page.links if one.startswith("/applications/") and one != "/applications/"]


def test_what_was_changed_after_it_was_shown_is_shown_again(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    address = path(clerk, family.father)
    data = {**INCOME, "seen": hidden(read(clerk.get(address)), "seen")}
    shown = hidden(read(clerk.post(address, data)), "shown")
    again = clerk.post(address, {**data, "salary": "1", "shown": shown})
    assert again.status_code == 200
    assert "登録する前に確かめてください" in read(again).text
    assert incomes(family) == ()


def test_new_evidence_lets_an_undecided_case_be_judged(world: World, signed_in: SignedIn) -> None:
    family = world.family(insured=False)
    application = receive(family)
    judge(application)
    assert state(application) == "undecided"
    clerk = signed_in()
    answer = enter(clerk, path(clerk, family.child, "insurance"), "insurance", starts_on="R2.4.1")
    assert answer.status_code == 302
    judge(application)
    assert state(application) != "undecided"


@pytest.mark.parametrize("matter", MATTERS)
def test_mistakes_are_said_and_what_was_typed_stays(family: Family, signed_in: SignedIn, matter: str) -> None:
    clerk = signed_in()
    answer = enter(clerk, path(clerk, family.father, matter), matter, obtained_on="あした", note="控えの備考")
    page = read(answer)
    assert answer.status_code == 422
    assert "入力に誤りがあります" in page.text
    assert "日付として読めません" in page.text
    assert "あした" in page.html
    assert "控えの備考" in page.html
    assert page.unlabelled() == []
    assert page.twice() == []
    assert page.running() == []


def test_what_another_entered_meanwhile_is_told_and_stays(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    address = path(clerk, family.father)
    data = {**INCOME, "seen": hidden(read(clerk.get(address)), "seen")}
    shown = hidden(read(clerk.post(address, data)), "shown")
    evidence.record_income(INCOME_BY_HAND, addressee_id=family.father, by=OTHER, note="郵送で受領")
    answer = clerk.post(address, {**data, "shown": shown})
    page = read(answer)
    assert answer.status_code == 409
    assert "職員番号S9999の職員が所得の記録を登録・訂正しました" in page.text
    assert "郵送で受領" in page.text
    assert "3,450,000" in page.html
    assert [one.tax_year for one in incomes(family)] == [2024]
    fresh = {**data, "seen": hidden(page, "seen")}
    confirmed = clerk.post(address, {**fresh, "shown": hidden(read(clerk.post(address, fresh)), "shown")})
    assert confirmed.status_code == 302
    assert [one.tax_year for one in incomes(family)] == [2024, 2026]


def test_the_same_paper_again_needs_a_reason(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    enter(clerk, path(clerk, family.father))
    answer = enter(clerk, path(clerk, family.father), salary="2,000,000")
    assert answer.status_code == 422
    assert "訂正・取消の理由がありません" in read(answer).text
    assert [one.incomes.salary for one in incomes(family)] == [3_450_000]


def test_income_is_corrected_with_a_reason(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    enter(clerk, path(clerk, family.father))
    address = record_link(clerk, family.father, "income", "/correct/")
    page = read(clerk.get(address))
    assert "3,450,000" in page.html
    refused = enter(clerk, address, salary="3,540,000")
    assert refused.status_code == 422
    assert "訂正の理由を入力してください" in read(refused).text
    assert enter(clerk, address, salary="3,540,000", note="数字の写し間違い").status_code == 302
    assert [one.incomes.salary for one in incomes(family)] == [3_540_000]


def test_insurance_is_corrected_with_a_reason(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    assert enter(clerk, path(clerk, family.father, "insurance"), "insurance").status_code == 302
    address = record_link(clerk, family.father, "insurance", "/correct/")
    assert enter(clerk, address, "insurance", number="9999", note="番号の写し間違い").status_code == 302
    assert [one.number for one in insurances(family.father)] == ["9999"]
    old = read(clerk.get(address))
    assert "すでに訂正または取り消されています" in old.text


@pytest.mark.parametrize("matter", MATTERS)
def test_a_record_is_taken_back_with_a_reason(family: Family, signed_in: SignedIn, matter: str) -> None:
    clerk = signed_in()
    enter(clerk, path(clerk, family.father, matter), matter)
    address = record_link(clerk, family.father, matter, "/withdraw/")
    page = read(clerk.get(address))
    assert "判定に使われなくなります" in page.text
    seen = hidden(page, "seen")
    empty = clerk.post(address, {"seen": seen, "reason": ""})
    assert empty.status_code == 422
    assert clerk.post(address, {"seen": seen, "reason": "別人の書類"}).status_code == 302
    assert incomes(family) == ()
    assert insurances(family.father) == ()
    assert clerk.get(address).status_code == 409


@pytest.mark.parametrize("matter", MATTERS)
def test_a_record_that_changed_meanwhile_is_not_taken_back(
    family: Family, signed_in: SignedIn, matter: str
) -> None:
    clerk = signed_in()
    enter(clerk, path(clerk, family.father, matter), matter)
    address = record_link(clerk, family.father, matter, "/withdraw/")
    seen = hidden(read(clerk.get(address)), "seen")
    if matter == "income":
        evidence.record_income(INCOME_BY_HAND, addressee_id=family.father, by=OTHER, note="")
    else:
        from kyufu.notation.check_digits import CheckDigit

        evidence.record_insurance(
            INSURANCE_BY_HAND,
            addressee_id=family.father,
            corrects=None,
            by=OTHER,
            note="",
            check=CheckDigit.TESTED,
        )
    answer = clerk.post(address, {"seen": seen, "reason": "別人の書類"})
    assert answer.status_code == 409
    assert "職員番号S9999の職員が" in read(answer).text
    assert len(incomes(family)) + len(insurances(family.father)) == 2


def test_what_a_feed_brought_is_not_touched_by_hand(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    page = read(clerk.get(path(clerk, family.child, "insurance")))
    assert "手では直せません（送信元で訂正）" in page.text
    assert not [one for one in page.links if one.startswith("/evidence/")]
    (entry,) = evidence.insurance_entries([family.child])[family.child]
    key = f"{entry.record_id}/{Ticket(family.child, 'application', '').key}"
    token = token_for(kind="insurance_entry", key=key, account_id=clerk.account_id)
    for end in ("correct", "withdraw"):
        answer = clerk.get(f"/evidence/insurance/{token}/{end}/")
        assert answer.status_code == 409
        assert "連携で届いた医療保険の記録は、手では訂正・取消しできません" in read(answer).text
        assert "送信元" in read(answer).text


def test_another_ward_enters_nothing(family: Family, signed_in: SignedIn) -> None:
    clerk, elsewhere = signed_in(), signed_in(office=OTHER_WARD)
    enter(clerk, path(clerk, family.father))
    (entry,) = evidence.income_entries([family.father])[family.father]
    key = f"{entry.record_id}/{Ticket(family.father, 'application', '').key}"
    token = token_for(kind="income_entry", key=key, account_id=elsewhere.account_id)
    for address in (
        path(elsewhere, family.father),
        f"/evidence/income/{token}/correct/",
        f"/evidence/income/{token}/withdraw/",
    ):
        assert elsewhere.get(address).status_code == 403
        assert elsewhere.post(address, {**INCOME, "reason": "別人の書類"}).status_code == 403
    assert len(incomes(family)) == 1
    assert signed_in("head", office=HEAD).account_id


def test_the_right_to_read_and_contractors_enter_nothing(
    family: Family, town: Town, signed_in: SignedIn
) -> None:
    approver = signed_in("approver")
    assert approver.get(path(approver, family.father)).status_code == 403
    account_id, staff_no = town.account(office=CONTRACTOR)
    town.grant(account_id, role="contractor")
    contractor = Person(account_id, staff_no).begin()
    assert contractor.get(path(contractor, family.father)).status_code == 403
    token = token_for(kind="person", key=Ticket(family.father, "application", "").key, account_id=account_id)
    assert "所得を入力・訂正する" not in read(contractor.get(f"/people/{token}/")).text


def test_a_token_of_another_kind_opens_nothing(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    key = Ticket(family.father, "application", "").key
    for kind in ("income_entry", "insurance_entry"):
        token = token_for(kind=kind, key=key, account_id=clerk.account_id)
        matter = kind.partition("_")[0]
        assert clerk.get(f"/evidence/{matter}/{token}/withdraw/").status_code == 404
    assert clerk.get("/people/made-up/income/new/").status_code == 404


def test_the_look_is_noted_under_the_stated_purpose(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    clerk.get(path(clerk, family.father))
    rows = reads_on("income_add", by=clerk.staff_no)
    stated = [row for row in rows if family.father in row[3]]
    assert stated
    assert all("所得の入力" in row[0] and row[1] == "R8-1" for row in stated)


def test_a_protected_person_is_marked_and_not_located(
    world: World, family: Family, signed_in: SignedIn
) -> None:
    world.send("protection", [measure(family.number + 2)])
    clerk = signed_in()
    page = read(clerk.get(path(clerk, family.father)))
    assert "支援措置" in page.text
    assert "駒岡" not in page.text


def test_the_tax_year_is_asked_and_never_filled_in(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    page = read(clerk.get(path(clerk, family.father)))
    (form,) = [one for one in page.forms if "tax_year" in one.fields]
    assert form.fields["tax_year"] == ""
    assert form.fields["obtained_on"] == ""
    assert enter(clerk, path(clerk, family.father), tax_year="").status_code == 422

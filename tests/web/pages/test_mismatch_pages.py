"""The worklist of what guardians are to report: counts, next step, the letter, and who may close it."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from pytest_django import Settings

from kyufu.cases import api as cases
from kyufu.cases.queries import fetch
from kyufu.documents import api as documents
from kyufu.documents.api import Kind
from kyufu.platform import clock
from kyufu.web.pages import mismatches
from kyufu.web.tokens import token_for
from tests.cases.test_mismatches import die, insure_anew, move_home
from tests.cases.world import AT, CLERK, LATER, ON, Family, World, certify, judge, quiet, receive
from tests.registry.persons import measure
from tests.web.conftest import SignedIn
from tests.web.pages.log import reads_on
from tests.web.pages.reading import Page, read
from tests.web.town import HEAD, OTHER_WARD, OTHER_WARD_CODE, WARD, Person

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/worklists/mismatches/"
SETTLE = {"outcome": "dismissed", "reason": "電話で世帯に確認した"}


@pytest.fixture(autouse=True)
def var(settings: Settings, tmp_path: Path) -> Path:
    """Print into a folder of the test's own."""
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.fixture
def clerk(world: World, signed_in: SignedIn) -> Person:
    """Somebody of the head office."""
    return signed_in("head", office=HEAD)


def moved(world: World) -> Family:
    """A family that moved and did not report it, matched."""
    certify(family := world.family())
    move_home(world, family)
    match()
    return family


def match() -> None:
    """Match everybody."""
    cases.match_with_register(by=CLERK, at=clock.current_instant())


def print_letters() -> None:
    """Print the letters that are due."""
    documents.print_letters(
        Kind.URGING, by=CLERK, on=clock.current_date_in_japan(), at=clock.current_instant(), report=quiet
    )


def persons_read(person: Person, screen: str) -> set[int]:
    """Whom somebody read about on a screen."""
    return {one for row in reads_on(screen, by=person.staff_no) for one in row[3]}


def link_to(page: Page, ending: str) -> list[str]:
    return [one for one in page.links if one.startswith(LIST) and one.endswith(ending)]


def settle_form(page: Page) -> list[str]:
    return [one.action for one in page.forms if one.action.endswith("/settle/")]


@pytest.mark.requirement("YOK-044")
def test_the_list_says_what_differs_what_is_next_and_how_the_letter_stands(
    clerk: Person, world: World
) -> None:
    moved(world)
    overview = read(clerk.get("/worklists/"))
    assert "届出の勧奨が必要な食い違い" in overview.text
    assert LIST in overview.links
    page = read(clerk.get(LIST))
    for words in (
        "児童の転居",
        "住所の変更の届出を求める",
        "令和8年11月2日",
        "印刷を待っています",
        "1件",
        "届出のお願いを印刷する",
    ):
        assert words in page.text
    print_letters()
    page = read(clerk.get(LIST))
    assert "に印刷しました" in page.text
    assert "届出のお願いを印刷する" not in page.text
    assert "9番9号" not in page.text
    assert "９番９号" not in page.text


def test_a_letter_that_cannot_be_sent_says_why(clerk: Person, world: World) -> None:
    certify(family := world.family())
    die(world, family)
    match()
    print_letters()
    page = read(clerk.get(LIST))
    assert "印刷できませんでした：死亡しています" in page.text
    assert "児童の世帯の方に連絡し" in page.text


def test_the_list_is_narrowed_to_a_kind(clerk: Person, world: World) -> None:
    moved(world)
    certify(insured := world.family(name="保険　花子"))
    insure_anew(world, insured)
    match()
    page = read(clerk.get(f"{LIST}?kind=insurance_changed"))
    assert ("保険　花子" in page.html, "見本　一郎" in page.html) == (True, False)
    assert "すべての種類を表示する" in page.text
    every = read(clerk.get(f"{LIST}?kind=nonsense"))
    assert ("保険　花子" in every.html, "見本　一郎" in every.html) == (True, True)


def test_the_list_goes_on_where_it_is_long(
    clerk: Person, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mismatches, "PAGE", 1)
    for name in ("甲　一郎", "乙　二郎"):
        certify(family := world.family(name=name))
        insure_anew(world, family)
    match()
    first = read(clerk.get(f"{LIST}?kind=insurance_changed"))
    (following,) = [one for one in first.links if "after=" in one]
    assert "kind=insurance_changed" in following
    second = read(clerk.get(following))
    assert ("甲　一郎" in first.html, "乙　二郎" in first.html) == (True, False)
    assert ("甲　一郎" in second.html, "乙　二郎" in second.html) == (False, True)


def test_what_is_under_way_is_said_and_gets_no_letter(clerk: Person, world: World) -> None:
    family = moved(world)
    receive(family, kind=cases.Kind.CHANGE, matter=cases.ChangeItem.ADDRESS, event_on=ON)
    page = read(clerk.get(LIST))
    assert mismatches.REPORTED in page.text
    assert link_to(page, "/preview/") == []
    certify(held := world.family())
    world.send_loss_of_insurance(held, on="2026-10-01")
    match()
    judge(
        fetch("SELECT max(id) FROM cases_application WHERE kind = 'new'", {})[0][0], on=ON.replace(month=11)
    )
    assert mismatches.ASKED in read(clerk.get(LIST)).text


def test_a_decided_report_takes_it_off_the_list(clerk: Person, world: World) -> None:
    family = moved(world)
    change = receive(family, kind=cases.Kind.CHANGE, matter=cases.ChangeItem.ADDRESS, event_on=ON)
    judge(change)
    cases.approve_application(change, by=LATER, at=AT)
    page = read(clerk.get(LIST))
    assert "届出の勧奨が必要な食い違いはありません" in page.text


def test_it_is_closed_by_hand_with_a_reason(clerk: Person, world: World) -> None:
    moved(world)
    (action,) = settle_form(read(clerk.get(LIST)))
    answer = clerk.post(action, {"outcome": "dismissed", "reason": ""})
    assert answer.status_code == 422
    assert "入力に誤りがあります" in read(answer).text
    assert clerk.post(action, SETTLE).status_code == 302
    assert "確認を終えました。届け出た内容は変えていません" in read(clerk.get(LIST)).text
    steps = fetch("SELECT to_state, actor_id, why FROM cases_mismatch_transition ORDER BY id", {})
    assert steps[-1] == ("dismissed", clerk.staff_no, SETTLE["reason"])
    again = clerk.post(action, SETTLE)
    assert again.status_code == 409


def test_another_ward_sees_and_closes_nothing(world: World, signed_in: SignedIn) -> None:
    moved(world)
    other = signed_in("counter", office=OTHER_WARD)
    assert "見本　一郎" not in read(other.get(LIST)).html
    number = fetch("SELECT id FROM cases_mismatch", {})[0][0]
    token = token_for(kind="mismatch", key=number, account_id=other.account_id)
    assert other.post(f"{LIST}{token}/settle/", SETTLE).status_code == 403
    assert other.get(f"{LIST}{token}/preview/").status_code == 403
    here = signed_in("counter", office=WARD)
    page = read(here.get(LIST))
    assert "見本　一郎" in page.html
    assert "届出のお願いを印刷する" not in page.text
    assert here.post(settle_form(page)[0], SETTLE).status_code == 302


def test_a_reader_may_not_close(world: World, signed_in: SignedIn) -> None:
    moved(world)
    page = read(signed_in("approver", office=HEAD).get(LIST))
    assert settle_form(page) == []
    assert OTHER_WARD_CODE not in page.text


def test_one_letter_is_looked_at_without_being_printed(clerk: Person, world: World) -> None:
    family = moved(world)
    (link,) = link_to(read(clerk.get(LIST)), "/preview/")
    answer = clerk.get(link)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    pictures = re.findall(r'src="data:image/png;base64,([^"]+)"', answer.content.decode())
    assert [base64.b64decode(one)[:4] for one in pictures] == [b"\x89PNG"]
    assert fetch("SELECT count(*) FROM documents_document", {}) == [(0,)]
    assert {family.child, family.father} <= persons_read(clerk, "mismatch_preview")


def test_the_letter_of_a_protected_family_is_not_shown(clerk: Person, world: World) -> None:
    family = moved(world)
    for one in (1, 2):
        world.send("protection", [measure(family.number + one)])
    page = read(clerk.get(LIST))
    assert "支援措置" in page.text
    (link,) = link_to(page, "/preview/")
    answer = clerk.get(link)
    assert answer.status_code == 409
    assert "駒岡" not in read(answer).text


def test_the_list_is_noted_for_everybody_on_it(clerk: Person, world: World) -> None:
    family = moved(world)
    clerk.get(LIST)
    assert {family.child, family.father} <= persons_read(clerk, "mismatches")

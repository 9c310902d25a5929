"""How each letter stands on the worklist and in a renewal's list, who may begin what, and what a page costs."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from kyufu.cases import api as cases
from kyufu.cases.api import MismatchKind, MismatchSeen
from kyufu.documents.api import NOT_YET, LetterSeen
from kyufu.platform import clock
from kyufu.web.pages import mismatches
from kyufu.web.pages.forms import MismatchForm
from kyufu.web.pages.mismatches import MismatchLine
from tests.cases.test_mismatches import insure_anew, move_home, rename_child
from tests.cases.world import World, certify
from tests.web.conftest import SignedIn
from tests.web.pages.query_count import round_trips
from tests.web.pages.reading import read
from tests.web.pages.test_mismatch_pages import LIST, clerk, match, moved, var
from tests.web.town import HEAD, WARD, Person

__all__ = ["clerk", "var"]
AT = datetime(2026, 11, 30, 1, tzinfo=clock.JAPAN)
SEEN = MismatchSeen(
    1, 2, 3, 4, "2026-0000001", "141011", MismatchKind.CHILD_MOVED, date(2026, 11, 2), AT, "open",
    stands=True, is_reported=False, is_asked=False,
)  # fmt: skip
PRINTED, LEFT_OUT = LetterSeen(AT, ""), LetterSeen(None, "住所がありません。")


@pytest.mark.parametrize(
    ("row", "letter", "told"),
    [
        (SEEN, NOT_YET, ("印刷を待っています", False)),
        (SEEN, PRINTED, (AT, True)),
        (SEEN, LEFT_OUT, ("印刷できませんでした：住所がありません。", False)),
        (SEEN._replace(is_reported=True), NOT_YET, (mismatches.REPORTED, False)),
        (SEEN._replace(is_reported=True), LEFT_OUT, (mismatches.REPORTED, False)),
        (SEEN._replace(is_asked=True), NOT_YET, (mismatches.ASKED, False)),
        (SEEN._replace(is_reported=True, is_asked=True), PRINTED, (AT, True)),
    ],
    ids=["waits", "printed", "left out", "reported", "reported before", "asked", "printed and reported"],
)
def test_a_letter_stands_in_one_of_these_ways(
    row: MismatchSeen, letter: LetterSeen, told: tuple[object, bool]
) -> None:
    assert mismatches._letter(row, letter=letter) == told


@pytest.mark.parametrize(
    ("row", "over"),
    [
        (SEEN, ""),
        (SEEN._replace(stands=False), "届出の決裁、または事実の一致により終了"),
        (SEEN._replace(state="agreed", stands=False), "届出の決裁、または事実の一致により終了"),
        (SEEN._replace(state="resolved"), "職員が確認して終了"),
        (SEEN._replace(state="dismissed"), "届出は要らないため終了"),
    ],
    ids=["open", "reported since", "agreed", "resolved", "dismissed"],
)
def test_how_a_difference_ended_is_said(row: MismatchSeen, over: str) -> None:
    assert MismatchLine(row, None, "", "", printed=False).over == over


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"outcome": "resolved", "reason": "届出を受け付けた"}, set()),
        ({"outcome": "dismissed", "reason": "同居していた"}, set()),
        ({"outcome": "agreed", "reason": "勝手に終える"}, {"outcome"}),
        ({"outcome": "", "reason": "　"}, {"outcome", "reason"}),
        ({}, {"outcome", "reason"}),
    ],
    ids=["resolved", "dismissed", "the system's own", "blank", "nothing"],
)
def test_the_form_takes_the_two_outcomes_with_a_reason(fields: dict[str, str], wrong: set[str]) -> None:
    assert set(MismatchForm(fields).errors) == wrong


@pytest.mark.django_db(transaction=True)
def test_who_may_begin_a_matching_is_led_to_it(clerk: Person, world: World, signed_in: SignedIn) -> None:
    moved(world)
    page = read(clerk.get(LIST))
    starts = [read(clerk.get(one)).text for one in page.links if one.startswith("/runs/new/")]
    assert [("届出のお願い（勧奨）の印刷" in text, "住民記録・医療保険の突合" in text) for text in starts] == [
        (True, False), (False, True),
    ]  # fmt: skip
    for role, office in (("counter", WARD), ("approver", HEAD)):
        other = read(signed_in(role, office=office).get(LIST))
        assert not [one for one in other.links if one.startswith("/runs/new/")]


@pytest.mark.django_db(transaction=True)
def test_a_matching_is_begun_from_the_page_without_a_day(clerk: Person, world: World) -> None:
    moved(world)
    page = read(clerk.get(LIST))
    address = [one for one in page.links if one.startswith("/runs/new/")][-1]
    assert "基準日" not in read(clerk.get(address)).text
    answer = clerk.post(address, {})
    assert answer.status_code == 302
    assert "届出の内容と住民記録・医療保険の突合" in read(clerk.get(answer["Location"])).text


@pytest.mark.django_db(transaction=True)
def test_the_page_costs_the_same_for_many(clerk: Person, world: World) -> None:
    def asked() -> int:
        with round_trips() as sent:
            assert clerk.get(LIST).status_code == 200
        return len(sent)

    moved(world)
    few = asked()
    for change in (move_home, insure_anew, rename_child, move_home):
        certify(family := world.family())
        change(world, family)
    match()
    assert len(cases.mismatches_in(None, kind=None, limit=20, after=0)) == 5
    assert asked() <= few


@pytest.mark.django_db(transaction=True)
def test_nothing_about_where_anybody_lives_is_in_an_address_or_a_title(clerk: Person, world: World) -> None:
    moved(world)
    page = read(clerk.get(LIST))
    title = page.html.split("<title>")[1].split("</title>")[0]
    assert "見本" not in title
    assert not [one for one in page.links if "見本" in one or "141011" in one]
    assert "駒岡" not in page.html

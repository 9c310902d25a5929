"""Worklists on the pages: how much there is, why in words, the next step, who may see it, and who settled it."""

from __future__ import annotations

import pytest
from django.db import connection

from kyufu.cases import api as cases
from kyufu.cases.queries import fetch
from kyufu.notation.check_digits import CheckDigit
from kyufu.platform.feeds.intake import receive_feed
from kyufu.platform.feeds.worklist import count_open_rows
from kyufu.registry import api as registry
from kyufu.registry.api import PointKind
from kyufu.web.pages import person_worklists, worklists
from kyufu.web.pages.undecided_words import HELD, OTHER, held_by
from tests.cases.world import AT, LATER, Family, World, certify, judge, receive
from tests.evidence.files import INSURANCE
from tests.platform.feed_files import MUNICIPALITY, write_feed
from tests.registry.persons import addressee_no, measure, resident
from tests.web.conftest import SignedIn
from tests.web.pages.log import reads_on
from tests.web.pages.reading import Page, read
from tests.web.town import HEAD, OTHER_WARD, OTHER_WARD_CODE, Person

pytestmark = pytest.mark.django_db(transaction=True)
SETTLE = {"outcome": "resolved", "reason": "訂正のファイルを取り込んだ"}
UNDRAWN = "見本　\ue000郎"


@pytest.fixture
def clerk(world: World, signed_in: SignedIn) -> Person:
    """Somebody of the head office."""
    return signed_in("head", office=HEAD)


def reject_row(world: World) -> None:
    """A resident row that contradicts itself stays on the worklist."""
    world.send("resident", [resident(701, seinengappi="2030-01-01")])


def discrepancy(family: Family) -> None:
    """A full feed without the child came."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO registry_discrepancy (addressee_id, file_id) SELECT %s, max(id) FROM platform_feed_file",
            [family.child],
        )


def settles(page: Page) -> list[str]:
    return [one.action for one in page.forms if one.action.endswith("/settle/")]


def steps_of(table: str) -> list[tuple[object, ...]]:
    return fetch(f"SELECT to_state, actor_id, why FROM {table}_transition ORDER BY id", {})


def test_the_overview_counts_what_the_person_may_open(clerk: Person, world: World) -> None:
    reject_row(world)
    judge(receive(world.family(insured=False)))
    world.family(name=UNDRAWN)
    discrepancy(world.family())
    page = read(clerk.get("/worklists/"))
    for words in ("取り込めなかった行", "保留（判定不能）の申請", "印字できない文字", "住民記録との食い違い"):
        assert words in page.text
    assert page.text.count("1件") == 4


def test_the_overview_of_a_ward_leaves_out_what_it_may_not_open(world: World, signed_in: SignedIn) -> None:
    judge(receive(world.family(insured=False)))
    judge(receive(world.family(insured=False), ward_code=OTHER_WARD_CODE))
    page = read(signed_in().get("/worklists/"))
    assert "取り込めなかった行" not in page.text
    assert page.text.count("1件") == 1
    assert "一覧で確認" in page.text


def test_a_row_that_did_not_land_is_shown_with_what_to_do_and_settled(clerk: Person, world: World) -> None:
    reject_row(world)
    page = read(clerk.get("/worklists/rows/"))
    assert "住民記録" in page.text
    assert "「生年月日」が「異動年月日」より後です" in page.text
    assert addressee_no(701) not in page.html
    assert "見本" not in page.text.replace("見本の", "")
    (action,) = settles(page)
    answer = clerk.post(action, SETTLE)
    assert answer.status_code == 302
    assert count_open_rows() == 0
    after = read(clerk.get("/worklists/rows/"))
    for words in ("是正した", SETTLE["reason"], "こども医療課"):
        assert words in after.text
    assert steps_of("platform_rejected_row") == [("resolved", clerk.staff_no, SETTLE["reason"])]


def test_a_row_is_settled_once_and_with_a_reason(clerk: Person, world: World) -> None:
    reject_row(world)
    (action,) = settles(read(clerk.get("/worklists/rows/")))
    refused = clerk.post(action, {"outcome": "resolved", "reason": ""})
    assert refused.status_code == 422
    assert "理由を入力してください" in read(refused).text or "入力に誤り" in read(refused).text
    clerk.post(action, SETTLE)
    late = clerk.post(action, SETTLE)
    assert late.status_code == 409
    assert "いまの状態ではこの処理はできません" in read(late).text


def test_it_staff_settle_rows_and_see_no_person(world: World, signed_in: SignedIn) -> None:
    reject_row(world)
    person = signed_in("operations", office=HEAD)
    assert len(settles(read(person.get("/worklists/rows/")))) == 1
    for path in (
        "",
        "undecided/",
        "undrawable/",
        "discrepancies/",
        "insurers/",
        "inquiries/",
        "unrecovered/",
    ):
        assert person.get(f"/worklists/{path}").status_code == 403, path


def test_a_long_list_of_rows_goes_on(clerk: Person, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worklists, "PAGE", 2)
    world.send("resident", [resident(700 + one, seinengappi="2030-01-01") for one in range(3)])
    first = read(clerk.get("/worklists/rows/"))
    (onward,) = [one for one in first.links if "after=" in one]
    assert (len(settles(first)), len(settles(read(clerk.get(onward))))) == (2, 1)
    assert clerk.get("/worklists/rows/?after=made-up").status_code == 404


def test_what_cannot_be_decided_says_why_and_what_next(clerk: Person, world: World) -> None:
    judge(receive(world.family(insured=False)))
    page = read(clerk.get("/worklists/undecided/"))
    assert "健康保険の資格が確認できない" in page.text
    assert "資格確認書などの提出を求めてください" in page.text
    assert clerk.get(page.link_to("/applications/")).status_code == 200
    narrowed = read(clerk.get("/worklists/undecided/?reason=missing.insurance"))
    assert narrowed.text.count("健康保険の資格が確認できない") == 2
    assert "保留の申請はありません" in read(clerk.get("/worklists/undecided/?reason=income.undeclared")).text
    assert clerk.get(page.link_to("/runs/new/")).status_code == 200


def test_the_undecided_of_another_ward_are_not_listed(world: World, signed_in: SignedIn) -> None:
    family = world.family(insured=False)
    judge(receive(family))
    assert "健康保険" in read(signed_in().get("/worklists/undecided/")).text
    other = signed_in(office=OTHER_WARD)
    assert "保留の申請はありません" in read(other.get("/worklists/undecided/")).text
    assert not [person for row in reads_on("undecided", by=other.staff_no) for person in row[3]]


def test_every_reason_of_the_law_has_its_words() -> None:
    from kyufu.law.decision import Reason
    from tests.law import yokohama as reasons

    codes = {one.code for one in vars(reasons).values() if isinstance(one, Reason)}
    assert {one for one in codes if one.startswith("missing.")} <= set(HELD)
    assert held_by("something.new") is OTHER
    for held in HELD.values():
        assert held.next_step.endswith(("。", "）。"))


def test_an_undrawable_name_leads_to_the_person_and_is_settled(clerk: Person, world: World) -> None:
    family = world.family(name=UNDRAWN)
    page = read(clerk.get("/worklists/undrawable/"))
    for words in ("氏名", "U+E000"):
        assert words in page.text
    assert clerk.get(page.link_to("/people/")).status_code == 200
    assert family.child in {one for row in reads_on("undrawable", by=clerk.staff_no) for one in row[3]}
    assert clerk.post(settles(page)[0], {"outcome": "", "reason": ""}).status_code == 422
    assert clerk.post(settles(page)[0], SETTLE).status_code == 302
    assert "確認が必要なものはありません" in read(clerk.get("/worklists/undrawable/")).text
    assert steps_of("registry_undrawable_name") == [("resolved", clerk.staff_no, SETTLE["reason"])]
    assert clerk.post(settles(page)[0], SETTLE).status_code == 409


def test_a_discrepancy_is_settled_by_its_ward_and_by_no_other(world: World, signed_in: SignedIn) -> None:
    from kyufu.web.tokens import token_for

    discrepancy(world.family())
    other = signed_in(office=OTHER_WARD)
    hidden = read(other.get("/worklists/discrepancies/"))
    assert settles(hidden) == []
    assert "所管していない区の方 1 件" in hidden.text
    assert "見本" not in hidden.text
    point = fetch("SELECT id FROM registry_discrepancy", {})[0][0]
    token = token_for(kind="discrepancy", key=point, account_id=other.account_id)
    assert other.post(f"/worklists/discrepancies/{token}/settle/", SETTLE).status_code == 403
    here = signed_in()
    page = read(here.get("/worklists/discrepancies/"))
    assert "届出を勧奨" in page.text
    assert here.post(settles(page)[0], SETTLE | {"outcome": "dismissed"}).status_code == 302
    assert steps_of("registry_discrepancy") == [("dismissed", here.staff_no, SETTLE["reason"])]


def test_a_protected_person_shows_no_address(clerk: Person, world: World) -> None:
    family = world.family(name=UNDRAWN)
    world.send("protection", [measure(family.number + 1)])
    page = read(clerk.get("/worklists/undrawable/"))
    assert "支援措置" in page.text
    assert "駒岡" not in page.html


def test_whoever_may_only_read_settles_nothing(world: World, signed_in: SignedIn) -> None:
    world.family(name=UNDRAWN)
    page = read(signed_in("approver", office=HEAD).get("/worklists/undrawable/"))
    assert "U+E000" in page.text
    assert settles(page) == []


def test_a_doubtful_insurer_is_listed(clerk: Person, world: World) -> None:
    from kyufu.evidence.api import evidence_feeds

    world.family(insured=False)
    feeds = {feed.layout.name: feed for feed in evidence_feeds(insurer_check=CheckDigit.UNTESTED)}
    row = {**INSURANCE, "atenabango": addressee_no(11), "hokensha_bango": "06130489"}
    path = write_feed(world.folder, layout=feeds["insurance"].layout, rows=[row], mode="DIFF", seq=1)
    receive_feed(path, feeds=feeds, municipality=MUNICIPALITY)
    page = read(clerk.get("/worklists/insurers/"))
    assert "06130489" in page.text
    assert "訂正の連携ファイル" in page.text


def test_guardians_without_income_are_listed_for_the_year_asked(clerk: Person, world: World) -> None:
    receive(world.family())
    assert "一覧を表示する" in read(clerk.get("/worklists/inquiries/")).html
    assert clerk.get("/worklists/inquiries/?tax_year=").status_code == 422
    assert clerk.get("/worklists/inquiries/?tax_year=26").status_code == 422
    page = read(clerk.get("/worklists/inquiries/?tax_year=2026"))
    assert "2026年度の所得が市の課税台帳にありません" in page.text


def test_a_card_that_nobody_may_use_is_listed_until_it_comes_back(clerk: Person, world: World) -> None:
    certify(world.family())
    assert "回収していない医療証はありません" in read(clerk.get("/worklists/unrecovered/")).text
    (number,) = (row[0] for row in fetch("SELECT number FROM cases_certificate", {}))
    cases.void_certificate(number, by=LATER, at=AT, why="転出")
    page = read(clerk.get("/worklists/unrecovered/"))
    assert number in page.text
    assert "無効にした医療証" in page.text
    assert clerk.get(page.link_to("/certificates/")).status_code == 200
    cases.recover_certificate(number, by=LATER, at=AT, why="返納")
    assert "回収していない医療証はありません" in read(clerk.get("/worklists/unrecovered/")).text


def test_the_registry_refuses_what_is_not_there(world: World) -> None:
    from kyufu.platform.errors import BadInput, Refused

    world.family(name=UNDRAWN)
    (point,) = registry.undrawable_names(limit=5, after=0)
    assert registry.undrawable_names(limit=5, after=point.point_id) == ()
    assert (registry.count_points(PointKind.UNDRAWABLE), registry.count_points(PointKind.DISCREPANCY)) == (
        1,
        0,
    )
    assert registry.person_of_point(PointKind.UNDRAWABLE, point_id=point.point_id) == point.addressee_id
    with pytest.raises(BadInput):
        registry.person_of_point(PointKind.DISCREPANCY, point_id=point.point_id)
    for reason, error, number in (("", Refused, point.point_id), ("理由", BadInput, point.point_id + 99)):
        with pytest.raises(error):
            registry.settle_point(
                PointKind.UNDRAWABLE, point_id=number, resolved=True, by=LATER, at=AT, reason=reason
            )


def test_a_page_of_persons_goes_on(clerk: Person, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(person_worklists, "PAGE", 1)
    world.family(name=UNDRAWN)
    world.family(name="\ue001村")
    first = read(clerk.get("/worklists/undrawable/"))
    (onward,) = [one for one in first.links if "after=" in one]
    assert "U+E001" in read(clerk.get(onward)).text
    assert "U+E001" not in first.text

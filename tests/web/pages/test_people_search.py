"""The search page: one box for everything, what it says of what it found, and the keyboard alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cases.world import Family, World, certify
from tests.registry.persons import addressee_no, fetch, measure, resident
from tests.web.conftest import SignedIn
from tests.web.pages.log import reads_on
from tests.web.pages.reading import Page, read
from tests.web.town import HEAD, OTHER_WARD, OTHER_WARD_CODE, Person

PURPOSE = "application"


def ask(person: Person, **typed: str) -> Any:
    return person.post("/people/", {"purpose": PURPOSE, **typed})


def page_of(person: Person, **typed: str) -> Page:
    answer = ask(person, **typed)
    assert answer.status_code == 200, answer.content.decode()
    return read(answer)


def hits(page: Page) -> int:
    """How many people are listed."""
    return len([link for link in page.links if link.startswith("/people/") and link != "/people/"])


def status(page: Page) -> str:
    """What is announced to those who do not see the list."""
    start = page.html.index('role="status" class="search-count"')
    return page.html[start : page.html.index("</p>", start)]


@pytest.fixture
def numbers(family: Family) -> tuple[str, str]:
    """The recipient and the certificate number of the family's child."""
    certify(family)
    ((recipient, certificate),) = fetch(
        "SELECT r.number, c.number FROM cases_recipient r JOIN cases_certificate c ON c.child_id = r.child_id"
    )
    return recipient, certificate


def test_the_numbers_on_the_card_find_the_child_alone(
    numbers: tuple[str, str], family: Family, signed_in: SignedIn
) -> None:
    clerk = signed_in()
    for number in numbers:
        for typed in ({"text": number}, {"person_no": number}, {"text": number.translate(WIDE)}):
            page = page_of(clerk, **typed)
            assert hits(page) == 1
            assert family.child_no in page.text


WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.mark.parametrize("typed", ["H30.5.10", "平成30年5月10日", "２０１８／５／１０", "20180510"])
def test_a_birth_date_is_found_in_the_box_and_in_its_field(
    typed: str, family: Family, signed_in: SignedIn
) -> None:
    assert family.child_no in page_of(signed_in(), text=typed).text


def test_a_field_narrows_the_box(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    assert hits(page_of(clerk, text="ミホン")) == 2
    page = page_of(clerk, text="ミホン", birth_date="H30.5.10")
    assert (hits(page), family.child_no in page.text) == (1, True)
    assert hits(page_of(clerk, text="ミホン", address="駒岡1-1")) == 2
    assert hits(page_of(clerk, text="ミホン", address="駒岡9")) == 0


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "氏名、生年月日、住所、番号のどれかを入力してください。"),
        ({"text": "　"}, "氏名、生年月日、住所、番号のどれかを入力してください。"),
        ({"birth_date": "きのう"}, "日付として読めません"),
        ({"address": "横浜市"}, "町名から2文字以上で入力してください。"),
        ({"person_no": "あ"}, "番号は数字で入力してください。"),
    ],
)
def test_what_cannot_be_looked_for_is_said_at_its_field(
    typed: dict[str, str], said: str, family: Family, signed_in: SignedIn
) -> None:
    clerk = signed_in()
    answer = ask(clerk, **typed)
    assert answer.status_code == 422
    assert said in read(answer).text
    assert reads_on("people", by=clerk.staff_no) == []


def test_the_box_has_the_focus_and_every_field_a_label(signed_in: SignedIn, family: Family) -> None:
    page = read(signed_in().get("/people/"))
    focused = [attributes["name"] for tag, attributes in page.tags if "autofocus" in attributes]
    assert focused == ["text"]
    assert page.unlabelled() == []
    assert page.twice() == []
    assert page.running() == []
    assert page.forms[-1].method == "post"


def test_the_count_is_announced(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    assert "<strong>2人</strong>見つかりました" in status(page_of(clerk, text="ミホン"))
    assert "該当する人はいません" in status(page_of(clerk, text="居ない"))
    assert "氏名・カナ・通称で検索" in status(page_of(clerk, text="ミホン"))
    assert "生年月日で検索" in status(page_of(clerk, text="H30.5.10"))


def test_the_list_comes_with_caption_and_the_first_hit_is_a_link(family: Family, signed_in: SignedIn) -> None:
    page = page_of(signed_in(), text="ミホン")
    assert page.bare_tables == 0
    assert page.html.index("search-count") < page.html.index('<th scope="row"><a href="/people/')


def crowd(world: World, *, first: int, count: int, **items: object) -> None:
    """So many people of one name, each in a household of their own."""
    numbers = range(first, first + count)
    world.send(
        "resident",
        [resident(n, shimei="多数　太郎", setaibango=f"95{n:013}", **items) for n in numbers],
    )


def test_over_fifty_are_counted_honestly(world: World, signed_in: SignedIn) -> None:
    crowd(world, first=500, count=51)
    page = page_of(signed_in(), text="多数")
    assert "<strong>50人以上</strong>" in status(page)
    assert hits(page) == 50


def test_a_ward_finds_its_own_behind_those_of_another(world: World, signed_in: SignedIn) -> None:
    crowd(world, first=500, count=51, shimei_yomigana="タスウ　アキラ")
    crowd(world, first=600, count=3, shimei_yomigana="タスウ　ワタル", jusho_shikuchosonkodo=OTHER_WARD_CODE)
    page = page_of(signed_in(office=OTHER_WARD), text="多数")
    assert hits(page) == 3
    assert "<strong>3人以上</strong>" in status(page)
    assert "所管する区の人を中心に3人を表示しています" in status(page)
    assert "所管外の区の住民が 50 人以上見つかりました" in page.text
    head = page_of(signed_in("head", office=HEAD), text="多数")
    assert "先頭の50人を表示しています" in status(head)
    assert "所管外" not in head.text


def test_the_last_purpose_is_picked_at_the_next_search(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    assert picked(read(clerk.get("/people/"))) == [""]
    page_of(clerk, text="ミホン")
    assert picked(read(clerk.get("/people/"))) == [PURPOSE]
    assert picked(read(signed_in().get("/people/"))) == [""]


def picked(page: Page) -> list[str]:
    return [
        attributes["value"] for tag, attributes in page.tags if tag == "option" and "selected" in attributes
    ]


def test_a_purpose_that_is_no_more_is_not_picked(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    page_of(clerk, text="ミホン")
    assert clerk.post("/people/", {"text": "ミホン", "purpose": "curiosity"}).status_code == 422
    assert picked(read(clerk.get("/people/"))) == [PURPOSE]


def near(world: World) -> None:
    world.send("resident", [resident(80, shimei="中島　一", shimei_yomigana="ナカジマ　ハジメ"),
                            resident(81, shimei="中嶋　二", shimei_yomigana="ナカシマ　ツギ")])  # fmt: skip


def test_similar_readings_stand_under_their_own_heading(world: World, signed_in: SignedIn) -> None:
    near(world)
    page = page_of(signed_in(), text="ナカジマ")
    assert "読みが似ている人が1人います" in status(page)
    exact, similar = page.html.split('id="similar-title"')
    assert addressee_no(80) in exact
    assert addressee_no(81) not in exact
    assert addressee_no(81) in similar


def test_similar_readings_are_offered_and_looked_for_on_demand(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    page = page_of(clerk, text="ミホン")
    assert '<button class="button button-text" type="submit" name="similar" value="1">' in page.html
    assert "読みが似ている人はほかにいません" in page_of(clerk, text="ミホン", similar="1").text
    assert "似た読みも探す" not in page_of(clerk, text="見本").text


def test_a_former_name_is_said(family: Family, world: World, signed_in: SignedIn) -> None:
    world.send("resident", [resident(family.number + 2, rirekibango=2, ido_jiyu="30", ido_nengappi="2024-01-01",
                                     shimei="鈴木　太郎", shimei_yomigana="スズキ　タロウ")])  # fmt: skip
    clerk = signed_in()
    assert "旧氏名で一致" in page_of(clerk, text="見本太郎").text
    assert "旧氏名で一致" not in page_of(clerk, text="鈴木太郎").text


def test_twins_are_told_apart_by_given_name_relation_and_number(world: World, signed_in: SignedIn) -> None:
    twins = [resident(number, shimei=name, seinengappi="2019-05-05", tsuzukigara="10", setaibango="900000000000700")
             for number, name in ((71, "双子　一葉"), (72, "双子　二葉"))]  # fmt: skip
    world.send("resident", twins)
    page = page_of(signed_in(), text="双子")
    assert page.text.count("双子など、よく似た人がいます") == 2
    for given in ("一葉", "二葉"):
        assert f'<em class="given">{given}</em>' in page.html
    assert page.text.count(" 子 ") == 2


def test_status_stands_in_words(family: Family, world: World, signed_in: SignedIn) -> None:
    clerk = signed_in()
    world.move_out(family, on="2026-09-01")
    assert "転出" in page_of(clerk, text=family.child_no).text
    world.send("resident", [resident(family.number + 2, rirekibango=2, ido_jiyu="50", ido_nengappi="2026-10-01",
                                     jumin_jotai="3")])  # fmt: skip
    assert "死亡" in page_of(clerk, text=family.father_no).text


@pytest.mark.requirement("KWS-209")
def test_no_address_tells_anything_of_the_protected_whatever_stands_beside_it(
    family: Family, world: World, signed_in: SignedIn
) -> None:
    world.send("protection", [measure(family.number + 2)])
    clerk = signed_in()
    for beside in (
        {},
        {"text": "ミホン"},
        {"text": family.child_no},
        {"kana": "ミホン"},
        {"birth_date": "H30.5.10"},
    ):
        right, wrong = (
            status(page_of(clerk, address=address, **beside)) for address in ("駒岡1-1", "別町9-9")
        )
        assert right == wrong
    assert hits(page_of(clerk, text="ミホン")) == 2


def test_every_person_listed_is_logged_with_the_purpose(world: World, signed_in: SignedIn) -> None:
    near(world)
    clerk = signed_in()
    page_of(clerk, text="ナカジマ")
    (row,) = [one for one in reads_on("people", by=clerk.staff_no) if one[3]]
    assert len(row[3]) == 2


def test_a_search_without_a_hit_is_logged(world: World, signed_in: SignedIn) -> None:
    clerk = signed_in()
    page_of(clerk, text="居ない")
    assert [row[3] for row in reads_on("people", by=clerk.staff_no)] == [[]]

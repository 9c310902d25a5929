"""Statistics on the page and as files: what they say ties with the ledger, and each file is in the log."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest

from kyufu.cases import api as cases
from kyufu.platform import clock
from kyufu.web.pages import statistics
from kyufu.web.pages.figure_rules import FigureRules
from tests.cases.world import Family, World, certify, judge, receive
from tests.registry.persons import measure
from tests.web.conftest import SignedIn
from tests.web.pages.log import events_of
from tests.web.pages.reading import read
from tests.web.town import HEAD, OTHER_WARD, WARD, Person

pytestmark = pytest.mark.django_db(transaction=True)
DAY = "2026-11-24"
TITLES = (
    "資格のある児童（区・年齢別）", "資格のある児童（年齢別）", "資格のある児童（助成の区分別）", "資格の異動（月別）",
    "資格の異動（理由別）", "判定（結果・月別）", "判定（結果・理由・月別）", "申請・届出（種類・月別）",
    "申請・届出（受付経路・月別）", "医療証（月別）",
)  # fmt: skip


@pytest.fixture
def city(world: World) -> list[Family]:
    """Two children with cards, one of them protected, one refused."""
    families = [world.family(), world.family(birth="2016-05-10"), world.family(birth="2004-01-01")]
    certify(families[0])
    certify(families[1])
    judge(receive(families[2]))
    world.send("protection", [measure(families[1].number + 1)])
    return families


@pytest.fixture
def head(signed_in: SignedIn) -> Person:
    """Somebody of the head office."""
    return signed_in("head", office=HEAD)


def test_the_page_holds_every_table_with_its_conditions(city: list[Family], head: Person) -> None:
    page = read(head.get("/statistics/", data={"on": DAY}))
    for title in TITLES:
        assert title in page.text, title
    for said in (
        "令和8年11月24日（2026年）",
        "範囲 全市",
        "区を示さない者",
        "鶴見区",
        "自己負担なし",
        "対象年齢を過ぎている",
    ):
        assert said in page.text, said
    assert page.bare_tables == 0 and page.unlabelled() == [] and page.twice() == []
    assert [tag for tag, _ in page.tags].count("svg") >= 5
    assert not [one for tag, one in page.tags if "style" in one]
    for family in city:
        assert family.child_no not in page.html and "見本" not in page.html


def test_a_ward_is_shown_its_own_figures_without_the_protected(
    city: list[Family], signed_in: SignedIn
) -> None:
    here = read(signed_in("counter", office=WARD).get("/statistics/", data={"on": DAY}))
    assert "範囲 鶴見区" in here.text and "区を示さない者" not in here.text and "範囲 全市" not in here.text
    there = read(signed_in("counter", office=OTHER_WARD).get("/statistics/", data={"on": DAY}))
    assert "鶴見区" not in there.text and "この条件に当たるものはありません" in there.text


def test_a_wrong_day_is_said_so(head: Person) -> None:
    for path in ("/statistics/", "/subsidy/"):
        answer = head.get(path, data={"on": "あした"})
        assert answer.status_code == 422 and "日付として読めません" in read(answer).text
    assert head.post("/statistics/excel/", {"on": ""}).status_code == 422


def table(head: Person, *, path: str, code: str, **more: str) -> list[list[str]]:
    answer = head.post(path, {"on": DAY, "table": code, **more})
    assert answer.status_code == 200
    text = answer.content.decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_a_csv_ties_with_the_ledger_and_is_recorded(city: list[Family], head: Person) -> None:
    rows = table(head, path="/statistics/csv/", code="ages")
    held = cases.entitlements_of([family.child for family in city])
    assert rows[-1] == ["合計", str(len(held))]
    assert {row[0] for row in rows[1:-1]} == {"8歳", "10歳"}
    (event,) = events_of("exported", by=head.staff_no)
    assert "CSV" in str(event) and "小児医療費助成の統計" in str(event)
    assert head.post("/statistics/csv/", {"on": DAY, "table": "nothing"}).status_code == 404


def test_what_leaves_the_house_hides_small_numbers(city: list[Family], head: Person) -> None:
    rows = table(head, path="/statistics/csv/", code="ages", outside="on")
    assert {cell for row in rows[1:-1] for cell in row[1:]} == {"10未満"}
    assert rows[-1][1] == "非公表"


@pytest.mark.parametrize("path", ["/statistics/excel/", "/subsidy/excel/"])
def test_an_excel_file_opens_and_names_its_conditions(city: list[Family], head: Person, path: str) -> None:
    answer = head.post(path, {"on": DAY})
    assert answer["Content-Disposition"].endswith('.xlsx"') and answer["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        assert file.testzip() is None
        strings = file.read("xl/sharedStrings.xml").decode()
    today = clock.current_date_in_japan()
    for said in ("作成日", f"（{today.year}年）", "庁内限り", "支援措置"):
        assert said in strings
    assert len(events_of("exported", by=head.staff_no)) == 1


def test_the_report_for_the_prefecture_says_what_is_assumed(city: list[Family], head: Person) -> None:
    page = read(head.get("/subsidy/", data={"on": DAY}))
    for said in ("県補助の対象（月別）", "県補助の対象（区・月別）", "仮定", "判定がない月", "毎月1日"):
        assert said in page.text, said
    rows = table(head, path="/subsidy/csv/", code="subsidy_months")
    august = next(row for row in rows if row[0] == "令和8年9月")
    assert august[-1] == "2"
    assert sum(map(int, august[1:-1])) == 2


@pytest.mark.parametrize("path", ["/statistics/", "/subsidy/"])
def test_a_day_before_all_rules_of_figures_is_refused_in_words(head: Person, path: str) -> None:
    for on in ("平成28年3月31日", "明治10年1月1日"):
        answer = head.get(path, data={"on": on})
        assert answer.status_code == 422 and "平成28年4月1日" in read(answer).text, on
    for kind in ("excel", "csv"):
        assert head.post(f"{path}{kind}/", {"on": "2016-03-31", "table": "ages"}).status_code == 422
    assert events_of("exported", by=head.staff_no) == []


def test_the_first_and_a_far_day_have_a_page(head: Person) -> None:
    for path in ("/statistics/", "/subsidy/"):
        for on in ("平成28年4月1日", "9999-12-30"):
            assert head.get(path, data={"on": on}).status_code == 200, on


def test_a_ward_hands_out_its_own_figures_alone(city: list[Family], signed_in: SignedIn) -> None:
    """The protected child of the ward is in no file of a ward, and no file says so by a difference."""
    clerk = signed_in("counter", office=WARD)
    rows = table(clerk, path="/statistics/csv/", code="ages")
    assert rows[1:] == [["8歳", "1"], ["合計", "1"]]
    there = signed_in("counter", office=OTHER_WARD)
    assert table(there, path="/statistics/csv/", code="ages")[1:] == []
    assert len(events_of("exported", by=clerk.staff_no)) == 1


def test_the_day_of_the_report_is_the_dated_rule(
    city: list[Family], head: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statistics, "figure_rules", lambda _: FigureRules(small_cell=10, subsidy_day=28))
    page = read(head.get("/subsidy/", data={"on": DAY}))
    assert "毎月28日に" in page.text and "毎月1日に" not in page.text
    rows = table(head, path="/subsidy/csv/", code="subsidy_months")
    november = next(row for row in rows if row[0] == "令和8年11月")
    assert november[-1] == "0", "the 28th has not come on the 24th"

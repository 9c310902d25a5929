"""Print runs on the pages: the head office sees what lies in each, and prints a damaged range again with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from kyufu.cases import api as cases
from kyufu.documents import api as documents
from kyufu.documents.models import Document, PrintFile, PrintRun
from kyufu.platform import clock
from tests.cases.world import AT, CLERK, ON, World, certify, quiet
from tests.registry.persons import fetch, measure
from tests.web.conftest import SignedIn
from tests.web.pages.reading import Page, read
from tests.web.town import HEAD, OTHER_WARD, WARD, Person

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/print-runs/"
RANGE = {"first": "1", "last": "2", "reason": "紙詰まりで破れた"}


@pytest.fixture(autouse=True)
def var(settings: Settings, tmp_path: Path) -> Path:
    """Print into a folder of the test's own."""
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.fixture
def run_id(world: World) -> int:
    """Three cards that were printed together."""
    for number in (1, 2, 3):
        certify(world.family(name=f"見本　{number}郎"))
    done = documents.print_certificates(
        by=CLERK, on=ON, at=clock.current_instant(), report=quiet, watermark=documents.WATERMARK
    )
    assert done.run_id is not None
    return done.run_id


@pytest.fixture
def head(run_id: int, signed_in: SignedIn) -> Person:
    """Somebody of the head office."""
    return signed_in("head", office=HEAD)


def links(person: Person) -> list[str]:
    """The addresses of the print runs for somebody, newest first."""
    found = read(person.get(LIST)).links
    return [one for one in found if one.startswith(LIST) and one != LIST]


def opened(person: Person) -> Page:
    """The page of the newest print run."""
    return read(person.get(links(person)[0]))


def send(person: Person, page: Page, **typed: str) -> Page:
    """Send the form of a page; gives the page that follows."""
    (form,) = [one for one in page.forms if one.action.endswith("/reprint/")]
    answer = person.post(form.action, form.fields | RANGE | typed)
    return read(person.get(answer["Location"]) if answer.status_code == 302 else answer)


def test_the_list_tells_the_runs_and_leads_to_each(head: Person, run_id: int) -> None:
    page = read(head.get(LIST))
    for told in ("小児医療証", "3件", "初めての印刷", "令和8年"):
        assert told in page.text
    assert len(links(head)) == 1


def test_an_empty_list_says_so(signed_in: SignedIn, world: World) -> None:
    assert "印刷の記録はまだありません" in read(signed_in("head", office=HEAD).get(LIST)).text


def test_the_page_tells_bundles_files_and_that_all_ties(head: Person) -> None:
    page = opened(head)
    for told in (
        "対象 3件 ＝ 印刷 3件（3ページ）＋ 除外 0件", "件数・ページ数・通し番号は一致しています", "鶴見区",
        "洋形長3号（二つ窓）", "1～3", "certificate-0001-141011-you3-p0003-000001-000003.pdf",
    ):  # fmt: skip
        assert told in page.text
    assert "見本" not in page.text.replace("見本・訓練用", "")


def test_a_damaged_range_is_printed_again_as_a_run_of_its_own(head: Person, run_id: int) -> None:
    page = send(head, opened(head))
    for told in (
        "2件を再印刷のファイルにしました", f"印刷番号 {run_id}", "通し番号 1 から 2 までと差し替えます",
        "紙詰まりで破れた",
    ):  # fmt: skip
        assert told in page.text
    assert Document.objects.filter(reprint=True).count() == 2
    run = PrintRun.objects.latest("pk")
    assert (run.reprint_of_id, run.made_by) == (run_id, head.staff_no)
    assert "この印刷の再印刷" in read(head.get(links(head)[1])).text


def test_what_cannot_be_the_same_is_listed_with_its_reason(head: Person) -> None:
    ((number,),) = fetch(
        "SELECT c.number FROM cases_certificate c JOIN documents_document d ON d.subject_id = c.id"
        " WHERE d.running_no = 2"
    )
    cases.void_certificate(number, by=CLERK, at=AT, why="紛失の届出")
    page = send(head, opened(head))
    for told in (
        "1件を再印刷のファイルにしました",
        "1件は印刷していません",
        "再印刷しなかったもの",
        "証が無効になったか",
    ):
        assert told in page.text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"reason": ""}, "理由を入力してください"),
        ({"first": ""}, "通し番号を入力してください"),
        ({"first": "x"}, "通し番号は数字で入力してください"),
        ({"first": "0"}, "通し番号は1以上で入力してください"),
        ({"last": "99999999999"}, "通し番号が大きすぎます"),
        ({"first": "3", "last": "2"}, "最初の通し番号以上の番号を入力してください"),
        ({"last": "501"}, "一度に再印刷できるのは500件までです"),
        ({"last": "4"}, "この印刷にありません（1 から 3 まで）"),
        ({"reprints": ""}, "画面を開き直してください"),
    ],
)
def test_what_was_typed_wrong_is_named_and_nothing_is_printed(
    head: Person, typed: dict[str, str], told: str
) -> None:
    assert told in send(head, opened(head), **typed).text
    assert PrintRun.objects.count() == 1


def test_two_who_looked_at_the_same_print_nothing_twice(head: Person, signed_in: SignedIn) -> None:
    other = signed_in("head", office=HEAD)
    seen = opened(other)
    send(head, opened(head))
    page = send(other, seen)
    assert "ほかの職員がこの印刷を再印刷しました" in page.text
    assert PrintRun.objects.count() == 2


@pytest.mark.parametrize("office", [WARD, OTHER_WARD])
def test_a_ward_sees_counts_alone(head: Person, signed_in: SignedIn, office: str) -> None:
    clerk = signed_in("counter", office=office)
    assert "小児医療証" in read(clerk.get(LIST)).text
    assert links(clerk) == []


def test_an_address_of_another_account_opens_nothing(head: Person, signed_in: SignedIn) -> None:
    other = signed_in("head", office=HEAD)
    mine = links(head)[0]
    assert head.get(mine).status_code == 200
    assert other.get(mine).status_code == 404
    assert other.post(f"{mine}reprint/", RANGE | {"reprints": "0"}).status_code == 404
    assert PrintRun.objects.count() == 1


def test_a_print_from_before_running_numbers_offers_no_range(head: Person) -> None:
    PrintFile.objects.update(sequence=0, ward="", envelope="", first_no=0, last_no=0)
    Document.objects.update(running_no=0)
    page = opened(head)
    assert "通し番号を付ける前の印刷のため" in page.text
    assert not [one for one in page.forms if one.action.endswith("/reprint/")]


def test_the_sheltered_are_told_as_the_head_offices_own(world: World, signed_in: SignedIn) -> None:
    family = world.family()
    for number in (family.number + 1, family.number + 2):
        world.send("protection", [measure(number)])
    certify(family)
    documents.print_certificates(by=CLERK, on=ON, at=AT, report=quiet)
    page = opened(signed_in("head", office=HEAD))
    assert "本庁（個別扱い）" in page.text
    assert "鶴見区" not in page.text

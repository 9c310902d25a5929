"""Renewals on the pages, from the plan to the worklists: two persons, counts, lists, and what others see."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kyufu.cases import api as cases
from kyufu.platform import clock
from kyufu.renewal import api as renewal
from kyufu.renewal.api import RenewalState
from kyufu.runs.worker import enlist, work_once
from tests.cases.test_mismatches import move_home
from tests.cases.world import CLERK, World, certify
from tests.renewal.night import Night, make_night
from tests.web.conftest import SignedIn
from tests.web.pages.log import reads_on
from tests.web.pages.reading import Page, read
from tests.web.town import HEAD, WARD, Person

pytestmark = pytest.mark.django_db(transaction=True)
MENU = ("/renewals/", "/renewals/new/", "/renewals/schedule/")
PLAN = {"kind": "yearly", "on": "令和9年8月1日", "issue_day": "令和9年7月20日"}


@pytest.fixture
def night(world: World) -> Night:
    """The city on the evening before."""
    return make_night(world)


@pytest.fixture
def clerk(night: Night, signed_in: SignedIn) -> Person:
    """Who begins."""
    return signed_in("head", office=HEAD)


@pytest.fixture
def approver(night: Night, signed_in: SignedIn) -> Person:
    """Who approves."""
    return signed_in("approver", office=HEAD)


@pytest.fixture
def work(night: Night) -> Callable[[], bool]:
    """A worker that takes up one run."""
    worker_id = enlist(at=clock.current_instant())
    return lambda: work_once(worker_id)


def planned(person: Person, **items: str) -> str:
    """Plan a renewal; gives the address of its page."""
    answer = person.post("/renewals/new/", PLAN | items)
    assert answer.status_code == 302, read(answer).text
    return str(answer["Location"])


def press(person: Person, address: str, *, ending: str, **fields: str) -> Page:
    """Send the form of a page whose address ends so, with what it holds; gives the page that follows."""
    form = next(one for one in read(person.get(address)).forms if one.action.endswith(ending))
    answer = person.post(form.action, form.fields | fields)
    return read(person.get(answer["Location"]) if answer.status_code == 302 else answer)


def judged(person: Person, work: Callable[[], bool]) -> str:
    """A renewal that waits for approval; gives the address of its page."""
    address = planned(person)
    press(person, address, ending="/act/")
    assert work()
    return address


def own_link(person: Person) -> str:
    """The address of the newest renewal for somebody, from the list."""
    found = read(person.get("/renewals/")).links
    return next(one for one in found if one.startswith("/renewals/") and one not in MENU)


def number() -> int:
    """The newest renewal."""
    return renewal.latest_renewals(limit=1)[0].renewal_id


def link_of(page: Page, part: str) -> list[str]:
    """The links of a page to screens of a kind."""
    return [one for one in page.links if one.startswith(f"/renewals/{part}/")]


def test_from_the_plan_to_the_tie_with_two_persons(
    clerk: Person, signed_in: SignedIn, work: Callable[[], bool]
) -> None:
    address = judged(clerk, work)
    page = read(clerk.get(address))
    for told in ("判定済（承認待ち）", "母数 9人 ＝ 対象 7人 ＋ 対象外 2人", "健康保険が確認できない",
                 "前回の更新はありません", "対象年齢の住民だが、申請がない"):  # fmt: skip
        assert told in page.text
    assert not [one for one in page.forms if one.action.endswith("/approve/")]
    approver = signed_in("approver", office=HEAD)
    mine = own_link(approver)
    page = press(approver, mine, ending="/approve/")
    assert "承認しました" in page.text
    assert not [one for one in page.forms if one.action.endswith("/act/")], "who approves does not carry it"
    for _ in range(2):
        press(clerk, address, ending="/act/")
        assert work()
    page = read(clerk.get(address))
    assert "対象 7人 ＝ 反映 7人 ＋ 見送り 0人" in page.text
    assert "印刷の突合" in page.text
    assert renewal.find_renewal(number()).state is RenewalState.DONE


def test_each_list_names_its_children_and_notes_who_looked(
    clerk: Person, night: Night, work: Callable[[], bool]
) -> None:
    address = judged(clerk, work)
    lists = link_of(read(clerk.get(address)), "list")
    pages = [read(clerk.get(one)) for one in lists]
    assert [page.text.count("申請を開く") for page in pages] == [4, 2, 1]
    assert "資格の分かるものの提出を求める" in pages[2].text
    assert "喪失を通知する" in pages[1].text
    noted = {child for row in reads_on("renewal_list", by=clerk.staff_no) for child in row[3]}
    assert noted >= {night.moved.child, night.uninsured.child, night.renewed[0].child}
    left_out = [read(clerk.get(one)) for one in link_of(read(clerk.get(address)), "left-out")]
    assert "申請の勧奨を検討する" in left_out[0].text
    sample = read(clerk.get(link_of(read(clerk.get(address)), "sample")[0]))
    assert sample.text.count("申請を開く") == 7


def test_what_the_matching_found_is_listed_with_its_letter(
    clerk: Person, night: Night, work: Callable[[], bool]
) -> None:
    move_home(night.world, night.renewed[0])
    address = judged(clerk, work)
    page = read(clerk.get(address))
    for told in ("資格のある児童 7人の届け出た内容を突き合わせました", "児童の転居", "健康保険の終了"):
        assert told in page.text
    (link,) = link_of(page, "found")
    found = read(clerk.get(link))
    assert found.text.count("印刷を待っています") == 2
    assert "住所の変更の届出を求める" in found.text
    assert "/worklists/mismatches/" in found.links
    noted = {child for row in reads_on("renewal_found", by=clerk.staff_no) for child in row[3]}
    assert noted >= {night.uninsured.child, night.renewed[0].child}
    for one in cases.mismatches_in(None, kind=None, limit=5, after=0):
        cases.settle_mismatch(
            one.mismatch_id, resolved=False, by=CLERK, at=clock.current_instant(), reason="確認済"
        )
    assert read(clerk.get(link)).text.count("届出は要らないため終了") == 2


def test_where_nothing_differs_the_page_says_so(world: World, signed_in: SignedIn) -> None:
    certify(world.family())
    person, worker_id = signed_in("head", office=HEAD), enlist(at=clock.current_instant())
    page = read(person.get(judged(person, lambda: work_once(worker_id))))
    assert "資格のある児童 1人の届け出た内容を突き合わせました" in page.text
    assert "食い違いはありません" in page.text
    assert link_of(page, "found") == []


def test_a_renewal_is_given_up_with_a_reason(clerk: Person) -> None:
    address = planned(clerk)
    page = press(clerk, address, ending="/give-up/", why="")
    assert "取りやめました" not in page.text
    page = press(clerk, address, ending="/give-up/", why="基準日を誤ったため")
    assert "取りやめ" in page.text
    assert "基準日を誤ったため" in page.text
    assert renewal.find_renewal(number()).state is RenewalState.CANCELLED


def test_a_second_one_of_the_day_is_refused_in_words(clerk: Person) -> None:
    planned(clerk)
    answer = clerk.post("/renewals/new/", PLAN)
    assert answer.status_code == 409
    assert "すでに進められています" in read(answer).text


@pytest.mark.parametrize(
    ("items", "said"), [({"issue_day": ""}, "交付日がありません"), ({"kind": ""}, ""), ({"on": "昨日"}, "")]
)
def test_what_is_lacking_is_said(clerk: Person, items: dict[str, str], said: str) -> None:
    answer = clerk.post("/renewals/new/", PLAN | items)
    assert answer.status_code in (409, 422)
    assert said in read(answer).text
    assert not renewal.latest_renewals(limit=1)


def test_a_trial_is_ended_without_effect(clerk: Person, work: Callable[[], bool]) -> None:
    address = planned(clerk, is_trial="on", issue_day="")
    press(clerk, address, ending="/act/")
    assert work()
    page = press(clerk, address, ending="/act/")
    assert "何も反映していません" in page.text
    assert renewal.find_renewal(number()).state is RenewalState.DONE


def test_it_is_paused_and_goes_on(clerk: Person, work: Callable[[], bool]) -> None:
    address = planned(clerk)
    press(clerk, address, ending="/act/")
    page = press(clerk, address, ending="/act/")
    assert "一時停止" in page.text
    assert not work()
    press(clerk, address, ending="/act/")
    assert work()
    assert renewal.find_renewal(number()).state is RenewalState.JUDGED


def test_the_last_years_counts_stand_beside(
    clerk: Person, signed_in: SignedIn, work: Callable[[], bool]
) -> None:
    address = judged(clerk, work)
    approver = signed_in("approver", office=HEAD)
    mine = own_link(approver)
    press(approver, mine, ending="/approve/")
    for _ in range(2):
        press(clerk, address, ending="/act/")
        assert work()
    later = planned(clerk, on="令和10年8月1日", is_trial="on", issue_day="")
    press(clerk, later, ending="/act/")
    assert work()
    page = read(clerk.get(later))
    assert "前回：基準日 令和9年8月1日" in page.text
    assert "57.1％" in page.text


def test_what_is_outside_is_approved_with_a_reason_that_is_shown(
    clerk: Person, night: Night, signed_in: SignedIn, work: Callable[[], bool]
) -> None:
    for _ in range(4):
        night.world.family()
    address = judged(clerk, work)
    for told in ("見込みとの比較", "範囲外", "30.0％以下", "前回がなく比べられない"):
        assert told in read(clerk.get(address)).text
    approver = signed_in("approver", office=HEAD)
    mine = own_link(approver)
    page = press(approver, mine, ending="/approve/")
    assert "理由を入力してください" in page.text
    assert "承認しました" not in page.text
    page = press(approver, mine, ending="/approve/", why="未申請の児童が多いことを区に確かめたため")
    assert "承認しました" in page.text
    for person, where in ((clerk, address), (approver, mine)):
        shown = read(person.get(where)).text
        assert "範囲外でも承認した理由" in shown
        assert "未申請の児童が多いことを区に確かめたため" in shown


def test_what_is_inside_asks_for_no_reason(
    clerk: Person, signed_in: SignedIn, work: Callable[[], bool]
) -> None:
    judged(clerk, work)
    approver = signed_in("approver", office=HEAD)
    page = read(approver.get(own_link(approver)))
    assert "範囲内" in page.text
    assert "範囲外" not in page.text
    form = next(one for one in page.forms if one.action.endswith("/approve/"))
    assert "why" not in form.fields


@pytest.mark.parametrize("role", ["counter", "approver", "head"])
def test_a_ward_sees_the_list_and_nothing_of_a_renewal(clerk: Person, signed_in: SignedIn, role: str) -> None:
    planned(clerk)
    page = read(signed_in(role, office=WARD).get("/renewals/"))
    assert "年次更新" in page.text
    assert [one for one in page.links if one.startswith("/renewals/") and one not in MENU] == []

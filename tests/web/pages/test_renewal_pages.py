"""Renewals on the pages, from the plan to the worklists: two persons, counts, lists, and what others see."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kyufu.platform import clock
from kyufu.renewal import api as renewal
from kyufu.renewal.api import RenewalState
from kyufu.runs.worker import enlist, work_once
from tests.cases.world import World
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

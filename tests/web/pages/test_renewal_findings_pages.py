"""Replays and early losses on the pages: who, since when, what changes, what is done next; letters by two persons."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kyufu.documents import api as documents
from kyufu.documents.api import Kind
from kyufu.platform import clock
from kyufu.renewal import api as renewal
from kyufu.renewal.api import RenewalState
from kyufu.runs.worker import enlist, work_once
from tests.cases.world import Family, World
from tests.renewal.night import Night, make_night
from tests.renewal.test_replaying import BORN, wrong
from tests.web.conftest import SignedIn
from tests.web.pages.log import reads_on
from tests.web.pages.reading import read
from tests.web.pages.test_renewal_pages import judged, link_of, number, own_link, planned, press
from tests.web.town import HEAD, Person

__all__ = ["wrong"]
pytestmark = pytest.mark.django_db(transaction=True)
REPLAY = {"kind": "replay", "on": "令和8年8月1日", "issue_day": ""}
NO_AMOUNT = "金額は計算できません"


@pytest.fixture
def clerk(world: World, signed_in: SignedIn) -> Person:
    """Who begins."""
    return signed_in("head", office=HEAD)


@pytest.fixture
def work(clerk: Person) -> Callable[[], bool]:
    """A worker that takes up one run."""
    worker_id = enlist(at=clock.current_instant())
    return lambda: work_once(worker_id)


@pytest.fixture
def owed(wrong: Callable[[str], Family]) -> Family:
    """A child that was rejected under a rule that was too narrow."""
    return wrong(BORN)


def replayed(person: Person, work: Callable[[], bool]) -> str:
    """A replay that was judged; gives the address of its page."""
    address = planned(person, **REPLAY)
    press(person, address, ending="/act/")
    assert work()
    return address


def test_a_replay_tells_who_is_owed_since_when_and_no_yen(
    owed: Family, clerk: Person, work: Callable[[], bool]
) -> None:
    address = replayed(clerk, work)
    page = read(clerk.get(address))
    for told in (
        NO_AMOUNT,
        "違いのあった期間",
        "追加で助成すべきもの",
        "令和8年8月1日",
        "償還払いの申請を案内する",
    ):
        assert told in page.text
    (link,) = link_of(page, "differences")
    rows = read(clerk.get(link))
    for told in (
        NO_AMOUNT,
        "助成なし",
        "通院 負担なし・入院 負担なし",
        "令和9年7月31日",
        "償還払い",
        "申請を開く",
    ):
        assert told in rows.text
    noted = {child for row in reads_on("renewal_differences", by=clerk.staff_no) for child in row[3]}
    assert owed.child in noted


def test_letters_are_approved_by_another_person(
    owed: Family, clerk: Person, signed_in: SignedIn, work: Callable[[], bool]
) -> None:
    address = replayed(clerk, work)
    assert [one for one in read(clerk.get(address)).forms if one.action.endswith("/approve/")] == []
    approver = signed_in("approver", office=HEAD)
    page = read(approver.get(own_link(approver)))
    assert "お知らせを承認する" in page.text
    page = press(approver, own_link(approver), ending="/approve/")
    assert "1人へのお知らせ" in page.text
    assert "資格は変えていません" in page.text
    assert renewal.find_renewal(number()).state is RenewalState.DONE
    assert documents.count_due(Kind.CORRECTION) == 1


def test_a_replay_that_finds_nothing_has_nothing_to_approve(
    world: World, clerk: Person, signed_in: SignedIn, work: Callable[[], bool]
) -> None:
    from tests.cases.world import certify

    certify(world.family())
    address = replayed(clerk, work)
    page = read(clerk.get(address))
    assert "違いはありませんでした" in page.text
    assert NO_AMOUNT in page.text
    approver = signed_in("approver", office=HEAD)
    forms = read(approver.get(own_link(approver))).forms
    assert [one for one in forms if one.action.endswith("/approve/")] == []
    press(clerk, address, ending="/act/")
    assert renewal.find_renewal(number()).state is RenewalState.DONE


@pytest.fixture
def night(clerk: Person, world: World) -> Night:
    """The city on the evening before."""
    return make_night(world)


def test_losses_that_began_before_stand_apart_and_lead_on(
    night: Night, clerk: Person, work: Callable[[], bool]
) -> None:
    address = judged(clerk, work)
    page = read(clerk.get(address))
    assert "喪失のうち2人は" in page.text
    (link,) = link_of(page, "early")
    listed = read(clerk.get(link))
    for told in (
        "令和9年5月1日",
        "令和9年6月1日",
        "令和9年8月1日",
        "市内に住所がない",
        "事実の変更による判定し直し",
    ):
        assert told in listed.text
    assert listed.text.count("申請を開く") == 2
    (lead,) = [one for one in listed.links if one.endswith("?kind=changed")]
    assert '<option value="changed" selected>' in read(clerk.get(lead)).html
    noted = {child for row in reads_on("renewal_early", by=clerk.staff_no) for child in row[3]}
    assert noted == {night.moved.child, night.assisted.child}


def test_a_yearly_renewal_without_early_losses_says_nothing_of_them(
    world: World, clerk: Person, work: Callable[[], bool]
) -> None:
    from tests.cases.world import certify

    certify(world.family())
    page = read(clerk.get(judged(clerk, work)))
    assert "期間の初日より前に理由の生じた喪失" not in page.text
    assert NO_AMOUNT not in page.text
    assert link_of(page, "early") == link_of(page, "differences") == []


@pytest.mark.parametrize("kind", ["", "nonsense", "yearly"])
def test_the_form_begins_with_a_kind_that_there_is(clerk: Person, kind: str) -> None:
    html = read(clerk.get(f"/renewals/new/?kind={kind}")).html
    assert ('<option value="yearly" selected>' in html) == (kind == "yearly")


def test_a_list_that_there_is_not_is_not_found(
    owed: Family, clerk: Person, signed_in: SignedIn, work: Callable[[], bool]
) -> None:
    page = read(clerk.get(replayed(clerk, work)))
    (link,) = link_of(page, "differences")
    assert signed_in("head", office=HEAD).get(link).status_code == 404
    assert clerk.get(link.replace("differences", "early")).status_code == 404

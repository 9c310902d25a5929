"""Runs on the pages: what whom may start, progress without scripts, cancel, resume, a worker that is not there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from kyufu.platform import clock
from kyufu.runs import api as runs
from kyufu.runs.models import Run, RunRefusal
from kyufu.runs.states import RunState
from kyufu.runs.worker import claim, enlist, work_once
from kyufu.web.pages.runs import in_words
from tests.cases.world import World, judge, receive
from tests.web.conftest import SignedIn
from tests.web.pages.log import reads_on
from tests.web.pages.reading import Page, read
from tests.web.town import CONTRACTOR, HEAD, WARD, Person

pytestmark = pytest.mark.django_db(transaction=True)
DAY = "令和8年8月1日"


@pytest.fixture
def clerk(world: World, signed_in: SignedIn) -> Person:
    """Somebody of the head office."""
    return signed_in("head", office=HEAD)


@pytest.fixture
def work(world: World) -> Callable[[], bool]:
    """A worker that takes up one run."""
    worker_id = enlist(at=clock.current_instant())
    return lambda: work_once(worker_id)


def start_links(page: Page) -> list[str]:
    return [one for one in page.links if one.startswith("/runs/new/")]


def start(person: Person, place: int = 0) -> str:
    """Start the kind of run at a place of the list; gives the address of its page."""
    link = start_links(read(person.get("/runs/")))[place]
    answer = person.post(link, {"on": DAY})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_the_head_office_finds_what_it_may_start(clerk: Person) -> None:
    page = read(clerk.get("/runs/"))
    assert len(start_links(page)) == len([one for one in runs.all_kinds() if one.is_offered]) == 10
    for title in ("受付済の申請の判定", "決裁済の申請の医療証の交付", "小児医療証の印刷"):
        assert title in page.text
    assert "まだ実行していません" in page.text


@pytest.mark.parametrize(("role", "office"), [("counter", WARD), ("approver", HEAD), ("approver", WARD)])
def test_others_are_told_that_it_takes_the_head_office(
    world: World, signed_in: SignedIn, role: str, office: str
) -> None:
    page = read(signed_in(role, office=office).get("/runs/"))
    assert start_links(page) == []
    assert "本庁の権限が必要です" in page.text


@pytest.mark.parametrize(
    ("role", "office"),
    [("auditor", HEAD), ("rights", HEAD), ("contractor", CONTRACTOR), ("operations", HEAD)],
)
def test_without_the_right_there_is_no_list(
    world: World, signed_in: SignedIn, role: str, office: str
) -> None:
    assert signed_in(role, office=office).get("/runs/").status_code == 403


def test_how_many_are_due_is_said_before_it_starts(clerk: Person, world: World) -> None:
    for _ in range(3):
        receive(world.family())
    link = start_links(read(clerk.get("/runs/")))[0]
    page = read(clerk.get(link))
    assert "いまの対象 3 件" in page.text
    assert "判定の基準日" in page.text
    judge(receive(world.family()))
    assert "いまの対象 3 件" in read(clerk.get(link)).text
    assert "いまは対象がありません" in read(clerk.get(start_links(read(clerk.get("/runs/")))[2])).text


def test_no_day_is_made_up(clerk: Person) -> None:
    link = start_links(read(clerk.get("/runs/")))[0]
    for typed in ("", "きのう"):
        answer = clerk.post(link, {"on": typed})
        assert answer.status_code == 422
        assert "入力に誤りがあります" in read(answer).text
    assert Run.objects.count() == 0


def test_a_run_is_started_seen_and_done(clerk: Person, world: World, work: Callable[[], bool]) -> None:
    for number in range(3):
        receive(world.family(insured=number != 1))
    address = start(clerk)
    waiting = read(clerk.get(address))
    assert "順番待ち" in waiting.text
    assert "令和8年8月1日（2026年）" in waiting.text
    assert address in waiting.links, "without a script a link shows the present state"
    work()
    done = read(clerk.get(address))
    for words in ("完了", "処理した申請 3件", "見送った申請 0件", "3 / 3"):
        assert words in done.text or words == "3 / 3", words
    assert not [one for one in done.forms if one.action.endswith(("/cancel/", "/resume/"))]
    (run,) = Run.objects.all()
    assert (run.asked_by, run.arguments) == (clerk.staff_no, {"on": "2026-08-01"})


def test_what_the_run_read_is_logged_under_whoever_started_it(
    clerk: Person, world: World, work: Callable[[], bool]
) -> None:
    family = world.family()
    receive(family)
    start(clerk)
    work()
    reads = reads_on("run_judge_pending", by=clerk.staff_no)
    assert {person for row in reads for person in row[3]} >= {family.child, family.father}
    assert {row[0] for row in reads} == {"受付済の申請の判定"}


def test_the_page_asks_again_by_itself_only_while_more_is_to_come(
    clerk: Person, world: World, work: Callable[[], bool]
) -> None:
    def polls(page: Page) -> list[str]:
        return [attributes["hx-get"] for _, attributes in page.tags if "hx-get" in attributes]

    address = start(clerk)
    (polled,) = [attributes for _, attributes in read(clerk.get(address)).tags if "hx-trigger" in attributes]
    assert (polled["hx-get"], polled["hx-trigger"], polled["hx-select"]) == (
        address,
        "every 2s",
        "#run-state",
    )
    assert address in read(clerk.get(address)).links
    work()
    assert polls(read(clerk.get(address))) == []


def test_progress_is_a_bar_with_words(clerk: Person, world: World) -> None:
    address, at = start(clerk), clock.current_instant()
    claim(enlist(at=at), at=at)
    Run.objects.update(done=250, total=1_000, began_at=at - timedelta(minutes=10))
    page = read(clerk.get(address))
    (bar,) = [attributes for tag, attributes in page.tags if tag == "progress"]
    assert (bar["value"], bar["max"]) == ("250", "1000")
    assert bar["id"] in {attributes.get("for") for tag, attributes in page.tags if tag == "label"}
    assert "250 / 1,000 件（25％） 残り約30分" in page.text.replace("　", " ")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(5, "1分以内"), (90, "約2分"), (3_000, "約50分"), (7_500, "約2時間5分")],
)
def test_the_time_left_in_words(seconds: int, words: str) -> None:
    assert in_words(timedelta(seconds=seconds)) == words
    assert in_words(None) == ""


def test_nobody_to_do_the_work_is_said_plainly(clerk: Person, world: World) -> None:
    address = start(clerk)
    for path in ("/runs/", address, start_links(read(clerk.get("/runs/")))[0]):
        assert "処理係が動いていません" in read(clerk.get(path)).text, path
    enlist(at=clock.current_instant())
    assert "処理係が動いていません" not in read(clerk.get("/runs/")).text


def test_one_of_a_kind_at_a_time(clerk: Person, world: World) -> None:
    link = start_links(read(clerk.get("/runs/")))[0]
    start(clerk)
    answer = clerk.post(link, {"on": DAY})
    assert answer.status_code == 409
    assert "すでに順番待ちか実行中" in read(answer).text
    listed = read(clerk.get("/runs/"))
    assert len(start_links(listed)) == 9
    assert "進み具合を見る" in listed.text


def test_cancel_and_resume(clerk: Person, world: World, work: Callable[[], bool]) -> None:
    address = start(clerk)
    page = read(clerk.get(address))
    answer = clerk.post(page.form_to("/cancel/").action)
    assert (answer.status_code, answer["Location"]) == (302, address)
    cancelled = read(clerk.get(address))
    assert "中止しました" in cancelled.text
    again = clerk.post(cancelled.form_to("/resume/").action)
    assert again.status_code == 302
    work()
    assert runs.find_run(Run.objects.get().pk, at=clock.current_instant()).state is RunState.DONE
    late = clerk.post(page.form_to("/cancel/").action)
    assert late.status_code == 409
    assert "終わっています" in read(late).text
    assert clerk.post(cancelled.form_to("/resume/").action).status_code == 409


def test_a_cancel_under_way_waits_for_the_end_of_the_block(clerk: Person, world: World) -> None:
    address, at = start(clerk), clock.current_instant()
    claim(enlist(at=at), at=at)
    clerk.post(read(clerk.get(address)).form_to("/cancel/").action)
    page = read(clerk.get(address))
    assert "中止の指示済" in page.text
    assert "きりのよいところで止まります" in page.text
    assert not [one for one in page.forms if one.action.endswith("/cancel/")]


def test_what_was_left_undone_leads_to_the_application(clerk: Person, world: World) -> None:
    application_id = receive(world.family())
    address = start(clerk)
    RunRefusal.objects.create(
        run=Run.objects.get(),
        application_id=application_id,
        number="R8-000001",
        reason="先の申請があります。",
    )
    page = read(clerk.get(address))
    assert "先の申請があります。" in page.text
    assert clerk.get(page.link_to("/applications/")).status_code == 200


def test_the_page_of_a_run_is_hidden_from_whom_it_does_not_concern(
    clerk: Person, world: World, signed_in: SignedIn
) -> None:
    from kyufu.web.tokens import token_for

    start(clerk)
    run_id = Run.objects.get().pk
    for role, office in (("counter", WARD), ("auditor", HEAD)):
        other = signed_in(role, office=office)
        path = f"/runs/{token_for(kind='run', key=run_id, account_id=other.account_id)}/"
        assert other.get(path).status_code == 404
        assert other.post(f"{path}cancel/").status_code == 404
        assert other.post(f"{path}resume/").status_code == 404
    counter = signed_in("counter")
    kind = token_for(kind="run_kind", key="judge_pending", account_id=counter.account_id)
    assert counter.get(f"/runs/new/{kind}/").status_code == 404
    assert counter.post(f"/runs/new/{kind}/", {"on": DAY}).status_code == 404
    unknown = token_for(kind="run_kind", key="no_kind", account_id=clerk.account_id)
    assert clerk.get(f"/runs/new/{unknown}/").status_code == 404
    assert Run.objects.get().state == RunState.WAITING


def test_a_long_list_goes_on(clerk: Person, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from kyufu.web.pages import runs as pages

    monkeypatch.setattr(pages, "PAGE", 2)
    for place in (0, 0, 0):
        start(clerk, place)
    first = read(clerk.get("/runs/"))
    (onward,) = [one for one in first.links if "before=" in one]
    assert "先頭へ戻る" in read(clerk.get(onward)).text
    assert clerk.get("/runs/?before=made-up").status_code == 404

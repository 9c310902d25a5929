"""The estimate of a change as a run: started on the page of the proposal, carried by the worker, seen, approved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest

from kyufu.audit.reading import READING
from kyufu.law.parameters.entries import ParameterError
from kyufu.law.parameters.overlay import NOTHING
from kyufu.ordinance import api as ordinance
from kyufu.ordinance import changes
from kyufu.ordinance.api import Place
from kyufu.platform import clock
from kyufu.platform.access import ACCESS
from kyufu.runs import api as runs
from kyufu.runs.carrying import carry
from kyufu.runs.models import Run, Worker
from kyufu.runs.states import RunState
from kyufu.runs.worker import claim, enlist, work_once
from kyufu.staff import api as staff
from kyufu.web.pages.parameters import PARAMETER
from kyufu.web.tokens import token_for
from tests.cases.world import World, certify
from tests.ordinance.parts import (
    BACKDATING,
    BASE,
    EMPTY,
    FIRST,
    PAYER,
    confirmed,
    estimated,
    head_office,
    proposed,
    wish,
)
from tests.web.conftest import SignedIn
from tests.web.pages.log import events_of, reads_on
from tests.web.pages.reading import Page, read
from tests.web.town import HEAD, WARD, Person, Town

pytestmark = pytest.mark.django_db(transaction=True)
BAND = Place(BACKDATING.file, "band", "to_18_year_end", "ends")
INFANT_END = Place(BACKDATING.file, "band", "infant", "ends")
PUPIL_START = Place(BACKDATING.file, "band", "to_18_year_end", "starts")


@pytest.fixture
def worker(town: Town) -> Iterator[Callable[[], bool]]:
    """Carries the oldest run that waits, as the process of the worker does."""
    worker_id = enlist(at=clock.current_instant())

    def work() -> bool:
        access, reading = ACCESS.set(None), READING.set(None)
        try:
            return work_once(worker_id)
        finally:
            READING.reset(reading)
            ACCESS.reset(access)

    yield work


@pytest.fixture
def first(town: Town, signed_in: SignedIn) -> Person:
    """Somebody of the head office at a terminal."""
    return signed_in("head", office=HEAD)


def rights(person: Person) -> staff.Rights:
    return staff.rights_of(person.account_id, on=clock.current_date_in_japan())


def address(person: Person, *, number: int) -> str:
    return f"/parameters/changes/{token_for(kind='proposal', key=number, account_id=person.account_id)}/"


def page_of(person: Person, *, number: int) -> Page:
    return read(person.get(address(person, number=number)))


def waiting(person: Person, *wishes: ordinance.Wish) -> int:
    """A proposal of a person's, with its number."""
    change_set = proposed(*wishes, by=rights(person), at=clock.current_instant())
    return change_set.proposed.proposal_id


def start(person: Person, *, number: int, on: str = "令和9年8月1日") -> Page:
    """Start the estimate by the button, and read the page that comes of it."""
    form = page_of(person, number=number).form_to("/estimate/")
    answer = person.post(form.action, {**form.fields, "on": on})
    assert answer.status_code == 302, read(answer).text
    return read(person.get(answer["Location"]))


def latest(number: int) -> runs.RunSeen:
    found = runs.latest_run(runs.ESTIMATE, argument=("proposal", str(number)), at=clock.current_instant())
    assert found is not None
    return found


def test_two_persons_take_a_change_from_the_form_to_its_effect_and_approval(
    world: World, signed_in: SignedIn, first: Person, worker: Callable[[], bool]
) -> None:
    certify(world.family(birth="2010-05-10"))
    certify(world.family(birth="2018-05-10"))
    number = waiting(first, wish(BAND, "grade:10"))
    begun = start(first, number=number)
    assert "影響試算を始めました" in begun.text and "順番待ち" in begun.text
    assert not [form for form in begun.forms if form.action.endswith(("/estimate/", "/confirm/"))]
    progress = read(
        first.get(next(link for link in begun.links if link.startswith("/runs/") and len(link) > 6))
    )
    assert "基準値の変更の影響試算" in progress.text and "令和9年8月1日（2027年）" in progress.text
    assert progress.link_to("/parameters/changes/") == address(first, number=number)
    assert worker()
    run = latest(number)
    assert (run.state, run.done, run.total) == (RunState.DONE, 2, 2)
    assert run.outcome == {"試算した児童": "2人", "対象でなくなる": "1人", "変わらない": "1人"}
    second = signed_in("head", office=HEAD)
    shown = page_of(second, number=number)
    for said in ("完了", "申請・資格のある児童：2人", "試算した日時", "処理の経過を見る", "試算し直す"):
        assert said in shown.text, said
    confirm = shown.form_to("/confirm/")
    assert second.post(confirm.action, confirm.fields).status_code == 302
    assert [one.value for one in ordinance.confirmed_overlay("yokohama").changes] == ["grade:10"]
    after = page_after(first, run=run)
    assert not [link for link in after.links if link.startswith("/parameters/changes/")], "it waits no more"


def page_after(person: Person, *, run: runs.RunSeen) -> Page:
    token = token_for(kind="run", key=run.run_id, account_id=person.account_id)
    return read(person.get(f"/runs/{token}/"))


def test_who_answers_for_the_estimate_is_who_started_it_and_what_is_read_is_noted(
    world: World, first: Person, worker: Callable[[], bool]
) -> None:
    family = world.family()
    certify(family)
    number = waiting(first)
    start(first, number=number)
    worker()
    assert latest(number).asked_by == first.staff_no
    reads = reads_on("run_estimate_change", by=first.staff_no)
    assert {purpose for purpose, *_ in reads} == {"基準値の変更の影響試算"}
    assert family.child in {subject for *_, subjects in reads for subject in subjects}


@pytest.mark.parametrize(
    ("on", "says"),
    [
        ("", "試算の基準日：入力してください。"),
        ("来年", "日付として読めません"),
        ("令和9年7月31日", "変更の始まる日より前です"),
        ("令和11年8月1日", "どの変更も適用されません"),
    ],
)
def test_a_day_on_which_nothing_changes_is_refused_at_its_field(first: Person, on: str, says: str) -> None:
    number = waiting(first, wish(last_day=date(2028, 7, 31)))
    form = page_of(first, number=number).form_to("/estimate/")
    answer = first.post(form.action, {**form.fields, "on": on})
    page = read(answer)
    assert answer.status_code == 422 and says in page.text, page.text
    assert page.form_to("/estimate/").fields["on"] == on
    assert "2027-08" not in page.text, "days are said by era"
    assert not Run.objects.exists()


def test_a_second_start_meanwhile_starts_nothing(first: Person, signed_in: SignedIn) -> None:
    number = waiting(first)
    form = page_of(first, number=number).form_to("/estimate/")
    assert first.post(form.action, form.fields).status_code == 302
    again = first.post(form.action, form.fields)
    assert again.status_code == 409 and "すでに順番待ちか実行中です" in read(again).text
    other = waiting(first, wish(BASE, "4000000"))
    theirs = page_of(first, number=other)
    assert "順番待ち" not in theirs.text, "the run is about another change"
    refused = first.post(theirs.form_to("/estimate/").action, {"on": "令和9年8月1日"})
    assert refused.status_code == 409 and "一括処理の一覧から" in read(refused).text
    assert Run.objects.count() == 1


def test_one_who_runs_the_system_at_the_head_office_may_start_it(signed_in: SignedIn, first: Person) -> None:
    number = waiting(first)
    operator = signed_in("operations", office=HEAD)
    assert "順番待ち" in start(operator, number=number).text
    assert latest(number).asked_by == operator.staff_no


def test_at_a_ward_or_without_the_right_nobody_starts_it(signed_in: SignedIn, first: Person) -> None:
    number = waiting(first)
    there = signed_in("head", office=WARD)
    page = page_of(there, number=number)
    assert "本庁の権限が必要です" in page.text and f"第{number}号" in page.text
    assert not [form for form in page.forms if form.action.endswith("/estimate/")]
    assert there.post(f"{address(there, number=number)}estimate/", {"on": "令和9年8月1日"}).status_code == 404
    for role in ("counter", "approver", "auditor", "rights"):
        person = signed_in(role, office=HEAD)
        where = address(person, number=number)
        assert person.get(where).status_code == 403, role
        assert person.post(f"{where}estimate/", {"on": "令和9年8月1日"}).status_code == 403, role
    assert not Run.objects.exists()


def test_the_list_of_runs_does_not_offer_it_for_it_needs_a_change(first: Person) -> None:
    page = read(first.get("/runs/"))
    assert "影響試算" not in page.text
    token = token_for(kind="run_kind", key=runs.ESTIMATE, account_id=first.account_id)
    assert first.get(f"/runs/new/{token}/").status_code == 404
    assert first.post(f"/runs/new/{token}/", {"on": "令和9年8月1日"}).status_code == 404
    start(first, number=waiting(first))
    assert "基準値の変更の影響試算" in read(first.get("/runs/")).text, "what was done is listed"


def test_a_cancelled_run_leaves_a_failed_estimate_and_can_be_started_anew(
    world: World, first: Person, worker: Callable[[], bool]
) -> None:
    certify(world.family())
    number = waiting(first)
    start(first, number=number)
    run = latest(number)
    # Cancelled between its being taken up and its first report.
    worker_id = enlist(at=clock.current_instant())
    claimed = claim(worker_id, at=clock.current_instant())
    assert claimed is not None and claimed.run_id == run.run_id
    runs.cancel_run(run.run_id, rights=rights(first), at=clock.current_instant())
    access = ACCESS.set(None)
    try:
        carry(claimed.run_id, attempt=claimed.attempt, kind=claimed.kind, arguments=claimed.arguments,
              account_id=claimed.account_id, by=claimed.by)  # fmt: skip
    finally:
        ACCESS.reset(access)
    page = page_of(first, number=number)
    assert "中止" in page.text and "終わりませんでした" in page.text
    assert not [form for form in page.forms if form.action.endswith("/confirm/")]
    start(first, number=number)
    assert worker()
    assert "試算した日時" in page_of(first, number=number).text


def test_a_proposal_withdrawn_meanwhile_ends_the_run_with_words(
    first: Person, worker: Callable[[], bool]
) -> None:
    number = waiting(first)
    start(first, number=number)
    staff.withdraw(number, by=rights(first).actor(), at=clock.current_instant())
    worker()
    run = latest(number)
    assert run.state is RunState.FAILED and "確認を待っている" in run.message and run.remedy
    assert "確認を待っている" in page_after(first, run=run).text


def test_an_estimate_whose_process_died_is_not_said_to_go_on_for_ever(first: Person) -> None:
    number = waiting(first)
    found = ordinance.find_change_set(number, at=clock.current_instant())
    assert found is not None
    ordinance.begin_estimate(found, on=FIRST, at=clock.current_instant())
    page = page_of(first, number=number)
    assert "途中で止まっています" in page.text
    assert page.form_to("/estimate/").action
    start(first, number=number)
    Worker.objects.all().delete()
    enlist(at=clock.current_instant() - timedelta(days=1))
    assert claim(Worker.objects.get().pk, at=clock.current_instant()) is not None
    page = page_of(first, number=number)
    assert "応答なし" in page.text, "the worker has not been heard of"


def test_what_does_not_hold_on_the_day_of_the_estimate_is_named(first: Person) -> None:
    later = wish(BASE, "4000000", first_day=date(2028, 8, 1))
    number = waiting(first, wish(), later)
    found = ordinance.find_change_set(number, at=clock.current_instant())
    assert found is not None
    estimated(found, at=clock.current_instant())
    page = page_of(first, number=number)
    assert "この結果に入っていません" in page.text and "市の所得限度額（扶養親族等0人）" in page.text
    assert [line.name for line in found.in_force_on(date(2028, 8, 1))] == [line.name for line in found.lines]
    assert found.in_force_on(date(2027, 7, 31)) == ()


def test_another_border_confirmed_meanwhile_shows_in_the_old_values_and_asks_for_a_new_estimate(
    town: Town, first: Person
) -> None:
    number = waiting(first, wish(INFANT_END, "age:2"), wish(PUPIL_START, "age:2"))
    change_set = ordinance.find_change_set(number, at=clock.current_instant())
    assert change_set is not None
    estimated(change_set, at=clock.current_instant())
    one, two = (head_office(town, name=name) for name in ("基準 一子", "基準 二郎"))
    then = date(2028, 4, 1)
    at = clock.current_instant()
    other = proposed(
        wish(PUPIL_START, "age:3", first_day=then), wish(INFANT_END, "age:3", first_day=then),
        by=one, at=at,
    )  # fmt: skip
    run = ordinance.begin_estimate(other, on=then, at=at)
    ordinance.end_estimate(run, found=ordinance.Found("0" * 64, {"with_case": EMPTY}, (), ()), at=at)
    ordinance.confirm_change(other.proposed.proposal_id, seen=other.proposed.digest, rights=two, at=at)
    still = ordinance.find_change_set(number, at=clock.current_instant())
    assert still is not None and still.misfit == ""
    assert [len(line.old) for line in still.lines] == [2, 2], "two old values now, each with its days"
    page = page_of(first, number=number)
    assert "別の変更が承認されています" in page.text and "令和10年3月31日" in page.text


def test_a_misfit_may_only_be_withdrawn_or_refused(
    town: Town, first: Person, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = waiting(first)
    genuine = changes.check_overlay

    def refusing(municipality: str, *, overlay: object) -> str:
        if overlay != NOTHING:
            raise ParameterError("x", file="x.toml", line=1, reason="前の行との間に期間の空きがあります")
        return genuine(municipality, overlay=NOTHING)

    monkeypatch.setattr(changes, "check_overlay", refusing)
    assert first.get("/parameters/").status_code == 200
    own = page_of(first, number=number)
    assert "当てはまらなくなりました" in own.text and "期間の空き" in own.text
    assert not [form for form in own.forms if form.action.endswith(("/estimate/", "/confirm/"))]
    assert own.form_to("/withdraw/").action
    second = signed_in("head", office=HEAD)
    theirs = page_of(second, number=number)
    assert theirs.form_to("/refuse/").action
    answer = second.post(f"{address(second, number=number)}estimate/", {"on": "令和9年8月1日"})
    assert answer.status_code == 409 and "当てはまらなくなりました" in read(answer).text


def test_a_made_up_or_shortened_key_of_a_parameter_is_not_found(first: Person) -> None:
    for key in ("|".join(BACKDATING), "nothing", "a|b|c|d|e"):
        token = token_for(kind=PARAMETER, key=key, account_id=first.account_id)
        assert first.get(f"/parameters/{token}/").status_code == 404, key
    for key in ("|".join(BACKDATING[:3]), "nothing", "a|b|c|d"):
        token = token_for(kind=PARAMETER, key=key, account_id=first.account_id)
        assert first.get(f"/parameters/{token}/propose/").status_code == 404, key


def test_a_form_of_another_delivery_of_the_files_is_told_so(first: Person) -> None:
    """No change was ever confirmed here, yet the form speaks of other values."""
    token = token_for(kind=PARAMETER, key="|".join(BACKDATING), account_id=first.account_id)
    where = f"/parameters/{token}/propose/"
    html = first.get(where).content.decode()
    picked = html.partition('" selected')[0].rpartition('value="')[2]
    answer = first.post(
        where,
        {"change1-place": picked, "change1-value": "60", "change1-first_day": "令和9年8月1日",
         "change1-last_day": "", "change1-source": "要綱", "change1-certainty": "official",
         "reason": "改正", "rows": "1", "version": "0" * 12},
    )  # fmt: skip
    assert answer.status_code == 409 and "配布された基準値が入れ替わりました" in read(answer).text
    assert ordinance.open_change_sets(at=clock.current_instant()) == ()


def test_a_form_made_before_a_printed_value_changed_is_told_so_too(town: Town, first: Person) -> None:
    """What is only printed has no part in the version of the law."""
    token = token_for(kind=PARAMETER, key="|".join(BACKDATING), account_id=first.account_id)
    form = read(first.get(f"/parameters/{token}/propose/"))
    version = next(one.fields["version"] for one in form.forms if "version" in one.fields)
    one, two = (head_office(town, name=name) for name in ("基準 一子", "基準 二郎"))
    confirmed(wish(PAYER, "80140007"), first=one, second=two, at=clock.current_instant())
    form = read(first.get(f"/parameters/{token}/propose/"))
    assert next(one.fields["version"] for one in form.forms if "version" in one.fields) != version


def test_starting_is_no_event_of_the_approval(first: Person) -> None:
    start(first, number=waiting(first))
    assert events_of("parameters_changed", by=first.staff_no) == []
    assert ordinance.confirmed_overlay("yokohama") == NOTHING

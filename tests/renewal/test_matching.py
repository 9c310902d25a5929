"""A renewal matches the entitled with the register: it lists who is to report, writes once, and changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from kyufu.cases import api as cases
from kyufu.cases.api import MismatchKind
from kyufu.cases.queries import fetch
from kyufu.documents import api as documents
from kyufu.documents.api import Kind
from kyufu.platform import clock
from kyufu.renewal import api as renewal
from kyufu.renewal.api import RenewalKind
from kyufu.runs.api import RunState
from kyufu.staff.api import Rights
from tests.cases.test_mismatches import die, held, insure_anew, move_home
from tests.cases.world import CLERK, ON, World, certify, quiet, receive
from tests.renewal.night import Work, approve, carry, plan

pytestmark = pytest.mark.django_db(transaction=True)
WRITTEN = "SELECT kind, subject_id, count(*) FROM documents_document WHERE kind = 'urging' GROUP BY 1, 2"


@pytest.fixture(autouse=True)
def var(settings: Settings, tmp_path: Path) -> Path:
    """Print into a folder of the test's own."""
    settings.VAR_DIR = tmp_path
    return tmp_path


def judged(rights: Rights, worker: Work, kind: RenewalKind = RenewalKind.YEARLY, **items: object) -> int:
    """A renewal that was judged; gives its number."""
    number = plan(rights, kind, **items)
    run = carry(renewal.JUDGE, number, rights=rights, worker=worker)
    assert run.state is RunState.DONE, run.message
    return number


def found(number: int) -> list[tuple[int, MismatchKind]]:
    """What a renewal found, by child."""
    return [(one.child_id, one.kind) for one in renewal.found_rows(number, limit=50, after=0)]


@pytest.mark.requirement("YOK-043")
@pytest.mark.requirement("YOK-044")
@pytest.mark.requirement("YOK-045")
def test_the_age_processing_lists_what_differs_and_leaves_what_is_held(
    world: World, head: Rights, worker: Work
) -> None:
    same, moved, insured = (world.family() for _ in range(3))
    for one in (same, moved, insured):
        certify(one)
    never_applied = world.family()
    move_home(world, moved)
    insure_anew(world, insured)
    move_home(world, never_applied)
    before = held()
    number = judged(head, worker, RenewalKind.AGE)
    assert found(number) == [
        (moved.child, MismatchKind.CHILD_MOVED), (insured.child, MismatchKind.INSURANCE_CHANGED),
    ]  # fmt: skip
    assert held() == before
    assert renewal.find_renewal(number).matched_count == 3
    assert renewal.found_counts(number) == (
        cases.MismatchTotal(MismatchKind.CHILD_MOVED, 1), cases.MismatchTotal(MismatchKind.INSURANCE_CHANGED, 1),
    )  # fmt: skip
    assert "突合（3人、食い違い2件）" in renewal.steps_of(number)[-1].why


@pytest.mark.parametrize("kind", [RenewalKind.YEARLY, RenewalKind.MONTHLY, RenewalKind.AGE])
def test_each_regular_renewal_matches_everybody_entitled(
    world: World, head: Rights, worker: Work, kind: RenewalKind
) -> None:
    family = world.family()
    certify(family)
    move_home(world, family)
    assert found(judged(head, worker, kind)) == [(family.child, MismatchKind.CHILD_MOVED)]


@pytest.mark.parametrize(
    ("kind", "is_trial"),
    [(RenewalKind.YEARLY, True), (RenewalKind.CHANGED, False), (RenewalKind.REPLAY, False)],
)
def test_a_trial_and_the_other_kinds_note_nothing(
    world: World, head: Rights, worker: Work, *, kind: RenewalKind, is_trial: bool
) -> None:
    family = world.family()
    certify(family)
    move_home(world, family)
    number = judged(head, worker, kind, is_trial=is_trial)
    assert (found(number), renewal.find_renewal(number).matched_count) == ([], None)
    assert cases.mismatches_in(None, kind=None, limit=5, after=0) == ()


@pytest.mark.requirement("YOK-044")
def test_the_renewal_prints_a_letter_once_for_each_and_ties(
    world: World, head: Rights, second: Rights, worker: Work
) -> None:
    moved, orphan, reported, quiet_one = (world.family() for _ in range(4))
    for one in (moved, orphan, reported, quiet_one):
        certify(one)
    move_home(world, moved)
    move_home(world, reported)
    die(world, orphan)
    number = judged(head, worker)
    assert len(found(number)) == 3
    receive(reported, kind=cases.Kind.CHANGE, matter=cases.ChangeItem.ADDRESS, event_on=ON)
    approve(number, second)
    for step in (renewal.EFFECT, renewal.PRINT):
        run = carry(step, number, rights=head, worker=worker)
        assert run.state is RunState.DONE, run.message
    (tie,) = (one for one in renewal.ties_of(number) if one.document == "urging")
    # Of the three one is reported meanwhile, and one cannot be reached by mail: it is left out with the reason.
    assert (tie.due, tie.printed, tie.left_out) == (2, 1, 1)
    seen = {one.child_id: one.mismatch_id for one in renewal.found_rows(number, limit=5, after=0)}
    letters = documents.letters_of(Kind.URGING, subject_ids=list(seen.values()))
    assert letters[seen[moved.child]].printed_at is not None
    assert "死亡" in letters[seen[orphan.child]].left_out
    assert seen[reported.child] not in letters
    today = clock.current_date_in_japan()
    documents.print_letters(Kind.URGING, by=CLERK, on=today, at=clock.current_instant(), report=quiet)
    assert fetch(WRITTEN, {}) == [("urging", seen[moved.child], 1)]


def test_a_second_renewal_finds_the_same_and_writes_nothing_again(
    world: World, head: Rights, worker: Work
) -> None:
    family = world.family()
    certify(family)
    move_home(world, family)
    first = judged(head, worker, RenewalKind.MONTHLY)
    second = judged(head, worker, RenewalKind.AGE)
    assert found(first) == found(second)
    assert fetch("SELECT count(*) FROM cases_mismatch", {}) == [(1,)]
    with pytest.raises(Exception, match="rows stand as written"):
        fetch("DELETE FROM renewal_found RETURNING id", {})

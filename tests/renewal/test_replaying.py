"""A replay under a corrected rule: who is owed what, since when, with letters that two persons approved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from kyufu.cases import api as cases
from kyufu.cases.operations import judgement
from kyufu.cases.queries import fetch
from kyufu.documents import api as documents
from kyufu.documents.api import Kind
from kyufu.law.calendar.period import Period
from kyufu.law.child.differing import Effect
from kyufu.platform import clock
from kyufu.platform.errors import Refused
from kyufu.renewal import api as renewal
from kyufu.renewal.api import RenewalKind, RenewalState
from kyufu.renewal.operations import planning
from kyufu.runs.api import RunState
from kyufu.staff.api import Forbidden, Rights, SamePerson, rights_of
from tests.cases.world import Family, World, certify, judge, receive
from tests.cases.world import approve as approve_one
from tests.documents.reading import page_texts
from tests.renewal.night import Work, approve, carry, plan
from tests.runs.conftest import rights_at
from tests.web.town import WARD, Town

Wrong = Callable[[str], Family]
pytestmark = pytest.mark.django_db(transaction=True)
BORN = "2010-05-10"
FIRST_DAY = date(2026, 8, 1)
YEAR = Period(FIRST_DAY, date(2027, 8, 1))


def decided_under_a_narrow_rule(world: World, birth: str, monkeypatch: pytest.MonkeyPatch) -> Family:
    """Decide about a child born on a day under a rule that is too narrow: it is rejected."""
    from tests.renewal.test_kinds import SHORTER

    family = world.family(birth=birth)
    with monkeypatch.context() as patch:
        patch.setattr(judgement, "confirmed_overlay", lambda _: SHORTER)
        application = receive(family)
        judge(application)
        approve_one(application)
    return family


@pytest.fixture
def wrong(world: World, monkeypatch: pytest.MonkeyPatch) -> Wrong:
    """Decides so about a child born on a day."""
    return lambda birth: decided_under_a_narrow_rule(world, birth, monkeypatch)


def replayed(rights: Rights, worker: Work, *, on: date = FIRST_DAY) -> int:
    """A replay that was judged."""
    number = plan(rights, RenewalKind.REPLAY, on=on, issued_on=None)
    run = carry(renewal.JUDGE, number, rights=rights, worker=worker)
    assert run.state is RunState.DONE, run.message
    return number


def rows(number: int, effect: Effect | None = None) -> list[tuple[object, ...]]:
    """The days that differ."""
    found = renewal.difference_rows(number, effect=effect, wards=None, limit=50, after=0)
    return [(one.child_id, one.period, one.was_class, one.now_class, one.effect) for one in found]


def approve_letters(number: int, rights: Rights) -> int:
    """Approve what is seen."""
    seen = renewal.digest_of(number)
    return renewal.approve_corrections(number, seen=seen, rights=rights, at=clock.current_instant())


def letters() -> list[cases.CorrectionRow]:
    """Every correction whose letter is due."""
    return list(cases.corrections_to_notify())


def execute(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_who_is_owed_since_when_and_of_which_class(
    world: World, head: Rights, worker: Work, wrong: Wrong
) -> None:
    big = wrong(BORN)
    certify(world.family(birth="2018-05-10"))
    number = replayed(head, worker)
    assert rows(number) == [(big.child, YEAR, None, "free", Effect.OWED)]
    (told,) = renewal.difference_counts(number)
    assert (told.effect, told.children, told.first_day) == (Effect.OWED, 1, FIRST_DAY)


def test_days_before_the_first_day_asked_for_are_not_told(head: Rights, worker: Work, wrong: Wrong) -> None:
    wrong(BORN)
    number = replayed(head, worker, on=date(2026, 12, 1))
    assert [row[1] for row in rows(number)] == [Period(date(2026, 12, 1), date(2027, 8, 1))]


def test_who_got_too_much_is_told_and_gets_no_letter(
    world: World, head: Rights, second: Rights, worker: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.renewal.test_kinds import SHORTER

    big = world.family(birth="2010-05-10")
    certify(big)
    monkeypatch.setattr(planning, "confirmed_overlay", lambda _: SHORTER)
    number = replayed(head, worker)
    assert rows(number, Effect.NOT_OWED) == [(big.child, YEAR, "free", None, Effect.NOT_OWED)]
    assert rows(number, Effect.OWED) == []
    with pytest.raises(Refused, match="追加で助成すべき児童はいません"):
        approve_letters(number, second)
    assert letters() == []


def test_the_same_rule_finds_nothing(world: World, head: Rights, worker: Work) -> None:
    certify(world.family())
    number = replayed(head, worker)
    assert renewal.difference_counts(number) == ()


def test_letters_are_due_after_two_persons_approved_them(
    head: Rights, second: Rights, worker: Work, wrong: Wrong, town: Town
) -> None:
    big = wrong(BORN)
    number = replayed(head, worker)
    assert documents.count_due(Kind.CORRECTION) == 0
    with pytest.raises(Forbidden):
        approve_letters(number, head)
    with pytest.raises(Forbidden, match="本庁"):
        approve_letters(number, rights_at(town, role="approver", office=WARD))
    town.grant(head.account_id, role="approver", office=head.office_code)
    with pytest.raises(SamePerson, match="始めた職員"):
        approve_letters(number, rights_of(head.account_id, on=town.today))
    before = fetch("SELECT count(*) FROM cases_entitlement", {})
    assert approve_letters(number, second) == 1
    assert fetch("SELECT count(*) FROM cases_entitlement", {}) == before, "no entitlement changes"
    (letter,) = letters()
    assert (letter.child_id, letter.guardian_id) == (big.child, big.father)
    assert letter.days == (cases.CorrectedDays(YEAR, None, "free"),)
    assert documents.count_due(Kind.CORRECTION) == 1
    assert renewal.find_renewal(number).state is RenewalState.DONE
    assert "訂正のお知らせの承認（1人）" in renewal.steps_of(number)[-1].why
    with pytest.raises(Refused, match="完了"):
        approve_letters(number, second)


def test_what_was_seen_is_what_is_approved(head: Rights, second: Rights, worker: Work, wrong: Wrong) -> None:
    wrong(BORN)
    number = replayed(head, worker)
    with pytest.raises(Refused, match="見ていた内容と違っています"):
        renewal.approve_corrections(number, seen="0" * 64, rights=second, at=clock.current_instant())
    yearly = plan(head)
    with pytest.raises(Refused, match="再点検ではない"):
        approve_letters(yearly, second)
    with pytest.raises(Refused, match="試行と再点検"):
        approve(number, second)


def test_the_letter_is_printed_once_and_says_how_to_claim(
    head: Rights,
    second: Rights,
    worker: Work,
    wrong: Wrong,
    own_folder: object,
) -> None:
    wrong(BORN)
    approve_letters(replayed(head, worker), second)
    at = clock.current_instant()
    values = {
        "by": head.actor(),
        "on": date(2026, 12, 1),
        "at": at,
        "municipality": "yokohama",
        "watermark": "見本",
    }
    printed = documents.print_letters(
        Kind.CORRECTION,
        report=lambda _done, _total: None,
        **values,  # type: ignore[arg-type]
    )
    assert (printed.documents, printed.exceptions) == (1, 0)
    assert printed.folder is not None
    text = "".join(
        "".join(page_texts(path.read_bytes())) for path in sorted(printed.folder.glob("*.pdf"))
    ).replace("\n", "")
    for told in (
        "過去の決定の訂正のお知らせ",
        "令和8年8月1日から令和9年7月31日まで",
        "助成なし",
        "償還払い",
        "領収書",
    ):
        assert told in text
    again = documents.print_letters(
        Kind.CORRECTION,
        report=lambda _done, _total: None,
        **values,  # type: ignore[arg-type]
    )
    assert again.documents == 0


def test_a_child_gets_one_letter_of_all_its_days(
    head: Rights, second: Rights, worker: Work, wrong: Wrong
) -> None:
    wrong(BORN)
    wrong("2010-06-10")
    number = replayed(head, worker)
    assert approve_letters(number, second) == 2
    again = replayed(head, worker)
    assert approve_letters(again, second) == 2, "another replay is another letter"
    assert len({(row.correction_id, row.child_id) for row in letters()}) == 4


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE renewal_difference SET effect = 'not_owed'", "DELETE FROM renewal_difference",
        "UPDATE cases_correction SET child_id = 1", "DELETE FROM cases_correction_part",
        "INSERT INTO cases_correction (child_id, application_id, decision_id, source, found_by, approved_by,"
        " approved_by_name, approved_by_office, approved_at) SELECT child_id, application_id, decision_id, 99, 'S1',"
        " 'S1', '', '', now() FROM cases_correction",
        "INSERT INTO cases_correction (child_id, application_id, decision_id, source, found_by, approved_by,"
        " approved_by_name, approved_by_office, approved_at) SELECT child_id, application_id, decision_id, source,"
        " 'S1', 'S2', '', '', now() FROM cases_correction",
    ],
)  # fmt: skip
def test_the_database_keeps_what_was_found_and_approved(
    head: Rights, second: Rights, worker: Work, wrong: Wrong, statement: str
) -> None:
    wrong(BORN)
    approve_letters(replayed(head, worker), second)
    with pytest.raises(DatabaseError):
        execute(statement)

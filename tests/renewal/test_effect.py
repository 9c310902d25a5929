"""What takes effect, row by row: decisions, approvals, entitlements, cards, steps, who is named, and what follows."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from kyufu.cases import api as cases
from kyufu.cases.queries import fetch
from kyufu.documents import api as documents
from kyufu.platform import clock
from kyufu.platform.actors import Actor
from kyufu.platform.errors import Refused
from kyufu.renewal import api as renewal
from kyufu.renewal import population
from kyufu.renewal.api import RenewalKind, RenewalState
from kyufu.renewal.operations import effect, printing
from kyufu.runs.api import RunState
from kyufu.staff.api import Rights, SamePerson
from tests.cases.world import AT, CLERK, LATER, World, certify, quiet
from tests.renewal.night import DAY, ISSUED, Night, Work, approve, carry, plan, tables, undisturbed

pytestmark = pytest.mark.django_db(transaction=True)


def approved(rights: Rights, second: Rights, kind: RenewalKind = RenewalKind.YEARLY, **items: object) -> int:
    """A renewal that may take effect."""
    number = plan(rights, kind, **items)
    renewal.judge_renewal(number, by=rights.actor(), at=clock.current_instant(), report=quiet)
    approve(number, second)
    return number


def take_effect(number: int, rights: Rights) -> tuple[int, int]:
    """Let it take effect in this process."""
    at = clock.current_instant()
    row = renewal.begin_effect(number, by=rights.actor(), at=at)
    list(renewal.effect_blocks(row, at=at))
    return renewal.end_effect(number, by=rights.actor(), at=at)


def test_many_hands_end_as_one(
    night: Night, head: Rights, second: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(population, "BLOCK", 2)
    monkeypatch.setattr(effect, "FEW_BLOCKS", 0)
    number = approved(head, second)
    assert take_effect(number, head) == (7, 0)
    assert tables(number) == undisturbed(night, printed=False)
    writers = {
        row[0]
        for row in fetch("SELECT DISTINCT actor_id FROM audit_write WHERE table_name = 'renewal_outcome'", {})
    }
    assert "" not in writers, "each hand acts under the name of whoever asked"


def test_an_error_of_one_hand_stops_the_others_and_is_not_lost(
    night: Night, head: Rights, second: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(population, "BLOCK", 2)
    monkeypatch.setattr(effect, "FEW_BLOCKS", 0)
    number = approved(head, second)
    before = effect.cases.effect_renewals

    def break_at_last(rows: str, **named: object) -> tuple[int, int]:
        if "r.block = 3" in rows:
            raise RuntimeError("broken")
        return before(rows, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(effect.cases, "effect_renewals", break_at_last)
    with pytest.raises(RuntimeError, match="broken"):
        take_effect(number, head)
    monkeypatch.setattr(effect.cases, "effect_renewals", before)
    assert take_effect(number, head) == (7, 0)
    assert tables(number) == undisturbed(night, printed=False)


def test_judge_and_approver_are_those_of_the_renewal(night: Night, head: Rights, second: Rights) -> None:
    number = approved(head, second)
    take_effect(number, head)
    rows = fetch(
        """SELECT DISTINCT d.judged_by_id, p.approved_by_id, d.judged_for, d.municipality
             FROM renewal_outcome o JOIN cases_decision d ON d.id = o.decision_id
             JOIN cases_approval p ON p.decision_id = d.id""",
        {},
    )
    assert rows == [(head.staff_no, second.staff_no, DAY, "yokohama")]


def test_the_content_is_what_the_law_said(night: Night, head: Rights, second: Rights) -> None:
    number = approved(head, second)
    take_effect(number, head)
    rows = fetch(
        """SELECT o.decision_id, r.content = k.content AND r.facts = k.facts, r.outcome
             FROM renewal_outcome o JOIN cases_decision_content k ON k.decision_id = o.decision_id
             JOIN renewal_result r ON r.renewal_id = o.renewal_id AND r.child_id = o.child_id""",
        {},
    )
    assert len(rows) == 7
    assert all(row[1] for row in rows)
    found = cases.decisions([row[0] for row in rows])
    assert {str(found[row[0]].outcome) == row[2] for row in rows} == {True}


def test_cards_say_the_new_period_and_the_day_of_issue(night: Night, head: Rights, second: Rights) -> None:
    number = approved(head, second)
    take_effect(number, head)
    rows = fetch(
        """SELECT c.child_id, lower(c.valid), c.issued_on, c.guardian_id, t.why,
                  (SELECT count(*) FROM cases_recipient r WHERE r.child_id = c.child_id)
             FROM cases_certificate c JOIN cases_certificate_transition t ON t.subject_id = c.id
            WHERE c.kind = 'renewal' ORDER BY 1""",
        {},
    )
    assert rows == [
        (family.child, DAY, ISSUED, family.father, "更新による交付", 1) for family in night.renewed
    ]


def test_subjects_are_child_and_guardian_so_that_a_change_makes_it_stale(
    night: Night, head: Rights, second: Rights
) -> None:
    number = approved(head, second)
    take_effect(number, head)
    decision = fetch(
        "SELECT decision_id FROM renewal_outcome WHERE child_id = %(id)s", {"id": night.renewed[0].child}
    )[0][0]
    assert not cases.is_stale(decision)
    night.world.move_out(night.renewed[0], on="2027-09-01")
    assert cases.is_stale(decision)


def test_what_could_not_be_decided_is_on_hold_and_asked_for_once(
    night: Night, head: Rights, second: Rights, worker: Work
) -> None:
    number = approved(head, second)
    take_effect(number, head)
    assert [row.child_id for row in cases.undecided_to_notify()] == [night.uninsured.child]
    application = cases.applications_about([night.uninsured.child])[0].application_id
    assert cases.application_by_id(application).state == "undecided"
    assert carry(renewal.PRINT, number, rights=head, worker=worker).state is RunState.DONE
    assert [tie.printed for tie in renewal.ties_of(number) if tie.document == "missing_facts"] == [1]


def test_a_judgement_again_that_confirms_makes_no_card(world: World, head: Rights, second: Rights) -> None:
    family = world.family()
    certify(family)
    world.assist(family, since="2028-01-01")
    number = approved(head, second, RenewalKind.CHANGED, on=date(2027, 2, 1))
    assert take_effect(number, head) == (1, 0)
    assert fetch("SELECT count(*) FROM cases_certificate", {}) == [(1,)]
    assert fetch("SELECT array_agg(event) FROM cases_entitlement_change", {}) == [(["acquired"],)]


def test_a_loss_within_the_year_cuts_the_entitlement_and_voids_the_card(
    world: World, head: Rights, second: Rights
) -> None:
    family = world.family()
    certify(family)
    world.assist(family, since="2027-01-01")
    number = approved(head, second, RenewalKind.CHANGED, on=date(2027, 2, 1))
    take_effect(number, head)
    assert fetch("SELECT state FROM cases_certificate", {}) == [("voided",)]
    held = cases.entitlements_of([family.child])[family.child]
    assert [str(one.valid.end) for one in held] == ["2027-01-01"]
    assert [row.effective_on for row in cases.losses_to_notify()] == [date(2027, 1, 1)]


def test_the_same_person_is_refused_below_as_well(night: Night, head: Rights, second: Rights) -> None:
    order = cases.RenewalOrder("yokohama", ISSUED, CLERK, clock.current_instant(), "1:1:", 0)
    with pytest.raises(SamePerson):
        cases.effect_renewals("SELECT 1", contents="SELECT 1", order=order, by=CLERK, at=AT)


def test_an_outcome_is_a_decision_or_a_refusal(night: Night, head: Rights, second: Rights) -> None:
    number = approved(head, second)
    for values in ("NULL, ''", "1, 'moved'"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO renewal_outcome (renewal_id, child_id, decision_id, refusal)"
                f" VALUES ({number}, 1, {values})"
            )


def test_an_account_that_does_not_tie_is_refused(night: Night, head: Rights, second: Rights) -> None:
    """Blocks that never took effect leave people without an outcome: the renewal cannot be closed."""
    number = approved(head, second)
    at = clock.current_instant()
    renewal.begin_effect(number, by=head.actor(), at=at)
    with pytest.raises(IntegrityError):
        renewal.end_effect(number, by=head.actor(), at=at)
    assert renewal.find_renewal(number).state is RenewalState.EFFECTING


def test_papers_that_do_not_tie_end_in_words(
    night: Night, head: Rights, second: Rights, worker: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = approved(head, second)
    take_effect(number, head)
    monkeypatch.setattr(printing.documents, "print_letters", lambda *_args, **_named: None)
    run = carry(renewal.PRINT, number, rights=head, worker=worker)
    assert run.state is RunState.FAILED
    assert "合いません" in run.message
    assert renewal.find_renewal(number).state is RenewalState.EFFECTED
    monkeypatch.undo()
    assert carry(renewal.PRINT, number, rights=head, worker=worker).state is RunState.DONE


def test_what_was_printed_before_is_counted_and_not_printed_again(
    night: Night, head: Rights, second: Rights, worker: Work
) -> None:
    number = approved(head, second)
    take_effect(number, head)
    documents.print_certificates(by=LATER, on=ISSUED, at=clock.current_instant(), report=quiet)
    before = fetch("SELECT count(*) FROM documents_document", {})[0][0]
    assert carry(renewal.PRINT, number, rights=head, worker=worker).state is RunState.DONE
    ties = {one.document: (one.due, one.printed) for one in renewal.ties_of(number)}
    assert ties["certificate"] == (4, 4)
    after = fetch("SELECT count(*) FROM documents_document", {})[0][0]
    assert after - before == 3, "two losses and one request"
    assert (
        fetch(
            "SELECT count(*) FROM documents_document WHERE NOT reprint GROUP BY kind, subject_id HAVING count(*) > 1",
            {},
        )
        == []
    )


def test_without_approval_nothing_begins(night: Night, head: Rights) -> None:
    number = plan(head)
    renewal.judge_renewal(number, by=head.actor(), at=clock.current_instant(), report=quiet)
    with pytest.raises(Refused, match="判定済"):
        renewal.begin_effect(number, by=head.actor(), at=AT)
    with pytest.raises(Refused, match="判定済"):
        printing.print_renewal(number, by=Actor("S9", "見本", "本庁"), on=ISSUED, at=AT, report=quiet)


def test_the_commonest_end_is_the_day_of_the_next_renewal(night: Night) -> None:
    assert cases.commonest_end(after=date(2026, 8, 1)) == DAY
    assert cases.commonest_end(after=DAY) is None

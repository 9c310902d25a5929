"""Reports on an entitlement: every kind of change, every cause of loss, every cause of a new card."""

from __future__ import annotations

from datetime import date

import pytest

from kyufu.cases import api as cases
from kyufu.law.calendar.period import Period
from kyufu.platform.errors import Refused
from tests.cases.test_judgement import fetch
from tests.cases.world import (
    AT,
    LATER,
    Family,
    World,
    approve,
    certify,
    issue,
    judge,
    receive,
    state,
)
from tests.evidence.files import INSURANCE, PERIOD
from tests.registry.persons import resident

YEAR = Period(date(2026, 8, 1), date(2027, 8, 1))
EVENT = date(2026, 10, 15)
REPORTED = date(2026, 10, 20)


def report(family: Family, *, kind: cases.Kind, matter: str, event_on: date | None = EVENT) -> int:
    """Hand in a report, have it judged and approved; gives its id."""
    one = receive(family, kind=kind, matter=matter, event_on=event_on, received_on=REPORTED)
    judge(one, on=REPORTED)
    if state(one) == "judged":
        approve(one)
    return one


def held(family: Family) -> list[Period]:
    """The periods that the child holds."""
    return [one.valid for one in cases.entitlements_of([family.child]).get(family.child, ())]


def cards(family: Family) -> list[str]:
    """The states of the child's certificates, oldest first."""
    rows = fetch("SELECT state FROM cases_certificate WHERE child_id = %s ORDER BY id", family.child)
    return [row[0] for row in rows]


def event_rows(family: Family) -> list[tuple[str, date]]:
    """What was recorded of the child's entitlement: event and day."""
    return [
        (row[0], row[1])
        for row in fetch(
            "SELECT event, effective_on FROM cases_entitlement_change WHERE child_id = %s ORDER BY id",
            family.child,
        )
    ]


def die(world: World, family: Family) -> None:
    """The register tells the death of the child."""
    gone = resident(
        family.number + 1, ido_jiyu="50", rirekibango=2, ido_nengappi=str(EVENT), jumin_jotai="3",
        shimei="見本　一郎", seinengappi="2018-05-10", tsuzukigara="10", setaibango=f"9{family.number:014}",
    )  # fmt: skip
    world.send("resident", [gone])


def take_over(world: World, family: Family, *, scheme: str) -> None:
    """Another scheme takes the child over."""
    world.send("schemes", [{**PERIOD, "seido": scheme, "atenabango": family.child_no, "kaishi": str(EVENT)}])


@pytest.mark.parametrize("matter", ["address", "name", "guardian"])
def test_a_change_of_what_is_printed_gives_a_new_card_for_the_same_entitlement(
    world: World, matter: str
) -> None:
    family = world.family()
    certify(family)
    (old,) = cases.certificates_to_print()
    one = report(family, kind=cases.Kind.CHANGE, matter=matter)
    assert (state(one), cards(family)) == ("approved", ["issued"])
    issue(one, on=REPORTED)
    assert (state(one), cards(family), held(family)) == ("issued", ["replaced", "issued"], [YEAR])
    (new,) = cases.certificates_to_print()
    assert (new.kind, new.issue_no, new.valid) == ("change", 2, YEAR)
    assert (new.recipient_no, new.number > old.number) == (old.recipient_no, True)
    assert cases.certificate_history(new.certificate_id)[0].why == "異動による交付"
    assert event_rows(family) == [("acquired", YEAR.start)]


def test_a_new_guardian_on_a_report_receives_the_new_card(world: World) -> None:
    family, other = world.family(), world.family()
    certify(family)
    one = receive(
        family,
        kind=cases.Kind.CHANGE,
        matter="guardian",
        event_on=EVENT,
        received_on=REPORTED,
        guardians=(cases.FiledGuardian(other.father, "other"),),
    )
    judge(one, on=REPORTED)
    approve(one)
    issue(one, on=REPORTED)
    (row,) = cases.certificates_to_print()
    assert row.guardian_id == other.father
    subjects = fetch(
        "SELECT addressee_id FROM cases_decision_subject WHERE decision_id = %s", row.decision_id
    )
    assert {subject[0] for subject in subjects} == {family.child, other.father}


def test_a_change_of_insurance_leaves_the_card_in_use(world: World) -> None:
    family = world.family()
    certify(family)
    world.send(
        "insurance",
        [{**INSURANCE, "atenabango": family.child_no, "rirekibango": 2, "kigo": "９９９",
          "shutoku_nengappi": str(EVENT)}],
    )  # fmt: skip
    one = report(family, kind=cases.Kind.CHANGE, matter="insurance")
    assert (state(one), cards(family), held(family)) == ("closed", ["issued"], [YEAR])
    with pytest.raises(Refused, match="決裁済の申請ではありません"):
        issue(one, on=REPORTED)


def end_by(world: World, family: Family, *, matter: str) -> None:
    """Let the neighbouring systems tell what ends the entitlement."""
    match matter:
        case "moved_out":
            world.move_out(family, on=str(EVENT))
        case "died":
            die(world, family)
        case "public_assistance":
            world.assist(family, since=str(EVENT))
        case _:
            take_over(world, family, scheme="1")


# What ends an entitlement, and the reason that its notice gives.
LOSSES = {
    "moved_out": "not_resident",
    "died": "died",
    "public_assistance": "public_assistance",
    "other_scheme": "other_scheme.disability",
}


@pytest.mark.requirement("YOK-024")
@pytest.mark.parametrize("matter", LOSSES)
def test_a_loss_ends_the_entitlement_and_the_card_on_the_day_of_the_event(world: World, matter: str) -> None:
    family, stranger = world.family(), world.family()
    certify(family)
    certify(stranger)
    end_by(world, family, matter=matter)
    one = report(family, kind=cases.Kind.LOSS, matter=matter)
    assert state(one) == "closed"
    assert held(family) == [Period(YEAR.start, EVENT)]
    assert cards(family) == ["voided"]
    assert event_rows(family) == [("acquired", YEAR.start), ("lost", EVENT)]
    (row,) = cases.losses_to_notify()
    assert (row.child_id, row.guardian_id, row.effective_on) == (family.child, family.father, EVENT)
    assert row.reason_code == LOSSES[matter]
    (step,) = fetch(
        "SELECT from_state, to_state, why FROM cases_certificate_transition WHERE to_state = 'voided'"
    )
    assert step == ("issued", "voided", "資格喪失")
    assert (held(stranger), cards(stranger)) == ([YEAR], ["issued"])


@pytest.mark.parametrize("matter", LOSSES)
def test_a_loss_that_no_system_has_told_is_held_until_it_is_told(world: World, matter: str) -> None:
    family = world.family()
    certify(family)
    one = report(family, kind=cases.Kind.LOSS, matter=matter)
    assert (state(one), held(family), cards(family)) == ("undecided", [YEAR], ["issued"])
    end_by(world, family, matter=matter)
    judge(one, on=REPORTED)
    approve(one)
    assert (state(one), held(family), cards(family)) == ("closed", [Period(YEAR.start, EVENT)], ["voided"])


def test_a_loss_by_age_is_no_loss_while_the_child_is_young_enough(world: World) -> None:
    family = world.family()
    certify(family)
    one = report(family, kind=cases.Kind.LOSS, matter="age")
    assert (state(one), held(family)) == ("undecided", [YEAR])


def test_after_a_loss_the_child_may_apply_again_and_keeps_its_number(world: World) -> None:
    family = world.family()
    certify(family)
    (old,) = cases.certificates_to_print()
    world.assist(family, since=str(EVENT))
    report(family, kind=cases.Kind.LOSS, matter="public_assistance")
    row = {**PERIOD, "hogo_kubun": "1", "atenabango": family.child_no, "rirekieda": 1}
    world.send("assistance", [row | {"kaishi": str(EVENT), "haishi": "2027-01-10"}])
    again = receive(family, received_on=date(2027, 1, 10))
    judge(again, on=date(2027, 1, 10))
    approve(again)
    issue(again, on=date(2027, 1, 12))
    assert held(family) == [Period(YEAR.start, EVENT), Period(date(2027, 1, 10), YEAR.end)]
    assert cards(family) == ["voided", "issued"]
    assert [event for event, _ in event_rows(family)] == ["acquired", "lost", "acquired"]
    (new,) = cases.certificates_to_print()
    assert (new.recipient_no, new.valid, new.issue_no) == (old.recipient_no, held(family)[1], 2)


@pytest.mark.requirement("YOK-029")
@pytest.mark.parametrize(("cause", "words"), [("lost", "再交付：紛失"), ("damaged", "再交付：破損・汚損")])
def test_a_new_card_says_why_it_was_issued_again(world: World, cause: str, words: str) -> None:
    family = world.family()
    certify(family)
    one = report(family, kind=cases.Kind.REISSUE, matter=cause, event_on=None)
    issue(one, on=REPORTED)
    (new,) = cases.certificates_to_print()
    assert cases.certificate_history(new.certificate_id)[0].why == words
    assert (cards(family), held(family)) == (["replaced", "issued"], [YEAR])
    assert (new.valid, new.issued_on, new.kind) == (YEAR, REPORTED, "reissue")


def test_a_voided_card_is_issued_again_on_a_new_application_alone(world: World) -> None:
    family = world.family()
    first = certify(family)
    (old,) = cases.certificates_to_print()
    cases.void_certificate(old.number, by=LATER, at=AT, why="印字の誤り")
    with pytest.raises(Refused):
        issue(first, on=REPORTED)
    one = report(family, kind=cases.Kind.REISSUE, matter="damaged", event_on=None)
    issue(one, on=REPORTED)
    assert cards(family) == ["voided", "issued"]


def test_three_cards_in_a_row_leave_one_in_use(world: World) -> None:
    family = world.family()
    certify(family)
    for cause in ("lost", "damaged", "lost"):
        issue(report(family, kind=cases.Kind.REISSUE, matter=cause, event_on=None), on=REPORTED)
    assert cards(family) == ["replaced", "replaced", "replaced", "issued"]
    (row,) = cases.certificates_to_print()
    assert row.issue_no == 4
    assert len(fetch("SELECT DISTINCT number FROM cases_certificate")) == 4


@pytest.mark.parametrize("first", ["voided", "replaced"])
def test_what_is_out_of_use_can_be_handed_back_once(world: World, first: str) -> None:
    family = world.family()
    certify(family)
    (old,) = cases.certificates_to_print()
    if first == "voided":
        cases.void_certificate(old.number, by=LATER, at=AT, why="返却の申出")
    else:
        issue(report(family, kind=cases.Kind.REISSUE, matter="lost", event_on=None), on=REPORTED)
    cases.recover_certificate(old.number, by=LATER, at=AT, why="窓口で回収")
    for operation in (cases.void_certificate, cases.recover_certificate):
        with pytest.raises(Refused):
            operation(old.number, by=LATER, at=AT, why="もう一度")
    steps = [step.to_state for step in cases.certificate_history(old.certificate_id)]
    assert steps == ["issued", first, "recovered"]


def test_marking_a_card_needs_a_reason(world: World) -> None:
    certify(world.family())
    (row,) = cases.certificates_to_print()
    for operation in (cases.void_certificate, cases.recover_certificate):
        with pytest.raises(Refused, match="理由"):
            operation(row.number, by=LATER, at=AT, why="　")
    assert len(cases.certificate_history(row.certificate_id)) == 1


def uninsure(world: World, family: Family, *, from_day: str) -> None:
    """The insurance of the child comes to an end."""
    world.send(
        "insurance",
        [{**INSURANCE, "atenabango": family.child_no, "rirekieda": 1, "soshitsu_nengappi": from_day}],
    )


def test_a_report_that_shortens_the_entitlement_takes_the_longer_card_out_of_use(world: World) -> None:
    family = world.family()
    certify(family)
    uninsure(world, family, from_day="2026-12-01")
    one = report(family, kind=cases.Kind.CHANGE, matter="insurance")
    shorter = Period(YEAR.start, date(2026, 12, 1))
    assert (state(one), cards(family), held(family)[-1]) == ("approved", ["voided"], shorter)
    assert not list(cases.certificates_to_print())
    issue(one, on=REPORTED)
    (card,) = cases.certificates_to_print()
    assert (state(one), card.valid, card.kind) == ("issued", shorter, "change")
    why = fetch("SELECT why FROM cases_certificate_transition WHERE to_state = 'voided'")
    assert why == [("資格の期間・区分の変更",)]


def test_a_report_that_lengthens_the_entitlement_ends_in_a_longer_card(world: World) -> None:
    family = world.family()
    uninsure(world, family, from_day="2026-12-01")
    certify(family)
    world.insure(family.number + 1, rirekieda=2)
    one = report(family, kind=cases.Kind.CHANGE, matter="insurance")
    assert (state(one), cards(family), held(family)[-1]) == ("approved", ["issued"], YEAR)
    issue(one, on=REPORTED)
    (card,) = cases.certificates_to_print()
    assert (cards(family), card.valid) == (["replaced", "issued"], YEAR)


def test_no_card_in_use_ever_says_more_than_is_held(world: World) -> None:
    family = world.family()
    certify(family)
    for end in ("2027-02-01", "2026-12-01", "2027-04-01"):
        revision = fetch("SELECT count(*) FROM platform_feed_file")[0][0]
        world.insure(family.number + 1, rirekieda=revision, soshitsu_nengappi=end)
        one = report(family, kind=cases.Kind.CHANGE, matter="insurance")
        if state(one) == "approved":
            issue(one, on=REPORTED)
        (card,) = cases.certificates_to_print()
        assert card.valid == held(family)[-1] == Period(YEAR.start, date.fromisoformat(end))

"""Hand-over of cards: only what was printed, is in use and stands; once, and again with a note; never rewritten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from kyufu.cases import api as cases
from kyufu.platform.errors import BadInput, Refused
from tests.cases.world import AT, LATER, ON, WARD, Family, World, approve, certify, issue, judge, receive

PRINTED = "SELECT id FROM cases_certificate"
NOTHING = "SELECT id FROM cases_certificate WHERE FALSE"
COUNTER = cases.HandoverFiling(
    cases.HandoverWay.COUNTER, cases.ApplicantKind.GUARDIAN, cases.IdentityDocument.PHOTO_DOCUMENT, ON
)
MAIL = cases.HandoverFiling(cases.HandoverWay.MAIL, cases.ApplicantKind.GUARDIAN, None, ON)


@pytest.fixture
def family(world: World) -> Family:
    """A father and a child."""
    return world.family()


def card_of(family: Family) -> int:
    """The newest certificate of the child."""
    return cases.certificates_of([family.child])[0].certificate_id


def hand(
    certificate_id: int,
    filing: cases.HandoverFiling = COUNTER,
    *,
    recorded: int = 0,
    printed: str = PRINTED,
) -> None:
    """Record a hand-over."""
    cases.hand_over_certificate(
        certificate_id, filing=filing, recorded=recorded, printed=printed, by=LATER, at=AT
    )


def test_a_printed_card_is_handed_over_once(world: World, family: Family) -> None:
    application_id = certify(family)
    hand(card_of(family))
    (seen,) = cases.handovers_of(application_id)
    assert (seen.way, seen.handed_to, seen.identity_seen, seen.times) == (
        "counter", "guardian", "photo_document", 1,
    )  # fmt: skip
    assert seen.staff == "鶴見区保険年金課　交付　三郎"
    with pytest.raises(Refused, match="表示したあとに"):
        hand(card_of(family))


def test_what_came_back_is_handed_over_again_with_a_note(world: World, family: Family) -> None:
    application_id = certify(family)
    hand(card_of(family), MAIL)
    with pytest.raises(Refused, match="すでに渡しています"):
        hand(card_of(family), recorded=1)
    hand(card_of(family), COUNTER._replace(note="郵便の返戻"), recorded=1)
    assert [one.note for one in cases.handovers_of(application_id)] == ["", "郵便の返戻"]


@pytest.mark.parametrize(
    "identity", [None, cases.IdentityDocument.INSURANCE_ALONE, cases.IdentityDocument.NONE]
)
def test_at_the_counter_somebody_is_looked_at(world: World, family: Family, identity: Any) -> None:
    certify(family)
    with pytest.raises(Refused, match="本人確認"):
        hand(card_of(family), COUNTER._replace(identity=identity))


def test_by_mail_nobody_is_looked_at(world: World, family: Family) -> None:
    certify(family)
    with pytest.raises(BadInput, match="郵送では"):
        hand(card_of(family), MAIL._replace(identity=cases.IdentityDocument.PHOTO_DOCUMENT))


def test_what_was_not_printed_is_not_handed_over(world: World, family: Family) -> None:
    certify(family)
    with pytest.raises(Refused, match="まだ印刷していません"):
        hand(card_of(family), printed=NOTHING)


def test_a_void_card_is_not_handed_over(world: World, family: Family) -> None:
    certify(family)
    card = cases.certificates_of([family.child])[0]
    cases.void_certificate(card.number, by=LATER, at=AT, why="誤り")
    with pytest.raises(Refused, match="使われていません"):
        hand(card.certificate_id)
    with pytest.raises(BadInput, match="その医療証はありません"):
        hand(10**9)


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_a_card_is_not_handed_over_before_it_was_issued(world: World, family: Family, days: int) -> None:
    """Issued on 1 August: a year mistyped would have it handed over before there was one."""
    application_id = certify(family)
    filing = COUNTER._replace(handed_on=ON + timedelta(days=days))
    if days < 0:
        with pytest.raises(Refused, match="交付の日より前"):
            hand(card_of(family), filing)
    else:
        hand(card_of(family), filing)
    assert [one.handed_on for one in cases.handovers_of(application_id)] == [filing.handed_on] * (days >= 0)


@pytest.mark.parametrize("recorded", [1, 2, 7])
def test_a_number_of_hand_overs_that_was_never_seen_is_refused(
    world: World, family: Family, recorded: int
) -> None:
    application_id = certify(family)
    with pytest.raises(Refused, match="表示したあとに"):
        hand(card_of(family), COUNTER._replace(note="もう一度"), recorded=recorded)
    assert cases.handovers_of(application_id) == ()


@pytest.mark.parametrize("note", ["", " ", "　", "\t"])
def test_a_note_of_spaces_is_no_reason_for_a_second_time(world: World, family: Family, note: str) -> None:
    application_id = certify(family)
    hand(card_of(family), MAIL)
    with pytest.raises(Refused, match="すでに渡しています"):
        hand(card_of(family), MAIL._replace(note=note), recorded=1)
    assert len(cases.handovers_of(application_id)) == 1


def test_each_time_is_one_record_in_its_order(world: World, family: Family) -> None:
    application_id = certify(family)
    for time in range(4):
        filing = (MAIL if time % 2 else COUNTER)._replace(note=f"{time}回目のあと" if time else "")
        hand(card_of(family), filing, recorded=time)
    seen = cases.handovers_of(application_id)
    assert [one.times for one in seen] == [1, 2, 3, 4]
    assert [one.way for one in seen] == ["counter", "mail", "counter", "mail"]
    assert [bool(one.identity_seen) for one in seen] == [True, False, True, False]


def test_every_document_that_suffices_to_open_an_account_suffices_here_and_no_other(
    world: World, family: Family
) -> None:
    certify(family)
    taken = set()
    for time, document in enumerate(cases.IdentityDocument):
        filing = COUNTER._replace(identity=document, note="もう一度" if taken else "")
        try:
            hand(card_of(family), filing, recorded=len(taken))
        except Refused as refusal:
            assert "本人確認" in str(refusal), (time, document)
        else:
            taken.add(str(document))
    assert taken == {"my_number_card", "photo_document", "insurance_and_another"}


def test_a_card_that_was_replaced_is_not_handed_over_any_more(world: World, family: Family) -> None:
    certify(family)
    former = card_of(family)
    again = receive(family, kind=cases.Kind.REISSUE, matter=cases.ReissueCause.LOST)
    judge(again)
    approve(again)
    issue(again)
    with pytest.raises(Refused, match="使われていません"):
        hand(former)
    assert card_of(family) != former
    hand(card_of(family))
    (waiting,) = (cases.handovers_of(one.application_id) for one in cases.certificates_of([family.child])
                  if one.certificate_id == card_of(family))  # fmt: skip
    assert [one.certificate_id for one in waiting] == [card_of(family)]


def test_the_list_goes_on_behind_a_place_and_leaves_out_what_is_void(world: World) -> None:
    families = [world.family() for _ in range(4)]
    for one in families:
        certify(one)
    cards = [card_of(one) for one in families]
    cases.void_certificate(
        cases.certificates_of([families[1].child])[0].number, by=LATER, at=AT, why="転出のため"
    )
    hand(cards[2])

    def waiting(*, after: int = 0, limit: int = 10) -> list[int]:
        found = cases.certificates_to_hand_over(None, printed=PRINTED, limit=limit, after=after)
        return [one.certificate_id for one in found]

    assert waiting() == [cards[0], cards[3]]
    assert waiting(limit=1) == [cards[0]]
    assert waiting(after=cards[0]) == [cards[3]]
    assert waiting(after=cards[3]) == []


def test_a_card_of_a_stale_decision_is_not_handed_over(world: World, family: Family) -> None:
    certify(family)
    world.send_loss_of_insurance(family, on="2026-09-01")
    with pytest.raises(Refused, match="判定のあとに"):
        hand(card_of(family))


def test_the_list_holds_what_waits_in_the_wards(world: World, family: Family) -> None:
    certify(family)
    (waiting,) = cases.certificates_to_hand_over([WARD], printed=NOTHING, limit=10, after=0)
    assert (waiting.is_printed, waiting.child_id, waiting.ward_code) == (False, family.child, WARD)
    assert cases.certificates_to_hand_over(["141020"], printed=PRINTED, limit=10, after=0) == ()
    assert (
        cases.certificates_to_hand_over(None, printed=PRINTED, limit=10, after=waiting.certificate_id) == ()
    )
    hand(waiting.certificate_id)
    assert cases.certificates_to_hand_over(None, printed=PRINTED, limit=10, after=0) == ()


def test_a_record_is_never_rewritten(world: World, family: Family) -> None:
    certify(family)
    hand(card_of(family))
    for statement in ("UPDATE cases_handover SET way = 'mail'", "DELETE FROM cases_handover"):
        refused = pytest.raises(DatabaseError, match="rows stand as written")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize(
    ("row", "constraint"),
    [
        ((1, "counter", "", ""), "cases_handover_identity"),
        ((1, "mail", "photo_document", ""), "cases_handover_identity"),
        ((1, "boat", "", ""), "cases_handover"),
        ((2, "mail", "", ""), "cases_handover_again"),
    ],
)
def test_the_database_holds_the_rules(
    world: World, family: Family, row: tuple[int, str, str, str], constraint: str
) -> None:
    certify(family)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO cases_handover (certificate_id, times, way, handed_to, identity_seen, handed_on, note,
                   staff_id, staff_name, staff_office, at)
               VALUES (%s, %s, %s, 'guardian', %s, '2026-08-01', %s, 'S1', 'x', 'y', now())""",
            [card_of(family), *row],
        )


def test_an_application_without_a_card_has_no_paper(world: World, family: Family) -> None:
    application_id = receive(family)
    assert cases.paper_of(application_id) is None
    judge(application_id)
    assert cases.paper_of(application_id) is None


def test_the_paper_of_a_case_is_its_card(world: World, family: Family) -> None:
    found = cases.paper_of(certify(family))
    assert found is not None
    assert (found.kind, found.subject_id, found.guardian_id) == (
        "certificate",
        card_of(family),
        family.father,
    )


def test_a_case_on_hold_asks_for_papers(world: World) -> None:
    family = world.family(insured=False)
    application_id = receive(family)
    judge(application_id)
    found = cases.paper_of(application_id)
    assert found is not None
    assert (found.kind, found.subject_id) == ("missing_facts", found.decision_id)

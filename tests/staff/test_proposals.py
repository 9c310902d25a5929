"""Two persons: the second differs, has the right, and confirms what the first saw and what is still true."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from kyufu.platform.errors import Refused
from kyufu.staff import api as staff
from kyufu.staff.api import Forbidden, ProposalKind, SamePerson
from tests.staff.town import NOW, TODAY, Town, days, rows

CONTENT = {"name": "idle_minutes", "value": 20, "from": "2026-08-01"}
DIGEST = staff.content_digest(CONTENT)


@pytest.fixture
def operators(town: Town) -> Town:
    """The clerk and the second administrator run the system; the clerk's proposal is confirmed by the other."""
    for account in (town.clerk, town.second_admin):
        grant = town.ask(account, role="operations", office="HQ", scheme=staff.Scheme.COMMON)
        confirmer = town.second_admin if account == town.clerk else None
        if confirmer is not None:
            staff.confirm_grant(grant, rights=town.rights(confirmer), at=NOW)
            continue
        rows("UPDATE staff_grant SET confirmed_by_id = 'A009', confirmed_at = %s WHERE id = %s", [NOW, grant])
        rows(
            "INSERT INTO staff_grant_transition (subject_id, from_state, to_state, actor_id, actor_name, actor_office, "
            "at, why) VALUES (%s, 'asked', 'confirmed', 'A009', '管理', '課', %s, '確認')",
            [grant, NOW],
        )
    return town


def proposed(
    town: Town, *, kind: ProposalKind = ProposalKind.KEY_ROTATION, subject: str = "idle_minutes"
) -> int:
    return staff.propose(kind, content=CONTENT, subject=subject, by=town.rights(town.clerk).actor(), at=NOW)


def confirm(town: Town, proposal: int, *, by: int | None = None, seen: str = DIGEST) -> staff.Proposed:
    return staff.confirm(
        proposal, seen=seen, true_now=CONTENT, rights=town.rights(by or town.second_admin), at=NOW
    )


@pytest.mark.requirement("YOK-203")
def test_the_second_person_confirms_what_the_first_saw(operators: Town) -> None:
    proposal = proposed(operators)
    (shown,) = staff.open_proposals(at=NOW)
    assert (shown.proposal_id, shown.content, shown.digest) == (proposal, CONTENT, DIGEST)
    assert shown.proposed_by.staff_id == "C001"
    assert confirm(operators, proposal, seen=shown.digest) == shown
    assert staff.open_proposals(at=NOW) == []
    assert rows("SELECT state, proposed_by_id, confirmed_by_id FROM staff_proposal") == [
        ("confirmed", "C001", "A002")
    ]


def test_the_proposer_is_never_the_second_person(operators: Town) -> None:
    proposal = proposed(operators)
    with pytest.raises(SamePerson, match="最初に行った職員"):
        confirm(operators, proposal, by=operators.clerk)
    with pytest.raises(SamePerson):
        staff.refuse_proposal(proposal, rights=operators.rights(operators.clerk), at=NOW, why="誤り")


def test_the_second_person_needs_the_right_of_the_kind(operators: Town) -> None:
    proposal = proposed(operators)
    with pytest.raises(Forbidden, match="暗号鍵の管理"):
        confirm(operators, proposal, by=operators.admin)
    with pytest.raises(Forbidden):
        staff.refuse_proposal(proposal, rights=operators.rights(operators.admin), at=NOW, why="誤り")
    for kind in ProposalKind:
        assert kind in staff.NEEDS
        assert kind in staff.PROPOSAL_NAMES


@pytest.mark.parametrize("changed", [{"value": 21}, {"more": None}, {"from": "2026-08-02"}])
def test_what_changed_since_is_not_confirmed(operators: Town, changed: dict[str, object]) -> None:
    proposal = proposed(operators)
    now_true = {**CONTENT, **changed}
    rights = operators.rights(operators.second_admin)
    for seen, true_now in (
        (DIGEST, now_true),
        (staff.content_digest(now_true), CONTENT),  # type: ignore[arg-type]
        (staff.content_digest(now_true), now_true),  # type: ignore[arg-type]
        ("", CONTENT),
    ):
        with pytest.raises(Refused, match="内容が変わっています"):
            staff.confirm(proposal, seen=seen, true_now=true_now, rights=rights, at=NOW)  # type: ignore[arg-type]
    assert len(staff.open_proposals(at=NOW)) == 1


def test_the_order_of_the_items_does_not_matter(operators: Town) -> None:
    assert staff.content_digest(dict(reversed(CONTENT.items()))) == DIGEST
    assert staff.content_digest(CONTENT | {"value": "20"}) != DIGEST


def test_a_proposal_stands_as_proposed(operators: Town) -> None:
    proposal = proposed(operators)
    for change in (
        "content = '{}'",
        "digest = repeat('0', 64)",
        "proposed_by_id = 'A009'",
        "expires_at = now()",
    ):
        with pytest.raises(DatabaseError, match="stands as proposed"), transaction.atomic():
            rows(f"UPDATE staff_proposal SET {change} WHERE id = %s", [proposal])
    with pytest.raises(IntegrityError, match="staff_proposal_two_persons"), transaction.atomic():
        rows("UPDATE staff_proposal SET confirmed_by_id = 'C001' WHERE id = %s", [proposal])
    with pytest.raises(DatabaseError), transaction.atomic():
        rows(
            "INSERT INTO staff_proposal_transition (subject_id, from_state, to_state, actor_id, actor_name, "
            "actor_office, at, why) VALUES (%s, 'proposed', 'confirmed', 'A002', '管理', '課', now(), '')",
            [proposal],
        )


def test_a_digest_that_is_not_of_the_content_is_refused_by_the_database(operators: Town) -> None:
    with pytest.raises(IntegrityError, match="staff_proposal_digest"), transaction.atomic():
        rows(
            "INSERT INTO staff_proposal (kind, subject, content, digest, state, proposed_by_id, proposed_by_name, "
            "proposed_by_office, proposed_at, expires_at, confirmed_by_name, confirmed_by_office) VALUES "
            "('key_rotation', 'x', '{}', repeat('0', 64), 'proposed', 'C1', '', '', now(), now() + interval '1 day', "
            "'', '')"
        )


def test_one_subject_waits_once(operators: Town) -> None:
    proposed(operators)
    with pytest.raises(Refused, match="確認を待っています"):
        proposed(operators)
    proposed(operators, subject="absolute_hours")
    proposed(operators, kind=ProposalKind.NUMBER_DISCLOSURE)
    assert len(staff.open_proposals(at=NOW)) == 3
    assert len(staff.open_proposals(at=NOW, kind=ProposalKind.NUMBER_DISCLOSURE)) == 1


@pytest.mark.parametrize(("later", "waits"), [(-1, True), (0, False)])
def test_a_proposal_lapses(operators: Town, later: int, waits: bool) -> None:
    proposal = proposed(operators)
    end = NOW + days(staff.sign_in_policy(TODAY).proposal_days + later)
    assert (staff.find_proposal(proposal, at=end) is not None) is waits
    assert staff.lapse_proposals(at=end) == (0 if waits else 1)
    if not waits:
        with pytest.raises(Refused, match="確認を待っている申し出ではありません"):
            staff.confirm(
                proposal,
                seen=DIGEST,
                true_now=CONTENT,
                rights=operators.rights(operators.second_admin),
                at=end,
            )


def test_a_lapsed_proposal_makes_room_for_another(operators: Town) -> None:
    proposed(operators)
    end = NOW + days(staff.sign_in_policy(TODAY).proposal_days)
    again = staff.propose(
        ProposalKind.KEY_ROTATION, content=CONTENT, subject="idle_minutes",
        by=operators.rights(operators.clerk).actor(), at=end,
    )  # fmt: skip
    assert rows("SELECT state FROM staff_proposal ORDER BY id") == [("lapsed",), ("proposed",)]
    assert staff.find_proposal(again, at=end) is not None


def test_refusing_and_withdrawing(operators: Town) -> None:
    first = proposed(operators)
    rights = operators.rights(operators.second_admin)
    with pytest.raises(Refused, match="理由がありません"):
        staff.refuse_proposal(first, rights=rights, at=NOW, why=" ")
    staff.refuse_proposal(first, rights=rights, at=NOW, why="値の根拠がない")
    second = proposed(operators)
    with pytest.raises(Refused, match="申し出た職員だけ"):
        staff.withdraw(second, by=rights.actor(), at=NOW)
    staff.withdraw(second, by=operators.rights(operators.clerk).actor(), at=NOW)
    assert rows("SELECT state FROM staff_proposal ORDER BY id") == [("refused",), ("withdrawn",)]
    for proposal in (first, second, 0):
        with pytest.raises(Refused, match="確認を待っている申し出ではありません"):
            confirm(operators, proposal)


@pytest.mark.parametrize(("first", "second"), [("A", "A"), ("", "A"), ("A", ""), ("", "")])
def test_one_person_or_nobody_is_not_two(first: str, second: str) -> None:
    with pytest.raises(SamePerson):
        staff.refuse_same_person(first=first, second=second)
    staff.refuse_same_person(first="A", second="B")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "second", "same"), [("A", "A", True), ("A", "B", False), (None, "B", False)]
)
def test_the_same_question_in_sql(first: str | None, second: str, same: bool) -> None:
    asked = staff.same_person_sql(first="%(first)s::text", second="%(second)s::text")
    assert rows(f"SELECT {asked}", {"first": first, "second": second}) == [(same,)]


def test_every_kind_has_an_act_that_proposes_it() -> None:
    source = Path(staff.__file__).parents[1]
    definition = source / "staff" / "operations" / "proposals.py"
    texts = [one.read_text(encoding="utf-8") for one in source.rglob("*.py") if one != definition]
    idle = [
        kind.name for kind in ProposalKind if not any(f"ProposalKind.{kind.name}" in text for text in texts)
    ]
    assert idle == []
    assert set(staff.NEEDS) == set(staff.PROPOSAL_NAMES) == set(ProposalKind)

"""Cards of a bulk print mailed together: what was counted and nothing else, never twice, never on stale decisions."""

from __future__ import annotations

from datetime import date

import pytest

from kyufu.cases import api as cases
from kyufu.cases.queries import fetch
from kyufu.platform.errors import Refused
from tests.cases.world import AT, LATER, ON, WARD, Family, World, certify

ALL = "SELECT id FROM cases_certificate"
NONE = f"{ALL} WHERE FALSE"
FAR = frozenset({"141097"})
HERE = frozenset({WARD})


@pytest.fixture
def families(world: World) -> tuple[Family, Family]:
    """Two families, each with a card."""
    both = world.family(), world.family()
    for one in both:
        certify(one)
    return both


def mail(wards: frozenset[str] | None = None, *, batch: str = ALL, expected: int = 2) -> int:
    return cases.mail_batch(wards, batch=batch, expected=expected, handed_on=ON, by=LATER, at=AT)


def handed() -> list[tuple[int, int, str, str, str, date, str]]:
    return fetch(
        """SELECT certificate_id, times, way, handed_to, identity_seen, handed_on, staff_id
             FROM cases_handover ORDER BY certificate_id""",
        {},
    )


def cards() -> list[int]:
    return [row[0] for row in fetch(f"{ALL} ORDER BY id", {})]


def test_all_that_wait_are_mailed_to_the_guardians(families: tuple[Family, Family]) -> None:
    assert mail() == 0
    assert handed() == [(one, 1, "mail", "guardian", "", ON, LATER.staff_id) for one in cards()]


def test_what_was_handed_over_at_the_counter_is_left_alone(families: tuple[Family, Family]) -> None:
    first, second = cards()
    filing = cases.HandoverFiling(
        cases.HandoverWay.COUNTER, cases.ApplicantKind.AGENT, cases.IdentityDocument.MY_NUMBER_CARD, ON
    )
    cases.hand_over_certificate(first, filing=filing, recorded=0, printed=ALL, by=LATER, at=AT)
    assert mail(expected=1) == 0
    assert [(row[0], row[2]) for row in handed()] == [(first, "counter"), (second, "mail")]


@pytest.mark.parametrize("expected", [0, 1, 3])
def test_nothing_is_marked_that_nobody_counted(families: tuple[Family, Family], expected: int) -> None:
    with pytest.raises(Refused, match=f"{expected}件から2件") as refusal:
        mail(expected=expected)
    assert "もう一度" in refusal.value.remedy
    assert handed() == []


def test_twice_is_refused(families: tuple[Family, Family]) -> None:
    mail()
    with pytest.raises(Refused, match="2件から0件"):
        mail()
    assert len(handed()) == 2


def test_other_wards_and_other_batches_stay(families: tuple[Family, Family]) -> None:
    assert mail(FAR, expected=0) == 0
    assert mail(batch=NONE, expected=0) == 0
    assert handed() == []
    assert mail(HERE) == 0
    assert len(handed()) == 2


def test_a_card_whose_facts_changed_stays_and_is_counted(
    world: World, families: tuple[Family, Family]
) -> None:
    world.send_loss_of_insurance(families[0], on="2026-09-01")
    assert mail() == 1
    (row,) = handed()
    assert row[0] == cases.certificates_of([families[1].child])[0].certificate_id


def test_a_card_that_is_not_in_use_does_not_wait(families: tuple[Family, Family]) -> None:
    (number,) = fetch("SELECT min(number) FROM cases_certificate", {})[0]
    cases.void_certificate(number, by=LATER, at=AT, why="転出")
    assert cases.count_waiting(None, batches=f"SELECT id, 7 FROM ({ALL}) AS a") == {7: 1}
    assert cases.count_to_hand_over(None) == 1


def test_how_many_wait_is_counted_by_batch_and_ward(families: tuple[Family, Family]) -> None:
    each = f"SELECT id, id * 10 FROM ({ALL}) AS a"
    assert cases.count_waiting(None, batches=each) == {one * 10: 1 for one in cards()}
    assert cases.count_waiting(FAR, batches=each) == {}
    assert (cases.count_to_hand_over(HERE), cases.count_to_hand_over(FAR)) == (2, 0)
    mail()
    assert cases.count_waiting(None, batches=each) == {}
    assert cases.count_to_hand_over(HERE) == 0


def test_the_count_of_a_first_page_has_an_end(
    families: tuple[Family, Family], monkeypatch: pytest.MonkeyPatch
) -> None:
    from kyufu.cases import worklists

    monkeypatch.setattr(worklists, "MOST_COUNTED", 1)
    assert cases.count_to_hand_over(None) == 1
    monkeypatch.setattr(worklists, "MOST_COUNTED", 5)
    monkeypatch.setattr(worklists, "LATEST", 1)
    assert cases.count_to_hand_over(None) == 1

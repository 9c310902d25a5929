"""Where an answer goes, what is to be done next, and when a new certificate is called for."""

from __future__ import annotations

from datetime import date

import pytest

from kyufu.cases.api import Answer
from kyufu.law.calendar.period import Period
from kyufu.law.child.labels import REASON_LABELS
from kyufu.law.decision import Outcome
from kyufu.renewal.sorting import NO_LETTER, Held, next_of, sort_answer, sort_replay, wants_card
from kyufu.renewal.states import LeftOut, RenewalKind, RenewalState, Sorted

YEAR = Period(date(2027, 8, 1), date(2028, 8, 1))
HELD = Held("free", date(2027, 8, 1))


def answer(
    outcome: Outcome,
    *,
    benefit_class: str | None = None,
    period: Period | None = YEAR,
    reason: str = "eligible",
) -> Answer:
    return Answer(
        "child",
        "yokohama",
        YEAR.start,
        outcome,
        period,
        benefit_class,
        True,
        (reason,),
        "理由",
        "v",
        "h",
        "{}",
        "{}",
    )


SAME = answer(Outcome.ELIGIBLE, benefit_class="free")
OTHER = answer(Outcome.ELIGIBLE, benefit_class="copay")
NOT = answer(Outcome.NOT_ELIGIBLE, reason="not_resident")
UNKNOWN = answer(Outcome.CANNOT_DECIDE, reason="income.undeclared")


@pytest.mark.parametrize(
    ("found", "expected"),
    [(SAME, Sorted.RENEWED), (OTHER, Sorted.CHANGED), (NOT, Sorted.LOST), (UNKNOWN, Sorted.UNDECIDED)],
)
def test_an_answer_beside_what_was_held(found: Answer, expected: Sorted) -> None:
    assert sort_answer(found, held=HELD) is expected


@pytest.mark.parametrize(
    ("found", "outcome", "was", "expected"),
    [
        (SAME, "eligible", "free", Sorted.RENEWED),
        (OTHER, "eligible", "free", Sorted.CHANGED),
        (SAME, "not_eligible", None, Sorted.OWED),
        (NOT, "eligible", "free", Sorted.NOT_OWED),
        (NOT, "not_eligible", None, Sorted.RENEWED),
        (UNKNOWN, "eligible", "free", Sorted.UNDECIDED),
    ],
)
def test_a_replay_beside_what_was_decided(
    found: Answer, outcome: str, was: str | None, expected: Sorted
) -> None:
    assert sort_replay(found, outcome=outcome, benefit_class=was) is expected


@pytest.mark.parametrize("kind", [RenewalKind.YEARLY, RenewalKind.MONTHLY, RenewalKind.AGE])
def test_a_new_period_wants_a_card(kind: RenewalKind) -> None:
    assert wants_card(kind, answer=SAME, held=HELD)
    assert not wants_card(kind, answer=NOT, held=HELD)
    assert not wants_card(kind, answer=UNKNOWN, held=HELD)


@pytest.mark.parametrize(
    ("held", "wants"),
    [
        (Held("free", YEAR.end), False),
        (Held("free", date(2028, 4, 1)), True),
        (Held("copay", YEAR.end), True),
        (Held(None, None), True),
    ],
)
def test_a_judgement_again_wants_a_card_where_the_old_one_says_something_else(
    held: Held, wants: bool
) -> None:
    assert wants_card(RenewalKind.CHANGED, answer=SAME, held=held) is wants


def test_a_replay_wants_no_card() -> None:
    assert not wants_card(RenewalKind.REPLAY, answer=OTHER, held=HELD)


@pytest.mark.parametrize("code", sorted(REASON_LABELS))
def test_whatever_cannot_be_decided_has_a_next_step(code: str) -> None:
    told = next_of(Sorted.UNDECIDED, reason_code=code)
    assert told.step
    assert told.paper


@pytest.mark.parametrize(
    ("code", "paper"),
    [
        ("income.undeclared", "所得不明案内"),
        ("income.missing_year", "所得照会・所得不明案内"),
        ("missing.levy", "所得照会・所得不明案内"),
        ("income.contradictory", NO_LETTER),
        ("missing.rules", NO_LETTER),
        ("something.a.law.adds", "不足している事項の照会（所得不明案内を含む）"),
    ],
)
def test_the_letter_or_inquiry_of_a_reason(code: str, paper: str) -> None:
    assert next_of(Sorted.UNDECIDED, reason_code=code).paper == paper


@pytest.mark.parametrize("sorted_as", [one for one in Sorted if one is not Sorted.UNDECIDED])
def test_every_list_has_a_next_step(sorted_as: Sorted) -> None:
    assert next_of(sorted_as, reason_code="").step


def test_every_word_has_its_japanese() -> None:
    for one in (*Sorted, *RenewalState, *LeftOut, *RenewalKind):
        assert one.label
    assert all(one.next_step for one in LeftOut)
    assert all(one.condition for one in RenewalKind)

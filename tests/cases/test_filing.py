"""What is wrong with a filing in itself (pure)."""

from __future__ import annotations

from datetime import date

import pytest

from kyufu.cases.filing import FiledGuardian, Filing, fault_of
from kyufu.cases.states import MATTERS, ApplicantKind, Channel, Kind

DAY = date(2026, 7, 1)
NEW = Filing(
    kind=Kind.NEW,
    ward_code="141011",
    channel=Channel.COUNTER,
    received_on=DAY,
    child_id=1,
    guardians=(FiledGuardian(2, "father"),),
    identity=None,
)
EXAMPLES = {
    Kind.NEW: NEW,
    Kind.CHANGE: NEW._replace(kind=Kind.CHANGE, event_on=DAY),
    Kind.LOSS: NEW._replace(kind=Kind.LOSS, event_on=DAY),
    Kind.REISSUE: NEW._replace(kind=Kind.REISSUE),
    Kind.WITHDRAWAL: NEW._replace(kind=Kind.WITHDRAWAL, target_no="202600000001"),
}
EVERY_MATTER = sorted({str(matter) for matters in MATTERS.values() for matter in matters})


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("matter", EVERY_MATTER)
def test_each_kind_has_its_own_matters(kind: Kind, matter: str) -> None:
    fault = fault_of(EXAMPLES[kind]._replace(matter=matter))
    assert (fault is None) is (matter in MATTERS[kind])


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_one_or_two_guardians(count: int) -> None:
    guardians = tuple(FiledGuardian(10 + at, "mother") for at in range(count))
    assert (fault_of(NEW._replace(guardians=guardians)) is None) is (count in (1, 2))


@pytest.mark.parametrize(
    ("guardians", "words"),
    [
        ((FiledGuardian(2, "father"), FiledGuardian(2, "mother")), "二度記入"),
        ((FiledGuardian(1, "father"),), "同じ人"),
        ((FiledGuardian(2, "uncle"),), "続柄"),
    ],
)
def test_guardians_are_other_persons_with_a_known_relation(
    guardians: tuple[FiledGuardian, ...], words: str
) -> None:
    assert words in (fault_of(NEW._replace(guardians=guardians)) or "")


@pytest.mark.parametrize("kind", list(Kind))
def test_the_day_of_the_event_is_asked_of_changes_and_losses_alone(kind: Kind) -> None:
    example = EXAMPLES[kind]._replace(matter=min(MATTERS[kind]))
    needed = kind in (Kind.CHANGE, Kind.LOSS)
    assert (fault_of(example._replace(event_on=None)) is None) is not needed
    assert (fault_of(example._replace(event_on=DAY)) is None) is needed


@pytest.mark.parametrize("kind", list(Kind))
def test_only_a_withdrawal_names_another_application(kind: Kind) -> None:
    example = EXAMPLES[kind]._replace(matter=min(MATTERS[kind]))
    assert (fault_of(example._replace(target_no="202600000001")) is None) is (kind is Kind.WITHDRAWAL)
    assert (fault_of(example._replace(target_no="")) is None) is (kind is not Kind.WITHDRAWAL)


def test_who_hands_it_in_follows_from_the_agents_name() -> None:
    assert NEW.applicant_kind is ApplicantKind.GUARDIAN
    assert NEW._replace(agent_name="代理　四郎").applicant_kind is ApplicantKind.AGENT

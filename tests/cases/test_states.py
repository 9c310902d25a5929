"""The table of transitions as a graph: what can follow what, and what cannot be reached without a judgement."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyufu.cases import states
from kyufu.cases.states import APPLICATION_PAIRS, CERTIFICATE_PAIRS, ApplicationState, CertificateState, Kind

STATES_DOCUMENT = Path(__file__).parents[2] / "docs" / "explanation" / "case-states.md"


def before(state: ApplicationState) -> set[ApplicationState]:
    return {source for source, targets in APPLICATION_PAIRS.items() if state in targets}


@pytest.mark.requirement("YOK-022")
def test_issued_is_reached_from_approved_alone_and_approved_from_judged_alone() -> None:
    assert before(ApplicationState.ISSUED) - {ApplicationState.ISSUED} == {ApplicationState.APPROVED}
    assert before(ApplicationState.APPROVED) == {ApplicationState.JUDGED}


@given(choices=st.lists(st.integers(min_value=0, max_value=9), max_size=40))
def test_every_walk_to_issued_passes_a_judgement_that_is_approved_next(choices: list[int]) -> None:
    walk = [ApplicationState.RECEIVED]
    for choice in choices:
        following = sorted(APPLICATION_PAIRS[walk[-1]])
        if following:
            walk.append(following[choice % len(following)])
    for place, state in enumerate(walk):
        if state is ApplicationState.ISSUED and walk[place - 1] is not ApplicationState.ISSUED:
            assert walk[place - 2 : place] == [ApplicationState.JUDGED, ApplicationState.APPROVED]


def test_a_rejection_is_a_judgement_that_was_approved() -> None:
    assert before(ApplicationState.REJECTED) - {ApplicationState.REJECTED} == {ApplicationState.JUDGED}


def test_every_state_is_reachable_and_only_the_last_ones_end() -> None:
    reached = set(states.APPLICATION_START)
    for _ in APPLICATION_PAIRS:
        reached |= {target for state in reached for target in APPLICATION_PAIRS[state]}
    assert reached == set(ApplicationState) == set(APPLICATION_PAIRS)
    ends = {state for state, following in APPLICATION_PAIRS.items() if not following}
    assert ends == {ApplicationState.WITHDRAWN}
    assert APPLICATION_PAIRS[ApplicationState.CLOSED].isdisjoint(
        {
            ApplicationState.APPROVED,
            ApplicationState.ISSUED,
            ApplicationState.REJECTED,
            ApplicationState.WITHDRAWN,
        }
    )


def test_a_decided_application_cannot_be_withdrawn() -> None:
    withdrawable = before(ApplicationState.WITHDRAWN)
    assert not withdrawable & {ApplicationState.APPROVED, ApplicationState.REJECTED, ApplicationState.ISSUED}
    assert ApplicationState.RECEIVED in withdrawable


def test_a_certificate_never_comes_back_into_use() -> None:
    assert all(CertificateState.ISSUED not in following for following in CERTIFICATE_PAIRS.values())
    assert CERTIFICATE_PAIRS[CertificateState.RECOVERED] == frozenset()


@pytest.mark.parametrize(
    ("kind", "matter", "card"),
    [
        (Kind.NEW, "", True),
        (Kind.REISSUE, "lost", True),
        (Kind.CHANGE, "address", True),
        (Kind.CHANGE, "insurance", False),
        (Kind.LOSS, "moved_out", False),
        (Kind.WITHDRAWAL, "", False),
    ],
)
def test_which_applications_end_in_a_card(kind: Kind, matter: str, card: bool) -> None:
    assert states.gets_card(kind=kind, matter=matter) is card


def test_every_word_has_its_japanese() -> None:
    words = (
        *Kind, *states.ChangeItem, *states.LossCause, *states.ReissueCause, *states.Channel,
        *states.ApplicantKind, *ApplicationState, *CertificateState, *states.EntitlementEvent,
    )  # fmt: skip
    assert all(states.japanese(word) for word in words)
    assert states.japanese(states.ReissueCause.LOST) == "紛失"
    assert states.japanese(states.EntitlementEvent.LOST) == "喪失"


def test_the_document_shows_every_step_and_no_other() -> None:
    lines = STATES_DOCUMENT.read_text(encoding="utf-8").splitlines()
    shown = {
        (cells[1], cells[3])
        for cells in ([cell.strip(" `") for cell in line.split("|")] for line in lines)
        if len(cells) == 6 and cells[1] in set(ApplicationState) | set(CertificateState)
    }
    table = {
        (str(source), str(target))
        for pairs in (APPLICATION_PAIRS, CERTIFICATE_PAIRS)
        for source, targets in pairs.items()
        for target in targets
    }
    assert shown == table


@pytest.mark.parametrize(
    ("kind", "matter", "word"),
    [("new", "", ""), ("withdrawal", "", ""), ("loss", "moved_out", "転出"), ("change", "address", "住所"),
     ("reissue", "lost", "紛失")],
)  # fmt: skip
def test_what_a_report_is_about_has_a_word(kind: str, matter: str, word: str) -> None:
    assert states.japanese_matter(states.Kind(kind), matter=matter) == word

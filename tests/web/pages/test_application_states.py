"""Every act on an application by every role in every state: offered where it is due, and refused where it is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from kyufu.cases import api as cases
from tests.cases.world import AT, CLERK, LATER, World, approve, certify, filing, issue, judge, receive, state
from tests.web.conftest import SignedIn
from tests.web.pages.casework import address_of, offers, page_of
from tests.web.town import CONTRACTOR, OTHER_WARD, WARD, Person, Town

ACTS = frozenset({"judge", "approve", "send-back", "issue", "close", "print", "hand-over"})
STATES = tuple(cases.ApplicationState)
OF_THE_COUNTER, OF_THE_APPROVER = (
    {
        "received": {"judge"},
        "undecided": {"judge", "print"},
        "sent_back": {"judge"},
        "approved": {"issue"},
        "rejected": {"close", "print"},
        "issued": {"close", "print"},
        "closed": {"print"},
    },
    {"judged": {"approve", "send-back"}},
)
# What each role is offered by state; what is not named here is offered nothing.
OFFERED: Mapping[str, Mapping[str, set[str]]] = {
    "counter": OF_THE_COUNTER,
    "approver": OF_THE_APPROVER,
    "contractor": {},
}
# Who may judge may judge an open case once more, which then goes to the approver anew; no button asks for it.
ALLOWED = {("counter", "judged"): {"judge"}, ("counter", "approved"): {"judge"}}
WHY = "足りる理由"


def _rejected(world: World) -> int:
    case = receive(world.family(birth="2001-05-10"))
    judge(case)
    approve(case)
    return case


def _judged(world: World) -> int:
    case = receive(world.family())
    judge(case)
    return case


def _undecided(world: World) -> int:
    case = receive(world.family(insured=False))
    judge(case)
    return case


def _sent_back(world: World) -> int:
    case = _judged(world)
    cases.send_back(case, by=LATER, at=AT, why=WHY)
    return case


def _approved(world: World) -> int:
    case = _judged(world)
    approve(case)
    return case


def _closed(world: World) -> int:
    case = certify(world.family())
    cases.close_application(case, by=LATER, at=AT, why=WHY)
    return case


def _withdrawn(world: World) -> int:
    family = world.family()
    case = receive(family)
    number = cases.application_by_id(case).number
    back = filing(family, kind=cases.Kind.WITHDRAWAL, target_no=number)
    cases.withdraw_application(back, by=CLERK, at=AT)
    return case


BUILD: Mapping[str, Callable[[World], int]] = {
    "received": lambda world: receive(world.family()),
    "incomplete": lambda world: receive(world.family(), identity=None),
    "judged": _judged,
    "undecided": _undecided,
    "sent_back": _sent_back,
    "approved": _approved,
    "rejected": _rejected,
    "issued": lambda world: certify(world.family()),
    "withdrawn": _withdrawn,
    "closed": _closed,
}


@pytest.fixture
def every(world: World) -> Mapping[str, int]:
    """An application in each state."""
    return {name: build(world) for name, build in BUILD.items()}


def somebody(town: Town, role: str) -> Person:
    """Somebody of a role in the ward; contractors are of an office of their own."""
    account_id, staff_no = town.account(office=CONTRACTOR if role == "contractor" else WARD)
    town.grant(account_id, role=role)
    return Person(account_id, staff_no).begin()


def send(person: Person, case: int, act: str) -> int:
    """Send an act with all that its form carries, as seen just now; the status of the answer."""
    row = cases.application_by_id(case)
    data = {
        "step": str(cases.application_history(case)[-1].step_id),
        "seen": "" if row.decision_id is None else cases.decision_digest(row.decision_id),
        "why": WHY, "reprint_reason": "", "recorded": "0", "way": "mail", "handed_to": "guardian",
        "identity": "", "handed_on": "2026-08-02", "note": "",
    }  # fmt: skip
    return int(person.post(address_of(person, case, act=act), data).status_code)


def test_every_state_is_there(every: Mapping[str, int]) -> None:
    assert {name: state(case) for name, case in every.items()} == {str(one): str(one) for one in STATES}


@pytest.mark.parametrize("role", sorted(OFFERED))
def test_each_role_is_offered_its_acts_and_no_other(role: str, every: Mapping[str, int], town: Town) -> None:
    person = somebody(town, role)
    found = {name: offers(page_of(person, case)) & ACTS for name, case in every.items()}
    expected = {name: OFFERED[role].get(name, set()) for name in every}
    assert found == expected


@pytest.mark.parametrize("role", sorted(OFFERED))
def test_what_is_not_offered_is_refused_and_changes_nothing(
    role: str, every: Mapping[str, int], town: Town
) -> None:
    """Whoever sends it all the same, with everything that its form would carry."""
    person = somebody(town, role)
    for name, case in every.items():
        before = cases.application_history(case)
        for act in sorted(ACTS - OFFERED[role].get(name, set()) - ALLOWED.get((role, name), set())):
            assert send(person, case, act) in {403, 409, 422}, (name, act)
            assert cases.application_history(case) == before, (name, act)
        assert cases.handovers_of(case) == ()


@pytest.mark.parametrize(
    "way",
    [
        ("counter", "received", "judge", "judged"),
        ("counter", "undecided", "judge", "undecided"),
        ("counter", "sent_back", "judge", "judged"),
        ("counter", "approved", "issue", "issued"),
        ("counter", "rejected", "close", "closed"),
        ("counter", "issued", "close", "closed"),
        ("approver", "judged", "approve", "approved"),
        ("approver", "judged", "send-back", "sent_back"),
    ],
)
def test_what_is_offered_is_done_and_leads_where_it_should(
    way: tuple[str, str, str, str], world: World, town: Town
) -> None:
    role, name, act, after = way
    case, person = BUILD[name](world), somebody(town, role)
    assert act in offers(page_of(person, case))
    assert send(person, case, act) == 302
    assert state(case) == after
    last = cases.application_history(case)[-1]
    assert last.actor_name and last.to_state == after
    # The second press of the same button finds another state than the one that was seen.
    assert send(person, case, act) in {302, 409}


@pytest.mark.parametrize("name", ["received", "judged", "approved", "issued"])
def test_the_office_of_another_ward_does_not_even_see_it(
    name: str, world: World, signed_in: SignedIn
) -> None:
    case = BUILD[name](world)
    for role in ("counter", "approver"):
        person = signed_in(role, office=OTHER_WARD)
        assert person.get(address_of(person, case)).status_code == 403
        assert {send(person, case, act) for act in ACTS} == {403}
    assert state(case) == name


def test_a_stale_decision_takes_away_every_act_but_judging_again_and_sending_back(
    world: World, signed_in: SignedIn
) -> None:
    families = {name: world.family() for name in ("judged", "approved", "issued")}
    ids = {name: receive(family) for name, family in families.items()}
    for name, case in ids.items():
        judge(case)
        if name != "judged":
            approve(case)
        if name == "issued":
            issue(case)
    for family in families.values():
        world.send_loss_of_insurance(family, on="2026-09-01")
    clerk, approver = signed_in("counter"), signed_in("approver")
    for name, case in ids.items():
        assert offers(page_of(clerk, case)) & ACTS == {"judge"} | ({"close"} if name == "issued" else set())
        assert offers(page_of(approver, case)) & ACTS == ({"send-back"} if name == "judged" else set())
        assert send(clerk, case, "issue") == 409
        assert send(approver, case, "approve") == 409
        assert state(case) == name

"""What was told is matched with register and evidence: what differs is listed once, and what is held stays."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from kyufu.cases import api as cases
from kyufu.cases.api import AGREED, MismatchKind
from kyufu.cases.queries import fetch
from kyufu.platform.errors import BadInput, Refused
from tests.cases.test_reports import report
from tests.cases.world import AT, CLERK, LATER, ON, Family, World, certify, judge, receive
from tests.registry.persons import resident

EVENT = "2026-11-02"
# The rows that hold what was told: no matching may touch them.
HELD = (
    "cases_application", "cases_application_guardian", "cases_decision", "cases_entitlement", "cases_certificate",
    "evidence_insurance", "registry_person_event", "registry_person_version",
)  # fmt: skip


def match(among: str | None = None) -> cases.Matched:
    """Match everybody, or those of a select."""
    if among is None:
        return cases.match_with_register(by=CLERK, at=AT)
    return cases.match_with_register(by=CLERK, at=AT, among=among)


def told_of(family: Family, *, who: int, **items: object) -> dict[str, object]:
    """A later row about a member of a family: 1 the child, 2 the father."""
    of_child = {"shimei": "見本　一郎", "seinengappi": "2018-05-10", "tsuzukigara": "10"} if who == 1 else {}
    same = {"ido_jiyu": "30", "rirekibango": 2, "ido_nengappi": EVENT, "setaibango": f"9{family.number:014}"}
    return resident(family.number + who, **(same | of_child | items))


def move_home(world: World, family: Family, *, who: Iterable[int] = (1, 2), **items: object) -> None:
    """The family, or one of it, moves within the city."""
    world.send("resident", [told_of(family, who=one, jusho_banchigohyoki="９番９号", **items) for one in who])


def insure_anew(world: World, family: Family) -> None:
    """The child's insurance ends and another begins."""
    world.send_loss_of_insurance(family, on="2026-10-01")
    world.insure(family.number + 1, rirekibango=2, shutoku_nengappi="2026-10-01", bango="9999")


def open_ones(family: Family | None = None) -> list[MismatchKind]:
    """The kinds of the open differences, of one child where it is given."""
    rows = cases.mismatches_in(None, kind=None, limit=50, after=0)
    return [one.kind for one in rows if family is None or one.child_id == family.child]


def held() -> dict[str, list[tuple[object, ...]]]:
    """Every row of what is held."""
    return {table: fetch(f"SELECT * FROM {table} ORDER BY 1", {}) for table in HELD}


def due() -> list[int]:
    """The differences for which a letter is due."""
    return [row.mismatch_id for row in cases.mismatches_to_urge()]


def test_where_nothing_changed_nothing_differs(world: World) -> None:
    certify(world.family())
    found = match()
    assert (found.compared, found.new, found.over, found.open_ones) == (1, 0, 0, ())
    assert open_ones() == []


@pytest.mark.requirement("YOK-045")
def test_a_move_is_listed_and_what_was_told_stays(world: World) -> None:
    family = world.family()
    certify(family)
    move_home(world, family)
    before = held()
    assert match().new == 1
    assert open_ones() == [MismatchKind.CHILD_MOVED]
    assert held() == before


def die(world: World, family: Family) -> None:
    """The father dies."""
    world.send("resident", [told_of(family, who=2, ido_jiyu="50", jumin_jotai="3")])


def part(world: World, family: Family) -> None:
    """The father founds a household of his own at the same address."""
    world.send("resident", [told_of(family, who=2, setaibango="900000000099999")])


def rename_child(world: World, family: Family) -> None:
    """The child's name changes."""
    world.send("resident", [told_of(family, who=1, shimei="改名　一郎")])


def rename_father(world: World, family: Family) -> None:
    """The father's name changes."""
    world.send("resident", [told_of(family, who=2, shimei="改名　太郎")])


BROUGHT_ABOUT = {
    MismatchKind.GUARDIAN_GONE: die,
    MismatchKind.GUARDIAN_APART: part,
    MismatchKind.GUARDIAN_RENAMED: rename_father,
    MismatchKind.CHILD_MOVED: move_home,
    MismatchKind.CHILD_RENAMED: rename_child,
    MismatchKind.INSURANCE_CHANGED: insure_anew,
    MismatchKind.INSURANCE_ENDED: lambda world, family: world.send_loss_of_insurance(family, on="2026-10-01"),
}


@pytest.mark.requirement("YOK-043")
@pytest.mark.parametrize("kind", list(MismatchKind))
def test_each_kind_is_found_once_with_its_day(world: World, kind: MismatchKind) -> None:
    family, other = world.family(), world.family()
    for one in (family, other):
        certify(one)
    BROUGHT_ABOUT[kind](world, family)
    assert (match().new, match().new) == (1, 0)
    (seen,) = cases.mismatches_in(None, kind=kind, limit=5, after=0)
    assert (seen.child_id, seen.guardian_id, seen.kind) == (family.child, family.father, kind)
    assert seen.since.isoformat() == ("2026-10-01" if "insurance" in kind else EVENT)
    assert cases.mismatch_counts(None) == (cases.MismatchTotal(kind, 1),)
    assert [one.kind for one in cases.mismatches_to_urge()] == [kind]


def test_what_the_office_itself_ends_is_not_urged(world: World) -> None:
    moved, dead = world.family(), world.family()
    for one in (moved, dead):
        certify(one)
    world.move_out(moved, on="2026-10-01")
    world.die(dead, on="2026-10-01")
    assert match().new == 0


def test_who_lived_apart_when_it_was_told_is_no_difference(world: World) -> None:
    family = world.family()
    part(world, family)
    certify(family)
    move_home(world, family, who=(2,), rirekibango=3, setaibango="900000000099998")
    assert match().new == 0


def test_facts_that_agree_again_end_it_and_a_second_difference_of_the_same_kind_opens_it(
    world: World,
) -> None:
    family = world.family()
    certify(family)
    rename_father(world, family)
    match()
    world.send("resident", [told_of(family, who=2, rirekibango=3)])
    assert due() == []
    found = match()
    assert (found.new, found.over) == (0, 1)
    assert open_ones() == []
    assert fetch("SELECT state FROM cases_mismatch", {}) == [(AGREED,)]
    # The change back is taken back: the first change stands again, and it is the same row.
    world.send("resident", [told_of(family, who=2, rirekibango=3, rirekieda=1, torikeshi=1)])
    assert match().new == 0
    assert open_ones() == [MismatchKind.GUARDIAN_RENAMED]


def test_a_correction_of_the_same_change_is_no_other_difference(world: World) -> None:
    family = world.family()
    certify(family)
    move_home(world, family)
    match()
    move_home(world, family, rirekieda=1, jusho_katagaki="訂正荘")
    assert match().new == 0
    assert len(due()) == 1


def test_a_report_under_way_stops_the_letter_and_its_decision_ends_the_difference(world: World) -> None:
    family = world.family()
    certify(family)
    move_home(world, family)
    match()
    assert len(due()) == 1
    change = receive(family, kind=cases.Kind.CHANGE, matter=cases.ChangeItem.ADDRESS, event_on=ON)
    (seen,) = cases.mismatches_in(None, kind=None, limit=5, after=0)
    assert (seen.is_reported, seen.state, due()) == (True, "open", [])
    judge(change)
    cases.approve_application(change, by=LATER, at=AT)
    assert open_ones() == []
    assert cases.mismatch_counts(None) == ()
    assert match().over == 1
    assert match().new == 0


def test_a_report_about_something_else_ends_nothing(world: World) -> None:
    family = world.family()
    certify(family)
    move_home(world, family)
    match()
    report(family, kind=cases.Kind.CHANGE, matter=cases.ChangeItem.INSURANCE)
    assert open_ones() == [MismatchKind.CHILD_MOVED]
    assert (match().over, len(due())) == (0, 1)


def test_another_change_after_the_report_is_another_difference(world: World) -> None:
    family = world.family()
    certify(family)
    move_home(world, family)
    match()
    report(family, kind=cases.Kind.CHANGE, matter=cases.ChangeItem.ADDRESS)
    match()
    again = {"rirekibango": 3, "ido_nengappi": "2026-11-09", "jusho_banchigohyoki": "１番１号"}
    world.send("resident", [told_of(family, who=one, **again) for one in (1, 2)])
    assert match().new == 1
    assert len(due()) == 1


def test_it_is_closed_by_hand_with_a_reason_and_stays_closed(world: World) -> None:
    family = world.family()
    certify(family)
    move_home(world, family)
    match()
    (one,) = due()
    with pytest.raises(Refused, match="理由がありません"):
        cases.settle_mismatch(one, resolved=False, by=CLERK, at=AT, reason="　")
    with pytest.raises(BadInput):
        cases.settle_mismatch(one + 1_000, resolved=False, by=CLERK, at=AT, reason="誤り")
    cases.settle_mismatch(one, resolved=False, by=CLERK, at=AT, reason="電話で確認済")
    assert open_ones() == []
    assert match().new == 0
    assert (open_ones(), due()) == ([], [])
    with pytest.raises(Refused):
        cases.settle_mismatch(one, resolved=True, by=CLERK, at=AT, reason="もう一度")
    steps = fetch("SELECT to_state, actor_id, why FROM cases_mismatch_transition ORDER BY id", {})
    assert steps[-1] == ("dismissed", CLERK.staff_id, "電話で確認済")


def test_a_lost_entitlement_needs_no_report_any_more(world: World) -> None:
    family = world.family()
    certify(family)
    move_home(world, family)
    match()
    world.assist(family, since="2026-10-01")
    assert open_ones() == [MismatchKind.CHILD_MOVED]
    report(family, kind=cases.Kind.LOSS, matter=cases.LossCause.PUBLIC_ASSISTANCE)
    assert (open_ones(), due()) == ([], [])
    assert match().over == 1


def test_a_case_on_hold_is_asked_by_its_own_letter(world: World) -> None:
    family = world.family()
    application = certify(family)
    world.send_loss_of_insurance(family, on="2026-10-01")
    match()
    assert len(due()) == 1
    judge(application, on=ON.replace(month=11))
    (seen,) = cases.mismatches_in(None, kind=None, limit=5, after=0)
    assert (seen.is_asked, due()) == (True, [])


def test_lists_are_bounded_by_ward_and_place(world: World) -> None:
    families = [world.family() for _ in range(3)]
    for one in families:
        certify(one)
        move_home(world, one)
    match()
    first = cases.mismatches_in(None, kind=None, limit=2, after=0)
    rest = cases.mismatches_in(None, kind=None, limit=2, after=first[-1].mismatch_id)
    assert [one.child_id for one in (*first, *rest)] == [one.child for one in families]
    assert cases.mismatches_in(["999999"], kind=None, limit=5, after=0) == ()
    assert cases.mismatch_counts(["999999"]) == ()
    ids = [one.mismatch_id for one in first]
    among = f"SELECT unnest(ARRAY{ids}::bigint[])"
    assert [one.mismatch_id for one in cases.mismatches_among(among, limit=5, after=0)] == ids
    assert cases.mismatch_counts_among(among) == (cases.MismatchTotal(MismatchKind.CHILD_MOVED, 2),)
    assert [row[0] for row in fetch(cases.urgings_of(among), {})] == ids
    assert cases.person_of_mismatch(ids[0]) == families[0].child
    with pytest.raises(BadInput):
        cases.person_of_mismatch(0)


def test_only_those_asked_for_are_matched(world: World) -> None:
    families = [world.family() for _ in range(2)]
    for one in families:
        certify(one)
        move_home(world, one)
    found = match(f"SELECT {families[0].child}::bigint")
    assert (found.compared, found.new) == (1, 1)
    assert [child for _, child in found.open_ones] == [families[0].child]
    assert cases.count_letters("urging", but=None) == 1

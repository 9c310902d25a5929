"""The town hall that is attacked: offices, people of every role who signed in for real, and something of every kind.

It is built once for a module inside a transaction that is rolled back at its end; every test runs in a savepoint.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections, transaction

from kyufu.audit import api as audit
from kyufu.audit.reading import READING, Reading
from kyufu.platform import clock
from kyufu.platform.access import ACCESS
from kyufu.platform.databases import ORDINARY, VAULT
from kyufu.registry import api as registry
from kyufu.staff import api as staff
from kyufu.staff.api import ProposalKind, Relation, Scheme
from tests.cases.world import World, judge, receive
from tests.conftest import TESTER
from tests.mynumber.people import CLERK, SECOND
from tests.mynumber.people import secret as number_of
from tests.ordinance.parts import estimated, proposed
from tests.registry.persons import addressee_no, measure, resident
from tests.web.town import HEAD, OTHER_WARD_CODE, WARD, Person, Town, build_town

ALIASES = (ORDINARY, VAULT)
# Every role that an employee may hold; one person of the hall holds them all, and reaches every screen.
EMPLOYEE_ROLES = ("counter", "approver", "head", "number", "protection", "operations", "rights", "auditor")
PERSON_HERE, PERSON_THERE, PERSON_SHELTERED = 901, 902, 903


@dataclass(frozen=True)
class Hall:
    """The hall: `almighty` holds every role at the head office; cases of both wards, by ward code."""

    town: Town
    world: World
    almighty: Person
    applications: Mapping[str, int]
    persons: Mapping[str, int]

    def person(self, *roles: str, office: str = WARD, account_at: str = "") -> Person:
        """Somebody new, of roles at an office, who has signed in with both factors."""
        account_id, staff_no = self.town.account(office=account_at or office)
        for role in roles:
            self.town.grant(account_id, role=role, office=office, scheme=Scheme.CHILD)
        return Person(account_id, staff_no).begin()


def build_hall(folder: Path) -> Hall:
    """Build the hall and let its almighty person sign in."""
    from kyufu.mynumber import api as mynumber

    town, world = build_town(), World(folder)
    mynumber.init_vault(by=CLERK, confirmed_by=SECOND, at=clock.current_instant())
    persons = _plant_persons(world)
    _plant_conflict()
    applications = _plant_applications(world)
    _plant_waiting(town)
    hall = Hall(town, world, Person(0, ""), applications, persons)
    almighty = hall.person(*EMPLOYEE_ROLES, office=HEAD)
    hall = Hall(town, world, almighty, applications, persons)
    _plant_own(hall)
    _plant_reviews(hall)
    return hall


def _plant_persons(world: World) -> dict[str, int]:
    """One person in each of two wards, and a sheltered one; the first has an individual number."""
    world.send(
        "resident",
        [
            resident(
                PERSON_HERE, shimei="窓口　花子", shimei_yomigana="マドグチ　ハナコ", setaibango="900000000000901"
            ),
            resident(
                PERSON_THERE, shimei="窓口　次郎", shimei_yomigana="マドグチ　ジロウ", setaibango="900000000000902",
                jusho_shikuchosonkodo=OTHER_WARD_CODE, jusho_shikugunchosonmei="横浜市神奈川区",
            ),
            resident(
                PERSON_SHELTERED, shimei="窓口　秘子", shimei_yomigana="マドグチ　ヒメコ", setaibango="900000000000903"
            ),
        ],
    )  # fmt: skip
    world.send("protection", [measure(PERSON_SHELTERED)])
    numbers = {"here": PERSON_HERE, "there": PERSON_THERE, "sheltered": PERSON_SHELTERED}
    ids = registry.addressee_ids([addressee_no(one) for one in numbers.values()])
    persons = {place: ids[addressee_no(number)] for place, number in numbers.items()}
    registry.numbers.register_number(
        addressee_id=persons["here"], number=number_of(PERSON_HERE), by=CLERK, reason="申請書による",
        at=clock.current_instant(),
    )  # fmt: skip
    return persons


def _plant_conflict() -> None:
    from kyufu.mynumber import database
    from kyufu.mynumber.conflicts import file_conflicts
    from kyufu.mynumber.states import ConflictKind

    with database.in_vault():
        file_conflicts(
            [(ConflictKind.DOUBLE, addressee_no(PERSON_HERE), addressee_no(PERSON_THERE))], batch=None, by=CLERK,
            at=clock.current_instant(),
        )  # fmt: skip


def _plant_applications(world: World) -> dict[str, int]:
    here = receive(world.family())
    judge(here)
    there = receive(world.family(), ward_code=OTHER_WARD_CODE)
    judge(there)
    return {"here": here, "there": there}


def _plant_waiting(town: Town) -> None:
    """A grant that waits for its second person, and a proposal that does."""
    account_id, _ = town.account(name="港 みなと")
    first = staff.rights_of(town.administrators[0], on=town.today)
    staff.ask_for_grant(
        account_id, role="counter", office=WARD, scheme=Scheme.CHILD, valid_from=town.today,
        last_day=town.last_day, by=first.actor(), at=clock.current_instant(), why="担当事務のため",
    )  # fmt: skip
    staff.propose(
        ProposalKind.KEY_ROTATION, content={"基準": "所得の上限", "値": "100"}, subject="child.limit",
        by=first.actor(), at=clock.current_instant(),
    )  # fmt: skip
    staff.propose(
        ProposalKind.NUMBER_DISCLOSURE, content={"理由": "番号確認書類との照合"}, subject="S1-901",
        by=first.actor(), at=clock.current_instant(),
    )  # fmt: skip
    # With its estimate, so that the second person finds the form of approving it.
    estimated(proposed(by=first, at=clock.current_instant()), at=clock.current_instant())


def _plant_own(hall: Hall) -> None:
    """Something that the almighty person proposed, and an account that is locked."""
    here = staff.rights_of(hall.almighty.account_id, on=hall.town.today)
    staff.propose(
        ProposalKind.KEY_ROTATION, content={"基準": "所得の下限", "値": "1"}, subject="child.floor", by=here.actor(),
        at=clock.current_instant(),
    )  # fmt: skip
    locked, _ = hall.town.account(name="停止 太郎")
    staff.lock_account(locked, rights=here, at=clock.current_instant(), why="紛失の届出")
    for account in staff.list_accounts(on=hall.town.today, limit=100):
        if account.account_id != hall.almighty.account_id:
            staff.link_addressee(
                account.account_id,
                addressee_no=addressee_no(PERSON_HERE),
                relation=Relation.FAMILY,
                rights=here,
            )


def _plant_reviews(hall: Hall) -> None:
    """Readings of two people drawn for review, of which the almighty person is asked about their own."""
    clerk = hall.person("counter", office=WARD)
    for person in (hall.almighty, clerk):
        found = person.post("/people/", {"text": "窓口", "purpose": "application", "case_no": "R8-1"})
        assert found.status_code == 200
    at, other = (
        clock.current_instant(),
        staff.rights_of(hall.town.administrators[0], on=hall.town.today).actor(),
    )
    audit.draw_sample(
        seed="試験", size=50, since=at - timedelta(hours=1), until=at + timedelta(hours=1), by=other, at=at
    )
    for review in audit.review_queue(limit=50):
        if review.reader_no == hall.almighty.staff_no:
            audit.assign_review(review.review_id, question="閲覧の理由は何ですか", by=other, at=at)
    audit.watch_person(
        hall.persons["here"], since=hall.town.today, until=None, reason="著名人", by=other, at=at
    )


@contextmanager
def undone() -> Iterator[None]:
    """A transaction of every database that is rolled back, marked as a test's own so that screens may act in it."""
    with ExitStack() as stack:
        for alias in ALIASES:
            block = transaction.atomic(using=alias)
            block._from_testcase = True  # type: ignore[attr-defined]
            stack.enter_context(block)
        try:
            yield
        finally:
            for alias in ALIASES:
                transaction.set_rollback(True, using=alias)


@contextmanager
def standing_hall(folder: Path) -> Iterator[Hall]:
    """The hall for as long as the block runs."""
    access, reading = ACCESS.set(TESTER), READING.set(Reading())
    try:
        with pytest.MonkeyPatch.context() as patch, undone():
            patch.setenv("KYUFU_VAULT_KEY_FILE", str(folder / "vault" / "kek"))
            yield build_hall(folder)
    finally:
        READING.reset(reading)
        ACCESS.reset(access)
        # The test database is dropped at the end, which an open session would prevent.
        connections[VAULT].close()

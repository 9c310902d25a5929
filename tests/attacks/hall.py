"""The town hall that is attacked: offices, people of every role who signed in for real, and something of every kind.

It is built once for the folder inside a transaction that is rolled back at its end; every test runs in a savepoint.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connections
from django.http import QueryDict
from django.test import override_settings

from kyufu.audit import api as audit
from kyufu.audit.reading import READING, Reading
from kyufu.cases import api as cases
from kyufu.documents import api as documents
from kyufu.evidence import api as evidence
from kyufu.notation.check_digits import CheckDigit
from kyufu.platform import clock
from kyufu.platform.access import ACCESS
from kyufu.platform.changes import record_changes
from kyufu.platform.databases import ORDINARY, VAULT
from kyufu.registry import api as registry
from kyufu.renewal import api as renewal
from kyufu.renewal.api import RenewalKind
from kyufu.runs import api as runs
from kyufu.staff import api as staff
from kyufu.staff.api import ProposalKind, Relation, Scheme, rights_of
from kyufu.web import drafts
from tests.attachments.papers import attach
from tests.attacks.mismatches import plant_mismatches
from tests.attacks.undoing import undone
from tests.cases.world import LATER, ON, Family, World, approve, certify, issue, judge, quiet, receive
from tests.conftest import TESTER
from tests.evidence.records import INCOME_BY_HAND, INSURANCE_BY_HAND
from tests.mynumber.people import CLERK, SECOND
from tests.mynumber.people import secret as number_of
from tests.ordinance.parts import estimated, proposed
from tests.registry.persons import addressee_no, measure, resident
from tests.renewal.night import plant_findings, plant_schedules
from tests.web.town import HEAD, OTHER_WARD_CODE, WARD, WARD_CODE, Person, Town, build_town

# Every role that an employee may hold; one person of the hall holds them all, and reaches every screen.
EMPLOYEE_ROLES = ("counter", "approver", "head", "number", "protection", "operations", "rights", "auditor")
PERSON_HERE, PERSON_THERE, PERSON_SHELTERED = 901, 902, 903
RENEWED_ON = date(2027, 8, 1)


@dataclass(frozen=True)
class Hall:
    """The hall: `almighty` holds every role at the head office; cases of both wards, by ward code.

    `points` are the certificates and the points of worklists that belong to a ward, by the kind of their token.
    """

    town: Town
    world: World
    almighty: Person
    applications: Mapping[str, int]
    persons: Mapping[str, int]
    points: Mapping[str, Mapping[str, int]]
    contacts: Mapping[str, int]
    certificates: Mapping[str, int]

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
    _plant_papers(applications, persons=persons)
    _plant_waiting(town)
    points = {"card": _plant_listed(world), **_plant_points(world, persons=persons)}
    contacts, certificates = _plant_contacts(persons), _plant_certificates(world)
    # A print of several cards, which are then mailed together.
    documents.print_certificates(by=LATER, on=ON, at=clock.current_instant(), report=quiet)
    hall = Hall(town, world, Person(0, ""), applications, persons, points, contacts, certificates)
    almighty = hall.person(*EMPLOYEE_ROLES, office=HEAD)
    hall = replace(hall, almighty=almighty)
    _plant_own(hall)
    _plant_drafts(hall)
    _plant_runs(hall)
    _plant_renewals(hall)
    # After the renewals, whose matching would end what does not hold true.
    points["mismatch"] = plant_mismatches(certificates)
    _plant_reviews(hall)
    return hall


def _plant_renewals(hall: Hall) -> None:
    """A renewal that waits for approval, and one that took effect on all but one child; nobody of them is almighty."""
    first, second = hall.person("head", office=HEAD), hall.person("approver", office=HEAD)
    rights = [rights_of(one.account_id, on=hall.town.today) for one in (first, second)]
    for kind in (RenewalKind.MONTHLY, RenewalKind.YEARLY):
        at = clock.current_instant()
        wished = renewal.Plan(kind, RENEWED_ON, ON, None, False)
        number = renewal.plan_renewal(wished, municipality="yokohama", rights=rights[0], at=at)
        renewal.judge_renewal(number, by=rights[0].actor(), at=at, report=quiet)
        if kind is RenewalKind.MONTHLY:
            changed = renewal.sample_rows(number, wards=None)[0].child_id
            record_changes(source="hall", rows=[(changed, "所得")])
            renewal.approve_renewal(
                number, seen=renewal.digest_of(number), rights=rights[1], at=at, why="件数を確かめたため"
            )
            row = renewal.begin_effect(number, by=rights[0].actor(), at=at)
            list(renewal.effect_blocks(row, at=at))
            renewal.end_effect(number, by=rights[0].actor(), at=at)
            _forget_changes()
    plant_findings(number, rights=rights[0])
    plant_schedules(rights[0], second=rights[1])


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
    _plant_cards(world)
    return {"here": here, "there": there}


def _plant_papers(applications: Mapping[str, int], *, persons: Mapping[str, int]) -> None:
    """A file with each application, and evidence that a clerk entered for a person of each ward."""
    for place, application_id in applications.items():
        attach(application_id)
        evidence.record_income(INCOME_BY_HAND, addressee_id=persons[place], by=CLERK, note="")
        evidence.record_insurance(
            INSURANCE_BY_HAND, addressee_id=persons[place], corrects=None, by=CLERK, note="",
            check=CheckDigit.TESTED,
        )  # fmt: skip
    # Of a child too: whose page alone leads to the insurance.
    child = cases.application_by_id(applications["here"]).child_id
    evidence.record_insurance(
        INSURANCE_BY_HAND, addressee_id=child, corrects=None, by=CLERK, note="", check=CheckDigit.TESTED
    )


def _plant_cards(world: World) -> None:
    """A printed card that waits to be handed over, one of a sheltered household, and a case to issue and to judge."""
    plain, sheltered, approved, waiting = (world.family() for _ in range(4))
    world.send("protection", [measure(sheltered.number + one) for one in (1, 2)])
    _forget_changes()
    cards = [certify(one) for one in (plain, sheltered)]
    for found in filter(None, map(documents.paper_of, cards)):
        at = clock.current_instant()
        documents.print_one(found.kind, subject_id=found.subject_id, by=LATER, on=ON, at=at)
    case = receive(approved)
    judge(case)
    approve(case)
    receive(waiting)


def _forget_changes() -> None:
    """The hall is one transaction, in which no snapshot sees what it wrote: every decision would be stale."""
    with connections[ORDINARY].cursor() as cursor:
        cursor.execute("TRUNCATE platform_change")


def _plant_listed(world: World) -> dict[str, int]:
    """A certificate in use of each ward, and one that is void and has not come back."""
    wards = {"here": WARD_CODE, "there": OTHER_WARD_CODE, "void": WARD_CODE}
    waiting = {place: receive(world.family(), ward_code=ward) for place, ward in wards.items()}
    with connections[ORDINARY].cursor() as cursor:
        # All of the hall is one transaction, in which every fact is newer than every judgement.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM platform_change")
        cursor.execute("RESET session_replication_role")
        for application_id in waiting.values():
            judge(application_id)
            approve(application_id)
            issue(application_id)
        cursor.execute(
            "SELECT id, number FROM cases_certificate WHERE application_id = ANY(%s) ORDER BY id",
            [list(waiting.values())],
        )
        found = dict(zip(wards, cursor.fetchall(), strict=True))
    cases.void_certificate(found["void"][1], by=LATER, at=clock.current_instant(), why="転出のため")
    return {place: found[place][0] for place in ("here", "there")}


def _plant_points(world: World, *, persons: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """A row that did not land, and points of the registry's worklists about the persons of both wards."""
    world.send("resident", [resident(904, seinengappi="2030-01-01")])
    points: dict[str, dict[str, int]] = {"undrawable": {}, "discrepancy": {}}
    with connections[ORDINARY].cursor() as cursor:
        for ward in ("here", "there"):
            cursor.execute(
                "INSERT INTO registry_undrawable_name (addressee_id, field, code_points)"
                " VALUES (%s, 'shimei', 'U+E000') RETURNING id",
                [persons[ward]],
            )
            points["undrawable"][ward] = cursor.fetchone()[0]
            cursor.execute(
                "INSERT INTO registry_discrepancy (addressee_id, file_id)"
                " SELECT %s, max(id) FROM platform_feed_file RETURNING id",
                [persons[ward]],
            )
            points["discrepancy"][ward] = cursor.fetchone()[0]
    return points


def _plant_runs(hall: Hall) -> None:
    """A run that was cancelled, and one that waits."""
    rights = staff.rights_of(hall.almighty.account_id, on=hall.town.today)
    at = clock.current_instant()
    for code in ("judge_pending", "judge_stale"):
        run_id = runs.start_run(code, arguments={"on": "2026-08-01"}, rights=rights, at=at)
        if code == "judge_pending":
            runs.cancel_run(run_id, rights=rights, at=at)


def _plant_contacts(persons: Mapping[str, int]) -> dict[str, int]:
    """A contact record of a person of each ward, with something still to be done."""
    today = clock.current_date_in_japan()
    said = registry.NewContact(today, registry.ContactWay.PHONE, "母", "再交付", "折り返し電話する。", today)
    return {
        ward: registry.record_contact(
            said, addressee_id=persons[ward], ward_code="", by=CLERK, at=clock.current_instant()
        )
        for ward in ("here", "there")
    }


def _plant_certificates(world: World) -> dict[str, int]:
    """A certificate of a child of each ward."""
    here, there = world.family(), world.family()
    moved = {
        "jusho_shikuchosonkodo": OTHER_WARD_CODE, "jusho_shikugunchosonmei": "横浜市神奈川区", "ido_jiyu": "30",
        "rirekibango": 2, "ido_nengappi": "2021-04-01", "setaibango": f"9{there.number:014}",
    }  # fmt: skip
    child = {"shimei": "見本　一郎", "seinengappi": "2018-05-10", "tsuzukigara": "10"}
    world.send(
        "resident", [resident(there.number + 1, **moved, **child), resident(there.number + 2, **moved)]
    )
    return {"here": _certificate(here), "there": _certificate(there, ward_code=OTHER_WARD_CODE)}


def _certificate(family: Family, **items: object) -> int:
    """A certificate that came about as any does: an approval put there by hand would leave its case to be approved."""
    application_id = receive(family, **items)
    _forget_changes()
    judge(application_id)
    approve(application_id)
    issue(application_id)
    return cases.certificates_of([family.child])[0].certificate_id


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


def _plant_drafts(hall: Hall) -> None:
    """Forms that the almighty person has begun: the way to every screen of the intake."""
    waiting = receive(hall.world.family(), identity=None)
    child = cases.application_by_id(hall.applications["here"]).child_id
    case = drafts.About(str(waiting), cases.application_by_id(waiting).child_id)
    posted = QueryDict("received_on=R8.11.1")
    for kind in ("new", "change", "loss", "reissue", "withdrawal", "complete"):
        form = drafts.draft_form(f"intake_{kind}")
        assert form is not None
        about = case if kind == "complete" else drafts.About(str(child), child)
        account_id, at = hall.almighty.account_id, clock.current_instant()
        drafts.save(form, account_id=account_id, about=about, posted=posted, at=at)


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
def standing_hall(folder: Path) -> Iterator[Hall]:
    """The hall for as long as the block runs."""
    access, reading = ACCESS.set(TESTER), READING.set(Reading())
    try:
        with (
            pytest.MonkeyPatch.context() as patch,
            # Another worker's hall prints at the same time, and a print clears away what others left half made.
            override_settings(VAR_DIR=folder / "var"),
            undone(),
        ):
            patch.setenv("KYUFU_VAULT_KEY_FILE", str(folder / "vault" / "kek"))
            yield build_hall(folder)
    finally:
        READING.reset(reading)
        ACCESS.reset(access)
        # The test database is dropped at the end, which an open session would prevent.
        connections[VAULT].close()

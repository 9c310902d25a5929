"""No screen tells where a protected person lives, whoever of whichever role opens it, but for the one right.

Screens are found by opening what the pages lead to; one that nobody reaches fails until it is named here with why.
"""

from __future__ import annotations

import pytest
from django.db import connection, connections

from kyufu.cases import api as cases
from kyufu.evidence import api as evidence
from kyufu.notation.check_digits import CheckDigit
from kyufu.platform.clock import current_instant
from kyufu.staff import api as staff
from kyufu.staff.api import Scheme, read_roles
from kyufu.web.screens import all_screens
from tests.attachments.papers import CLERK, attach
from tests.cases.world import judge
from tests.evidence.records import INCOME_BY_HAND, INSURANCE_BY_HAND
from tests.ordinance.parts import estimated, proposed
from tests.protection.crawling import Crawl
from tests.protection.markers import BEFORE, ELSEWHERE, HOME, NOW, SAFE, betrayed_in
from tests.protection.prepared_mismatches import plant_found
from tests.protection.prepared_renewals import judged as judged_renewal
from tests.protection.scene import SIBLING, Scene
from tests.registry.persons import fetch, resident
from tests.renewal.night import plant_findings, plant_schedules
from tests.runs.conftest import rights_at
from tests.web.town import HEAD, Person, Town, build_town

pytestmark = pytest.mark.django_db(transaction=True, databases=list(connections))
HIDDEN = frozenset({NOW, BEFORE, ELSEWHERE, SAFE})
# Who may end accounts comes last: whatever comes to mind is sent, and ends those of the others.
ROLES = sorted((role.code for role in read_roles()), key=lambda code: code == "rights")
# Acts on what waits for a second person, of which the scene has nothing: tests/web/pages looks at each.
NOT_REACHED = frozenset(
    {
        # Of the judged case, which is of another ward than the staff, and of sheltered papers.
        "application_issue", "application_judge", "application_pdf_open", "application_preview_open", "approval",
        "approvals_decide", "approvals_review",
        "account_unlock", "application_approve", "application_send_back", "conflict_settle", "grant_confirm",
        "grant_refuse", "proposal", "proposal_confirm", "proposal_refuse", "proposal_withdraw", "review",
        "review_answer", "review_assign", "review_close", "watched_end", "relation_end",
        # Begun from the page of a person or of an application: tests/web/pages/test_intake.py looks at protected ones.
        "intake_new", "intake_change", "intake_loss", "intake_reissue", "intake_withdrawal", "intake_complete",
        "drafts", "draft_save", "draft_discard",
        # Of a print of several cards, which the scene has none of.
        "handovers_mail",
        # Steps of a renewal, which show counts alone: tests/web/pages/test_renewal_pages.py looks at each.
        "renewal_act", "renewal_approve", "renewal_refused", "renewal_schedule_confirm",
    }
)  # fmt: skip


@pytest.fixture
def town(scene: Scene) -> Town:
    """The staff who work on the cases of the scene."""
    judge(scene.waiting)
    for application in cases.applications():
        attach(application.application_id)
    for one in scene.sheltered:
        evidence.record_income(INCOME_BY_HAND, addressee_id=one, by=CLERK, note="")
        evidence.record_insurance(
            INSURANCE_BY_HAND, addressee_id=one, corrects=None, by=CLERK, note="", check=CheckDigit.TESTED
        )
    _raise_points(scene)
    town = build_town()
    first = staff.rights_of(town.administrators[0], on=town.today)
    estimated(proposed(by=first, at=current_instant()), at=current_instant())
    rights = [rights_at(town, role=role) for role in ("head", "approver")]
    number = judged_renewal(town)
    plant_findings(number, rights=rights[0])
    plant_found(number)
    plant_schedules(rights[0], second=rights[1])
    return town


def _raise_points(scene: Scene) -> None:
    """Something to settle about each of the sheltered: a name, a feed that leaves them out, a row that did not land."""
    scene.world.send("resident", [resident(SIBLING, rirekibango=3, seinengappi="2030-01-01")])
    with connection.cursor() as cursor:
        for statement in (
            "INSERT INTO registry_undrawable_name (addressee_id, field, code_points)"
            " SELECT unnest(%s::bigint[]), 'shimei', 'U+E000'",
            "INSERT INTO registry_discrepancy (addressee_id, file_id)"
            " SELECT unnest(%s::bigint[]), max(id) FROM platform_feed_file",
        ):
            cursor.execute(statement, [list(scene.sheltered)])


def begin(town: Town, *, role: str) -> Person:
    """Somebody at head office, who may see the whole city, signed in by both factors."""
    account_id, staff_no = town.account(office=HEAD)
    for scheme in (Scheme.CHILD, Scheme.COMMON):
        town.grant(account_id, role=role, office=HEAD, scheme=scheme)
    return Person(account_id, staff_no).begin()


@pytest.mark.slow
@pytest.mark.requirement("KWS-209")
def test_no_screen_tells_where_a_protected_person_lives(scene: Scene, town: Town) -> None:
    """One right is not enough either: without a reason its page shows nothing."""
    betrayed: dict[tuple[str, str, str], set[str]] = {}
    reached = set[str]()
    staff = {role: begin(town, role=role) for role in ROLES}
    for role, person in staff.items():
        crawl = Crawl(person).everything()
        reached |= crawl.reached
        for screen, path, text in crawl.answers:
            if secrets := betrayed_in(text) & HIDDEN:
                betrayed[role, screen, path] = secrets
    assert betrayed == {}
    never = {screen.code for screen in all_screens()} - reached
    assert never <= NOT_REACHED, sorted(never - NOT_REACHED)


def test_with_the_right_and_a_reason_it_is_shown_and_written_down(scene: Scene, town: Town) -> None:
    someone = begin(town, role="protection")
    crawl = Crawl(someone).everything()
    path = next(path for screen, path, _ in crawl.answers if screen == "GET protected_address")
    assert not any(HOME.town in text for _, _, text in crawl.answers)
    shown = someone.post(path, {"reason": "警察からの照会への回答のため"})
    assert HOME.town in shown.content.decode()
    purposes = [
        row[0]
        for row in fetch(
            "SELECT purpose FROM audit_read WHERE actor_id = %s AND subjects && %s::bigint[] "
            "AND what::text LIKE '%%支援措置の対象者の住所%%'",
            someone.staff_no,
            list(scene.sheltered),
        )
    ]
    assert purposes == ["支援措置対象者の住所の確認（理由：警察からの照会への回答のため）"]

"""A member of staff is linked to the register on a page, and their odd readings are found from then on."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from kyufu.audit.api import acting, note_read, open_odd_reads, review_queue
from kyufu.platform.access import Access, Channel
from kyufu.platform.clock import current_date_in_japan, current_instant
from kyufu.staff import api as staff
from kyufu.web.review_facts import RegisterFacts
from kyufu.web.tokens import token_for
from tests.cases.world import Family, World
from tests.registry.persons import fetch
from tests.web.conftest import SignedIn
from tests.web.town import HEAD, Person

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])
FAMILY = "本人または同じ世帯・家族の情報を見ています（1人）"
NEIGHBOUR = "近所に住む人の情報を見ています（1人）"
COLLEAGUE = "職員の情報を見ています（1人）"


def address_of(admin: Person, *, account: Person, step: str = "") -> str:
    """The page of the relations of an account, as the administrator's browser knows it."""
    token = token_for(kind="account", key=account.account_id, account_id=admin.account_id)
    return f"/accounts/{token}/relations/{step}"


def read_as(reader: Person, *subjects: int) -> None:
    """Read persons as a member of staff at the counter."""
    rights = staff.rights_of(reader.account_id, on=current_date_in_japan())
    access = Access(
        actor=rights.actor(), terminal="窓口1", channel=Channel.SCREEN, screen="person", purpose="照会",
        reference=uuid4(),
    )  # fmt: skip
    with acting(access):
        note_read(subjects, what="氏名・住所")


def reasons_found(reviewer: Person) -> dict[str, set[str]]:
    """The reasons of what the review finds, by the staff number of who read; by the real supplier of facts."""
    now, span = current_instant(), timedelta(hours=1)
    by = staff.rights_of(reviewer.account_id, on=current_date_in_japan()).actor()
    facts = RegisterFacts(on=current_date_in_japan(), until=now)
    on = current_date_in_japan()
    access = Access(
        actor=by, terminal="本庁", channel=Channel.BATCH, screen="review", purpose="点検", reference=uuid4()
    )
    with acting(access):
        open_odd_reads(since=now - span, until=now + span, on=on, facts=facts, by=by, at=now)
    found: dict[str, set[str]] = {}
    for one in review_queue(limit=5_000):
        found.setdefault(one.reader_no, set()).update(one.reasons)
    return found


@pytest.mark.requirement("KWS-209")
def test_family_neighbours_and_colleagues_are_found(
    world: World, family: Family, signed_in: SignedIn
) -> None:
    neighbours = world.family()
    admin, clerk, other = signed_in("rights", office=HEAD), signed_in("counter"), signed_in("counter")
    read_as(clerk, family.child)
    read_as(clerk, neighbours.child)
    read_as(other, family.father)
    before = reasons_found(admin).get(clerk.staff_no, set())
    assert not before & {FAMILY, NEIGHBOUR}, "nobody knows yet who the clerk is"
    data = {"addressee_no": family.father_no, "relation": "self"}
    assert admin.post(address_of(admin, account=clerk, step="new/"), data).status_code == 302
    read_as(clerk, family.child)
    read_as(clerk, neighbours.child)
    read_as(other, family.father)
    found = reasons_found(admin)
    assert {FAMILY, NEIGHBOUR} <= found[clerk.staff_no]
    assert COLLEAGUE in found[other.staff_no]


def test_the_page_shows_adds_and_takes_away_and_records(
    world: World, family: Family, signed_in: SignedIn
) -> None:
    admin, clerk = signed_in("rights", office=HEAD), signed_in("counter")
    add = address_of(admin, account=clerk, step="new/")
    assert admin.post(add, {"addressee_no": "1", "relation": "self"}).status_code == 422
    assert admin.post(add, {"addressee_no": family.child_no, "relation": "friend"}).status_code == 422
    assert admin.post(add, {"addressee_no": family.child_no, "relation": "family"}).status_code == 302
    page = admin.get(address_of(admin, account=clerk)).content.decode()
    assert family.child_no in page
    assert "家族・同じ世帯" in page
    assert admin.post(add, {"addressee_no": family.father_no, "relation": "self"}).status_code == 302
    end = address_of(admin, account=clerk, step="end/")
    assert admin.post(end, {"addressee_no": family.child_no}).status_code == 302
    assert admin.post(end, {"addressee_no": family.child_no}).status_code == 409
    assert staff.addressees_of_staff(clerk.account_id) == [(family.father_no, "self")]
    events = fetch(
        "SELECT count(*) FROM audit_event WHERE kind = 'account_changed' AND actor_id = %s", admin.staff_no
    )
    assert events == [(3,)]
    reads = fetch("SELECT count(*) FROM audit_read WHERE subjects @> ARRAY[%s::bigint]", family.child)
    assert reads[0][0] >= 1, "who the family of staff are is personal too"


def test_nobody_links_themselves(world: World, family: Family, signed_in: SignedIn) -> None:
    admin = signed_in("rights", office=HEAD)
    data = {"addressee_no": family.father_no, "relation": "self"}
    answer = admin.post(address_of(admin, account=admin, step="new/"), data)
    assert answer.status_code == 409
    assert staff.addressees_of_staff(admin.account_id) == []

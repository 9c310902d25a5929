"""Attempts of people who are signed in to get at more than they were given, alone or by a tampered form."""

from __future__ import annotations

import pytest

from kyufu.audit import api as audit
from kyufu.cases import api as cases
from kyufu.registry import api as registry
from kyufu.staff import api as staff
from kyufu.web.pages.stated import Ticket
from tests.attacks.crawl import Place, Site
from tests.attacks.digests import log_rows
from tests.attacks.hall import PERSON_THERE, Hall
from tests.attacks.sending import targets
from tests.cases.world import judge
from tests.registry.persons import my_number
from tests.web.town import CONTRACTOR, HEAD, WARD, Person

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
REASON = {"reason": "窓口での確認のため"}


def _grant_form(hall: Hall, *, staff_no: str, role: str) -> dict[str, str]:
    day = hall.town.today.isoformat()
    return {
        "staff_no": staff_no, "role": role, "office": HEAD, "scheme": "child", "first_day": day,
        "last_day": hall.town.last_day.isoformat(), "why": "担当事務のため",
    }  # fmt: skip


def _roles(hall: Hall, person: Person) -> set[str]:
    return {
        one.role for one in staff.current_grants(person.account_id, on=hall.town.today) if one.state == "confirmed"
    }  # fmt: skip


def _waiting(person: Person) -> int:
    return next(one.grant_id for one in staff.grants_of(person.account_id) if one.state == "asked")


def test_who_asks_for_a_grant_cannot_confirm_it_by_a_request_of_their_own(hall: Hall) -> None:
    admin, clerk = hall.person("rights", office=HEAD), hall.person()
    assert (
        admin.post("/grants/new/", _grant_form(hall, staff_no=clerk.staff_no, role="counter")).status_code
        == 302
    )
    grant = Place("grant_confirm", "grant", str(_waiting(clerk)))
    assert admin.post(grant.path(admin)).status_code == 409
    assert _roles(hall, clerk) == set()
    second = hall.person("rights", office=HEAD)
    assert second.post(grant.path(second)).status_code == 302
    assert _roles(hall, clerk) == {"counter"}


@pytest.mark.parametrize("role", ["number", "auditor", "rights"])
def test_a_rights_administrator_cannot_get_a_role_alone(hall: Hall, role: str) -> None:
    admin = hall.person("rights", office=HEAD)
    before = _roles(hall, admin)
    admin.post("/grants/new/", _grant_form(hall, staff_no=admin.staff_no, role=role))
    for grant in staff.grants_of(admin.account_id):
        if grant.state == "asked":
            assert (
                admin.post(Place("grant_confirm", "grant", str(grant.grant_id)).path(admin)).status_code
                == 409
            )
    assert _roles(hall, admin) == before


def test_who_gets_a_grant_cannot_confirm_what_another_asked_for_them(hall: Hall) -> None:
    asking, getting = hall.person("rights", office=HEAD), hall.person("rights", office=HEAD)
    asking.post("/grants/new/", _grant_form(hall, staff_no=getting.staff_no, role="number"))
    path = Place("grant_confirm", "grant", str(_waiting(getting))).path(getting)
    assert getting.post(path).status_code == 409
    assert _roles(hall, getting) == {"rights"}


@pytest.mark.requirement("YOK-179")
@pytest.mark.parametrize(
    "role", ["number", "protection", "rights", "auditor", "approver", "head", "operations"]
)
def test_a_contractor_gets_no_right_that_is_closed_to_contractors(hall: Hall, role: str) -> None:
    worker = hall.person("contractor", office=WARD, account_at=CONTRACTOR)
    asking, confirming = hall.person("rights", office=HEAD), hall.person("rights", office=HEAD)
    asking.post("/grants/new/", _grant_form(hall, staff_no=worker.staff_no, role=role))
    for grant in staff.grants_of(worker.account_id):
        if grant.state == "asked":
            confirming.post(Place("grant_confirm", "grant", str(grant.grant_id)).path(confirming))
    held = staff.rights_of(worker.account_id, on=hall.town.today)
    assert held.functions() & staff.CLOSED_TO_CONTRACTORS == set()


def test_a_grant_is_not_confirmed_by_the_token_of_another_person(hall: Hall) -> None:
    asking, confirming, clerk = (
        hall.person("rights", office=HEAD),
        hall.person("rights", office=HEAD),
        hall.person(),
    )
    asking.post("/grants/new/", _grant_form(hall, staff_no=clerk.staff_no, role="counter"))
    stolen = Place("grant_confirm", "grant", str(_waiting(clerk))).path(asking)
    assert confirming.post(stolen).status_code == 404
    assert _roles(hall, clerk) == set()


@pytest.mark.parametrize("role", ["", "0", "superuser", "counter' OR '1'='1", "contractor\x00"])
def test_a_role_that_is_not_on_the_list_is_not_granted(hall: Hall, role: str) -> None:
    admin, clerk = hall.person("rights", office=HEAD), hall.person()
    answer = admin.post("/grants/new/", _grant_form(hall, staff_no=clerk.staff_no, role=role))
    assert answer.status_code == 422
    assert staff.grants_of(clerk.account_id) == []


def test_an_administrator_cannot_unlock_renew_or_end_their_own_account(hall: Hall) -> None:
    admin = hall.person("rights", office=HEAD)
    for code in ("account_lock", "account_unlock", "account_end", "account_renew"):
        path = Place(code, "account", str(admin.account_id)).path(admin)
        answer = admin.post(path, REASON | {"expires_on": hall.town.last_day.isoformat()})
        assert answer.status_code == 409, code
    assert admin.get("/accounts/").status_code == 200


@pytest.mark.parametrize("seen", ["0" * 64, "", "A" * 64])
def test_a_tampered_digest_decides_nothing(hall: Hall, seen: str) -> None:
    approver = hall.person("approver", office=HEAD)
    number = hall.applications["here"]
    for code, more in (("application_approve", {}), ("application_send_back", {"why": "資料の確認"})):
        path = Place(code, "application", str(number)).path(approver)
        assert approver.post(path, {"seen": seen, **more}).status_code in (409, 422)
    assert _state(number) == "judged"


def test_the_digest_of_another_application_decides_nothing(hall: Hall) -> None:
    approver, number = hall.person("approver", office=HEAD), hall.applications["here"]
    other = cases.application_by_id(hall.applications["there"]).decision_id
    assert other is not None
    path = Place("application_approve", "application", str(number)).path(approver)
    assert approver.post(path, {"seen": cases.decision_digest(other)}).status_code == 409
    assert _state(number) == "judged"


def test_who_judged_does_not_approve_by_a_request_of_their_own(hall: Hall) -> None:
    both = hall.person("counter", "approver", office=HEAD)
    number = hall.applications["here"]
    actor = staff.rights_of(both.account_id, on=hall.town.today).actor()
    judge(number, by=actor)
    decision = cases.application_by_id(number).decision_id
    assert decision is not None
    path = Place("application_approve", "application", str(number)).path(both)
    assert both.post(path, {"seen": cases.decision_digest(decision)}).status_code == 409
    assert _state(number) == "judged"


def test_a_number_is_not_registered_for_a_person_of_another_ward(hall: Hall) -> None:
    clerk = hall.person("number", office=WARD)
    key = Ticket(hall.persons["there"], "application", "R8-1").key
    for code in ("number_register", "number_change"):
        data = REASON | {"number": my_number(PERSON_THERE), "changed_on": hall.town.today.isoformat()}
        answer = clerk.post(Place(code, "person", key).path(clerk), data)
        assert answer.status_code == 403, code
    assert registry.numbers.unified_number_of(hall.persons["there"]) is None


def test_a_reader_does_not_close_the_review_of_their_own_reading(hall: Hall) -> None:
    reader = hall.almighty
    own = next(one for one in audit.review_queue(limit=50) if one.reader_no == reader.staff_no)
    for code, data in (
        ("review_close", {"finding": "justified", "why": "業務のため"}),
        ("review_assign", {"question": "なぜですか"}),
    ):
        answer = reader.post(Place(code, "review", str(own.review_id)).path(reader), data)
        assert answer.status_code in (409, 422), code
    found = audit.find_review(own.review_id)
    assert found is not None and found.state == own.state


def test_no_screen_deletes_or_alters_the_log(hall: Hall, site: Site) -> None:
    """Whatever the almighty person does on every screen, what the log held before stands there afterwards."""
    before = log_rows()
    for _, form in targets(site):
        hall.almighty.post(
            form.path, form.filled() | {"delete": "1", "action": "delete", "_method": "DELETE"}
        )
    assert before - log_rows() == set()
    assert len(log_rows()) > len(before)


def _state(number: int) -> str:
    return str(cases.application_by_id(number).state)


def test_a_grant_cannot_be_confirmed_by_a_field_of_the_form_that_asks(hall: Hall) -> None:
    admin, clerk = hall.person("rights", office=HEAD), hall.person()
    data = _grant_form(hall, staff_no=clerk.staff_no, role="counter")
    admin.post("/grants/new/", data | {"state": "confirmed", "confirmed_by": admin.staff_no})
    assert [one.state for one in staff.grants_of(clerk.account_id)] == ["asked"]

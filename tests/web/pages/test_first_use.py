"""What made a first-time user hesitate: words that lead on where a page used to leave one standing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from kyufu.cases import api as cases
from kyufu.cases.queries import fetch
from kyufu.law.decision import Outcome
from kyufu.platform import clock
from kyufu.registry import api as registry
from kyufu.web.pages.audit_forms import DisclosureForm
from kyufu.web.pages.case_view import LOSS_REMEDY, is_unconfirmed_loss
from tests.cases.world import AT, LATER, ON, WARD, Family, World, certify, judge, receive
from tests.web.conftest import SignedIn
from tests.web.pages.casework import page_of
from tests.web.pages.reading import Page, read
from tests.web.pages.test_worklist_pages import discrepancy
from tests.web.town import HEAD, Person


@pytest.fixture
def clerk(world: World, signed_in: SignedIn) -> Person:
    """Somebody at the counter of the ward."""
    return signed_in()


def note_to_call_back(person: Person, addressee_id: int, *, due_on: date) -> None:
    contact = registry.NewContact(
        AT.date(), registry.ContactWay.PHONE, "母", "再交付の相談", "折り返す。", due_on
    )
    registry.record_contact(contact, addressee_id=addressee_id, ward_code=WARD, by=LATER, at=AT)


@pytest.mark.django_db(transaction=True)
class TestLossOnHold:
    """A reported loss that no record bears out yet."""

    def report(self, family: Family, *, cause: cases.LossCause) -> int:
        application_id = receive(family, kind=cases.Kind.LOSS, matter=str(cause), event_on=ON)
        judge(application_id)
        return application_id

    @pytest.mark.parametrize(
        ("cause", "said"),
        [(cases.LossCause.MOVED_OUT, "転出届"), (cases.LossCause.PUBLIC_ASSISTANCE, "保護の担当")],
    )
    def test_the_page_says_what_it_waits_for(
        self, world: World, clerk: Person, cause: cases.LossCause, said: str
    ) -> None:
        family = world.family()
        certify(family)
        page = page_of(clerk, self.report(family, cause=cause))
        assert "いまの記録で確かめられません" in page.text
        assert said in page.text
        assert "次：喪失の事由が記録に載ったことの確認と再判定" in page.text

    def test_another_application_says_nothing_of_it(self, world: World, clerk: Person) -> None:
        assert "いまの記録で確かめられません" not in page_of(clerk, certify(world.family())).text


@pytest.mark.parametrize(
    ("state", "kind", "outcome", "is_held"),
    [
        ("undecided", "loss", Outcome.ELIGIBLE, True),
        ("undecided", "loss", Outcome.CANNOT_DECIDE, False),
        ("undecided", "new", Outcome.ELIGIBLE, False),
        ("judged", "loss", Outcome.ELIGIBLE, False),
        ("undecided", "loss", None, False),
    ],
)
def test_a_loss_is_unconfirmed_only_while_the_records_say_entitled(
    state: str, kind: str, outcome: Outcome | None, *, is_held: bool
) -> None:
    assert is_unconfirmed_loss(state, kind=kind, outcome=outcome) is is_held


def test_each_cause_of_loss_says_what_to_do() -> None:
    assert set(LOSS_REMEDY) == {str(one) for one in cases.LossCause}
    assert all(one.endswith("。") for one in LOSS_REMEDY.values())


@pytest.mark.django_db(transaction=True)
def test_what_is_missing_stands_before_the_buttons(world: World, clerk: Person) -> None:
    application_id = receive(world.family(insured=False))
    judge(application_id)
    text = page_of(clerk, application_id).text
    assert text.index("足りないものと、次にすること") < text.index("再判定する")
    assert text.count("児童の健康保険を登録する") == 1


@pytest.mark.django_db(transaction=True)
def test_a_card_to_take_back_leads_to_recording_it(world: World, signed_in: SignedIn) -> None:
    family, head = world.family(), signed_in("head", office=HEAD)
    certify(family)
    ((number,),) = fetch("SELECT number FROM cases_certificate", {})
    cases.void_certificate(number, by=LATER, at=AT, why="転出")
    (link,) = [one for one in read(head.get("/worklists/unrecovered/")).links if one.endswith("/recover/")]
    page = read(head.get(link))
    assert number in page.text


@pytest.mark.django_db(transaction=True)
def test_a_discrepancy_leads_to_a_record_of_the_contact(world: World, signed_in: SignedIn) -> None:
    family, head = world.family(), signed_in("head", office=HEAD)
    discrepancy(family)
    page = read(head.get("/worklists/discrepancies/"))
    (link,) = [one for one in page.links if one.startswith("/contacts/") and one.endswith("/new/")]
    assert head.get(link).status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("shorten", [lambda number: number, lambda number: number.lstrip("0")])
def test_a_person_is_found_by_number_without_its_zeros(world: World, shorten: Callable[[str], str]) -> None:
    family = world.family()
    ((number,),) = fetch(
        "SELECT addressee_no FROM registry_addressee WHERE id = %(id)s", {"id": family.child}
    )
    sent = {
        "request_no": "開示1",
        "addressee_no": shorten(number),
        "first_day": "R8.1.1",
        "last_day": "R8.1.2",
    }
    form = DisclosureForm(sent)
    assert form.is_valid(), form.errors
    assert form.person() == family.child


@pytest.mark.django_db(transaction=True)
class TestHome:
    """The first page leads to what somebody began or promised."""

    def due_part(self, page: Page) -> str:
        return page.text.partition("期限の来た、後で行うこと")[2]

    def test_what_is_due_by_today_is_listed_for_the_ward(
        self, world: World, clerk: Person, signed_in: SignedIn
    ) -> None:
        family, today = world.family(), clock.current_date_in_japan()
        note_to_call_back(clerk, family.child, due_on=today)
        home = read(clerk.get("/"))
        assert "再交付の相談" in self.due_part(home)
        assert "折り返す。" not in home.text
        (link,) = [one for one in home.links if one.startswith("/contacts/")]
        assert "折り返す。" in read(clerk.get(link)).text
        assert self.due_part(read(signed_in("auditor", office=HEAD).get("/"))) == ""
        assert self.due_part(read(signed_in("head", office=HEAD).get("/"))) == "", (
            "not the head office's own note"
        )

    def test_what_is_due_later_is_not(self, world: World, clerk: Person) -> None:
        tomorrow = clock.current_date_in_japan() + timedelta(days=1)
        note_to_call_back(clerk, world.family().child, due_on=tomorrow)
        assert self.due_part(read(clerk.get("/"))) == ""

    @pytest.mark.usefixtures("town")
    def test_the_auditor_is_led_to_who_looked(self, signed_in: SignedIn) -> None:
        home = read(signed_in("auditor", office=HEAD).get("/"))
        assert "だれが見たかを調べる" in home.text
        assert "下書き" not in home.text

    @pytest.mark.usefixtures("town")
    def test_the_approver_is_led_to_the_queue(self, signed_in: SignedIn) -> None:
        assert "/approvals/" in read(signed_in("approver").get("/")).links

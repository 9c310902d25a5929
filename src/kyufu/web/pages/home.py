"""The first page after sign-in: the own work first, what waits for a second person, and how long one's rights last."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from kyufu.audit import api as audit
from kyufu.cases import api as cases
from kyufu.platform import clock
from kyufu.registry import api as registry
from kyufu.staff import api as staff
from kyufu.staff.api import Function, Level, Scheme
from kyufu.web import drafts
from kyufu.web.pages.scope import scope_of
from kyufu.web.pages.stated import Ticket
from kyufu.web.screens import StaffRequest, all_screens, may_open, screen

# How long before its last day a grant is spoken of: asking and confirming take some days (assumed).
EXPIRES_SOON = timedelta(days=30)
# What a person comes here for, by the code of the screen; the first that may be opened is the main one.
SHORTCUTS = (
    ("people", "個人を検索する"),
    ("approvals", "決裁待ちの一覧"),
    ("applications", "申請・届出の一覧"),
    ("reads_find", "だれが見たかを調べる"),
    ("reviews", "閲覧の点検"),
    ("health", "システムの状態"),
)
# What a home page can hold; the rest comes up as these are done.
MOST_FOLLOW_UPS = 10
ANSWERING = "inquiry"


class Work(NamedTuple):
    """How many applications stand in a state, and what somebody has to do with them next."""

    state: cases.ApplicationState
    next_step: str
    total: int


class Duty(NamedTuple):
    """What is done next with applications of a state, and the right that it takes."""

    state: cases.ApplicationState
    next_step: str
    function: Function


class Expiring(NamedTuple):
    """A grant that ends soon and that none follows; `days_left` is 0 on its last day."""

    grant: staff.GrantSeen
    days_left: int


class Task(NamedTuple):
    """A list that somebody has to work through: its screen, words and how many wait; `is_more`: at least so many."""

    url: str
    words: str
    total: int
    is_more: bool = False


class DueLine(NamedTuple):
    """Something that was to be done for a person by a day, with the ticket of the person's page."""

    follow_up: registry.FollowUp
    person: registry.PersonView
    key: str


class Shortcut(NamedTuple):
    """A button: where to, and its words."""

    url: str
    words: str


# In the order of urgency: what went wrong once comes first.
DUTIES = (
    Duty(cases.ApplicationState.SENT_BACK, "差戻しの理由を見て、判定し直す", Function.CASE),
    Duty(cases.ApplicationState.INCOMPLETE, "足りない書類がそろったら、判定する", Function.CASE),
    Duty(cases.ApplicationState.UNDECIDED, "足りない資料を確かめて、判定し直す", Function.CASE),
    Duty(cases.ApplicationState.RECEIVED, "判定する", Function.CASE),
    Duty(cases.ApplicationState.JUDGED, "判定を確かめて、決裁する", Function.APPROVAL),
    Duty(cases.ApplicationState.APPROVED, "医療証を交付する", Function.CERTIFICATE),
)


@screen(
    "home",
    title="ホーム",
    function=None,
    level=Level.NONE,
    purpose="業務の開始",
    contractors=True,
    methods=("GET",),
)
def show_home(request: StaffRequest) -> HttpResponse:
    """Show the own work: applications, what waits for a second person, reviews, and the own rights."""
    work = _work(request)
    grants = _own_grants(request)
    today = clock.current_date_in_japan()
    context = {
        "shortcuts": list(_shortcuts(request)),
        "own_work": [one for one, is_own in work if is_own],
        "other_work": [one for one, is_own in work if not is_own],
        "tasks": list(_tasks(request)),
        "due": _due(request, on=today),
        "proposals": waiting_proposals(request),
        "reviews": audit.reviews_to_answer(request.rights.staff_no),
        "grants": [one for one in grants if one.valid_from <= today],
        "expiring": list(expiring(grants, on=today)),
    }
    return TemplateResponse(request, "pages/home.html", context)


def waiting_proposals(request: StaffRequest) -> list[staff.Proposed]:
    """What waits for this person as the second one: by right, and not proposed by them."""
    return [
        one
        for one in staff.open_proposals(at=clock.current_instant())
        if one.proposed_by.staff_id != request.rights.staff_no
        and request.rights.may(staff.NEEDS[one.kind], level=Level.UPDATE)
    ]


def expiring(grants: list[staff.GrantSeen], *, on: date) -> Iterator[Expiring]:
    """The grants in force on a day that end soon, unless one of the same role and office goes on from there."""
    for one in grants:
        goes_on = any(
            (other.role, other.office_code, other.scheme) == (one.role, one.office_code, one.scheme)
            and other.valid_from <= one.ends_before < other.ends_before
            for other in grants
        )
        if one.valid_from <= on and one.ends_before - on <= EXPIRES_SOON and not goes_on:
            yield Expiring(one, (one.ends_before - on).days - 1)


def _shortcuts(request: StaffRequest) -> Iterator[Shortcut]:
    known = {one.code: one for one in all_screens()}
    for code, words in SHORTCUTS:
        if may_open(request.rights, screen=known[code]):
            yield Shortcut(reverse(code), words)


def _tasks(request: StaffRequest) -> Iterator[Task]:
    """The own drafts, and the cards of the wards that somebody has to hand over or mail."""
    known = {one.code: one for one in all_screens()}
    if may_open(request.rights, screen=known["drafts"]):
        own = drafts.own_drafts(request.rights.account_id, at=clock.current_instant())
        yield Task(reverse("drafts"), "書きかけの下書き", len(own))
    scope = scope_of(request, function=Function.CERTIFICATE, level=Level.UPDATE)
    if scope.wards and may_open(request.rights, screen=known["handovers"]):
        found = cases.count_to_hand_over(scope.wards)
        yield Task(reverse("handovers"), "手渡し・郵送を待つ医療証", found, found >= cases.MOST_COUNTED)


def _due(request: StaffRequest, *, on: date) -> list[DueLine]:
    """What is to be done for persons by today, of the wards of the right; of the head office the own notes alone."""
    scope = scope_of(request, function=Function.CASE, level=Level.UPDATE)
    if not scope.wards or not request.rights.may(Function.PERSON, level=Level.READ):
        return []
    author = request.access.actor.staff_id if scope.is_head else ""
    wards = None if scope.is_head else scope.wards
    found = registry.follow_ups_due(wards, on=on, limit=MOST_FOLLOW_UPS, staff_no=author)
    people = registry.people({one.addressee_id for one in found}, valid_on=on, today=on) if found else {}
    held = scope.held_of(people)
    return [
        DueLine(one, people[one.addressee_id], Ticket(one.addressee_id, ANSWERING, "").key)
        for one in found
        if one.addressee_id in held
    ]


def _work(request: StaffRequest) -> list[tuple[Work, bool]]:
    """The open applications of the offices by state, each with whether the next step is this person's."""
    scope = scope_of(request, function=Function.CASE, level=Level.READ)
    if not scope.wards:
        return []
    counts = cases.state_counts_in(scope.wards)
    return [
        (
            Work(duty.state, duty.next_step, counts.get(duty.state, 0)),
            request.rights.may(duty.function, level=Level.UPDATE, scheme=Scheme.CHILD),
        )
        for duty in DUTIES
    ]


def _own_grants(request: StaffRequest) -> list[staff.GrantSeen]:
    """The own grants that are confirmed, in force now or later."""
    today = clock.current_date_in_japan()
    return [
        grant
        for grant in staff.current_grants(request.rights.account_id, on=today)
        if grant.state is staff.GrantState.CONFIRMED
    ]

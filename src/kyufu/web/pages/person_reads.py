"""Who looked at a person within a period (だれが見たか): for the privacy staff, in two clicks.

The privacy staff has no right to persons: by a name or a number they find name, date of birth and number alone.
They answer for the whole city, as in the search of the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.http import Http404, HttpResponse
from django.shortcuts import render

from kyufu.audit import api as audit
from kyufu.audit.api import LogQuery, LogRecord, Stream
from kyufu.platform import clock
from kyufu.registry import api as registry
from kyufu.staff.api import Function, Level
from kyufu.web.pages.acts import INVALID
from kyufu.web.pages.audit_forms import PeriodForm, PersonFindForm, midnight
from kyufu.web.pages.links import go_to
from kyufu.web.pages.log import MENU, PURPOSE, place_of, screen_names, sealed_place
from kyufu.web.pages.purposes import LOG_REVIEW
from kyufu.web.pages.stated import PERSON, Ticket, stated, ticket_of
from kyufu.web.screens import StaffRequest, screen

PAGE = 50
READERS = 100
A_YEAR = 365
THIS_MONTH, LAST_MONTH, PAST_YEAR, CHOSEN = "this_month", "last_month", "past_year", "chosen"
PERIODS: dict[str, str] = {THIS_MONTH: "今月", LAST_MONTH: "先月", PAST_YEAR: "過去1年"}


class Found(NamedTuple):
    """A person who was found, as far as shown, with the key of the page of who looked."""

    addressee_no: str
    name: str
    kana: str
    birth_date: date | None
    key: str


class Look(NamedTuple):
    """One time that somebody looked: the record of it, its screen, and all that was read."""

    record: LogRecord
    screen: str
    items: tuple[str, ...]


class Asked(NamedTuple):
    """The period asked for: its days, both included, and which of the choices it is."""

    first_day: date
    last_day: date
    choice: str

    @property
    def since(self) -> datetime:
        """The instant at which it begins."""
        return midnight(self.first_day)

    @property
    def until(self) -> datetime:
        """The instant at which it is over."""
        return midnight(self.last_day + timedelta(days=1))


@screen(
    "reads_find",
    title="だれが見たかの確認",
    function=Function.AUDIT,
    level=Level.READ,
    purpose=PURPOSE,
    menu=MENU,
)
def find(request: StaffRequest) -> HttpResponse:
    """Find the person whose readers are asked for; the one person of a number is gone to at once."""
    form = PersonFindForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(
            request, "pages/reads_find.html", {"form": form}, status=INVALID if form.is_bound else 200
        )
    today = clock.current_date_in_japan()
    found = [_found(one) for one in registry.search_people(form.cleaned_data["text"], today=today)]
    if len(found) == 1:
        return go_to(request, code="person_reads", kind=PERSON, key=found[0].key)
    too_many = len(found) >= registry.SEARCH_LIMIT
    context = {"form": form, "searched": True, "found": found, "too_many": too_many}
    return render(request, "pages/reads_find.html", context)


@screen("person_reads", title="この人の情報をだれが見たか", function=Function.AUDIT, level=Level.READ, purpose=PURPOSE,
        methods=("GET",))  # fmt: skip
def show(request: StaffRequest, *, token: str) -> HttpResponse:
    """Show who looked at a person in a month or a year, how many times, and each time with screen and purpose."""
    ticket = ticket_of(request, token=token)
    today = clock.current_date_in_japan()
    form = PeriodForm(request.GET) if "first_day" in request.GET else None
    asked = _asked(request, form=form, today=today)
    with stated(request, purpose=PURPOSE, case_no=ticket.case_no):
        person = registry.people([ticket.person], valid_on=today, today=today).get(ticket.person)
        if person is None:
            raise Http404
        context: dict[str, Any] = {
            "ticket": ticket,
            "person": person,
            "form": form,
            "period_form": form or PeriodForm(),
            "asked": asked,
            "periods": PERIODS,
            **({} if asked is None else _answer(request, ticket=ticket, asked=asked)),
        }
        return render(request, "pages/person_reads.html", context, status=200 if asked else INVALID)


def period_of(choice: str, *, today: date) -> Asked:
    """The days of a choice, up to today; raises Http404 for what is none."""
    first = today.replace(day=1)
    if choice == THIS_MONTH:
        return Asked(first, today, choice)
    if choice == LAST_MONTH:
        last = first - timedelta(days=1)
        return Asked(last.replace(day=1), last, choice)
    if choice == PAST_YEAR:
        return Asked(today - timedelta(days=A_YEAR), today, choice)
    raise Http404


def looks_of(records: Sequence[LogRecord]) -> list[Look]:
    """Records, newest first, as times that somebody looked: what one request read is one time."""
    names = screen_names()
    together: dict[str, list[LogRecord]] = {}
    for one in records:
        together.setdefault(one.reference or str(one.number), []).append(one)
    return [
        Look(
            group[0],
            names.get(group[0].screen, group[0].screen),
            tuple(dict.fromkeys(item for one in group for item in one.what)),
        )
        for group in together.values()
    ]


def _asked(request: StaffRequest, *, form: PeriodForm | None, today: date) -> Asked | None:
    """The period of the buttons or of the form; None where the form holds none."""
    if form is None:
        return period_of(request.GET.get("period", THIS_MONTH), today=today)
    if not form.is_valid():
        return None
    return Asked(form.cleaned_data["first_day"], form.cleaned_data["last_day"], CHOSEN)


def _answer(request: StaffRequest, *, ticket: Ticket, asked: Asked) -> dict[str, Any]:
    numbers = registry.merged_ids([ticket.person]).get(ticket.person, (ticket.person,))
    also = tuple(one for one in numbers if one != ticket.person)
    query = LogQuery(
        asked.since,
        asked.until,
        addressee_id=ticket.person,
        also=also,
        before=place_of(request, name="after"),
    )
    records = audit.search_log(Stream.READS, query=query, limit=PAGE + 1)
    shown = records[:PAGE]
    return {
        "looks": looks_of(shown),
        "readers": audit.readers_of(numbers, since=asked.since, until=asked.until, limit=READERS),
        "next_place": sealed_place(request, last=shown[-1]) if len(records) > PAGE else "",
        "is_first": query.before is None,
    }


def _found(hit: registry.SearchHit) -> Found:
    key = Ticket(hit.addressee_id, LOG_REVIEW.code, "").key
    return Found(hit.addressee_no, hit.name, hit.kana, hit.birth_date, key)

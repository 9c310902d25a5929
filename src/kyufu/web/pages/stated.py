"""What somebody is looked up for (利用目的): stated at the search, carried in sealed addresses, kept in the log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.http import Http404

from kyufu.audit.api import acting
from kyufu.platform import clock
from kyufu.platform.access import Opening
from kyufu.platform.errors import Refused
from kyufu.web.pages.links import opened
from kyufu.web.pages.purposes import known_purpose
from kyufu.web.screens import StaffRequest

PERSON = "person"
_BETWEEN = "|"
PARTS = 4


class Ticket(NamedTuple):
    """Who is looked at and why: the addressee id, the code of the purpose, the receipt number or nothing."""

    person: int
    purpose: str
    case_no: str

    @property
    def key(self) -> str:
        """The ticket as it is sealed into an address, with the day on which the purpose was stated and holds."""
        today = clock.current_date_in_japan().isoformat()
        return _BETWEEN.join((str(self.person), self.purpose, self.case_no, today))

    @property
    def label(self) -> str:
        """The purpose in words."""
        found = known_purpose(self.purpose)
        if found is None:
            raise Http404
        return found.label

    def key_of(self, object_id: int) -> str:
        """The ticket with an object of the person, a certificate or a record, as it is sealed into its address."""
        return f"{self.key}{_BETWEEN}{object_id}"


def ticket_of(request: StaffRequest, *, token: str) -> Ticket:
    """The ticket that an address of a person carries.

    Raises Http404 for a foreign or made-up one, Refused for one of another day: its purpose is to be stated again.
    """
    return ticket_in(opened(request, token=token, kind=PERSON))


def ticket_with(request: StaffRequest, *, token: str, kind: str) -> tuple[Ticket, int]:
    """The ticket and the id of an object of the person that an address carries; raises as `ticket_of`."""
    key, _, object_id = opened(request, token=token, kind=kind).rpartition(_BETWEEN)
    return ticket_in(key), int(object_id)


def ticket_in(key: str) -> Ticket:
    """The ticket that a key holds which was sealed into an address; raises as `ticket_of`."""
    parts = key.split(_BETWEEN)
    if len(parts) != PARTS:
        raise Http404
    person, purpose, case_no, stated_on = parts
    if known_purpose(purpose) is None:
        raise Http404
    if stated_on != clock.current_date_in_japan().isoformat():
        raise Refused(
            "この画面を開いた利用目的は、前の日に選ばれたものです。",
            remedy="個人の検索から、今日の利用目的を選び直して開いてください。",
        )
    return Ticket(int(person), purpose, case_no)


@contextmanager
def stated(
    request: StaffRequest, *, purpose: str, case_no: str, opened: frozenset[Opening] = frozenset()
) -> Iterator[None]:
    """Read under the stated purpose (its words) and receipt number; the reads are logged with them.

    `opened` are the special acts that the screen's own right and form have let through.
    """
    before = request.access
    request.access = before._replace(purpose=purpose, case_no=case_no, opened=before.opened | opened)
    with acting(request.access):
        yield

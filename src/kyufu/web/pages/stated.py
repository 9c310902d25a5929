"""What somebody is looked up for (利用目的): stated at the search, carried in sealed addresses, kept in the log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.http import Http404

from kyufu.audit.api import acting
from kyufu.platform.access import Opening
from kyufu.web.pages.links import opened
from kyufu.web.pages.purposes import purposes
from kyufu.web.screens import StaffRequest

PERSON = "person"
_BETWEEN = "|"


class Ticket(NamedTuple):
    """Who is looked at and why: the addressee id, the code of the purpose, the receipt number or nothing."""

    person: int
    purpose: str
    case_no: str

    @property
    def key(self) -> str:
        """The ticket as it is sealed into an address."""
        return _BETWEEN.join((str(self.person), self.purpose, self.case_no))

    @property
    def label(self) -> str:
        """The purpose in words."""
        return purposes()[self.purpose].label


def ticket_of(request: StaffRequest, *, token: str) -> Ticket:
    """The ticket that an address of a person carries; raises Http404 for a foreign or made-up one."""
    person, purpose, case_no = opened(request, token=token, kind=PERSON).split(_BETWEEN)
    if purpose not in purposes():
        raise Http404
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

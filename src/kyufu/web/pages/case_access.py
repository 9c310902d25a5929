"""The application of an address, what its screens are called by, and what has happened to it meanwhile."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse

from kyufu.cases import api as cases
from kyufu.web.pages.links import go_to, opened
from kyufu.web.pages.scope import scope_of
from kyufu.web.screens import StaffRequest

APPLICATION = "application"
PURPOSE = "application"


def row_of(request: StaffRequest, *, token: str) -> cases.ApplicationRow:
    """The application of an address, let through by the office that received it; raises Http404 or Refused."""
    key = opened(request, token=token, kind=APPLICATION)
    row = cases.application_by_id(int(key))
    scope_of(request).require_ward(row.ward_code)
    return row


def to_application(request: StaffRequest, *, row: cases.ApplicationRow) -> HttpResponse:
    """Send the browser to the page of the application."""
    return go_to(request, code=APPLICATION, kind=APPLICATION, key=row.application_id)


def changes_since(steps: Sequence[cases.StepRow], *, step: str) -> tuple[cases.StepRow, ...]:
    """The steps of a history after the one that a form was made from; nothing where the form does not say."""
    if not (step.isascii() and step.isdigit()):
        return ()
    return tuple(one for one in steps if one.step_id > int(step))

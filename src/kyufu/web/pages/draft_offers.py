"""Drafts as a page uses them: offered when its form is opened, kept when it is sent, forgotten when it is received."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django import forms

from kyufu.platform import clock
from kyufu.web import drafts
from kyufu.web.screens import StaffRequest

DRAFT, SAVING = "draft", "draft_save"
BETWEEN = "|"
PARTS = 4
# By which the end of a session knows that the form was opened at this terminal.
TERMINAL = "kyufu_draft_terminal"


class Offer(NamedTuple):
    """A form's draft for its page: the key of the token to save or discard it by, and what was kept."""

    key: str
    kept: drafts.Kept | None = None

    @property
    def is_lost(self) -> bool:
        """Is there a draft that cannot be read any more?"""
        return self.kept is not None and self.kept.fields is None

    def initial(self, form: type[forms.Form]) -> Mapping[str, Any]:
        """What the form begins with: lists for fields of several values, the last value for others."""
        found = (self.kept.fields if self.kept else None) or {}
        fields: Mapping[str, forms.Field] = form.base_fields
        many = {name for name, field in fields.items() if isinstance(field, forms.MultipleChoiceField)}
        return {
            name: values if name in many else values[-1] for name, values in found.items() if name in fields
        }


class Place(NamedTuple):
    """What a token of a draft stands for: the form, what it is about, and the key of the page it was given on."""

    form: drafts.DraftForm
    about: drafts.About
    page: str

    @property
    def key(self) -> str:
        """The place as it is sealed into an address."""
        return BETWEEN.join((self.form.code, self.about.subject, str(self.about.person), self.page))


def place_in(key: str) -> Place | None:
    """The place that was sealed into an address; None for the key of something else."""
    parts = key.split(BETWEEN, PARTS - 1)
    form = drafts.draft_form(parts[0])
    if len(parts) != PARTS or form is None:
        return None
    return Place(form, drafts.About(parts[1], int(parts[2])), parts[3])


def place_on(request: StaffRequest, *, key: str) -> Place:
    """The place of the form of the present screen, for the key of its address; raises TypeError where none is kept."""
    form = drafts.draft_form(request.screen.code)
    if form is None:
        raise TypeError(f"no form of screen {request.screen.code} is kept as a draft")
    return Place(form, form.about(key), key)


def offered(request: StaffRequest, *, key: str) -> Offer:
    """What was kept of the screen's form by the account, for a page that is being opened."""
    place = place_on(request, key=key)
    if request.session.get(TERMINAL) != request.terminal.id:
        request.session[TERMINAL] = request.terminal.id
    kept = drafts.kept(place.form, account_id=_account(request), about=place.about, at=_now())
    return Offer(place.key, kept)


def keep(request: StaffRequest, *, key: str) -> Offer:
    """Keep what was sent until it is received; what a page shows of it is what was typed."""
    place = place_on(request, key=key)
    drafts.save(place.form, account_id=_account(request), about=place.about, posted=request.POST, at=_now())
    return Offer(place.key)


def forget(request: StaffRequest, *, key: str) -> None:
    """Throw the draft away: the form was received."""
    place = place_on(request, key=key)
    drafts.discard(place.form, account_id=_account(request), about=place.about)


def _account(request: StaffRequest) -> int:
    return request.rights.account_id


def _now() -> datetime:
    return clock.current_instant()

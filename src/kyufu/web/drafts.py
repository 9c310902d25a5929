"""Drafts of forms (下書き): what somebody has typed, kept for them until it is received, thrown away or grows old.

A form class says by `draftable` that it may be kept, under the code of its screen. What is kept is sealed to the
account, the form and what it is about; passwords, individual numbers and files never are among it. To open one is a
read of the person, and is noted.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django import forms
from django.http import QueryDict

from kyufu.audit.api import note_read
from kyufu.law.parameters.binding import bind, check_binding
from kyufu.law.parameters.entries import Entry, value_table
from kyufu.law.parameters.reading import read_entries
from kyufu.platform.clock import JAPAN
from kyufu.platform.errors import BadInput
from kyufu.web.keys import derived_key, former_key
from kyufu.web.models import Draft

FILE = Path(__file__).with_name("drafts.toml")
PURPOSE = "kyufu.web.drafts"
KEY_BYTES, NONCE_BYTES = 32, 12
# Longer than any form of ours when every field is full.
MOST_CHARACTERS = 20_000
WHAT = "入力途中の下書き"

Fields = Mapping[str, list[str]]
FormClass = TypeVar("FormClass", bound=type[forms.Form])


class About(NamedTuple):
    """What a draft is about: the object of its form as text, and the addressee id of the person behind it."""

    subject: str
    person: int


@dataclass(frozen=True, slots=True)
class DraftForm:
    """A form that may be kept: the code of its screen, the kind of the token in its address, the fields kept.

    `about` reads what it is about from the key of its address, `key` makes such a key anew.
    """

    code: str
    kind: str
    fields: frozenset[str]
    about: Callable[[str], About]
    key: Callable[[About], str]


@dataclass(frozen=True, slots=True)
class DraftPolicy:
    """The values of `drafts.toml` in force on a day."""

    keep_days: int


class Kept(NamedTuple):
    """A draft as it was opened; `fields` is None where it cannot be read any more."""

    fields: Fields | None
    saved_at: datetime
    until: datetime


class OwnDraft(NamedTuple):
    """A line of somebody's own list of drafts."""

    form: DraftForm
    about: About
    saved_at: datetime
    until: datetime


_FORMS: dict[str, DraftForm] = {}


def draftable(
    code: str, *, kind: str, about: Callable[[str], About], key: Callable[[About], str]
) -> Callable[[FormClass], FormClass]:
    """Let what is typed into a form class be kept, under the code of its screen; see `DraftForm`."""

    def mark(form: FormClass) -> FormClass:
        if code in _FORMS:
            raise ValueError(f"drafts of {code} are declared twice")
        _FORMS[code] = DraftForm(code, kind, _kept_fields(form), about, key)
        return form

    return mark


def draft_form(code: str) -> DraftForm | None:
    """The form of a screen that may be kept; None for any other screen."""
    return _FORMS.get(code)


def save(
    form: DraftForm, *, account_id: int, about: About, posted: QueryDict, at: datetime
) -> datetime | None:
    """Keep what was typed in place of what was kept before; returns when it was last kept, None for an empty form.

    Raises BadInput for more than a form of ours can hold.
    """
    typed = {name: posted.getlist(name) for name in sorted(form.fields & posted.keys())}
    typed = {name: values for name, values in typed.items() if any(values)}
    if sum(len(value) for values in typed.values() for value in values) > MOST_CHARACTERS:
        raise BadInput("入力が長すぎるため、下書きを保存できません。", remedy="入力を短くしてください。")
    row = _row(form, account_id=account_id, about=about)
    if row is not None and _opened(row, account_id=account_id) == typed:
        return row.saved_at
    if not typed:
        discard(form, account_id=account_id, about=about)
        return None
    sealed = _sealed(typed, binding=_binding(account_id, form=form.code, subject=about.subject))
    made = Draft(
        account_id=account_id, form=form.code, subject=about.subject, addressee_id=about.person, saved_at=at,
        content=sealed,
    )  # fmt: skip
    Draft.objects.bulk_create(
        [made], update_conflicts=True, unique_fields=["account", "form", "subject"],
        update_fields=["addressee", "saved_at", "content"],
    )  # fmt: skip
    return at


def kept(form: DraftForm, *, account_id: int, about: About, at: datetime) -> Kept | None:
    """The account's draft of a form about somebody, noted as a read of the person; None without one in date."""
    row = _row(form, account_id=account_id, about=about)
    if row is None or until(row.saved_at) <= at:
        return None
    note_read((row.addressee_id,), what=WHAT)
    return Kept(_opened(row, account_id=account_id), row.saved_at, until(row.saved_at))


def discard(form: DraftForm, *, account_id: int, about: About) -> None:
    """Throw a draft away: the form was received, or its writer does not want it."""
    Draft.objects.filter(account_id=account_id, form=form.code, subject=about.subject).delete()


def own_drafts(account_id: int, *, at: datetime) -> list[OwnDraft]:
    """The drafts of an account that are in date, newest first: of which form about whom, nothing of what was typed."""
    rows = Draft.objects.filter(account_id=account_id, form__in=_FORMS).order_by("-saved_at").defer("content")
    found = [
        OwnDraft(_FORMS[row.form], About(row.subject, row.addressee_id), row.saved_at, until(row.saved_at))
        for row in rows
    ]
    return [one for one in found if at < one.until]


def delete_expired(*, at: datetime) -> int:
    """Delete the drafts whose time is over at an instant; how many."""
    days = policy(at).keep_days
    return Draft.objects.filter(saved_at__lte=at - timedelta(days=days)).delete()[0]


def until(saved_at: datetime) -> datetime:
    """The instant from which a draft is not shown any more."""
    return saved_at + timedelta(days=policy(saved_at).keep_days)


def policy(at: datetime) -> DraftPolicy:
    """The rules of drafts in force on the day of an instant."""
    return bind(_entries(), into=DraftPolicy, on=at.astimezone(JAPAN).date())


@cache
def _entries() -> tuple[Entry, ...]:
    found = read_entries(FILE, tables=(value_table("value"),))
    check_binding(found, into=DraftPolicy, file=FILE.name)
    return found


def _kept_fields(form: type[forms.Form]) -> frozenset[str]:
    """The fields of a form but for passwords, individual numbers (which are typed as such), files and hidden ones."""
    never = (forms.PasswordInput, forms.FileInput, forms.HiddenInput)
    fields: Mapping[str, forms.Field] = form.base_fields
    return frozenset(name for name, field in fields.items() if not isinstance(field.widget, never))


def _row(form: DraftForm, *, account_id: int, about: About) -> Draft | None:
    return Draft.objects.filter(account_id=account_id, form=form.code, subject=about.subject).first()


def _binding(account_id: int, *, form: str, subject: str) -> bytes:
    return json.dumps([account_id, form, subject]).encode()


def _sealed(typed: Fields, *, binding: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    text = json.dumps(typed, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return nonce + AESGCM(derived_key(PURPOSE, length=KEY_BYTES)).encrypt(nonce, text, binding)


def _opened(row: Draft, *, account_id: int) -> Fields | None:
    """What was typed; None where another secret, another account or another hand made the row."""
    binding = _binding(account_id, form=row.form, subject=row.subject)
    content = bytes(row.content)
    for key in (derived_key(PURPOSE, length=KEY_BYTES), former_key(PURPOSE, length=KEY_BYTES)):
        if key is None or len(content) < NONCE_BYTES:
            continue
        try:
            text = AESGCM(key).decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], binding)
        except InvalidTag:
            continue
        typed: Fields = json.loads(text.decode("utf-8", "surrogatepass"))
        return typed
    return None

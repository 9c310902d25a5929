"""The sealing of drafts and the places of their tokens: whole, bound, and shut to every other key (no database)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django import forms
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kyufu.web import drafts
from kyufu.web.models import Draft
from kyufu.web.pages.draft_offers import Offer, Place, place_in
from kyufu.web.pages.forms import NumberField
from kyufu.web.pages.intake_forms import NewForm
from kyufu.web.pages.stated import ticket_in

WIDE = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMES = st.text(st.characters(codec="ascii", categories=["L"]), min_size=1, max_size=20)
VALUES = st.lists(st.text(max_size=40), max_size=4)
NOW = datetime(2026, 11, 29, tzinfo=UTC)
TYPED = st.dictionaries(NAMES, VALUES, max_size=6)
ACCOUNTS = st.integers(1, 10**6)
SUBJECTS = st.integers(1, 10**12).map(str)
CODES = (
    "intake_new",
    "intake_change",
    "intake_loss",
    "intake_reissue",
    "intake_withdrawal",
    "intake_complete",
)
BOUND = st.tuples(ACCOUNTS, st.sampled_from(CODES), SUBJECTS)
# Half a surrogate pair is what a broken browser may send: it must not make the form unkeepable.
HALVES = st.text(st.characters(categories=["Cs", "L"]), max_size=10)


def row(typed: Any, *, account: int, form: str, subject: str) -> Draft:
    """A row as it is written, without a database."""
    binding = drafts._binding(account, form=form, subject=subject)
    return Draft(
        account_id=account, form=form, subject=subject, content=drafts._sealed(typed, binding=binding)
    )


@WIDE
@given(TYPED, ACCOUNTS, st.sampled_from(CODES), SUBJECTS)
def test_what_was_sealed_is_opened_as_it_was(typed: Any, account: int, form: str, subject: str) -> None:
    sealed = row(typed, account=account, form=form, subject=subject)
    assert drafts._opened(sealed, account_id=account) == typed


@WIDE
@given(HALVES, ACCOUNTS)
def test_text_that_is_no_text_is_kept_too(text: str, account: int) -> None:
    sealed = row({"agent_name": [text]}, account=account, form="intake_new", subject="1")
    assert drafts._opened(sealed, account_id=account) == {"agent_name": [text]}


@WIDE
@given(TYPED, BOUND, BOUND)
def test_another_account_form_or_object_opens_nothing(
    typed: Any, mine: tuple[int, str, str], other: tuple[int, str, str]
) -> None:
    sealed = row(typed, account=mine[0], form=mine[1], subject=mine[2])
    for account, form, subject in (
        (other[0], mine[1], mine[2]), (mine[0], other[1], mine[2]), (mine[0], mine[1], other[2]),
    ):  # fmt: skip
        moved = Draft(account_id=account, form=form, subject=subject, content=sealed.content)
        is_same = (account, form, subject) == mine
        assert (drafts._opened(moved, account_id=account) is not None) is is_same


@WIDE
@given(TYPED, st.data())
def test_one_altered_bit_anywhere_shuts_it(typed: Any, data: st.DataObject) -> None:
    sealed = row(typed, account=1, form="intake_new", subject="1")
    content = bytearray(sealed.content)
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= 1 << data.draw(st.integers(0, 7))
    sealed.content = bytes(content)
    assert drafts._opened(sealed, account_id=1) is None


@WIDE
@given(TYPED, st.data())
def test_a_part_of_it_is_shut(typed: Any, data: st.DataObject) -> None:
    sealed = row(typed, account=1, form="intake_new", subject="1")
    whole = sealed.content
    sealed.content = whole[: data.draw(st.integers(0, len(whole) - 1))]
    assert drafts._opened(sealed, account_id=1) is None


@WIDE
@given(TYPED)
def test_nothing_that_was_typed_can_be_read_in_what_is_kept(typed: Any) -> None:
    content = row(typed, account=1, form="intake_new", subject="1").content
    for values in typed.values():
        for value in values:
            plain = value.encode("utf-8", "surrogatepass")
            assert len(plain) < 4 or plain not in content


def test_the_same_text_is_never_sealed_alike() -> None:
    sealed = {bytes(row({"a": ["b"]}, account=1, form="intake_new", subject="1").content) for _ in range(50)}
    assert len(sealed) == 50


@WIDE
@given(
    st.sampled_from(CODES), SUBJECTS, st.integers(1, 10**9),
    st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S"]), max_size=30),
)  # fmt: skip
def test_a_place_is_read_back_from_its_key(code: str, subject: str, person: int, page: str) -> None:
    """The key of the page may hold the mark that parts the places: a ticket does."""
    form = drafts.draft_form(code)
    assert form is not None
    place = Place(form, drafts.About(subject, person), page)
    assert place_in(place.key) == place


@pytest.mark.parametrize(
    "key", ["", "x", "application|1|2|3", "intake_new", "intake_new|1|2", "intake_new|1"]
)
def test_the_key_of_something_else_is_no_place(key: str) -> None:
    assert place_in(key) is None


@pytest.mark.parametrize("code", CODES[:-1])
def test_a_draft_of_a_child_is_gone_on_with_at_the_page_of_that_child(code: str) -> None:
    form = drafts.draft_form(code)
    assert form is not None
    about = drafts.About("4711", 4711)
    assert form.about(form.key(about)) == about
    assert ticket_in(form.key(about)).person == 4711


def test_no_form_keeps_what_is_a_secret_or_the_marks_of_a_page() -> None:
    assert set(CODES) == set(drafts._FORMS)
    for one in drafts._FORMS.values():
        assert not one.fields & {"csrfmiddlewaretoken", "step", "confirmed", "password", "my_number"}
        assert one.fields, one.code


def test_every_line_of_a_draft_is_a_field_in_sight() -> None:
    fields = NewForm.base_fields
    kept = drafts._FORMS["intake_new"].fields
    assert kept == frozenset(fields)
    assert not [name for name in kept if isinstance(fields[name], NumberField | forms.FileField)]
    assert not [name for name in kept if isinstance(fields[name].widget, forms.HiddenInput)]


def test_a_form_of_several_values_begins_with_all_of_them_and_others_with_the_last() -> None:
    found = drafts.Kept(
        {"papers": ["a", "b"], "agent_name": ["前", "後"], "unknown": ["x"]}, NOW, NOW + timedelta(days=7)
    )
    assert Offer("key", found).initial(NewForm) == {"papers": ["a", "b"], "agent_name": "後"}
    assert not Offer("key", found).is_lost


def test_without_a_draft_or_with_one_that_is_unreadable_a_form_begins_empty() -> None:
    lost = Offer("key", drafts.Kept(None, NOW, NOW))
    assert lost.is_lost and lost.initial(NewForm) == {}
    assert not Offer("key").is_lost and Offer("key").initial(NewForm) == {}


def test_a_form_with_too_much_is_refused_before_anything_is_read() -> None:
    """The limit holds for all fields together; one character less is what the table is asked about."""
    form = drafts.draft_form("intake_new")
    assert form is not None
    half = "あ" * (drafts.MOST_CHARACTERS // 2)
    posted = QueryDict(mutable=True)
    posted.setlist("agent_name", [half])
    posted.setlist("other_paper", [half + "い"])
    with pytest.raises(drafts.BadInput, match="入力が長すぎる"):
        drafts.save(
            form,
            account_id=1,
            about=drafts.About("1", 1),
            posted=posted,
            at=NOW,
        )


@pytest.mark.parametrize("zone", [timedelta(0), timedelta(hours=9)])
def test_the_end_of_a_draft_is_counted_from_when_it_was_kept(zone: timedelta) -> None:
    saved = datetime(2026, 11, 29, 15, 30, tzinfo=UTC) + zone
    assert drafts.until(saved) - saved == timedelta(days=drafts.policy(saved).keep_days)

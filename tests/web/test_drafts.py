"""Drafts as they are kept: whole, sealed to account, form and object, without secrets, and only for their time."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django import forms
from django.db import connection
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kyufu.audit.api import logged_tables
from kyufu.platform import clock
from kyufu.platform.errors import BadInput
from kyufu.web import drafts
from kyufu.web.models import Draft
from kyufu.web.pages.forms import NumberField
from kyufu.web.pages.intake_forms import CompleteForm, LossForm, NewForm
from tests.cases.world import Family, World
from tests.web.town import Town

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=60)
PAPERS = st.lists(st.sampled_from(["insurance", "income", "proxy"]), max_size=3)


@pytest.fixture
def world(transactional_db: None, tmp_path: object, town: Town) -> World:
    """A city for whose people forms are begun."""
    return World(tmp_path)  # type: ignore[arg-type]


@pytest.fixture
def family(world: World) -> Family:
    """A father and a child."""
    return world.family()


@pytest.fixture
def account(town: Town) -> int:
    """An account that begins forms."""
    return town.account()[0]


def form(code: str = "intake_new") -> drafts.DraftForm:
    """A form that may be kept."""
    found = drafts.draft_form(code)
    assert found is not None
    return found


def posted(**items: object) -> QueryDict:
    """What a browser sends."""
    made = QueryDict(mutable=True)
    for name, value in items.items():
        made.setlist(name, value if isinstance(value, list) else [value])
    return made


def about(family: Family) -> drafts.About:
    """What the draft of a family's child is about."""
    return drafts.About(str(family.child), family.child)


def keep(family: Family, account: int, **items: object) -> None:
    """Keep a draft for an account now."""
    drafts.save(
        form(), account_id=account, about=about(family), posted=posted(**(items or {"agent_name": "代理 花子"})),
        at=clock.current_instant(),
    )  # fmt: skip


def opened(
    family: Family, account: int, *, code: str = "intake_new", later: timedelta = timedelta()
) -> object:
    """What an account gets back, some time later."""
    found = drafts.kept(
        form(code), account_id=account, about=about(family), at=clock.current_instant() + later
    )
    return None if found is None else found.fields


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=TEXT, papers=PAPERS, day=TEXT)
def test_what_was_typed_comes_back_as_it_was(
    name: str, papers: list[str], day: str, family: Family, account: int
) -> None:
    keep(family, account, agent_name=name, papers=papers, received_on=day)
    expected = {"agent_name": [name], "papers": papers, "received_on": [day]}
    expected = {key: values for key, values in expected.items() if any(values)}
    assert opened(family, account) == (expected or None)


def test_only_what_the_form_knows_is_kept_and_no_secret(family: Family, account: int) -> None:
    keep(family, account, agent_name="あ", csrfmiddlewaretoken="x", step="confirm", number="123456789012")
    assert opened(family, account) == {"agent_name": ["あ"]}


def test_passwords_numbers_and_files_are_never_fields_of_a_draft() -> None:
    class Secret(forms.Form):
        line = forms.CharField()
        number = NumberField(label="個人番号")
        password = forms.CharField(widget=forms.PasswordInput)
        paper = forms.FileField()
        mark = forms.CharField(widget=forms.HiddenInput)

    code = "secret_form_of_a_test"
    drafts.draftable(code, kind="person", about=lambda key: drafts.About(key, 1), key=str)(Secret)
    try:
        assert form(code).fields == {"line"}
        with pytest.raises(ValueError, match="twice"):
            drafts.draftable(code, kind="person", about=lambda key: drafts.About(key, 1), key=str)(Secret)
    finally:
        del drafts._FORMS[code]
    for kept in (NewForm, LossForm, CompleteForm):
        assert not any(isinstance(one, forms.FileField | NumberField) for one in kept.base_fields.values())


def test_another_account_another_form_and_another_child_get_nothing(
    world: World, family: Family, account: int, town: Town
) -> None:
    keep(family, account)
    assert opened(family, town.account()[0]) is None
    assert opened(family, account, code="intake_loss") is None
    assert opened(world.family(), account) is None


def test_a_row_that_was_given_to_another_account_form_or_child_stays_shut(
    world: World, family: Family, account: int, town: Town
) -> None:
    keep(family, account)
    row = Draft.objects.get()
    other, sister = town.account()[0], world.family()
    for changed in ({"account_id": other}, {"form": "intake_loss"}, {"subject": str(sister.child)}):
        Draft.objects.filter(pk=row.pk).update(**changed)
        moved = Draft.objects.get(pk=row.pk)
        assert drafts._opened(moved, account_id=moved.account_id) is None
        Draft.objects.filter(pk=row.pk).update(account_id=account, form=row.form, subject=row.subject)
    assert opened(family, account) is not None


@pytest.mark.parametrize("place", [0, 11, 12, 20, -1])
def test_an_altered_row_is_said_to_be_unreadable(place: int, family: Family, account: int) -> None:
    keep(family, account)
    content = bytearray(Draft.objects.get().content)
    content[place] ^= 1
    Draft.objects.update(content=bytes(content))
    found = drafts.kept(form(), account_id=account, about=about(family), at=clock.current_instant())
    assert found is not None and found.fields is None


@pytest.mark.parametrize("content", [b"", b"short", b"\x00" * 12])
def test_a_row_cut_short_is_unreadable_too(content: bytes, family: Family, account: int) -> None:
    keep(family, account)
    Draft.objects.update(content=content)
    assert opened(family, account) is None
    keep(family, account)
    assert opened(family, account) == {"agent_name": ["代理 花子"]}


def test_the_table_holds_nothing_that_can_be_read(family: Family, account: int) -> None:
    keep(family, account, agent_name="読めては困る")
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM web_draft")
        (content,) = cursor.fetchone()
    assert "読めては困る".encode() not in bytes(content)
    assert json.dumps("読めては困る").encode() not in bytes(content)


def test_the_same_text_is_sealed_anew_each_time(family: Family, account: int) -> None:
    keep(family, account, agent_name="あ")
    first = bytes(Draft.objects.get().content)
    keep(family, account, agent_name="い")
    keep(family, account, agent_name="あ")
    assert bytes(Draft.objects.get().content) != first


def test_one_is_kept_for_each_form_and_child_and_the_last_one_counts(family: Family, account: int) -> None:
    keep(family, account, agent_name="前")
    keep(family, account, agent_name="後")
    assert Draft.objects.count() == 1
    assert opened(family, account) == {"agent_name": ["後"]}


def test_what_did_not_change_is_not_written_again(family: Family, account: int) -> None:
    keep(family, account)
    before = Draft.objects.get()
    keep(family, account)
    after = Draft.objects.get()
    assert (before.saved_at, bytes(before.content)) == (after.saved_at, bytes(after.content))


def test_an_empty_form_leaves_no_draft(family: Family, account: int) -> None:
    keep(family, account)
    keep(family, account, agent_name="", papers=[])
    assert opened(family, account) is None
    assert Draft.objects.count() == 0


def test_more_than_a_form_holds_is_refused(family: Family, account: int) -> None:
    with pytest.raises(BadInput):
        keep(family, account, agent_name="あ" * (drafts.MOST_CHARACTERS + 1))
    assert Draft.objects.count() == 0


def test_a_draft_is_over_after_its_days_and_not_before(family: Family, account: int) -> None:
    keep(family, account)
    saved_at = Draft.objects.get().saved_at
    days = timedelta(days=drafts.policy(saved_at).keep_days)
    almost, over = saved_at + days - timedelta(seconds=1), saved_at + days
    for at, is_there in ((almost, True), (over, False)):
        found = drafts.kept(form(), account_id=account, about=about(family), at=at)
        assert (found is not None) is is_there
        assert bool(drafts.own_drafts(account, at=at)) is is_there
    assert drafts.delete_expired(at=almost) == 0
    assert drafts.delete_expired(at=over) == 1
    assert Draft.objects.count() == 0


def test_the_days_are_a_parameter_that_is_marked_as_assumed() -> None:
    (entry,) = drafts._entries()
    assert (entry.key, str(entry.certainty)) == ("keep_days", "assumed")
    assert drafts.policy(clock.current_instant()).keep_days == 7


def test_a_new_secret_still_opens_what_the_old_one_sealed(
    family: Family, account: int, settings: object
) -> None:
    keep(family, account)
    settings.KYUFU_SECRET_KEY_OLD, settings.SECRET_KEY = settings.SECRET_KEY, "another" * 9  # type: ignore[attr-defined]
    assert opened(family, account) == {"agent_name": ["代理 花子"]}
    settings.KYUFU_SECRET_KEY_OLD = ""  # type: ignore[attr-defined]
    assert opened(family, account) is None


def test_the_own_list_tells_form_and_child_and_nothing_typed(
    world: World, family: Family, account: int, town: Town
) -> None:
    keep(family, account)
    sister = world.family()
    drafts.save(
        form("intake_loss"), account_id=account, about=about(sister), posted=posted(agent_name="い"),
        at=clock.current_instant() + timedelta(seconds=1),
    )  # fmt: skip
    found = drafts.own_drafts(account, at=clock.current_instant())
    assert [(one.form.code, one.about.person) for one in found] == [
        ("intake_loss", sister.child),
        ("intake_new", family.child),
    ]
    assert drafts.own_drafts(town.account()[0], at=clock.current_instant()) == []


def test_a_draft_thrown_away_is_gone_and_the_others_stay(world: World, family: Family, account: int) -> None:
    sister = world.family()
    keep(family, account)
    keep(sister, account)
    drafts.discard(form(), account_id=account, about=about(family))
    assert opened(family, account) is None and opened(sister, account) is not None


def test_the_log_of_writes_knows_the_person_and_never_the_content(family: Family, account: int) -> None:
    keep(family, account, agent_name="記録に残さない")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM audit_write WHERE table_name = 'web_draft'")
        rows = [str(row) for row in cursor.fetchall()]
    assert rows and not [row for row in rows if "記録に残さない" in row]
    assert logged_tables()["web_draft"].hidden == ("content",)

"""What is offered for a person: published screens, by right, as they fit; no new application without a word."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kyufu.cases.api import Kind
from kyufu.staff.api import AccountKind, Function, HeldRight, Level, Rights, Scheme
from kyufu.web.pages import person_acts
from kyufu.web.pages.person_acts import LABELS, NEW, Act, acts_for
from kyufu.web.screens import Screen

CHILD = {"is_child": True, "lives_here": True, "is_entitled": False, "open_kinds": (), "has_card": False}
COUNTER = {Function.PERSON: Level.READ, Function.CASE: Level.UPDATE}


def screen(code: str, function: Function | None = Function.CASE, *, contractors: bool = False) -> Screen:
    """A published screen."""
    return Screen(
        code, code, function, Level.UPDATE, "試験", Scheme.CHILD, "", contractors, ("GET",), None, False
    )


def rights(held: dict[Function, Level] | None = None, *, kind: AccountKind = AccountKind.EMPLOYEE) -> Rights:
    """Somebody's rights at one ward."""
    rows = frozenset(
        HeldRight(function, level, Scheme.CHILD, "W01", "141011")
        for function, level in (COUNTER if held is None else held).items()
    )
    return Rights(1, "S1", "名", "W01", "課", kind, date(2026, 11, 29), rows)


@pytest.fixture(autouse=True)
def everything_published(monkeypatch: pytest.MonkeyPatch) -> None:
    """All the screens that the page would lead to."""
    monkeypatch.setattr(person_acts, "all_screens", lambda: [screen(code) for code in LABELS])


def codes(*, by: Rights | None = None, **changes: Any) -> list[str]:
    """What may be gone to."""
    acts = acts_for(by or rights(), **{**CHILD, **changes})
    return [one.code for one in acts if not one.why_not]


def why(**changes: Any) -> str:
    """Why no new application is offered."""
    return next(one.why_not for one in acts_for(rights(), **{**CHILD, **changes}) if one.code == NEW)


def test_a_child_without_entitlement_may_apply() -> None:
    assert codes() == ["intake_new", "trial", "income_add", "insurance_add", "contact_add", "person_reads"]


def test_an_entitled_child_may_change_lose_and_have_the_card_again() -> None:
    found = codes(is_entitled=True, has_card=True)
    assert found[:3] == ["intake_reissue", "intake_change", "intake_loss"]
    assert "intake_new" not in found


def test_without_a_card_none_is_issued_again() -> None:
    assert "intake_reissue" not in codes(is_entitled=True)


def test_an_open_application_may_be_withdrawn() -> None:
    assert "intake_withdrawal" in codes(open_kinds=[Kind.REISSUE])
    assert "intake_withdrawal" not in codes()


def test_of_an_adult_nothing_of_a_child_is_asked() -> None:
    assert codes(is_child=False) == ["income_add", "contact_add", "person_reads"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"lives_here": False}, "住民登録がない"),
        ({"is_entitled": True}, "いま資格があるため"),
        ({"open_kinds": [Kind.NEW]}, "処理が途中です"),
        ({"open_kinds": [Kind.CHANGE]}, ""),
        ({}, ""),
    ],
)
def test_why_a_child_may_not_apply_is_said(changes: dict[str, Any], words: str) -> None:
    found = why(**changes)
    assert words in found
    assert bool(found) is bool(words)
    assert ("intake_new" in codes(**changes)) is not bool(words)


def test_a_screen_that_is_not_published_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(person_acts, "all_screens", lambda: [screen("contact_add")])
    assert acts_for(rights(), **CHILD) == [Act("contact_add", "応対を記録")]  # type: ignore[arg-type]


def test_who_may_not_open_a_screen_is_not_offered_it(monkeypatch: pytest.MonkeyPatch) -> None:
    published = [screen("contact_add"), screen("person_reads", Function.AUDIT)]
    monkeypatch.setattr(person_acts, "all_screens", lambda: published)
    assert codes() == ["contact_add"]
    assert codes(by=rights({Function.AUDIT: Level.UPDATE})) == ["person_reads"]
    assert codes(by=rights({})) == []


def test_a_contractor_is_offered_what_is_open_to_contractors(monkeypatch: pytest.MonkeyPatch) -> None:
    published = [screen("contact_add"), screen("trial", contractors=True)]
    monkeypatch.setattr(person_acts, "all_screens", lambda: published)
    assert codes(by=rights(kind=AccountKind.CONTRACTOR)) == ["trial"]


def test_what_a_clerk_comes_for_most_stands_out() -> None:
    acts = acts_for(rights(), **{**CHILD, "is_entitled": True, "has_card": True})  # type: ignore[arg-type]
    assert [one.code for one in acts if one.is_first] == ["intake_new", "intake_reissue", "intake_change"]

"""The parts of the intake's forms: papers of the day, identity in words, ages, and what a household offers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django import forms

from kyufu.cases import api as cases
from kyufu.platform.actors import Actor
from kyufu.registry.api import PersonView, Status
from kyufu.web.pages.intake_facts import Desk, may_be_child, moment_words
from kyufu.web.pages.intake_fields import (
    IDENTITY_DOCUMENTS,
    NUMBER_DOCUMENTS,
    SEEN,
    IdentityForm,
    PapersForm,
    choice_words,
    words_of,
)
from kyufu.web.pages.intake_forms import ChangeForm, LossForm, NewForm, ReissueForm, WithdrawalForm
from kyufu.web.pages.intake_papers import papers
from kyufu.web.pages.scope import Scope

ON = date(2026, 11, 29)
CLERK = Actor("S1", "戸塚 桜子", "戸塚区保険係")
PERSON = PersonView(
    addressee_no="000000000000011", name="見本　一郎", kana="ミホン　イチロウ", alias="", birth_date=date(2018, 5, 10),
    birth_date_note="", sex="1", postal_code="", address="", building="", ward_code="141011", household_no="1",
    relation="10", status=Status.RESIDENT, protected=False,
)  # fmt: skip
FATHER = replace(PERSON, name="見本　太郎", birth_date=date(1990, 1, 15), relation="01")
CASE = cases.OpenApplication(
    5, "2026-0000005", "new", "", "received", "141011", 1, date(2026, 11, 1), "判定　花子", "鶴見区", datetime(
        2026, 11, 1, tzinfo=UTC
    ),
)  # fmt: skip
TYPED = {
    "received_on": "R8.11.1", "channel": "counter", "ward": "141011", "applicant": "2", "applicant_relation": "father",
    "number_document": "my_number_card", "identity_document": "photo_document", "seen": "original", "explained": "on",
}  # fmt: skip


def desk(**items: Any) -> Desk:
    """A desk without a database: a child and its father in the clerk's one ward."""
    made = Desk(
        child_id=1, child=PERSON, household={1: PERSON, 2: FATHER}, insurances=(), in_hand=(),
        scope=Scope(frozenset({"141011"}), frozenset({"141011"})), clerk=CLERK, today=ON,
    )  # fmt: skip
    return replace(made, **items)


def valid(form: forms.Form) -> Any:
    """The form, once it is found to be valid."""
    assert form.is_valid(), form.errors
    return form


@pytest.mark.parametrize("kind", list(cases.Kind))
def test_every_kind_comes_with_papers_whose_names_can_be_kept(kind: cases.Kind) -> None:
    found = papers(kind, on=ON)
    assert found and all(0 < len(label) <= 40 for _, label in found)
    assert "proxy" in dict(found)
    assert ("insurance" in dict(found)) is (kind in (cases.Kind.NEW, cases.Kind.CHANGE))


def test_before_their_day_there_are_no_papers() -> None:
    assert papers(cases.Kind.NEW, on=date(1999, 12, 31)) == []


@pytest.mark.parametrize(
    ("listed", "kind"),
    [
        (NUMBER_DOCUMENTS, cases.NumberDocument),
        (IDENTITY_DOCUMENTS, cases.IdentityDocument),
        (SEEN, cases.Seen),
    ],
)
def test_every_document_of_the_check_has_words(listed: Any, kind: Any) -> None:
    assert [value for value, _ in listed] == list(kind)
    assert len({label for _, label in listed}) == len(listed)


def test_words_of_a_list_are_the_clerks() -> None:
    assert words_of(cases.Channel) == [("counter", "窓口"), ("mail", "郵送"), ("online", "電子申請")]
    assert choice_words(IdentityForm().fields["seen"])["original"] == "原本"
    assert choice_words(forms.CharField()) == {}


@pytest.mark.parametrize(
    ("born", "is_child"),
    [
        (None, True),
        (ON + timedelta(days=1), True),
        (ON, True),
        (date(2007, 11, 30), True),
        (date(2007, 11, 29), False),
        (date(1990, 1, 1), False),
    ],
)
def test_until_nineteen_somebody_may_be_a_child(born: date | None, is_child: bool) -> None:
    assert may_be_child(replace(PERSON, birth_date=born), on=ON) is is_child


@pytest.mark.parametrize(
    ("born", "is_offered"),
    [
        (date(2008, 11, 29), True),
        (date(2008, 11, 30), False),
        (None, True),
        (ON + timedelta(days=1), False),
    ],
)
def test_adults_and_those_of_unknown_age_are_offered_as_guardians(
    born: date | None, is_offered: bool
) -> None:
    household = {1: PERSON, 2: FATHER, 3: replace(PERSON, birth_date=born)}
    assert ("3" in dict(desk(household=household).adult_choices())) is is_offered
    assert "1" not in dict(desk(household=household).adult_choices())


def test_a_moment_of_today_is_a_time_and_another_one_a_day_too() -> None:
    at = datetime(2026, 11, 29, 5, 5, tzinfo=UTC)
    assert moment_words(at, today=ON) == "14:05"
    assert moment_words(at, today=ON + timedelta(days=1)) == "令和8年11月29日（2026年） 14:05"


def test_only_open_applications_of_the_child_in_the_own_wards_can_be_withdrawn() -> None:
    others = (
        CASE,
        CASE._replace(number="a", child_id=9),
        CASE._replace(number="b", ward_code="141020"),
        CASE._replace(number="c", kind="withdrawal"),
    )
    assert [value for value, _ in desk(in_hand=others).withdrawable()] == [CASE.number]
    (label,) = (words for _, words in desk(in_hand=(CASE,)).withdrawable())
    assert label == "2026-0000005　新規　令和8年11月1日（2026年）受付　受付"


def test_a_filled_form_makes_a_filing() -> None:
    form = valid(NewForm({**TYPED, "papers": ["income"], "other_paper": "手帳"}, desk=desk()))
    filing = form.filing()
    assert filing == cases.Filing(
        kind=cases.Kind.NEW, ward_code="141011", channel=cases.Channel.COUNTER, received_on=date(2026, 11, 1),
        child_id=1, guardians=(cases.FiledGuardian(2, "father"),),
        identity=cases.IdentityCheck(
            cases.NumberDocument.MY_NUMBER_CARD, cases.IdentityDocument.PHOTO_DOCUMENT, cases.Seen.ORIGINAL, True,
            "S1", "戸塚 桜子", ON,
        ),
        documents=("所得を証明する書類", "手帳"),
    )  # fmt: skip
    assert form.missing() == ()


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        ({"number_document": ""}, "番号確認の書類が記録されていません。"),
        ({"identity_document": ""}, "身元確認が済んでいません。"),
        ({"explained": ""}, "個人番号利用事務であることの説明が記録されていません。"),
        ({"seen": "copy"}, "窓口では書類の原本を確かめてください。"),
        ({"number_document": "matched_in_system"}, "個人番号をシステムで照合した日が記録されていません。"),
        ({"number_document": "", "identity_document": "", "seen": ""}, "本人確認が記録されていません。"),
    ],
)
def test_what_the_check_lacks_is_said_and_the_form_is_valid_all_the_same(
    left_out: dict[str, str], said: str
) -> None:
    assert valid(NewForm(TYPED | left_out, desk=desk())).missing() == (said,)


def test_a_day_of_matching_in_the_system_counts() -> None:
    typed = {**TYPED, "number_document": "matched_in_system", "matched_on": "R8.11.1"}
    form = valid(NewForm(typed, desk=desk()))
    assert form.missing() == ()
    assert form.filing().identity.matched_on == date(2026, 11, 1)


@pytest.mark.parametrize(
    ("form_class", "more", "matter", "event_on"),
    [
        (ChangeForm, {"matter": "name", "event_on": "R8.10.1"}, "name", date(2026, 10, 1)),
        (LossForm, {"matter": "died", "event_on": "R8.10.1"}, "died", date(2026, 10, 1)),
        (ReissueForm, {"matter": "damaged"}, "damaged", None),
    ],
)
def test_reports_say_what_happened_and_when(
    form_class: Any, more: dict[str, str], matter: str, event_on: date | None
) -> None:
    filing = valid(form_class(TYPED | more, desk=desk())).filing()
    assert (filing.kind, filing.matter, filing.event_on) == (form_class.kind, matter, event_on)
    assert {"matter"} <= set(form_class(TYPED, desk=desk()).errors)


def test_a_withdrawal_names_its_application_and_lacks_nothing() -> None:
    here = desk(in_hand=(CASE,))
    assert (
        valid(WithdrawalForm({**TYPED, "target": CASE.number}, desk=here)).filing().target_no == CASE.number
    )
    lacking = WithdrawalForm({**TYPED, "target": CASE.number, "number_document": ""}, desk=here)
    assert lacking.errors["number_document"] == ["番号確認の書類が記録されていません。"]
    assert "target" in WithdrawalForm({**TYPED, "target": "2026-0000009"}, desk=here).errors


@pytest.mark.parametrize("form_class", [NewForm, ChangeForm, LossForm, ReissueForm, WithdrawalForm])
def test_errors_come_in_the_order_of_the_paper(form_class: Any) -> None:
    form = form_class({}, desk=desk(in_hand=(CASE,)))
    shown = [field.name for section in form.sections for field in section.fields]
    assert list(form.fields) == shown
    assert sorted(form.errors, key=shown.index) == [name for name in form.fields if name in form.errors]


@pytest.mark.parametrize("who", ["applicant", "second"])
def test_the_fields_of_somebody_elsewhere_are_open_where_they_are_needed(who: str) -> None:
    place = ["applicant", "second"].index(who)

    def is_open(form: NewForm) -> bool:
        return list(form.guardian_groups)[place].is_open

    assert not is_open(NewForm(desk=desk()))
    assert is_open(NewForm(desk=desk(household={1: PERSON})))
    assert is_open(NewForm({**TYPED, who: "elsewhere"}, desk=desk()))
    assert is_open(NewForm(desk=desk(), initial={f"{who}_no": "12"}))


def test_a_guardian_who_is_not_of_the_household_is_no_choice() -> None:
    assert "applicant" in NewForm({**TYPED, "applicant": "99"}, desk=desk()).errors
    assert "applicant" in NewForm({**TYPED, "applicant": "1"}, desk=desk()).errors


def test_papers_of_no_list_are_refused() -> None:
    form = PapersForm({"papers": ["income"]})
    form.offer_papers([("proxy", "委任状")])
    assert form.errors["papers"] == ["一覧から選び直してください。"]

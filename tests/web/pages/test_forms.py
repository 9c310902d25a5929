"""Forms: what they ask for, what they refuse, and that a number typed is never written back."""

from __future__ import annotations

import pytest
from django.forms import Form

from kyufu.web.pages import forms
from kyufu.web.pages.people_search import PersonSearchForm
from kyufu.web.pages.purposes import purposes
from tests.registry.persons import my_number

RIGHT = my_number(1)
WRONG_DIGIT = RIGHT[:-1] + str((int(RIGHT[-1]) + 1) % 10)


def _search(**items: str) -> PersonSearchForm:
    return PersonSearchForm({"text": "見本", "purpose": "application", **items})


def test_a_search_without_purpose_is_refused() -> None:
    form = _search(purpose="")
    assert not form.is_valid()
    assert form.errors["purpose"] == ["選んでください。"]


def test_a_search_says_its_purpose_in_words() -> None:
    form = _search()
    assert form.is_valid()
    assert form.purpose_label() == "申請の受付・審査"


@pytest.mark.parametrize("code", [one.code for one in purposes().values() if one.needs_case])
def test_a_purpose_may_need_the_receipt_number(code: str) -> None:
    assert _search(purpose=code).errors == {"case_no": ["この利用目的では受付番号を入力してください。"]}
    assert _search(purpose=code, case_no="14101-000001"[:12]).is_valid()


def test_a_receipt_number_is_read_in_any_width() -> None:
    form = _search(case_no="１２－３")
    assert form.is_valid() is True
    assert form.cleaned_data["case_no"] == "12-3"


@pytest.mark.parametrize("number", ["12 3", "あ", "1;DROP", "<b>", "1" * 13])
def test_a_receipt_number_of_another_form_is_refused(number: str) -> None:
    assert "case_no" in _search(case_no=number).errors


def test_every_purpose_has_words_of_its_own() -> None:
    labels = [one.label for one in purposes().values()]
    assert len(set(labels)) == len(labels) > 5


@pytest.mark.parametrize(
    "written", [RIGHT, f"{RIGHT[:4]}-{RIGHT[4:8]}-{RIGHT[8:]}", f" {RIGHT[:6]} {RIGHT[6:]} "]
)
def test_an_individual_number_is_read_with_or_without_hyphens(written: str) -> None:
    assert forms.NumberField().clean(written).reveal() == RIGHT


def test_an_individual_number_in_full_width_is_read() -> None:
    wide = RIGHT.translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)})
    assert forms.NumberField().clean(wide).reveal() == RIGHT


@pytest.mark.requirement("YOK-085")
@pytest.mark.parametrize("number", [WRONG_DIGIT, RIGHT[:-1], RIGHT + "0", "a" * 12, "", "1" * 40])
def test_a_wrong_number_is_refused_and_not_repeated(number: str) -> None:
    form = forms.NumberSearchForm({"number": number, "purpose": "application"})
    assert not form.is_valid()
    assert not number or number not in str(form.errors)
    assert not number or number not in str(form)


def test_a_right_number_is_not_written_back_either() -> None:
    form = forms.NumberSearchForm({"number": RIGHT, "purpose": ""})
    assert not form.is_valid()
    assert RIGHT not in str(form)


@pytest.mark.parametrize("seen", ["", "short", "x" * 65])
def test_a_decision_without_the_digest_of_what_was_seen_is_refused(seen: str) -> None:
    assert "seen" in forms.DecideForm({"seen": seen}).errors


def test_sending_back_needs_a_reason() -> None:
    form = forms.SendBackForm({"seen": "a" * 64, "why": " "})
    assert form.errors == {"why": ["理由を入力してください。"]}


@pytest.mark.parametrize(
    "form", [PersonSearchForm, forms.NumberSearchForm, forms.SendBackForm, forms.DecideForm]
)
def test_what_is_posted_beyond_the_fields_is_not_looked_at(form: type[Form]) -> None:
    filled = form({"state": "approved", "approved_by": "S0001", "decision_id": "1", "account_id": "1"})
    filled.is_valid()
    assert not {"state", "approved_by", "decision_id", "account_id"} & set(filled.cleaned_data)

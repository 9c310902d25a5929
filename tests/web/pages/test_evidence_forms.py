"""Amounts, years and papers as a clerk types them; what is wrong is said beside what was typed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from kyufu.evidence.api import INCOME_FIGURES
from kyufu.law.calendar.period import Period
from kyufu.law.income.evidence import Declared, IncomeSource
from kyufu.web.pages.evidence_forms import (
    FigureField,
    IncomeForm,
    InsuranceForm,
    TaxYearField,
    income_initial,
    insurance_initial,
    year_words,
)
from kyufu.web.pages.evidence_words import benefit_months, income_words, insurance_words
from tests.evidence.records import INCOME_BY_HAND, INSURANCE_BY_HAND

TODAY = date(2026, 11, 29)
SEEN = "0" * 64
INCOME = {
    "tax_year": "R8", "declared": "yes", "source": "certificate", "obtained_on": "R8.11.20", "note": "",
    "salary": "3,450,000", "blank_is_none": "on", "seen": SEEN, "shown": "",
}  # fmt: skip
INSURANCE = {
    "insurer_no": "06130488", "symbol": "１２３", "number": "4567", "branch": "０２", "relation": "family",
    "starts_on": "R8.4.1", "ends_on": "", "source": "certificate", "obtained_on": "R8.11.20", "note": "",
    "seen": SEEN, "shown": "",
}  # fmt: skip


def income_form(**changed: str) -> IncomeForm:
    """The form of income with other entries; an empty string leaves one out."""
    data = {name: value for name, value in {**INCOME, **changed}.items() if value}
    return IncomeForm(data, today=TODAY)


def insurance_form(**changed: str) -> InsuranceForm:
    """The form of insurance with other entries."""
    return InsuranceForm({**INSURANCE, **changed}, today=TODAY)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3450000", 3_450_000), ("3,450,000", 3_450_000), ("３，４５０，０００円", 3_450_000),
        ("¥ 3 450 000", 3_450_000),
        ("0", 0), ("", None), ("  ", None), ("３、４５０", 3450),
    ],
)  # fmt: skip
def test_an_amount_is_read_in_any_width(text: str, value: int | None) -> None:
    assert FigureField(most=10**12).clean(text) == value


@pytest.mark.parametrize("text", ["-200,000", "△200000", "▲２００，０００", "−200,000円"])
def test_a_loss_is_read_where_there_may_be_one(text: str) -> None:
    assert FigureField(most=10**12, may_be_loss=True).clean(text) == -200_000
    with pytest.raises(ValidationError, match="負の値"):
        FigureField(most=10**12).clean(text)


@pytest.mark.parametrize("text", ["abc", "12a", "--1", "1e5", "二百", "1/2", "1,234.00", "1.5", "１．５"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="数字で入力"):
        FigureField(most=10**12, may_be_loss=True).clean(text)


def test_an_amount_beyond_reason_is_refused() -> None:
    with pytest.raises(ValidationError, match="桁が多すぎます"):
        FigureField(most=99).clean("100")


@given(st.integers(-(10**12), 10**12))
def test_every_amount_is_read_back_as_the_form_wrote_it(value: int) -> None:
    field = FigureField(most=10**12, may_be_loss=True)
    assert field.clean(field.prepare_value(value)) == value


@pytest.mark.parametrize(
    "text", ["令和8年度", "令和８年", "R8", "ｒ８", "2026", "2026年度", "２０２６", " R 8 年度"]
)
def test_a_tax_year_is_read_as_it_stands_on_the_paper(text: str) -> None:
    assert TaxYearField().clean(text) == 2026


@pytest.mark.parametrize("text", ["8", "令和", "X8", "20260", "1500", "昭和99", "R0"])
def test_what_is_no_tax_year_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="年度として読めません"):
        TaxYearField().clean(text)


@given(st.integers(1990, 2100))
def test_every_tax_year_is_read_back_as_the_form_wrote_it(year: int) -> None:
    assert TaxYearField().clean(TaxYearField().prepare_value(year)) == year


def test_a_whole_certificate_becomes_evidence() -> None:
    form = income_form(
        business="△120,000", dependants_total="2", dependants_elderly_spouse="on", income_levy="1,000"
    )
    assert form.is_valid(), form.errors
    known = form.evidence()
    assert (known.tax_year, known.covers) == (2026, Period(date(2025, 1, 1), date(2026, 1, 1)))
    assert (known.declared, known.source) == (Declared.YES, IncomeSource.CERTIFICATE)
    assert (known.incomes.salary, known.incomes.business, known.incomes.stock) == (3_450_000, -120_000, 0)
    assert (known.dependants.total, known.dependants.elderly_spouse) == (2, True)
    assert known.deductions.widow is False
    assert (known.income_levy, known.per_capita_levy) == (1000, None)


@pytest.mark.parametrize("name", ["tax_year", "declared", "source", "obtained_on", "blank_is_none", "seen"])
def test_what_the_law_asks_for_is_never_filled_in(name: str) -> None:
    assert IncomeForm(today=TODAY).initial.get(name) is None
    form = income_form(**{name: ""})
    assert not form.is_valid()
    assert name in form.errors


@pytest.mark.parametrize("answer", ["yes", "no", "unknown"])
def test_declared_has_three_answers(answer: str) -> None:
    form = income_form(declared=answer)
    assert form.is_valid()
    assert form.evidence().declared.value == answer


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"obtained_on": "2027-01-01"}, "未来の日"),
        ({"tax_year": "R9"}, "対象期間の終わりより前"),
        ({"dependants_total": "1", "dependants_elderly": "2"}, "内訳の合計"),
        ({"widow": "on", "single_parent": "on"}, "寡婦とひとり親"),
    ],
)
def test_what_cannot_be_is_said_before_it_is_confirmed(changed: dict[str, str], words: str) -> None:
    form = income_form(**changed)
    assert not form.is_valid()
    assert words in str(form.non_field_errors())


def test_the_figures_stand_in_groups_and_none_is_left_out() -> None:
    groups = IncomeForm(today=TODAY).groups()
    assert [len(group.fields) for group in groups] == [14, 8, 5, 2]
    assert [field.name for group in groups for field in group.fields] == [
        one.column for one in INCOME_FIGURES
    ]


def test_only_what_was_shown_is_confirmed() -> None:
    first = income_form()
    assert first.is_valid()
    assert not first.is_confirmed
    shown = first.content_digest()
    again = income_form(shown=shown)
    assert again.is_valid()
    assert again.is_confirmed
    for changed in ({"salary": "1"}, {"seen": "1" * 64}, {"note": "x"}, {"declared": "no"}):
        other = income_form(shown=shown, **changed)
        assert other.is_valid()
        assert not other.is_confirmed


def test_a_correction_begins_with_what_is_recorded_and_keeps_its_paper() -> None:
    initial = income_initial(INCOME_BY_HAND)
    form = IncomeForm(
        {"declared": "yes", "blank_is_none": "on", "seen": SEEN, "note": "訂正", "tax_year": "R1", "salary": "1"},
        today=TODAY, fixed=True, initial=initial,
    )  # fmt: skip
    assert form.is_valid(), form.errors
    known = form.evidence()
    assert (known.tax_year, known.obtained_on, known.incomes.salary) == (2024, date(2024, 7, 1), 1)


def test_what_a_form_shows_of_a_record_is_read_back_as_the_record() -> None:
    blank = IncomeForm(today=TODAY, initial=income_initial(INCOME_BY_HAND))
    data: dict[str, Any] = {name: blank[name].value() for name in blank.fields}
    typed = {name: str(blank.fields[name].prepare_value(value)) for name, value in data.items() if value}
    form = IncomeForm({**typed, "blank_is_none": "on", "seen": SEEN}, today=TODAY)
    assert form.is_valid(), form.errors
    assert form.evidence() == INCOME_BY_HAND


def test_a_whole_paper_of_insurance_becomes_evidence() -> None:
    form = insurance_form()
    assert form.is_valid(), form.errors
    known = form.evidence()
    assert (known.insurer_no, known.symbol, known.number, known.branch) == (
        "06130488",
        "１２３",
        "4567",
        "02",
    )
    assert known.valid == Period(date(2026, 4, 1), None)
    assert insurance_initial(INSURANCE_BY_HAND)["starts_on"] == INSURANCE_BY_HAND.valid.start


@pytest.mark.parametrize("text", ["０６１３０４８８", "0613-0488", " 06130488 "])
def test_an_insurer_number_is_read_in_any_width(text: str) -> None:
    form = insurance_form(insurer_no=text)
    assert form.is_valid(), form.errors
    assert form.evidence().insurer_no == "06130488"


@pytest.mark.parametrize(
    ("changed", "name", "words"),
    [
        ({"insurer_no": "06130489"}, "insurer_no", "検査数字が合いません"),
        ({"insurer_no": "0613048"}, "insurer_no", "桁で入力"),
        ({"insurer_no": "0613048A"}, "insurer_no", "半角数字以外"),
        ({"insurer_no": ""}, "insurer_no", "入力してください"),
        ({"branch": "A1"}, "branch", "枝番は数字"),
        ({"number": ""}, "number", "入力してください"),
        ({"relation": ""}, "relation", "選んでください"),
        ({"starts_on": ""}, "starts_on", "入力してください"),
        ({"starts_on": "きのう"}, "starts_on", "日付として読めません"),
        ({"ends_on": "R8.4.1"}, "__all__", "資格取得年月日以前"),
        ({"obtained_on": "R9.1.1"}, "__all__", "未来の日"),
    ],
)
def test_what_is_wrong_with_insurance_is_said(changed: dict[str, str], name: str, words: str) -> None:
    form = insurance_form(**changed)
    assert not form.is_valid()
    assert words in str(form.errors[name])


def test_the_months_that_an_income_speaks_for_are_those_of_the_law() -> None:
    assert benefit_months(2026) == "令和8年8月から令和9年7月まで"
    assert benefit_months(1950) == ""
    words = " ".join(income_words(INCOME_BY_HAND._replace(tax_year=2026)))
    assert "令和8年8月から令和9年7月までの助成の判定に使います" in words
    assert "令和8年度の住民税" in words
    unknown = " ".join(income_words(INCOME_BY_HAND._replace(tax_year=1950)))
    assert "いまの基準にはありません" in unknown


@pytest.mark.parametrize(
    ("declared", "words"),
    [(Declared.YES, "申告された所得"), (Declared.NO, "未申告の記録"), (Declared.UNKNOWN, "分からない")],
)
def test_each_answer_on_declaration_is_told(declared: Declared, words: str) -> None:
    assert words in " ".join(income_words(INCOME_BY_HAND._replace(declared=declared)))


def test_the_time_that_insurance_speaks_for_is_told() -> None:
    open_ended = " ".join(insurance_words(INSURANCE_BY_HAND))
    assert "令和6年4月以後" in open_ended
    ended = INSURANCE_BY_HAND._replace(valid=Period(date(2024, 4, 1), date(2026, 4, 1)))
    told = " ".join(insurance_words(ended))
    assert "令和6年4月から令和8年3月まで" in told
    assert "令和8年3月31日までの資格" in told


def test_a_tax_year_is_written_by_era() -> None:
    assert year_words(2026) == "令和8年度"
    assert year_words(2019) == "令和元年度"

"""The limits of what is entered from a paper, on both sides of each: the last that is taken, the first that is not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.evidence.api import INCOME_FIGURES, Figure, Unit
from kyufu.law.calendar.wareki import format_wareki
from kyufu.law.calendar.years import SENSIBLE_YEARS, calendar_year
from kyufu.web.pages.evidence_forms import (
    MOST_PERSONS,
    MOST_YEN,
    NOTE_LENGTH,
    FigureField,
    IncomeForm,
    InsuranceForm,
    TaxYearField,
    WithdrawForm,
    income_initial,
    insurance_initial,
    year_words,
)
from kyufu.web.pages.evidence_words import benefit_months, income_words, insurance_words
from tests.evidence.records import INCOME_BY_HAND, INSURANCE_BY_HAND
from tests.web.pages.test_evidence_forms import SEEN, TODAY, income_form, insurance_form

FAST = settings(deadline=None, max_examples=60)
YEN = [one for one in INCOME_FIGURES if one.unit in (Unit.YEN, Unit.YEN_OR_UNKNOWN)]
LOSSES = [one for one in INCOME_FIGURES if one.unit is Unit.YEN_OR_LOSS]
PERSONS = [one for one in INCOME_FIGURES if one.unit is Unit.PERSONS]
MARKS = [one for one in INCOME_FIGURES if one.unit is Unit.MARK]
CHARACTERS = "あ"


def named(figures: list[Figure]) -> list[str]:
    """The names of their fields."""
    return [one.column for one in figures]


@pytest.mark.parametrize("name", named(YEN + LOSSES))
def test_an_amount_is_taken_to_the_last_yen_and_not_beyond(name: str) -> None:
    assert name not in income_form(**{name: f"{MOST_YEN:,}"}).errors
    assert "桁が多すぎます" in str(income_form(**{name: f"{MOST_YEN + 1:,}"}).errors[name])


@pytest.mark.parametrize("name", named(LOSSES))
def test_a_loss_is_taken_of_what_may_be_one_to_the_last_yen(name: str) -> None:
    assert name not in income_form(**{name: f"△{MOST_YEN:,}"}).errors
    assert "桁が多すぎます" in str(income_form(**{name: f"△{MOST_YEN + 1:,}"}).errors[name])


@pytest.mark.parametrize("name", named(YEN + PERSONS))
def test_no_loss_is_taken_of_what_cannot_be_one(name: str) -> None:
    assert "負の値" in str(income_form(**{name: "-1"}).errors[name])
    assert name not in income_form(**{name: "0"}).errors


@pytest.mark.parametrize("name", named(PERSONS))
def test_persons_are_taken_to_the_last_and_not_beyond(name: str) -> None:
    assert name not in income_form(**{name: str(MOST_PERSONS)}).errors
    assert "桁が多すぎます" in str(income_form(**{name: str(MOST_PERSONS + 1)}).errors[name])


@pytest.mark.parametrize("name", named(MARKS))
def test_a_mark_is_yes_or_no(name: str) -> None:
    for sent, said in (("on", True), ("", False)):
        form = income_form(**{name: sent})
        form.is_valid()
        assert form.cleaned_data[name] is said


@FAST
@given(st.text(max_size=25))
def test_whatever_is_typed_for_an_amount_is_read_or_refused_in_words(text: str) -> None:
    """Nothing that is typed ends in an error of the system, and what is read is within the limits."""
    for field in (FigureField(most=MOST_YEN), FigureField(most=MOST_PERSONS, may_be_loss=True)):
        try:
            value = field.clean(text)
        except ValidationError as problem:
            assert "。" in str(problem.messages[0])
        else:
            assert value is None or abs(value) <= field.most


@FAST
@given(st.text("元0123456789令和平成昭R.年度H ", max_size=12))
def test_whatever_is_typed_for_a_tax_year_is_read_or_refused_in_words(text: str) -> None:
    try:
        year = TaxYearField(required=False).clean(text)
    except ValidationError as problem:
        assert "年度" in problem.messages[0]
    else:
        assert year == "" or year in SENSIBLE_YEARS


@FAST
@given(st.integers(0, 10**11), st.sampled_from(["", "円"]), st.sampled_from([",", "，", "、", " "]))
def test_an_amount_is_the_same_with_any_separator_that_is_none_of_a_fraction(
    amount: int, unit: str, separator: str
) -> None:
    written = f"{amount:,}".replace(",", separator) + unit
    assert FigureField(most=MOST_YEN).clean(written) == amount
    wide = written.translate({ord("0") + n: ord("０") + n for n in range(10)})
    if len(wide) <= 20:
        assert FigureField(most=MOST_YEN).clean(wide) == amount


@pytest.mark.parametrize("text", ["1.0", "1234.00", "1.234.000", "3．5", "．5", "5."])
def test_a_point_makes_no_hundredfold_of_an_amount(text: str) -> None:
    assert "salary" in income_form(salary=text).errors


@pytest.mark.parametrize(
    ("year", "is_taken"),
    [(SENSIBLE_YEARS.start, True), (SENSIBLE_YEARS.start - 1, False), (SENSIBLE_YEARS.stop - 1, True),
     (SENSIBLE_YEARS.stop, False)],
)  # fmt: skip
def test_a_tax_year_lies_in_the_calendar(year: int, is_taken: bool) -> None:
    assert ("tax_year" not in income_form(tax_year=str(year)).errors) is is_taken


@pytest.mark.parametrize(
    ("obtained_on", "words"),
    [
        (TODAY, ""),
        (TODAY + timedelta(days=1), "未来の日"),
        (date(2026, 1, 1), ""),
        (date(2025, 12, 31), "対象期間の終わりより前"),
    ],
)
def test_a_certificate_is_obtained_between_the_year_it_speaks_for_and_today(
    obtained_on: date, words: str
) -> None:
    form = income_form(obtained_on=obtained_on.isoformat())
    assert form.is_valid() is not bool(words)
    assert words in str(form.non_field_errors())


@pytest.mark.parametrize(
    ("total", "elderly", "is_taken"), [("2", "2", True), ("2", "3", False), ("", "", True)]
)
def test_the_parts_of_the_dependants_are_no_more_than_all(total: str, elderly: str, is_taken: bool) -> None:
    assert income_form(dependants_total=total, dependants_elderly=elderly).is_valid() is is_taken


@pytest.mark.parametrize("name", ["note"])
def test_a_note_is_as_long_as_the_record_and_no_longer(name: str) -> None:
    assert name not in income_form(**{name: CHARACTERS * NOTE_LENGTH}).errors
    assert f"{NOTE_LENGTH}文字以内" in str(income_form(**{name: CHARACTERS * (NOTE_LENGTH + 1)}).errors[name])


@pytest.mark.parametrize("length", [0, 1, NOTE_LENGTH, NOTE_LENGTH + 1])
def test_taking_back_asks_for_a_reason_of_some_length(length: int) -> None:
    form = WithdrawForm({"seen": SEEN, "reason": CHARACTERS * length})
    assert form.is_valid() is (1 <= length <= NOTE_LENGTH)


def test_a_reason_of_spaces_is_none() -> None:
    assert "reason" in WithdrawForm({"seen": SEEN, "reason": "　 "}).errors


@pytest.mark.parametrize("seen", ["", "x", "0" * 63, "0" * 65])
def test_an_entry_that_does_not_say_what_it_was_made_from_is_refused(seen: str) -> None:
    assert "seen" in income_form(seen=seen).errors
    assert "seen" in insurance_form(seen=seen).errors


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "is_taken"),
    [
        ("2026-04-01", "2026-04-02", True),
        ("2026-04-01", "2026-04-01", False),
        ("2026-04-01", "2026-03-31", False),
        ("2026-04-01", "", True),
    ],
)
def test_insurance_ends_on_a_later_day_than_it_begins(starts_on: str, ends_on: str, is_taken: bool) -> None:
    form = insurance_form(starts_on=starts_on, ends_on=ends_on)
    assert form.is_valid() is is_taken
    if not is_taken:
        assert "資格取得年月日以前" in str(form.non_field_errors())


def test_the_first_day_without_insurance_is_the_end_and_the_day_before_is_told() -> None:
    form = insurance_form(starts_on="R8.4.1", ends_on="R8.10.1")
    assert form.is_valid()
    known = form.evidence()
    assert known.valid.end == date(2026, 10, 1)
    assert "令和8年9月30日まで" in "".join(insurance_words(known))


@pytest.mark.parametrize(
    ("changed", "name", "is_taken"),
    [
        ({"symbol": CHARACTERS * 40}, "symbol", True),
        ({"symbol": CHARACTERS * 41}, "symbol", False),
        ({"number": "1" * 40}, "number", True),
        ({"number": "1" * 41}, "number", False),
        ({"number": ""}, "number", False),
        ({"branch": "9999"}, "branch", True),
        ({"branch": "99999"}, "branch", False),
        ({"branch": "0x"}, "branch", False),
        ({"insurer_no": "06130488"}, "insurer_no", True),
        ({"insurer_no": "06130489"}, "insurer_no", False),
        ({"insurer_no": "613048"}, "insurer_no", False),
        ({"insurer_no": ""}, "insurer_no", False),
        ({"relation": "cousin"}, "relation", False),
        ({"source": "tax_ledger"}, "source", False),
    ],
)
def test_each_item_of_the_paper_has_its_limit(changed: dict[str, str], name: str, is_taken: bool) -> None:
    assert (name not in insurance_form(**changed).errors) is is_taken


def test_insurance_that_is_obtained_tomorrow_is_refused() -> None:
    assert insurance_form(obtained_on=TODAY.isoformat()).is_valid()
    tomorrow = insurance_form(obtained_on=(TODAY + timedelta(days=1)).isoformat())
    assert "未来の日" in str(tomorrow.non_field_errors())


@pytest.mark.parametrize(
    "name", [one for one in IncomeForm(today=TODAY).fields if one not in ("shown", "seen")]
)
def test_every_field_of_income_is_part_of_what_is_confirmed(name: str) -> None:
    """What changed after it was shown in words, whichever field it is, is shown again."""
    first = income_form(note="備考")
    assert first.is_valid()
    other = {"tax_year": "R7", "declared": "no", "source": "network", "obtained_on": "R8.11.19", "note": "別",
             "blank_is_none": "1"}  # fmt: skip
    second = income_form(**{"note": "備考", "salary": "3,450,000", name: other.get(name, "1")})
    second.is_valid()
    if name != "blank_is_none":
        assert first.content_digest() != second.content_digest()
    else:
        assert first.content_digest() == second.content_digest()


@FAST
@given(st.integers(1990, 2100))
def test_a_tax_year_is_told_with_the_calendar_year_before_it(year: int) -> None:
    """The commonest mistake is the wrong year: the words name both."""
    known = INCOME_BY_HAND._replace(tax_year=year, covers=calendar_year(year - 1))
    words = "".join(income_words(known))
    assert year_words(year) in words
    before = format_wareki(date(year - 1, 1, 1)).removesuffix("1月1日")
    assert f"{before}1月から12月までの所得" in words
    assert benefit_months(year) in words


def test_what_a_correction_shows_is_taken_as_it_is() -> None:
    shown = income_initial(INCOME_BY_HAND) | {"seen": SEEN, "blank_is_none": "on"}
    form = IncomeForm({name: value for name, value in shown.items() if value is not False}, today=TODAY)
    assert form.is_valid(), form.errors
    assert form.evidence() == INCOME_BY_HAND
    insured = insurance_initial(INSURANCE_BY_HAND) | {"seen": SEEN}
    again = InsuranceForm({name: value or "" for name, value in insured.items()}, today=TODAY)
    assert again.is_valid(), again.errors
    assert again.evidence() == INSURANCE_BY_HAND


@pytest.mark.parametrize("name", ["tax_year", "source", "obtained_on"])
def test_a_correction_is_of_the_same_paper(name: str) -> None:
    """Another year is another record: what is typed over it by hand counts for nothing."""
    shown = income_initial(INCOME_BY_HAND) | {"seen": SEEN, "blank_is_none": "on"}
    sent = {key: value for key, value in shown.items() if value is not False}
    sent[name] = {"tax_year": "R1", "source": "network", "obtained_on": "R2.1.1"}[name]
    form = IncomeForm(sent, today=TODAY, fixed=True, initial=shown)
    assert form.is_valid(), form.errors
    assert form.evidence() == INCOME_BY_HAND

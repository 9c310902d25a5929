"""What a paper says of income or insurance, as a clerk types it: any width, with separators; what is blank is asked."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError

from kyufu.evidence import api as evidence
from kyufu.evidence.api import INCOME_FIGURES, Figure, InsuranceEvidence, Unit
from kyufu.law.calendar.period import Period
from kyufu.law.calendar.wareki import format_wareki, parse_wareki
from kyufu.law.calendar.years import SENSIBLE_YEARS, calendar_year
from kyufu.law.income.evidence import (
    Declared,
    Deductions,
    Dependants,
    IncomeEvidence,
    Incomes,
    IncomeSource,
)
from kyufu.notation.check_digits import INSURER_NUMBER, CheckDigit
from kyufu.platform.errors import BadInput
from kyufu.web.pages.fields import DayField, LineField, PickField
from kyufu.web.pages.forms import DIGEST_LENGTH, DecideForm

FIGURE_LENGTH, YEAR_LENGTH, NOTE_LENGTH = 20, 12, 200
MOST_YEN, MOST_PERSONS = 10**12, 99
# A point is none: of 1,234.00 it would make a hundred times as much.
_SEPARATORS = re.compile(r"[\s,，、円¥\\]")
_LOSS = re.compile(r"^[-−‐―△▲]")
_ERA_YEAR = re.compile(r"([^\d元]{1,2})(元|\d{1,2})(年度?)?")
NOT_A_YEAR = "年度として読めません。令和8年度、R8、2026 のように入力してください。"
_SOURCES = [("certificate", "提出された証明書（紙・電子）"), ("network", "情報提供ネットワークの照会結果")]
_NUMBERS = len(Incomes._fields), len(Deductions._fields), len(Dependants._fields)


class FigureField(forms.CharField):
    """An amount of yen or a number of persons; empty is None."""

    def __init__(self, *, most: int, may_be_loss: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(required=False, max_length=FIGURE_LENGTH, **kwargs)
        self.most, self.may_be_loss = most, may_be_loss

    def to_python(self, value: Any) -> Any:
        """The number, None for an empty field; raises ValidationError saying what is wrong with it."""
        if isinstance(value, int):
            return value
        text = _SEPARATORS.sub("", unicodedata.normalize("NFKC", str(value or "")))
        if not text:
            return None
        is_loss, digits = bool(_LOSS.match(text)), _LOSS.sub("", text)
        if not (digits.isascii() and digits.isdigit()):
            raise ValidationError("数字で入力してください（例：1,234,000）。")
        if is_loss and not self.may_be_loss:
            raise ValidationError("負の値は入力できません。証明書を確かめてください。")
        if int(digits) > self.most:
            raise ValidationError("桁が多すぎます。証明書を確かめてください。")
        return -int(digits) if is_loss else int(digits)

    def run_validators(self, value: Any) -> None:
        """A number has no length to look at."""

    def prepare_value(self, value: Any) -> Any:
        """A number with separators, as it stands on the paper."""
        return f"{value:,}" if isinstance(value, int) else value


class TaxYearField(forms.CharField):
    """A tax year (賦課年度) by era or in the western calendar; it is never filled in beforehand."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=YEAR_LENGTH, error_messages={"required": "年度を入力してください。"}, **kwargs
        )

    def to_python(self, value: Any) -> Any:
        """The year the tax year begins in; raises ValidationError saying how to write one."""
        if isinstance(value, int):
            return value
        text = re.sub(r"\s", "", unicodedata.normalize("NFKC", str(value or "")))
        if not text:
            return ""
        year = _year_written(text)
        if year not in SENSIBLE_YEARS:
            raise ValidationError(NOT_A_YEAR)
        return year

    def run_validators(self, value: Any) -> None:
        """A year has no length to look at."""

    def prepare_value(self, value: Any) -> Any:
        """The year by era."""
        return year_words(value) if isinstance(value, int) else value


class Group(NamedTuple):
    """Figures that stand together on the paper."""

    title: str
    fields: list[forms.BoundField]


class EntryForm(DecideForm):
    """What every entry carries: the mark of the records it was made from, and of what was shown to be confirmed."""

    source = PickField(label="入手元", choices=_SOURCES)
    obtained_on = DayField(label="受け取った日", help_text="例：R8.8.1。照会のときは回答の日")
    note = LineField(label="備考・訂正の理由", required=False, max_length=NOTE_LENGTH)
    shown = forms.CharField(widget=forms.HiddenInput, required=False, max_length=DIGEST_LENGTH)

    def content_digest(self) -> str:
        """The SHA-256 (hex) of all that was typed: what is confirmed is what was shown."""
        typed = sorted((name, str(value)) for name, value in self.cleaned_data.items() if name != "shown")
        return hashlib.sha256(repr(typed).encode()).hexdigest()

    @property
    def is_confirmed(self) -> bool:
        """Was exactly this shown in words before it was sent?"""
        return bool(self.cleaned_data["shown"] == self.content_digest())


class IncomeForm(EntryForm):
    """A certificate of taxation (課税・非課税証明書), item by item."""

    tax_year = TaxYearField(label="年度（賦課年度）", help_text="例：令和8年度、R8、2026")
    declared = PickField(
        label="申告", choices=[("yes", "申告あり"), ("no", "未申告"), ("unknown", "書類からは分からない")]
    )  # fmt: skip
    blank_is_none = forms.BooleanField(
        label="空欄の項目は、証明書に記載がない（0円・0人）ことを確かめました",
        error_messages={
            "required": "空欄の項目が証明書にも記載されていないことを確かめ、チェックしてください。"
        },
    )
    field_order = ("tax_year", "declared", "source", "obtained_on")

    def __init__(self, *args: Any, today: date, fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for figure in INCOME_FIGURES:
            self.fields[figure.column] = _field_of(figure)
        for name in ("tax_year", "source", "obtained_on") if fixed else ():
            self.fields[name].disabled = True

    def groups(self) -> list[Group]:
        """The figures as they stand on the paper."""
        titles = ("所得金額（円）", "控除", "扶養親族等", "市町村民税")
        incomes, deductions, _ = _NUMBERS
        ends = (0, incomes, incomes + deductions, sum(_NUMBERS), len(INCOME_FIGURES))
        return [
            Group(title, [self[one.column] for one in INCOME_FIGURES[ends[place] : ends[place + 1]]])
            for place, title in enumerate(titles)
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse here what cannot be recorded, so that it is said beside what was typed."""
        data = super().clean() or self.cleaned_data
        if not self.errors:
            _checked(self, check=lambda: evidence.check_income(self.evidence(), today=self.today))
        return data

    def evidence(self) -> IncomeEvidence:
        """The evidence; a levy that is blank is not known."""
        data = self.cleaned_data
        figures = [
            data[one.column] if one.unit is Unit.YEN_OR_UNKNOWN else data[one.column] or 0
            for one in INCOME_FIGURES
        ]
        incomes, deductions, _ = _NUMBERS
        return IncomeEvidence(
            data["tax_year"],
            calendar_year(data["tax_year"] - 1),
            Declared(data["declared"]),
            IncomeSource(data["source"]),
            data["obtained_on"],
            Incomes._make(figures[:incomes]),
            Deductions._make(_marked(figures[incomes : incomes + deductions], kind=Deductions)),
            Dependants._make(_marked(figures[incomes + deductions : sum(_NUMBERS)], kind=Dependants)),
            *figures[sum(_NUMBERS) :],
        )


class InsuranceForm(EntryForm):
    """A paper of health insurance (資格確認書・資格情報のお知らせ)."""

    insurer_no = LineField(
        label="保険者番号", max_length=20, help_text="8桁（国民健康保険は6桁）。全角でも入力できます。"
    )
    symbol = LineField(label="記号", required=False, max_length=40)
    number = LineField(label="番号", max_length=40)
    branch = LineField(label="枝番", required=False, max_length=4)
    relation = PickField(
        label="本人・家族の別", choices=[("insured", "本人（被保険者）"), ("family", "家族（被扶養者）")]
    )
    starts_on = DayField(label="資格取得年月日")
    ends_on = DayField(
        label="資格喪失年月日",
        required=False,
        help_text="加入中のときは空欄。喪失した日（使えなくなった最初の日）。",
    )
    field_order = (
        "insurer_no",
        "symbol",
        "number",
        "branch",
        "relation",
        "starts_on",
        "ends_on",
        "source",
        "obtained_on",
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_insurer_no(self) -> str:
        """The number in half width; raises ValidationError where its digits do not agree."""
        number = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", self.cleaned_data["insurer_no"]))
        problem = INSURER_NUMBER.problem_with(number, check=CheckDigit.TESTED)
        if problem is not None:
            raise ValidationError(problem)
        return number

    def clean_branch(self) -> str:
        """The branch in half width."""
        branch = unicodedata.normalize("NFKC", self.cleaned_data["branch"]).strip()
        if branch and not (branch.isascii() and branch.isdigit()):
            raise ValidationError("枝番は数字で入力してください。")
        return branch

    def clean(self) -> dict[str, Any]:
        """Refuse here what cannot be recorded."""
        data = super().clean() or self.cleaned_data
        if not self.errors:
            _checked(
                self,
                check=lambda: evidence.check_insurance(
                    self.evidence(), today=self.today, check=CheckDigit.TESTED
                ),
            )
        return data

    def evidence(self) -> InsuranceEvidence:
        """The evidence."""
        data = self.cleaned_data
        return InsuranceEvidence(
            data["insurer_no"], data["symbol"].strip(), data["number"].strip(), data["branch"], data["relation"],
            Period(data["starts_on"], data["ends_on"]), data["source"], data["obtained_on"],
        )  # fmt: skip


class WithdrawForm(DecideForm):
    """Why a record that was entered is taken back."""

    reason = LineField(label="取消しの理由", max_length=NOTE_LENGTH)


def income_initial(known: IncomeEvidence) -> dict[str, Any]:
    """What a form holds that corrects income."""
    figures = (*known.incomes, *known.deductions, *known.dependants, known.income_levy, known.per_capita_levy)
    columns = {one.column: value for one, value in zip(INCOME_FIGURES, figures, strict=True)}
    return columns | {
        "tax_year": known.tax_year, "declared": known.declared.value, "source": known.source.value,
        "obtained_on": known.obtained_on,
    }  # fmt: skip


def insurance_initial(known: InsuranceEvidence) -> dict[str, Any]:
    """What a form holds that corrects insurance."""
    return known._asdict() | {"starts_on": known.valid.start, "ends_on": known.valid.end}


def year_words(tax_year: int) -> str:
    """A tax year by era, as 令和8年度."""
    return format_wareki(date(tax_year, 12, 31)).partition("年")[0] + "年度"


def _field_of(figure: Figure) -> forms.Field:
    if figure.unit is Unit.MARK:
        return forms.BooleanField(label=figure.label, required=False)
    if figure.unit is Unit.PERSONS:
        return FigureField(label=f"{figure.label}（人）", most=MOST_PERSONS)
    is_levy = figure.unit is Unit.YEN_OR_UNKNOWN
    return FigureField(
        label=figure.label, most=MOST_YEN, may_be_loss=figure.unit is Unit.YEN_OR_LOSS,
        help_text="書かれていないときは空欄（不明として登録します）。" if is_levy else "",
    )  # fmt: skip


def _checked(form: forms.Form, *, check: Any) -> None:
    try:
        check()
    except BadInput as problem:
        form.add_error(None, f"{problem.message}{problem.remedy}")


def _marked(values: list[Any], *, kind: type[Deductions] | type[Dependants]) -> list[Any]:
    """Marks as answers yes or no, numbers as they are."""
    return [
        bool(value) if isinstance(kind._field_defaults[name], bool) else value
        for name, value in zip(kind._fields, values, strict=True)
    ]


def _year_written(text: str) -> int:
    western = re.fullmatch(r"(\d{4})(年度?)?", text)
    if western:
        return int(western[1])
    era = _ERA_YEAR.fullmatch(text.upper())
    if era is None:
        raise ValidationError(NOT_A_YEAR)
    try:
        return parse_wareki(f"{era[1]}{era[2]}年12月31日").year
    except ValueError:
        raise ValidationError(NOT_A_YEAR) from None

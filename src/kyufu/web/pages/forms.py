"""Forms of acting on persons and of deciding cases: each knows its own fields and nothing else that is posted."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.views.decorators.debug import sensitive_variables

from kyufu.platform.errors import BadInput
from kyufu.registry import api as registry
from kyufu.web.pages.fields import DayField, LineField, PickField, ReasonField
from kyufu.web.pages.purposes import purposes

# The longest name that the register's layout lets in (shimei).
SEARCH_LENGTH = 100
CASE_LENGTH = 12
DIGEST_LENGTH = 64
CASE_NUMBER = re.compile(r"[0-9A-Za-z-]{1,12}")
# 12 digits, as typed with the hyphens or spaces of the card.
NUMBER_LENGTH = 20
SEPARATORS = re.compile(r"[\s‐-―−-]")
NOT_TWELVE = "個人番号は12桁の数字で入力してください。"


class PageForm(forms.Form):
    """A form of a page; what is posted beyond its fields is not looked at."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class PurposeForm(PageForm):
    """Why somebody looks (利用目的), with the receipt number where the purpose needs one."""

    purpose = PickField(
        label="利用目的", choices=[(one.code, one.label) for one in purposes().values()],
        help_text="選んだ目的は閲覧の記録に残ります。",
    )  # fmt: skip
    case_no = LineField(
        label="受付番号", required=False, max_length=CASE_LENGTH, help_text="個別の申請の調査などで必要です。"
    )

    def clean_case_no(self) -> str:
        """The number in half width; raises ValidationError where it has another form."""
        number = unicodedata.normalize("NFKC", self.cleaned_data["case_no"]).strip()
        if number and not CASE_NUMBER.fullmatch(number):
            raise ValidationError("受付番号は英数字とハイフンで入力してください。")
        return number

    def clean(self) -> dict[str, Any]:
        """Ask for the receipt number where the purpose cannot stand without."""
        data = super().clean() or self.cleaned_data
        purpose = purposes().get(data.get("purpose", ""))
        if purpose and purpose.needs_case and not data.get("case_no") and "case_no" not in self.errors:
            self.add_error("case_no", "この利用目的では受付番号を入力してください。")
        return data

    def purpose_label(self) -> str:
        """The purpose in words, as it is kept in the record."""
        return purposes()[self.cleaned_data["purpose"]].label


class ReasonForm(PageForm):
    """Why a special act is done."""

    reason = ReasonField()


class DecideForm(PageForm):
    """A second person's yes to what was shown: the digest of it."""

    seen = forms.CharField(
        widget=forms.HiddenInput, max_length=DIGEST_LENGTH, min_length=DIGEST_LENGTH,
        error_messages={"required": "画面を開き直してください。", "min_length": "画面を開き直してください。"},
    )  # fmt: skip


class SendBackForm(DecideForm):
    """A second person's no, with the reason."""

    why = ReasonField(label="差戻しの理由")


class NumberField(forms.CharField):
    """An individual number (個人番号) with its check digit; what was typed is never written back to the page."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric"}, render_value=False),
            max_length=NUMBER_LENGTH,
            error_messages={"required": "個人番号を入力してください。", "max_length": NOT_TWELVE},
            **kwargs,
        )  # fmt: skip

    @sensitive_variables()
    def clean(self, value: Any) -> registry.numbers.NumberSecret:
        """The number, typed with or without hyphens; raises ValidationError that does not repeat it."""
        digits = SEPARATORS.sub("", unicodedata.normalize("NFKC", str(super().clean(value))))
        if not (len(digits) == 12 and digits.isascii() and digits.isdigit()):
            raise ValidationError(NOT_TWELVE)
        try:
            return registry.numbers.read_number(digits)
        except BadInput as problem:
            raise ValidationError(str(problem)) from None


class NumberSearchForm(PurposeForm):
    """Look up one person by the individual number."""

    number = NumberField(label="個人番号", help_text="12桁。入力した番号は画面にも記録にも残りません。")
    field_order = ("number", "purpose", "case_no")


class NumberRegisterForm(PageForm):
    """The number of a person who has none yet."""

    number = NumberField(label="個人番号", help_text="番号確認書類を見て入力してください。")
    reason = ReasonField(label="登録の理由・確認した書類")


class NumberChangeForm(PageForm):
    """A number that replaces another from a day on."""

    number = NumberField(label="新しい個人番号", help_text="番号確認書類を見て入力してください。")
    changed_on = DayField(label="変更年月日")
    reason = ReasonField(label="変更の理由・確認した書類")


class SettleForm(PageForm):
    """How a point of a worklist was settled."""

    RESOLVED, DISMISSED = "resolved", "dismissed"

    outcome = PickField(
        label="結果", choices=[(RESOLVED, "是正した"), (DISMISSED, "問題がなかった")],
    )  # fmt: skip
    reason = ReasonField(label="確認した内容")


class MismatchForm(PageForm):
    """How a difference that a guardian is to report was settled by hand."""

    RESOLVED, DISMISSED = "resolved", "dismissed"

    outcome = PickField(
        label="結果", choices=[(RESOLVED, "届出・連絡で確認できた"), (DISMISSED, "届出は要らなかった")],
    )  # fmt: skip
    reason = ReasonField(label="確認した内容")

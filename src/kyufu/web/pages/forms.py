"""Forms of looking up persons and of deciding cases: each knows its own fields and nothing else that is posted."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from kyufu.notation.check_digits import INDIVIDUAL_NUMBER
from kyufu.web.pages.fields import LineField, PickField, ReasonField
from kyufu.web.pages.purposes import purposes

# The longest name that the register's layout lets in (shimei).
SEARCH_LENGTH = 100
CASE_LENGTH = 12
DIGEST_LENGTH = 64
CASE_NUMBER = re.compile(r"[0-9A-Za-z-]{1,12}")
# 12 digits, as typed with the hyphens or spaces of the card.
NUMBER_LENGTH = 20


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


class PersonSearchForm(PurposeForm):
    """What a person is looked up by: name, reading, alias or addressee number; never the address."""

    text = LineField(
        label="氏名・カナ・宛名番号", max_length=SEARCH_LENGTH,
        help_text="前方一致。全角・半角、ひらがな・カタカナのどちらでも探せます。住所では探せません。",
    )  # fmt: skip
    field_order = ("text", "purpose", "case_no")


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


def read_number(text: str) -> str:
    """The 12 digits of an individual number typed in any width; raises ValidationError without repeating it."""
    digits = re.sub(r"[\s‐-―−-]", "", unicodedata.normalize("NFKC", text))
    if not (len(digits) == 12 and digits.isascii() and digits.isdigit()):
        raise ValidationError("個人番号は12桁の数字で入力してください。")
    if not INDIVIDUAL_NUMBER.is_valid(digits):
        raise ValidationError("個人番号の検査用数字が合いません。書類をもう一度確かめてください。")
    return digits


class NumberField(forms.CharField):
    """An individual number (個人番号) with its check digit; what was typed is never written back to the page."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric"}, render_value=False),
            max_length=NUMBER_LENGTH,
            error_messages={
                "required": "個人番号を入力してください。", "max_length": "個人番号は12桁の数字で入力してください。",
            },
            **kwargs,
        )  # fmt: skip

    def clean(self, value: Any) -> str:
        """The 12 digits; raises ValidationError for a wrong length or check digit."""
        return read_number(str(super().clean(value)))


class NumberSearchForm(PurposeForm):
    """Look up one person by the individual number."""

    number = NumberField(label="個人番号", help_text="12桁。入力した番号は画面にも記録にも残りません。")
    field_order = ("number", "purpose", "case_no")

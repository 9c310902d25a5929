"""Fields of forms as a clerk fills them: days by era or western year, any width, and lines without control marks."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from kyufu.law.calendar.wareki import GREGORIAN_FROM, format_wareki, parse_wareki

REQUIRED = {"required": "入力してください。"}
CHOOSE = {"required": "選んでください。", "invalid_choice": "一覧から選び直してください。"}
NOT_A_DAY = "日付として読めません。令和8年8月1日、R8.8.1、2026-08-01 のように入力してください。"
# Before it Japan had another calendar; behind the last day of all there is none with which a period could end.
NO_SUCH_DAY = "1873-01-01 から 9999-12-30 までの日付を入力してください。"
DAY_LENGTH = 20


class LineField(forms.CharField):
    """One line of text as typed; line breaks and control characters are refused, for they forge lines of a log."""

    def __init__(self, **kwargs: Any) -> None:
        longest = kwargs["max_length"]
        messages = REQUIRED | {"max_length": f"{longest}文字以内で入力してください。"}
        super().__init__(error_messages=messages, **kwargs)

    def to_python(self, value: Any) -> str:
        """The text; raises ValidationError where a character in it is not to be seen."""
        text = str(super().to_python(value))
        if any(unicodedata.category(one) in {"Cc", "Zl", "Zp"} for one in text):
            raise ValidationError("改行などの制御文字は入力できません。")
        return text


class ReasonField(LineField):
    """Why somebody does something, kept in the record."""

    def __init__(self, *, label: str = "理由", max_length: int = 200, **kwargs: Any) -> None:
        super().__init__(label=label, max_length=max_length, **kwargs)
        self.error_messages["required"] = "理由を入力してください。"


class DayField(forms.CharField):
    """A day, typed by era or in the western calendar; empty is None where it is not required."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "例：令和8年8月1日、R8.8.1、2026-08-01")
        super().__init__(error_messages=REQUIRED, max_length=DAY_LENGTH, **kwargs)

    def to_python(self, value: Any) -> Any:
        """The day, None for an empty field; raises ValidationError saying how to write one."""
        if isinstance(value, date):
            return value
        text = unicodedata.normalize("NFKC", str(value or "")).strip()
        if not text:
            return None
        text, _, beside = text.removesuffix(")").partition("(")
        day = _day_written(text)
        if beside and beside != f"{day.year}年":
            raise ValidationError(NO_SUCH_DAY)
        if not GREGORIAN_FROM <= day < date.max:
            raise ValidationError(NO_SUCH_DAY)
        return day

    def validate(self, value: Any) -> None:
        """Refuse a missing day where one is required."""
        if self.required and value is None:
            raise ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """A day has no length to look at."""

    def prepare_value(self, value: Any) -> Any:
        """A day as it is written in forms."""
        return format_wareki(value) if isinstance(value, date) else value


def _day_written(text: str) -> date:
    try:
        return date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        pass
    try:
        return parse_wareki(text)
    except ValueError as error:
        said = str(error)
        raise ValidationError(NOT_A_DAY if "読めません" in said else f"{said}。") from None


class PickField(forms.ChoiceField):
    """One of a list, with nothing picked at first."""

    def __init__(self, *, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(choices=[("", "選んでください"), *choices], error_messages=CHOOSE, **kwargs)


def offer(
    form: forms.Form, *, name: str, choices: list[tuple[str, str]], first: str = "選んでください"
) -> None:
    """Give a field the list of the day to pick from, behind the words that stand for nothing picked."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} is no field to pick from")
    field.choices = [("", first), *choices]

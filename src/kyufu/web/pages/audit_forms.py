"""Forms of the log: whose reads, of whom, when; reviews, the list of the public eye, and disclosure requests."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from kyufu.platform.clock import JAPAN
from kyufu.web.pages.fields import DayField, LineField, PickField, ReasonField, offer
from kyufu.web.pages.forms import PageForm

STAFF_NO, ADDRESSEE_NO, SCREEN, REQUEST_NO, ANSWER = 20, 15, 60, 40, 500


class AddresseeField(LineField):
    """An addressee number (宛名番号): digits in any width."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "宛名番号")
        super().__init__(max_length=ADDRESSEE_NO, **kwargs)

    def clean(self, value: Any) -> str:
        """The digits; raises ValidationError for anything else."""
        text = unicodedata.normalize("NFKC", str(super().clean(value))).strip()
        if text and not (text.isascii() and text.isdigit()):
            raise ValidationError("宛名番号は数字で入力してください。")
        return text


class PeriodForm(PageForm):
    """Days from the first to the last one, both included."""

    first_day = DayField(label="期間の最初の日")
    last_day = DayField(label="期間の最後の日")

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        data = super().clean() or self.cleaned_data
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "最後の日が最初の日より前です。")
        return data

    def start(self) -> datetime:
        """The instant at which the period begins."""
        return midnight(self.cleaned_data["first_day"])

    def end(self) -> datetime:
        """The instant at which it is over."""
        return midnight(self.cleaned_data["last_day"] + timedelta(days=1))


class LogSearchForm(PeriodForm):
    """Which records of the log: by member of staff, person or screen, within a period."""

    staff_no = LineField(label="閲覧した職員の職員番号", required=False, max_length=STAFF_NO)
    addressee_no = AddresseeField(label="閲覧された人の宛名番号", required=False)
    screen = forms.ChoiceField(label="画面", required=False)
    field_order = ("first_day", "last_day", "staff_no", "addressee_no", "screen")

    def __init__(self, *args: Any, screens: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, name="screen", choices=screens, first="すべて")


class AssignForm(PageForm):
    """Who is to say why a person was read."""

    question = ReasonField(label="確認したいこと")


class AnswerForm(PageForm):
    """What the reader says about the reading."""

    answer = ReasonField(label="回答（閲覧した理由）", max_length=ANSWER)


class CloseForm(PageForm):
    """What the review came to."""

    finding = PickField(label="点検の結果", choices=[])
    why = ReasonField(label="判断の理由", max_length=ANSWER)

    def __init__(self, *args: Any, findings: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, name="finding", choices=findings)


class SampleForm(PeriodForm):
    """How many reads of a period are drawn by lot."""

    size = forms.IntegerField(
        label="抽出する件数", min_value=1, max_value=1_000,
        error_messages={
            "required": "入力してください。", "invalid": "数字で入力してください。",
            "min_value": "1件以上にしてください。", "max_value": "1,000件以下にしてください。",
        },
    )  # fmt: skip


class WatchForm(PageForm):
    """A person in the public eye, from when to when, and why."""

    addressee_no = AddresseeField()
    first_day = DayField(label="始まりの日")
    last_day = DayField(label="終わりの日", required=False)
    reason = ReasonField(label="一覧に載せる理由")


class DisclosureForm(PeriodForm):
    """A citizen's request to see who read their data (開示請求)."""

    addressee_no = AddresseeField(label="請求した人の宛名番号")
    request_no = LineField(label="開示請求の受付番号", max_length=REQUEST_NO)
    field_order = ("request_no", "addressee_no", "first_day", "last_day")


def midnight(day: date) -> datetime:
    """The beginning of a day in Japan."""
    return datetime.combine(day, time.min, tzinfo=JAPAN)

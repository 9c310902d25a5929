"""Forms of the log: whose reads, of whom, when; reviews, the list of the public eye, and disclosure requests."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from kyufu.audit.api import Finding, Stream
from kyufu.platform.clock import JAPAN
from kyufu.registry import api as registry
from kyufu.web.pages.fields import CHOOSE, DayField, LineField, PickField, ReasonField, offer
from kyufu.web.pages.forms import SEARCH_LENGTH, PageForm

# The lengths of the columns of the log and of the register.
STAFF_NO, ADDRESSEE_NO, REQUEST_NO, SEED, ANSWER = 20, 15, 40, 40, 500


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


class PersonForm(PageForm):
    """A form that names a person by the addressee number."""

    def clean(self) -> dict[str, Any]:
        """Look the number up; a number that nobody has is an error of its field."""
        data = super().clean() or self.cleaned_data
        number = data.get("addressee_no")
        asked = [number, number.zfill(ADDRESSEE_NO)] if number else []
        self.found = next(iter(registry.addressee_ids(asked).values()), None) if asked else None
        if number and self.found is None:
            self.add_error("addressee_no", "この宛名番号の人はいません。番号を確かめてください。")
        return data

    def addressee_id(self) -> int | None:
        """The person named; None where the field was left empty."""
        return self.found

    def person(self) -> int:
        """The person named, where the field had to be filled; raises ValueError where it was not."""
        if self.found is None:
            raise ValueError("no person is named")
        return self.found


class PersonFindForm(PageForm):
    """Whose readers are asked for: found by name or number."""

    text = LineField(
        label="調べる人の氏名・カナ・宛名番号", max_length=SEARCH_LENGTH,
        help_text="前方一致。全角・半角、ひらがな・カタカナのどちらでも探せます。宛名番号なら、すぐに結果が開きます。",
    )  # fmt: skip


class LogSearchForm(PeriodForm, PersonForm):
    """Which records of the log: by member of staff, person or screen, within a period."""

    stream = PickField(label="記録の種類", choices=[(str(one), one.label) for one in Stream])
    staff_no = LineField(label="操作した職員の職員番号", required=False, max_length=STAFF_NO)
    addressee_no = AddresseeField(label="対象となった人の宛名番号", required=False)
    screen = forms.ChoiceField(label="画面", required=False, error_messages=CHOOSE)
    field_order = ("stream", "first_day", "last_day", "staff_no", "addressee_no", "screen")

    def __init__(self, *args: Any, screens: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, name="screen", choices=screens, first="すべて")

    def stream_asked(self) -> Stream:
        """The part of the log that was picked."""
        return Stream(self.cleaned_data["stream"])


class AssignForm(PageForm):
    """Who is to say why a person was read."""

    question = ReasonField(label="確認したいこと")


class AnswerForm(PageForm):
    """What the reader says about the reading."""

    answer = ReasonField(label="回答（閲覧した理由）", max_length=ANSWER)


class CloseForm(PageForm):
    """What the review came to."""

    finding = PickField(label="点検の結果", choices=[(str(one), one.label) for one in Finding])
    why = ReasonField(label="判断の理由", max_length=ANSWER)

    def finding_made(self) -> Finding:
        """The finding that was picked."""
        return Finding(self.cleaned_data["finding"])


class SampleForm(PeriodForm):
    """How many reads of a period are drawn by lot."""

    seed = LineField(
        label="抽出の種", max_length=SEED, help_text="任意の文字。同じ種と期間では、同じ閲覧が抽出されます。"
    )
    size = forms.IntegerField(
        label="抽出する件数", min_value=1, max_value=1_000,
        error_messages={
            "required": "入力してください。", "invalid": "数字で入力してください。",
            "min_value": "1件以上にしてください。", "max_value": "1,000件以下にしてください。",
        },
    )  # fmt: skip


class WatchForm(PersonForm):
    """A person in the public eye, from when to when, and why."""

    addressee_no = AddresseeField()
    first_day = DayField(label="始まりの日")
    last_day = DayField(label="終わりの日", required=False)
    reason = ReasonField(label="一覧に載せる理由")

    def clean(self) -> dict[str, Any]:
        """Refuse an entry that ends before it begins."""
        data = super().clean()
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "終わりの日が始まりの日より前です。")
        return data


class DisclosureForm(PeriodForm, PersonForm):
    """A citizen's request to see who read their data (開示請求)."""

    addressee_no = AddresseeField(
        label="請求した人の宛名番号",
        help_text="分からないときは「だれが見たかの確認」で氏名から調べられます。先頭の0は省けます。",
    )
    request_no = LineField(label="開示請求の受付番号", max_length=REQUEST_NO)
    field_order = ("request_no", "addressee_no", "first_day", "last_day")


def midnight(day: date) -> datetime:
    """The beginning of a day in Japan."""
    return datetime.combine(day, time.min, tzinfo=JAPAN)

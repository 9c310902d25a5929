"""Forms of contact records (応対記録): what was said, and that something was seen to."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from kyufu.platform import clock
from kyufu.registry import api as registry
from kyufu.web.pages.fields import REQUIRED, DayField, LineField, PickField, ReasonField
from kyufu.web.pages.forms import PageForm

LINE, CONTENT = 60, 2_000
BREAKS = "\n\t"


class WritingField(forms.CharField):
    """Text of several lines; other control characters are refused."""

    def __init__(self, **kwargs: Any) -> None:
        longest = kwargs["max_length"]
        super().__init__(
            widget=forms.Textarea(attrs={"rows": 6}),
            error_messages=REQUIRED | {"max_length": f"{longest:,}文字以内で入力してください。"},
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        """The text with one kind of line break; raises ValidationError for what is not to be seen."""
        text = str(super().to_python(value)).replace("\r\n", "\n").replace("\r", "\n")
        if any(unicodedata.category(one) == "Cc" and one not in BREAKS for one in text):
            raise ValidationError("改行のほかの制御文字は入力できません。")
        return text


class ContactForm(PageForm):
    """Who was in touch, when, how, about what, and what is still to be done."""

    contacted_on = DayField(label="応対した日")
    way = PickField(label="方法", choices=[(str(one), one.label) for one in registry.ContactWay])
    caller = LineField(label="相手", max_length=LINE, help_text="例：父、母、祖母、学校、医療機関")
    subject = LineField(
        label="用件", max_length=LINE,
        help_text="一言で。例：医療証の再交付、住所変更の手続。氏名や住所は書かないでください。"
    )  # fmt: skip
    content = WritingField(
        label="内容",
        max_length=CONTENT,
        help_text="聞いたことと案内したこと。個人番号、病名は書かないでください。",
    )
    follow_up_on = DayField(
        label="後で行う日", required=False,
        help_text="折り返しの連絡など、後で行うことがあるときだけ。例：令和8年8月1日、R8.8.1、2026-08-01",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Refuse a day that is still to come, and one to come back on that is past."""
        data = super().clean() or self.cleaned_data
        day, again = data.get("contacted_on"), data.get("follow_up_on")
        if day and day > clock.current_date_in_japan():
            self.add_error("contacted_on", "今日より後の日です。応対した日を入力してください。")
        if day and again and again < day:
            self.add_error("follow_up_on", "応対した日より前です。")
        return data

    def contact(self) -> registry.NewContact:
        """What was written down."""
        data = self.cleaned_data
        return registry.NewContact(
            contacted_on=data["contacted_on"],
            way=registry.ContactWay(data["way"]),
            caller=data["caller"],
            subject=data["subject"],
            content=data["content"],
            follow_up_on=data["follow_up_on"],
        )


class FollowUpForm(PageForm):
    """What was done about it."""

    note = ReasonField(label="行ったこと")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].error_messages["required"] = "行ったことを入力してください。"

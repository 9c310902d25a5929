"""Forms of the acts on one application: each carries what was seen of it, so that nothing is done to another state."""

from __future__ import annotations

from typing import Any

from django import forms

from kyufu.cases import api as cases
from kyufu.platform import clock
from kyufu.web.pages.fields import DayField, LineField, PickField, ReasonField
from kyufu.web.pages.forms import PageForm
from kyufu.web.pages.words import IDENTITIES

REOPEN = "画面を開き直してください。"
NUMBER_LENGTH = 12
NOTE_LENGTH = 200


class StepForm(PageForm):
    """An act on an application as it stood after its step with this id."""

    step = forms.IntegerField(
        widget=forms.HiddenInput, min_value=1, error_messages={"required": REOPEN, "invalid": REOPEN}
    )


class CloseForm(StepForm):
    """Why an application is closed."""

    why = ReasonField(label="完結の理由")


class PrintForm(StepForm):
    """Print the document of an application: again only with a reason."""

    reprint_reason = LineField(label="再印刷の理由", max_length=NOTE_LENGTH, required=False)


class HandoverForm(StepForm):
    """How a card left the office; `recorded` is how often that was seen to be recorded."""

    recorded = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, error_messages={"required": REOPEN, "invalid": REOPEN}
    )
    way = PickField(label="渡し方", choices=[(str(one), cases.japanese(one)) for one in cases.HandoverWay])
    handed_to = PickField(
        label="受け取る人", choices=[(str(one), cases.japanese(one)) for one in cases.ApplicantKind]
    )
    identity = forms.ChoiceField(
        label="窓口で確認した書類",
        required=False,
        choices=[("", "確認していない（郵送）"), *IDENTITIES.items()],
        help_text="窓口で渡すときは必ず選んでください。",
    )
    handed_on = DayField(label="渡した日・郵送した日")
    note = LineField(
        label="もう一度渡す理由",
        max_length=NOTE_LENGTH,
        required=False,
        help_text="返戻のあとなど、2回目からは必要です。",
    )

    def clean_handed_on(self) -> Any:
        """The day; one to come is refused."""
        day = self.cleaned_data["handed_on"]
        if day > clock.current_date_in_japan():
            raise forms.ValidationError("今日より後の日付です。渡した日を入力してください。")
        return day

    def clean(self) -> dict[str, Any]:
        """At the counter somebody is looked at, by mail nobody."""
        data = super().clean() or self.cleaned_data
        if data.get("way") == cases.HandoverWay.COUNTER and not data.get("identity"):
            self.add_error("identity", "窓口で渡すときは、確認した書類を選んでください。")
        if data.get("way") == cases.HandoverWay.MAIL and data.get("identity"):
            self.add_error("identity", "郵送のときは「確認していない（郵送）」を選んでください。")
        return data

    def filing(self) -> cases.HandoverFiling:
        """What was filled in."""
        data = self.cleaned_data
        return cases.HandoverFiling(
            cases.HandoverWay(data["way"]),
            cases.ApplicantKind(data["handed_to"]),
            cases.IdentityDocument(data["identity"]) if data["identity"] else None,
            data["handed_on"],
            data["note"],
        )


class NumberForm(PageForm):
    """Look an application up by its receipt number."""

    number = LineField(
        label="受付番号",
        max_length=NUMBER_LENGTH,
        help_text="下7桁の番号だけでも探せます。全角でもかまいません。",
    )


class ListForm(PageForm):
    """What the list of applications is narrowed by."""

    state = forms.ChoiceField(label="状態", required=False)
    kind = forms.ChoiceField(label="種類", required=False)
    ward = forms.ChoiceField(label="受付区", required=False)
    received_from = DayField(label="受付日（から）", required=False, help_text="例：R8.8.1")
    received_to = DayField(label="受付日（まで）", required=False, help_text="例：R8.8.1")
    mine = forms.BooleanField(label="自分が扱ったものだけ", required=False)

    def __init__(self, *args: Any, wards: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = ("", "すべて")
        choices = {
            "state": [(str(one), cases.japanese(one)) for one in cases.ApplicationState],
            "kind": [(str(one), cases.japanese(one)) for one in cases.Kind],
            "ward": wards,
        }
        for name, offered in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared so above
            field.choices = [every, *offered]

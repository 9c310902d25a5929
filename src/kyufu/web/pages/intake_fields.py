"""Fields of the intake's forms: choices as radio buttons and boxes, and the part on identity (本人確認・番号確認)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any, cast

from django import forms

from kyufu.cases import api as cases
from kyufu.platform.actors import Actor
from kyufu.web.pages.fields import CHOOSE, DayField, LineField
from kyufu.web.pages.forms import PageForm

PAPER_LENGTH = 40
NUMBER_DOCUMENTS = (
    (cases.NumberDocument.MY_NUMBER_CARD, "個人番号カード"),
    (cases.NumberDocument.NOTIFICATION_CARD, "通知カード"),
    (cases.NumberDocument.RESIDENT_RECORD, "個人番号の記載された住民票の写し"),
    (cases.NumberDocument.MATCHED_IN_SYSTEM, "書類なし（システムで照合した）"),
)
IDENTITY_DOCUMENTS = (
    (cases.IdentityDocument.MY_NUMBER_CARD, "個人番号カード"),
    (cases.IdentityDocument.PHOTO_DOCUMENT, "運転免許証・旅券など写真のある書類"),
    (cases.IdentityDocument.INSURANCE_AND_ANOTHER, "健康保険の資格確認書等と、もう1点"),
    (cases.IdentityDocument.INSURANCE_ALONE, "健康保険の資格確認書等だけ"),
    (cases.IdentityDocument.NONE, "確認できる書類がなかった"),
)
SEEN = (
    (cases.Seen.ORIGINAL, "原本"),
    (cases.Seen.COPY, "写し（郵送）"),
    (cases.Seen.ELECTRONIC, "電子署名（電子申請）"),
)


class Radios(forms.RadioSelect):
    """Radio buttons that the summary of errors can lead to: the first one stands for all."""

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """The id of one button, or of the first."""
        return str(super().id_for_label(id_, index or "0"))


class Boxes(forms.CheckboxSelectMultiple):
    """Boxes to tick that the summary of errors can lead to."""

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """The id of one box, or of the first."""
        return str(super().id_for_label(id_, index or "0"))


class RadioField(forms.ChoiceField):
    """One of a few, all of them in sight, with nothing picked at first."""

    def __init__(self, *, choices: Any = (), **kwargs: Any) -> None:
        listed = [(str(value), label) for value, label in choices]
        super().__init__(choices=listed, widget=Radios, error_messages=CHOOSE, **kwargs)


def choice_words(field: forms.Field) -> dict[str, str]:
    """The words of a field's choices by their values; none for a field without choices."""
    if not isinstance(field, forms.ChoiceField):
        return {}
    choices = cast(Iterable[tuple[object, object]], field.choices)
    return {str(value): str(words) for value, words in choices}


def words_of(kind: type[StrEnum]) -> list[tuple[str, str]]:
    """Every value of a list of the cases with the clerks' word for it."""
    return [(str(one), cases.japanese(one)) for one in kind]


class IdentityForm(PageForm):
    """What was seen to confirm person and number; all may be missing, and what is missing is said."""

    number_document = RadioField(label="番号確認の書類", choices=NUMBER_DOCUMENTS, required=False)
    matched_on = DayField(
        label="システムで照合した日", required=False, help_text="「システムで照合した」ときだけ入力します。"
    )
    identity_document = RadioField(label="身元確認の書類", choices=IDENTITY_DOCUMENTS, required=False)
    seen = RadioField(label="書類を確かめた形", choices=SEEN, required=False)
    explained = forms.BooleanField(
        label="個人番号を利用する事務であることを説明した", required=False,
        help_text="新規の申請では必要です。",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Ask in what form the papers were seen where any was."""
        data = super().clean() or self.cleaned_data
        documents = data.get("number_document") or data.get("identity_document")
        if documents and not data.get("seen") and "seen" not in self.errors:
            self.add_error("seen", "原本・写し・電子署名のどれを確かめたか選んでください。")
        return data

    def identity(self, *, by: Actor, today: date) -> cases.IdentityCheck | None:
        """The check as staff recorded it today; None where nothing was seen."""
        data = self.cleaned_data
        if not data["seen"]:
            return None
        number, person = data["number_document"], data["identity_document"]
        return cases.IdentityCheck(
            number_document=cases.NumberDocument(number) if number else None,
            identity_document=cases.IdentityDocument(person or cases.IdentityDocument.NONE),
            seen=cases.Seen(data["seen"]),
            explained=data["explained"],
            staff_id=by.staff_id,
            staff_name=by.name,
            checked_on=today,
            matched_on=data["matched_on"],
        )


class PapersForm(PageForm):
    """The papers that came with it: the usual ones to tick, and any other by name."""

    papers = forms.MultipleChoiceField(
        label="受け取った書類", widget=Boxes, required=False, error_messages=CHOOSE,
        help_text="受け取ったものすべてに印を付けます。",
    )  # fmt: skip
    other_paper = LineField(label="そのほかの書類", required=False, max_length=PAPER_LENGTH)

    def offer_papers(self, choices: list[tuple[str, str]]) -> None:
        """Give the list of the day."""
        field = self.fields["papers"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = choices

    def documents(self) -> tuple[str, ...]:
        """The names of the papers, as they are kept."""
        names = choice_words(self.fields["papers"])
        listed = [names[code] for code in self.cleaned_data["papers"]]
        other = self.cleaned_data["other_paper"]
        return (*listed, other) if other else tuple(listed)

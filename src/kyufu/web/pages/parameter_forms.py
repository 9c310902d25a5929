"""Forms of the parameters: what to list, and the changes that somebody proposes, each a set of fields of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from kyufu.law.parameters.entries import Certainty
from kyufu.ordinance.api import BadWish, Place, Wish
from kyufu.web.pages.fields import DayField, LineField, PickField, ReasonField, offer
from kyufu.web.pages.forms import DecideForm, PageForm
from kyufu.web.pages.wards import city_here

CERTAINTIES = [(str(one), one.label) for one in (Certainty.OFFICIAL, Certainty.SECONDARY, Certainty.ASSUMED)]
SOURCE_LENGTH, VALUE_LENGTH, TEXT_LENGTH = 400, 40, 60
MOST_CHANGES = 6
DIGEST_LENGTH = 80


def file_names() -> dict[str, str]:
    """What the parameter files of this municipality are called, by file."""
    city = city_here()
    return {
        city.files.city: f"{city.full_scheme}の基準",
        city.files.prefecture: f"{city.prefecture} {city.scheme}事業の補助基準",
        city.files.printed: "医療証の印字",
        city.files.renewal: "更新処理の見込みと予定",
    }


class ParameterListForm(PageForm):
    """Which day, which file, how certain, and which words."""

    on = DayField(label="基準日", help_text="この日に有効な値を表示します。例：令和9年4月1日")
    file = PickField(label="基準", choices=[], required=False)
    certainty = PickField(label="確かさ", choices=CERTAINTIES, required=False)
    text = LineField(label="言葉で絞り込む", max_length=TEXT_LENGTH, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, name="file", choices=list(file_names().items()), first="すべて")
        offer(self, name="certainty", choices=CERTAINTIES, first="すべて")


class ChangeForm(PageForm):
    """One dated value that is to replace another."""

    place = PickField(label="基準値", choices=[])
    value = LineField(
        label="新しい値", max_length=VALUE_LENGTH,
        help_text="数は単位なし（例：60）、有無は「あり」か「なし」、年齢の境目は「15歳」「18歳年度末」、区分は名称。",
    )  # fmt: skip
    first_day = DayField(label="適用の始まる日")
    last_day = DayField(
        label="適用の最後の日",
        required=False,
        help_text="定めがないときは空けておきます。過ぎると元の値に戻ります。",
    )
    source = LineField(
        label="出典", max_length=SOURCE_LENGTH, help_text="条例・要綱・通知の名称と条、日付など"
    )
    certainty = PickField(label="確かさ", choices=CERTAINTIES)

    def __init__(self, *args: Any, places: Mapping[Place, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._places = {str(number): place for number, place in enumerate(places)}
        offer(
            self, name="place", choices=[(str(number), name) for number, name in enumerate(places.values())]
        )

    def wish(self) -> Wish:
        """What is asked for, once the form is valid."""
        data = self.cleaned_data
        return Wish(self._places[data["place"]], data["value"], data["first_day"], data["last_day"], data["source"],
                    Certainty(data["certainty"]))  # fmt: skip

    def picked(self) -> Place | None:
        """The value that is picked, valid or not."""
        return self._places.get(str(self["place"].value() or ""))


class ProposalForm(PageForm):
    """Why, how many changes, and the version of the parameters that the form was made from."""

    reason = ReasonField(label="変更の理由")
    rows = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST_CHANGES)
    version = forms.CharField(widget=forms.HiddenInput, max_length=DIGEST_LENGTH)


class EstimateForm(PageForm):
    """The day for which the effect of a change is estimated."""

    on = DayField(
        label="試算の基準日",
        help_text="変更が適用される日のうち、影響を確かめたい日。この日の年齢で、変更の前と後の判定を比べます。",
    )


class ConfirmChangeForm(DecideForm):
    """A second person's yes to the change and the estimate that were shown."""

    estimate = forms.CharField(
        widget=forms.HiddenInput, max_length=DIGEST_LENGTH,
        error_messages={"required": "影響試算の結果を確かめてから承認してください。"},
    )  # fmt: skip


def change_forms(
    places: Mapping[Place, str], *, rows: int, data: Any = None, first: Place | None = None
) -> list[ChangeForm]:
    """The forms of the changes, by number; the first one about `first`."""
    at = next((str(number) for number, place in enumerate(places) if place == first), "")
    return [
        ChangeForm(
            data, prefix=f"change{number}", places=places, initial={"place": at if number == 1 else ""}
        )
        for number in range(1, rows + 1)
    ]


def show_refusal(refusal: BadWish, *, forms_shown: Sequence[ChangeForm], proposal: ProposalForm) -> None:
    """Tie the reason to the field that it is about."""
    form = None if refusal.at is None else forms_shown[refusal.at]
    if form is None:
        proposal.add_error(None, refusal.message)
        return
    form.add_error(refusal.field or None, refusal.message)

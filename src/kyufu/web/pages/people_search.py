"""Look a person up: one box for whatever the clerk has, fields that narrow it, and a list that tells twins apart."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render

from kyufu.cases import api as cases
from kyufu.notation.display import format_date
from kyufu.notation.places import typed_address_key
from kyufu.platform import clock
from kyufu.registry import api as registry
from kyufu.staff.api import Function, Level
from kyufu.web.pages.fields import DayField, LineField
from kyufu.web.pages.forms import SEARCH_LENGTH, PurposeForm
from kyufu.web.pages.purposes import purposes
from kyufu.web.pages.scope import Scope, scope_of
from kyufu.web.pages.stated import Ticket, stated
from kyufu.web.pages.words import RELATIONS, SEXES, WORDS
from kyufu.web.screens import StaffRequest, screen

LAST_PURPOSE = "last_purpose"
ADDRESS_LENGTH = 100
NUMBER_LENGTH = 20
NEAR = "similar"
MATCHES = {
    registry.Match.PRESENT: "",
    registry.Match.FORMER: "旧氏名で一致",
    registry.Match.MERGED: "名寄せ前の氏名で一致",
}


class NumberField(LineField):
    """A number of a person or a certificate in any width; what is no number is refused."""

    def to_python(self, value: Any) -> str:
        """The number; raises ValidationError for anything else."""
        text = super().to_python(value)
        number = registry.typed_number(text)
        if text.strip() and not number:
            raise ValidationError("番号は数字で入力してください。")
        return number


class PersonSearchForm(PurposeForm):
    """What a person is looked up by: whatever is known goes into the box, the rest narrows it."""

    text = LineField(
        label="氏名・カナ・番号・生年月日・住所", required=False, max_length=SEARCH_LENGTH,
        help_text="分かるものを1つ。前方一致。全角・半角、ひらがな・カタカナ、新字・旧字のどれでも探せます。",
    )  # fmt: skip
    birth_date = DayField(
        label="生年月日", required=False, help_text="例：令和元年5月5日、R1.5.5、2019-05-05"
    )
    address = LineField(
        label="住所（町名・番地）", required=False, max_length=ADDRESS_LENGTH,
        help_text="例：見本町一丁目2番、見本町1-2。支援措置の対象者とその世帯は、住所では見つかりません。",
    )  # fmt: skip
    kana = LineField(label="カナ氏名", required=False, max_length=SEARCH_LENGTH)
    alias = LineField(label="通称", required=False, max_length=SEARCH_LENGTH)
    person_no = NumberField(
        label="宛名番号・受給者番号・医療証の番号", required=False, max_length=NUMBER_LENGTH
    )
    field_order = ("text", "birth_date", "address", "purpose", "case_no", "kana", "alias", "person_no")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs.update({"autofocus": True, "autocomplete": "off"})
        for name in ("birth_date", "address", "kana", "alias", "person_no"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    @property
    def main(self) -> list[Any]:
        """The fields that always stand open."""
        return [self[name] for name in ("text", "birth_date", "address", "purpose", "case_no")]

    @property
    def further(self) -> list[Any]:
        """The fields behind 「条件を詳しく」."""
        return [self[name] for name in ("kana", "alias", "person_no")]

    @property
    def is_detailed(self) -> bool:
        """Is one of the further fields filled in, or wrong?"""
        return any(field.value() or field.errors for field in self.further)

    def clean_address(self) -> str:
        """The address; raises ValidationError where it names no place within the city."""
        address = str(self.cleaned_data["address"])
        if address and len(typed_address_key(address)) < registry.LEAST_OF_ADDRESS:
            raise ValidationError("町名から2文字以上で入力してください。")
        return address

    def clean(self) -> dict[str, Any]:
        """Ask for something to look for."""
        data = super().clean()
        asked = ("text", "birth_date", "address", "kana", "alias", "person_no")
        if not self.errors.keys() & set(asked) and _meant(self, near=False).is_empty:
            self.add_error("text", "氏名、生年月日、住所、番号のどれかを入力してください。")
        return data


def _meant(form: PersonSearchForm, *, near: bool) -> registry.Sought:
    """What is looked for; a field of its own goes before what the box was taken to mean."""
    data = form.cleaned_data
    box = registry.read_box(data.get("text", ""))
    return registry.Sought(
        text=box.text,
        kana=data.get("kana", ""),
        alias=data.get("alias", ""),
        birth_date=data.get("birth_date") or box.birth_date,
        address=data.get("address") or box.address,
        number=data.get("person_no") or box.number,
        or_born=None if data.get("person_no") else box.or_born,
        near=near,
    )


def line_of(hit: registry.SearchHit, *, key: str) -> dict[str, Any]:
    """A line of the list in words, with the sealed ticket of the person's page.

    A flat dictionary, for a template looks up some dozen things of each of fifty persons.
    """
    surname, _, given = hit.name.replace("　", " ").partition(" ")
    return {
        "key": key,
        "surname": surname,
        # What twins are told apart by.
        "given": given,
        "kana": hit.kana,
        "alias": hit.alias,
        "match": MATCHES[hit.match],
        "has_double": hit.has_double,
        "born": "不明" if hit.birth_date is None else format_date(hit.birth_date),
        "sex": SEXES.get(hit.sex, hit.sex),
        "relation": RELATIONS.get(hit.relation, hit.relation),
        "protected": hit.protected,
        "address": hit.address,
        "lives_here": hit.status is registry.Status.RESIDENT,
        "status": WORDS.get(str(hit.status), str(hit.status)),
        "number": hit.addressee_no,
    }


@screen(
    "people",
    title="個人の検索",
    function=Function.PERSON,
    level=Level.READ,
    purpose="個人の検索",
    menu="個人",
    contractors=True,
)
def search(request: StaffRequest) -> HttpResponse:
    """Look a person up by whatever is known, for a stated purpose."""
    if request.method != "POST":
        return render(request, "pages/people.html", {"form": PersonSearchForm(initial=_begun(request))})
    form = PersonSearchForm(request.POST)
    if not form.is_valid():
        return render(request, "pages/people.html", {"form": form}, status=422)
    data = form.cleaned_data
    if request.session.get(LAST_PURPOSE) != data["purpose"]:
        request.session[LAST_PURPOSE] = data["purpose"]
    with stated(request, purpose=form.purpose_label(), case_no=data["case_no"]):
        found = _found(form, near=NEAR in request.POST, scope=scope_of(request))
        return render(request, "pages/people.html", {"form": form, "searched": True, **found})


def _begun(request: StaffRequest) -> dict[str, str]:
    """The purpose that was picked last in this session, for the next search is mostly for the same."""
    last = str(request.session.get(LAST_PURPOSE, ""))
    return {"purpose": last} if last in purposes() else {}


def _found(form: PersonSearchForm, *, near: bool, scope: Scope) -> dict[str, Any]:
    sought, today = _meant(form, near=near), clock.current_date_in_japan()
    wards = () if scope.is_head else scope.wards
    found = registry.find_people(_with_certificates(sought), today=today, wards=wards)
    held = scope.held_of({hit.addressee_id: hit for hit in (*found.hits, *found.near)})
    purpose, case_no = form.cleaned_data["purpose"], form.cleaned_data["case_no"]
    hits, similar = (
        [
            line_of(hit, key=Ticket(hit.addressee_id, purpose, case_no).key)
            for hit in some
            if hit.addressee_id in held
        ][: registry.SEARCH_LIMIT]
        for some in (found.hits, found.near)
    )
    return {
        "hits": hits,
        "similar": similar,
        "out_of_scope": len(found.hits) + len(found.near) - len(held),
        "has_more": found.has_more,
        "wards_first": found.has_more and not scope.is_head,
        "by_address": found.by_address or bool(sought.address),
        "may_seek_similar": bool(sought.sound) and not near and not sought.by_number,
        "sought_similar": near,
        "asked": _in_words(sought),
    }


def _with_certificates(sought: registry.Sought) -> registry.Sought:
    """With the children whose recipient or certificate number it is; the registry knows its own numbers alone."""
    if not sought.number:
        return sought
    return sought.for_persons(cases.children_of_number(sought.number))


def _in_words(sought: registry.Sought) -> str:
    """How what was typed was understood, so that a clerk sees why nobody is found."""
    born: date | None = sought.birth_date or sought.or_born
    parts = [
        (sought.text, "氏名・カナ・通称"), (sought.kana, "カナ氏名"), (sought.alias, "通称"),
        (born, "生年月日"), (sought.address, "住所"), (sought.number, "番号"),
    ]  # fmt: skip
    return "、".join(words for value, words in parts if value)

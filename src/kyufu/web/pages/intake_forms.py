"""The forms of the intake, in the order of the paper (小児医療証交付申請書), one for each kind of application."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.forms.boundfield import BoundField

from kyufu.cases import api as cases
from kyufu.notation.display import format_date
from kyufu.platform import clock
from kyufu.web.drafts import About, draftable
from kyufu.web.pages.fields import DayField, LineField, PickField, offer
from kyufu.web.pages.intake_facts import Desk
from kyufu.web.pages.intake_fields import IdentityForm, PapersForm, RadioField, words_of
from kyufu.web.pages.intake_papers import papers
from kyufu.web.pages.stated import PERSON, Ticket

RELATIONS = (("father", "父"), ("mother", "母"), ("other", "その他（祖父母・施設長など）"))
ELSEWHERE, NOBODY = "elsewhere", "nobody"
GUARDIANS = ("applicant", "second")
NOT_FOUND = "この宛名番号と生年月日の人は見つかりません。宛名番号と生年月日を確かめてください。"
NAME_LENGTH, NUMBER_LENGTH = 100, 15
FUTURE = "今日より先の日付は入力できません。受け付けた日を入力してください。"
# The purpose under which a draft is taken up again, by kind of application.
PURPOSES = {"intake_change": "change", "intake_loss": "change", "intake_reissue": "reissue"}


class Section(NamedTuple):
    """A part of the paper form: its code, heading and fields."""

    code: str
    title: str
    fields: list[BoundField]


class Guardian(NamedTuple):
    """The fields of one guardian: those in sight, and those folded away unless somebody lives elsewhere."""

    label: str
    shown: list[BoundField]
    folded: list[BoundField]
    is_open: bool


class IntakeForm(IdentityForm, PapersForm):
    """What every application says: receipt, guardians, agent, papers and identity."""

    kind = cases.Kind.NEW
    about_fields: tuple[str, ...] = ()
    about_title = "届出の内容"

    received_on = DayField(label="受付日")
    channel = RadioField(label="受付経路", choices=words_of(cases.Channel))
    ward = PickField(label="受付区", choices=[])
    applicant = RadioField(label="申請者（保護者）")
    applicant_no = LineField(label="申請者の宛名番号", required=False, max_length=NUMBER_LENGTH)
    applicant_born = DayField(label="申請者の生年月日", required=False)
    applicant_relation = RadioField(label="申請者の続柄", choices=RELATIONS)
    second = RadioField(label="もう1人の保護者", required=False)
    second_no = LineField(label="もう1人の保護者の宛名番号", required=False, max_length=NUMBER_LENGTH)
    second_born = DayField(label="もう1人の保護者の生年月日", required=False)
    second_relation = RadioField(label="もう1人の保護者の続柄", choices=RELATIONS, required=False)
    agent_name = LineField(
        label="代理人の氏名", required=False, max_length=NAME_LENGTH,
        help_text="代理人が届け出たときだけ入力します。委任状などで代理権を確かめてください。",
    )  # fmt: skip

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        if len(desk.wards) == 1:
            kwargs["initial"] = {"ward": desk.wards[0][0]} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.desk = desk
        self.order_fields([name for _, _, names in self.parts for name in names])
        offer(self, name="ward", choices=desk.wards)
        self.fields["received_on"].help_text = f"今日は{format_date(desk.today)}です。例：R8.8.1"
        self.offer_papers(papers(self.kind, on=desk.today))
        elsewhere = (ELSEWHERE, "ほかの人（宛名番号と生年月日で指定する）")
        for name, first in (("applicant", []), ("second", [(NOBODY, "いない")])):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [*first, *desk.adult_choices(), elsewhere]
        self.guardian_ids: dict[str, int] = {}

    @property
    def parts(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """Code, heading and names of the fields of each part, in the order of the paper form."""
        guardian = ("", "_relation", "_no", "_born")
        identity = ("number_document", "matched_on", "identity_document", "seen", "explained")
        found: list[tuple[str, str, tuple[str, ...]]] = [
            ("receipt", "受付", ("received_on", "channel", "ward")),
            ("child", "児童", ()),
            ("about", self.about_title, self.about_fields),
            ("guardian", "保護者", tuple(f"{who}{end}" for who in GUARDIANS for end in guardian)),
            ("agent", "代理人", ("agent_name",)),
            ("insurance", "健康保険", ()),
            ("papers", "添付書類", ("papers", "other_paper")),
            ("identity", "本人確認・番号確認", identity),
        ]
        return [part for part in found if part[0] != "about" or part[2]]

    @property
    def sections(self) -> Iterator[Section]:
        """The parts of the paper form with their fields."""
        for code, title, names in self.parts:
            yield Section(code, title, [self[name] for name in names])

    @property
    def guardian_groups(self) -> Iterator[Guardian]:
        """The fields of the applicant and of the second guardian."""
        for who, label in zip(GUARDIANS, ("申請者", "もう1人の保護者"), strict=True):
            folded = [self[f"{who}_no"], self[f"{who}_born"]]
            is_open = not self.desk.adult_choices() or self[who].value() == ELSEWHERE
            is_open = is_open or any(field.errors or field.value() for field in folded)
            yield Guardian(label, [self[who], self[f"{who}_relation"]], folded, is_open)

    def clean_received_on(self) -> Any:
        """A day that has come; raises ValidationError for a later one."""
        day = self.cleaned_data["received_on"]
        if day > self.desk.today:
            raise forms.ValidationError(FUTURE)
        return day

    def clean(self) -> dict[str, Any]:
        """Find the guardians who live elsewhere, and ask for the second one's relation."""
        data = super().clean()
        for who in GUARDIANS:
            chosen = data.get(who)
            if chosen == ELSEWHERE:
                self._find(who)
            elif chosen and chosen != NOBODY:
                self.guardian_ids[who] = int(chosen)
        if data.get("second") not in (None, "", NOBODY) and not data.get("second_relation"):
            self.add_error("second_relation", "続柄を選んでください。")
        return data

    def _find(self, who: str) -> None:
        number, born = self.cleaned_data.get(f"{who}_no"), self.cleaned_data.get(f"{who}_born")
        if not number or born is None:
            for name, given in ((f"{who}_no", number), (f"{who}_born", born)):
                if not given and name not in self.errors:
                    self.add_error(name, "「ほかの人」を選んだときは、宛名番号と生年月日を入力してください。")
            return
        found = self.desk.find_elsewhere(number, born=born)
        if found is None:
            self.add_error(f"{who}_no", NOT_FOUND)
        else:
            self.guardian_ids[who] = found

    def filing(self) -> cases.Filing:
        """What is to be received, once the form is valid."""
        data = self.cleaned_data
        return cases.Filing(
            kind=self.kind,
            ward_code=data["ward"],
            channel=cases.Channel(data["channel"]),
            received_on=data["received_on"],
            child_id=self.desk.child_id,
            guardians=tuple(
                cases.FiledGuardian(person, data[f"{who}_relation"])
                for who, person in self.guardian_ids.items()
            ),
            identity=self.identity(by=self.desk.clerk, today=self.desk.today),
            matter=data.get("matter", ""),
            agent_name=data["agent_name"],
            event_on=data.get("event_on"),
            documents=self.documents(),
            target_no=data.get("target", ""),
        )

    def missing(self) -> tuple[str, ...]:
        """What the identity check still lacks, in words."""
        filing = self.filing()
        first_time = self.kind is cases.Kind.NEW
        return cases.faults_of(filing.identity, channel=filing.channel, first_time=first_time)


def _about(key: str) -> About:
    """What a draft of the intake is about: the child, whom the ticket in the address names first."""
    person = int(key.split("|", 1)[0])
    return About(str(person), person)


def _kept_as(code: str) -> Any:
    """Drafts of an intake, taken up again under the purpose of its kind."""
    purpose = PURPOSES.get(code, "application")
    return draftable(code, kind=PERSON, about=_about, key=lambda about: Ticket(about.person, purpose, "").key)


@_kept_as("intake_new")
class NewForm(IntakeForm):
    """A new application (新規)."""


@_kept_as("intake_change")
class ChangeForm(IntakeForm):
    """A change report (異動届)."""

    kind = cases.Kind.CHANGE
    about_fields = ("matter", "event_on")
    about_title = "異動の内容"
    matter = RadioField(
        label="異動した事項",
        choices=words_of(cases.ChangeItem),
        help_text="市外への転出は、喪失届で受け付けます。",
    )
    event_on = DayField(label="異動の日")


@_kept_as("intake_loss")
class LossForm(IntakeForm):
    """A report of loss (喪失届)."""

    kind = cases.Kind.LOSS
    about_fields = ("matter", "event_on")
    about_title = "喪失の内容"
    matter = RadioField(label="喪失の事由", choices=words_of(cases.LossCause))
    event_on = DayField(label="喪失の日", help_text="資格がなくなる日。例：令和8年8月1日、R8.8.1、2026-08-01")


@_kept_as("intake_reissue")
class ReissueForm(IntakeForm):
    """An application for the card to be issued again (再交付)."""

    kind = cases.Kind.REISSUE
    about_fields = ("matter",)
    about_title = "再交付の事由"
    matter = RadioField(label="再交付の事由", choices=words_of(cases.ReissueCause))


@_kept_as("intake_withdrawal")
class WithdrawalForm(IntakeForm):
    """A withdrawal (取下書) of an application that is still open."""

    kind = cases.Kind.WITHDRAWAL
    about_fields = ("target",)
    about_title = "取り下げる申請"
    target = RadioField(label="取り下げる申請・届出")

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, desk=desk, **kwargs)
        field = self.fields["target"]
        if isinstance(field, forms.ChoiceField):
            field.choices = desk.withdrawable()

    def clean(self) -> dict[str, Any]:
        """Say what the identity check lacks: a withdrawal is not received without."""
        data = super().clean()
        if not self.errors:
            for fault in self.missing():
                self.add_error("number_document" if "番号" in fault else "identity_document", fault)
        return data


def _about_case(key: str) -> About:
    row = cases.application_by_id(int(key))
    return About(str(row.application_id), row.child_id)


@draftable("intake_complete", kind="application", about=_about_case, key=lambda about: about.subject)
class CompleteForm(IdentityForm, PapersForm):
    """What was missing of an application that waits for completion (補正)."""

    received_on = DayField(label="補正を受け付けた日")
    field_order = (
        "received_on", "papers", "other_paper", "number_document", "matched_on", "identity_document", "seen",
        "explained",
    )  # fmt: skip

    def clean_received_on(self) -> Any:
        """A day that has come; raises ValidationError for a later one."""
        day = self.cleaned_data["received_on"]
        if day > clock.current_date_in_japan():
            raise forms.ValidationError(FUTURE)
        return day

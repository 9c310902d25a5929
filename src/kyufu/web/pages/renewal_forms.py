"""The forms of renewals: plan one, move it on, give it up, approve it."""

from __future__ import annotations

from django import forms

from kyufu.renewal import api as renewal
from kyufu.web.pages.fields import DayField, PickField, ReasonField
from kyufu.web.pages.forms import DIGEST_LENGTH, PageForm

WHOLE = {
    "required": "入力してください。",
    "invalid": "整数で入力してください。",
    "min_value": "%(limit_value)s 以上で入力してください。",
    "max_value": "%(limit_value)s 以下で入力してください。",
}
ACTS = ("go", "pause", "close")


class PlanForm(PageForm):
    """What a renewal is planned with."""

    kind = PickField(label="種類", choices=[(str(one), one.label) for one in renewal.RenewalKind])
    on = DayField(
        label="基準日", help_text="年次更新では新しい資格の初日、月次更新・年齢到達では期間の初日。"
    )
    issue_day = DayField(
        label="交付日", required=False, help_text="医療証に記す日。試行と再点検では要りません。"
    )
    is_trial = forms.BooleanField(
        label="試行（結果を見るだけで、反映しない）", required=False, label_suffix=""
    )


class ScheduleForm(PageForm):
    """When a renewal is to be planned by itself."""

    kind = PickField(label="種類", choices=[(str(one), one.label) for one in renewal.PLANNABLE])
    month = forms.IntegerField(
        label="基準日の月", required=False, min_value=1, max_value=12, error_messages=WHOLE,
        help_text="毎月行うものは空欄。年次更新では必要です。",
    )  # fmt: skip
    day = forms.IntegerField(
        label="基準日の日", min_value=1, max_value=28, error_messages=WHOLE, help_text="1から28まで。"
    )
    lead_days = forms.IntegerField(
        label="立案する日（基準日の何日前か）", min_value=0, max_value=365, error_messages=WHOLE
    )
    issue_days = forms.IntegerField(
        label="交付日（基準日の何日前か）", min_value=0, max_value=365, error_messages=WHOLE,
        help_text="医療証に記す日。立案する日から基準日までの間にします。",
    )  # fmt: skip
    judges = forms.BooleanField(
        label="立案した日に、対象者の確定と判定まで進める（承認はいつも職員が行う）",
        required=False,
        label_suffix="",
    )
    why = ReasonField(label="この日程にする根拠")


class EndScheduleForm(PageForm):
    """Why a schedule is ended."""

    why = ReasonField(label="予定をやめる理由")


class ActForm(PageForm):
    """What is to be done with a renewal."""

    act = forms.ChoiceField(choices=[(one, one) for one in ACTS])


class GiveUpForm(PageForm):
    """Why a renewal is given up."""

    why = ReasonField(label="取りやめる理由")


class ApproveForm(PageForm):
    """What of the renewal was seen."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=DIGEST_LENGTH)


class ApproveOutsideForm(ApproveForm):
    """The same, where something lies outside of what was expected: why it is approved all the same."""

    why = ReasonField(
        label="範囲外でも承認する理由", help_text="見込みの範囲外の結果があるため、必要です。記録に残ります。"
    )

"""What may be done next with a person: the screens that are there, that this member of staff may open, and that fit."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from kyufu.cases.api import Kind
from kyufu.staff.api import Rights
from kyufu.web.screens import all_screens, may_open

NEW, CHANGE, LOSS, REISSUE, WITHDRAWAL = (
    "intake_new", "intake_change", "intake_loss", "intake_reissue", "intake_withdrawal",
)  # fmt: skip
TRIAL, INCOME, INSURANCE, CONTACT, READS = (
    "trial",
    "income_add",
    "insurance_add",
    "contact_add",
    "person_reads",
)
LABELS = {
    NEW: "新規申請", CHANGE: "異動届（市内転居など）",
    LOSS: "喪失届（市外転出など）", REISSUE: "再交付申請（紛失など）", WITHDRAWAL: "取下げ", TRIAL: "試算",
    INCOME: "所得を入力", INSURANCE: "保険を入力", CONTACT: "応対を記録", READS: "だれが見たか",
}  # fmt: skip
# What a clerk comes for most often stands out.
FIRST = (NEW, REISSUE, CHANGE)


class Act(NamedTuple):
    """A screen to go to, or in `why_not` why it is not offered to somebody for whom a clerk would look for it."""

    code: str
    label: str
    why_not: str = ""

    @property
    def is_first(self) -> bool:
        """Does it stand out?"""
        return self.code in FIRST


def acts_for(
    rights: Rights,
    *,
    is_child: bool,
    lives_here: bool,
    is_entitled: bool,
    open_kinds: Collection[Kind],
    has_card: bool,
) -> list[Act]:
    """The acts for a person, in the order of the counter's work; a new application of a child is never left out
    without a word.
    """
    published = {one.code: one for one in all_screens()}
    fitting = {
        NEW: is_child,
        REISSUE: has_card,
        CHANGE: is_entitled or has_card,
        LOSS: is_entitled or has_card,
        WITHDRAWAL: bool(open_kinds),
        TRIAL: is_child,
        INCOME: True,
        INSURANCE: is_child,
        CONTACT: True,
        READS: True,
    }
    why_not = _why_no_new(lives_here=lives_here, is_entitled=is_entitled, is_open=Kind.NEW in open_kinds)
    return [
        Act(code, LABELS[code], why_not if code == NEW else "")
        for code, fits in fitting.items()
        if fits and code in published and may_open(rights, screen=published[code])
    ]


def _why_no_new(*, lives_here: bool, is_entitled: bool, is_open: bool) -> str:
    if not lives_here:
        return "市内に住民登録がないため、新規申請は受け付けられません。"
    if is_entitled:
        return "いま資格があるため、新規申請は要りません。変更は異動届、紛失は再交付です。"
    return "新規申請の処理が途中です。申請・届出の欄から続けてください。" if is_open else ""

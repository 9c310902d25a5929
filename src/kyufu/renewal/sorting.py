"""Sort an answer of the law against what the child held: pure, so that each worklist can be tested by itself."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from kyufu.cases.api import Answer
from kyufu.law.decision import Outcome
from kyufu.renewal.states import RenewalKind, Sorted


class Held(NamedTuple):
    """What a child held before: its class, and the first day without it (None: open)."""

    benefit_class: str | None
    until: date | None


class Next(NamedTuple):
    """What is to be done with one worklist and reason: the step, and the letter or inquiry that goes with it."""

    step: str
    paper: str


NO_LETTER = "なし"
REQUEST = "不足している事項の照会（所得不明案内を含む）"
_STEPS = {
    Sorted.RENEWED: Next("承認後に新しい医療証を交付する", "医療証"),
    Sorted.CHANGED: Next("区分の変更を確かめる。承認後に新しい医療証を交付する", "医療証"),
    Sorted.LOST: Next("喪失の理由を確かめる。承認後に喪失を通知する", "資格喪失通知"),
    Sorted.BROKEN: Next("児童と保護者の記録の日付などを直し、申請の画面から判定する", NO_LETTER),
    Sorted.OWED: Next("助成すべきだった期間の受診を確かめ、償還の手続を案内する", "手続の案内（個別に作成）"),
    Sorted.NOT_OWED: Next("助成しすぎた期間を確かめ、返還の要否を決める", NO_LETTER),
}
_ASK_ELSEWHERE = "所得照会・所得不明案内"
# By the beginning of the reason's code; the last fits whatever a law adds.
_UNDECIDED = (
    ("income.undeclared", Next("保護者に住民税の申告、または課税証明書の提出を求める", "所得不明案内")),
    ("income.missing_year", Next("前住所地へ所得を照会し、得られなければ課税証明書の提出を求める", _ASK_ELSEWHERE)),
    ("income.contradictory", Next("食い違う所得の資料を確かめ、正しいものを登録する", NO_LETTER)),
    ("income.", Next("申告の有無を課税台帳で確かめ、分からなければ保護者に求める", "所得不明案内")),
    ("missing.levy", Next("前住所地へ税額を照会し、得られなければ課税証明書の提出を求める", _ASK_ELSEWHERE)),
    ("missing.insurance", Next("健康保険の資格を照会し、得られなければ資格の分かるものの提出を求める", REQUEST)),
    ("missing.guardian", Next("保護者を届出と住民記録で確かめる", REQUEST)),
    ("missing.birth_date", Next("児童の住民記録を確かめる", NO_LETTER)),
    ("missing.rules", Next("その日の基準値を登録する", NO_LETTER)),
    ("", Next("不足している事実を確かめる", REQUEST)),
)  # fmt: skip


def sort_answer(answer: Answer, *, held: Held) -> Sorted:
    """Where an answer goes, beside what the child held until the day."""
    if answer.outcome is Outcome.CANNOT_DECIDE:
        return Sorted.UNDECIDED
    if answer.outcome is Outcome.NOT_ELIGIBLE:
        return Sorted.LOST
    return Sorted.RENEWED if answer.benefit_class == held.benefit_class else Sorted.CHANGED


def sort_replay(answer: Answer, *, outcome: str, benefit_class: str | None) -> Sorted:
    """Where the answer of a replay goes, beside what the decision had said."""
    if answer.outcome is Outcome.CANNOT_DECIDE:
        return Sorted.UNDECIDED
    was, now = outcome == Outcome.ELIGIBLE, answer.outcome is Outcome.ELIGIBLE
    if was != now:
        return Sorted.OWED if now else Sorted.NOT_OWED
    return Sorted.RENEWED if answer.benefit_class == benefit_class or not now else Sorted.CHANGED


def wants_card(kind: RenewalKind, *, answer: Answer, held: Held) -> bool:
    """Does the answer, once approved, call for a new certificate: a new period, another class or another end?"""
    if answer.outcome is not Outcome.ELIGIBLE or kind is RenewalKind.REPLAY:
        return False
    if kind is not RenewalKind.CHANGED:
        return True
    end = answer.period.end if answer.period else None
    return (answer.benefit_class, end) != held


def next_of(sorted_as: Sorted, *, reason_code: str) -> Next:
    """What is to be done next, and the letter or inquiry it needs, in a clerk's words."""
    if sorted_as is not Sorted.UNDECIDED:
        return _STEPS[sorted_as]
    return next(told for beginning, told in _UNDECIDED if reason_code.startswith(beginning))

"""What a renewal can become, what kinds there are, and how its answers are sorted."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType

from kyufu.platform.transitions import Machine


class RenewalState(StrEnum):
    """Where a renewal (更新処理) stands."""

    PLANNED = "planned"
    FROZEN = "frozen"
    JUDGED = "judged"
    APPROVED = "approved"
    EFFECTING = "effecting"
    EFFECTED = "effected"
    DONE = "done"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """The Japanese word for a list."""
        return _STATE_LABELS[self]


class RenewalKind(StrEnum):
    """Why children are judged in bulk."""

    YEARLY = "yearly"
    MONTHLY = "monthly"
    AGE = "age"
    CHANGED = "changed"
    REPLAY = "replay"

    @property
    def label(self) -> str:
        """The Japanese word for a list."""
        return _KIND_LABELS[self]

    @property
    def condition(self) -> str:
        """Who of the base is in the run, in words."""
        return _CONDITIONS[self]


class Sorted(StrEnum):
    """How an answer is sorted; each is a worklist."""

    RENEWED = "renewed"
    CHANGED = "changed"
    LOST = "lost"
    UNDECIDED = "undecided"
    BROKEN = "broken"
    OWED = "owed"
    NOT_OWED = "not_owed"

    @property
    def label(self) -> str:
        """The Japanese word for a list."""
        return _SORT_LABELS[self]


class LeftOut(StrEnum):
    """Why somebody of the base is not in the run."""

    NOT_APPLIED = "not_applied"
    IN_PROGRESS = "in_progress"
    REJECTED = "rejected"
    ENDED = "ended"
    NOT_DUE = "not_due"
    OTHER_EVENT = "other_event"
    UNCHANGED = "unchanged"
    NO_DECISION = "no_decision"

    @property
    def label(self) -> str:
        """The Japanese sentence."""
        return _LEFT_OUT_LABELS[self]

    @property
    def next_step(self) -> str:
        """What a clerk does about it."""
        return _LEFT_OUT_STEPS[self]


class ScheduleState(StrEnum):
    """Where a planned schedule (予定) of renewals stands."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    ENDED = "ended"

    @property
    def label(self) -> str:
        """The Japanese word for a list."""
        return {"proposed": "申し出中（確認待ち）", "active": "有効", "ended": "終了"}[self.value]


class Measure(StrEnum):
    """What of a renewal is held against what was expected."""

    RENEWED = "renewed"
    CHANGED = "changed"
    LOST = "lost"
    UNDECIDED = "undecided"
    LEFT_OUT = "left_out"

    @property
    def label(self) -> str:
        """The Japanese words for a table."""
        return _MEASURE_LABELS[self]


_S = RenewalState
_STATE_LABELS = MappingProxyType(
    {
        _S.PLANNED: "立案済", _S.FROZEN: "対象者確定済", _S.JUDGED: "判定済（承認待ち）", _S.APPROVED: "承認済",
        _S.EFFECTING: "反映中", _S.EFFECTED: "反映済（印刷待ち）", _S.DONE: "完了", _S.CANCELLED: "取りやめ",
    }
)  # fmt: skip
_KIND_LABELS = MappingProxyType(
    {
        RenewalKind.YEARLY: "年次更新", RenewalKind.MONTHLY: "月次更新", RenewalKind.AGE: "年齢到達",
        RenewalKind.CHANGED: "事実の変更による判定し直し", RenewalKind.REPLAY: "過去の決定の再点検",
    }
)  # fmt: skip
_CONDITIONS = MappingProxyType(
    {
        RenewalKind.YEARLY: "基準日の前日まで資格があり、基準日にその期間が終わる児童",
        RenewalKind.MONTHLY: "基準日からの1か月のうちに資格の期間が終わる児童",
        RenewalKind.AGE: "基準日からの1か月のうちに、誕生日・学年の区切り・18歳年度末で資格の期間が終わる児童",
        RenewalKind.CHANGED: "決定のあとに住民・所得・保険などの事実が変わった、資格のある児童",
        RenewalKind.REPLAY: "基準日以後の期間について決裁済の決定がある児童（決定時に記録した事実で点検する）",
    }
)
BASE = "資格のある児童の全員と、市に登録され対象年齢に当たる児童の全員（申請の有無を問わない）"
_SORT_LABELS = MappingProxyType(
    {
        Sorted.RENEWED: "継続", Sorted.CHANGED: "区分の変更", Sorted.LOST: "喪失", Sorted.UNDECIDED: "判定不能",
        Sorted.BROKEN: "計算できない事実あり", Sorted.OWED: "追加で助成すべきもの",
        Sorted.NOT_OWED: "対象でなかったもの",
    }
)  # fmt: skip
_LEFT_OUT_LABELS = MappingProxyType(
    {
        LeftOut.NOT_APPLIED: "対象年齢の住民だが、申請がない",
        LeftOut.IN_PROGRESS: "申請・届出の処理の途中である",
        LeftOut.REJECTED: "申請が却下されている",
        LeftOut.ENDED: "資格がすでに終わっている",
        LeftOut.NOT_DUE: "資格の期間が対象の期間のあとまで続く",
        LeftOut.OTHER_EVENT: "資格の期間の終わりが年齢によるものではない",
        LeftOut.UNCHANGED: "決定のあとに事実が変わっていない",
        LeftOut.NO_DECISION: "点検する期間に決裁済の決定がない",
    }
)
_LEFT_OUT_STEPS = MappingProxyType(
    {
        LeftOut.NOT_APPLIED: "申請の勧奨を検討する",
        LeftOut.IN_PROGRESS: "申請の画面で判定・決裁を済ませる",
        LeftOut.REJECTED: "要件が変わったと分かれば、あらためて申請を案内する",
        LeftOut.ENDED: "要件が戻ったと分かれば、あらためて申請を案内する",
        LeftOut.NOT_DUE: "次の更新で対象になる",
        LeftOut.OTHER_EVENT: "年次・月次の更新で対象になる",
        LeftOut.UNCHANGED: "することはない",
        LeftOut.NO_DECISION: "することはない",
    }
)
_MEASURE_LABELS = MappingProxyType(
    {
        Measure.RENEWED: "継続の割合",
        Measure.CHANGED: "区分の変更の割合",
        Measure.LOST: "喪失の割合",
        Measure.UNDECIDED: "判定不能の割合（計算できない事実を含む）",
        Measure.LEFT_OUT: "対象外の割合（期間・事由が合わないための対象外を除く）",
    }
)
# Left out because the kind is about others: as it should be, whatever the number.
BY_CONDITION = frozenset({LeftOut.NOT_DUE, LeftOut.OTHER_EVENT, LeftOut.UNCHANGED, LeftOut.NO_DECISION})
# Why a result was left as it was when the renewal took effect; the codes are those of cases.
REFUSALS = MappingProxyType(
    {
        "moved": "判定のあとに申請・資格の状態が変わった",
        "changed": "判定に用いた時点のあとに事実が変わった",
        "unjudged": "計算できない事実がある",
    }
)
PAIRS = MappingProxyType(
    {
        _S.PLANNED: frozenset({_S.FROZEN, _S.CANCELLED}),
        _S.FROZEN: frozenset({_S.JUDGED, _S.CANCELLED}),
        _S.JUDGED: frozenset({_S.APPROVED, _S.DONE, _S.CANCELLED}),
        _S.APPROVED: frozenset({_S.EFFECTING, _S.CANCELLED}),
        _S.EFFECTING: frozenset({_S.EFFECTED}),
        _S.EFFECTED: frozenset({_S.DONE}),
        _S.DONE: frozenset[RenewalState](),
        _S.CANCELLED: frozenset[RenewalState](),
    }
)
CANCELLABLE = frozenset(state for state, after in PAIRS.items() if _S.CANCELLED in after)
OPEN_STATES = frozenset(_S) - {_S.DONE, _S.CANCELLED}
RENEWALS = Machine(
    subject_table="renewal_renewal",
    history_table="renewal_renewal_transition",
    start=frozenset({str(_S.PLANNED)}),
    pairs={str(state): frozenset(map(str, after)) for state, after in PAIRS.items()},
)
SCHEDULE_PAIRS = MappingProxyType(
    {
        ScheduleState.PROPOSED: frozenset({ScheduleState.ACTIVE, ScheduleState.ENDED}),
        ScheduleState.ACTIVE: frozenset({ScheduleState.ENDED}),
        ScheduleState.ENDED: frozenset[ScheduleState](),
    }
)
SCHEDULES = Machine(
    subject_table="renewal_schedule",
    history_table="renewal_schedule_transition",
    start=frozenset({str(ScheduleState.PROPOSED)}),
    pairs={str(state): frozenset(map(str, after)) for state, after in SCHEDULE_PAIRS.items()},
)
# A replay is asked for by whoever corrected a rule: no calendar knows when.
PLANNABLE = tuple(kind for kind in RenewalKind if kind is not RenewalKind.REPLAY)

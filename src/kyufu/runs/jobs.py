"""The ordinary kinds of run: judge, judge again, issue, print each kind of document, and estimate a change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Protocol

from django.conf import settings

from kyufu.cases import api as cases
from kyufu.documents import api as documents
from kyufu.platform.actors import Actor
from kyufu.runs.kinds import RunContext, Undone, Work, register_kind
from kyufu.staff.api import Function, Scheme

DAY = "on"
ESTIMATE = "estimate_change"
ALL_WARDS = "すべての区が対象です。"


class Bulk(Protocol):
    """A bulk run of cases."""

    def __call__(
        self, *, municipality: str, on: date, by: Actor, at: datetime, report: Callable[[int, int], None]
    ) -> cases.BulkResult:
        """Deal with everything that is due."""


def register_ordinary_kinds() -> None:
    """Make the ordinary kinds known, in the order in which a day's work goes."""
    register_kind(
        "judge_pending", title="受付済の申請の判定", function=Function.CASE, work=_over_cases(cases.judge_pending),
        due=cases.count_pending, day_label="判定の基準日",
        about=f"本人確認が済んだ受付済の申請を判定します。{ALL_WARDS}",
    )  # fmt: skip
    register_kind(
        "judge_stale", title="事実が変わった申請の判定し直し", function=Function.CASE,
        work=_over_cases(cases.judge_stale), due=cases.count_to_judge_again, day_label="判定の基準日",
        about=f"判定のあとに住民・所得・保険などの事実が変わった申請を判定し直します。{ALL_WARDS}",
    )  # fmt: skip
    register_kind(
        "issue_approved", title="決裁済の申請の医療証の交付", function=Function.CASE,
        work=_over_cases(cases.issue_approved), due=cases.count_to_issue, day_label="交付日",
        about=f"決裁が済んだ申請に医療証を交付します（印刷は別の処理です）。{ALL_WARDS}",
    )  # fmt: skip
    register_kind(
        "match_register", title="届出の内容と住民記録・医療保険の突合", function=Function.CASE, work=_match,
        about=f"資格のある児童について、届け出た内容を住民記録・医療保険と突き合わせます。届け出た内容は変えません。{ALL_WARDS}",
    )  # fmt: skip
    _register_estimate()
    for kind in documents.Kind:
        register_kind(
            f"print_{kind.value}", title=f"{kind.label}の印刷", function=Function.PRINT, work=_printing(kind),
            due=_due(kind), day_label="文書の日付",
            about=f"まだ印刷していない{kind.label}をすべて印刷用のファイルにします。{ALL_WARDS}",
        )  # fmt: skip


def _register_estimate() -> None:
    """A page of its own starts it: the change that is estimated is among its arguments."""
    register_kind(
        ESTIMATE, title="基準値の変更の影響試算", function=Function.PARAMETERS, work=cases.work_estimate,
        scheme=Scheme.COMMON, day_label="試算の基準日", is_offered=False,
        about=f"申し出中の変更の前と後で、登録されている児童全員を判定して人数を比べます。{ALL_WARDS}",
    )  # fmt: skip


def _over_cases(bulk: Bulk) -> Work:
    def work(context: RunContext) -> Mapping[str, str]:
        result = bulk(
            municipality=settings.KYUFU_MUNICIPALITY,
            on=context.day(DAY),
            by=context.by,
            at=context.at,
            report=context.report,
        )
        context.leave_undone(
            [Undone(one.application_id, one.application_no, one.reason) for one in result.refused]
        )
        return {"処理した申請": f"{result.done:,}件", "見送った申請": f"{len(result.refused):,}件"}

    return work


def _match(context: RunContext) -> Mapping[str, str]:
    found = cases.match_with_register(by=context.by, at=context.at)
    return {
        "突き合わせた児童": f"{found.compared:,}人",
        "新しい食い違い": f"{found.new:,}件",
        "解消した食い違い": f"{found.over:,}件",
        "いまある食い違い": f"{len(found.open_ones):,}件",
    }


def _printing(kind: documents.Kind) -> Work:
    def work(context: RunContext) -> Mapping[str, str]:
        printed = documents.print_letters(
            kind, by=context.by, on=context.day(DAY), at=context.at, report=context.report,
            municipality=settings.KYUFU_MUNICIPALITY, watermark=documents.watermark_here(),
        )  # fmt: skip
        return {
            "印刷した帳票": f"{printed.documents:,}件",
            "ページ": f"{printed.pages:,}ページ",
            "印刷できなかったもの": f"{printed.exceptions:,}件",
            "印刷用のフォルダ": printed.folder.name if printed.folder else "なし（対象がありません）",
        }

    return work


def _due(kind: documents.Kind) -> Callable[[], int]:
    return lambda: documents.count_due(kind)

"""The kinds of run that carry a renewal: judge it, let it take effect, print it."""

from __future__ import annotations

from collections.abc import Mapping

from kyufu.platform.errors import BadInput
from kyufu.renewal.operations.effect import begin_effect, effect_blocks, end_effect
from kyufu.renewal.operations.judgement import judge_renewal
from kyufu.renewal.operations.printing import print_renewal
from kyufu.renewal.queries import fetch, sorted_counts
from kyufu.runs.api import RunContext, register_kind
from kyufu.staff.api import Function

JUDGE, EFFECT, PRINT = "renewal_judge", "renewal_effect", "renewal_print"
RENEWAL = "renewal"


def register_renewal_kinds() -> None:
    """Make the kinds known; a page of its own starts them, which knows the renewal."""
    register_kind(
        JUDGE, title="更新処理の対象者の確定と判定", function=Function.CASE, work=_judge, is_offered=False,
        about="更新の対象者を確定し、全員を判定します。すべての区が対象です。",
    )  # fmt: skip
    register_kind(
        EFFECT, title="更新処理の反映", function=Function.CASE, work=_effect, is_offered=False,
        about="承認された更新の結果を、資格・医療証・通知に反映します。すべての区が対象です。",
    )  # fmt: skip
    register_kind(
        PRINT, title="更新処理の印刷", function=Function.PRINT, work=_print, is_offered=False,
        about="反映した更新の医療証と通知を印刷用のファイルにし、件数を突き合わせます。",
    )  # fmt: skip


def _judge(context: RunContext) -> Mapping[str, str]:
    renewal_id = renewal_of(context.arguments)
    judge_renewal(renewal_id, by=context.by, at=context.at, report=context.report)
    return {one.sorted.label: f"{one.children:,}人" for one in sorted_counts(renewal_id)}


def _effect(context: RunContext) -> Mapping[str, str]:
    renewal = begin_effect(renewal_of(context.arguments), by=context.by, at=context.at)
    total = renewal.in_count or 0
    done = int(
        fetch("SELECT count(*) FROM renewal_outcome WHERE renewal_id = %(id)s", {"id": renewal.pk})[0][0]
    )
    context.report(done, total)
    for members in effect_blocks(renewal, at=context.at):
        done += members
        context.report(done, total)
    effected, refused = end_effect(renewal.pk, by=context.by, at=context.at)
    return {"反映した児童": f"{effected:,}人", "見送った児童": f"{refused:,}人"}


def _print(context: RunContext) -> Mapping[str, str]:
    return print_renewal(
        renewal_of(context.arguments), by=context.by, on=context.today, at=context.at, report=context.report
    )


def renewal_of(arguments: Mapping[str, str]) -> int:
    """The number of the renewal among the arguments of a run; raises BadInput where there is none."""
    found = arguments.get(RENEWAL, "")
    if not found.isdigit():
        raise BadInput("更新処理が指定されていません。", remedy="更新処理の画面から始めてください。")
    return int(found)

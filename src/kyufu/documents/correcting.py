"""The words of the letter that tells of a correction: which days, what was and what is right, and how to claim."""

from __future__ import annotations

from collections.abc import Sequence

from kyufu.cases.api import CorrectedDays
from kyufu.documents.content import Line
from kyufu.law.calendar.wareki import format_wareki
from kyufu.law.child.labels import benefit_class_label
from kyufu.law.child.parameters import ClaimRules

NO_BENEFIT = "助成なし"
NEXT_MONTH = 1


def day_lines(days: Sequence[CorrectedDays]) -> tuple[Line, ...]:
    """Each stretch of days with the class that was held and the right one."""
    return tuple(
        Line(_period_text(one), f"{_class_text(one.was_class)} から {_class_text(one.now_class)} に訂正")
        for one in days
    )


def claim_points(days: Sequence[CorrectedDays], *, claim: ClaimRules | None) -> tuple[str, ...]:
    """How to claim what was paid in the days; where the city's window is not known the letter says whom to ask.

    What is owed in yen is not told: treatments and payments are not known here.
    """
    return (
        f"{'、'.join(map(_period_text, days))}に受診し、お支払いになった額のうち、訂正後の一部負担金を"
        "超える分をお返しします。",
        _window_text(claim),
        "領収書、健康保険の資格の分かるもの、振込先の分かるものをそろえて、下の問合せ先へ申請してください。"
        "領収書が見つからないときは、お問い合わせください。",
        "お返しする額は、申請を受けて受診の内容を確かめてから決定し、あらためてお知らせします。",
    )


def _window_text(claim: ClaimRules | None) -> str:
    if claim is None:
        return "申請できる期間は、下の問合せ先へお問い合わせください。"
    month = "受診した月の翌月" if claim.claim_from_months == NEXT_MONTH else "受診した月"
    if claim.claim_from_months > NEXT_MONTH:
        month = f"受診した月の{claim.claim_from_months}か月後"
    return f"{month}の1日から{claim.claim_years}年のうちに申請してください。"


def _class_text(code: str | None) -> str:
    return NO_BENEFIT if code is None else benefit_class_label(code)


def _period_text(one: CorrectedDays) -> str:
    last = one.period.last_day
    first = format_wareki(one.period.start)
    return f"{first}以後" if last is None else f"{first}から{format_wareki(last)}まで"

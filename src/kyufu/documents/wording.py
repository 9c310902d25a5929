"""The words of the letters: figures of a judgement for a parent to read, and the notice of appeal (教示)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kyufu.documents.content import Line
from kyufu.documents.office import Appeal
from kyufu.law.calendar.wareki import format_wareki
from kyufu.law.decision import Step

WATERMARK = "見本・訓練用"
PREVIEW_WATERMARK = "確認用・使用不可"


# What the addressee may and needs to see. Left out: the other guardian's income, which is not the
# addressee's to know, the prefecture's part, and what only the office works with.
FIGURES = (
    "judged_for",
    "age",
    "resident_from",
    "insured_from",
    "applied_on",
    "public_assistance_from",
    "public_assistance_last_day",
    "disability_from",
    "disability_last_day",
    "single_parent_from",
    "single_parent_last_day",
    "institution_from",
    "institution_last_day",
    "band",
    "income_limited",
    "city_income_limit",
)


def figure_lines(steps: Iterable[Step]) -> tuple[Line, ...]:
    """The figures that a judgement went by and that were found, with label and unit, in its order."""
    return tuple(
        Line(step.quantity.label, written_value(step))
        for step in steps
        if step.quantity.name in FIGURES and step.value is not None
    )


def written_value(step: Step) -> str:
    """A figure as written for a parent: yen with separators, dates in wareki, yes and no in Japanese."""
    match step.value:
        case None:
            return "確認できていません"
        case bool(answer):
            return "はい" if answer else "いいえ"
        case date() as day:
            return format_wareki(day)
        case int(number):
            return f"{number:,}{step.quantity.unit}"
        case str(words):
            return words


def appeal_notice(appeal: Appeal) -> tuple[str, ...]:
    """The notice of appeal: review within 3 months, lawsuit within 6, and what holds after a review."""
    review, lawsuit, longest = (
        _full_width(n) for n in (appeal.review_months, appeal.lawsuit_months, appeal.longest_years)
    )
    excuse = f"の翌日から起算して{longest}年を経過すると、正当な理由がある場合を除き、"
    return (
        f"１　この決定に不服があるときは、この決定があったことを知った日の翌日から起算して{review}か月"
        f"以内に、{appeal.review_authority}に対して審査請求をすることができます（この期間内であっても、この決定の日{excuse}"
        "審査請求をすることができなくなります。）。",
        f"２　この決定の取消しの訴えは、この決定があったことを知った日の翌日から起算して{lawsuit}か月以内に、"
        f"{appeal.defendant}を被告として（訴訟において{appeal.defendant}を代表する者は{appeal.representative}です。）"
        f"提起することができます（この期間内であっても、この決定の日{excuse}提起することができなくなります。）。",
        f"３　審査請求をした場合は、取消しの訴えは、その審査請求に対する裁決があったことを知った日の翌日から"
        f"起算して{lawsuit}か月以内に提起することができます（この期間内であっても、裁決の日{excuse}提起することができなくなります。）。",
    )


def _full_width(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))

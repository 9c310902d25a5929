"""The letter about a correction: which days, from what to what, and how to claim; never a sum."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from kyufu.cases.api import CorrectedDays, CorrectionRow
from kyufu.documents import compose
from kyufu.documents.content import Kind, LetterContent
from kyufu.documents.correcting import claim_points, day_lines
from kyufu.documents.selection import texts_of
from kyufu.law.calendar.period import Period
from kyufu.law.child.parameters import ClaimRules
from tests.documents.samples import SETTING, people

FIRST, LAST = date(2026, 8, 1), date(2027, 8, 1)
DAYS = (CorrectedDays(Period(FIRST, LAST), None, "free"),)
ROW = CorrectionRow(5, 7, "2026000007", 9, 1, 2, "yokohama", DAYS)
FIVE_YEARS = ClaimRules(1, 5)


def letter(row: CorrectionRow = ROW, claim: ClaimRules | None = FIVE_YEARS) -> LetterContent:
    """The letter."""
    return compose.correction_content(row, claim=claim, people=people(), setting=SETTING)


def said(content: LetterContent) -> str:
    """Everything that it says."""
    return "".join(texts_of(content))


def test_it_tells_the_days_and_what_is_right() -> None:
    content = letter()
    assert content.kind is Kind.CORRECTION
    assert content.subject_id == 5
    assert content.qr_text == "C2026000007"
    assert "令和8年8月1日から令和9年7月31日まで" in said(content)
    assert "助成なし から " in said(content)
    assert "おわびして訂正します" in said(content)


def test_nothing_is_decided_so_nothing_is_to_be_appealed() -> None:
    assert letter().appeal == ()
    assert "審査請求" not in said(letter())


def test_no_sum_is_told() -> None:
    points = "".join(claim_points(DAYS, claim=FIVE_YEARS))
    assert "円" not in points
    assert "受診の内容を確かめてから決定し" in points


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        (ClaimRules(1, 5), "受診した月の翌月の1日から5年のうちに申請してください。"),
        (ClaimRules(0, 2), "受診した月の1日から2年のうちに申請してください。"),
        (ClaimRules(3, 5), "受診した月の3か月後の1日から5年のうちに申請してください。"),
        (None, "申請できる期間は、下の問合せ先へお問い合わせください。"),
    ],
)
def test_the_window_is_the_citys_and_asked_for_where_it_is_unknown(
    claim: ClaimRules | None, words: str
) -> None:
    assert words in said(letter(claim=claim))


def test_several_stretches_are_each_told() -> None:
    days = (
        CorrectedDays(Period(FIRST, date(2026, 10, 1)), None, "free"),
        CorrectedDays(Period(date(2027, 1, 1), None), None, "free"),
    )
    lines = day_lines(days)
    assert [one.label for one in lines] == ["令和8年8月1日から令和8年9月30日まで", "令和9年1月1日以後"]
    text = said(letter(ROW._replace(days=days)))
    assert "令和8年8月1日から令和8年9月30日まで、令和9年1月1日以後に受診し" in text


def test_a_sheltered_households_letter_comes_from_the_head_office() -> None:
    whom = people()
    sheltered = dataclasses.replace(
        whom,
        child=dataclasses.replace(whom.child, protected=True),
        guardian=dataclasses.replace(whom.guardian, protected=True),
    )
    content = compose.correction_content(ROW, claim=None, people=sheltered, setting=SETTING)
    assert content.sender == SETTING.municipality.head_office

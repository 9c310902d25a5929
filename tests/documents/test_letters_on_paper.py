"""Letters as a parent holds them: every part is there, in order, and none is lost on a second page."""

from __future__ import annotations

import re

import pytest

from kyufu.documents.content import LetterContent
from kyufu.documents.render import render_pdf
from kyufu.law.decision import Reason
from tests.documents import samples
from tests.documents.reading import baselines, page_texts
from tests.law.yokohama import INSURANCE_UNKNOWN, NO_GUARDIAN, NOT_RESIDENT, PUBLIC_ASSISTANCE, TOO_OLD

SHEET = samples.TOWN.sheet
LETTERS = {
    "rejection": samples.rejection, "loss": samples.loss, "request": samples.request, "urging": samples.urging,
}  # fmt: skip


def bare(text: str) -> str:
    """The text as pages are compared."""
    return re.sub(r"\s", "", text)


def parts_of(letter: LetterContent) -> list[str]:
    """The parts of a letter from its title down, in the order in which they are read."""
    parts = [letter.title, *letter.opening]
    for section in letter.sections:
        parts += [section.heading, *section.paragraphs]
        for line in section.table:
            parts += [line.label, line.value]
        parts += [*section.points, section.note]
    return [bare(part) for part in [*parts, *letter.appeal, letter.sender.phone] if part]


def text_of(letter: LetterContent) -> str:
    """All pages of a letter."""
    return "".join(page_texts(render_pdf([letter], sheet=SHEET, dated=samples.ON)[0]))


@pytest.mark.parametrize("kind", LETTERS)
def test_every_part_is_on_the_paper_in_order(kind: str) -> None:
    letter = LETTERS[kind]()
    text = text_of(letter)
    place = 0
    for part in parts_of(letter):
        found = text.find(part, place)
        assert found >= 0, part
        place = found + len(part)


@pytest.mark.parametrize("kind", LETTERS)
def test_number_date_and_mayor_stand_at_the_top(kind: str) -> None:
    letter = LETTERS[kind]()
    pdf, _ = render_pdf([letter], sheet=SHEET, dated=samples.ON)
    top = bare("".join(text for _, y, text in baselines(pdf) if y < 99))
    for shown in (letter.number, "令和8年8月1日", "横浜市長", "公印省略"):
        assert shown in top


@pytest.mark.parametrize("kind", LETTERS)
def test_the_second_window_shows_where_to_return_it(kind: str) -> None:
    pdf, _ = render_pdf([LETTERS[kind]()], sheet=SHEET, dated=samples.ON)
    window = SHEET.return_window
    shown = bare("".join(
        text for x, y, text in baselines(pdf)
        if window.left <= x <= window.left + window.width and window.top <= y <= window.top + window.height
    ))  # fmt: skip
    for part in ("差出人・返送先", "〒222-0032", "横浜市港北区大豆戸町26-1", "港北区役所", "保険年金課"):
        assert part in shown


def test_all_reasons_of_a_decision_reach_the_paper() -> None:
    reasons = (TOO_OLD, NOT_RESIDENT, PUBLIC_ASSISTANCE)
    text = text_of(samples.rejection(reasons=reasons))
    for number, reason in enumerate(reasons, start=1):
        assert f"{number}{bare(reason.text)}" in text


def test_nothing_is_lost_when_a_letter_runs_over() -> None:
    many = tuple(
        Reason(f"r{number}", f"第{number}の理由。" + "長い説明が続きます。" * 8) for number in range(1, 31)
    )
    letter = samples.rejection(reasons=many)
    text = text_of(letter)
    for reason in many:
        assert f"{bare(reason.text)[:12]}" in text
    assert text.count("この決定に不服があるとき") >= 1
    assert letter.sender.phone in text


def test_a_request_lists_what_cannot_be_confirmed_and_what_to_hand_in() -> None:
    text = text_of(samples.request(reasons=(INSURANCE_UNKNOWN, NO_GUARDIAN)))
    assert text.index("確認できないこと") < text.index("ご提出いただくもの") < text.index("ご提出のあと")
    for shown in ("健康保険の資格が確認できません", "保護者が分かりません", "資格確認書", "戸籍謄本"):
        assert shown in text
    assert "審査請求" not in text
    assert "却下" not in text


def test_no_letter_shows_an_income() -> None:
    for make in LETTERS.values():
        assert "4,321,000" not in text_of(make())


def test_letters_in_one_file_do_not_mix() -> None:
    letters = [samples.rejection(index=1), samples.loss(index=2), samples.request(index=3)]
    texts = page_texts(render_pdf(letters, sheet=SHEET, dated=samples.ON)[0])
    for here, letter in enumerate(letters):
        for there, text in enumerate(texts):
            assert (bare(letter.title) in text) == (here == there)

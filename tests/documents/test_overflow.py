"""Names, addresses and buildings of any length stay on their sheet, whole, inside their boxes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.documents.compose import People
from kyufu.documents.content import Content
from kyufu.documents.render import render_pdf
from tests.documents import samples
from tests.documents.reading import baselines, page_texts

SHEET = samples.TOWN.sheet
ROMAN = st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ '-", min_size=1, max_size=100)
JAPANESE = st.text(
    alphabet="亜髙﨑邊見本花太郎アンドレヴァー々（）、。一丁目番地Ｗ", min_size=1, max_size=100
)
NAMES = st.one_of(ROMAN, JAPANESE).filter(str.strip)
LONG_NAMES = {
    "one word of 60 letters": "X" * 60,
    "widest letters": "W" * 100,
    "many words": "KONSTANTINOPOLITANSKY ALEXANDER MAXIMILIAN FERDINAND VON UND ZU HOHENZOLLERN SIGMARINGEN",
    "kana": "コンスタンティノポリタンスキー　アレクサンダー　マクシミリアン　フェルディナント",
    "100 kanji": "邊" * 100,
}
LONG_ADDRESS = "横浜市港北区" + "新横浜二丁目百番地の九十九先埋立地" * 6
LONG_BUILDING = ("ロイヤルパークハイツ見本駅前グランドレジデンスウエストタワー・アネックス第二期" * 8)[:300]


def crowded(name: str, *, address: str = samples.ADDRESS, building: str = samples.BUILDING) -> People:
    """Child and guardian who both bear the name and live at the address."""
    view = samples.person(name=name, kana=name, address=address, building=building)
    return samples.people(
        child=view, guardian=view, to=samples.postal(name=name, address=address, building=building)
    )


def bare(text: str) -> str:
    """The text without white space, as pages are compared."""
    return re.sub(r"\s", "", text)


def assert_whole_and_inside(content: Content, *, name: str) -> None:
    """The name stands on its one page in full; no text begins outside the page's margins."""
    pdf, extents = render_pdf([content], sheet=SHEET, dated=samples.ON)
    (text,) = page_texts(pdf)
    assert [extent.pages for extent in extents] == [1]
    assert text.count(bare(name)) >= 2
    for x, y, _ in baselines(pdf):
        assert 3 <= x <= 205
        assert 3 <= y <= 294


@pytest.mark.parametrize("name", LONG_NAMES.values(), ids=LONG_NAMES.keys())
def test_long_names_fit_on_certificates(name: str) -> None:
    assert_whole_and_inside(samples.certificate(of=crowded(name)), name=name)


@pytest.mark.parametrize("name", LONG_NAMES.values(), ids=LONG_NAMES.keys())
def test_long_names_fit_on_letters(name: str) -> None:
    assert_whole_and_inside(samples.rejection(of=crowded(name)), name=name)


def test_long_addresses_and_buildings_fit() -> None:
    of = crowded("見本　花子", address=LONG_ADDRESS, building=LONG_BUILDING)
    pdf, _ = render_pdf([samples.certificate(of=of)], sheet=SHEET, dated=samples.ON)
    (text,) = page_texts(pdf)
    assert text.count(LONG_ADDRESS) == 2
    assert text.count(LONG_BUILDING) == 2


@pytest.mark.parametrize("name", [LONG_NAMES["widest letters"], LONG_NAMES["100 kanji"]])
def test_a_long_addressee_stays_in_the_window(name: str) -> None:
    of = crowded(name, address=LONG_ADDRESS, building=LONG_BUILDING)
    pdf, _ = render_pdf([samples.certificate(of=of)], sheet=SHEET, dated=samples.ON)
    window = SHEET.window
    upper_left = [
        (x, y) for x, y, text in baselines(pdf) if x < 110 and y < 61 and text not in samples.WATERMARK
    ]
    assert upper_left
    for x, y in upper_left:
        assert window.left <= x <= window.left + window.width
        assert window.top <= y <= window.top + window.height


def test_a_long_home_stays_in_its_row_of_the_card() -> None:
    of = crowded("見本　花子", address=LONG_ADDRESS, building=LONG_BUILDING)
    pdf, _ = render_pdf([samples.certificate(of=of)], sheet=SHEET, dated=samples.ON)
    top, left = SHEET.card.top + 27, SHEET.card.left + 30
    row = [
        text
        for x, y, text in baselines(pdf)
        if left <= x <= SHEET.card.left + 125 and top <= y <= top + 10 and text not in samples.WATERMARK
    ]
    assert "".join(row) == LONG_ADDRESS + LONG_BUILDING


@given(name=NAMES)
@settings(max_examples=25, deadline=None)
def test_any_name_fits_on_one_page(name: str) -> None:
    of = crowded(name)
    pdf, _ = render_pdf([samples.certificate(of=of)], sheet=SHEET, dated=samples.ON)
    (text,) = page_texts(pdf)
    assert text.count(bare(name)) >= 2

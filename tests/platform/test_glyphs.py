"""What the print fonts can draw: letters, old forms by variation selector, and what no font has."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kyufu.platform import fonts
from kyufu.platform.errors import BadInput

# A letter of private use, one beyond every font here, and the selector of an old form.
PRIVATE, OLD_FORM = "\ue000", "\U000e0101"
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


def forget() -> None:
    fonts.print_glyphs.cache_clear()
    fonts._suspects.cache_clear()


@pytest.fixture
def own_font(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A municipality's own folder, with a font that has one letter of private use and one old form."""
    make_font(tmp_path / "own.ttf", points=[0xE000, 0x8FBA], pairs=[(0x8FBA, 0xE0101)])
    monkeypatch.setattr(settings, "FONT_DIRS", (tmp_path,))
    forget()
    yield tmp_path
    forget()


def make_font(path: Path, *, points: list[int], pairs: list[tuple[int, int]]) -> None:
    """The smallest font that has the letters and the pairs of letter and selector."""
    names = {point: f"uni{point:04X}" for point in points}
    order = [".notdef", *names.values()]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap(names, uvs=[(point, selector, names[point]) for point, selector in pairs])
    builder.setupGlyf({name: TTGlyphPen(None).glyph() for name in order})
    builder.setupHorizontalMetrics(dict.fromkeys(order, (1000, 0)))
    builder.setupHorizontalHeader()
    builder.setupNameTable({"familyName": "Mihon", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)


@pytest.mark.parametrize(
    "text",
    ["", "見本　太郎", "髙橋 﨑", "ミホン・タロウ", "ABC abc 012", "横浜市鶴見区１－２", "々〆ヶ", "\u00a0"],
)
def test_what_is_used_every_day_can_be_drawn(text: str) -> None:
    assert fonts.undrawable(text) == ()


def test_what_no_font_has_is_named_by_its_code_point_and_once() -> None:
    assert fonts.undrawable(f"見{PRIVATE}本{PRIVATE}") == ("U+E000",)
    assert fonts.undrawable("\U0010fffd") == ("U+10FFFD",)


def test_an_old_form_is_asked_for_as_letter_and_selector() -> None:
    """The plain letter in its place would print another form of the name than the register holds."""
    assert fonts.undrawable("辺") == ()
    assert fonts.undrawable(f"渡辺{PRIVATE}") == ("U+E000",)
    unknown = f"一{chr(0xE01EF)}"
    assert fonts.undrawable(unknown) == ("U+4E00 U+E01EF",)


def test_a_selector_without_a_letter_before_it_is_not_drawn() -> None:
    assert fonts.undrawable(OLD_FORM) == ("U+E0101",)


@hypothesis_settings(max_examples=200, deadline=None)
@given(text=TEXTS)
def test_what_is_missing_of_a_text_is_missing_of_its_letters(text: str) -> None:
    missing = fonts.undrawable(text)
    assert len(set(missing)) == len(missing)
    assert all(point.startswith("U+") for point in missing)
    glyphs = fonts.print_glyphs()
    selected = any(0xFE00 <= ord(one) <= 0xFE0F or 0xE0100 <= ord(one) <= 0xE01EF for one in text)
    if not selected:
        by_hand = dict.fromkeys(f"U+{ord(one):04X}" for one in text if ord(one) not in glyphs.points)
        assert missing == tuple(by_hand)


@hypothesis_settings(max_examples=200, deadline=None)
@given(text=TEXTS)
def test_the_quick_question_overlooks_nothing(text: str) -> None:
    assert fonts.suspect_finder()(text) or fonts.undrawable(text) == ()


def test_the_quick_question_passes_what_is_used_every_day() -> None:
    """It would be of no use if it suspected everything."""
    assert not fonts.suspect_finder()("見本　太郎,横浜市鶴見区駒岡一丁目１番２号\n")


def test_letters_that_look_alike_are_told_apart() -> None:
    composed = "が"
    taken_apart = unicodedata.normalize("NFD", composed)
    assert fonts.undrawable(composed) == ()
    assert fonts.undrawable(taken_apart) in ((), ("U+3099",))


def test_the_municipalitys_own_font_adds_letters_and_old_forms(own_font: Path) -> None:
    assert fonts.font_folders()[0] == own_font
    assert fonts.undrawable(PRIVATE) == ()
    assert fonts.undrawable(f"辺{OLD_FORM}") == ()
    assert fonts.undrawable(f"辺{chr(0xE0102)}") == ("U+8FBA U+E0102",)
    assert fonts.undrawable("見本") == (), "the font that comes with Kyufu is still there"
    assert fonts.suspect_finder()(f"辺{OLD_FORM}"), "a selected form is always looked at closely"


def test_fonts_are_found_in_folders_below_and_by_any_spelling(own_font: Path) -> None:
    below = own_font / "外字"
    below.mkdir()
    make_font(below / "MORE.TTF", points=[0xE001], pairs=[])
    (below / "readme.txt").write_text("not a font", encoding="utf-8")
    forget()
    assert fonts.undrawable("\ue001") == ()


def test_a_folder_that_is_not_there_is_bad_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "FONT_DIRS", (tmp_path / "nowhere",))
    with pytest.raises(BadInput, match="KYUFU_FONT_DIRS") as refusal:
        fonts.font_folders()
    assert str(tmp_path) not in str(refusal.value)

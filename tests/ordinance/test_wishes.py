"""What somebody typed becomes a change of the right kind, or is refused at its field in words: no database needed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.law.calendar.period import Period
from kyufu.law.child import check_overlay, list_parameters
from kyufu.law.parameters.entries import Certainty
from kyufu.law.parameters.overlay import NOTHING, Change, Overlay
from kyufu.law.parameters.wording import names_of, say_column
from kyufu.ordinance.wishes import BadWish, Place, Wish, changeable_places, changes_wished
from tests.ordinance.parts import BACKDATING, BASE, FIRST, LIMITED, PAYER, wish

BAND_END = Place(BACKDATING.file, "band", "to_18_year_end", "ends")
BAND_START = BAND_END._replace(column="starts")
INFANT_END = BAND_END._replace(key="infant")
CLASS = BAND_END._replace(column="class")
STEP = Place(BACKDATING.file, "certificate", "age_step", "value")
MONTH = STEP._replace(key="first_month")
FEW = settings(max_examples=15, deadline=None)


def changes(*wishes: Wish, overlay: Overlay = NOTHING) -> tuple[Change, ...]:
    return changes_wished(wishes, municipality="yokohama", overlay=overlay)


def refusal(*wishes: Wish, overlay: Overlay = NOTHING) -> BadWish:
    with pytest.raises(BadWish) as caught:
        changes(*wishes, overlay=overlay)
    return caught.value


@pytest.mark.parametrize(
    ("place", "typed", "value"),
    [
        (BACKDATING, "60", 60),
        (BACKDATING, "６０", 60),
        (BACKDATING, "　60 ", 60),
        (BASE, "4,000,000", 4_000_000),
        (BASE, "４，０００，０００", 4_000_000),
        (LIMITED, "あり", True),
        (LIMITED, "なし", False),
        (BAND_END, "15歳", "age:15"),
        (BAND_END, "１５歳", "age:15"),
        (BAND_END, "18歳年度末", "grade:13"),
        (BAND_END, "15歳年度末", "grade:10"),
        (BAND_END, "20歳年度末", "grade:15"),
        (BAND_END, "15歳に達する日の属する月の翌月1日", "age:15"),
        (BAND_END, "中学校1年生になる4月1日", "grade:7"),
        (BAND_END, "15歳に達する日以後の最初の3月31日の翌日", "grade:10"),
        (PAYER, "80140007", "80140007"),
        (MONTH, "9", 9),
    ],
)
def test_what_is_typed_becomes_the_kind_of_the_value(place: Place, typed: str, value: object) -> None:
    (change,) = changes(wish(place, typed))
    assert (change.value, type(change.value)) == (value, type(value))
    assert change[:4] == place and change.period == Period(FIRST, None)


def test_what_a_page_shows_may_be_typed_as_it_stands() -> None:
    """The words of every value that is no number are understood, whatever code is behind."""
    names = names_of(list_parameters("yokohama"))
    for place, entry in changeable_places("yokohama", overlay=NOTHING).items():
        said = say_column(entry, column=place.column, names=names)
        current = entry.columns[place.column]
        if isinstance(current, int) and not isinstance(current, bool):
            said = str(current)
        if entry.period.end is not None or entry.period.start > FIRST:
            continue
        (change,) = changes(wish(place, said))
        assert change.value == current, place


@FEW
@given(value=st.integers(0, 10**11), width=st.booleans(), commas=st.booleans())
def test_any_number_is_read_in_any_width_with_or_without_separators(
    value: int, width: bool, commas: bool
) -> None:
    typed = f"{value:,}" if commas else str(value)
    wide = str.maketrans("0123456789,", "０１２３４５６７８９，")
    (change,) = changes(wish(BASE, typed.translate(wide) if width else typed))
    assert change.value == value


@settings(max_examples=12, deadline=None)
@given(typed=st.text(max_size=12))
def test_no_other_text_is_taken_for_a_number_or_a_flag(typed: str) -> None:
    """Whatever is typed: a change that the loader takes, or a refusal at the field of the value."""
    for place in (BASE, LIMITED, BAND_END):
        try:
            (change,) = changes(wish(place, typed))
        except BadWish as refused:
            assert (refused.at, refused.field) == (0, "value")
            assert refused.message.endswith("。") and refused.remedy
        else:
            assert check_overlay("yokohama", overlay=Overlay((change,)))


@pytest.mark.parametrize(
    ("wrong", "field", "says"),
    [
        (wish(value=""), "value", "数字を入力してください。"),
        (wish(value="6.5"), "value", "数字を入力してください。"),
        (wish(value="60日"), "value", "数字を入力してください。"),
        (wish(value="1" * 13), "value", "数字を入力してください。"),
        (wish(value="-5"), "value", "負の値は使えません。"),
        (wish(MONTH, "13"), "value", "月は1から12までです：13。"),
        (wish(LIMITED, "有"), "value", "「あり」か「なし」を入力してください。"),
        (wish(STEP, "誕生日"), "value", "知らない切替日の決め方です：誕生日。"),
        (wish(BAND_END, "いつか"), "value", "知らない境目です：いつか。"),
        (wish(CLASS, "金色"), "value", "知らない区分です：金色。"),
        (wish(PAYER, "80140001"), "value", ""),
        (wish(PAYER, "abc"), "value", ""),
        (wish(first_day=date(2010, 1, 1)), "first_day", "もとの値のない日にかかっています。"),
        (wish(last_day=date(2027, 7, 31)), "last_day", "終わりの日が始まりの日より前です。"),
        (wish(BACKDATING._replace(column="unit"), "時間"), "place", "この画面では変えられません"),
        (wish(BACKDATING._replace(file="../secret.toml")), "place", "この画面では変えられません"),
        (wish(source=" 　"), "value", "出典が空です。"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(wrong: Wish, field: str, says: str) -> None:
    refused = refusal(wrong)
    assert (refused.at, refused.field) == (0, field)
    assert says in refused.message and refused.remedy


def test_a_border_that_leaves_a_gap_is_told_in_words_at_its_value() -> None:
    refused = refusal(wish(INFANT_END, "3歳"))
    assert (refused.at, refused.field) == (0, "value")
    assert "3歳に達する日の属する月の翌月1日" in refused.message
    assert not any(code in refused.message for code in ("age:", "grade:", "infant", "band"))


def test_borders_moved_together_fit_and_neither_does_alone() -> None:
    together = (wish(INFANT_END, "3歳"), wish(BAND_START, "3歳"))
    assert [one.value for one in changes(*together)] == ["age:3", "age:3"]
    for alone in together:
        assert refusal(alone).at == 0
    # Each of the two fails alone, so that neither is named where they do not fit together.
    assert refusal(wish(INFANT_END, "3歳"), wish(BAND_START, "2歳")).at is None


def test_the_one_wrong_wish_among_good_ones_is_named() -> None:
    good, bad = wish(), wish(BASE, "1", first_day=date(2010, 1, 1))
    assert refusal(good, bad).at == 1 and refusal(bad, good).at == 0
    assert refusal(wish(value="x"), bad).at == 0, "the first is told first"


def test_wishes_about_the_same_value_may_not_meet_but_may_follow_each_other() -> None:
    until = wish(value="45", last_day=date(2028, 3, 31))
    after = wish(value="60", first_day=date(2028, 4, 1))
    assert [one.period for one in changes(until, after)] == [
        Period(FIRST, date(2028, 4, 1)),
        Period(date(2028, 4, 1), None),
    ]
    assert "重なって" in refusal(until, after._replace(first_day=date(2028, 3, 31))).message


def test_a_single_day_may_be_asked_for() -> None:
    (change,) = changes(wish(last_day=FIRST))
    assert change.period == Period(FIRST, date(2027, 8, 2))


def test_nothing_asked_for_is_refused_without_a_place() -> None:
    refused = refusal()
    assert (refused.at, refused.field) == (None, "") and "ありません" in refused.message


def test_what_is_in_force_already_is_what_a_wish_lies_over() -> None:
    """A border moved by a confirmed change is the border that a further wish has to fit."""
    moved = Overlay(changes(wish(INFANT_END, "3歳"), wish(BAND_START, "3歳")))
    assert refusal(wish(INFANT_END, "1歳"), overlay=moved).field == "value"
    back = changes(wish(INFANT_END, "1歳"), wish(BAND_START, "1歳"), overlay=moved)
    assert check_overlay("yokohama", overlay=moved.and_then(back))
    places = changeable_places("yokohama", overlay=moved)
    assert places[INFANT_END].columns["ends"] == "age:3"


def test_the_source_loses_its_spaces_and_the_certainty_stays() -> None:
    (change,) = changes(wish(source="　要綱 ", certainty=Certainty.ASSUMED))
    assert (change.source, change.certainty, change.origin) == ("要綱", Certainty.ASSUMED, "申し出中の変更")


def test_only_values_are_offered_and_each_once() -> None:
    places = changeable_places("yokohama", overlay=NOTHING)
    assert {BACKDATING, BASE, LIMITED, PAYER, BAND_END} <= set(places)
    assert not {place.column for place in places} & {"name", "label", "unit", "code", "kind"}
    for place, entry in places.items():
        assert (entry.file, entry.table, entry.key) == place[:3] and place.column in entry.columns

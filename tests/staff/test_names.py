"""Names and numbers of accounts: persons only, and nothing that a log, a spreadsheet or a page would run."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyufu.platform.errors import Refused
from kyufu.staff import api as staff
from kyufu.staff import policy
from kyufu.staff.policy import is_name_of_person, is_written_as_name
from tests.staff.town import BEGUN, NOW, PASSWORD, SETTER, TODAY, YEAR_END, Town

WORDS = (
    "共用", "共通", "代表", "窓口", "担当", "係員", "受付", "職員", "端末", "テスト", "ゲスト", "管理者", "システム",
)  # fmt: skip
PERSONS = (
    "見本　花子", "佐々木　蘭", "齋藤 一", "マリア・サンプル", "オブライエン　ジョン", "O'Brien John", "Nguyen Van-A",
    "渡邉\U000e0100　見", "係　太郎", "Dr. Sample",
)  # fmt: skip
RUN_BY_SOMETHING = (
    "=1+1", "+見本", "-見本", "　 ", "@見本", "<script>", "見本\n花子", "見本\t花子", "見本\x00", "見本;花子",
    "見本\u202e花子", "見本,花子", '見本"花子', "{見本}", "見本\u2028花子",
)  # fmt: skip


def make(**changed: Any) -> int:
    proper: dict[str, Any] = {
        "staff_no": "C100", "personnel_no": "P100", "name": "見本　次郎", "kana": "ミホン　ジロウ",
        "kind": staff.AccountKind.EMPLOYEE, "office": "TSU", "usable_from": TODAY, "expires_on": YEAR_END,
        "password": PASSWORD, "by": SETTER, "at": NOW, "why": "申請第7号",
    }  # fmt: skip
    return staff.add_account(**proper | changed)


@pytest.mark.parametrize("name", PERSONS)
def test_persons_are_persons(name: str) -> None:
    assert is_name_of_person(name, on=TODAY)


@pytest.mark.requirement("YOK-166", "KWS-165")
@given(
    word=st.sampled_from(WORDS),
    before=st.text("見本鶴見区国保一 　", max_size=6),
    after=st.text("花子用課 　", max_size=6),
)
def test_a_word_of_a_post_is_found_wherever_it_stands(word: str, before: str, after: str) -> None:
    assert not is_name_of_person(before + word + after, on=TODAY)


def test_the_words_are_refused_from_their_day_on() -> None:
    assert not is_name_of_person("窓口", on=BEGUN)
    assert is_name_of_person("窓口", on=policy.policy_rules()[0].start.replace(year=2019))


@given(digit=st.characters(categories=["Nd"]))
def test_no_digit_of_any_script_stands_in_a_name(digit: str) -> None:
    assert not is_name_of_person(f"見本{digit}", on=TODAY)


@pytest.mark.parametrize("name", RUN_BY_SOMETHING)
def test_what_something_would_run_is_no_name(town: Town, name: str) -> None:
    assert not is_written_as_name(name)
    for changed in ({"name": name}, {"kana": name}):
        with pytest.raises(Refused) as refused:
            make(**changed)
        assert name not in str(refused.value)


@given(text=st.text(max_size=20))
def test_whatever_is_a_name_is_one_cell_that_starts_no_formula(text: str) -> None:
    if not is_written_as_name(text):
        return
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([text])
    assert out.getvalue() in (f"{text}\n", f'"{text}"\n')
    assert text[0] not in "=+-@\t\r\n"
    assert len(out.getvalue().splitlines()) == 1


@pytest.mark.parametrize("column", ["staff_no", "personnel_no"])
@pytest.mark.parametrize(
    "number", ["", "C 1", "C1\n", "C1\r\nSIGN_IN ok", "Ｃ１", "C'1", "../C1", "<b>", "C" * 21, "番人"]
)
def test_numbers_hold_nothing_but_letters_and_digits(town: Town, column: str, number: str) -> None:
    with pytest.raises(Refused, match="使えない文字") as refused:
        make(**{column: number})
    assert not number or number not in str(refused.value)
    assert staff.find_account(number, on=TODAY) is None


@pytest.mark.parametrize("number", ["C9", "C" * 20, "c-1", "0012345"])
def test_numbers_that_are_taken(town: Town, number: str) -> None:
    assert make(staff_no=number, personnel_no=number) > 0

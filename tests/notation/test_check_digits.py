"""Check digits: published vectors, real codes, and what each rule can and cannot detect."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.jp import cn, in_

from kyufu.notation.check_digits import (
    CORPORATE_NUMBER,
    INDIVIDUAL_NUMBER,
    INSTITUTION_CODE,
    INSURER_NUMBER,
    MUNICIPALITY_CODE,
    PAYER_NUMBER,
    RECIPIENT_NUMBER,
    CheckDigit,
    NumberRule,
    parse_corporate_number,
    parse_individual_number,
    parse_institution_code,
    parse_insurer_number,
    parse_municipality_code,
    parse_payer_number,
    parse_recipient_number,
)
from kyufu.notation.errors import NotationError

RULES = (
    INDIVIDUAL_NUMBER, CORPORATE_NUMBER, INSURER_NUMBER, PAYER_NUMBER, RECIPIENT_NUMBER, INSTITUTION_CODE,
    MUNICIPALITY_CODE,
)  # fmt: skip
LUHN_RULES = (INSURER_NUMBER, PAYER_NUMBER, RECIPIENT_NUMBER)

HACHIOJI = ("81136244", "81137242", "88138243", "88131248", "89131247")
RECEIPT_FILE = [
    "12141024",
    "12141065",
    "12141099",
    "12141156",
    "12143210",
    "28140507",
    "52148020",
    "54147012",
    "81140048",
    "83120063",
    "83120071",
    "83120162",
    "83121079",
    "83121103",
    "83122077",
    "83123018",
    "83123042",
    "83123067",
    "83124040",
    "83124065",
    "83124073",
    "85144004",
]
INSURERS = ("06130488", "01010016", "01130012", "01350016", "34130021", "12345674")
MUNICIPALITIES = ("131016", "141003", "141305", "011002", "142123", "142034", "130001", "140007", "010006",
                  "132012", "472018", "141011", "142131")  # fmt: skip


def bases(rule: NumberRule) -> st.SearchStrategy[str]:
    lengths = st.sampled_from(rule.lengths)
    return lengths.flatmap(lambda length: st.text("0123456789", min_size=length - 1, max_size=length - 1))


@pytest.mark.parametrize("number", ["621498320257", "345678901234", "123456789018"])
def test_valid_individual_numbers(number: str) -> None:
    assert INDIVIDUAL_NUMBER.is_valid(number)
    assert parse_individual_number(number) == number


@pytest.mark.parametrize("number", ["621498320258", "210987654321"])
def test_individual_numbers_with_a_wrong_digit_are_refused_without_being_shown(number: str) -> None:
    assert not INDIVIDUAL_NUMBER.is_valid(number)
    with pytest.raises(NotationError, match="個人番号の検査数字が合いません") as caught:
        parse_individual_number(number)
    assert number not in caught.value.reason


@pytest.mark.parametrize(
    "number", ["62149832025X", "６２１４９８３２０２５７", "6214 8320257", "-62149832025", "²21498320257"]
)
def test_characters_other_than_half_width_digits_are_named(number: str) -> None:
    assert not INDIVIDUAL_NUMBER.is_valid(number)
    assert "半角数字以外" in (INDIVIDUAL_NUMBER.problem_with(number) or "")


@pytest.mark.parametrize("number", ["", "62149832025", "6214983202577"])
def test_a_wrong_length_is_named_with_the_length_found(number: str) -> None:
    assert not INDIVIDUAL_NUMBER.is_valid(number)
    assert f"12桁で入力してください（{len(number)}文字あります）" in (
        INDIVIDUAL_NUMBER.problem_with(number) or ""
    )


def test_the_samples_of_the_hub_pass_when_the_check_digit_is_not_tested() -> None:
    assert parse_individual_number("210987654321", check=CheckDigit.UNTESTED) == "210987654321"
    assert parse_payer_number("83136019", check=CheckDigit.UNTESTED) == "83136019"
    with pytest.raises(NotationError, match="半角数字以外"):
        parse_individual_number("21098765432X", check=CheckDigit.UNTESTED)
    with pytest.raises(NotationError, match="8桁"):
        parse_payer_number("8313601", check=CheckDigit.UNTESTED)


def test_corporate_numbers_carry_their_check_digit_first() -> None:
    assert parse_corporate_number("5835678256246") == "5835678256246"
    assert CORPORATE_NUMBER.with_check_digit("835678256246") == "5835678256246"
    assert not CORPORATE_NUMBER.is_valid("2835678256246")


@pytest.mark.parametrize("number", [*HACHIOJI, *RECEIPT_FILE, "54016027", "21136015", "12345674"])
def test_payer_numbers_in_public_use(number: str) -> None:
    assert parse_payer_number(number) == number


@pytest.mark.parametrize("number", ["83136019", "87654321"])
def test_payer_numbers_known_to_be_wrong(number: str) -> None:
    with pytest.raises(NotationError, match="公費負担者番号の検査数字"):
        parse_payer_number(number)


@pytest.mark.parametrize("number", INSURERS)
def test_insurer_numbers_of_eight_digits(number: str) -> None:
    assert parse_insurer_number(number) == number


def test_insurer_numbers_of_six_digits_lose_the_blanks_of_a_receipt() -> None:
    number = INSURER_NUMBER.with_check_digit("14001")
    assert len(number) == 6
    assert parse_insurer_number(number) == parse_insurer_number(f"  {number}") == number
    with pytest.raises(NotationError, match="6桁または8桁"):
        parse_insurer_number(f" {number}")


@pytest.mark.parametrize(
    ("base", "digit"),
    [("0613048", "8"), ("5401602", "7"), ("1234567", "4"), ("2113601", "5"), ("8013000", "8"), ("8014000", "7"),
     ("8014100", "5"), ("2101001", "2")],
)  # fmt: skip
def test_computed_vectors_of_payer_numbers(base: str, digit: str) -> None:
    assert PAYER_NUMBER.with_check_digit(base) == base + digit


def test_recipient_numbers() -> None:
    number = RECIPIENT_NUMBER.with_check_digit("123456")
    assert parse_recipient_number(number) == "1234566"
    with pytest.raises(NotationError, match="受給者番号は7桁"):
        parse_recipient_number("123456")


@pytest.mark.parametrize("code", ["3410712362", "0110113719", "0110112489"])
def test_institution_codes_checked_with_prefecture_and_table(code: str) -> None:
    assert parse_institution_code(code) == code


@pytest.mark.parametrize("code", ["1412900066", "1410100065", "1310110049"])
def test_institution_codes_of_four_prefectures_are_checked_on_the_printed_code_alone(code: str) -> None:
    assert parse_institution_code(code) == code
    assert code[-1] != luhn.calc_check_digit(code[:-1]), "the switch is what makes this code valid"


@pytest.mark.parametrize("code", MUNICIPALITIES)
def test_municipality_codes(code: str) -> None:
    assert parse_municipality_code(code) == code


@pytest.mark.parametrize(
    ("base", "digit"),
    [("13101", "6"), ("14100", "3"), ("14130", "5"), ("01100", "2"), ("14212", "3"), ("13000", "1"), ("14000", "7"),
     ("01000", "6"), ("13201", "2"), ("47201", "8"), ("14101", "1")],
)  # fmt: skip
def test_computed_vectors_of_municipality_codes(base: str, digit: str) -> None:
    assert MUNICIPALITY_CODE.with_check_digit(base) == base + digit


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
@pytest.mark.parametrize("base", ["", "1", "x" * 11, "１" * 5, "1" * 20])
def test_a_base_that_is_no_base_is_refused(rule: NumberRule, base: str) -> None:
    with pytest.raises(NotationError, match="検査数字を除いた部分"):
        rule.with_check_digit(base)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
@given(data=st.data())
def test_a_completed_number_is_valid_and_comes_back(rule: NumberRule, data: st.DataObject) -> None:
    number = rule.with_check_digit(data.draw(bases(rule)))
    assert rule.is_valid(number)
    assert rule.problem_with(number) is None
    assert rule.parse(number) == number


@pytest.mark.parametrize("rule", LUHN_RULES, ids=lambda rule: rule.name)
@given(data=st.data())
def test_luhn_numbers_detect_every_change_of_one_digit(rule: NumberRule, data: st.DataObject) -> None:
    number = rule.with_check_digit(data.draw(bases(rule)))
    assert not rule.is_valid(changed(number, data=data))


@given(data=st.data())
def test_individual_numbers_miss_a_changed_digit_only_where_two_remainders_share_nought(
    data: st.DataObject,
) -> None:
    number = INDIVIDUAL_NUMBER.with_check_digit(data.draw(bases(INDIVIDUAL_NUMBER)))
    other = changed(number, data=data)
    assert not INDIVIDUAL_NUMBER.is_valid(other) or number[-1] == other[-1] == "0"


@given(data=st.data())
def test_municipality_codes_miss_a_changed_digit_only_where_two_remainders_share_one(
    data: st.DataObject,
) -> None:
    number = MUNICIPALITY_CODE.with_check_digit(data.draw(bases(MUNICIPALITY_CODE)))
    other = changed(number, data=data)
    assert not MUNICIPALITY_CODE.is_valid(other) or number[-1] == other[-1] == "1"


@given(data=st.data())
def test_corporate_numbers_miss_only_nought_for_nine(data: st.DataObject) -> None:
    number = CORPORATE_NUMBER.with_check_digit(data.draw(bases(CORPORATE_NUMBER)))
    other = changed(number, data=data)
    pairs = {frozenset(pair) for pair in zip(number, other, strict=True) if pair[0] != pair[1]}
    assert not CORPORATE_NUMBER.is_valid(other) or pairs == {frozenset("09")}


@given(bases(INDIVIDUAL_NUMBER))
def test_individual_numbers_agree_with_another_implementation(base: str) -> None:
    assert INDIVIDUAL_NUMBER.with_check_digit(base)[-1] == in_.calc_check_digit(base)


@given(bases(CORPORATE_NUMBER))
def test_corporate_numbers_agree_with_another_implementation(base: str) -> None:
    assert CORPORATE_NUMBER.with_check_digit(base)[0] == cn.calc_check_digit(base)


@given(bases(PAYER_NUMBER))
def test_payer_numbers_agree_with_another_implementation(base: str) -> None:
    assert PAYER_NUMBER.with_check_digit(base)[-1] == luhn.calc_check_digit(base)


def changed(number: str, *, data: st.DataObject) -> str:
    """The number with one digit replaced by another one."""
    place = data.draw(st.integers(0, len(number) - 1))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != number[place]]))
    return number[:place] + digit + number[place + 1 :]

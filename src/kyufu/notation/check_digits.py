"""Numbers with a check digit (検査数字・検証番号): reading, testing and making them.

`parse_...` returns the number as its own type or raises NotationError with the reason in Japanese, which never
holds the number. `CheckDigit.UNTESTED` is the switch for material known to fail: the hub's own samples do
(210987654321 is not a valid 個人番号), and so does one payer number in a published receipt file (83136019).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import NewType

from kyufu.notation.errors import NotationError

IndividualNumber = NewType("IndividualNumber", str)
CorporateNumber = NewType("CorporateNumber", str)
InsurerNumber = NewType("InsurerNumber", str)
PayerNumber = NewType("PayerNumber", str)
RecipientNumber = NewType("RecipientNumber", str)
InstitutionCode = NewType("InstitutionCode", str)
MunicipalityCode = NewType("MunicipalityCode", str)

_ZEROS_WEIGHED = 47 * ord("0")
_MUNICIPALITY_WEIGHTS = (6, 5, 4, 3, 2)
_DOUBLED_DIGIT_SUM = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
# 埼玉, 千葉, 東京, 神奈川: all 28,875 published codes check the 6 digits of the printed code alone
# (地方厚生局 コード内容別医療機関一覧表, 2025-08).
_PREFECTURES_CHECKING_SHORT_CODE = frozenset(("11", "12", "13", "14"))


class CheckDigit(Enum):
    """Whether a wrong check digit is a fault, or the giver is known not to keep the rule."""

    TESTED = "tested"
    UNTESTED = "untested"


class CheckPosition(Enum):
    """Where in the number the check digit stands."""

    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class NumberRule:
    """How a kind of number is built: Japanese name, lengths with the check digit, and its rule."""

    name: str
    lengths: tuple[int, ...]
    check_digit_of: Callable[[str], str]
    position: CheckPosition = CheckPosition.LAST

    def problem_with(self, text: str, *, check: CheckDigit = CheckDigit.TESTED) -> str | None:
        """Why the text is not such a number, in Japanese; None when it is one."""
        if len(text) not in self.lengths:
            lengths = "桁または".join(str(length) for length in self.lengths)
            return f"{self.name}は{lengths}桁で入力してください（{len(text)}文字あります）。"
        if not (text.isascii() and text.isdigit()):
            return f"{self.name}に半角数字以外の文字があります。"
        if check is CheckDigit.TESTED and not self._agrees(text):
            return f"{self.name}の検査数字が合いません。番号の写し間違いがないか確認してください。"
        return None

    def is_valid(self, text: str) -> bool:
        """Whether the text is such a number with the right check digit."""
        return len(text) in self.lengths and text.isascii() and text.isdigit() and self._agrees(text)

    def with_check_digit(self, base: str) -> str:
        """Complete a number by its check digit; raises NotationError when the base is not digits."""
        if len(base) + 1 not in self.lengths or not (base.isascii() and base.isdigit()):
            raise NotationError(f"{self.name}の検査数字を除いた部分の桁数または文字が正しくありません。")
        digit = self.check_digit_of(base)
        return digit + base if self.position is CheckPosition.FIRST else base + digit

    def parse(self, text: str, *, check: CheckDigit = CheckDigit.TESTED) -> str:
        """Return the text when it is such a number; raises NotationError with the reason."""
        problem = self.problem_with(text, check=check)
        if problem is not None:
            raise NotationError(problem)
        return text

    def _agrees(self, text: str) -> bool:
        if self.position is CheckPosition.FIRST:
            return self.check_digit_of(text[1:]) == text[0]
        return self.check_digit_of(text[:-1]) == text[-1]


def _individual_digit(base: str) -> str:
    """Modulo 11 of 総務省令第85号 第5条: a remainder of 0 or 1 gives 0."""
    # Feeds test one number a person: arithmetic on the bytes is much faster than a sum over the digits.
    a, b, c, d, e, f, g, h, i, j, k = base.encode("ascii")
    total = 6 * (a + g) + 5 * (b + h) + 4 * (c + i) + 3 * (d + j) + 2 * (e + k) + 7 * f - _ZEROS_WEIGHED
    return str(-total % 11 % 10)


def _corporate_digit(base: str) -> str:
    """9 minus the remainder by 9, weights 1 and 2 from the right (財務省令第70号)."""
    return str(9 - sum(int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(base))) % 9)


def _luhn_digit(base: str) -> str:
    """Weights 2 and 1 from the right, digits of products added (厚生労働省 設定要領 別添2)."""
    total = sum(_DOUBLED_DIGIT_SUM[int(digit)] for digit in base[::-2]) + sum(
        int(digit) for digit in base[-2::-2]
    )
    return str(-total % 10)


def _institution_digit(base: str) -> str:
    """The rule of `_luhn_digit`; four prefectures leave prefecture and 点数表 out of it."""
    return _luhn_digit(base[3:] if base[:2] in _PREFECTURES_CHECKING_SHORT_CODE else base)


def _municipality_digit(base: str) -> str:
    """Modulo 11 with weights 6 to 2, last digit of 11 minus the remainder."""
    total = sum(weight * int(digit) for weight, digit in zip(_MUNICIPALITY_WEIGHTS, base, strict=True))
    return str((11 - total % 11) % 10)


INDIVIDUAL_NUMBER = NumberRule("個人番号", (12,), _individual_digit)
CORPORATE_NUMBER = NumberRule("法人番号", (13,), _corporate_digit, CheckPosition.FIRST)
INSURER_NUMBER = NumberRule("保険者番号", (6, 8), _luhn_digit)
PAYER_NUMBER = NumberRule("公費負担者番号", (8,), _luhn_digit)
RECIPIENT_NUMBER = NumberRule("公費負担医療の受給者番号", (7,), _luhn_digit)
INSTITUTION_CODE = NumberRule("医療機関コード", (10,), _institution_digit)
MUNICIPALITY_CODE = NumberRule("全国地方公共団体コード", (6,), _municipality_digit)


def parse_individual_number(text: str, *, check: CheckDigit = CheckDigit.TESTED) -> IndividualNumber:
    """Read a 個人番号 of 12 digits; raises NotationError with the reason."""
    return IndividualNumber(INDIVIDUAL_NUMBER.parse(text, check=check))


def parse_corporate_number(text: str, *, check: CheckDigit = CheckDigit.TESTED) -> CorporateNumber:
    """Read a 法人番号 of 13 digits, the check digit first; raises NotationError with the reason."""
    return CorporateNumber(CORPORATE_NUMBER.parse(text, check=check))


def parse_insurer_number(text: str, *, check: CheckDigit = CheckDigit.TESTED) -> InsurerNumber:
    """Read a 保険者番号 of 8 digits, or 6 for 国民健康保険; two leading blanks (receipts) are taken off."""
    padded = len(text) == 8 and text.startswith("  ")
    return InsurerNumber(INSURER_NUMBER.parse(text[2:] if padded else text, check=check))


def parse_payer_number(text: str, *, check: CheckDigit = CheckDigit.TESTED) -> PayerNumber:
    """Read a 公費負担者番号 of 8 digits; raises NotationError with the reason."""
    return PayerNumber(PAYER_NUMBER.parse(text, check=check))


def parse_recipient_number(text: str, *, check: CheckDigit = CheckDigit.TESTED) -> RecipientNumber:
    """Read a 公費負担医療の受給者番号 of 7 digits; raises NotationError with the reason."""
    return RecipientNumber(RECIPIENT_NUMBER.parse(text, check=check))


def parse_institution_code(text: str, *, check: CheckDigit = CheckDigit.TESTED) -> InstitutionCode:
    """Read a 医療機関コード of 10 digits (都道府県 2, 点数表 1, 郡市区 2, 機関 4, 検証 1)."""
    return InstitutionCode(INSTITUTION_CODE.parse(text, check=check))


def parse_municipality_code(text: str, *, check: CheckDigit = CheckDigit.TESTED) -> MunicipalityCode:
    """Read a 全国地方公共団体コード of 6 digits; raises NotationError with the reason."""
    return MunicipalityCode(MUNICIPALITY_CODE.parse(text, check=check))

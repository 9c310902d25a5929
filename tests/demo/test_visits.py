"""What the visitor of the demonstration reads off a page, and the codes of its authenticator app."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kyufu.demo.visits import Page, one_time_code

# RFC 6238, appendix B (SHA-1); the last six of its eight digits.
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
VECTORS = [
    (59, "287082"),
    (1_111_111_109, "081804"),
    (1_111_111_111, "050471"),
    (1_234_567_890, "005924"),
    (2_000_000_000, "279037"),
    (20_000_000_000, "353130"),
]
MENU = '<nav class="menu" aria-label="メニュー"><ul><li><a href="/a/">申請</a></li><li>住民</li></ul></nav>'


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert one_time_code(SECRET, at=datetime.fromtimestamp(seconds, UTC)) == code


def test_a_code_lives_for_half_a_minute() -> None:
    begin = datetime(2026, 8, 3, 1, 0, tzinfo=UTC)
    codes = [one_time_code(SECRET, at=begin + timedelta(seconds=second)) for second in (-1, 0, 29, 30)]
    assert codes[1] == codes[2]
    assert len(set(codes)) == 3


def test_other_secrets_give_other_codes() -> None:
    at = datetime(2026, 8, 3, 1, 0, tzinfo=UTC)
    assert one_time_code(SECRET, at=at) != one_time_code("JBSWY3DPEHPK3PXP", at=at)


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        (MENU, 2),
        (f"<p>前</p>{MENU}<ul><li>一覧の行</li><li>一覧の行</li></ul>", 2),
        ('<nav aria-label="パンくず"><li>一</li></nav>', 0),
        ("", 0),
    ],
)
def test_the_menu_is_counted_and_nothing_else(text: str, pages: int) -> None:
    assert Page("/", 200, text).menu == pages


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("<h1>ホーム</h1><h2>次</h2>", "ホーム"),
        ('<h1 class="title">\n  <span>申請</span>の一覧\n</h1>', "申請の一覧"),
        ("<h1>甲 &amp; 乙</h1>", "甲 & 乙"),
        ("<h2>二番目</h2>", ""),
    ],
)
def test_the_heading_is_the_first_one_without_marks(text: str, heading: str) -> None:
    assert Page("/", 200, text).heading == heading

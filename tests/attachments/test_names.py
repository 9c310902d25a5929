"""The name of a file is a line of text; it decides nothing, and may not say another kind than the content is."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyufu.attachments.formats import EXTENSIONS, JPEG, PDF, TIFF
from kyufu.attachments.names import NAME_LENGTH, NAMELESS, clean_name, refuse_other_extension
from kyufu.platform.errors import BadInput


@pytest.mark.parametrize(
    ("given_name", "cleaned"),
    [
        ("資格確認書.pdf", "資格確認書.pdf"),
        ("C:\\Users\\clerk\\証明書.pdf", "証明書.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\r\nSet-Cookie: x.pdf", "abSet-Cookie: x.pdf"),
        ("fdp.\u202egnp.pdf", "fdp.gnp.pdf"),
        ("  ..  ", NAMELESS),
        ("", NAMELESS),
        ("folder/", NAMELESS),
        ("課税　証明書.pdf", "課税 証明書.pdf"),
        ("あ" * 200 + ".jpeg", "あ" * 95 + ".jpeg"),
        ("あ" * 200, "あ" * 100),
    ],
)
def test_a_name_is_made_a_line(given_name: str, cleaned: str) -> None:
    assert clean_name(given_name) == cleaned


@given(st.text(max_size=300))
def test_a_cleaned_name_is_short_visible_and_stays_as_it_is(name: str) -> None:
    cleaned = clean_name(name)
    assert 0 < len(cleaned) <= NAME_LENGTH
    assert "/" not in cleaned
    assert "\\" not in cleaned
    assert not any(unicodedata.category(one) in {"Cc", "Cf", "Zl", "Zp"} for one in cleaned)


@pytest.mark.parametrize("media_type", sorted(EXTENSIONS))
def test_a_name_may_end_as_its_kind_does(media_type: str) -> None:
    for extension in EXTENSIONS[media_type]:
        refuse_other_extension(f"書類.{extension.upper()}", media_type=media_type)
    refuse_other_extension("書類", media_type=media_type)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("a.exe", PDF), ("a.pdf.exe", PDF), ("a.pdf", JPEG), ("a.jpg", PDF), ("a.tif", JPEG), ("a.html", TIFF)],
)
def test_a_name_that_says_another_kind_is_refused(name: str, media_type: str) -> None:
    with pytest.raises(BadInput, match="拡張子"):
        refuse_other_extension(name, media_type=media_type)

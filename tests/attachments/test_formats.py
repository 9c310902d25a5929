"""The kind of a file is told by its content, and each is looked through to its end."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.attachments.formats import EXTENSIONS, JPEG, MEDIA_TYPES, PDF, PNG, TIFF, media_type_of, read_shape
from kyufu.attachments.formats.shape import Shape
from kyufu.platform.errors import BadInput
from tests.attachments.files import HTML, ZIP, chunk, jpeg, object_stream, pdf, png, segment, stream, tiff

WHOLE = {PDF: pdf(pages=3), PNG: png(), JPEG: jpeg(), TIFF: tiff()}


def refusal(content: bytes) -> str:
    """Why a file is not taken."""
    with pytest.raises(BadInput) as refused:
        read_shape(content, media_type=media_type_of(content))
    assert refused.value.remedy
    return refused.value.message


@pytest.mark.parametrize("media_type", sorted(WHOLE))
def test_a_whole_file_is_known_by_its_content(media_type: str) -> None:
    assert media_type_of(WHOLE[media_type]) == media_type
    assert read_shape(WHOLE[media_type], media_type=media_type).pages >= 1
    assert MEDIA_TYPES[media_type]
    assert EXTENSIONS[media_type]


def test_pages_and_pixels_are_read() -> None:
    assert read_shape(WHOLE[PDF], media_type=PDF) == Shape(3, 0, 0)
    assert read_shape(png(width=40, height=30), media_type=PNG) == Shape(1, 40, 30)
    assert read_shape(jpeg(width=1000, height=700), media_type=JPEG) == Shape(1, 1000, 700)
    for order in "<>":
        several = tiff(sizes=[(10, 10), (200, 100), (3, 3)], order=order)
        assert read_shape(several, media_type=TIFF) == Shape(3, 200, 100)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        HTML,
        ZIP,
        b"MZ\x90\x00",
        b"%!PS-Adobe",
        b"BM",
        b"<svg xmlns='x'/>",
        b"\n%PDF-1.4\n",
        b"II+\x00",
    ],
)
def test_other_files_are_not_taken(content: bytes) -> None:
    with pytest.raises(BadInput, match="添付できない種類"):
        media_type_of(content)


@pytest.mark.parametrize("media_type", sorted(WHOLE))
def test_a_file_that_was_cut_off_is_broken(media_type: str) -> None:
    whole = WHOLE[media_type]
    for length in range(12, len(whole) - 6, max(1, len(whole) // 40)):
        message = refusal(whole[:length])
        assert "壊れている" in message or "後ろ" in message, (length, message)


@pytest.mark.parametrize("media_type", [PDF, PNG, JPEG])
@pytest.mark.parametrize("behind", [HTML, b"MZ program", b"\x01"])
def test_nothing_may_follow_the_end(media_type: str, behind: bytes) -> None:
    assert "終わりの後ろ" in refusal(WHOLE[media_type] + behind)


@pytest.mark.parametrize("media_type", sorted(WHOLE))
def test_an_archive_hidden_behind_is_found(media_type: str) -> None:
    assert "別の種類のファイルが隠れています" in refusal(WHOLE[media_type] + ZIP)


def test_an_archive_hidden_inside_is_found() -> None:
    assert "隠れています" in refusal(jpeg(extra=segment(0xFE, ZIP)))
    assert "隠れています" in refusal(png(extra=chunk(b"tEXt", ZIP)))


def test_a_pdf_inside_of_a_picture_is_found() -> None:
    assert "隠れています" in refusal(jpeg(extra=segment(0xFE, pdf())))
    assert "隠れています" in refusal(tiff() + pdf())


def test_padding_behind_a_pdf_or_a_photograph_is_let_through() -> None:
    assert read_shape(pdf() + b"\r\n\x00\x00", media_type=PDF).pages == 1
    assert read_shape(jpeg() + b"\x00" * 16, media_type=JPEG).width == 16


@pytest.mark.parametrize(
    ("catalog", "words"),
    [
        (b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>", "プログラム"),
        (b"/OpenAction << /S /#4aava#53cript /JS (app.alert(1)) >>", "プログラム"),
        (b"/AA << /O << /S /Launch /F (cmd.exe) >> >>", "プログラム"),
        (b"/OpenAction << /S /SubmitForm /F (http://192.0.2.1/) >>", "プログラム"),
        (b"/AcroForm << /XFA 9 0 R >>", "プログラム"),
        (b"/Names << /EmbeddedFiles << /Names [(a.exe) 9 0 R] >> >>", "別のファイルを中に含む"),
        (b"/AF [<< /Type /Filespec /EF << /F 9 0 R >> >>]", "別のファイルを中に含む"),
        (b"/Encrypt 9 0 R", "パスワード"),
        (b"/#45ncrypt 9 0 R", "パスワード"),
    ],
)
def test_a_pdf_that_does_or_hides_something_is_refused(catalog: bytes, words: str) -> None:
    assert words in refusal(pdf(catalog=catalog))
    # The same, folded away in an object stream, where a look at the bytes does not find it.
    folded = pdf(extra=object_stream(b"9 0 << " + catalog + b" >>"))
    assert catalog not in folded
    assert words in refusal(folded)
    assert words in refusal(pdf(extra=object_stream(b"9 0 << " + catalog + b" >>", head=b"")))


def test_an_object_stream_without_harm_is_let_through() -> None:
    content = pdf(extra=object_stream(b"9 0 << /Type /Page >> << /Type /Pages >>"))
    assert read_shape(content, media_type=PDF).pages == 2


@pytest.mark.parametrize(
    "head",
    [b"/Filter /LZWDecode", b"/Filter [/ASCIIHexDecode /FlateDecode] /DecodeParms 3 0 R", b"/Filter /Crypt"],
)
def test_an_object_stream_that_cannot_be_looked_into_is_refused(head: bytes) -> None:
    assert "読み取れません" in refusal(pdf(extra=object_stream(b"9 0 << >>", head=head)))


def test_an_object_stream_that_unfolds_without_end_is_refused() -> None:
    assert "読み取れません" in refusal(pdf(extra=object_stream(bytes(40 * 1024 * 1024))))


def test_an_object_stream_behind_a_forged_beginning_is_still_found() -> None:
    script = object_stream(b"9 0 << /S /JavaScript >>")
    assert "プログラム" in refusal(pdf(extra=script))
    for forged in (b"% stream\n" + script, script.replace(b">>\nstream\n", b">>\nstream \n")):
        assert refusal(pdf(extra=forged))


def test_names_in_the_data_of_a_picture_are_no_names() -> None:
    content = pdf(extra=b"80 0 obj\n" + stream(b"\x01/JS \x02/EF\x03/XFA ") + b"\nendobj\n")
    assert read_shape(content, media_type=PDF).pages == 1


@pytest.mark.parametrize(
    "content",
    [
        pdf(pages=1).replace(b"/Type /Page ", b"/Type /Pagf "),
        pdf().replace(b"%PDF-1.4", b"%PDF-9.9"),
        pdf().replace(b"startxref", b"startxxxx"),
    ],
)
def test_a_pdf_without_what_every_pdf_has_is_broken(content: bytes) -> None:
    assert "壊れている" in refusal(content)


@pytest.mark.parametrize(
    "content",
    [
        png().replace(b"IHDR", b"IHDX"),
        png(width=0),
        png(extra=chunk(b"IHDR", bytes(13))),
        png(extra=chunk(b"EVIL", b"")),
        png()[:8] + chunk(b"IHDR", bytes(13)) + chunk(b"IEND", b""),
        png().replace(b"\x80", b"\x81") if b"\x80" in png() else png()[:-1],
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 0xFFFFFFFF) + b"IHDR",
    ],
)
def test_a_broken_png_is_refused(content: bytes) -> None:
    assert "壊れている" in refusal(content)


@pytest.mark.parametrize(
    "content",
    [
        jpeg(width=0),
        jpeg()[:2] + b"\xff\xd9",
        jpeg().replace(b"\xff\xc0", b"\xff\xe1"),
        b"\xff\xd8\xff\xe0\xff\xff",
        b"\xff\xd8\xff\xe0\x00\x01",
        b"\xff\xd8\xff" + bytes(20),
    ],
)
def test_a_broken_jpeg_is_refused(content: bytes) -> None:
    assert "壊れている" in refusal(content)


@pytest.mark.parametrize(
    "content",
    [
        tiff(next_of_last=12),
        tiff(next_of_last=10_000),
        tiff(sizes=[(0, 8)]),
        b"II*\x00\x00\x00\x00\x00",
        b"II*\x00\x08\x00\x00\x00\xff\xff" + bytes(64),
        tiff().replace(struct.pack("<HHII", 273, 4, 1, 8), struct.pack("<HHII", 273, 4, 1, 90_000)),
        tiff().replace(struct.pack("<HHII", 273, 4, 1, 8), struct.pack("<HHII", 273, 4, 90_000, 8)),
    ],
)
def test_a_broken_tiff_is_refused(content: bytes) -> None:
    assert "壊れている" in refusal(content)


BEGINNINGS = st.sampled_from([content[:16] for content in WHOLE.values()])


@settings(max_examples=300, deadline=None)
@given(beginning=BEGINNINGS, rest=st.binary(max_size=300))
def test_whatever_comes_is_answered_or_refused_in_words(beginning: bytes, rest: bytes) -> None:
    content = beginning + rest
    try:
        shape = read_shape(content, media_type=media_type_of(content))
    except BadInput as refused:
        assert refused.message.endswith("。")
    else:
        assert shape.pages > 0


@settings(max_examples=200, deadline=None)
@given(whole=st.sampled_from(list(WHOLE.values())), at=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_a_file_with_one_byte_changed_is_answered_or_refused(whole: bytes, at: int, byte: int) -> None:
    content = bytearray(whole)
    content[at % len(content)] = byte
    try:
        read_shape(bytes(content), media_type=media_type_of(bytes(content)))
    except BadInput as refused:
        assert refused.remedy

"""What comes out of the typesetter: PDF/A-2b with embedded fonts, codes that can be read, the same bytes again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import segno
from pypdf.generic import IndirectObject

from kyufu.documents.content import CertificateContent, Content
from kyufu.documents.qr import MASK
from kyufu.documents.render import Extent, render_pdf, render_pictures
from kyufu.law.decision import Reason
from tests.documents import samples
from tests.documents.reading import baselines, code_modules, fonts, page_texts, reader, structure_elements

SHEET = samples.TOWN.sheet
A4 = (595, 842)
EVERY_KIND = {
    "certificate": samples.certificate, "rejection": samples.rejection, "loss": samples.loss,
    "missing_facts": samples.request, "urging": samples.urging,
}  # fmt: skip


def pdf_of(*contents: Content) -> bytes:
    """The documents in one file."""
    return render_pdf(contents, sheet=SHEET, dated=samples.ON)[0]


@pytest.fixture(params=EVERY_KIND, scope="module")
def content(request: pytest.FixtureRequest) -> Content:
    """A document of each kind."""
    made: Content = EVERY_KIND[request.param]()
    return made


def test_declares_pdf_a_2b(content: Content) -> None:
    xmp = reader(pdf_of(content)).trailer["/Root"]["/Metadata"].get_data().decode()  # type: ignore[index]
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in xmp


def test_is_one_page_of_a4(content: Content) -> None:
    (page,) = reader(pdf_of(content)).pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == A4


def test_embeds_every_font(content: Content) -> None:
    descriptors = list(fonts(pdf_of(content)))
    assert descriptors
    for descriptor in descriptors:
        assert isinstance(descriptor.raw_get("/FontFile2"), IndirectObject)  # type: ignore[attr-defined]
        assert str(descriptor["/FontName"]).endswith("+IPAexGothic")


def test_names_nobody_in_its_metadata(content: Content) -> None:
    opened = reader(pdf_of(content))
    hidden = str(opened.metadata) + opened.trailer["/Root"]["/Metadata"].get_data().decode()  # type: ignore[index]
    for secret in ("見本", content.number, content.addressee.address):
        assert secret not in hidden


def test_gives_the_same_bytes_again(content: Content) -> None:
    assert pdf_of(content) == pdf_of(content)


def test_another_date_gives_other_bytes() -> None:
    content = samples.certificate()
    later, _ = render_pdf([content], sheet=SHEET, dated=date(2026, 8, 2))
    assert later != pdf_of(content)


def test_the_window_shows_the_addressee_and_nothing_else(content: Content) -> None:
    window = SHEET.window
    inside = "".join(
        text
        for x, y, text in baselines(pdf_of(replace(content, watermark="")))
        if window.left <= x <= window.left + window.width and window.top <= y <= window.top + window.height
    )
    assert (
        inside.replace(" ", "").replace("　", "")
        == "〒222-0032" + samples.ADDRESS + samples.BUILDING + "見本花子様"
    )


def test_marks_synthetic_documents_and_only_those(content: Content) -> None:
    assert samples.WATERMARK in page_texts(pdf_of(content))[0]
    assert "訓練" not in page_texts(pdf_of(replace(content, watermark="")))[0]


@pytest.mark.requirement("YOK-028")
def test_the_card_shows_what_a_clinic_needs() -> None:
    (text,) = page_texts(pdf_of(samples.certificate(index=1234566)))
    for shown in (
        "小児医療証", samples.PAYER, "1234566", "見本太郎", "ミホンタロウ", "令和3年4月2日", "見本花子",
        "令和8年8月1日から令和9年7月31日まで", "自己負担なし", "横浜市長", "0001234566",
    ):  # fmt: skip
        assert shown in text


@pytest.mark.parametrize("index", [1, 987_654])
def test_the_qr_code_is_the_certificate_number(index: int) -> None:
    content = samples.certificate(index=index)
    expected = segno.make_qr(f"{index:010d}", error="m", mask=MASK)
    dark = [0 if module else 255 for row in expected.matrix for module in row]
    assert code_modules(pdf_of(content)) == dark


def test_many_certificates_make_as_many_pages_in_order() -> None:
    contents = [samples.certificate(index=index) for index in range(1, 31)]
    pdf, extents = render_pdf(contents, sheet=SHEET, dated=samples.ON)
    texts = page_texts(pdf)
    assert extents == tuple(Extent(page, 1) for page in range(1, 31))
    for content, text in zip(contents, texts, strict=True):
        assert content.number in text


def test_a_card_alone_has_a_structure_for_screen_readers() -> None:
    assert structure_elements(pdf_of(samples.certificate())) > 20


def test_a_file_of_many_cards_goes_to_the_printer_without_one() -> None:
    assert structure_elements(pdf_of(samples.certificate(), samples.certificate(index=2))) <= 1


def test_a_long_letter_goes_on_and_says_where_each_one_lies() -> None:
    many = tuple(Reason(f"r{index}", f"理由その{index}。" * 12) for index in range(40))
    letters = [
        samples.rejection(index=1),
        samples.rejection(index=2, reasons=many),
        samples.rejection(index=3),
    ]
    pdf, extents = render_pdf(letters, sheet=SHEET, dated=samples.ON)
    texts = page_texts(pdf)
    assert extents[0] == Extent(1, 1)
    assert extents[1].page == 2
    assert extents[1].pages > 1
    assert extents[2] == Extent(extents[1].page + extents[1].pages, 1)
    assert len(texts) == extents[2].page
    for letter, extent in zip(letters, extents, strict=True):
        assert letter.number in texts[extent.page - 1]
    assert f"1／{extents[1].pages}" in texts[1]
    assert "／" not in texts[0][-20:]


def test_shows_pictures_for_a_preview() -> None:
    pages = render_pictures(
        [samples.certificate(), samples.certificate(index=2)], sheet=SHEET, dots_per_inch=40
    )
    assert [page[:8] for page in pages] == [b"\x89PNG\r\n\x1a\n"] * 2


def test_leaves_a_seal_area_where_the_seal_is_not_omitted() -> None:
    content = samples.certificate()
    sealed = replace(content, card=replace(content.card, seal="area"))
    assert "公印省略" in page_texts(pdf_of(content))[0]
    assert "公印省略" not in page_texts(pdf_of(sealed))[0]


def test_certificates_carry_how_to_use_them() -> None:
    content = samples.certificate()
    assert isinstance(content, CertificateContent)
    (text,) = page_texts(pdf_of(content))
    for note in samples.TOWN.notes:
        assert note in text


@pytest.mark.parametrize("title", ["小児医療証", "子ども医療費受給者証", "乳幼児等医療費受給者証"])
def test_the_title_of_a_card_stays_clear_of_city_and_number(title: str) -> None:
    """A long name of the certificate is set smaller: Sapporo's would else run into the number."""
    plain = samples.certificate()
    card = replace(plain.card, title=title, short_title="受給者証")
    pdf = pdf_of(replace(plain, card=card))
    top = samples.TOWN.sheet.card.top
    line = [(x, text) for x, y, text in baselines(pdf) if top < y < top + 8]
    number = next(x for x, text in line if text.startswith("証番号"))
    city = next(x for x, text in line if text == "横浜市")
    letters = [(x, text) for x, text in line if city < x < number]
    assert "".join(text for _, text in letters) == title
    assert city + 15 < letters[0][0]
    assert letters[-1][0] + 6 < number
    assert f"{card.short_title}の使い方" in page_texts(pdf)[0]

"""Reading printed PDFs back, as an archive or a scanner would."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import IndirectObject


def reader(pdf: bytes) -> PdfReader:
    """The PDF opened."""
    return PdfReader(io.BytesIO(pdf))


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page without any white space: the typesetter puts spaces between scripts."""
    return [re.sub(r"\s", "", page.extract_text()) for page in reader(pdf).pages]


def structure_elements(pdf: bytes) -> int:
    """How many elements the structure has that a screen reader goes by."""
    return _elements(reader(pdf).trailer["/Root"]["/StructTreeRoot"]["/K"])  # type: ignore[index]


def _elements(node: Any) -> int:
    found = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(found, list):
        return sum(_elements(one) for one in found)
    return 1 + _elements(found.get("/K", [])) if isinstance(found, dict) else 0


def fonts(pdf: bytes) -> Iterator[dict[str, Any]]:
    """Every font of every page, as its descriptor."""
    for page in reader(pdf).pages:
        for reference in page["/Resources"]["/Font"].values():  # type: ignore[index]
            yield reference.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]


def code_modules(pdf: bytes, *, page: int = 0) -> list[int]:
    """The modules of the QR code on a page: its only image, one grey byte a module."""
    (image,) = reader(pdf).pages[page]["/Resources"]["/XObject"].values()  # type: ignore[index]
    return list(image.get_object().get_data())


def baselines(pdf: bytes, *, page: int = 0) -> list[tuple[float, float, str]]:
    """Where texts are put on a page: x and y in millimetres from the top left corner, and the text."""
    found: list[tuple[float, float, str]] = []
    opened = reader(pdf).pages[page]
    height = float(opened.mediabox.height)
    scale = 25.4 / 72

    def note(text: str, matrix: list[float], text_matrix: list[float], *_: object) -> None:
        x = text_matrix[4] * matrix[0] + text_matrix[5] * matrix[2] + matrix[4]
        y = text_matrix[4] * matrix[1] + text_matrix[5] * matrix[3] + matrix[5]
        if text.strip():
            found.append((x * scale, (height - y) * scale, text.strip()))

    opened.extract_text(visitor_text=note)
    return found

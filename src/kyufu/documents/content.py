"""What each document says: finished Japanese texts, ready to be set; nothing here decides, reads or draws.

A content is made by `kyufu.documents.compose` from a decided case and a resolved addressee, not loose fields.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kyufu.documents.office import Sender, municipality, name_here


class Kind(StrEnum):
    """The kinds of documents: certificate, rejection, loss, «something is missing» (判定保留), «report it» (勧奨)."""

    CERTIFICATE = "certificate"
    REJECTION = "rejection"
    LOSS = "loss"
    MISSING_FACTS = "missing_facts"
    URGING = "urging"
    CORRECTION = "correction"

    @property
    def label(self) -> str:
        """The Japanese name of the kind, that of the certificate as this municipality calls it."""
        if self is Kind.CERTIFICATE:
            return municipality(name_here()).certificate
        return LABELS[self]


LABELS = {
    Kind.CERTIFICATE: "小児医療証",
    Kind.REJECTION: "却下通知書",
    Kind.LOSS: "資格喪失通知書",
    Kind.MISSING_FACTS: "確認書類ご提出のお願い",
    Kind.URGING: "届出のお願い（勧奨）",
    Kind.CORRECTION: "過去の決定の訂正のお知らせ",
}


@dataclass(frozen=True, slots=True)
class Addressee:
    """Where a document goes (宛名): postal code 7 digits or empty, address lines, and the name without 様."""

    postal_code: str
    address: str
    building: str
    name: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: its label and its value."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Card:
    """The face of a certificate (券面), every date in wareki; `qr_text` is what the QR code holds."""

    title: str
    short_title: str
    city: str
    payer_number: str
    recipient_number: str
    child_name: str
    child_kana: str
    child_birth: str
    child_address: str
    child_building: str
    guardian_name: str
    valid_from: str
    valid_to: str
    copay: str
    issued: str
    issuer: str
    seal: str
    office: str
    certificate_number: str
    qr_text: str


@dataclass(frozen=True, slots=True)
class CertificateContent:
    """A certificate and the sheet that carries it to the guardian."""

    subject_id: int
    addressee: Addressee
    sender: Sender
    number: str
    dated: str
    card: Card
    notes: tuple[str, ...]
    watermark: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a letter under a heading: paragraphs, table, numbered points, a note; any may be empty."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    table: tuple[Line, ...] = ()
    points: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class LetterContent:
    """A letter: number, date, sender, title, opening, sections, and the notice of appeal (教示) in a box."""

    kind: Kind
    subject_id: int
    addressee: Addressee
    sender: Sender
    number: str
    dated: str
    signed_by: str
    seal: str
    title: str
    opening: tuple[str, ...]
    sections: tuple[Section, ...]
    appeal: tuple[str, ...]
    watermark: str
    qr_text: str


Content = CertificateContent | LetterContent

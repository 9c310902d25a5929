"""What is printed about the municipality: senders, seal, appeal and sheet, read from data with sources."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from kyufu.documents.envelopes import Envelope, EnvelopeRule, envelopes_on, rules_from
from kyufu.platform.errors import BadInput

FOLDER = Path(__file__).parent / "municipalities"
# Further folders, of municipalities that are not delivered with Kyufu.
_FURTHER: list[Path] = []
CERTAINTIES = ("official", "secondary", "assumed")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends it: city, office with its section and desk (or ""), address, phone and hours."""

    city: str
    office: str
    section: str
    desk: str
    postal_code: str
    address: str
    phone: str
    hours: str


@dataclass(frozen=True, slots=True)
class Appeal:
    """How a decision can be appealed (教示): authority, defendant and the limits in months and years."""

    review_authority: str
    defendant: str
    representative: str
    review_months: int
    lawsuit_months: int
    longest_years: int


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the sheet, millimetres from its top left corner."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where things lie on the A4 sheet: the envelope's two windows and the card."""

    window: Box
    return_window: Box
    card: Box


@dataclass(frozen=True, slots=True)
class Municipality:
    """Everything of one municipality that its documents need."""

    code: str
    name: str
    mayor: str
    seal: str
    scheme: str
    ordinance: str
    certificate: str
    certificate_short: str
    prefecture: str
    numbering_mark: str
    appeal: Appeal
    notes: tuple[str, ...]
    sheet: Sheet
    envelope_rules: tuple[EnvelopeRule, ...]
    senders: Mapping[str, Sender]
    head_office: Sender
    head_office_mark: str

    def envelopes(self, *, on: date) -> tuple[Envelope, ...]:
        """The kinds of envelope for documents dated on a day, the thinnest first; raises as `envelopes_on`."""
        return envelopes_on(self.envelope_rules, on=on)

    def ward_name(self, ward_code: str) -> str:
        """The name of a ward as the mail room knows it, e.g. 港北区; the code of one that is not registered."""
        found = self.senders.get(ward_code)
        return ward_code if found is None else found.office.removesuffix("役所")

    def sender(self, ward_code: str) -> Sender:
        """The office of a ward (6-digit code); raises BadInput when the ward is not the municipality's."""
        try:
            return self.senders[ward_code]
        except KeyError:
            raise BadInput(
                f"区コード「{ward_code}」の区役所が登録されていません。",
                remedy=f"documents/municipalities の {self.name} の offices.ward を確かめてください。",
            ) from None


def add_folder(folder: Path) -> None:
    """Look for the data of municipalities in a further folder as well; twice changes nothing."""
    if folder not in _FURTHER:
        _FURTHER.append(folder)


def _path_of(name: str) -> Path:
    """Where the data of a municipality lie; the delivered folder where they lie nowhere."""
    folders = (FOLDER, *_FURTHER)
    return next(
        (path for folder in folders if (path := folder / f"{name}.toml").is_file()), FOLDER / f"{name}.toml"
    )


def name_here() -> str:
    """The municipality of this installation (KYUFU_MUNICIPALITY)."""
    return str(settings.KYUFU_MUNICIPALITY)


@cache
def municipality(name: str) -> Municipality:
    """The data of a municipality by file name, e.g. "yokohama"; raises BadInput when it is not right."""
    path = _path_of(name)
    if not path.is_file():
        raise BadInput(
            f"自治体「{name}」の文書の設定がありません。", remedy=f"{path.name} を作ってください。"
        )
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        _check_sources(data)
        return _read(data)
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(f"{path.name} の項目が足りないか誤っています: {error}") from None


def uncertain(name: str) -> tuple[tuple[str, str, str], ...]:
    """What the municipality must confirm before use: (group, certainty, source) of what is not official."""
    data = tomllib.loads(_path_of(name).read_text(encoding="utf-8"))
    groups = tuple((key, group["certainty"], group["source"]) for key, group in data.items())
    phones = tuple(
        (f"offices.ward {ward['name']} phone", ward["phone_certainty"], data["offices"]["source"])
        for ward in data["offices"]["ward"]
    )
    return tuple(row for row in groups + phones if row[1] != "official")


def _check_sources(data: Mapping[str, Any]) -> None:
    for key, group in data.items():
        if group["certainty"] not in CERTAINTIES or not group["source"]:
            raise ValueError(f"[{key}] certainty / source")


def _read(data: Mapping[str, Any]) -> Municipality:
    own, scheme, sheet = data["municipality"], data["scheme"], data["sheet"]
    appeal = {key: value for key, value in data["appeal"].items() if key not in ("source", "certainty")}
    return Municipality(
        code=own["code"],
        name=own["name"],
        mayor=own["mayor"],
        seal=own["seal"],
        scheme=scheme["name"],
        ordinance=scheme["ordinance"],
        certificate=scheme["certificate"],
        certificate_short=scheme["certificate_short"],
        prefecture=scheme["prefecture"],
        numbering_mark=data["numbering"]["mark"],
        appeal=Appeal(**appeal),
        notes=tuple(data["usage"]["notes"]),
        sheet=Sheet(*(Box(**sheet[part]) for part in ("window", "return_window", "card"))),
        envelope_rules=rules_from(data["envelopes"]),
        senders={ward["code"]: _sender(data, ward) for ward in data["offices"]["ward"]},
        head_office=_head_office(data),
        head_office_mark=data["head_office"]["mark"],
    )


def _head_office(data: Mapping[str, Any]) -> Sender:
    head = data["head_office"]
    return Sender(
        city=data["municipality"]["name"],
        office=head["office"],
        section=head["section"],
        desk=head["desk"],
        postal_code=head["postal_code"],
        address=head["address"],
        phone=head["phone"],
        hours=data["offices"]["hours"],
    )


def _sender(data: Mapping[str, Any], ward: Mapping[str, str]) -> Sender:
    offices = data["offices"]
    return Sender(
        city=data["municipality"]["name"],
        office=f"{ward['name']}役所",
        section=offices["division"],
        desk=offices["desk"],
        postal_code=ward["postal_code"],
        address=ward["address"],
        phone=ward["phone"],
        hours=offices["hours"],
    )

"""The print as plain frozen records: what a municipality publishes, without any personal data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from kyufu.platform.errors import BadInput

VERSION = 1


@dataclass(frozen=True, slots=True)
class Item:
    """A record item (記録項目): the stable key, the Japanese name."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class RecordFile:
    """A file (ファイル): its items in order, and how many persons it holds, as the form's bands.

    Those about citizens are `assessed` (特定個人情報ファイル); those about the staff are not.
    """

    name: str
    assessed: bool
    persons: str
    item_band: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class SystemFunction:
    """A function of the system (システムの機能) with the screens that offer it."""

    key: str
    label: str
    screens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A neighbouring system's file that is taken in (入手元)."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Receiver:
    """A system that is handed items (移転先), with the law, and whether the individual number is among them."""

    key: str
    label: str
    law: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """How long something is kept (保管期間)."""

    key: str
    label: str
    years: int
    certainty: str


@dataclass(frozen=True, slots=True)
class Scale:
    """What the threshold asks (しきい値判断): persons and users in bands, contractors, incidents, what is due."""

    persons: str
    users: str
    has_contractors: bool
    incident: bool | None
    due: str


@dataclass(frozen=True, slots=True)
class PrivacyPrint:
    """All of it, as of a day in Japan."""

    version: int
    on: str
    files: tuple[RecordFile, ...]
    functions: tuple[SystemFunction, ...]
    sources: tuple[Source, ...]
    receivers: tuple[Receiver, ...]
    retention: tuple[Kept, ...]
    scale: Scale


def to_json(found: PrivacyPrint) -> str:
    """The print as JSON text; the same print gives the same bytes."""
    plain: Mapping[str, Any] = msgspec.to_builtins(found)
    return json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read_print(path: Path) -> PrivacyPrint:
    """Read a print that was kept; raises BadInput for what is none, or of another version."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=PrivacyPrint)
    except OSError:
        raise BadInput(f"{path.name} を開けません。", remedy="置き場所と権限を確かめてください。") from None
    except msgspec.DecodeError:
        raise BadInput(
            f"{path.name} は kyufu privacy の出力ではありません。",
            remedy="--json で保存したファイルを指定してください。",
        ) from None
    if found.version != VERSION:
        raise BadInput(
            f"{path.name} は別の版（{found.version}）の出力です。",
            remedy="同じ版の出力どうしを比べてください。",
        )
    return found

"""What tells where the protected person of the tests lives or lived, each a string that occurs nowhere else."""

from __future__ import annotations

import dataclasses
import re
import traceback
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from django.db.models import Model

NOW, BEFORE, ELSEWHERE, SAFE, WARD = "いまの住所", "前の住所", "転出入の市町村", "送付先", "区"


@dataclass(frozen=True)
class Place:
    """An address as the resident feed tells it."""

    ward: str
    city: str
    town_code: str
    town: str
    house_number: str
    building: str
    postal_code: str
    household: str

    def items(self) -> dict[str, object]:
        """The items of a row."""
        return {
            "jusho_shikuchosonkodo": self.ward, "jusho_shikugunchosonmei": self.city,
            "jusho_choazakodo": self.town_code, "jusho_choaza": self.town,
            "jusho_banchigohyoki": self.house_number, "jusho_katagaki": self.building,
            "jusho_yubinbango": self.postal_code, "setaibango": self.household,
        }  # fmt: skip


HOME = Place("141186", "横浜市都筑区", "7766554", "秘匿町一丁目", "７７番８８号", "秘匿荘９０９", "2997788",
             "977700000000001")  # fmt: skip
FORMER = Place("141178", "横浜市青葉区", "6655443", "旧居町二丁目", "６６番５５号", "旧居荘８０８", "2996655",
               "966600000000001")  # fmt: skip
SAFE_POSTAL, SAFE_ADDRESS, SAFE_BUILDING = (
    "2995544",
    "神奈川県横浜市西区送付町三丁目５５番４４号",
    "送付荘７０７",
)
CAME_FROM = "472018"

MARKERS: Mapping[str, tuple[str, ...]] = {
    NOW: (HOME.town_code, HOME.town, HOME.house_number, HOME.building, HOME.postal_code, HOME.household),
    BEFORE: (
        FORMER.town_code, FORMER.town, FORMER.house_number, FORMER.building, FORMER.postal_code, FORMER.household,
    ),
    ELSEWHERE: (CAME_FROM,),
    SAFE: (SAFE_POSTAL, "送付町", SAFE_BUILDING),
    WARD: (HOME.ward, "都筑", FORMER.ward, "青葉"),
}  # fmt: skip


def betrayed_in(text: str) -> set[str]:
    """Which of the secrets a text tells, with or without white space, hyphens and a change of width."""
    plain = _squeezed(text)
    return {
        secret
        for secret, marks in MARKERS.items()
        if any(mark in text or _squeezed(mark) in plain for mark in marks)
    }


def _squeezed(text: str) -> str:
    import unicodedata

    return re.sub(r"[\s\-－‐]", "", unicodedata.normalize("NFKC", text))


def texts_in(value: object) -> Iterator[str]:
    """Every text in an answer, however deep: what a screen, a list or a file could show of it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, bytes):
        yield value.decode("utf-8", errors="ignore")
    elif isinstance(value, BaseException):
        yield from _texts_of_error(value)
    elif isinstance(value, Mapping):
        yield from _texts_of_all([*value.keys(), *value.values()])
    elif isinstance(value, Enum):
        yield str(value.value)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield from _texts_of_all(getattr(value, field.name) for field in dataclasses.fields(value))
    elif isinstance(value, Model):
        yield from _texts_of_all(vars(value).values())
    elif isinstance(value, Iterable):
        yield from _texts_of_all(value)
    else:
        yield repr(value)


def _texts_of_all(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        yield from texts_in(value)


def _texts_of_error(error: BaseException) -> Iterator[str]:
    """What a traceback shows: the error, its arguments and its causes."""
    yield "".join(traceback.format_exception(error))
    yield from _texts_of_all(error.args)
    yield from _texts_of_all(str(part) for part in vars(error).values())

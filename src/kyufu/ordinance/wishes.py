"""What somebody asks to have changed, as typed, made into changes of the kind that each value has."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from kyufu.law.calendar.period import ONE_DAY, Period
from kyufu.law.child import check_overlay, list_parameters, parameter_tables
from kyufu.law.parameters.catalogue import load_entries
from kyufu.law.parameters.entries import Certainty, Entry, ParameterError, Plain, Table
from kyufu.law.parameters.overlay import Change, Overlay, kind_of, refuse_meeting
from kyufu.law.parameters.wording import names_of, say_value
from kyufu.notation.check_digits import parse_payer_number
from kyufu.notation.errors import NotationError
from kyufu.platform.errors import BadInput

PAYER_NUMBER = "payer_number"
# The school year that begins after the year in which an age is reached: 18歳年度末 ends where grade 13 begins.
YEAR_END = 5
FLAGS = {"あり": True, "なし": False}
NUMBER = re.compile(r"-?\d{1,12}")
PROPOSED_ORIGIN = "申し出中の変更"


class Place(NamedTuple):
    """Where a value stands: file, table, key and column."""

    file: str
    table: str
    key: str
    column: str


class Wish(NamedTuple):
    """One dated value as typed: `last_day` None means for good."""

    place: Place
    value: str
    first_day: date
    last_day: date | None
    source: str
    certainty: Certainty


class BadWish(BadInput):
    """A wish that does not fit: which one (from 0; None: all together), which field (empty: none), and why."""

    def __init__(self, message: str, *, at: int | None, field: str) -> None:
        super().__init__(message, remedy="値と期間を確かめて、入力し直してください。")
        self.at = at
        self.field = field


def changeable_places(municipality: str, *, overlay: Overlay) -> dict[Place, Entry]:
    """Every value that a change may replace, with the last of its dated rows, in the order of the files."""
    found: dict[Place, Entry] = {}
    for file, tables in parameter_tables(municipality).items():
        known = {table.name: table for table in tables}
        for entry in load_entries(file, tables=tables, overlay=overlay):
            for column in entry.columns:
                if column in known[entry.table].changeable:
                    found[Place(file, entry.table, entry.key, column)] = entry
    return found


def changes_wished(wishes: Sequence[Wish], *, municipality: str, overlay: Overlay) -> tuple[Change, ...]:
    """The wishes as changes, checked by the loader of the files on top of what is in force.

    Raises BadWish naming the first wish and field that does not fit.
    """
    if not wishes:
        raise BadWish("変更する基準値がありません。", at=None, field="")
    places = changeable_places(municipality, overlay=overlay)
    changes = tuple(_change(wish, at=at, municipality=municipality, places=places)
                    for at, wish in enumerate(wishes))  # fmt: skip
    _refuse_what_the_loader_refuses(changes, municipality=municipality, overlay=overlay)
    return changes


def _change(wish: Wish, *, at: int, municipality: str, places: dict[Place, Entry]) -> Change:
    entry = places.get(wish.place)
    if entry is None:
        raise BadWish("その基準値は、この画面では変えられません。", at=at, field="place")
    if wish.last_day is not None and wish.last_day < wish.first_day:
        raise BadWish("終わりの日が始まりの日より前です。", at=at, field="last_day")
    table, names = _table(municipality, place=wish.place), names_of(list_parameters(municipality))
    value = _value(wish, at=at, entry=entry, table=table, names=names)
    end = None if wish.last_day is None else wish.last_day + ONE_DAY
    period = Period(wish.first_day, end)
    return Change(*wish.place, value, period, wish.source.strip(), wish.certainty, PROPOSED_ORIGIN)


def _table(municipality: str, *, place: Place) -> Table:
    return next(one for one in parameter_tables(municipality)[place.file] if one.name == place.table)


def _value(wish: Wish, *, at: int, entry: Entry, table: Table, names: Mapping[str, str]) -> Plain:
    """The typed text as the kind that the value has."""
    text = unicodedata.normalize("NFKC", wish.value).strip()
    kind = kind_of(entry, column=wish.place.column, table=table)
    if kind is bool:
        if text not in FLAGS:
            raise BadWish("「あり」か「なし」を入力してください。", at=at, field="value")
        return FLAGS[text]
    if kind is int:
        digits = text.replace(",", "")
        if not NUMBER.fullmatch(digits):
            raise BadWish("数字を入力してください。", at=at, field="value")
        return int(digits)
    if wish.place.key == PAYER_NUMBER:
        _refuse_wrong_payer_number(text, at=at)
    return _code_of(text, entry=entry, column=wish.place.column, names=names)


def _code_of(text: str, *, entry: Entry, column: str, names: Mapping[str, str]) -> str:
    """The code behind the words for an age limit or a class, as they are shown or in short; else the text itself."""
    codes = [*names, *(f"{kind}:{number}" for kind in ("age", "grade") for number in range(21))]
    said = {say_value(code, entry=entry, column=column, names=names): code for code in codes}
    short = {f"{number}歳": f"age:{number}" for number in range(21)}
    short |= {f"{number}歳年度末": f"grade:{number - YEAR_END}" for number in range(YEAR_END + 1, 21)}
    plain = {unicodedata.normalize("NFKC", words): code for words, code in (said | short).items()}
    return plain.get(text, text)


def _refuse_wrong_payer_number(text: str, *, at: int) -> None:
    try:
        parse_payer_number(text)
    except NotationError as error:
        raise BadWish(f"{error.reason}。", at=at, field="value") from None


def _refuse_what_the_loader_refuses(
    changes: tuple[Change, ...], *, municipality: str, overlay: Overlay
) -> None:
    try:
        refuse_meeting(changes)
        check_overlay(municipality, overlay=overlay.and_then(changes))
        return
    except ParameterError as error:
        refusal = error
    raise BadWish(f"{refusal.reason}。", at=_culprit(changes, municipality=municipality, overlay=overlay),
                  field=_field_of(refusal.reason)) from None  # fmt: skip


def _culprit(changes: Sequence[Change], *, municipality: str, overlay: Overlay) -> int | None:
    """The only change that does not fit when it stands alone; None where it is not one alone."""
    alone = list(_refused_alone(changes, municipality=municipality, overlay=overlay))
    return alone[0] if len(alone) == 1 else None


def _refused_alone(changes: Sequence[Change], *, municipality: str, overlay: Overlay) -> Iterator[int]:
    for at, change in enumerate(changes):
        try:
            check_overlay(municipality, overlay=overlay.and_then([change]))
        except ParameterError:
            yield at


def _field_of(reason: str) -> str:
    return "first_day" if "値のない日" in reason or "期間" in reason else "value"

"""What stands on papers by dated parameters: the payer number (公費負担者番号), and the time to answer a letter."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from kyufu.law.parameters.entries import DATA, Entry, ParameterError, path_of, value_table
from kyufu.law.parameters.overlay import NOTHING, Overlay, lay_over
from kyufu.law.parameters.reading import read_entries, refuse_overlaps_and_gaps
from kyufu.notation.check_digits import PayerNumber, parse_payer_number
from kyufu.notation.errors import NotationError
from kyufu.platform.errors import BadInput

TABLES = (value_table("certificate"),)
CORRECT = "定義の内容を直してください。"


def payer_file(municipality: str) -> str:
    """The name of the municipality's parameter file."""
    return f"{municipality}_certificate.toml"


def payer_number(*, municipality: str, on: date, overlay: Overlay = NOTHING) -> PayerNumber:
    """The payer number in force on a day, with the confirmed changes laid over; raises BadInput where there is none."""
    for entry in _entries(municipality, overlay):
        if entry.key == "payer_number" and on in entry.period:
            return _parsed(entry, municipality=municipality)
    raise BadInput(
        "その日の公費負担者番号が定められていません。",
        remedy=f"{payer_file(municipality)} を確かめてください。",
    )


def urging_answer_days(*, municipality: str, on: date, overlay: Overlay = NOTHING) -> int:
    """How many days a letter of the day gives to report a change; raises BadInput where that is not laid down."""
    for entry in _entries(municipality, overlay):
        if entry.key == "urging_answer_days" and on in entry.period:
            days = entry.columns["value"]
            if not isinstance(days, int) or isinstance(days, bool) or days < 1:
                break
            return days
    raise BadInput(
        "その日の届出の期限（届出のお願い）が定められていません。",
        remedy=f"{payer_file(municipality)} を確かめてください。",
    )


@lru_cache(maxsize=8)
def _entries(municipality: str, overlay: Overlay) -> tuple[Entry, ...]:
    path = path_of(payer_file(municipality), delivered=DATA)
    if not path.is_file():
        raise BadInput("その自治体の公費負担者番号がありません。", remedy="自治体の名前を確かめてください。")
    try:
        delivered = read_entries(path, tables=TABLES)
        entries = lay_over(delivered, file=path.name, tables=TABLES, overlay=overlay)
        refuse_overlaps_and_gaps(entries)
    except ParameterError as error:
        raise BadInput(f"公費負担者番号の定義が使えません（{error}）。", remedy=CORRECT) from None
    return entries


def _parsed(entry: Entry, *, municipality: str) -> PayerNumber:
    try:
        return parse_payer_number(str(entry.columns["value"]))
    except NotationError as error:
        raise BadInput(f"{payer_file(municipality)}: {error.reason}", remedy=CORRECT) from None

"""Everybody registered on a day as a table of chosen items (個人基本), for those who hand the register on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from django.db import connection, transaction

from kyufu.platform.access import Opening, require_opening
from kyufu.registry.sheltered import sheltered_selected

PROTECTED_ADDRESS = "hogo_jusho"
_WHOLE_ADDRESS = (
    "concat_ws(' ', nullif(e.postal_code, ''), e.prefecture || e.city || e.town || e.house_number, "
    "nullif(e.building, ''))"
)
_FOUND = "registry_extract_found"


@dataclass(frozen=True, slots=True)
class RegisterItem:
    """An item of the resident register (住民基本台帳の項目): its Japanese name, where it stands.

    `tells_where` items say where the person lives or went, or with whom, and are empty for those whose address is
    protected: whoever learns that she lives with her mother knows where.
    """

    label: str
    source: str
    tells_where: bool = False


def _items() -> dict[str, RegisterItem]:
    where = {
        "jusho_shikuchosonkodo": RegisterItem("市区町村コード", "e.ward_code", True),
        "jusho_choazakodo": RegisterItem("町字コード", "e.town_code", True),
        "jusho_todofuken": RegisterItem("都道府県", "e.prefecture", True),
        "jusho_shikugunchosonmei": RegisterItem("市区郡町村名", "e.city", True),
        "jusho_choaza": RegisterItem("町字", "e.town", True),
        "jusho_banchigohyoki": RegisterItem("番地号表記", "e.house_number", True),
        "jusho_katagaki": RegisterItem("方書", "e.building", True),
        "jusho_yubinbango": RegisterItem("郵便番号", "e.postal_code", True),
        "zenju_shikuchosonkodo": RegisterItem("前住所の市区町村コード", "e.other_municipality", True),
    }
    return {
        "atenabango": RegisterItem("宛名番号", "a.addressee_no"),
        "ido_jiyu": RegisterItem("異動事由", "e.kind"),
        "ido_nengappi": RegisterItem("異動年月日", "e.event_date::text"),
        "todokede_nengappi": RegisterItem("届出年月日", "e.notified_on::text"),
        "shimei": RegisterItem("氏名", "e.name"),
        "shimei_yomigana": RegisterItem("氏名の読み仮名", "e.kana"),
        "shimei_gaikokujinarufuabetto": RegisterItem("外国人の氏名（アルファベット）", "e.roman_name"),
        "tsusho": RegisterItem("通称", "e.alias"),
        "seibetsu": RegisterItem("性別", "e.sex"),
        "seinengappi": RegisterItem("生年月日", "e.birth_date::text"),
        "seinengappi_fushohyoki": RegisterItem("生年月日の不詳表記", "e.birth_date_note"),
        "jumin_shubetsu": RegisterItem("住民種別", "e.nationality_kind"),
        "jumin_jotai": RegisterItem("住民状態", "e.status"),
        "setaibango": RegisterItem("世帯番号", "e.household_no", True),
        "tsuzukigara": RegisterItem("続柄", "e.relation", True),
        **where,
        PROTECTED_ADDRESS: RegisterItem("支援措置の対象者の住所", _WHOLE_ADDRESS),
    }


REGISTER_ITEMS = MappingProxyType(_items())
_REGISTERED = f"""
CREATE TEMPORARY TABLE {_FOUND} AS
SELECT v.addressee_id, v.event_id
  FROM registry_person_version v JOIN registry_person_event e ON e.id = v.event_id
       JOIN registry_addressee a ON a.id = v.addressee_id
 WHERE upper_inf(v.recorded) AND v.valid @> %(on)s::date AND e.status = '1' AND a.kind = 'resident'
"""


@transaction.atomic
def extract_residents(table: str, *, items: Collection[str], on: date, today: date) -> None:
    """Make the temporary table of everybody registered on a day: addressee_id, event_id, and the items, as text.

    An item that is not asked for is not read. What tells where a person lives is empty for those whose address is
    protected on the day, today or later, and for their households; `hogo_jusho` gives it for those alone, and needs
    the opening of protected addresses. It lives in the caller's session until it is dropped. Who hands its rows out
    notes whose data they are. Raises KeyError for an item that the register does not have.
    """
    if PROTECTED_ADDRESS in items:
        require_opening(Opening.PROTECTED_ADDRESS)
    columns = [f"{_source(item)} AS {item}" for item in items]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {_FOUND}, {table}")
        cursor.execute(_REGISTERED, {"on": on})
        sheltered = sheltered_selected(f"SELECT addressee_id FROM {_FOUND}", on=on, today=today)
        values: dict[str, Any] = {"sheltered": sorted(sheltered)}
        cursor.execute(
            f"CREATE TEMPORARY TABLE {table} AS "
            f"SELECT f.addressee_id, f.event_id{''.join(f', {column}' for column in columns)} "
            f"FROM {_FOUND} f JOIN registry_person_event e ON e.id = f.event_id "
            "JOIN registry_addressee a ON a.id = f.addressee_id",
            values,
        )
        cursor.execute(f"DROP TABLE {_FOUND}")


def _source(item: str) -> str:
    known = REGISTER_ITEMS[item]
    is_sheltered = "f.addressee_id = ANY(%(sheltered)s::bigint[])"
    if item == PROTECTED_ADDRESS:
        return f"CASE WHEN {is_sheltered} THEN {known.source} ELSE '' END"
    if known.tells_where:
        return f"CASE WHEN {is_sheltered} THEN '' ELSE coalesce({known.source}, '') END"
    return f"coalesce({known.source}, '')"

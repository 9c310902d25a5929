"""The resident feed: rows become events, events become versions, and what needs a person's eye goes on a worklist."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection

from kyufu.notation.places import address_key
from kyufu.notation.sounds import sound_key
from kyufu.notation.text import search_key
from kyufu.platform.changes import record_changes_selected
from kyufu.platform.feeds.feed import Derived, Feed, RowRule, Staged
from kyufu.platform.fonts import suspect_finder
from kyufu.registry.feeds.layouts import RESIDENT
from kyufu.registry.glyphs import record_undrawable
from kyufu.registry.timeline import AFFECTED, derive_versions, make_affected
from kyufu.registry.vault_seam import hand_over

# Which column of registry_person_event takes which item.
ITEMS = {
    "cancelled": "torikeshi", "event_date": "ido_nengappi", "notified_on": "todokede_nengappi",
    "name": "shimei", "kana": "shimei_yomigana", "roman_name": "shimei_gaikokujinarufuabetto", "alias": "tsusho",
    "sex": "seibetsu", "birth_date": "seinengappi", "birth_date_note": "seinengappi_fushohyoki",
    "nationality_kind": "jumin_shubetsu", "status": "jumin_jotai", "household_no": "setaibango",
    "relation": "tsuzukigara", "ward_code": "jusho_shikuchosonkodo", "town_code": "jusho_choazakodo",
    "prefecture": "jusho_todofuken", "city": "jusho_shikugunchosonmei", "town": "jusho_choaza",
    "house_number": "jusho_banchigohyoki", "building": "jusho_katagaki", "postal_code": "jusho_yubinbango",
    "other_municipality": "zenju_shikuchosonkodo",
}  # fmt: skip
KEYS = {"name_key": "shimei", "kana_key": "shimei_yomigana", "alias_key": "tsusho"}
# Towns and house numbers are few, so that their keys are worked out apart: together they are the key of the address.
ADDRESS_KEYS = {"town_key": "jusho_choaza", "house_key": "jusho_banchigohyoki"}
SNAPSHOT = "00"

_TOLD = ", ".join(f"s.{item}" for item in ITEMS.values())
_KNOWN = ", ".join(f"e.{column}" for column in ITEMS)
_OTHER = ", ".join(f"o.{item}" for item in ITEMS.values())

# The rows that tell an event which is known already.
_TOLD_BEFORE = """
CREATE TEMPORARY TABLE registry_told_before ON COMMIT DROP AS
SELECT s.row_no, e.id AS event_id
  FROM feed_staging s JOIN registry_addressee a ON a.addressee_no = s.atenabango
       JOIN registry_person_event e ON e.addressee_id = a.id AND e.history_no = s.rirekibango
            AND e.revision = s.rirekieda
"""
# A snapshot repeats an event that is known under its own kind; it must agree with it in everything else.
_CONTRADICTS_KNOWN = f"""EXISTS (
  SELECT FROM registry_told_before t JOIN registry_person_event e ON e.id = t.event_id
   WHERE t.row_no = s.row_no
     AND (({_KNOWN}) IS DISTINCT FROM ({_TOLD})
          OR e.kind <> s.ido_jiyu AND s.ido_jiyu <> '{SNAPSHOT}' AND e.kind <> '{SNAPSHOT}'))"""
# Of several rows of one revision the first counts; the others must agree with it.
_REPEATED = """
CREATE TEMPORARY TABLE registry_repeated ON COMMIT DROP AS
SELECT s.row_no, first.row_no AS first_row_no
  FROM (SELECT atenabango, rirekibango, rirekieda, min(row_no) AS row_no
          FROM feed_staging GROUP BY atenabango, rirekibango, rirekieda HAVING count(*) > 1) first
  JOIN feed_staging s ON s.atenabango = first.atenabango AND s.rirekibango = first.rirekibango
       AND s.rirekieda = first.rirekieda AND s.row_no > first.row_no
"""
_CONTRADICTS_EARLIER_ROW = f"""EXISTS (
  SELECT FROM registry_repeated r JOIN feed_staging o ON o.row_no = r.first_row_no
   WHERE r.row_no = s.row_no AND (o.ido_jiyu, {_OTHER}) IS DISTINCT FROM (s.ido_jiyu, {_TOLD}))"""
_SAME_REVISION = (
    "同じ履歴番号・履歴枝番号で内容の違う行がすでにあります。"
    "送り側に、履歴枝番号を上げた訂正を求めてください。"
)

RULES = (
    RowRule(
        "birth_date", "seinengappi", "「生年月日」も「生年月日の不詳表記」も空です。どちらかを入れてください。",
        "s.seinengappi IS NULL AND s.seinengappi_fushohyoki = ''",
    ),
    RowRule(
        "birth_date", "seinengappi", "「生年月日」が「異動年月日」より後です。",
        "s.seinengappi > s.ido_nengappi",
    ),
    RowRule("same_revision", "rirekieda", _SAME_REVISION, _CONTRADICTS_EARLIER_ROW),
    RowRule("same_revision", "rirekieda", _SAME_REVISION, _CONTRADICTS_KNOWN),
)  # fmt: skip

_KNOWN_AFFECTED = f"""
INSERT INTO {AFFECTED} (addressee_id, known)
SELECT DISTINCT a.id, true FROM registry_addressee a JOIN feed_staging s ON s.atenabango = a.addressee_no
 WHERE NOT EXISTS (SELECT FROM registry_told_before t WHERE t.row_no = s.row_no)
"""
_NEW_ADDRESSEES = f"""
WITH added AS (
  INSERT INTO registry_addressee (addressee_no, kind)
  SELECT s.atenabango, 'resident' FROM feed_staging s
   WHERE NOT EXISTS (SELECT FROM registry_addressee a WHERE a.addressee_no = s.atenabango)
   GROUP BY s.atenabango ORDER BY min(s.row_no)
  RETURNING id)
INSERT INTO {AFFECTED} (addressee_id, known) SELECT id, false FROM added
"""
_NEW_EVENTS = f"""
INSERT INTO registry_person_event (addressee_id, history_no, revision, kind, {", ".join(ITEMS)}, municipality,
       {", ".join(KEYS)}, sound_key, address_key, file_id, row_no, recorded_by, recorded_at)
SELECT a.id, s.rirekibango, s.rirekieda, s.ido_jiyu, {_TOLD},
       CASE s.jumin_jotai WHEN '1' THEN %(municipality)s WHEN '2' THEN s.zenju_shikuchosonkodo ELSE '' END,
       {", ".join(f"s.{key}" for key in KEYS)}, s.sound_key, s.town_key || s.house_key,
       %(file)s, s.row_no, 'resident', %(at)s
  FROM feed_staging s JOIN registry_addressee a ON a.addressee_no = s.atenabango
 WHERE NOT EXISTS (SELECT FROM registry_repeated r JOIN feed_staging o ON o.row_no = r.first_row_no
                    WHERE r.row_no = s.row_no)
   AND NOT EXISTS (SELECT FROM registry_told_before t WHERE t.row_no = s.row_no)
"""
_BECOME_RESIDENTS = """
UPDATE registry_addressee a SET kind = 'resident' FROM feed_staging s
 WHERE a.addressee_no = s.atenabango AND a.kind <> 'resident'
"""
_MISSING = """
INSERT INTO registry_discrepancy (addressee_id, file_id)
SELECT v.addressee_id, %(file)s
  FROM registry_person_version v JOIN registry_person_event e ON e.id = v.event_id
       JOIN registry_addressee a ON a.id = v.addressee_id
 WHERE upper_inf(v.recorded) AND upper_inf(v.valid) AND e.status = '1' AND a.kind = 'resident'
   AND NOT EXISTS (SELECT FROM feed_staging s WHERE s.atenabango = a.addressee_no)
ON CONFLICT DO NOTHING
"""


def resident_feed() -> Feed:
    """The resident feed: full and difference."""
    return Feed(
        layout=RESIDENT,
        apply=_apply,
        rules=RULES,
        prepare=_find_repeated,
        derived=(
            *(Derived(key, item, search_key) for key, item in KEYS.items()),
            Derived("sound_key", KEYS["kana_key"], sound_key),
            *(Derived(key, item, address_key) for key, item in ADDRESS_KEYS.items()),
        ),
        receive_numbers=hand_over,
        spot=suspect_finder(),
    )


def _find_repeated(_: Staged) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS registry_repeated, registry_told_before")
        cursor.execute(_REPEATED)
        cursor.execute(_TOLD_BEFORE)
        cursor.execute("ANALYZE registry_repeated, registry_told_before")


def _apply(staged: Staged) -> Mapping[str, int]:
    make_affected()
    values: dict[str, Any] = {
        "municipality": staged.municipality,
        "file": staged.file_id,
        "at": staged.recorded_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BECOME_RESIDENTS)
        cursor.execute(_KNOWN_AFFECTED)
        cursor.execute(_NEW_ADDRESSEES)
        new_persons = cursor.rowcount
        cursor.execute(_NEW_EVENTS, values)
        new_events = cursor.rowcount
    derive_versions(at=staged.recorded_at)
    changed = record_changes_selected(
        source="registry", select=f"SELECT addressee_id, 'resident' FROM {AFFECTED} WHERE changed"
    )
    return {
        "新しい住民": new_persons,
        "新しい異動": new_events,
        "変わった住民": changed,
        "印字できない文字": record_undrawable(staged),
        "全件にいない住民": _note_missing(staged),
    }


def _note_missing(staged: Staged) -> int:
    """Put known residents whom a full feed does not have on the worklist; how many are new there."""
    if not staged.is_full:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_MISSING, {"file": staged.file_id})
        return int(cursor.rowcount)

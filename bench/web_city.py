"""The city of the web benchmark: made once in a schema of its own by set-based SQL, and kept for the next run.

As a program it makes the city of `KYUFU_SCHEMA`, or finds it made, and prints the staff who may sign in as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import product
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import uuid4

from django.db.backends.utils import CursorWrapper

from bench import let_owner_stand_in
from kyufu.cli.main import prepare_django
from kyufu.notation.municipalities import YOKOHAMA, wards_of
from kyufu.notation.places import address_key
from kyufu.notation.sounds import sound_key
from kyufu.notation.text import search_key
from kyufu.platform.access import Access, Channel
from kyufu.platform.actors import Actor

USERS = 20
MAKER = Actor("bench", "計測 担当", "計測課")
PASSWORD = "Hatsukaino-Aikotoba-7"
HEAD = "B01"
# The commonest surnames and how many of 100,000 people bear each; the others share what is left by rank.
COMMON = (
    "佐藤/サトウ/1500 鈴木/スズキ/1430 高橋/タカハシ/1120 田中/タナカ/1060 伊藤/イトウ/850 渡辺/ワタナベ/840 "
    "山本/ヤマモト/830 中村/ナカムラ/830 小林/コバヤシ/820 加藤/カトウ/700 吉田/ヨシダ/660 山田/ヤマダ/650 "
    "佐々木/ササキ/530 山口/ヤマグチ/510 松本/マツモト/500 井上/イノウエ/490 木村/キムラ/460 林/ハヤシ/440 "
    "斎藤/サイトウ/430 清水/シミズ/420 中島/ナカジマ/250 中島/ナカシマ/100 山崎/ヤマザキ/250 山崎/ヤマサキ/120 "
    "大野/オオノ/190 小野/オノ/230 藤原/フジワラ/220 河野/コウノ/110 佐藤/サトオ/20 里/サト/30 藤田/フジタ/300"
)
_FIRST = (
    "石/イシ 西/ニシ 北/キタ 南/ミナミ 東/ヒガシ 上/ウエ 下/シモ 竹/タケ 杉/スギ 梅/ウメ 桜/サクラ "
    "松/マツ 森/モリ 川/カワ 水/ミズ 大/オオ 小/コ 中/ナカ 高/タカ 長/ナガ 古/フル 新/アラ 白/シロ "
    "黒/クロ 青/アオ 赤/アカ 金/カネ 今/イマ 岩/イワ 内/ウチ"
)
_SECOND = (
    "田/ダ 川/カワ 山/ヤマ 原/ハラ 崎/ザキ 野/ノ 村/ムラ 本/モト 井/イ 沢/サワ 浜/ハマ 島/シマ "
    "橋/ハシ 部/ベ 藤/トウ 塚/ヅカ 谷/ヤ 木/キ 池/イケ 岡/オカ 森/モリ 辺/ベ 口/グチ 倉/クラ 瀬/セ"
)
_MEN = (
    "翔太/ショウタ 健/ケン 大輔/ダイスケ 悠斗/ユウト 陽一/ヨウイチ 直樹/ナオキ 隆/タカシ 和也/カズヤ "
    "雅人/マサト 拓也/タクヤ 涼介/リョウスケ 真一/シンイチ 裕之/ヒロユキ 誠/マコト 蓮/レン 湊/ミナト "
    "陽翔/ハルト 一郎/イチロウ 二郎/ジロウ 茂/シゲル"
)
_WOMEN = (
    "美咲/ミサキ 陽菜/ヒナ 優子/ユウコ 結衣/ユイ 愛/アイ 奈々/ナナ 真由美/マユミ 恵子/ケイコ 千代/チヨ "
    "友里/ユリ 由美/ユミ 沙織/サオリ 桜/サクラ 花子/ハナコ 和子/カズコ 葵/アオイ 凛/リン 紬/ツムギ "
    "京子/キョウコ 幸子/サチコ"
)
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_NUMERALS = "一二三四五六七"
SLOTS = 10_000


def schema_of(persons: int) -> str:
    """The schema in which a city of this size is kept."""
    return f"kyufu_bench_web_{persons}"


def make(persons: int) -> dict[str, Any]:
    """Make the city and its staff where they are not there yet; who may sign in, and how long the filling took."""
    from django.conf import settings

    from kyufu.platform.schema import drop_schema, ensure_tables, holds_data

    var = Path(settings.VAR_DIR) / "bench" / "web"
    known = var / f"{settings.SCHEMA}.json"
    if known.exists() and holds_data():
        ensure_tables()
        _end_sessions()
        return dict(json.loads(known.read_text(encoding="utf-8")))
    drop_schema()
    ensure_tables()
    let_owner_stand_in()
    began = perf_counter()
    fill(persons)
    made = {"staff": hire_staff(), "seconds": round(perf_counter() - began)}
    var.mkdir(parents=True, exist_ok=True)
    known.write_text(json.dumps(made), encoding="utf-8")
    return made


def _end_sessions() -> None:
    """End the sessions that a run left open which was stopped: nobody may have two."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE staff_session SET ended_at = greatest(now(), last_seen_at), why = 'signed_out' "
            "WHERE ended_at IS NULL"
        )


def fill(persons: int) -> None:
    """Fill the tables past their triggers, with the indexes made afterwards."""
    from django.db import connection

    with connection.cursor() as cursor:
        for setting in ("session_replication_role = replica", "synchronous_commit = off",
                        "maintenance_work_mem = '1GB'", "work_mem = '256MB'"):  # fmt: skip
            cursor.execute(f"SET {setting}")
        cursor.execute("SELECT setseed(0.5)")
        _name_tables(cursor)
        with _indexes_made_afterwards(cursor):
            for statement in FILLING:
                began = perf_counter()
                cursor.execute(statement, {"persons": persons, "city": YOKOHAMA})
                print(
                    f"{perf_counter() - began:6.1f} s {' '.join(statement.split()[:3])}",
                    file=sys.stderr,
                    flush=True,
                )
        cursor.execute("RESET session_replication_role")
        for table in ("registry_addressee", "registry_person_event", "registry_person_version"):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
        cursor.execute("VACUUM ANALYZE")


@contextmanager
def _indexes_made_afterwards(cursor: CursorWrapper) -> Iterator[None]:
    cursor.execute(
        "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.schemaname = current_schema() "
        "AND i.tablename IN ('registry_person_event', 'registry_person_version', 'registry_addressee') "
        "AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conname = i.indexname)"
    )
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for name, definition in indexes:
        began = perf_counter()
        cursor.execute(definition)
        print(f"{perf_counter() - began:6.1f} s {name}", file=sys.stderr, flush=True)


def _names(words: str) -> list[tuple[str, str]]:
    return [(text, kana) for text, kana in (word.split("/") for word in words.split())]


def _surnames() -> list[tuple[str, str, int]]:
    common = [(text, kana, int(share)) for text, kana, share in (one.split("/") for one in COMMON.split())]
    rare = [(a + b, c + d) for (a, c), (b, d) in product(_names(_FIRST), _names(_SECOND))]
    left = 100_000 - sum(share for _, _, share in common)
    weights = [1 / (rank + 20) for rank in range(len(rare))]
    return common + [
        (*name, round(left * weight / sum(weights))) for name, weight in zip(rare, weights, strict=True)
    ]


def _name_tables(cursor: CursorWrapper) -> None:
    """Temporary tables of whole names, surnames by weight, and places, each with its keys."""
    surnames = _surnames()
    given = [(text, kana, "1") for text, kana in _names(_MEN)] + [
        (text, kana, "2") for text, kana in _names(_WOMEN)
    ]
    whole = (
        (s, g, f"{a}　{b}", f"{x}　{y}", search_key(a + b), search_key(x + y), sound_key(x + y), sex)
        for (s, (a, x, _)), (g, (b, y, sex)) in product(enumerate(surnames), enumerate(given))
    )
    _copy(cursor, "bench_name (surname int, given int, name text, kana text, name_key text, kana_key text, "
                  "sound_key text, sex text)", rows=whole)  # fmt: skip
    at, slots = 0.0, []
    for number, (_, _, share) in enumerate(surnames):
        first, at = round(at), at + share * SLOTS / 100_000
        slots += [(slot, number) for slot in range(first, round(at))]
    filled = {slot for slot, _ in slots}
    slots += [(slot, 0) for slot in range(SLOTS) if slot not in filled]
    _copy(cursor, "bench_slot (slot int, surname int)", rows=(one for one in slots if one[0] < SLOTS))
    _copy(cursor, "bench_town (town int, ward text, city text, name text, key text)", rows=_towns())
    houses = (f"{a}番{b}号".translate(_WIDE) for a, b in product(range(1, 61), range(1, 31)))
    _copy(cursor, "bench_house (house int, text text, key text)",
          rows=((n, text, address_key(text)) for n, text in enumerate(houses)))  # fmt: skip
    cursor.execute("CREATE INDEX ON bench_name (surname, given)")
    cursor.execute("CREATE INDEX ON bench_slot (slot)")


def _towns() -> Iterator[tuple[int, str, str, str, str]]:
    words = ["本町", "東町", "西町", "緑台", "桜台", "港町", "元町", "新町", "旭台", "若葉町", "栄町", "泉町"]
    places = product(wards_of(YOKOHAMA), words, _NUMERALS)
    for number, (ward, word, chome) in enumerate(places):
        name = f"{ward.name[3]}{word}{chome}丁目"
        yield number, ward.code, ward.name, name, address_key(name)


def _copy(cursor: CursorWrapper, table: str, *, rows: Iterable[Sequence[object]]) -> None:
    name = table.split()[0]
    cursor.execute(f"DROP TABLE IF EXISTS {name}")
    cursor.execute(f"CREATE TEMPORARY TABLE {table}")
    with cursor.cursor.copy(f"COPY {name} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.execute(f"ANALYZE {name}")


def _any(number: str, *, salt: int, of: int) -> str:
    """SQL for a number below `of` that looks random and is the same each time."""
    return f"(abs(hashint8extended({number}, {salt})) %% {of})::int"


_HOME = "n / 3"
# Every hundredth household has twins; two of five have a child.
_IS_CHILD = f"(n %% 3 = 2 AND {_any(_HOME, salt=1, of=5)} < 2 OR n %% 3 > 0 AND n / 3 %% 100 = 0)"
_PERSONS = f"""
INSERT INTO bench_person
SELECT n, {_HOME} AS home, s.surname, g.surname AS former,
       {_any("n", salt=2, of=20)} + CASE WHEN n %% 2 = 0 THEN 0 ELSE 20 END AS given,
       CASE WHEN {_IS_CHILD} THEN date '2008-01-01' + {_any(_HOME, salt=3, of=6800)}
            ELSE date '1936-01-01' + {_any("n", salt=4, of=25000)} END AS born,
       {_IS_CHILD} AS is_child,
       {_any(_HOME, salt=5, of=1512)} AS town, {_any(_HOME, salt=6, of=1800)} AS house,
       {_any(_HOME, salt=7, of=1512)} AS former_town,
       CASE {_any("n", salt=8, of=40)} WHEN 0 THEN '2' WHEN 1 THEN '3' ELSE '1' END AS status,
       {_any(_HOME, salt=9, of=10)} < 3 AS moved
  FROM generate_series(1, %(persons)s) n
       JOIN bench_slot s ON s.slot = {_any(_HOME, salt=10, of=SLOTS)}
       JOIN bench_slot g ON g.slot = {_any("n", salt=11, of=SLOTS)}
"""
_EVENT = """
INSERT INTO registry_person_event (id, addressee_id, history_no, revision, cancelled, kind, event_date, name, kana,
       roman_name, alias, sex, birth_date, birth_date_note, nationality_kind, status, household_no, relation, ward_code,
       town_code, prefecture, city, town, house_number, building, postal_code, other_municipality, municipality,
       name_key, kana_key, alias_key, sound_key, address_key, file_id, row_no, recorded_by, recorded_at)
SELECT {id}, p.n, {history}, 0, false, {kind}, {on}, m.name, m.kana, '', '', m.sex, p.born, '', '1', {status},
       lpad((900000000000000 + p.home)::text, 15, '0'),
       CASE WHEN p.is_child THEN '10' WHEN p.n %% 3 = 0 THEN '01' ELSE '02' END, t.ward, '0001001', '神奈川県', t.city,
       t.name, h.text, '', '2200001', '', %(city)s, m.name_key, m.kana_key, '', m.sound_key, t.key || h.key, 1, p.n,
       'resident', now()
  FROM bench_person p JOIN bench_name m ON m.surname = {surname} AND m.given = p.given
       JOIN bench_town t ON t.town = {town} JOIN bench_house h ON h.house = p.house {where}
"""
_SINCE = "greatest(p.born, date '2005-04-01')"
_THEN = f"greatest({_SINCE} + 1, date '2022-04-01')"
_CHILDREN = "(SELECT * FROM bench_person WHERE is_child AND status = '1' ORDER BY n LIMIT 200000)"
FILLING = (
    "CREATE TEMPORARY TABLE bench_person (n bigint, home bigint, surname int, former int, given int, born date, "
    "is_child boolean, town int, house int, former_town int, status text, moved boolean)",
    _PERSONS,
    "ANALYZE bench_person",
    "INSERT INTO registry_addressee (id, addressee_no, kind) "
    "SELECT n, lpad(n::text, 15, '0'), 'resident' FROM bench_person",
    _EVENT.format(id="p.n", history=1, kind="'20'", on=_SINCE, town="p.town", where="",
                  status="CASE WHEN p.moved THEN '1' ELSE p.status END",
                  surname=f"CASE WHEN p.moved AND {_any('p.n', salt=12, of=10)} = 0 AND NOT p.is_child "
                          "THEN p.former ELSE p.surname END"),
    _EVENT.format(id="p.n + %(persons)s", history=2, kind="'30'", on=_THEN, town="p.former_town",
                  status="p.status", surname="p.surname", where="WHERE p.moved"),
    f"INSERT INTO registry_person_version (id, addressee_id, event_id, valid, recorded) "
    f"SELECT p.n, p.n, p.n, daterange({_SINCE}, CASE WHEN p.moved THEN {_THEN} END), "
    "tstzrange(now(), NULL) FROM bench_person p",
    f"INSERT INTO registry_person_version (id, addressee_id, event_id, valid, recorded) "
    f"SELECT p.n + %(persons)s, p.n, p.n + %(persons)s, daterange({_THEN}, NULL), tstzrange(now(), NULL) "
    "FROM bench_person p WHERE p.moved",
    "INSERT INTO registry_protection (addressee_id, history_no, revision, cancelled, kind, valid, safe_postal_code, "
    "safe_address, safe_building, safe_name, recorded_at) "
    "SELECT n, 1, 0, false, '1', daterange('2026-04-01', '2027-04-01'), '2200001', '送付先', '', '', now() "
    "FROM bench_person WHERE n %% 1000 = 0",
    "INSERT INTO evidence_insurance (addressee_id, revision, cancelled, recorded, file_id, row_no, recorded_by, note, "
    "source, history_no, valid, insurer_no, check_digit_agrees, symbol, number, branch, relation, obtained_on) "
    "SELECT n, 0, false, tstzrange(now(), NULL), 1, n, '', '', 'insurer', 1, daterange('2020-04-01', NULL), "
    f"'06130314', true, '1', '1', '01', 'family', '2026-06-01' FROM {_CHILDREN} c",
    "INSERT INTO cases_application (id, number, kind, matter, state, ward_code, channel, received_on, applicant_kind, "
    "agent_name, child_id, decision_id) SELECT n, 'A-' || n, 'new', '', 'issued', '141011', 'counter', "
    f"'2026-06-01', 'guardian', '', n, n FROM {_CHILDREN} c",
    "INSERT INTO cases_decision (id, application_id, child_id, scheme, municipality, judged_for, outcome, valid, "
    "benefit_class, issues_certificate, reason_codes, parameter_version, facts_hash, judged_by_id, judged_by_name, "
    "judged_by_office, judged_at, gathered_at, snapshot) SELECT n, n, n, 'child', 'yokohama', '2026-08-01', "
    "'eligible', daterange('2026-08-01', '2027-08-01'), 'free', true, '{}', 'v', 'h', 'B1', '判定 担当', "
    f"'計測課', now(), now(), pg_current_snapshot() FROM {_CHILDREN} c",
    "INSERT INTO cases_approval (decision_id, judged_by_id, approved_by_id, approved_by_name, approved_by_office, at) "
    f"SELECT n, 'B1', 'B2', '決裁 担当', '計測課', now() FROM {_CHILDREN} c",
    "INSERT INTO cases_application_guardian (application_id, position, addressee_id, relation) "
    f"SELECT n, 1, n - n %% 3, 'father' FROM {_CHILDREN} c WHERE n - n %% 3 > 0",
    "INSERT INTO cases_entitlement (id, child_id, valid, benefit_class, decision_id, recorded_at) "
    f"SELECT n, n, daterange('2026-08-01', '2027-08-01'), 'free', n, now() FROM {_CHILDREN} c",
    f"INSERT INTO cases_recipient (child_id, number) SELECT n, lpad((n %% 10000000)::text, 7, '0') FROM {_CHILDREN} c",
    "INSERT INTO cases_certificate (id, number, child_id, guardian_id, application_id, decision_id, entitlement_id, "
    "kind, payer_no, valid, benefit_class, issued_on, state) SELECT n, lpad(n::text, 10, '0'), n, n - n %% 3, n, n, n, "
    f"'new', '81140011', daterange('2026-08-01', '2027-08-01'), 'free', '2026-07-21', 'issued' "
    f"FROM {_CHILDREN} c",
)  # fmt: skip


def hire_staff() -> list[str]:
    """A head office with clerks, who sign in for the first time in the benchmark; their staff numbers."""
    from kyufu.platform import clock
    from kyufu.staff import api as staff

    today, at = clock.current_date_in_japan(), clock.current_instant()
    last_day = date(today.year + (today.month > 3), 3, 31)
    staff.add_office(code=HEAD, name="計測課", kind=staff.OfficeKind.HEAD, valid_from=date(2020, 4, 1))
    staff.register_terminal(name="計測機", office=HEAD, valid_from=date(2020, 4, 1), network="127.0.0.1/32")
    ids = {}
    for number in range(USERS + 2):
        staff_no = f"B{number:05}"
        ids[staff_no] = staff.add_account(
            staff_no=staff_no, personnel_no=staff_no, name="戸塚 桜子", kana="トツカ サクラコ",
            kind=staff.AccountKind.EMPLOYEE, office=HEAD, usable_from=today, expires_on=last_day, password=PASSWORD,
            by=MAKER, at=at, why="計測",
        )  # fmt: skip
    first, second, *clerks = ids.values()
    staff.appoint_first_administrators(first, second_id=second, office=HEAD, at=at)
    for clerk in clerks:
        asked = staff.ask_for_grant(
            clerk, role="head", office=HEAD, scheme=staff.Scheme.CHILD, valid_from=today, last_day=last_day,
            by=staff.rights_of(first, on=today).actor(), at=at, why="計測",
        )  # fmt: skip
        staff.confirm_grant(asked, rights=staff.rights_of(second, on=today), at=at)
    return list(ids)[2:]


def _main() -> None:
    prepare_django()
    from kyufu.audit.api import acting

    access = Access(MAKER, "計測機", Channel.COMMAND, "bench", "計測", uuid4())
    with acting(access):
        made = make(int(os.environ["KYUFU_BENCH_PERSONS"]))
    print(json.dumps(made))


if __name__ == "__main__":
    _main()

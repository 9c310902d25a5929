"""How staged rows become recorded facts: the highest revision counts, in whatever order the revisions arrive.

All is set-based SQL in the one transaction of the file. A row that says what is known changes nothing;
a higher revision closes what it corrects and inserts its own; a lower one came too late and is counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from kyufu.platform.changes import record_changes, record_changes_selected
from kyufu.platform.feeds.feed import Derived, Feed, RowRule, Staged
from kyufu.platform.feeds.layout import Layout
from kyufu.registry.api import merged_ids_selected

_EXTRA = (("addressee_id", "bigint"), ("made_on", "date"), ("contradicts", "boolean"))
_NEWS = "evidence_news"


@dataclass(frozen=True, slots=True)
class Landing:
    """Which items of a feed become which columns of a table.

    `key` (column to item) names one fact of one person at its sender. `facts` is what rows of one revision
    must agree in, `carried` is stored beside it; both are SQL expressions over a staging row written `{row}`.
    """

    table: str
    change: str
    source: str
    key: Mapping[str, str]
    facts: Mapping[str, str]
    carried: Mapping[str, str]
    cancelled: str = "{row}.torikeshi"

    @property
    def same_fact(self) -> str:
        """SQL: the stored row `f` is of the same fact as the staging row `s`."""
        keys = "".join(f" AND f.{column} = s.{item}" for column, item in self.key.items())
        return f"f.addressee_id = s.addressee_id AND f.source = '{self.source}'{keys}"

    @property
    def says_otherwise(self) -> str:
        """SQL: the stored row `f` does not say what the staging row `s` says."""
        stored = ", ".join(f"f.{column}" for column in ("cancelled", *self.facts))
        return f"({stored}) IS DISTINCT FROM ({self.told_by('s')})"

    def told_by(self, row: str) -> str:
        """SQL: all that a staging row tells."""
        return ", ".join(value.format(row=row) for value in (self.cancelled, *self.facts.values()))


def evidence_feed(
    *, layout: Layout, landing: Landing, rules: tuple[RowRule, ...], derived: tuple[Derived, ...] = ()
) -> Feed:
    """A feed of evidence: rows of unknown persons and rows that contradict each other go to the worklist."""
    return Feed(
        layout=layout,
        apply=lambda staged: _land(staged, landing=landing),
        rules=(*_common_rules(landing), *rules),
        derived=derived,
        extra=_EXTRA,
        prepare=lambda staged: _prepare(staged, landing=landing),
    )


def _common_rules(landing: Landing) -> tuple[RowRule, ...]:
    told_before = f"SELECT FROM {landing.table} AS f WHERE {landing.same_fact} AND f.revision = s.rirekieda"
    return (
        RowRule(
            code="unknown_addressee",
            column="atenabango",
            message="宛名番号の者が登録されていません。"
            "住民の連携を先に取り込むか、住登外者として登録してください。",
            condition="s.addressee_id IS NULL",
        ),
        RowRule(
            code="contradicts_same_revision",
            column="rirekieda",
            message="同じ履歴枝番で内容の違う行があります。送信元に、枝番を上げた訂正を求めてください。",
            condition=f"s.contradicts OR EXISTS ({told_before} AND {landing.says_otherwise})",
        ),
    )


def _prepare(staged: Staged, *, landing: Landing) -> None:
    """Find the persons, and mark the rows that another row of the file contradicts."""
    items = ("addressee_id", "rirekieda", *landing.key.values())
    same = " AND ".join(f"o.{item} = s.{item}" for item in items)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {staged.table} AS s "
            "SET addressee_id = a.id, made_on = (%s AT TIME ZONE 'Asia/Tokyo')::date "
            "FROM registry_addressee AS a WHERE a.addressee_no = s.atenabango",
            [staged.made_at],
        )
        cursor.execute(
            f"UPDATE {staged.table} AS s SET contradicts = true FROM {staged.table} AS o WHERE {same} "
            f"AND o.row_no <> s.row_no AND ({landing.told_by('s')}) IS DISTINCT FROM ({landing.told_by('o')})"
        )


def _land(staged: Staged, *, landing: Landing) -> Mapping[str, int]:
    """Write the news, close what they correct, and count by Japanese label."""
    values: dict[str, datetime | int] = {"at": staged.recorded_at, "file": staged.file_id}
    with connection.cursor() as cursor:
        cursor.execute(_gather_news(staged, landing=landing))
        cursor.execute(
            f"UPDATE {landing.table} AS f SET recorded = tstzrange(lower(f.recorded), %(at)s) "
            f"FROM {_NEWS} AS n WHERE f.id = n.replaces",
            values,
        )
        corrected = cursor.rowcount
        cursor.execute(_insert_news(landing), values)
        landed = cursor.rowcount
        _record_changes(landing)
        cursor.execute(f"SELECT count(*) FROM {staged.table}")
        told = cursor.fetchone()[0]
        cursor.execute(f"DROP TABLE {_NEWS}")
    return {"新しく記録": landed - corrected, "訂正": corrected, "変わりなし・古い枝番": told - landed}


def _record_changes(landing: Landing) -> None:
    """Note the change for each person, under all the numbers that person has had."""
    changed = f"SELECT DISTINCT addressee_id, '{landing.change}' FROM {_NEWS} WHERE changed"
    record_changes_selected(source="evidence", select=changed)
    merged = merged_ids_selected(f"SELECT addressee_id FROM {_NEWS} WHERE changed")
    others = {alias for person, aliases in merged.items() for alias in aliases if alias not in merged}
    record_changes(source="evidence", rows=((alias, landing.change) for alias in sorted(others)))


def _gather_news(staged: Staged, *, landing: Landing) -> str:
    """SQL: of each fact the highest revision in the file, where it is new or higher than the one known."""
    items = ", ".join(f"s.{item}" for item in landing.key.values())
    told = ", ".join(
        f"{value.format(row='s')} AS {column}"
        for column, value in {"cancelled": landing.cancelled, **landing.facts, **landing.carried}.items()
    )
    keys = "".join(f"s.{item} AS {column}, " for column, item in landing.key.items())
    return (
        f"CREATE TEMP TABLE {_NEWS} ON COMMIT DROP AS SELECT DISTINCT ON (s.addressee_id, {items}) "
        f"s.addressee_id, {keys}s.rirekieda AS revision, s.row_no, {told}, f.id AS replaces, "
        f"(f.id IS NULL OR {landing.says_otherwise}) AS changed "
        f"FROM {staged.table} AS s LEFT JOIN {landing.table} AS f "
        f"ON {landing.same_fact} AND upper_inf(f.recorded) "
        "WHERE f.id IS NULL OR f.revision < s.rirekieda "
        f"ORDER BY s.addressee_id, {items}, s.rirekieda DESC, s.row_no"
    )


def _insert_news(landing: Landing) -> str:
    """SQL: the news become what is known from the time of recording on."""
    columns = ", ".join(("cancelled", *landing.key, *landing.facts, *landing.carried))
    return (
        f"INSERT INTO {landing.table} "
        f"(addressee_id, revision, row_no, {columns}, source, file_id, recorded, recorded_by, note) "
        f"SELECT addressee_id, revision, row_no, {columns}, '{landing.source}', %(file)s, "
        f"tstzrange(%(at)s, NULL), '', '' FROM {_NEWS} ORDER BY addressee_id"
    )

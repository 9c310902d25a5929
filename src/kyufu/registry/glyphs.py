"""Names and addresses that the print font cannot draw: found when they come in, listed for someone to see to."""

from __future__ import annotations

from django.db import connection

from kyufu.platform.feeds.feed import Staged
from kyufu.platform.fonts import undrawable

FIELDS = (
    "shimei", "shimei_yomigana", "shimei_gaikokujinarufuabetto", "tsusho", "seinengappi_fushohyoki",
    "jusho_todofuken", "jusho_shikugunchosonmei", "jusho_choaza", "jusho_banchigohyoki", "jusho_katagaki",
)  # fmt: skip

_READ = f"""
SELECT a.id, {", ".join(f"s.{field}" for field in FIELDS)}
  FROM feed_staging s JOIN registry_addressee a ON a.addressee_no = s.atenabango WHERE s.row_no = ANY(%s)
"""
_WRITE = """
INSERT INTO registry_undrawable_name (addressee_id, field, code_points)
SELECT DISTINCT * FROM unnest(%s::bigint[], %s::text[], %s::text[]) ON CONFLICT DO NOTHING
"""


def record_undrawable(staged: Staged) -> int:
    """Note the items of the spotted rows that lack a glyph; how many are new on the worklist."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, [list(staged.spotted)])
        found = [
            (row[0], field, " ".join(missing))
            for row in cursor.fetchall()
            for field, value in zip(FIELDS, row[1:], strict=True)
            if (missing := undrawable(value))
        ]
        if not found:
            return 0
        cursor.execute(_WRITE, [list(column) for column in zip(*found, strict=True)])
        return int(cursor.rowcount)

"""What runs must agree in where everything is drawn by chance or stamped with a time: the vault and the log."""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.journeys.city_run import CityRun

Rows = list[tuple[Any, ...]]

# Of each number of a business that stands: how many individual numbers its person has, and who else is that person.
_OF_EACH = """
SELECT l.business, l.number,
       (SELECT count(*) FROM mynumber_number n WHERE n.person_id = p.root_id AND upper_inf(n.recorded)),
       ARRAY(SELECT o.number FROM mynumber_link o JOIN mynumber_person q ON q.id = o.person_id
              WHERE q.root_id = p.root_id AND upper_inf(o.recorded) ORDER BY o.number)
  FROM mynumber_link l JOIN mynumber_person p ON p.id = l.person_id
 WHERE upper_inf(l.recorded) ORDER BY l.business, l.number"""

# Which records say that rows of a table were added, in the words of the log: `row_keys` are ranges of ids.
_UNTOLD = """{table} t WHERE NOT EXISTS (SELECT FROM audit_write w WHERE w.table_name = '{table}'
                                            AND w.operation = 'INSERT' AND w.row_keys @> t.id::bigint)"""
TOLD_TABLES = ("staff_account", "staff_grant", "cases_application", "cases_decision",
               "cases_certificate", "documents_document")  # fmt: skip


class Vault(NamedTuple):
    """A vault without what is drawn: its persons, its numbers and versions, its keys, and what is left to settle."""

    persons: int
    versions: int
    distinct: int
    letters: int
    of_each: Rows
    keys: Rows
    conflicts: Rows


def vault_of(run: CityRun) -> Vault:
    """The vault of a run, told without keys, sealed numbers, unified numbers and moments."""
    return Vault(
        persons=_count(run, "count(*) FROM mynumber_person"),
        versions=_count(run, "count(*) FROM mynumber_number"),
        distinct=_count(run, "count(DISTINCT blind) FROM mynumber_number"),
        letters=_count(run, "count(*) FROM mynumber_inbox"),
        of_each=run.vault_rows(_OF_EACH),
        keys=run.vault_rows("SELECT purpose, state FROM mynumber_key ORDER BY 1, 2"),
        conflicts=run.vault_rows("SELECT kind, number, other, state FROM mynumber_conflict ORDER BY 1, 2, 3"),
    )


def _count(run: CityRun, what: str) -> int:
    return int(run.vault_rows(f"SELECT {what}")[0][0])


def assert_log_is_whole(run: CityRun) -> None:
    """The seal holds, whoever was printed was recorded as read for printing, and no row came unrecorded."""
    verified = run.kyufu("audit", "verify")
    assert verified.returncode == 0, verified.stderr
    assert "変更・欠落・差し込みはありません。" in verified.stdout
    assert printed_but_not_read(run) == []
    assert run.count("documents_document") > 100
    for table in TOLD_TABLES:
        assert run.count(table) > 0, table
        assert run.count(_UNTOLD.format(table=table)) == 0, table


def printed_but_not_read(run: CityRun) -> Rows:
    """Documents whose addressee is in no record of a reading to print that kind."""
    return run.rows(
        """SELECT d.kind, d.addressee_id FROM documents_document d WHERE NOT EXISTS (
               SELECT FROM audit_read r WHERE d.addressee_id = ANY (r.subjects)
                  AND EXISTS (SELECT FROM unnest(r.what) AS said WHERE said LIKE '%の印刷'))"""
    )

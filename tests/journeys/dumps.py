"""What two runs of the same city must agree in: every table, with its keys told by what they stand for.

Left out are surrogate keys, moments, and numbers drawn from a sequence: a killed transaction burns some of those. Left
out too is what is drawn by chance (hashes and secrets of the staff), what each sign-in adds, and the log, whose records
name moments and processes: tests/journeys/log_and_vault.py tells what runs must agree in there.
"""

from __future__ import annotations

import json
from typing import Any

from tests.journeys.city_run import CityRun

MOMENTS = {"at", "received_at", "finished_at", "recorded_at", "superseded_at", "judged_at", "gathered_at", "made_at",
           "printed_at", "snapshot", "xid", "asked_at", "confirmed_at", "set_at", "password_set_at", "created_at",
           "last_login", "last_used_at", "planned_at", "known_at", "approved_at", "effected_at"}  # fmt: skip
DRAWN = {"id", "uid", "password", "data", "folder", "sha256", "population_sha256", "base_hash", "size"}
OF_PERSONS = {"addressee_id", "child_id", "guardian_id", "merged_into_id", "into_id"}
OF_APPLICATIONS = {"application_id", "target_id"}
DRAWN_IN = {
    "cases_application": {"number"},
    "cases_recipient": {"number"},
    "cases_certificate": {"number"},
    # The digest is over all that the paper says, its number among it; the papers themselves are compared by `letters`.
    "documents_document": {"number", "subject_id", "file_id", "run_id", "content_digest"},
    "documents_print_exception": {"subject_id", "run_id"},
    "documents_print_file": {"run_id"},
}
SKIPPED = {"django_migrations", "django_session", "web_cache", "staff_session"}
LOG = "audit_"
KEPT_SHA256 = {"platform_feed_file"}

PERSONS = "SELECT id, addressee_no FROM registry_addressee"
APPLICATIONS = "SELECT id, source_no FROM cases_application"
FILES = "SELECT id, name FROM platform_feed_file"
DECISIONS = """SELECT d.id, a.source_no || '/' || rank() OVER (PARTITION BY d.application_id ORDER BY d.id)
    FROM cases_decision d JOIN cases_application a ON a.id = d.application_id"""
EVENTS = """SELECT e.id, concat_ws('/', a.addressee_no, e.history_no, e.revision) FROM registry_person_event e
    JOIN registry_addressee a ON a.id = e.addressee_id"""
ENTITLEMENTS = """SELECT e.id, a.addressee_no || lower(e.valid)::text FROM cases_entitlement e
    JOIN registry_addressee a ON a.id = e.child_id"""
CERTIFICATES = """SELECT c.id, a.source_no FROM cases_certificate c
    JOIN cases_application a ON a.id = c.application_id"""
ACCOUNTS = "SELECT id, staff_no FROM staff_account"
GRANTS = """SELECT g.id, concat_ws('/', a.staff_no, r.code) FROM staff_grant g
    JOIN staff_account a ON a.id = g.account_id JOIN staff_role r ON r.id = g.role_id"""
RENEWALS = """SELECT id, concat_ws('/', kind, "on") FROM renewal_renewal"""
STAFF = {"account": ACCOUNTS, "user": ACCOUNTS, "office": "SELECT id, code FROM staff_office",
         "parent": "SELECT id, code FROM staff_office"}  # fmt: skip
SUBJECTS = {
    "cases_application_transition": APPLICATIONS,
    "cases_certificate_transition": CERTIFICATES,
    "staff_account_transition": ACCOUNTS,
    "staff_grant_transition": GRANTS,
    "renewal_renewal_transition": RENEWALS,
}


def dump(run: CityRun) -> dict[str, list[str]]:
    """The rows of every table as texts that do not depend on the run, in an order of their own."""
    names = _names(run)
    return {
        table: sorted(
            json.dumps(_told(row, table=table, names=names), ensure_ascii=False, sort_keys=True)
            for (row,) in run.rows(f'SELECT to_jsonb(t) FROM "{table}" t')
        )
        for table in run.tables()
        if table not in SKIPPED and not table.startswith(LOG)
    }


def letters(run: CityRun) -> dict[str, list[tuple[str, str]]]:
    """The printed documents by kind: to whom and with which text, the numbers drawn from a sequence left out."""
    numbers = {row[0] for row in run.rows("SELECT number FROM cases_certificate")}
    numbers |= {row[0] for row in run.rows("SELECT number FROM cases_recipient")}
    numbers |= {row[0] for row in run.rows("SELECT number FROM cases_application")}
    return {
        kind: sorted((to, _without(numbers, text=text)) for to, text in run.page_of(kind=kind))
        for (kind,) in run.rows("SELECT DISTINCT kind FROM documents_document")
    }


def _without(numbers: set[str], *, text: str) -> str:
    for number in sorted(numbers, key=len, reverse=True):
        text = text.replace(number, "#")
    return text


def _names(run: CityRun) -> dict[str, dict[int, str]]:
    of = {"person": PERSONS, "application": APPLICATIONS, "file": FILES, "decision": DECISIONS, "event": EVENTS,
          "entitlement": ENTITLEMENTS, "renewal": RENEWALS, **STAFF, **SUBJECTS}  # fmt: skip
    return {what: dict(run.rows(query)) for what, query in of.items()}


def _told(row: dict[str, Any], *, table: str, names: dict[str, dict[int, str]]) -> dict[str, Any]:
    left_out = MOMENTS | DRAWN | DRAWN_IN.get(table, set())
    if table in KEPT_SHA256:
        left_out -= {"sha256"}
    return {
        column: _value(column, value=value, table=table, names=names)
        for column, value in row.items()
        if column not in left_out
    }


def _value(column: str, *, value: Any, table: str, names: dict[str, dict[int, str]]) -> Any:
    if value is None:
        return None
    if column == "recorded":
        return "held" if value.endswith(",)") else "superseded"
    if column == "subject_id":
        return names[table][value]
    what = _what(column)
    return names[what][value] if what else value


def _what(column: str) -> str | None:
    if column in OF_PERSONS:
        return "person"
    if column in OF_APPLICATIONS:
        return "application"
    found = column.removesuffix("_id")
    return (
        found
        if column.endswith("_id") and found in {"file", "decision", "event", "entitlement", "renewal", *STAFF}
        else None
    )

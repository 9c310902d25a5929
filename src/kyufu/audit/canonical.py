"""The one serialisation of a record that its digest is made of (described in docs/explanation/audit.md).

Every column in the order of the table, each as `length:text` with the length in bytes of UTF-8, NULL as `-`, after
the name of the table. Instants are microseconds since 1970, lists of numbers are joined by commas, lists of texts are
JSON, the rest is as PostgreSQL prints it. The database computes it with its own functions from an expression that
stands here, not from a function of the schema that could be replaced.
"""

from __future__ import annotations

from collections.abc import Iterable

_WHO = (
    "reference", "actor_id", "actor_name", "actor_office", "terminal", "channel", "screen", "purpose", "case_no",
)  # fmt: skip
_ORIGIN = ("db_user", "db_application", "xid", "cluster")
COLUMNS = {
    "audit_read": ("id", "at", *_WHO, "what", "subjects", *_ORIGIN),
    "audit_write": (
        "id", "at", *_WHO, "table_name", "operation", "row_count", "row_keys", "row_names", "subjects",
        "subject_ranges", "changed", "old_values", "new_values", *_ORIGIN,
    ),
    "audit_event": ("id", "at", *_WHO, "kind", "detail", "subjects", *_ORIGIN),
}  # fmt: skip
_INSTANTS = frozenset({"at"})
_NUMBERS = frozenset({"subjects"})
_TEXTS = frozenset({"what", "row_names", "changed"})
DIGEST_BYTES = 32


def digest_expression(stream: str) -> str:
    """The SQL expression of a record's SHA-256 over its canonical form."""
    fields = ", ".join(_field(_text(column)) for column in COLUMNS[stream])
    return f"sha256(convert_to(concat('{stream}', {fields}), 'UTF8'))"


def joined_fields(fields: Iterable[str | None]) -> bytes:
    """The same form of texts, for what is hashed outside the database."""
    return "".join("-" if one is None else f"{len(one.encode())}:{one}" for one in fields).encode()


def _field(text: str) -> str:
    return f"coalesce(octet_length({text}) || ':' || {text}, '-')"


def _text(column: str) -> str:
    if column in _INSTANTS:
        return f"((extract(epoch FROM {column}) * 1000000)::bigint)::text"
    if column in _NUMBERS:
        return f"array_to_string({column}, ',')"
    if column in _TEXTS:
        return f"to_json({column})::text"
    return f"{column}::text"

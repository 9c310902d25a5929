"""The roles of roles.toml: read, checked and made the content of the role tables."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from kyufu.staff.functions import Function, Level
from kyufu.staff.models import Role, RoleRight
from kyufu.staff.policy import PolicyError

FILE = Path(__file__).with_name("roles.toml")
CONTRACTOR = "contractor"
RIGHTS_ADMINISTRATOR = "rights"


@dataclass(frozen=True, slots=True)
class RoleEntry:
    """One version of a role: in force from `start` until the day before `end` (None: open)."""

    code: str
    name: str
    start: date
    end: date | None
    rights: tuple[tuple[Function, Level], ...]
    source: str
    certainty: str


def read_roles(path: Path = FILE) -> tuple[RoleEntry, ...]:
    """The roles of a file; raises PolicyError for an unknown function or level, or versions that overlap."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["role"]
    entries = tuple(
        RoleEntry(
            code=row["code"],
            name=row["name"],
            start=row["from"],
            end=row.get("to"),
            rights=_rights(row["rights"], code=row["code"]),
            source=row["source"],
            certainty=row["certainty"],
        )
        for row in rows
    )
    _refuse_overlaps(entries)
    return entries


def seed_roles(*, using: str = DEFAULT_DB_ALIAS) -> None:
    """Make the role tables say what roles.toml says; run after every migration, changes nothing the second time."""
    entries = read_roles()
    with transaction.atomic(using=using):
        ids = {entry.code: _seed_role(entry, using=using) for entry in entries}
        wanted = {
            (ids[entry.code], str(function), int(level), DateRange(entry.start, entry.end))
            for entry in entries
            for function, level in entry.rights
        }
        rights = RoleRight.objects.using(using)
        held = {(right.role_id, right.function, right.level, right.valid): right.pk for right in rights.all()}
        rights.filter(pk__in=[pk for row, pk in held.items() if row not in wanted]).delete()
        rights.bulk_create(
            RoleRight(role_id=role, function=function, level=level, valid=valid)
            for role, function, level, valid in sorted(wanted - held.keys(), key=str)
        )


def _seed_role(entry: RoleEntry, *, using: str) -> int:
    role, _ = Role.objects.using(using).get_or_create(code=entry.code, defaults={"name": entry.name})
    if role.name != entry.name:
        Role.objects.using(using).filter(pk=role.pk).update(name=entry.name)
    return int(role.pk)


def _rights(row: dict[str, str], *, code: str) -> tuple[tuple[Function, Level], ...]:
    try:
        return tuple((Function(function), Level[level.upper()]) for function, level in row.items())
    except (KeyError, ValueError) as error:
        raise PolicyError(f"roles.toml の {code}: {error} は機能か区分にありません。") from None


def _refuse_overlaps(entries: Sequence[RoleEntry]) -> None:
    latest: dict[str, date | None] = {}
    for entry in sorted(entries, key=lambda entry: (entry.code, entry.start)):
        before = latest.get(entry.code, date.min)
        if before is None or entry.start < before:
            raise PolicyError(f"roles.toml の {entry.code}: 版の期間が重なっています。")
        latest[entry.code] = entry.end

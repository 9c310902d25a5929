"""Reads: the changes in force, what is proposed, the history of one value, and the latest estimate."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from kyufu.law.calendar.period import Period, intersect
from kyufu.law.child import check_overlay, list_parameters
from kyufu.law.parameters.entries import Certainty, Entry, ParameterError, Plain
from kyufu.law.parameters.overlay import Change, Overlay
from kyufu.law.parameters.wording import names_of, say_column, say_name, say_period, say_value
from kyufu.ordinance.models import DONE
from kyufu.ordinance.models import Change as Row
from kyufu.ordinance.models import Estimate as EstimateRow
from kyufu.ordinance.wishes import PROPOSED_ORIGIN, Place
from kyufu.platform.actors import Actor
from kyufu.platform.errors import Refused
from kyufu.staff import api as staff
from kyufu.staff.api import ProposalKind, Proposed

MUNICIPALITY, REASON, CHANGES = "自治体", "変更の理由", "照合用の内容"
# The name under which a run in the background is told which proposal it is about.
PROPOSAL = "proposal"
CONFIRMED_ORIGIN = "承認した変更 第{}号"


class Line(NamedTuple):
    """One change as both persons see it: `old` are the values that it replaces, each with its days."""

    place: Place
    name: str
    old: tuple[tuple[Period, str], ...]
    new: str
    period: Period
    source: str
    certainty: Certainty

    def __str__(self) -> str:
        old = "、".join(f"{value}{say_period(period)}" for period, value in self.old)
        return f"{self.name}：{old} → {self.new}{say_period(self.period)}（{self.certainty.label}。{self.source}）"


class ChangeSet(NamedTuple):
    """A proposal to change parameters: the changes, what they replace now, and the versions before and after.

    `misfit` says why it cannot be laid over what was confirmed meanwhile, and then there is no version after; where it
    can, it is empty.
    """

    proposed: Proposed
    municipality: str
    reason: str
    changes: tuple[Change, ...]
    lines: tuple[Line, ...]
    before: Overlay
    version_before: str
    version_after: str
    misfit: str = ""

    def in_force_on(self, day: date) -> tuple[Line, ...]:
        """The lines that hold on a day."""
        return tuple(line for line in self.lines if day in line.period)

    @property
    def after(self) -> Overlay:
        """What would be in force once it is confirmed."""
        return self.before.and_then(self.changes)


class ChangeRow(NamedTuple):
    """One confirmed change of a value, with who proposed and who confirmed it."""

    number: int
    name: str
    value: str
    period: Period
    source: str
    certainty: Certainty
    reason: str
    proposed_by: Actor
    proposed_at: datetime
    confirmed_by: Actor
    confirmed_at: datetime


class EstimateSeen(NamedTuple):
    """An estimate as stored; `is_present`: it speaks of the versions that are in question now."""

    state: str
    judged_on: date
    begun_at: datetime
    ended_at: datetime | None
    base_hash: str
    counts: dict[str, Any]
    gaining: tuple[int, ...]
    losing: tuple[int, ...]
    is_present: bool


def confirmed_overlay(municipality: str) -> Overlay:
    """The confirmed changes of a municipality in the order of their confirmation: what every judgement lays over."""
    rows = Row.objects.filter(municipality=municipality).order_by("id")
    return Overlay(tuple(_change_of(row) for row in rows))


def present_entries(municipality: str) -> tuple[Entry, ...]:
    """Every dated value with the confirmed changes laid over, least certain first."""
    return list_parameters(municipality, overlay=confirmed_overlay(municipality))


def lines_of(changes: Sequence[Change], *, municipality: str, before: Overlay) -> tuple[Line, ...]:
    """The changes in words, beside the values that they replace."""
    entries = list_parameters(municipality, overlay=before)
    names = names_of(entries)
    return tuple(_line(change, entries=entries, names=names) for change in changes)


def _line(change: Change, *, entries: Sequence[Entry], names: dict[str, str]) -> Line:
    place = Place(*change[:4])
    rows = sorted(
        (one for one in entries if (one.file, one.table, one.key) == place[:3]),
        key=lambda one: one.period.start,
    )
    old = [
        (shared, say_column(one, column=place.column, names=names))
        for one in rows
        if (shared := intersect(one.period, change.period)) is not None
    ]
    row = rows[-1]
    return Line(
        place=place,
        name=say_name(row, column=place.column),
        old=tuple(old),
        new=say_value(change.value, entry=row, column=place.column, names=names),
        period=change.period,
        source=change.source,
        certainty=change.certainty,
    )


def content_of(
    changes: Sequence[Change], *, municipality: str, reason: str, before: Overlay
) -> dict[str, str | int | bool | None]:
    """What the first person proposes and the second confirms: every line in words, and the changes themselves."""
    lines = lines_of(changes, municipality=municipality, before=before)
    told = {f"変更{number}": str(line) for number, line in enumerate(lines, start=1)}
    kept = json.dumps([_kept(change) for change in changes], ensure_ascii=False, separators=(",", ":"))
    return {MUNICIPALITY: municipality, REASON: reason, **told, CHANGES: kept}


def find_change_set(proposal_id: int, *, at: datetime) -> ChangeSet | None:
    """The change of parameters that a proposal asks for, where it waits; None for another kind or none."""
    proposed = staff.find_proposal(proposal_id, at=at)
    if proposed is None or proposed.kind is not ProposalKind.PARAMETERS:
        return None
    return _change_set(proposed)


def open_change_sets(*, at: datetime) -> tuple[ChangeSet, ...]:
    """What waits for a second person, oldest first."""
    return tuple(map(_change_set, staff.open_proposals(at=at, kind=ProposalKind.PARAMETERS)))


def _change_set(proposed: Proposed) -> ChangeSet:
    municipality = str(proposed.content[MUNICIPALITY])
    changes = tuple(map(_unkept, json.loads(str(proposed.content[CHANGES]))))
    before = confirmed_overlay(municipality)
    after, misfit = "", ""
    try:
        after = check_overlay(municipality, overlay=before.and_then(changes))
    except ParameterError as error:
        misfit = error.reason
    return ChangeSet(
        proposed, municipality, str(proposed.content[REASON]), changes,
        lines_of(changes, municipality=municipality, before=before), before,
        check_overlay(municipality, overlay=before), after, misfit,
    )  # fmt: skip


def refuse_misfit(change_set: ChangeSet) -> None:
    """Raise Refused where the change no longer fits what was confirmed since it was proposed."""
    if change_set.misfit:
        raise Refused(
            f"申し出の後に基準値が変わり、この変更は当てはまらなくなりました（{change_set.misfit}）。",
            remedy="申し出を取り下げ、今の値をもとに申し出直してください。",
        )


def history_of(place: Place, *, municipality: str) -> tuple[ChangeRow, ...]:
    """The confirmed changes of one value, the latest first."""
    rows = list(
        Row.objects.filter(
            municipality=municipality, file=place.file, table_name=place.table, key=place.key,
            column_name=place.column,
        ).order_by("-id")
    )  # fmt: skip
    if not rows:
        return ()
    lines = lines_of([_change_of(row) for row in rows], municipality=municipality, before=Overlay(()))
    return tuple(_history(row, line=line) for row, line in zip(rows, lines, strict=True))


def latest_estimate(change_set: ChangeSet) -> EstimateSeen | None:
    """The latest estimate of a proposal; None where there is none yet."""
    row = EstimateRow.objects.filter(proposal_id=change_set.proposed.proposal_id).order_by("-id").first()
    if row is None:
        return None
    versions = (row.version_before, row.version_after)
    return EstimateSeen(
        row.state, row.judged_on, row.begun_at, row.ended_at, row.base_hash, row.counts or {},
        tuple(row.gaining), tuple(row.losing),
        row.state == DONE and versions == (change_set.version_before, change_set.version_after),
    )  # fmt: skip


def _history(row: Row, *, line: Line) -> ChangeRow:
    return ChangeRow(
        row.proposal_id, line.name, line.new, line.period, row.source, Certainty(row.certainty), row.reason,
        Actor(row.proposed_by_id, row.proposed_by_name, row.proposed_by_office), row.proposed_at,
        Actor(row.confirmed_by_id, row.confirmed_by_name, row.confirmed_by_office), row.confirmed_at,
    )  # fmt: skip


def _change_of(row: Row) -> Change:
    values: list[Plain | None] = [row.number_value, row.text_value, row.flag_value]
    value = next(one for one in values if one is not None)
    place = (row.file, row.table_name, row.key, row.column_name)
    period = Period(row.valid.lower, row.valid.upper)
    origin = CONFIRMED_ORIGIN.format(row.proposal_id)
    return Change(*place, value, period, row.source, Certainty(row.certainty), origin)


def _kept(change: Change) -> list[Any]:
    start, end = change.period
    last = None if end is None else end.isoformat()
    return [*change[:5], start.isoformat(), last, change.source, str(change.certainty)]


def _unkept(kept: Sequence[Any]) -> Change:
    file, table, key, column, value, start, end, source, certainty = kept
    period = Period(date.fromisoformat(start), None if end is None else date.fromisoformat(end))
    return Change(file, table, key, column, value, period, source, Certainty(certainty), PROPOSED_ORIGIN)

"""Differences of what was told from register and evidence: found in sets, listed, and due for a letter."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from kyufu.audit.api import note_read, notes_streamed
from kyufu.cases.mismatch_kinds import LISTS, TELLS, Compared, MismatchFound, MismatchKind, Told
from kyufu.cases.queries import asked_of, fetch
from kyufu.cases.staleness import CHANGED_AFTER
from kyufu.cases.states import OPEN_STATES, ApplicationState
from kyufu.evidence import api as evidence
from kyufu.evidence.api import Moment
from kyufu.platform.errors import BadInput
from kyufu.registry import api as registry
from kyufu.registry.api import Pair

LISTED = "届出の内容と住民記録・医療保険の食い違い"
URGED = "届出の勧奨の対象"
WHOSE = "食い違いの対象者"
CHUNK = 5_000
# Everybody who could differ: the entitled, and those whose difference is open.
EVERYBODY = """SELECT child_id FROM cases_entitlement WHERE superseded_at IS NULL
    UNION SELECT child_id FROM cases_mismatch WHERE state = 'open'"""
# An approved application tells from its first approved decision on; what was judged later about it tells nothing new.
_FIRST = """(SELECT min(rd.id) FROM cases_decision rd JOIN cases_approval rp ON rp.decision_id = rd.id
    WHERE rd.application_id = r.id AND rd.principal_id IS NULL AND rd.outcome = 'eligible')"""
_LOST = """coalesce((SELECT x.event = 'lost' FROM cases_entitlement_change x WHERE x.child_id = {child}
    ORDER BY x.id DESC LIMIT 1), false)"""
_ITEMS = ", ".join(
    f"('{item}', ARRAY[{', '.join(repr(str(one)) for one in tells)}])" for item, tells in TELLS.items()
)
_STANDING = f"""
asked (child_id) AS ({{among}}),
told AS MATERIALIZED (
  SELECT r.child_id, r.id AS application_id, r.kind, r.matter, min(d.id) AS decision_id
    FROM asked JOIN cases_application r ON r.child_id = asked.child_id
         JOIN cases_decision d ON d.application_id = r.id AND d.principal_id IS NULL AND d.outcome = 'eligible'
         JOIN cases_approval p ON p.decision_id = d.id
   WHERE r.kind IN ('new', 'change') AND r.state <> 'withdrawn' GROUP BY r.id),
standing AS MATERIALIZED (
  SELECT DISTINCT ON (t.child_id) t.child_id, t.application_id, g.addressee_id AS guardian_id
    FROM told t JOIN cases_application_guardian g ON g.application_id = t.application_id AND g.position = 1
   WHERE NOT {_LOST.format(child="t.child_id")}
   ORDER BY t.child_id, t.decision_id DESC)"""
# Whose facts did not change since have nothing to compare: most of a city.
_CANDIDATES = f"""
WITH {_STANDING},
changed AS MATERIALIZED (SELECT DISTINCT addressee_id FROM platform_change),
affected AS (
  SELECT s.* FROM standing s WHERE s.child_id IN (SELECT addressee_id FROM changed)
      OR s.guardian_id IN (SELECT addressee_id FROM changed)),
last AS (
  SELECT DISTINCT ON (s.child_id, i.item) s.child_id, s.guardian_id, s.application_id, i.item, t.decision_id
    FROM affected s JOIN told t ON t.child_id = s.child_id
         CROSS JOIN (VALUES {_ITEMS}) AS i (item, matters)
   WHERE t.kind = 'new' OR t.matter = ANY(i.matters)
   ORDER BY s.child_id, i.item, t.decision_id DESC)
SELECT l.child_id, l.guardian_id, l.application_id, l.item, l.decision_id, d.gathered_at
  FROM last l JOIN cases_decision d ON d.id = l.decision_id
 WHERE EXISTS (SELECT FROM platform_change c WHERE c.addressee_id IN (l.child_id, l.guardian_id) AND {CHANGED_AFTER})
 ORDER BY l.child_id, l.item
"""
_COMPARED_COUNT = f"WITH {_STANDING} SELECT count(*) FROM standing"
_REPORTS = ", ".join(f"('{kind}', '{matter}')" for kind in MismatchKind for matter in TELLS[kind.item])
_IS_ABOUT = f"r.kind = 'change' AND (m.kind, r.matter) IN (VALUES {_REPORTS})"
# A report that was decided since has told it; a lost entitlement needs no report any more.
_STANDS = f"""NOT EXISTS (SELECT FROM cases_application r WHERE r.child_id = m.child_id AND r.state <> 'withdrawn'
         AND (r.kind = 'new' OR {_IS_ABOUT}) AND {_FIRST} > m.decision_id)
   AND NOT {_LOST.format(child="m.child_id")}"""
_UNDER_WAY = ", ".join(f"'{state}'" for state in sorted(map(str, OPEN_STATES - {ApplicationState.APPROVED})))
_IS_REPORTED = f"""EXISTS (SELECT FROM cases_application r WHERE r.child_id = m.child_id
    AND r.state IN ({_UNDER_WAY}) AND {_IS_ABOUT})"""
# The letter for an application on hold asks for the same papers.
_IS_ASKED = "EXISTS (SELECT FROM cases_application u WHERE u.child_id = m.child_id AND u.state = 'undecided')"
OPEN_ONES = f"m.state = 'open' AND {_STANDS}"
TO_URGE = f"{OPEN_ONES} AND NOT {_IS_REPORTED} AND NOT {_IS_ASKED}"
_IN_WARDS = "(%(wards)s::text[] IS NULL OR a.ward_code = ANY(%(wards)s))"
_SEEN = f"""
SELECT m.id, m.child_id, m.guardian_id, a.id, a.number, a.ward_code, m.kind, m.since, m.found_at, m.state,
       {_STANDS}, {_IS_REPORTED}, {_IS_ASKED}
  FROM cases_mismatch m JOIN cases_application a ON a.id = m.application_id
"""
_TO_URGE = f"""
SELECT m.id, a.id, a.number, m.decision_id, m.child_id, m.guardian_id, m.kind, m.since, d.municipality, m.mark
  FROM cases_mismatch m JOIN cases_application a ON a.id = m.application_id
       JOIN cases_decision d ON d.id = m.decision_id
 WHERE {TO_URGE} AND {{asked}} ORDER BY m.id
"""


class _ToldItem(NamedTuple):
    """An item of a child that could differ: the decision that told it last, and when its facts were read."""

    child_id: int
    guardian_id: int
    application_id: int
    item: Told
    decision_id: int
    known_at: datetime

    @property
    def pair(self) -> Pair:
        """What the register is asked."""
        return Pair(self.child_id, self.guardian_id, self.known_at)

    @property
    def moment(self) -> Moment:
        """What evidence is asked."""
        return Moment(self.child_id, self.known_at)


class MismatchSeen(NamedTuple):
    """A difference as lists show it; `is_reported`: a report is under way; `is_asked`: papers are asked for already."""

    mismatch_id: int
    child_id: int
    guardian_id: int
    application_id: int
    number: str
    ward_code: str
    kind: MismatchKind
    since: date
    found_at: datetime
    state: str
    stands: bool
    is_reported: bool
    is_asked: bool


class MismatchTotal(NamedTuple):
    """How many differences of a kind are open."""

    kind: MismatchKind
    total: int


class UrgingRow(NamedTuple):
    """A difference that a letter urges to report (届出の勧奨)."""

    mismatch_id: int
    application_id: int
    application_no: str
    decision_id: int
    child_id: int
    guardian_id: int
    kind: MismatchKind
    since: date
    municipality: str


def find_mismatches(among: str, *, values: dict[str, Any] | None = None) -> list[MismatchFound]:
    """The differences of the children that an SQL select gives, as they stand now, by kind."""
    found: list[MismatchFound] = []
    rows = fetch(_CANDIDATES.format(among=among), values or {})
    for at in range(0, len(rows), CHUNK):
        compared = _compared(rows[at : at + CHUNK])
        found.extend(one for differs in LISTS.values() for one in differs(compared))
    return found


def count_compared(among: str, *, values: dict[str, Any] | None = None) -> int:
    """How many of the children have something told to compare."""
    return int(fetch(_COMPARED_COUNT.format(among=among), values or {})[0][0])


def mismatches_in(
    wards: Collection[str] | None, *, kind: MismatchKind | None, limit: int, after: int
) -> tuple[MismatchSeen, ...]:
    """The open differences of the wards, of a kind where one is given, in the order in which they came up."""
    rows = fetch(
        f"""{_SEEN} WHERE m.id > %(after)s AND {OPEN_ONES} AND {_IN_WARDS}
             AND (%(kind)s::text IS NULL OR m.kind = %(kind)s) ORDER BY m.id LIMIT %(limit)s""",
        {"wards": _listed(wards), "kind": kind, "after": after, "limit": limit},
    )
    return _seen(rows)


def mismatches_among(select: str, *, limit: int, after: int) -> tuple[MismatchSeen, ...]:
    """Those that an SQL select of the calling module gives, settled or not, after an id."""
    rows = fetch(
        f"{_SEEN} WHERE m.id IN ({select}) AND m.id > %(after)s ORDER BY m.id LIMIT %(limit)s",
        {"after": after, "limit": limit},
    )
    return _seen(rows)


def mismatch_counts(wards: Collection[str] | None) -> tuple[MismatchTotal, ...]:
    """How many are open, by kind; names nobody."""
    rows = dict(
        fetch(
            f"""SELECT m.kind, count(*) FROM cases_mismatch m JOIN cases_application a ON a.id = m.application_id
                 WHERE {OPEN_ONES} AND {_IN_WARDS} GROUP BY 1""",
            {"wards": _listed(wards)},
        )
    )
    return tuple(MismatchTotal(kind, rows[kind]) for kind in MismatchKind if kind in rows)


def mismatch_counts_among(select: str) -> tuple[MismatchTotal, ...]:
    """How many an SQL select of the calling module gives, settled or not, by kind; names nobody."""
    rows = dict(
        fetch(f"SELECT m.kind, count(*) FROM cases_mismatch m WHERE m.id IN ({select}) GROUP BY 1", {})
    )
    return tuple(MismatchTotal(kind, rows[kind]) for kind in MismatchKind if kind in rows)


def urgings_of(select: str) -> str:
    """The SQL select of those among a select of the calling module for which a letter is due, printed or not."""
    return f"SELECT m.id FROM cases_mismatch m WHERE m.id IN ({select}) AND {TO_URGE}"


def _mismatches_to_urge(
    *, only: int | None = None, but: str | None = None, among: str | None = None
) -> Iterator[UrgingRow]:
    """Differences for which a letter is due and that hold true now; `only`, `but` and `among` as for certificates.

    None while a report about it is under way, or while papers of a case on hold are asked for.
    """
    rows = fetch(_TO_URGE.format(asked=asked_of("m.id", but=but, among=among)), {"only": only})
    children = sorted({row[4] for row in rows})
    holding = {
        one.key
        for one in find_mismatches("SELECT unnest(%(children)s::bigint[])", values={"children": children})
    }
    due = [row for row in rows if (row[4], row[6], row[3], row[9]) in holding]
    for row in due:
        yield UrgingRow._make((*row[:6], MismatchKind(row[6]), *row[7:9]))


def person_of_mismatch(mismatch_id: int) -> int:
    """Which child a difference is about; raises BadInput where there is none."""
    rows = fetch("SELECT child_id FROM cases_mismatch WHERE id = %(id)s", {"id": mismatch_id})
    if not rows:
        raise BadInput("その食い違いはありません。", remedy="一覧から選び直してください。")
    note_read((rows[0][0],), what=WHOSE)
    return int(rows[0][0])


def _compared(rows: Iterable[tuple[Any, ...]]) -> list[Compared]:
    """The items of candidates with what changed since each was told; each pair is asked once."""
    told = [_ToldItem._make((*row[:3], Told(row[3]), *row[4:])) for row in rows]
    pairs = list(dict.fromkeys(one.pair for one in told))
    register = dict(zip(pairs, registry.register_compared(pairs), strict=True))
    moments = list(dict.fromkeys(one.moment for one in told if one.item is Told.INSURANCE))
    insurance = dict(zip(moments, evidence.insurance_compared(moments), strict=True))
    return [
        Compared(
            one.child_id,
            one.guardian_id,
            one.application_id,
            one.item,
            one.decision_id,
            register[one.pair],
            insurance.get(one.moment, evidence.InsuranceCompared()),
        )
        for one in told
    ]


def _seen(rows: Iterable[tuple[Any, ...]]) -> tuple[MismatchSeen, ...]:
    found = tuple(MismatchSeen._make((*row[:6], MismatchKind(row[6]), *row[7:])) for row in rows)
    note_read({person for one in found for person in (one.child_id, one.guardian_id)}, what=LISTED)
    return found


def _listed(wards: Collection[str] | None) -> list[str] | None:
    return None if wards is None else sorted(wards)


mismatches_to_urge = notes_streamed(
    _mismatches_to_urge, what=URGED, whose=lambda row: (row.child_id, row.guardian_id)
)

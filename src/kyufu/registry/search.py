"""The search of persons: one statement, which reads an index from the first hit on and stops when the list is full.

Where an address is asked for, the protected (支援措置) and their households are left out within the statement, before
anything is counted or cut off, so that no trying of addresses tells anything of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from kyufu.notation.text import search_key
from kyufu.registry.queries import PERSON_COLUMNS, Row, view_of
from kyufu.registry.sheltered import SHELTERS
from kyufu.registry.sought import Sought, read_box
from kyufu.registry.views import Found, Match, SearchHit

# More than a clerk reads before adding a criterion: in ten lines or twenty people are told apart, in a hundred not.
SEARCH_LIMIT = 50
# Similar readings are looked for unasked where no more than so many persons bear the very one.
FEW = 5
NEAR_LIMIT = 30
# Records of one person lie side by side in an index: so many of them are read for a full list.
_WINDOW = 3 * SEARCH_LIMIT // 2
_NEAR_WINDOW = 2 * NEAR_LIMIT
_ALWAYS = 10**9
_KEYS = ("kana_key", "name_key", "alias_key")
_WRITTEN = ("name_key", "alias_key")

_NAMED = """e.addressee_id IN (
  SELECT coalesce(n.merged_into_id, n.id) FROM registry_addressee n
   WHERE n.addressee_no = ANY(%(numbers)s) OR n.id = ANY(%(persons)s::bigint[]))"""
# As a scalar it is asked of one candidate after the other, and never worked out for the whole city.
_NOT_SHELTERED = f"NOT (SELECT {SHELTERS.format(person='e.addressee_id')})"
_LIVES_AT = f"e.status = '1' AND e.address_key <> '' AND e.address_key LIKE %(address)s AND {_NOT_SHELTERED}"
_SOUNDS = "e.sound_key <> '' AND e.sound_key LIKE %(sound)s"
_SPELT_OTHERWISE = ("e.kana_key ~<~ %(reading)s", "e.kana_key ~>=~ %(behind_reading)s")

# Twins of the household; nothing is told of a household that must not be known.
_HAS_TWIN = """
EXISTS (
  SELECT FROM registry_person_event t
         JOIN registry_person_version w ON w.event_id = t.id AND w.addressee_id = t.addressee_id
              AND upper_inf(w.recorded) AND upper_inf(w.valid)
   WHERE t.household_no <> '' AND t.household_no = e.household_no AND t.birth_date = e.birth_date
     AND t.status = '1' AND t.addressee_id <> e.addressee_id)"""
_COLUMNS = PERSON_COLUMNS.replace("a.addressee_no", "e.addressee_no").replace("a.kind", "e.addressee_kind")
_LISTED = f"""
SELECT e.person, {_COLUMNS}, e.is_near, e.kana_key, e.is_own, {{matches}},
       (SELECT {SHELTERS.format(person="e.person")}), {_HAS_TWIN}, e.in_ward, (SELECT it FROM is_cut)
  FROM listed e ORDER BY e.is_near, e.kana_key USING ~<~, e.birth_date, e.addressee_no
"""
_PAGE = """
(SELECT {source}.person, a.addressee_no, a.kind AS addressee_kind, e.*, {source}.is_own,
        {is_near} AS is_near, {in_ward} AS in_ward
   FROM {source} JOIN registry_addressee a ON a.id = {source}.person
        JOIN registry_person_version v ON v.addressee_id = {source}.person
             AND upper_inf(v.recorded) AND upper_inf(v.valid)
        JOIN registry_person_event e ON e.id = v.event_id{at}
  ORDER BY e.kana_key USING ~<~, e.birth_date, a.addressee_no LIMIT {limit})"""
# What is seen of an index is cut off before anything is joined: of the join the planner knows too little to stop early.
_SEEN = """
{seen} (way, event, id, is_present) AS MATERIALIZED ({ways}),
{persons} (person, is_own) AS MATERIALIZED (
  SELECT coalesce(a.merged_into_id, a.id), bool_or(a.merged_into_id IS NULL)
    FROM {seen} s JOIN registry_person_version v ON v.addressee_id = s.id AND v.event_id = s.event
              AND upper_inf(v.recorded) AND (upper_inf(v.valid) OR NOT s.is_present)
         JOIN registry_addressee a ON a.id = s.id AND (a.merged_into_id IS NULL OR NOT s.is_present)
   {but} GROUP BY 1),"""
# Is the list of the city cut off? Only then are those of the wards looked for.
_IS_CUT = """
is_cut (it) AS MATERIALIZED (
  SELECT (SELECT count(*) FROM hit) > %(limit)s
         OR EXISTS (SELECT FROM seen GROUP BY way HAVING count(*) >= %(window)s)),"""
_WARD_SEEN = _SEEN.format(seen="ward_seen", persons="ward_hit", ways="{ward_ways}", but="")
_WARD_PAGE = "UNION ALL" + _PAGE.format(
    source="ward_hit", is_near="false", in_ward="true", at=" AND e.ward_code = ANY(%(wards)s)",
    limit="%(limit)s",
)  # fmt: skip
_LIST = f"""
WITH {_SEEN.format(seen="seen", persons="hit", ways="{ways}", but="")}{_IS_CUT}{{ward_seen}}
{
    _SEEN.format(
        seen="near_seen",
        persons="near",
        ways="{near_ways}",
        but="WHERE coalesce(a.merged_into_id, a.id) NOT IN (SELECT person FROM hit)",
    )
}
listed AS MATERIALIZED (
  {_PAGE.format(source="hit", is_near="false", in_ward="false", at="", limit="%(limit)s + 1")} {{ward_page}}
  UNION ALL {_PAGE.format(source="near", is_near="true", in_ward="false", at="", limit=NEAR_LIMIT)})
"""
_NOBODY = "SELECT 0, e.id, e.addressee_id, false FROM registry_person_event e WHERE false"


class _Way(NamedTuple):
    """One way to find persons: what must hold of the event `e`, the column in whose order an index is read, whether
    the event must be the present one, and whether the order is kept whatever must hold.
    """

    conditions: tuple[str, ...]
    order: str
    is_present: bool
    is_ordered: bool = False

    @property
    def in_order(self) -> bool:
        """Is the index read in its order? One condition is; several are better left to the planner, who may join."""
        alone = [one for one in self.conditions if "%(few)s" not in one and one not in _SPELT_OTHERWISE]
        return self.is_ordered or (bool(self.order) and len(alone) == 1)


def search_people(text: str, *, today: date) -> list[SearchHit]:
    """Persons found by what was typed into the one box: a number, a day of birth, a name, reading or address.

    At most 50. By an address never the protected or their households.
    """
    return list(find_people(read_box(text), today=today).hits)


def find_people(sought: Sought, *, today: date, wards: Collection[str] | None = None) -> Found:
    """Persons of whom all that is sought holds, at most 50, and those whose reading sounds alike, at most 30.

    With an address in it, alone or beside anything else, never the protected (today or later) or their households.
    Where no name begins with the text of a search for nothing else, an address may. Where the list of the whole city
    is cut off, up to 50 who live in `wards` (6-digit codes) are listed with its beginning; of the protected nobody.
    """
    found = _found(sought, today=today, wards=wards)
    bare = Sought(text=sought.text, near=sought.near)
    if found.hits or found.near or sought.reading or not sought.text or sought != bare:
        return found
    return replace(_found(Sought(address=sought.text), today=today, wards=wards), by_address=True)


def _found(sought: Sought, *, today: date, wards: Collection[str] | None) -> Found:
    ways = list(_ways(sought))
    if sought.is_empty or not ways:
        return Found(())
    of_wards = [] if sought.by_number or not wards else [_in_wards(way) for way in ways]
    statement = _LIST.format(
        ways=_union(ways, window=_WINDOW),
        near_ways=_union(_near_ways(sought), window=_NEAR_WINDOW),
        ward_seen=_WARD_SEEN.format(ward_ways=_union(of_wards, window=_WINDOW)) if of_wards else "",
        ward_page=_WARD_PAGE if of_wards else "",
    ) + _LISTED.format(matches=_matches(sought))
    with connection.cursor() as cursor:
        cursor.execute(statement, {**_values(sought, today=today), "wards": list(wards or ())})
        rows = cursor.fetchall()
    of_city = [row for row in rows if not row[_NEAR] and not row[_IN_WARD]]
    has_more = len(of_city) > SEARCH_LIMIT or any(row[-1] for row in rows)
    # The beginning of the city's list and the wards' are one list; who stands in both stands in it once.
    first = {row[0]: row for row in (*of_city[:SEARCH_LIMIT], *(row for row in rows if row[_IN_WARD]))}
    listed = [row for row in rows if row[0] in first and first[row[0]] is row]
    hits = _told_apart([_hit(row) for row in listed])
    near = _told_apart([_hit(row) for row in rows if row[_NEAR]])
    return Found(tuple(hits), tuple(near), has_more)


# Where what is added to the columns of a person stands in a row.
_NEAR, _KANA_KEY, _OWN, _MATCHES, _SHELTERED, _TWIN, _IN_WARD = range(-8, -1)


def _in_wards(way: _Way) -> _Way:
    """The way to those of the wards. Without the protected: whether they are among them would tell where they live."""
    there = ("e.ward_code = ANY(%(wards)s)", "(SELECT it FROM is_cut)", _NOT_SHELTERED)
    conditions = dict.fromkeys((*way.conditions, *there))
    return way._replace(conditions=tuple(conditions), is_ordered=way.in_order)


def _values(sought: Sought, *, today: date) -> dict[str, Any]:
    reading = sought.reading
    return {
        "text": like_prefix(search_key(sought.text)),
        "kana": like_prefix(search_key(sought.kana)),
        "alias": like_prefix(search_key(sought.alias)),
        "address": like_prefix(sought.address_key),
        "sound": like_prefix(sought.sound),
        "reading": reading,
        "behind_reading": reading[:-1] + chr(ord(reading[-1]) + 1) if reading else "",
        "born": sought.birth_date,
        "or_born": sought.or_born,
        "numbers": sought.numbers,
        "persons": list(sought.persons),
        "few": _ALWAYS if sought.near else FEW,
        "since": today,
        "limit": SEARCH_LIMIT,
        "window": _WINDOW,
    }


def _ways(sought: Sought) -> Iterator[_Way]:
    """The ways to whoever is sought: one for each column that may hold what was typed."""
    rest = tuple(_conditions(sought))
    if sought.address:
        rest = (*rest, _LIVES_AT) if sought.address_key else ("false",)
    is_present = bool(sought.address or sought.by_number)
    if sought.by_number:
        yield _Way((_NAMED, *_written_so(sought), *rest), "", is_present)
        if sought.or_born:
            yield _Way(("e.birth_date = %(or_born)s", *rest), "kana_key", is_present)
    elif search_key(sought.text):
        for key in _keys_of(sought):
            yield _Way((_like(key, "text"), *rest), key, is_present)
    elif rest:
        yield _Way(rest, _order_of(sought), is_present)


def _keys_of(sought: Sought) -> tuple[str, ...]:
    return _KEYS if Sought(text=sought.text).reading else _WRITTEN


def _order_of(sought: Sought) -> str:
    if sought.address or not sought.birth_date:
        return next(
            column
            for given, column in (
                (sought.address, "address_key"), (sought.kana, "kana_key"), (sought.alias, "alias_key"),
                (True, "kana_key"),
            )
            if given
        )  # fmt: skip
    return "kana_key"


def _conditions(sought: Sought) -> Iterator[str]:
    """What must hold of an event beside the text of the box."""
    if search_key(sought.kana):
        yield _like("kana_key", "kana")
    if search_key(sought.alias):
        yield _like("alias_key", "alias")
    if sought.birth_date:
        yield "e.birth_date = %(born)s"


def _written_so(sought: Sought) -> tuple[str, ...]:
    if not search_key(sought.text):
        return ()
    return (f"({' OR '.join(_like(key, 'text') for key in _keys_of(sought))})",)


def _near_ways(sought: Sought) -> Iterator[_Way]:
    """The ways to readings that sound so and are written otherwise; none where none was given."""
    if not sought.sound or sought.by_number or (sought.address and not sought.address_key):
        return
    rest = ["e.birth_date = %(born)s"] if sought.birth_date else []
    if sought.kana:
        rest += _written_so(sought)
    if sought.address:
        rest.append(_LIVES_AT)
    for spelt in _SPELT_OTHERWISE:
        few = "(SELECT count(*) FROM hit) <= %(few)s"
        yield _Way((_SOUNDS, spelt, *rest, few), "sound_key", bool(sought.address))


def _matches(sought: Sought) -> str:
    """Does the person's present name answer to what was asked, and not only one of the past?"""
    asked = [*_written_so(sought), *(one for one in _conditions(sought) if "birth_date" not in one)]
    exact = " AND ".join(asked) or "true"
    return f"CASE WHEN e.is_near THEN {_SOUNDS} ELSE {exact} END" if sought.sound else f"({exact})"


def _like(key: str, value: str) -> str:
    filled = " AND e.alias_key <> ''" if key == "alias_key" else ""
    return f"(e.{key} LIKE %({value})s{filled})"


def _union(ways: Iterable[_Way], *, window: int) -> str:
    """The ways as one select of (number of the way, event, addressee, is_present), each cut off at its window."""
    selects = [
        f"(SELECT {number} AS way, e.id, e.addressee_id, {way.is_present} FROM registry_person_event e\n"
        f"  WHERE {' AND '.join(way.conditions)}{_ordered(way)} LIMIT {window})"
        for number, way in enumerate(ways)
    ]
    return "\nUNION ALL\n".join(selects) or _NOBODY


def _ordered(way: _Way) -> str:
    return f" ORDER BY e.{way.order} USING ~<~" if way.in_order else ""


def _hit(row: Row) -> tuple[SearchHit, str, bool]:
    """The hit of a row, its reading as searched, and whether somebody of the household was born on the same day."""
    protected = bool(row[_SHELTERED])
    view = view_of(row[:_NEAR], protected=protected)
    match = Match.PRESENT if row[_MATCHES] else Match.FORMER if row[_OWN] else Match.MERGED
    hit = SearchHit(
        row[0], view.addressee_no, view.name, view.kana, view.alias, view.birth_date, view.sex, view.address,
        view.status, view.protected, view.ward_code, view.relation, match,
        has_double=bool(row[_TWIN]) and not protected,
    )  # fmt: skip
    return hit, row[_KANA_KEY], protected


def _told_apart(found: list[tuple[SearchHit, str, bool]]) -> list[SearchHit]:
    """Mark those of a list who may be taken for one another: born on one day, and alike in name or home."""
    alike = Counter(face for hit, kana, _ in found for face in _faces(hit, kana=kana))
    return [
        replace(hit, has_double=True) if any(alike[face] > 1 for face in _faces(hit, kana=kana)) else hit
        for hit, kana, _ in found
    ]


def _faces(hit: SearchHit, *, kana: str) -> list[tuple[object, ...]]:
    """What somebody could be taken for another by; the address of the protected is not among it."""
    if hit.birth_date is None:
        return []
    surname = hit.name.replace("　", " ").partition(" ")[0]
    same_home = [("home", hit.birth_date, surname, hit.address)] if hit.address else []
    same_name = [("name", hit.birth_date, kana)] if kana else []
    return [*same_home, *same_name]


def like_prefix(key: str) -> str:
    """The pattern of what begins with a key."""
    escaped = key.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"{escaped}%"

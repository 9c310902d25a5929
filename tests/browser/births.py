"""Children who were born since: the feeds of the neighbours bring them, as they would any morning.

The demonstration's children have applied already. Each family of 鶴見区 gets one newborn with nothing in hand: its days
are counted from today, so that the journeys do not grow old with the city.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kyufu.demo.city.layouts import COLUMNS, OPEN_END, file_name, header_line, trailer_line
from kyufu.platform import clock
from tests.journeys.city_run import CityRun

WARD, MUNICIPALITY = "141011", "141003"
FIRST_NUMBER = 8_000_000
DAYS_OLD, UNINSURED = 20, 3
BIRTH, MOVED_OUT = "10", "40"
FAMILIES = """
    SELECT e.household_no, min(a.addressee_no) FILTER (WHERE e.relation = '01')
      FROM registry_addressee a JOIN registry_person_version v ON v.addressee_id = a.id
      JOIN registry_person_event e ON e.id = v.event_id
     WHERE upper_inf(v.valid) AND upper_inf(v.recorded) AND e.status = '1' AND e.ward_code = %s
     GROUP BY e.household_no
    HAVING max(e.birth_date) FILTER (WHERE e.relation = '01') > '1955-01-01'
       AND bool_and(NOT EXISTS (SELECT FROM registry_protection p WHERE p.addressee_id = a.id)
                    AND NOT EXISTS (SELECT FROM evidence_other_scheme s WHERE s.addressee_id = a.id)
                    AND NOT EXISTS (SELECT FROM evidence_public_assistance s WHERE s.addressee_id = a.id))
       AND bool_or(e.relation = '01' AND EXISTS (SELECT FROM evidence_insurance i
                   WHERE i.addressee_id = a.id AND upper_inf(i.recorded) AND NOT i.cancelled))
     ORDER BY max(e.birth_date) FILTER (WHERE e.relation = '01') DESC"""
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Newborn:
    """A child of 鶴見区 with nothing in hand; `head` is the addressee number of the head of the household."""

    number: str
    name: str
    born: date
    household: str
    head: str


@dataclass
class Maternity:
    """Hands out newborns, each once; what makes one special goes to the city by a feed."""

    city: CityRun
    insured: list[Newborn]
    uninsured: list[Newborn]

    def child(self) -> Newborn:
        """The next child, of whose health insurance the city knows."""
        return self.insured.pop(0)

    def child_without_insurance(self) -> Newborn:
        """The next child of whose health insurance the city knows nothing yet."""
        return self.uninsured.pop(0)

    def under_another_scheme(self) -> Newborn:
        """A child whom the subsidy for disabled people covers (重度障害者医療)."""
        found = self.child()
        self.send("schemes", rows=[_of(found, seido="1", kaishi=found.born.isoformat(), haishi=OPEN_END)])
        return found

    def protected(self) -> Newborn:
        """A child whom, with the head of the household, a measure protects (支援措置)."""
        found = self.child()
        year = {"kaishi": found.born.isoformat(), "haishi": (found.born + timedelta(days=365)).isoformat()}
        rows = [{"atenabango": one, "sochi_kubun": "1", **year} for one in (found.number, found.head)]
        self.send("protection", rows=[{**_FIRST, **row} for row in rows])
        return found

    def moved_out(self, number: str) -> None:
        """The register tells that the child left the city."""
        row = max(
            (row for row in self.city.fed("resident") if row["atenabango"] == number),
            key=lambda row: int(row["rirekibango"]),
        )
        on = (clock.current_date_in_japan() - timedelta(days=3)).isoformat()
        kept = {name: row[name] for name in COLUMNS["resident"]}
        moved = {"ido_jiyu": MOVED_OUT, "jumin_jotai": "2", "ido_nengappi": on, "todokede_nengappi": on}
        later = {"rirekibango": str(int(row["rirekibango"]) + 1), "zenju_shikuchosonkodo": "142051"}
        self.send("resident", rows=[{**kept, **moved, **later}])

    def send(self, layout: str, *, rows: Sequence[Row]) -> None:
        """Write the next difference file of a layout, and have the city take it in by its own command."""
        sequence = len(list(self.city.feeds.glob(f"{layout}_*.csv"))) + 1
        kind = COLUMNS[layout][0]
        made_at = clock.current_instant().astimezone(clock.JAPAN).isoformat(timespec="seconds")
        lines = [
            f"D,{place},{','.join(row.get(name, '') for name in COLUMNS[layout])}\n"
            for place, row in enumerate(rows, 1)
        ]
        counts = {one: sum(row[kind] == one for row in rows) for one in {row[kind] for row in rows}}
        head = header_line(
            layout=layout, mode="DIFF", municipality=MUNICIPALITY, sequence=sequence, made_at=made_at
        )
        file = self.city.feeds / file_name(layout=layout, mode="DIFF", sequence=sequence)
        file.write_text(head + "".join(lines) + trailer_line(counts), encoding="utf-8")
        done = self.city.kyufu("feeds", "import", "--municipality", "yokohama", str(file))
        assert done.returncode == 0, done.stderr
        assert "確認が必要な行" not in done.stdout, done.stdout


_FIRST = {"rirekibango": "1", "rirekieda": "0", "torikeshi": "0"}


def _of(child: Newborn, **rest: str) -> Row:
    return {**_FIRST, "atenabango": child.number, **rest}


def _insurance(city: CityRun, *, child: Newborn) -> Row:
    """Insured as family with the head of the household."""
    theirs = next(row for row in city.fed("insurance") if row["atenabango"] == child.head)
    same = {name: theirs[name] for name in ("hokensha_bango", "kigo", "bango")}
    return _of(
        child, shikaku_kubun="2", edaban="09", shutoku_nengappi=child.born.isoformat(),
        soshitsu_nengappi=OPEN_END, **same,
    )  # fmt: skip


def have_children_born(city: CityRun) -> Maternity:
    """One newborn to each family of the ward, in one file of the resident register."""
    latest: dict[str, Row] = {}
    for row in city.fed("resident"):
        latest[row["atenabango"]] = row
    born = clock.current_date_in_japan() - timedelta(days=DAYS_OLD)
    newborns, rows = [], []
    for place, (household, head) in enumerate(city.rows(FAMILIES, WARD), 1):
        known = latest[head]
        number = f"{FIRST_NUMBER + place:015d}"
        child = Newborn(number, f"{known['shimei'].split('　')[0]}　あおい", born, household, head)
        newborns.append(child)
        rows.append(_birth(child, head=known))
    made = Maternity(city, insured=newborns[:-UNINSURED], uninsured=newborns[-UNINSURED:])
    made.send("resident", rows=rows)
    made.send("insurance", rows=[_insurance(city, child=one) for one in made.insured])
    return made


def _birth(child: Newborn, *, head: Row) -> Row:
    family_kana = head["shimei_yomigana"].split("　")[0]
    home = {name: head[name] for name in COLUMNS["resident"] if name.startswith("jusho_")}
    return _of(
        child, ido_jiyu=BIRTH, ido_nengappi=child.born.isoformat(), todokede_nengappi=child.born.isoformat(),
        shimei=child.name, shimei_yomigana=f"{family_kana}　アオイ", seibetsu="2",
        seinengappi=child.born.isoformat(), jumin_shubetsu="1", jumin_jotai="1", setaibango=child.household,
        tsuzukigara="10", **home,
    )  # fmt: skip

"""Makes one chunk of the city: some thousand residents with all their rows, from a seed of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

from kyufu.demo.city.applications import intake_starts_on, write_applications
from kyufu.demo.city.changes import KINDS, WEEKS, write_changes
from kyufu.demo.city.faults import faulty_rows, make_lodger
from kyufu.demo.city.households import Setting, first_birthday_of_band, make_household
from kyufu.demo.city.insurances import write_insurances
from kyufu.demo.city.people import FOREIGN, Counters, Household, Person
from kyufu.demo.city.places import Town
from kyufu.demo.city.register import MOVE_IN, event_row, write_former, write_history
from kyufu.demo.city.reliefs import write_assistance, write_protection, write_schemes
from kyufu.demo.city.taxes import DECLARED, TaxYear, tax_row, tax_years, write_taxes

RESIDENTS_PER_CHUNK = 5_000
FAULT = "fault_"
_SHARE_OF_FORMER = 0.03
FILES = (
    ("resident", "FULL"), ("resident", "DIFF"), ("tax", "FULL"), ("tax", "DIFF"), ("insurance", "FULL"),
    ("assistance", "FULL"), ("schemes", "FULL"), ("protection", "FULL"), ("application", "FULL"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChunkPlan:
    """What one chunk is to hold; everything in it follows from this alone."""

    number: int
    residents: int
    seed: int
    as_of: date
    towns: tuple[Town, ...]
    folder: Path


@dataclass(slots=True)
class ChunkResult:
    """What came out of a chunk: rows by file, and counts of what is worth knowing about the city."""

    number: int
    residents: int
    counts: dict[str, int] = field(default_factory=dict)


def register_day(as_of: date) -> date:
    """The day that the full files speak for; the difference files bring the weeks after it."""
    return as_of - timedelta(weeks=WEEKS, days=1)


def make_chunk(plan: ChunkPlan) -> ChunkResult:
    """Make the rows of a chunk and leave them in its folder, a file a feed without frame and numbers."""
    setting = Setting(
        towns=plan.towns,
        as_of=register_day(plan.as_of).toordinal(),
        band_start=first_birthday_of_band(plan.as_of).toordinal(),
        random=Random(f"{plan.seed}:{plan.number}"),  # noqa: S311 - demo data, not a secret
        counters=Counters(chunk=plan.number, seed=plan.seed),
    )
    rows: dict[tuple[str, str], list[str]] = {name: [] for name in FILES}
    result = ChunkResult(plan.number, plan.residents)
    households = _make_residents(plan, setting=setting)
    _write_rows(households, plan=plan, setting=setting, rows=rows)
    if plan.number == 0:
        _add_faults(households, setting=setting, rows=rows, result=result)
    _count(households, setting=setting, result=result)
    for name, lines in rows.items():
        path = chunk_path(plan.folder, number=plan.number, file=name)
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
    return result


def chunk_path(folder: Path, *, number: int, file: tuple[str, str]) -> Path:
    """Where a chunk leaves its rows of a file until they are put together."""
    return folder / f"{file[0]}_{file[1]}.{number:06d}.part"


def _make_residents(plan: ChunkPlan, *, setting: Setting) -> list[Household]:
    """Households until the number of residents is reached; the last one gives up members from its end."""
    households: list[Household] = []
    missing = plan.residents
    while missing > 0:
        household = make_household(setting)
        del household.members[missing:]
        missing -= len(household.members)
        households.append(household)
    return households


def _write_rows(
    households: list[Household], *, plan: ChunkPlan, setting: Setting, rows: dict[tuple[str, str], list[str]]
) -> None:
    years = tax_years(plan.as_of)
    intake = intake_starts_on(plan.as_of)
    for household in households:
        write_history(household, setting=setting, rows=rows["resident", "FULL"])
        write_taxes(household, setting=setting, years=years, rows=rows["tax", "FULL"])
        write_assistance(household, setting=setting, rows=rows["assistance", "FULL"])
        write_schemes(household, setting=setting, rows=rows["schemes", "FULL"])
        write_insurances(household, setting=setting, rows=rows["insurance", "FULL"])
        write_protection(household, setting=setting, rows=rows["protection", "FULL"])
        write_applications(household, setting=setting, intake=intake, rows=rows["application", "FULL"])
        if setting.random.random() < _SHARE_OF_FORMER:
            write_former(make_household(setting), setting=setting, rows=rows["resident", "FULL"])
    _write_difference(households, years=years, setting=setting, rows=rows)


def _write_difference(
    households: list[Household],
    *,
    years: tuple[TaxYear, ...],
    setting: Setting,
    rows: dict[tuple[str, str], list[str]],
) -> None:
    used = [0] * len(KINDS)
    for household in households:
        write_changes(household, setting=setting, used=used, rows=rows["resident", "DIFF"])
        if setting.random.random() < 0.008:
            _disagree(household, year=years[-1], setting=setting, rows=rows["tax", "DIFF"])


def _disagree(household: Household, *, year: TaxYear, setting: Setting, rows: list[str]) -> None:
    """A later tax row (rirekieda 1) with another income: a correction or a late declaration."""
    person = household.members[0]
    if person.since > year.first_day or person.born > year.first_day - 18 * 365:
        return
    person.income += 1_200_000
    rows.append(tax_row(person, household=household, year=year, declared=DECLARED, setting=setting, branch=1))


def _add_faults(
    households: list[Household],
    *,
    setting: Setting,
    rows: dict[tuple[str, str], list[str]],
    result: ChunkResult,
) -> None:
    people = [person for household in households for person in household.members]
    template = next((person for person in people if not person.roman), people[0])

    def next_person() -> Person:
        number = setting.counters.take()
        return make_lodger(template, number=number, my_number=setting.counters.my_number(number))

    day = setting.as_of + 3
    newcomer = next_person()
    rows["resident", "DIFF"].append(event_row(newcomer, reason=MOVE_IN, day=day))
    for fault, faulty in faulty_rows(newcomer, day=day, next_person=next_person).items():
        rows["resident", "DIFF"].extend(faulty)
        result.counts[FAULT + fault] = len(faulty)


def _count(households: Iterable[Household], *, setting: Setting, result: ChunkResult) -> None:
    counts = Counter(result.counts)
    for household in households:
        counts["households"] += 1
        counts["households_of_one_parent"] += household.has_one_parent
        counts["households_on_assistance"] += household.on_assistance
        counts["households_with_a_parent_elsewhere"] += household.parent_lives_elsewhere
        for person in household.members:
            counts["children"] += person.born >= setting.band_start
            counts["foreign_residents"] += person.kind == FOREIGN
            counts["residents_with_alias"] += bool(person.alias)
            counts["residents_without_birth_date"] += not person.birth_date
    result.counts = dict(counts)

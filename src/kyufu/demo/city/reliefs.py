"""Writes the rows of public assistance, of other subsidy schemes and of protection measures."""

from __future__ import annotations

from kyufu.demo.city.households import Setting
from kyufu.demo.city.layouts import OPEN_END
from kyufu.demo.city.people import CHILD, Household, Person, iso

DISABILITY, ONE_PARENT, INSTITUTION = "1", "2", "3"
_YEAR = 365


def write_assistance(household: Household, *, setting: Setting, rows: list[str]) -> None:
    """About 1.5 % of the households receive public assistance; for a quarter of these it has ended."""
    random = setting.random.random
    if random() >= 0.02:
        return
    start = setting.as_of - 30 - int(random() * 6 * _YEAR)
    ends = random() < 0.25
    until = start + 20 + int(random() * (setting.as_of - start - 20)) if ends else 0
    household.on_assistance = not ends
    for person in household.members:
        begins = max(start, person.since)
        if not until or begins < until:
            kind = "2" if person.number.endswith("77") else "1"
            rows.append(f"{kind},1,0,0,{person.number},{iso(begins)},{iso(until) if until else OPEN_END}")


def write_schemes(household: Household, *, setting: Setting, rows: list[str]) -> None:
    """The schemes that come before the child subsidy: disability, one parent, institution."""
    random = setting.random.random
    if household.has_one_parent and random() < 0.55:
        start = setting.as_of - 30 - int(random() * 4 * _YEAR)
        for person in household.members:
            rows.append(_row(person, scheme=ONE_PARENT, start=start))
    elif random() < 0.004:
        person = household.members[-1]
        is_child = person.relation == CHILD and person.born >= setting.band_start
        scheme = INSTITUTION if is_child and random() < 0.4 else DISABILITY
        rows.append(_row(person, scheme=scheme, start=setting.as_of - 30 - int(random() * 900)))


def _row(person: Person, *, scheme: str, start: int) -> str:
    return f"{scheme},1,0,0,{person.number},{iso(max(start, person.since))},{OPEN_END}"


def write_protection(household: Household, *, setting: Setting, rows: list[str]) -> None:
    """About one person in a thousand is protected, with their household; two in three gave a safe address."""
    random = setting.random.random
    limit = 0.007 if household.has_one_parent else 0.0012
    if random() >= limit:
        return
    kind = 1 + int(random() * 3)
    start = setting.as_of - 20 - int(random() * 340)
    has_safe_address = random() < 0.67
    for person in household.members:
        begins = max(start, person.since)
        safe = f"{setting.safe_address}{person.name}" if has_safe_address else ",,,"
        rows.append(f"{kind},1,0,0,{person.number},{iso(begins)},{iso(begins + _YEAR)},{safe}")

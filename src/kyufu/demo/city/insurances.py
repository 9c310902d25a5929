"""Writes the health insurance feed: insurer by age and work, families under the number of who works."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from kyufu.demo.city.households import Setting
from kyufu.demo.city.layouts import OPEN_END
from kyufu.demo.city.people import CHILD, SPOUSE, Household, Person, iso
from kyufu.notation.check_digits import INSURER_NUMBER

INSURED, FAMILY = "1", "2"
_YEAR = 365
_ELSEWHERE = "13"


class _Insurers(NamedTuple):
    """Numbers of insurers that are made up: for those from 75 on, of national insurance, of employers."""

    from_75: str
    national: str
    employers: tuple[str, ...]


@cache
def _insurers_of(prefecture: str) -> _Insurers:
    """The insurers of a prefecture (2 digits), some of the employers' in Tokyo (法別 01, 06, 31 to 34)."""
    here, there = prefecture, _ELSEWHERE
    employers = (
        ("01", here, "990"), ("01", there, "990"), ("06", here, "991"), ("06", there, "992"), ("06", here, "993"),
        ("31", there, "994"), ("32", here, "995"), ("34", there, "996"), ("01", here, "990"), ("06", here, "997"),
    )  # fmt: skip
    return _Insurers(
        INSURER_NUMBER.with_check_digit(f"39{here}990"),
        INSURER_NUMBER.with_check_digit(f"{here}990"),
        tuple(INSURER_NUMBER.with_check_digit("".join(parts)) for parts in employers),
    )


def write_insurances(household: Household, *, setting: Setting, rows: list[str]) -> None:
    """The insurance rows of a household; none on public assistance, and for a few nothing is known."""
    random = setting.random.random
    if household.on_assistance or random() < 0.004:
        return
    head = household.members[0]
    insurers = _insurers_of(setting.city[:2])
    insurer, symbol = _insurer_of(head, setting=setting)
    own, branch = int(head.number) * 7 % 9_999_991, 0
    changed = _changed_on(household, setting=setting)
    for person in household.members:
        if person.born < setting.as_of - 75 * _YEAR:
            rows.append(
                _row(
                    person,
                    insurer=insurers.from_75,
                    card=f",{int(person.number) % 10**8:08d},",
                    setting=setting,
                )
            )
            continue
        if person is not head and _works(person, setting=setting):
            its_insurer, its_symbol = _insurer_of(person, setting=setting)
            card = f"{its_symbol},{int(person.number) % 10**7},00"
            rows.append(_row(person, insurer=its_insurer, card=card, setting=setting))
            continue
        kind = INSURED if person is head or insurer == insurers.national else FAMILY
        card = f"{symbol},{own},{branch:02d}"
        branch += 1
        if changed > person.since:
            rows.append(_row(person, insurer=insurers.national, card=card, setting=setting, until=changed))
            rows.append(
                _row(person, insurer=insurer, card=card, setting=setting, kind=kind, start=changed, history=2)
            )
            continue
        rows.append(_row(person, insurer=insurer, card=card, setting=setting, kind=kind))


def _insurer_of(person: Person, *, setting: Setting) -> tuple[str, str]:
    insurers = _insurers_of(setting.city[:2])
    if person.born < setting.as_of - 65 * _YEAR or setting.random.random() < 0.2:
        return insurers.national, f"{int(person.number) % 97 + 1:02d}"
    place = int(setting.random.random() * len(insurers.employers))
    return insurers.employers[place], str(int(person.number) % 9_000 + 1_000)


def _works(person: Person, *, setting: Setting) -> bool:
    return (
        person.income > 1_300_000
        and person.relation in (SPOUSE, CHILD)
        and person.born < setting.as_of - 7000
    )


def _changed_on(household: Household, *, setting: Setting) -> int:
    """The day the head took up work with another insurer after national health insurance, 0 for most."""
    if setting.random.random() >= 0.06 or household.members[0].born < setting.as_of - 65 * _YEAR:
        return 0
    return setting.as_of - 15 - int(setting.random.random() * 3 * _YEAR)


def _row(
    person: Person, *, insurer: str, card: str, setting: Setting, kind: str = INSURED, start: int = 0,
    until: int = 0, history: int = 1,
) -> str:  # fmt: skip
    begins = start or max(person.since, person.born)
    if insurer == _insurers_of(setting.city[:2]).from_75:
        begins = max(begins, person.born + 75 * _YEAR + 18)
    ends = iso(until) if until else OPEN_END
    return f"{kind},{history},0,0,{person.number},{insurer},{card},{iso(min(begins, setting.as_of))},{ends}"

"""Writes the applications for children's certificates that are taken in at once (一括受付)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from kyufu.demo.city.households import Setting
from kyufu.demo.city.people import CHILD, HEAD, MAN, PARENT, SPOUSE, Household, Person, iso

COUNTER, MAIL, ONLINE = "1", "2", "3"
FATHER, MOTHER, OTHER = "1", "2", "3"
_STAFF = tuple(f"demo{number:03d}" for number in range(1, 61))


def intake_starts_on(as_of: date) -> int:
    """The day the intake before the certificate year began: 1 May before the day of the register."""
    return date(as_of.year if as_of.month > 5 else as_of.year - 1, 5, 1).toordinal()


def write_applications(household: Household, *, setting: Setting, intake: int, rows: list[str]) -> None:
    """Applications for about 96 % of the children of a household, by the guardians they live with."""
    random = setting.random.random
    children = [
        p
        for p in household.members
        if p.relation == CHILD and p.born >= setting.band_start and p is not household.members[0]
    ]
    if not children or random() >= 0.96:
        return
    guardians = [p for p in household.members if p.relation in (HEAD, SPOUSE, PARENT)][:2]
    number = setting.counters.take()
    for place, child in enumerate(children):
        rows.append(_row(child, household=household, guardians=guardians, intake=intake, setting=setting,
                         reception=f"{number:09d}{place:03d}"))  # fmt: skip


def _row(
    child: Person,
    *,
    household: Household,
    guardians: list[Person],
    intake: int,
    setting: Setting,
    reception: str,
) -> str:
    random = setting.random.random
    received = _received_on(child, intake=intake, setting=setting)
    draw = random()
    channel = COUNTER if draw < 0.62 else MAIL if draw < 0.83 else ONLINE
    agent = random() < 0.02
    identity = _identity(random, channel=channel, agent=agent)
    return (
        f"1,{reception},{iso(received)},{household.ward_code},{channel},{child.number},"
        f"{_guardian_columns(household, guardians=guardians)},{'2' if agent else '1'},"
        f"{'代理　見本' if agent else ''},{identity},{_STAFF[int(random() * len(_STAFF))]},"
        f"{iso(min(received + int(random() * 3), setting.as_of))},1"
    )


def _received_on(child: Person, *, intake: int, setting: Setting) -> int:
    """Within weeks of birth or moving in, some after months; those who lived here before, in the intake."""
    delay = 2 + int(setting.random.random() * 24)
    if setting.random.random() < 0.06:
        delay += 40 + int(setting.random.random() * 60)
    if child.since < intake:
        delay = int(setting.random.random() * 84)
    return min(max(child.since, intake) + delay, setting.as_of)


def _guardian_columns(household: Household, *, guardians: list[Person]) -> str:
    """Both guardians with their relations; one who lives elsewhere is left out, or not registered."""
    first = guardians[0]
    columns = f"{first.number},{FATHER if first.sex == MAN else MOTHER}"
    if len(guardians) == 2 and guardians[1].relation == SPOUSE:
        second = guardians[1]
        return f"{columns},{second.number},{FATHER if second.sex == MAN else MOTHER}"
    if household.parent_lives_elsewhere and first.number[-1] in "02468":
        return f"{columns},9{first.number[1:]},{MOTHER if first.sex == MAN else FATHER}"
    return f"{columns},,"


def _identity(random: Callable[[], float], *, channel: str, agent: bool) -> str:
    """How the number and the person were checked, as CSV; for a few the person was not checked."""
    if random() < 0.008:
        return "4,0"
    if channel != COUNTER or agent:
        return f"{'13'[random() < 0.4]},{'12'[random() < 0.5]}"
    draw = random()
    return "1,1" if draw < 0.7 else "2,2" if draw < 0.9 else "3,3"

"""Which documents of a block can be printed, and for each of the others why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any, NamedTuple

from kyufu.documents.compose import People, Setting
from kyufu.documents.content import Content
from kyufu.documents.fonts import undrawable
from kyufu.documents.jobs import Item, Job
from kyufu.documents.office import Municipality
from kyufu.documents.sorting import INDIVIDUAL
from kyufu.law.decision import Decision
from kyufu.platform.errors import KyufuError
from kyufu.registry.api import AddressWithheld, PersonView, PostalAddress

# A parent outside the sheltered household must learn nothing about the child from a letter.
SHELTERED_CHILD = (
    "お子さんが支援措置の対象で、送付先の保護者が対象になっていません。担当課に確認してください。"
)
NOT_DUE = "印刷のあとに証が無効になったか、通知の対象でなくなりました。事案の状態を確かめてください。"


class LeftOut(NamedTuple):
    """An item that is not printed: a stable code and the reason in Japanese, without personal data."""

    item: Item
    code: str
    text: str


class Chosen(NamedTuple):
    """An item that is printed, what its document says, and by which ward and household it is sorted."""

    item: Item
    content: Content
    ward: str
    household: str


@dataclass(frozen=True, slots=True)
class _Known:
    """What was looked up for a block, by id."""

    stale: Mapping[int, str]
    decisions: Mapping[int, Decision]
    people: Mapping[int, PersonView]
    addresses: Mapping[int, PostalAddress | AddressWithheld]
    wards: Mapping[int, str]


def select(items: Sequence[Item], *, job: Job, setting: Setting) -> tuple[list[Chosen], list[LeftOut]]:
    """Compose what can be printed of a block; every item is in exactly one of the two lists, in order."""
    due = [item for item in items if item.row is not None]
    decision_ids = [item.decision_id for item in due]
    guardians = sorted({item.guardian_id for item in due})
    persons = sorted({item.child_id for item in due} | set(guardians))
    known = _Known(
        stale=job.stale(decision_ids),
        decisions=job.decisions(decision_ids),
        people=job.people(persons, setting),
        addresses=job.addresses(guardians, setting),
        wards=job.wards([item.application_id for item in due]),
    )
    chosen: list[Chosen] = []
    left_out: list[LeftOut] = []
    for item in items:
        found = _choose(item, job=job, setting=setting, known=known)
        chosen.append(found) if isinstance(found, Chosen) else left_out.append(found)
    return chosen, left_out


def _choose(item: Item, *, job: Job, setting: Setting, known: _Known) -> Chosen | LeftOut:
    if item.row is None:
        return LeftOut(item, "not_due", NOT_DUE)
    if item.decision_id in known.stale:
        return LeftOut(item, "stale_decision", known.stale[item.decision_id])
    address = known.addresses.get(item.guardian_id)
    if address is None:
        return LeftOut(item, "no_address", "送付先の住所がありません。")
    if isinstance(address, AddressWithheld):
        return LeftOut(item, "address_withheld", address.reason)
    child, guardian = known.people.get(item.child_id), known.people.get(item.guardian_id)
    if child is None or guardian is None:
        return LeftOut(item, "no_person", "お子さんまたは保護者の宛名がありません。")
    if child.protected and not guardian.protected:
        return LeftOut(item, "address_withheld", SHELTERED_CHILD)
    try:
        ward = _ward(child, town=setting.municipality, received_by=known.wards.get(item.application_id, ""))
        people = People(child=child, guardian=guardian, to=address, ward_code=ward)
        content = job.compose(item, known.decisions.get(item.decision_id), people, setting)
    except KyufuError as error:
        return LeftOut(item, "no_wording", error.message)
    missing = undrawable(texts_of(content))
    if missing:
        return LeftOut(item, "undrawable", f"印刷用の書体にない文字があります（{'、'.join(missing)}）。")
    # Neither ward nor household of who is sheltered decides where in a run their letter lies.
    ward, household = (INDIVIDUAL, "") if people.is_sheltered else (ward, guardian.household_no)
    return Chosen(item, content, ward, household)


def _ward(child: PersonView, *, town: Municipality, received_by: str) -> str:
    """The child's own ward; of one who lives outside the city, the ward that took the application in."""
    return child.ward_code if child.ward_code in town.senders else received_by


def texts_of(content: object) -> Iterator[str]:
    """Every text that a content puts on paper."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, tuple):
        for part in content:
            yield from texts_of(part)
    else:
        kind: Any = type(content)
        for name in _names_of(kind):
            yield from texts_of(getattr(content, name))


@cache
def _names_of(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()

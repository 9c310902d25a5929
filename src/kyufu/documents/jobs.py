"""What there is to print: for each kind of document, which cases are due and how one becomes a content.

The population of a run is frozen from here; everything else of printing is the same for all kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from kyufu.cases import api as cases
from kyufu.documents import compose, queries
from kyufu.documents.compose import People, Setting
from kyufu.documents.content import Content, Kind
from kyufu.law.child.cities import city_of
from kyufu.law.child.claims import claim_rules
from kyufu.law.decision import Decision
from kyufu.ordinance.api import confirmed_overlay
from kyufu.platform.errors import Refused
from kyufu.registry import api as registry
from kyufu.registry.api import AddressWithheld, PersonView, PostalAddress


class Item(NamedTuple):
    """One document that is due: its subject (e.g. certificate), decision, people and case row.

    Without a row it was printed and is not due any more; then it has its subject and addressee alone.
    """

    subject_id: int
    decision_id: int
    application_id: int
    child_id: int
    guardian_id: int
    row: Any


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of document with its source: what is due, what stands, who and where, and how it is composed.

    `due` gives what was not printed yet; `due_one` one subject, printed or not, None where it is not due (any more);
    `due_among` those of an SQL select of subjects, printed or not, that are due.
    """

    kind: Kind
    due: Callable[[], Iterable[Item]]
    due_one: Callable[[int], Item | None]
    due_among: Callable[[str], Iterable[Item]]
    stale: Callable[[Sequence[int]], Mapping[int, str]]
    decisions: Callable[[Sequence[int]], Mapping[int, Decision]]
    people: Callable[[Sequence[int], Setting], Mapping[int, PersonView]]
    addresses: Callable[[Sequence[int], Setting], Mapping[int, PostalAddress | AddressWithheld]]
    wards: Callable[[Sequence[int]], Mapping[int, str]]
    compose: Callable[[Item, Decision | None, People, Setting], Content]


NEVER_STALE = frozenset({Kind.URGING, Kind.CORRECTION})


def job(kind: Kind) -> Job:
    """The job of a kind, fed by cases and registry."""
    items, decisions, composed = {
        Kind.CERTIFICATE: (_certificates, _no_decisions, certificate_of),
        Kind.REJECTION: (_rejections, cases.decisions, _rejection),
        Kind.LOSS: (_losses, cases.decisions, _loss),
        Kind.MISSING_FACTS: (_requests, cases.decisions, _request),
        Kind.URGING: (_urgings, _no_decisions, _urging),
        Kind.CORRECTION: (_corrections, _no_decisions, _correction),
    }[kind]
    return Job(
        kind=kind,
        due=lambda: items(only=None, but=queries.select_printed(kind), among=None),
        due_one=lambda subject_id: _first(items(only=subject_id, but=None, among=None)),
        due_among=lambda subjects: items(only=None, but=None, among=subjects),
        stale=_never_stale if kind in NEVER_STALE else cases.refuse_if_stale,
        decisions=decisions,
        people=_people,
        addresses=_addresses,
        wards=cases.wards_in_charge,
        compose=composed,
    )


def gone(subject_id: int, *, addressee_id: int) -> Item:
    """A document that was printed and is not due any more."""
    return Item(subject_id, 0, 0, 0, addressee_id, None)


def _first(items: Iterable[Item]) -> Item | None:
    # Read to the end: a stream that is dropped half read rolls its transaction back.
    found = list(items)
    return found[0] if found else None


def _people(ids: Sequence[int], setting: Setting) -> Mapping[int, PersonView]:
    return registry.people(ids, valid_on=setting.dated, today=setting.today)


def _addresses(ids: Sequence[int], setting: Setting) -> Mapping[int, PostalAddress | AddressWithheld]:
    return registry.postal_address(ids, on=setting.dated, today=setting.today)


def _no_decisions(_: Sequence[int]) -> Mapping[int, Decision]:
    """A certificate says what its row holds; the row hangs on its approved decision in the database."""
    return {}


def _certificates(*, only: int | None, but: str | None, among: str | None) -> Iterable[Item]:
    for row in cases.certificates_to_print(only=only, but=but, among=among):
        yield Item(
            row.certificate_id, row.decision_id, row.application_id, row.child_id, row.guardian_id, row
        )


def _rejections(*, only: int | None, but: str | None, among: str | None) -> Iterable[Item]:
    for row in cases.rejections_to_notify(only=only, but=but, among=among):
        yield Item(
            row.application_id, row.decision_id, row.application_id, row.child_id, row.guardian_id, row
        )


def _losses(*, only: int | None, but: str | None, among: str | None) -> Iterable[Item]:
    for row in cases.losses_to_notify(only=only, but=but, among=among):
        yield Item(row.change_id, row.decision_id, row.application_id, row.child_id, row.guardian_id, row)


def _requests(*, only: int | None, but: str | None, among: str | None) -> Iterable[Item]:
    """Asked once for a decision: after a new judgement a new request may be due."""
    for row in cases.undecided_to_notify(only=only, but=but, among=among):
        yield Item(row.decision_id, row.decision_id, row.application_id, row.child_id, row.guardian_id, row)


def _urgings(*, only: int | None, but: str | None, among: str | None) -> Iterable[Item]:
    """Once for a difference, however often it is found again."""
    for row in cases.mismatches_to_urge(only=only, but=but, among=among):
        yield Item(row.mismatch_id, row.decision_id, row.application_id, row.child_id, row.guardian_id, row)


def _never_stale(_: Sequence[int]) -> Mapping[int, str]:
    """That facts changed after the decision is what these letters are about: `due` asks what still holds true."""
    return {}


def _corrections(*, only: int | None, but: str | None, among: str | None) -> Iterable[Item]:
    """Once for a child and a replay, after two persons approved what it found."""
    for row in cases.corrections_to_notify(only=only, but=but, among=among):
        yield Item(row.correction_id, row.decision_id, row.application_id, row.child_id, row.guardian_id, row)


def _correction(item: Item, _: Decision | None, people: People, setting: Setting) -> Content:
    row: cases.CorrectionRow = item.row
    claim = claim_rules(
        city_of(row.municipality), on=row.days[0].period.start, overlay=confirmed_overlay(row.municipality)
    )
    return compose.correction_content(row, claim=claim, people=people, setting=setting)


def certificate_of(item: Item, _: Decision | None, people: People, setting: Setting) -> Content:
    """The certificate of an item whose row is a CertificateRow."""
    return compose.certificate_content(item.row, people=people, setting=setting)


def _rejection(item: Item, decision: Decision | None, people: People, setting: Setting) -> Content:
    return compose.rejection_content(item.row, decision=_required(decision), people=people, setting=setting)


def _loss(item: Item, decision: Decision | None, people: People, setting: Setting) -> Content:
    return compose.loss_content(item.row, decision=_required(decision), people=people, setting=setting)


def _request(item: Item, decision: Decision | None, people: People, setting: Setting) -> Content:
    return compose.missing_facts_content(
        item.row, decision=_required(decision), people=people, setting=setting
    )


def _urging(item: Item, _: Decision | None, people: People, setting: Setting) -> Content:
    row: cases.UrgingRow = item.row
    days = cases.urging_answer_days(
        municipality=row.municipality, on=setting.dated, overlay=confirmed_overlay(row.municipality)
    )
    return compose.urging_content(
        row, people=people, setting=setting, answer_by=setting.dated + timedelta(days=days)
    )


def _required(decision: Decision | None) -> Decision:
    if decision is None:
        raise Refused("決定の内容の記録が見つかりません。", remedy="判定し直してください。")
    return decision

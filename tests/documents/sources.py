"""A source of certificates to print without a case behind them: the printing itself is the real one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.db import connection

from kyufu.documents.compose import Setting
from kyufu.documents.content import Kind
from kyufu.documents.jobs import Item, Job, certificate_of
from kyufu.documents.ledger import Order
from kyufu.documents.queries import select_printed
from kyufu.platform.actors import Actor
from kyufu.registry.api import AddressWithheld, PersonView, PostalAddress
from tests.documents import samples

CLERK = Actor("S0001", "訓練 職員", "港北区保険年金課")


@dataclass
class Source:
    """Certificates 1..n; a test bends what stands, where letters go and who is who."""

    indices: list[int]
    stale: dict[int, str] = field(default_factory=dict)
    withheld: dict[int, str] = field(default_factory=dict)
    postal: dict[int, PostalAddress] = field(default_factory=dict)
    children: dict[int, PersonView] = field(default_factory=dict)
    guardians: dict[int, PersonView] = field(default_factory=dict)
    unknown: set[int] = field(default_factory=set)
    wards: dict[int, str] = field(default_factory=dict)

    def due(self) -> Iterable[Item]:
        """The certificates as items."""
        for index in self.indices:
            row = samples.certificate_row(index=index)
            yield Item(index, row.decision_id, row.application_id, row.child_id, row.guardian_id, row)

    def unprinted(self) -> Iterable[Item]:
        """Those that the ledger has no first print of."""
        with connection.cursor() as cursor:
            cursor.execute(select_printed(Kind.CERTIFICATE))
            printed = {row[0] for row in cursor.fetchall()}
        return [item for item in self.due() if item.subject_id not in printed]

    def due_one(self, subject_id: int) -> Item | None:
        """One certificate, printed or not."""
        return next((item for item in self.due() if item.subject_id == subject_id), None)

    def due_among(self, subjects: str) -> Iterable[Item]:
        """Those of a select, printed or not."""
        with connection.cursor() as cursor:
            cursor.execute(subjects)
            asked = {row[0] for row in cursor.fetchall()}
        return [item for item in self.due() if item.subject_id in asked]

    def stale_of(self, decision_ids: Sequence[int]) -> Mapping[int, str]:
        """Those that a test has made stale."""
        return {one: self.stale[one] for one in decision_ids if one in self.stale}

    def people(self, ids: Sequence[int], _: Setting) -> Mapping[int, PersonView]:
        """Children have ids that end in 0, guardians in 1."""
        known = (one for one in ids if one not in self.unknown)
        return {one: self._person(one) for one in known}

    def addresses(self, ids: Sequence[int], _: Setting) -> Mapping[int, PostalAddress | AddressWithheld]:
        """A postal address for each guardian, or why there is none."""
        return {
            one: AddressWithheld(self.withheld[one])
            if one in self.withheld
            else self.postal.get(one, samples.postal())
            for one in ids
            if one not in self.unknown
        }

    def job(self) -> Job:
        """The job that printing takes."""
        return Job(
            kind=Kind.CERTIFICATE,
            due=self.unprinted,
            due_one=self.due_one,
            due_among=self.due_among,
            stale=self.stale_of,
            decisions=lambda _: {},
            people=self.people,
            addresses=self.addresses,
            wards=lambda ids: {one: self.wards.get(one, samples.KOHOKU) for one in ids},
            compose=certificate_of,
        )

    def _person(self, number: int) -> PersonView:
        if number % 10 == 0:
            return self.children.get(number, samples.person(name=f"見本　{number // 10}子"))
        return self.guardians.get(number, samples.person(name="見本　花子"))


def order(*, reason: str = "", uid: UUID | None = None) -> Order:
    """An order to print certificates, as a clerk gives it."""
    return Order(uid or uuid4(), Kind.CERTIFICATE, samples.ON, CLERK, samples.AT, reason, samples.WATERMARK)

"""All that the page of a person shows, section by section; no section asks the database more than three times."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.conf import settings

from kyufu.audit.api import reading_as
from kyufu.cases import api as cases
from kyufu.documents import api as documents
from kyufu.evidence import api as evidence
from kyufu.law.child.facts import IncomeEvidence, InsuranceCoverage
from kyufu.law.child.income_years import IncomeYear, income_year_of, income_year_on
from kyufu.law.decision import Decision
from kyufu.law.income.evidence import Declared
from kyufu.platform.errors import Refused
from kyufu.registry import api as registry
from kyufu.staff.api import AccountKind, Function, Level, Scheme
from kyufu.web.pages.person_acts import acts_for
from kyufu.web.pages.person_alerts import alerts_of
from kyufu.web.pages.person_lanes import lanes_of
from kyufu.web.pages.person_words import is_of_child_age, say_age, say_school_year
from kyufu.web.pages.scope import scope_of
from kyufu.web.pages.stated import Ticket
from kyufu.web.pages.timeline import draw
from kyufu.web.screens import StaffRequest

# Of the one municipality whose rules the system has so far.
CONTACTS_SHOWN = 20
LACKING = "判定に足りないものの確認（所得・医療保険・生活保護・他制度）"
WAITS_FOR = {
    cases.ApplicationState.RECEIVED: "窓口担当の審査・判定を待っています。",
    cases.ApplicationState.INCOMPLETE: "届出人からの補正（足りない書類）を待っています。",
    cases.ApplicationState.JUDGED: "決裁者の決裁を待っています。",
    cases.ApplicationState.UNDECIDED: "判定に足りない資料を待っています。",
    cases.ApplicationState.SENT_BACK: "差し戻されました。窓口担当が判定し直すのを待っています。",
    cases.ApplicationState.APPROVED: "医療証の交付など、決裁後の処理を待っています。",
}


class Member(NamedTuple):
    """Somebody of the household, with the sealed ticket of their page and how they stand with the subsidy."""

    addressee_id: int
    person: registry.PersonView
    key: str
    is_self: bool
    age: str
    is_child: bool
    standing: cases.Standing


class ApplicationLine(NamedTuple):
    """An application on the page: whether its page may be opened, for whom it waits, why it must not be used."""

    told: cases.ApplicationTold
    may_open: bool
    waits_for: str
    stale: str
    child_name: str

    @property
    def row(self) -> cases.ApplicationRow:
        """The application itself."""
        return self.told.row


class CertificateLine(NamedTuple):
    """A certificate with the keys of what may be done with it; empty where nothing may."""

    seen: cases.CertificateSeen
    void_key: str
    recover_key: str


class IncomeLine(NamedTuple):
    """Income evidence with the sum of its incomes (yen), and the months of benefit that it speaks for."""

    evidence: IncomeEvidence
    total: int
    year: IncomeYear | None
    is_wanted: bool


@dataclass(frozen=True, slots=True)
class Subject:
    """The person of the page and what every section needs of them."""

    ticket: Ticket
    person: registry.PersonView
    today: date

    @property
    def id(self) -> int:
        """The addressee id."""
        return self.ticket.person

    @property
    def is_child(self) -> bool:
        """Is the person of an age for which there is a child subsidy?"""
        return is_of_child_age(self.person.birth_date, on=self.today)

    @property
    def lives_here(self) -> bool:
        """Is the person a resident now?"""
        return self.person.status is registry.Status.RESIDENT

    @property
    def age(self) -> str:
        """The age and the school year in words."""
        birth = self.person.birth_date
        words = (say_age(birth, on=self.today), say_school_year(birth, on=self.today))
        return "・".join(one for one in words if one)


def household_of(subject: Subject) -> list[Member]:
    """Everybody of the household, the head first, and the person; of a protected person the person alone."""
    people = {**registry.household(subject.id, today=subject.today), subject.id: subject.person}
    standing = cases.standing_of(list(people), on=subject.today)
    return [
        Member(
            addressee_id=one,
            person=person,
            key=subject.ticket._replace(person=one).key,
            is_self=one == subject.id,
            age=say_age(person.birth_date, on=subject.today),
            is_child=is_of_child_age(person.birth_date, on=subject.today),
            standing=standing[one],
        )
        for one, person in people.items()
    ]


def applications_of(
    request: StaffRequest, *, subject: Subject, household: Sequence[Member]
) -> list[ApplicationLine]:
    """The applications about the person, newest first, with what hinders them."""
    scope = scope_of(request, function=Function.CASE)
    told = cases.applications_told(subject.id, on=subject.today)
    bound = [one.row.decision_id for one in told if one.in_force or one.row.state in cases.OPEN_STATES]
    stale = cases.refuse_if_stale([one for one in bound if one is not None])
    names = {one.addressee_id: one.person.name for one in household}
    return [
        ApplicationLine(
            one,
            may_open=scope.holds_ward(one.row.ward_code),
            waits_for=WAITS_FOR.get(cases.ApplicationState(one.row.state), ""),
            stale="" if one.row.decision_id is None else stale.get(one.row.decision_id, ""),
            child_name=names.get(one.row.child_id, ""),
        )
        for one in told
    ]


def certificates_of(request: StaffRequest, *, subject: Subject) -> list[CertificateLine]:
    """The certificates of the person, newest first, with what this member of staff may do with each."""
    may = request.rights.may(Function.CERTIFICATE, level=Level.UPDATE, scheme=Scheme.CHILD)
    found = []
    for seen in cases.certificates_of([subject.id]):
        key = subject.ticket.key_of(seen.certificate_id) if may else ""
        state = cases.CertificateState(seen.state)
        is_issued = state is cases.CertificateState.ISSUED
        is_out = state is not cases.CertificateState.RECOVERED
        found.append(CertificateLine(seen, key if is_issued else "", key if is_out else ""))
    return found


def incomes_of(held: evidence.EvidenceHeld, *, today: date) -> list[IncomeLine]:
    """Income evidence, the newest year first, each with the months that it speaks for."""
    wanted = income_year_on(today, municipality=settings.KYUFU_MUNICIPALITY)
    lines = []
    for one in reversed(held.incomes):
        year = income_year_of(one.tax_year, municipality=settings.KYUFU_MUNICIPALITY)
        is_wanted = wanted is not None and (one.tax_year, one.covers) == (wanted.tax_year, wanted.income)
        lines.append(IncomeLine(one, sum(one.incomes), year, is_wanted))
    return lines


def missing_income(held: evidence.EvidenceHeld, *, today: date) -> IncomeYear | None:
    """The year of which the person has no declared income on record, though it counts today; None: all is there."""
    wanted = income_year_on(today, municipality=settings.KYUFU_MUNICIPALITY)
    if wanted is None:
        return None
    has = any(
        one.covers == wanted.income and one.declared is Declared.YES and one.tax_year == wanted.tax_year
        for one in held.incomes
    )
    return None if has else wanted


def foreseen(
    subject: Subject,
    *,
    held: evidence.EvidenceHeld,
    facts: registry.PersonFacts | None,
    applications: Collection[ApplicationLine],
) -> Decision | None:
    """What the law would answer today on what is known: it says what is missing. Nothing is stored.

    None for whom it cannot be asked: nobody of a child's age, no record in the register, or facts it cannot compute.
    """
    if not subject.is_child or facts is None:
        return None
    told = [one.told for one in applications if one.row.child_id == subject.id]
    standing = [one for one in told if one.row.state != cases.ApplicationState.WITHDRAWN]
    filed = [one.row.received_on for one in standing if one.row.kind == cases.Kind.NEW]
    named = standing[0].guardians if standing else ()
    with reading_as(LACKING):
        incomes = evidence.evidence_held([one for one, _ in named]) if named else {}
    known = cases.facts_known(
        facts,
        insurances=[InsuranceCoverage(one.insurer_no, one.valid) for one in held.insurances],
        assistance=held.assistances,
        schemes=held.other_schemes,
        guardians=[(relation, incomes[one].incomes) for one, relation in named],
        applied_on=filed[0] if filed else None,
    )
    try:
        return cases.judge_trial(known, municipality=settings.KYUFU_MUNICIPALITY, on=subject.today)
    except Refused:
        return None


def contacts_shown(request: StaffRequest, *, subject: Subject) -> tuple[registry.ContactSeen, ...] | None:
    """The latest contact records, one more than are shown; None for contractors, whose work they are not."""
    if request.rights.kind is AccountKind.CONTRACTOR:
        return None
    return registry.contacts_of(subject.id, limit=CONTACTS_SHOWN + 1)


def page_of(request: StaffRequest, *, subject: Subject) -> dict[str, Any]:
    """Everything that the template of the page asks for."""
    household = household_of(subject)
    standing = next(one.standing for one in household if one.is_self)
    applications = applications_of(request, subject=subject, household=household)
    certificates = certificates_of(request, subject=subject)
    entitlements = cases.entitlements_of([subject.id]).get(subject.id, ())
    held = evidence.evidence_held([subject.id])[subject.id]
    facts = registry.person_facts([subject.id]).get(subject.id)
    contacts = contacts_shown(request, subject=subject)
    incomes = incomes_of(held, today=subject.today)
    lanes = lanes_of(
        entitlements=entitlements,
        certificates=[one.seen for one in certificates],
        incomes=[(one.evidence, one.year) for one in incomes],
        held=held,
        facts=None if subject.person.protected else facts,
    )
    return {
        "subject": subject,
        "ticket": subject.ticket,
        "person": subject.person,
        "today": subject.today,
        "household": household,
        "standing": standing,
        "entitlements": entitlements,
        "applications": applications,
        "certificates": certificates,
        "letters": documents.pages_to(subject.id),
        "incomes": incomes,
        "held": held,
        "missing_income": missing_income(held, today=subject.today) if standing.is_guardian else None,
        "foreseen": foreseen(subject, held=held, facts=facts, applications=applications),
        "lanes": [one for one in lanes if one.bars],
        "drawing": draw(lanes, today=subject.today, birth_date=subject.person.birth_date),
        "contacts": None if contacts is None else contacts[:CONTACTS_SHOWN],
        "may_write": request.rights.may(Function.CASE, level=Level.UPDATE, scheme=Scheme.CHILD),
        "more_contacts": contacts is not None and len(contacts) > CONTACTS_SHOWN,
        "alerts": alerts_of(
            person=subject.person,
            today=subject.today,
            applications=applications,
            certificates=[one.seen for one in certificates],
            is_entitled=standing.entitled is not None,
            undrawable=registry.undrawable_items(subject.id),
            contacts=contacts or (),
        ),
        "acts": acts_for(
            request.rights,
            is_child=subject.is_child,
            lives_here=subject.lives_here,
            is_entitled=standing.entitled is not None,
            open_kinds=[
                cases.Kind(one.row.kind)
                for one in applications
                if one.row.child_id == subject.id and one.row.state in cases.OPEN_STATES
            ],
            has_card=any(one.seen.state == cases.CertificateState.ISSUED for one in certificates),
        ),
    }

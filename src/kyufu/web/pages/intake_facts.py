"""What the intake knows before it asks: the child, the household, the insurance, and what is already in hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from kyufu.cases import api as cases
from kyufu.evidence import api as evidence
from kyufu.law.calendar.ages import age_on
from kyufu.notation.display import format_date
from kyufu.notation.municipalities import municipality_name
from kyufu.platform.actors import Actor
from kyufu.platform.clock import JAPAN
from kyufu.registry import api as registry
from kyufu.web.pages.scope import Scope, scope_of
from kyufu.web.pages.words import RELATIONS as WORDS_OF_RELATION
from kyufu.web.screens import StaffRequest

# Whoever is younger may be a child of the benefit (it ends with the school year of the 18th birthday).
CHILD_UNDER, ADULT_FROM = 19, 18
# By the child's relation to the head of the household, which relations its parents have there (01 世帯主, 02 配偶者,
# 10 子, 30 孫); of other relations the register does not say who the parents are.
PARENTS_OF = {"10": frozenset({"01", "02"}), "30": frozenset({"10"})}


class Notice(NamedTuple):
    """Something that is noticed beside what is handed in; `application_id` where its page may be opened."""

    text: str
    application_id: int | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """All that the form of one child is made from, as it stands now."""

    child_id: int
    child: registry.PersonView
    household: Mapping[int, registry.PersonView]
    insurances: tuple[evidence.InsuranceEvidence, ...]
    in_hand: tuple[cases.OpenApplication, ...]
    scope: Scope
    clerk: Actor
    today: date

    @property
    def wards(self) -> list[tuple[str, str]]:
        """The wards that the clerk's right reaches, as choices."""
        return [(code, municipality_name(code)) for code in sorted(self.scope.wards)]

    @property
    def is_insured(self) -> bool:
        """Is there a record of insurance that holds today?"""
        return any(self.today in one.valid for one in self.insurances)

    def adult_choices(self) -> list[tuple[str, str]]:
        """Those of the household who may be guardians, as choices; nobody is left out whose age is not known."""
        return [
            (str(one), self.words_of(one, person=person))
            for one, person in self.household.items()
            if one != self.child_id and _may_be_guardian(person, on=self.today)
        ]

    def words_of(self, person_id: int, *, person: registry.PersonView) -> str:
        """A person in a line: name, kana, date of birth, and the relation where they are of the household."""
        born = "不明" if person.birth_date is None else format_date(person.birth_date)
        relation = WORDS_OF_RELATION.get(person.relation, "") if person_id in self.household else ""
        line = f"{person.name}（{person.kana}）{born}生"
        return f"{line}　{relation}" if relation and relation != "—" else line

    def find_elsewhere(self, number: str, *, born: date) -> int | None:
        """The addressee id of somebody of another household; None where not both number and date of birth fit.

        Of any ward: who knows both from the paper is told the name to compare with it, and nothing more.
        """
        padded = number.strip().zfill(15) if number.strip().isdigit() else number.strip()
        found = registry.addressee_ids({number.strip(), padded}).values()
        people = registry.people(sorted(found), valid_on=self.today, today=self.today)
        return next((one for one, person in people.items() if person.birth_date == born), None)

    def withdrawable(self) -> list[tuple[str, str]]:
        """The open applications of the child within the clerk's wards, as choices."""
        return [
            (one.number, f"{one.number}　{_kind(one)}　{format_date(one.received_on)}受付　{_state(one)}")
            for one in self.in_hand
            if one.child_id == self.child_id
            and one.kind != cases.Kind.WITHDRAWAL
            and self.scope.holds_ward(one.ward_code)
        ]


def desk_of(request: StaffRequest, *, child_id: int, child: registry.PersonView, today: date) -> Desk:
    """Gather what the form of a child is made from; the number of queries does not grow with the household."""
    members = registry.household_ids(child_id)
    household = registry.people(members, valid_on=today, today=today)
    minors = [one for one, person in household.items() if may_be_child(person, on=today)]
    return Desk(
        child_id=child_id,
        child=child,
        household=household,
        insurances=evidence.insurance_details_of([child_id])[child_id],
        in_hand=cases.open_applications(sorted({child_id, *minors})),
        scope=scope_of(request),
        clerk=request.access.actor,
        today=today,
    )


def may_be_child(person: registry.PersonView, *, on: date) -> bool:
    """Is the person young enough for the benefit for children, or of unknown age?"""
    born = person.birth_date
    return born is None or born > on or age_on(born, on=on) < CHILD_UNDER


def _may_be_guardian(person: registry.PersonView, *, on: date) -> bool:
    born = person.birth_date
    return born is None or (born <= on and age_on(born, on=on) >= ADULT_FROM)


def notices_of(desk: Desk, *, filing: cases.Filing) -> list[Notice]:
    """What a clerk should know before this is received: a parent left out, cases in hand, siblings', another number."""
    return [
        *_parents_left_out(desk, filing=filing),
        *_cases_in_hand(desk, filing=filing),
        *_periods(desk, kind=filing.kind),
        *_other_numbers(desk),
    ]


def _parents_left_out(desk: Desk, *, filing: cases.Filing) -> Iterator[Notice]:
    """Who by the register may be a parent living with the child, and is no guardian of a paper that names guardians.

    Of two parents the higher earner is judged: one who is never entered is never judged.
    """
    named = {one.addressee_id for one in filing.guardians}
    names_guardians = filing.kind in (cases.Kind.NEW, cases.Kind.CHANGE)
    # Of a protected child nobody is asked after: the parent who is left out may be the one it is protected from.
    if not names_guardians or len(named) >= cases.GUARDIANS_MOST or desk.child.protected:
        return
    relations = PARENTS_OF.get(desk.child.relation, frozenset())
    for one, person in desk.household.items():
        if one in named or person.relation not in relations or not _may_be_guardian(person, on=desk.today):
            continue
        words = WORDS_OF_RELATION.get(person.relation, "")
        yield Notice(
            f"同じ世帯の {person.name} さん（{words}）が保護者に入っていません。"
            "父母のうち所得の高い方で判定するため、保護者かどうか確かめてください。"
        )


def _cases_in_hand(desk: Desk, *, filing: cases.Filing) -> Iterator[Notice]:
    for one in desk.in_hand:
        opens = one.application_id if desk.scope.holds_ward(one.ward_code) else None
        if one.child_id != desk.child_id:
            sibling = desk.household[one.child_id].name
            yield Notice(
                f"同じ世帯の {sibling} さんの{_kind(one)}が処理中です。{_who(desk, case=one)}", opens
            )
        elif one.kind == filing.kind:
            yield Notice(f"同じ児童の同じ種類（{_kind(one)}）が処理中です。{_who(desk, case=one)}", opens)
        else:
            yield Notice(f"同じ児童の{_kind(one)}が処理中です。{_who(desk, case=one)}", opens)


def _who(desk: Desk, *, case: cases.OpenApplication) -> str:
    """Who received it and when; of a protected child's case in another ward not where."""
    is_hidden = desk.child.protected and not desk.scope.holds_ward(case.ward_code)
    clerk = "所管する課の職員" if is_hidden else f"{case.clerk_office} {case.clerk_name}"
    at = moment_words(case.received_at, today=desk.today)
    return f"{clerk} が {at} に受け付けました（受付番号 {case.number}、{_state(case)}）。"


def moment_words(at: datetime, *, today: date) -> str:
    """An instant as one says it at the counter: the time of today, with the day before it otherwise."""
    here = at.astimezone(JAPAN)
    return f"{here:%H:%M}" if here.date() == today else f"{format_date(here.date())} {here:%H:%M}"


def _periods(desk: Desk, *, kind: str) -> Iterator[Notice]:
    """An entitlement in force speaks against a new application alone: all others are about it."""
    if kind != cases.Kind.NEW:
        return
    for one in cases.entitlements_of([desk.child_id]).get(desk.child_id, ()):
        if desk.today in one.valid:
            yield Notice(f"この児童には、いま有効な資格があります（{format_date(one.valid.start)}から）。")


def _other_numbers(desk: Desk) -> Iterator[Notice]:
    """The same name and birth date under another addressee number; those of other wards by count alone."""
    child = desk.child
    asked = registry.NonResident(
        name=child.name, kana=child.kana, sex=child.sex, birth_date=child.birth_date, birth_date_note="",
        municipality="", postal_code="", prefecture="", city="", town="", house_number="", building="",
    )  # fmt: skip
    others = [one for one in registry.alike(asked) if one != desk.child_id]
    if child.birth_date is None or not others:
        return
    people = registry.people(others, valid_on=desk.today, today=desk.today)
    held = desk.scope.held_of(people)
    for one in sorted(held):
        number = people[one].addressee_no
        yield Notice(f"氏名（またはカナ）と生年月日の同じ人が、別の宛名番号 {number} で登録されています。")
    if len(held) < len(others):
        count = len(others) - len(held)
        yield Notice(
            f"氏名（またはカナ）と生年月日の同じ人が、所管外に {count} 人います。本課に確かめてください。"
        )


def _kind(case: cases.OpenApplication) -> str:
    return cases.japanese(cases.Kind(case.kind))


def _state(case: cases.OpenApplication) -> str:
    return cases.japanese(cases.ApplicationState(case.state))

"""The answer on one household as of a day: who pays, who counts, which household part, which former dependants."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from kyufu.law.calendar.months import month_of
from kyufu.law.calendar.period import ONE_DAY, Period
from kyufu.law.calendar.wareki import format_wareki, format_wareki_month
from kyufu.law.decision import Citation, Quantity, Reason
from kyufu.law.kokuho.answer import Answer, Undecidable, distinct, hash_facts, undecided
from kyufu.law.kokuho.enrolment.facts import EnrolmentFacts, PersonFacts
from kyufu.law.kokuho.enrolment.household import (
    DEPENDANT,
    HEAD,
    SPECIFIED,
    Change,
    FormerDependant,
    Head,
    HeadKind,
    Headship,
    HouseholdKind,
    Member,
    former_dependant,
    head_on,
    household_kind,
    insured_refs,
    specified_since,
)
from kyufu.law.kokuho.enrolment.judgement import enrolments_of, judge_enrolment
from kyufu.law.kokuho.enrolment.parameters import ENROLMENT_FILES, EnrolmentRules, rules_on
from kyufu.law.kokuho.specified import specified_month
from kyufu.law.parameters.catalogue import overlaid_version
from kyufu.law.parameters.overlay import NOTHING, Overlay
from kyufu.law.tracing import Block, Trace

RULE = "kokuho-household"
HEADS = {
    HeadKind.INSURED: "被保険者である世帯主",
    HeadKind.PSEUDO: "擬制世帯主",
    HeadKind.CHANGED: "変更後の世帯主",
}
KINDS = {
    HouseholdKind.ORDINARY: "特定世帯等に当たらない世帯",
    HouseholdKind.SPECIFIED: "特定世帯",
    HouseholdKind.CONTINUING: "特定継続世帯",
}
_BASIS = (
    Quantity("judged_for", "基準日", "日付"),
    Quantity("head", "国民健康保険の世帯主", "区分"),
    Quantity("head_kind", "世帯主の区分", "区分"),
    Quantity("insured", "被保険者の数", "人"),
    Quantity("specified", "特定同一世帯所属者の数", "人"),
    Quantity("household_kind", "世帯の区分", "区分"),
)
_SPECIFIED = (
    Quantity("specified_member", "特定同一世帯所属者", "区分"),
    Quantity("specified_since", "資格を喪失した日", "日付"),
)
_DEPENDANT = (
    Quantity("former_dependant", "旧被扶養者", "区分"),
    Quantity("former_dependant_from", "均等割の減免の始まる月の初日", "日付"),
    Quantity("former_dependant_until", "均等割の減免の終わる月の翌月の初日", "日付"),
)


class HouseholdMember(NamedTuple):
    """One member: the days of belonging to the household, and the person.

    `worker_joined_late_elderly_on` is the day on which the worker whose dependant the person was became insured with
    the medical care of the late elderly; None where there is none.
    """

    ref: str
    belongs: Period
    person: PersonFacts
    worker_joined_late_elderly_on: date | None = None


class HouseholdFacts(NamedTuple):
    """A household in a municipality with the heads of the register, and a request to change the head."""

    municipality: str
    members: tuple[HouseholdMember, ...]
    headships: tuple[Headship, ...]
    change: Change | None = None

    def fault(self) -> tuple[str, str] | None:
        """What is wrong: the code, or someone is twice."""
        refs = [each.ref for each in self.members]
        if len(set(refs)) != len(refs):
            return "members", "同じ ref の人が二人います"
        if any(each.head not in refs for each in self.headships):
            return "headships", "世帯主が members にいません（被保険者でない世帯主も members に書きます）"
        if self.change is not None and self.change.new_head not in refs:
            return "change.new_head", "members にいない人です"
        return None if len(self.municipality) == 6 else ("municipality", "6桁の数字ではありません")


class Specified(NamedTuple):
    """A 特定同一世帯所属者: the day of the loss that made one, and the day before it, of the new insurance.

    `joined_on` is what the premium asks for (後期高齢者医療の被保険者となった日).
    """

    ref: str
    since: date
    joined_on: date


class RelievedDependant(NamedTuple):
    """A former dependant and the months of the halved per-head part."""

    ref: str
    months: FormerDependant


class HouseholdFound(NamedTuple):
    """A household as of a day; `insured` are the refs of those insured and belonging to it, in the order given."""

    head: Head
    insured: tuple[str, ...]
    specified: tuple[Specified, ...]
    kind: HouseholdKind
    former_dependants: tuple[RelievedDependant, ...]


def judge_household(facts: HouseholdFacts, *, on: date, overlay: Overlay = NOTHING) -> Answer[HouseholdFound]:
    """Who pays for a household on a day, and what kind of household it is (法第9条・第76条、令第29条の7第2項).

    CannotDecide where a member's enrolment is not decided, the head of the register is not known, nobody is insured,
    or the conditions of a change of head are not known.
    """
    hashed = hash_facts((facts, on), rule=RULE)
    version = overlaid_version(ENROLMENT_FILES, overlay=overlay)
    found = _judge(facts, on=on, overlay=overlay)
    if isinstance(found, Undecidable):
        return undecided(
            rule=RULE,
            municipality=facts.municipality,
            why=found,
            steps=(),
            citations=(HEAD, SPECIFIED),
            parameter_version=version,
            facts_hash=hashed,
        )
    cited: list[Citation] = [HEAD, SPECIFIED, *(DEPENDANT for _ in found.former_dependants)]
    return Answer(
        RULE,
        facts.municipality,
        found,
        _told(found, on=on),
        Trace(_blocks(found, on=on)),
        distinct(cited),
        version,
        hashed,
    )


def _judge(facts: HouseholdFacts, *, on: date, overlay: Overlay) -> HouseholdFound | Undecidable:
    members: list[Member] = []
    for each in facts.members:
        answer = judge_enrolment(EnrolmentFacts(facts.municipality, each.person), on=on, overlay=overlay)
        born = each.person.birth_date
        if not answer.decided or born is None:
            missing = getattr(answer.value, "missing", ())
            return Undecidable(answer.reasons, tuple(f"{lacking}（{each.ref}）" for lacking in missing))
        spans = enrolments_of(
            each.person, municipality=facts.municipality, birth_date=born, on=on, overlay=overlay
        )
        members.append(Member(each.ref, each.belongs, spans))
    head = head_on(on, members=members, headships=facts.headships, change=facts.change)
    return (
        head if isinstance(head, Undecidable) else _found(facts, members, head=head, on=on, overlay=overlay)
    )


def _found(
    facts: HouseholdFacts, members: list[Member], *, head: Head, on: date, overlay: Overlay
) -> HouseholdFound:
    rules = rules_on(on, into=EnrolmentRules, overlay=overlay)
    refs = insured_refs(members, on=on)
    specified = tuple(
        Specified(each.ref, since, since - ONE_DAY)
        for each in members
        if (since := specified_since(each, headships=facts.headships, on=on)) is not None
    )
    kind = household_kind(
        month_of(on), insured=len(refs), specified=[each.since for each in specified], rules=rules
    )
    return HouseholdFound(
        head,
        tuple(each.ref for each in members if each.ref in refs),
        specified,
        kind,
        tuple(_dependants(facts, members, on=on, rules=rules)),
    )


def _dependants(
    facts: HouseholdFacts, members: list[Member], *, on: date, rules: EnrolmentRules
) -> list[RelievedDependant]:
    found: list[RelievedDependant] = []
    for given, member in zip(facts.members, members, strict=True):
        current = [span for span in member.enrolments if on in span.period]
        months = current and former_dependant(
            current[0],
            person=given.person,
            worker_joined_late_elderly_on=given.worker_joined_late_elderly_on,
            rules=rules,
        )
        if months:
            found.append(RelievedDependant(member.ref, months))
    return found


def _blocks(found: HouseholdFound, *, on: date) -> tuple[Block, ...]:
    basis = (
        on,
        found.head.ref,
        HEADS[found.head.kind],
        len(found.insured),
        len(found.specified),
        KINDS[found.kind],
    )
    dependants = [
        (_DEPENDANT, (each.ref, each.months.start.first_day, each.months.end.first_day))
        for each in found.former_dependants
    ]
    return ((_BASIS, basis), *((_SPECIFIED, (each.ref, each.since)) for each in found.specified), *dependants)


def _told(found: HouseholdFound, *, on: date) -> tuple[Reason, ...]:
    day = format_wareki(on)
    head = (
        f"{day}の世帯主は{found.head.ref}（{HEADS[found.head.kind]}）、被保険者は{len(found.insured)}人です。"
    )
    reasons = [Reason("household.head", head, HEAD)]
    if found.head.kind is HeadKind.PSEUDO:
        text = "世帯主は被保険者ではありませんが、届出と納付の義務を負います（擬制世帯）。"
        reasons.append(Reason("household.pseudo", text, HEAD))
    if found.kind is not HouseholdKind.ORDINARY:
        first = specified_month(max(each.joined_on for each in found.specified)).first_day
        text = f"{KINDS[found.kind]}に当たります（特定月は{format_wareki_month(first)}）。"
        reasons.append(Reason(f"household.{found.kind.value}", text, SPECIFIED))
    for each in found.former_dependants:
        start, end = each.months.start.first_day, each.months.end.first_day
        text = (
            f"{each.ref}は旧被扶養者に当たります（均等割の減免は{format_wareki_month(start)}から"
            f"{format_wareki_month(end)}の前月まで。申請が必要です）。"
        )
        reasons.append(Reason("household.former_dependant", text, DEPENDANT))
    return tuple(reasons)

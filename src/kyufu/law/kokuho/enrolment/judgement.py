"""The answer on one person's enrolment in one municipality, as of a day and for the fiscal year that holds it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from kyufu.law.calendar.ages import age_on, reaches_age_on
from kyufu.law.calendar.months import YearMonth
from kyufu.law.calendar.period import Period
from kyufu.law.calendar.wareki import format_wareki
from kyufu.law.calendar.years import fiscal_year
from kyufu.law.decision import Citation, Quantity, Reason
from kyufu.law.kokuho.answer import Answer, Undecidable, distinct, hash_facts, undecided
from kyufu.law.kokuho.enrolment.facts import (
    PREFECTURE_DIGITS,
    EnrolmentFacts,
    InsuranceKind,
    PersonFacts,
)
from kyufu.law.kokuho.enrolment.months import care_months, charged_months, charged_period, recipient_from
from kyufu.law.kokuho.enrolment.notices import Notice, levyable_years, notice_of
from kyufu.law.kokuho.enrolment.parameters import (
    ENROLMENT_FILES,
    AgeRules,
    EnrolmentRules,
    known_from,
    rules_on,
)
from kyufu.law.kokuho.enrolment.places import Ground, Place, places_of
from kyufu.law.kokuho.enrolment.spans import Cause, Span, exclusions_of, late_elderly_on, spans_in
from kyufu.law.parameters.catalogue import overlaid_version
from kyufu.law.parameters.overlay import NOTHING, Overlay
from kyufu.law.tracing import Block, Trace

RULE = "kokuho-enrolment"
ACQUIRED = Citation("国民健康保険法", "第7条（資格取得の時期）", "official")
LOST = Citation("国民健康保険法", "第8条（資格喪失の時期）", "official")
EXCLUDED = Citation("国民健康保険法", "第5条・第6条（被保険者・適用除外）", "official")
STUDY = Citation("国民健康保険法", "第116条（修学中の被保険者の特例）", "official")
INSTITUTION = Citation("国民健康保険法", "第116条の2（病院等に入院等の被保険者の特例）", "official")
NOTIFIED = Citation("国民健康保険法", "第9条、同法施行規則第2条・第11条（14日以内の届出）", "official")
MONTHS = Citation("市町村の国民健康保険（料）条例", "賦課期日後の資格の取得・喪失（月割）", "secondary")
TIME_BAR = Citation("国民健康保険法・地方税法", "第110条の2（賦課決定の期間制限）・第17条の5", "secondary")
CARE = Citation("介護保険法", "第9条第2号（40歳以上65歳未満）", "official")
LATE_ELDERLY = Citation("高齢者の医療の確保に関する法律", "第50条・第52条", "official")

DAY, CLASS, MONTH_COUNT, NUMBER = "日付", "区分", "月", "日"
_BASIS = (
    Quantity("judged_for", "基準日", DAY),
    Quantity("municipality", "市町村", CLASS),
    Quantity("birth_date", "生年月日", DAY),
    Quantity("age", "基準日の満年齢", "歳"),
    Quantity("reaches_care_from", "40歳に達する日", DAY),
    Quantity("reaches_care_to", "65歳に達する日", DAY),
    Quantity("recipient_from", "高齢受給者となる日", DAY),
    Quantity("late_elderly_on", "後期高齢者医療の対象となる日（75歳の誕生日）", DAY),
)
_SPAN = (
    Quantity("acquired_on", "適用の始まる日（資格取得日）", DAY),
    Quantity("acquired_by", "取得の事由", CLASS),
    Quantity("lost_on", "適用の終わる日（資格喪失日）", DAY),
    Quantity("lost_by", "喪失の事由", CLASS),
    Quantity("qualified_from", "都道府県における資格取得日", DAY),
    Quantity("qualified_until", "都道府県における資格喪失日", DAY),
)
_NOTICE = (
    Quantity("notify_about", "届け出る事実のあった日", DAY),
    Quantity("notify_due", "届出の期限", DAY),
    Quantity("notified_on", "届出の日", DAY),
    Quantity("days_late", "期限から遅れた日数", NUMBER),
)
_MONTHS = (
    Quantity("fiscal_year", "年度", "年度"),
    Quantity("charged_months", "賦課の対象となる月数", MONTH_COUNT),
    Quantity("care_months", "うち介護分の対象となる月数", MONTH_COUNT),
)
WITHOUT_NOTICE = frozenset({Cause.LATE_ELDERLY_AGE, Cause.LATE_ELDERLY_DISABILITY})


class Enrolled(NamedTuple):
    """One enrolment in the municipality (適用): its days and causes, and the qualification in the prefecture.

    `charged` is what the premium counts months by; `acquisition` and `loss` are the notifications that each asks for,
    None where it asks for none.
    """

    span: Span
    charged: Period
    qualified_from: date
    qualified_until: date | None
    acquisition: Notice
    loss: Notice | None


class EnrolmentFound(NamedTuple):
    """The enrolment of one person in one municipality.

    `insured` holds on the day asked for; the months are those of its fiscal year; `ground` is why the municipality is
    the person's; `levyable` are the fiscal years that may still be levied on that day, None where it was not asked.
    """

    insured: bool
    ground: Ground | None
    enrolments: tuple[Enrolled, ...]
    charged_months: tuple[YearMonth, ...]
    care_months: tuple[YearMonth, ...]
    recipient_from: date
    late_elderly_on: date
    levyable: tuple[int, ...] | None


def judge_enrolment(facts: EnrolmentFacts, *, on: date, overlay: Overlay = NOTHING) -> Answer[EnrolmentFound]:
    """Whether and since when a person is insured in the municipality, and for which months.

    CannotDecide where the birth date or other insurance is not known, or the day is before the figures kept
    (国民健康保険法第5条から第9条).
    """
    version = overlaid_version(ENROLMENT_FILES, overlay=overlay)
    hashed = hash_facts((facts, on), rule=RULE)
    birth_date = facts.person.birth_date
    doubt = _doubt(facts.person, on=on, overlay=overlay)
    if doubt is not None or birth_date is None:
        return undecided(
            rule=RULE,
            municipality=facts.municipality,
            why=doubt or Undecidable((), ()),
            steps=(),
            citations=(EXCLUDED,),
            parameter_version=version,
            facts_hash=hashed,
        )
    value, places = _found(facts, on=on, birth_date=birth_date, overlay=overlay)
    ages = rules_on(on, into=AgeRules, overlay=overlay)
    blocks = (_basis(facts, on=on, birth_date=birth_date, found=value, ages=ages), *_blocks(value, on=on))
    reasons = (_said(value, on=on), *_told(value, places=places, on=on))
    cited = [each.citation for each in reasons if each.citation is not None]
    return Answer(
        RULE,
        facts.municipality,
        value,
        reasons,
        Trace(blocks),
        distinct((EXCLUDED, ACQUIRED, LOST, MONTHS, CARE, LATE_ELDERLY, *cited)),
        version,
        hashed,
    )


def enrolments_of(
    person: PersonFacts, *, municipality: str, birth_date: date, on: date, overlay: Overlay = NOTHING
) -> tuple[Span, ...]:
    """The enrolments of a person in a municipality (six digits) or of the qualification in a prefecture (two)."""
    ages = rules_on(on, into=AgeRules, overlay=overlay)
    return spans_in(
        municipality,
        places=places_of(person),
        facts=person,
        birth_date=birth_date,
        exclusions=exclusions_of(person, birth_date=birth_date, rules=ages),
    )


def _doubt(person: PersonFacts, *, on: date, overlay: Overlay) -> Undecidable | None:
    if person.birth_date is None:
        return _lacks("enrolment.birth_date_unknown", "生年月日が分かりません。", "生年月日")
    if on < known_from(EnrolmentRules, overlay=overlay):
        first = format_wareki(known_from(EnrolmentRules, overlay=overlay))
        return _lacks(
            "enrolment.before_known", f"{first}より前の資格は判定できません。", f"{first}より前の基準値"
        )
    if person.other_insurances is None:
        text = "他の医療保険に加入しているか分かりません。"
        return _lacks("enrolment.insurance_unknown", text, "他の医療保険の加入・喪失の資料")
    ages = rules_on(on, into=AgeRules, overlay=overlay)
    eligible = reaches_age_on(person.birth_date, age=ages.disability_age)
    for each in person.other_insurances:
        if each.kind is InsuranceKind.LATE_ELDERLY and each.period.start < eligible:
            text = "65歳に達する前の日に後期高齢者医療の障害認定があり、資料が食い違っています。"
            return _lacks("enrolment.contradictory", text, "障害認定の日の確認")
    return None


def _lacks(code: str, text: str, missing: str) -> Undecidable:
    return Undecidable((Reason(code, text, EXCLUDED),), (missing,))


def _found(
    facts: EnrolmentFacts, *, on: date, birth_date: date, overlay: Overlay
) -> tuple[EnrolmentFound, tuple[Place, ...]]:
    ages = rules_on(on, into=AgeRules, overlay=overlay)
    rules = rules_on(on, into=EnrolmentRules, overlay=overlay)
    person, code = facts.person, facts.municipality
    spans = enrolments_of(person, municipality=code, birth_date=birth_date, on=on, overlay=overlay)
    whole = enrolments_of(
        person, municipality=code[:PREFECTURE_DIGITS], birth_date=birth_date, on=on, overlay=overlay
    )
    months = charged_months(spans, fiscal_year=fiscal_year(on))
    places = places_of(person)
    here = [each for each in places if each.municipality == code and on in each.period]
    levyable = None
    if facts.levy is not None and facts.first_due:
        levyable = levyable_years(facts.first_due, levy=facts.levy, decided_on=on, rules=rules)
    return (
        EnrolmentFound(
            insured=any(on in each.period for each in spans),
            ground=here[0].ground if here else None,
            enrolments=tuple(_enrolled(each, whole=whole, person=person, rules=rules) for each in spans),
            charged_months=months,
            care_months=care_months(months, birth_date=birth_date, exempt=person.care_exempt, rules=ages),
            recipient_from=recipient_from(birth_date, rules=ages),
            late_elderly_on=late_elderly_on(birth_date, rules=ages),
            levyable=levyable,
        ),
        places,
    )


def _enrolled(span: Span, *, whole: Sequence[Span], person: PersonFacts, rules: EnrolmentRules) -> Enrolled:
    qualified = next(each for each in whole if span.acquired_on in each.period)
    loss = None
    if span.ended_on is not None and span.lost_by not in WITHOUT_NOTICE:
        loss = notice_of(span.ended_on, notifications=person.notifications, rules=rules)
    return Enrolled(
        span,
        charged_period(span),
        qualified.acquired_on,
        qualified.lost_on,
        notice_of(span.acquired_on, notifications=person.notifications, rules=rules),
        loss,
    )


def _basis(
    facts: EnrolmentFacts, *, on: date, birth_date: date, found: EnrolmentFound, ages: AgeRules
) -> Block:
    return _BASIS, (
        on,
        facts.municipality,
        birth_date,
        age_on(birth_date, on=on) if on >= birth_date else None,
        reaches_age_on(birth_date, age=ages.care_from_age),
        reaches_age_on(birth_date, age=ages.care_until_age),
        found.recipient_from,
        found.late_elderly_on,
    )


def _blocks(found: EnrolmentFound, *, on: date) -> list[Block]:
    blocks: list[Block] = []
    for each in found.enrolments:
        span = each.span
        days = (span.acquired_on, span.acquired_by.value, span.lost_on, span.lost_by and span.lost_by.value)
        blocks.append((_SPAN, (*days, each.qualified_from, each.qualified_until)))
        blocks += [(_NOTICE, tuple(notice)) for notice in (each.acquisition, each.loss) if notice is not None]
    blocks.append((_MONTHS, (fiscal_year(on), len(found.charged_months), len(found.care_months))))
    return blocks


def _said(found: EnrolmentFound, *, on: date) -> Reason:
    day = format_wareki(on)
    current = [each for each in found.enrolments if on in each.span.period]
    if not current:
        return Reason("enrolment.not_insured", f"{day}にこの市町村の被保険者ではありません。", EXCLUDED)
    span = current[0].span
    text = f"{day}にこの市町村の被保険者です（{format_wareki(span.acquired_on)}取得：{span.acquired_by.value}）。"
    return Reason("enrolment.insured", text, ACQUIRED)


def _told(found: EnrolmentFound, *, places: Sequence[Place], on: date) -> list[Reason]:
    told = []
    if found.ground is Ground.STUDY:
        told.append(Reason("enrolment.study", "修学のため他の市町村に住む者の特例によります。", STUDY))
    if found.ground is Ground.INSTITUTION:
        text = "病院等に入院等をする前の市町村の被保険者とする特例（住所地特例）によります。"
        told.append(Reason("enrolment.institution", text, INSTITUTION))
    if found.ground is None and any(
        each.ground is not Ground.ADDRESS and on in each.period for each in places
    ):
        text = "修学中又は入院等の特例により、他の市町村の被保険者です。"
        told.append(Reason("enrolment.elsewhere", text, STUDY))
    for each in found.enrolments:
        told += [_late(notice) for notice in (each.acquisition, each.loss) if notice and notice.days_late]
        if each.acquisition.notified_on is None:
            day = format_wareki(each.acquisition.about)
            text = f"{day}の資格取得の届出がありません。届出が遅れても資格は取得の日にさかのぼります。"
            told.append(Reason("enrolment.no_notice", text, NOTIFIED))
    if found.levyable is not None:
        years = "、".join(
            f"{format_wareki(date(each, 12, 31)).partition('年')[0]}年度" for each in found.levyable
        )
        text = f"この日に賦課を決定できる年度は{years or '（なし）'}です。"
        told.append(Reason("enrolment.levyable", text, TIME_BAR))
    return told


def _late(notice: Notice) -> Reason:
    about, due = format_wareki(notice.about), format_wareki(notice.due_on)
    text = f"{about}の届出は期限（{due}）から{notice.days_late}日遅れましたが、資格はその日にさかのぼります。"
    return Reason("enrolment.late_notice", text, NOTIFIED)

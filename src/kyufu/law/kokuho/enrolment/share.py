"""The share of cost (一部負担金の割合) by age and, from 70, by income (国民健康保険法第42条、施行令第27条の2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from kyufu.law.calendar.ages import age_at_end_of
from kyufu.law.calendar.wareki import format_wareki
from kyufu.law.decision import Citation, Quantity, Reason
from kyufu.law.kokuho.answer import Answer, Undecidable, distinct, hash_facts, undecided
from kyufu.law.kokuho.enrolment.months import preschool_until, recipient_from
from kyufu.law.kokuho.enrolment.parameters import (
    ENROLMENT_FILES,
    AgeRules,
    ShareRules,
    known_from,
    rules_on,
)
from kyufu.law.kokuho.enrolment.spans import late_elderly_on
from kyufu.law.kokuho.explain import say_fiscal_year
from kyufu.law.parameters.catalogue import overlaid_version
from kyufu.law.parameters.overlay import NOTHING, Overlay
from kyufu.law.tracing import Block, Trace

RULE = "kokuho-share"
BY_AGE = Citation("国民健康保険法", "第42条第1項", "official")
BY_INCOME = Citation("国民健康保険法施行令", "第27条の2（現役並み所得者）", "secondary")
MINORS = Citation("国民健康保険法施行令", "第27条の2（19歳未満の被保険者の控除）", "secondary")

YEN, DAY, CLASS, TENTHS = "円", "日付", "区分", "割"
_AGES = (
    Quantity("judged_for", "基準日", DAY),
    Quantity("person", "対象者", CLASS),
    Quantity("birth_date", "生年月日", DAY),
    Quantity("preschool_until", "未就学児の最後の日", DAY),
    Quantity("recipient_from", "高齢受給者となる日", DAY),
    Quantity("late_elderly_on", "後期高齢者医療の対象となる日（75歳の誕生日）", DAY),
)
_TAX_YEAR = (Quantity("tax_year", "判定に使う住民税の年度", "年度"),)
_RECIPIENT = (
    Quantity("recipient", "70歳以上の被保険者", CLASS),
    Quantity("recipient_taxable_income", "住民税の課税所得", YEN),
    Quantity("recipient_minors_deduction", "19歳未満の被保険者について引く額", YEN),
    Quantity("recipient_counted_income", "判定に使う課税所得", YEN),
)
_BASE = (Quantity("base_income_sum", "70歳以上の被保険者の旧ただし書所得の合計", YEN),)
_REVENUE = (
    Quantity("revenue_sum", "収入額の合計", YEN),
    Quantity("revenue_limit", "収入額の基準（未満）", YEN),
)
_RESULT = (Quantity("tenths", "一部負担金の割合", TENTHS),)


class AgeClass(StrEnum):
    """The classes of the share: before school, between, from 70."""

    PRESCHOOL = "preschool"
    ORDINARY = "ordinary"
    RECIPIENT = "recipient"


class ShareMember(NamedTuple):
    """An insured member of the household with what the share is judged by, of the local tax of `tax_year`; yen.

    `taxable_income` is 課税所得, `base_income` 旧ただし書所得, `gross_total` 合計所得金額 with `salary_income` within
    it; None where not known. `revenue` is 収入額; None where neither declared nor known to the municipality.
    """

    ref: str
    birth_date: date | None
    tax_year: int
    taxable_income: int | None
    base_income: int | None
    gross_total: int | None = None
    salary_income: int = 0
    revenue: int | None = None

    def fault(self) -> tuple[str, str] | None:
        """Amounts that cannot be."""
        for name in ("taxable_income", "base_income", "gross_total", "salary_income", "revenue"):
            if (getattr(self, name) or 0) < 0:
                return name, "負の額は使えません"
        return None


class ShareFacts(NamedTuple):
    """The household's insured members, its head, and 特定同一世帯所属者's revenue; `applied_on` is the application.

    `former_revenues` are the revenues (yen) of those who went to the medical care of the late elderly.
    """

    person: str
    head: str | None
    members: tuple[ShareMember, ...]
    former_revenues: tuple[int, ...] = ()
    applied_on: date | None = None

    def fault(self) -> tuple[str, str] | None:
        """What is wrong: the person is not among the members, or someone is twice."""
        refs = [each.ref for each in self.members]
        if self.person not in refs:
            return "person", "members にいない人です"
        if self.head is not None and self.head not in refs:
            return "head", "members にいない人です（被保険者でない世帯主は null と書きます）"
        if min(self.former_revenues, default=0) < 0:
            return "former_revenues", "負の額は使えません"
        return ("members", "同じ ref の人が二人います") if len(set(refs)) != len(refs) else None


class Share(NamedTuple):
    """Tenths of the cost that the person pays, by which class of age, and whether income raised it."""

    tenths: int
    age_class: AgeClass
    high_income: bool


class Tested(NamedTuple):
    """What the test of income found: whether high, why, and the steps."""

    high_income: bool
    reason: Reason
    blocks: tuple[Block, ...]


def age_class_on(birth_date: date, *, on: date, rules: AgeRules) -> AgeClass:
    """The class of age on a day (法第42条第1項)."""
    if on <= preschool_until(birth_date, rules=rules):
        return AgeClass.PRESCHOOL
    return AgeClass.RECIPIENT if on >= recipient_from(birth_date, rules=rules) else AgeClass.ORDINARY


def tax_year_on(on: date, *, rules: ShareRules) -> int:
    """The fiscal year of the local tax that counts: from August that of the year, before it that of the year before."""
    return on.year if on.month >= rules.income_switch_month else on.year - 1


def judge_share(facts: ShareFacts, *, on: date, overlay: Overlay = NOTHING) -> Answer[Share]:
    """The share of cost of one insured person on a day, in tenths.

    CannotDecide where a birth date or the income of a member from 70 is not known, or tax of another year was given.
    """
    hashed = hash_facts((facts, on), rule=RULE)
    version = overlaid_version(ENROLMENT_FILES, overlay=overlay)
    found = _judge(facts, on=on, overlay=overlay)
    if isinstance(found, Undecidable):
        return undecided(
            rule=RULE,
            municipality="",
            why=found,
            steps=(),
            citations=(BY_AGE, BY_INCOME),
            parameter_version=version,
            facts_hash=hashed,
        )
    share, reasons, blocks = found
    cited = [each.citation for each in reasons if each.citation is not None]
    return Answer(RULE, "", share, reasons, Trace(blocks), distinct((BY_AGE, *cited)), version, hashed)


def _judge(
    facts: ShareFacts, *, on: date, overlay: Overlay
) -> tuple[Share, tuple[Reason, ...], tuple[Block, ...]] | Undecidable:
    known = max(known_from(ShareRules, overlay=overlay), known_from(AgeRules, overlay=overlay))
    if on < known:
        first = format_wareki(known)
        return _lacks(
            "share.before_known", f"{first}より前の割合は判定できません。", f"{first}より前の基準値"
        )
    ages = rules_on(on, into=AgeRules, overlay=overlay)
    rules = rules_on(on, into=ShareRules, overlay=overlay)
    person = next(each for each in facts.members if each.ref == facts.person)
    born = person.birth_date
    if born is None:
        return _lacks("share.birth_date_unknown", "生年月日が分かりません。", "生年月日")
    if not born <= on < late_elderly_on(born, rules=ages):
        return _lacks(
            "share.not_insured", "この日に国民健康保険の被保険者となる年齢ではありません。", "資格の確認"
        )
    age_class = age_class_on(born, on=on, rules=ages)
    basis: Block = (_AGES, _age_steps(person.ref, born=born, on=on, rules=ages))
    if age_class is not AgeClass.RECIPIENT:
        tenths = rules.share_preschool if age_class is AgeClass.PRESCHOOL else rules.share_standard
        return (
            Share(tenths, age_class, False),
            (_said(Share(tenths, age_class, False)),),
            (basis, (_RESULT, (tenths,))),
        )
    test = _test_income(facts, on=on, ages=ages, rules=rules)
    if isinstance(test, Undecidable):
        return test
    tenths = rules.share_active if test.high_income else rules.share_senior
    share = Share(tenths, age_class, test.high_income)
    blocks = (basis, *test.blocks, (_RESULT, (tenths,)))
    return share, (_said(share), test.reason), blocks


def _age_steps(ref: str, *, born: date, on: date, rules: AgeRules) -> tuple[date | str, ...]:
    return (
        on,
        ref,
        born,
        preschool_until(born, rules=rules),
        recipient_from(born, rules=rules),
        late_elderly_on(born, rules=rules),
    )


def _test_income(facts: ShareFacts, *, on: date, ages: AgeRules, rules: ShareRules) -> Tested | Undecidable:
    """Whether the household's members from 70 have an income like that of workers (現役並み所得, 令第27条の2)."""
    unknown = [each.ref for each in facts.members if each.birth_date is None]
    if unknown:
        text = f"生年月日が分かりません（{unknown[0]}）。"
        return _lacks("share.birth_date_unknown", text, f"生年月日（{unknown[0]}）")
    recipients = _recipients(facts, on=on, ages=ages)
    year = tax_year_on(on, rules=rules)
    counted: list[int] = []
    blocks: list[Block] = [(_TAX_YEAR, (year,))]
    for member in recipients:
        if member.tax_year != year:
            text = f"70歳以上の被保険者（{member.ref}）について、判定に使う年度の住民税の資料がありません。"
            return _lacks("share.other_year", text, f"{say_fiscal_year(year)}の住民税の資料（{member.ref}）")
        minors = _minors_deduction(facts, member=member, on=on, rules=rules)
        if member.taxable_income is None or isinstance(minors, Undecidable):
            text = f"70歳以上の被保険者（{member.ref}）の課税所得が分かりません。"
            no_income = _lacks("share.income_unknown", text, f"課税所得（{member.ref}）")
            return minors if isinstance(minors, Undecidable) else no_income
        counted.append(max(0, member.taxable_income - minors))
        blocks.append((_RECIPIENT, (member.ref, member.taxable_income, minors, counted[-1])))
    if max(counted) < rules.active_1:
        text = f"70歳以上の被保険者の課税所得がいずれも{rules.active_1:,}円未満です。"
        return Tested(False, Reason("share.taxable_income_under", text, BY_INCOME), tuple(blocks))
    return _test_exceptions(facts, recipients=recipients, blocks=blocks, rules=rules)


def _test_exceptions(
    facts: ShareFacts, *, recipients: Sequence[ShareMember], blocks: list[Block], rules: ShareRules
) -> Tested | Undecidable:
    bases = [each.base_income for each in recipients]
    if None in bases:
        text = "70歳以上の被保険者の旧ただし書所得が分かりません。"
        return _lacks("share.base_income_unknown", text, "旧ただし書所得")
    base = sum(each or 0 for each in bases)
    blocks.append((_BASE, (base,)))
    if base <= rules.active_base_limit:
        text = f"70歳以上の被保険者の旧ただし書所得の合計が{rules.active_base_limit:,}円以下です。"
        return Tested(False, Reason("share.base_income_under", text, BY_INCOME), tuple(blocks))
    return _test_revenue(facts, recipients=recipients, blocks=blocks, rules=rules)


def _test_revenue(
    facts: ShareFacts, *, recipients: Sequence[ShareMember], blocks: list[Block], rules: ShareRules
) -> Tested:
    """The exception by revenue (基準収入額): under 3.83 million alone, 5.2 million of two or with those who left."""
    high = f"70歳以上の被保険者の課税所得が{rules.active_1:,}円以上です。"
    revenues = [each.revenue for each in recipients]
    if None in revenues:
        text = high + "収入額が基準に満たないときは、申請により2割となります（収入額が分かりません）。"
        return Tested(True, Reason("share.revenue_unknown", text, BY_INCOME), tuple(blocks))
    own = sum(each or 0 for each in revenues)
    alone = len(recipients) == 1
    limit = rules.active_gross_single if alone else rules.active_gross_several
    blocks.append((_REVENUE, (own, limit)))
    under = own < limit
    if alone and not under and facts.former_revenues:
        own += sum(facts.former_revenues)
        limit = rules.active_gross_several
        blocks.append((_REVENUE, (own, limit)))
        under = own < limit
    if not under:
        text = f"{high}収入額の合計{own:,}円が{limit:,}円以上です。"
        return Tested(True, Reason("share.revenue_over", text, BY_INCOME), tuple(blocks))
    if facts.applied_on is None and not rules.application_waived:
        text = f"{high}収入額の合計は{limit:,}円未満ですが、基準収入額の適用の申請がありません。"
        return Tested(True, Reason("share.no_application", text, BY_INCOME), tuple(blocks))
    text = f"収入額の合計{own:,}円が{limit:,}円未満です（基準収入額の適用）。"
    return Tested(False, Reason("share.revenue_under", text, BY_INCOME), tuple(blocks))


def _recipients(facts: ShareFacts, *, on: date, ages: AgeRules) -> list[ShareMember]:
    return [
        each
        for each in facts.members
        if each.birth_date is not None
        and age_class_on(each.birth_date, on=on, rules=ages) is AgeClass.RECIPIENT
        and on < late_elderly_on(each.birth_date, rules=ages)
    ]


def _minors_deduction(
    facts: ShareFacts, *, member: ShareMember, on: date, rules: ShareRules
) -> int | Undecidable:
    """What the head's taxable income is lowered by for insured members under 19 with little income (yen)."""
    if member.ref != facts.head:
        return 0
    total = 0
    last_day = date(tax_year_on(on, rules=rules) - 1, 12, 31)
    for minor in facts.members:
        if minor.birth_date is None or minor.birth_date > last_day:
            continue
        age = age_at_end_of(minor.birth_date, day=last_day)
        if age >= rules.deduction_age_older:
            continue
        if minor.gross_total is None:
            text = f"19歳未満の被保険者（{minor.ref}）の合計所得金額が分かりません。"
            return _lacks("share.minor_income_unknown", text, f"合計所得金額（{minor.ref}）")
        income = minor.gross_total - min(minor.salary_income, rules.minor_salary_deduction)
        if income <= rules.minor_income_limit:
            younger = age < rules.deduction_age_younger
            total += rules.deduction_under_16 if younger else rules.deduction_16_to_18
    return total


def _lacks(code: str, text: str, missing: str) -> Undecidable:
    return Undecidable((Reason(code, text, BY_INCOME),), (missing,))


def _said(share: Share) -> Reason:
    why = {
        AgeClass.PRESCHOOL: "6歳に達する日以後の最初の3月31日までにあるため",
        AgeClass.ORDINARY: "就学後、70歳に達する日の属する月までにあるため",
        AgeClass.RECIPIENT: "70歳に達する日の属する月の翌月以後にあるため",
    }[share.age_class]
    if share.high_income:
        why = "70歳以上で現役並み所得者に当たるため"
    return Reason("share.found", f"一部負担金の割合は{share.tenths}割です（{why}）。", BY_AGE)

"""The income class (所得区分の判定): which ceiling a household has in a month, under 70 and from 70 on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from kyufu.law.calendar.months import YearMonth
from kyufu.law.calendar.wareki import format_wareki_month
from kyufu.law.decision import Citation, Reason, Step
from kyufu.law.income.evidence import Declared
from kyufu.law.kokuho.answer import Answer, Undecidable
from kyufu.law.kokuho.benefits.household import (
    AgeGroup,
    Member,
    TaxStatus,
    YearIncome,
    age_group,
    fault_of_members,
    income_year_for,
)
from kyufu.law.kokuho.benefits.noting import (
    CLASS,
    ORDER,
    YES_NO,
    Finding,
    answered,
    lacking,
    note,
    say_month,
    say_year,
)
from kyufu.law.kokuho.benefits.parameters import (
    HIGH_COST_FILE,
    HIGH_COST_FILES,
    ClassRules,
    Rules,
    class_citations,
    class_rules_on,
    registered_from,
    rules_on,
)

RULE = "kokuho-class"
CLASSES = Citation(ORDER, "第29条の3", "assumed")
HEAD_AND_INSURED = "世帯主と国保の被保険者の全員"


class Under70(StrEnum):
    """The classes under 70 (区分ア to オ)."""

    A = "a"
    I = "i"  # noqa: E741 - the official name of the class
    U = "u"
    E = "e"
    O = "o"  # noqa: E741 - the official name of the class


class From70(StrEnum):
    """The classes from 70 to 74."""

    ACTIVE_3 = "active_3"
    ACTIVE_2 = "active_2"
    ACTIVE_1 = "active_1"
    GENERAL = "general"
    LOW_2 = "low_2"
    LOW_1 = "low_1"

    @property
    def is_active(self) -> bool:
        """現役並み所得者."""
        return self.value.startswith("active")


UNDER_70_LABELS = {each: f"区分{kana}" for each, kana in zip(Under70, "アイウエオ", strict=True)}
FROM_70_LABELS = dict(
    zip(
        From70,
        ("現役並み所得者Ⅲ", "現役並み所得者Ⅱ", "現役並み所得者Ⅰ", "一般", "低所得者Ⅱ", "低所得者Ⅰ"),
        strict=True,
    )
)


class Household(NamedTuple):
    """The household of a month: who belongs to it, and whether 基準収入額適用申請 was handed in (or is not needed)."""

    month: YearMonth
    members: tuple[Member, ...]
    income_test_applied: bool = False


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """What the income class is judged from."""

    month: YearMonth
    members: tuple[Member, ...]
    income_test_applied: bool = False

    def fault(self) -> tuple[str, str] | None:
        """People who do not fit."""
        return fault_of_members(self.members, month=self.month)


class Classes(NamedTuple):
    """The classes of a household in a month; None where nobody is of that age."""

    under_70: Under70 | None
    from_70: From70 | None


class Judged(NamedTuple):
    """The classes with how they came about."""

    classes: Classes
    reasons: tuple[Reason, ...]
    steps: tuple[Step, ...]
    citations: tuple[Citation, ...]


class _Known(NamedTuple):
    members: tuple[tuple[Member, YearIncome], ...]
    year: int
    rules: ClassRules


def judge_class(facts: ClassFacts) -> Answer[Classes]:
    """The income classes of a household in a month (国保法施行令第29条の3)."""
    judged = classes_of(Household(facts.month, facts.members, facts.income_test_applied))
    found = Finding(*judged) if isinstance(judged, Judged) else judged
    return answered(found, rule=RULE, facts=facts, files=HIGH_COST_FILES)


def classes_of(household: Household) -> Judged | Undecidable:
    """The classes of a household, or what lacks: the income of the year that decides, of whom."""
    month = household.month
    first = registered_from(HIGH_COST_FILE, table="class")
    if month.first_day < first:
        return lacking(
            "missing.rules",
            text=f"この診療月の基準が登録されていません（{format_wareki_month(first)}以後の分があります）。",
            missing=(f"{say_month(month)}の基準",),
        )
    rules, on = rules_on(month.first_day), month.first_day
    year = income_year_for(month, rules=rules)
    unfit = _unfit(household, rules=rules)
    if unfit is not None:
        return unfit
    judged = [member for member in household.members if member.insured or member.head]
    without = [member.name for member in judged if member.income_of(year) is None]
    if without:
        return lacking(
            "missing.income",
            text=f"{say_month(month)}の区分は{say_year(year)}中の所得で判定しますが、その資料がありません。",
            missing=tuple(f"{name}の{say_year(year)}中の所得" for name in without),
            citation=CLASSES,
        )
    unsure = [
        member.name
        for member in judged
        if member.insured and (income := member.income_of(year)) and income.declared is Declared.UNKNOWN
    ]
    if unsure:
        return _unknown(unsure, what="申告の有無", year=year)
    pairs = tuple((m, income) for m in judged if (income := m.income_of(year)) is not None)
    return _judge(household, known=_Known(pairs, year, class_rules_on(on)), rules=rules)


def _unfit(household: Household, *, rules: Rules) -> Undecidable | None:
    """What is wrong with the household itself: its head, who is insured, or a month before the classes from 70 on."""
    month = household.month
    insured = {
        member.name: age_group(member.birth_date, month=month, rules=rules)
        for member in household.members
        if member.insured
    }
    if sum(1 for member in household.members if member.head) != 1:
        return lacking("missing.head", text="世帯主が1人ではありません。", missing=("世帯主",))
    gone = [name for name, group in insured.items() if group is AgeGroup.LATE_ELDERLY]
    if gone or not insured:
        return lacking(
            "missing.insurance",
            text="月の初日に国保の被保険者でない人が被保険者とされているか、被保険者がいません。",
            missing=tuple(f"{name}の国保の資格" for name in gone) or ("国保の被保険者",),
        )
    first = registered_from(HIGH_COST_FILE, table="from_70")
    if AgeGroup.FROM_70 in insured.values() and month.first_day < first:
        return lacking(
            "missing.rules",
            text=f"{format_wareki_month(first)}より前の70歳以上の区分は登録されていません。",
            missing=(f"{say_month(month)}の70歳以上の区分の基準",),
        )
    return None


def _judge(household: Household, *, known: _Known, rules: Rules) -> Judged | Undecidable:
    month = household.month
    insured = [pair for pair in known.members if pair[0].insured]
    groups = {m.name: age_group(m.birth_date, month=month, rules=rules) for m, _ in insured}
    steps: list[Step] = [
        note("income_year", label="判定に使う所得の年", value=say_year(known.year), unit=CLASS)
    ]
    seniors = [pair for pair in insured if groups[pair[0].name] is AgeGroup.FROM_70]
    under: Under70 | Undecidable | None = None
    if AgeGroup.UNDER_70 in groups.values():
        under = _under_70(known, insured=insured, steps=steps)
    senior: From70 | Undecidable | None = None
    if seniors:
        senior = _from_70(household, known=known, seniors=seniors, steps=steps)
    for answer in (under, senior):
        if isinstance(answer, Undecidable):
            return answer
    classes = Classes(under, senior)  # type: ignore[arg-type]
    return Judged(classes, _say(classes), tuple(steps), _citations(classes, known=known, on=month.first_day))


def _say(classes: Classes) -> tuple[Reason, ...]:
    reasons = []
    if classes.under_70 is not None:
        text = f"70歳未満（世帯全体）の所得区分は「{UNDER_70_LABELS[classes.under_70]}」です。"
        reasons.append(Reason(f"class.under_70.{classes.under_70}", text, CLASSES))
    if classes.from_70 is not None:
        text = f"70歳以上75歳未満の所得区分は「{FROM_70_LABELS[classes.from_70]}」です。"
        reasons.append(Reason(f"class.from_70.{classes.from_70}", text, CLASSES))
    return tuple(reasons)


def _citations(classes: Classes, *, known: _Known, on: date) -> tuple[Citation, ...]:
    """What the classes found rest on: only the figures that were asked, each as sure as its row."""
    undeclared = bool(_undeclared(known))
    names = {
        "class_a": classes.under_70 is not None and not undeclared,
        "undeclared_under_70": classes.under_70 is not None and undeclared,
        "low_pension": classes.from_70 in (From70.LOW_1, From70.LOW_2),
        "undeclared_from_70": classes.from_70 is From70.GENERAL and undeclared,
        "active_1": classes.from_70 is not None,
    }
    return (CLASSES, *class_citations([name for name, asked in names.items() if asked], on=on))


def _under_70(
    known: _Known, *, insured: Sequence[tuple[Member, YearIncome]], steps: list[Step]
) -> Under70 | Undecidable:
    undeclared = _undeclared(known)
    steps.append(
        note("undeclared", label="所得の未申告者", value="、".join(undeclared) or "なし", unit=CLASS)
    )
    if undeclared:
        return Under70(known.rules.undeclared_under_70)
    exempt = _all_exempt(known)
    if isinstance(exempt, Undecidable):
        return exempt
    steps.append(
        note("tax_exempt", label="世帯主と被保険者の全員が住民税非課税か", value=exempt, unit=YES_NO)
    )
    if exempt:
        return Under70.O
    unknown = [member.name for member, income in insured if income.base_income is None]
    if unknown:
        return _unknown(unknown, what="旧ただし書所得", year=known.year)
    total = sum(income.base_income or 0 for _, income in insured)
    steps.append(note("base_income_total", label="旧ただし書所得の世帯合計", value=total))
    rules = known.rules
    limits = ((rules.class_a, Under70.A), (rules.class_i, Under70.I), (rules.class_u, Under70.U))
    return next((found for limit, found in limits if total > limit), Under70.E)


def _undeclared(known: _Known) -> list[str]:
    """The insured without a declaration; of a head who is not insured only the tax counts."""
    return [
        member.name for member, income in known.members if member.insured and income.declared is Declared.NO
    ]


def _all_exempt(known: _Known) -> bool | Undecidable:
    if any(income.tax is TaxStatus.TAXED for _, income in known.members):
        return False
    unknown = [member.name for member, income in known.members if income.tax is TaxStatus.UNKNOWN]
    return _unknown(unknown, what="住民税の課税・非課税", year=known.year) if unknown else True


def _unknown(names: Sequence[str], *, what: str, year: int) -> Undecidable:
    return lacking(
        "missing.income",
        text=f"{what}が分からない人がいるため、所得区分を判定できません。",
        missing=tuple(f"{name}の{say_year(year)}中の所得に係る{what}" for name in names),
        citation=CLASSES,
    )


def _from_70(
    household: Household, *, known: _Known, seniors: Sequence[tuple[Member, YearIncome]], steps: list[Step]
) -> From70 | Undecidable:
    active = _active(household, known=known, seniors=seniors, steps=steps)
    if active is not None:
        return active
    if _undeclared(known):
        return From70(known.rules.undeclared_from_70)
    exempt = _all_exempt(known)
    if isinstance(exempt, Undecidable):
        return exempt
    return _low(known, steps=steps) if exempt else From70.GENERAL


def _active(
    household: Household, *, known: _Known, seniors: Sequence[tuple[Member, YearIncome]], steps: list[Step]
) -> From70 | Undecidable | None:
    rules = known.rules
    declared = [pair for pair in seniors if pair[1].declared is Declared.YES]
    unknown = [member.name for member, income in declared if income.taxable_income is None]
    if unknown:
        return _unknown(unknown, what="課税所得（課税標準額）", year=known.year)
    highest = max((income.taxable_income or 0 for _, income in declared), default=0)
    steps.append(note("taxable_income_highest", label="70歳以上の被保険者の課税所得の最高額", value=highest))
    levels = (
        (rules.active_3, From70.ACTIVE_3),
        (rules.active_2, From70.ACTIVE_2),
        (rules.active_1, From70.ACTIVE_1),
    )
    level = next((found for limit, found in levels if highest >= limit), None)
    if level is None:
        return None
    exempted = _base_is_small(known, seniors=seniors, steps=steps)
    if exempted is False and household.income_test_applied:
        exempted = _gross_is_small(household, known=known, seniors=seniors, steps=steps)
    if isinstance(exempted, Undecidable):
        return exempted
    return None if exempted else level


def _base_is_small(
    known: _Known, *, seniors: Sequence[tuple[Member, YearIncome]], steps: list[Step]
) -> bool | Undecidable:
    unknown = [member.name for member, income in seniors if income.base_income is None]
    if unknown:
        return _unknown(unknown, what="旧ただし書所得", year=known.year)
    total = sum(income.base_income or 0 for _, income in seniors)
    steps.append(note("base_income_seniors", label="70歳以上の被保険者の旧ただし書所得の合計", value=total))
    return total <= known.rules.active_base_limit


def _gross_is_small(
    household: Household, *, known: _Known, seniors: Sequence[tuple[Member, YearIncome]], steps: list[Step]
) -> bool | Undecidable:
    rules, names = known.rules, [member.name for member, _ in seniors]
    own = {member.name: income.gross_income for member, income in seniors}
    moved = {
        member.name: income.gross_income if (income := member.income_of(known.year)) else None
        for member in household.members
        if member.moved_to_late_elderly
    }
    unknown = [name for name in names if own[name] is None]
    if unknown:
        return _unknown(unknown, what="収入額", year=known.year)
    total = sum(amount or 0 for amount in own.values())
    steps.append(note("gross_income_seniors", label="70歳以上の被保険者の収入の合計", value=total))
    if len(seniors) > 1:
        return total < rules.active_gross_several
    if total < rules.active_gross_single:
        return True
    if not moved or total >= rules.active_gross_several:
        return False
    unknown = [name for name, amount in moved.items() if amount is None]
    if unknown:
        return _unknown(unknown, what="収入額", year=known.year)
    with_moved = total + sum(amount or 0 for amount in moved.values())
    steps.append(
        note("gross_income_with_moved", label="特定同一世帯所属者を含めた収入の合計", value=with_moved)
    )
    return with_moved < rules.active_gross_several


def _low(known: _Known, *, steps: list[Step]) -> From70 | Undecidable:
    parts: tuple[tuple[Callable[[YearIncome], int | None], int, str], ...] = (
        (lambda income: income.pension_revenue, known.rules.low_pension, "年金収入"),
        (lambda income: income.salary_income, known.rules.low_salary, "給与所得"),
        (lambda income: income.other_income, 0, "その他の所得"),
    )
    highest = 0
    for member, income in known.members:
        left = 0
        for figure, deduction, what in parts:
            amount = figure(income)
            if amount is None:
                return _unknown([member.name], what=what, year=known.year)
            left += max(0, amount - deduction)
        highest = max(highest, left)
    steps.append(
        note("income_after_deduction", label="年金・給与の控除後の所得が最も多い人の額", value=highest)
    )
    return From70.LOW_2 if highest else From70.LOW_1

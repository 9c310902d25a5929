"""The form of a what-if (試算): the facts of a child as they are gathered, each to be changed or emptied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from kyufu.law.calendar.period import ONE_DAY, Period
from kyufu.law.calendar.years import calendar_year
from kyufu.law.child.facts import (
    ChildFacts,
    Declared,
    Deductions,
    Dependants,
    Guardian,
    IncomeEvidence,
    Incomes,
    IncomeSource,
    InsuranceCoverage,
    OtherScheme,
    OtherSchemeKind,
    Residence,
)
from kyufu.web.pages.evidence_forms import MOST_YEN, FigureField, TaxYearField
from kyufu.web.pages.fields import DayField, PickField
from kyufu.web.pages.forms import PageForm

PERSONS = 20
DAY = "例：R8.8.1、2026-08-01"
INSURED, UNKNOWN = "yes", "unknown"
RELATIONS = [("father", "父"), ("mother", "母"), ("other", "その他")]
SCHEMES = [
    (str(OtherSchemeKind.DISABILITY), "重度障害者医療費助成"),
    (str(OtherSchemeKind.SINGLE_PARENT), "ひとり親家庭等医療費助成"),
    (str(OtherSchemeKind.INSTITUTION), "施設入所"),
]
DECLARATIONS = [
    (str(Declared.YES), "申告あり"),
    (str(Declared.NO), "未申告"),
    (str(Declared.UNKNOWN), "不明"),
]


class ChildForm(PageForm):
    """The child, the application and the day; what is left empty is not known to the law either."""

    judged_on = DayField(label="判定の基準日", help_text=DAY)
    applied_on = DayField(label="申請日", required=False, help_text=DAY)
    birth_date = DayField(label="生年月日", required=False, help_text=DAY)
    resident_from = DayField(label="市内に住み始めた日", required=False, help_text=DAY)
    resident_to = DayField(
        label="市内に住んだ最後の日", required=False, help_text="いまも住んでいるときは空欄"
    )
    insured = PickField(
        label="健康保険", choices=[(INSURED, "加入している"), (UNKNOWN, "加入していない・不明")]
    )
    insured_from = DayField(label="健康保険の資格取得日", required=False, help_text=DAY)
    insured_to = DayField(label="健康保険の最後の日", required=False, help_text="続いているときは空欄")
    assisted_from = DayField(label="生活保護の開始日", required=False, help_text="受けていないときは空欄")
    assisted_to = DayField(label="生活保護の最後の日", required=False, help_text=DAY)
    scheme = forms.ChoiceField(label="他の医療費助成", required=False, choices=[("", "なし"), *SCHEMES])
    scheme_from = DayField(label="他の医療費助成の開始日", required=False, help_text=DAY)
    scheme_to = DayField(label="他の医療費助成の最後の日", required=False, help_text=DAY)

    def clean(self) -> dict[str, Any]:
        """Periods end after they begin, and what is said to be there has a beginning."""
        data = super().clean() or self.cleaned_data
        for start, end in (
            ("resident_from", "resident_to"),
            ("insured_from", "insured_to"),
            ("assisted_from", "assisted_to"),
            ("scheme_from", "scheme_to"),
        ):
            first, last = data.get(start), data.get(end)
            if last is not None and (first is None or last < first):
                self.add_error(end, "最後の日が始まりの日より前か、始まりの日がありません。")
        if data.get("insured") == INSURED and data.get("insured_from") is None:
            self.add_error("insured_from", "加入しているときは、資格取得日を入力してください。")
        if data.get("scheme") and data.get("scheme_from") is None:
            self.add_error("scheme_from", "開始日を入力してください。")
        return data


class GuardianForm(PageForm):
    """One guardian with the income of one tax year; empty amounts are not known, other than deductions.

    The law tells apart salary and pension from all other income, which counts alike and is entered as one sum.
    """

    relation = forms.ChoiceField(
        label="続柄", required=False, choices=[("", "この保護者はいない"), *RELATIONS]
    )
    tax_year = TaxYearField(
        label="賦課年度", required=False, help_text="例：令和8年度、R8、2026。所得の資料がないときは空欄"
    )
    declared = forms.ChoiceField(label="申告", required=False, choices=[("", "資料なし"), *DECLARATIONS])
    salary = FigureField(label="給与・年金の所得", most=MOST_YEN, may_be_loss=True)
    other_income = FigureField(label="そのほかの所得の合計", most=MOST_YEN, may_be_loss=True)
    income_levy = FigureField(label="住民税の所得割", most=MOST_YEN, help_text="不明のときは空欄")
    per_capita_levy = FigureField(label="住民税の均等割", most=MOST_YEN, help_text="不明のときは空欄")
    casualty_loss = FigureField(label="雑損控除", most=MOST_YEN)
    medical = FigureField(label="医療費控除", most=MOST_YEN)
    mutual_aid = FigureField(label="小規模企業共済等掛金控除", most=MOST_YEN)
    disabled = FigureField(label="障害者控除（人数）", most=PERSONS)
    specially_disabled = FigureField(label="特別障害者控除（人数）", most=PERSONS)
    dependants = FigureField(label="扶養親族等の数", most=PERSONS)
    elderly = FigureField(label="うち老人扶養親族の数", most=PERSONS)
    elderly_spouse = forms.BooleanField(label="老人控除対象配偶者がいる", required=False)
    widow = forms.BooleanField(label="寡婦控除", required=False)
    single_parent = forms.BooleanField(label="ひとり親控除", required=False)
    working_student = forms.BooleanField(label="勤労学生控除", required=False)

    def clean(self) -> dict[str, Any]:
        """A tax year and what is declared belong together."""
        data = super().clean() or self.cleaned_data
        if data.get("relation") and bool(data.get("tax_year")) != bool(data.get("declared")):
            self.add_error("declared", "賦課年度と申告は、両方入力するか両方空欄にしてください。")
        if (data.get("elderly") or 0) > (data.get("dependants") or 0):
            self.add_error("elderly", "扶養親族等の数より多くなっています。")
        return data


def child_initial(facts: ChildFacts, *, on: date, city: str) -> dict[str, Any]:
    """What the form of the child shows at first: the latest of each kind of fact, of residence that in the city."""
    here = tuple(one for one in facts.residences if one.municipality == city)
    home, insured = _latest(here, on=on), _latest(facts.insurances, on=on)
    helped = max(facts.public_assistance, default=None)
    scheme = max(facts.other_schemes, key=lambda one: one.period, default=None)
    return {
        "judged_on": on,
        "applied_on": facts.applied_on,
        "birth_date": facts.birth_date,
        **_ends("resident", home.period if home else None),
        "insured": INSURED if insured else UNKNOWN,
        **_ends("insured", insured.period if insured else None),
        **_ends("assisted", helped),
        "scheme": str(scheme.kind) if scheme else "",
        **_ends("scheme", scheme.period if scheme else None),
    }


def _latest(facts: tuple[Any, ...], *, on: date) -> Any:
    """The fact that speaks for the day, or else the one that began last."""
    ordered = sorted(facts, key=lambda one: one.period.start)
    return next((one for one in reversed(ordered) if on in one.period), ordered[-1] if ordered else None)


def _ends(name: str, period: Period | None) -> dict[str, date | None]:
    if period is None:
        return {}
    return {f"{name}_from": period.start, f"{name}_to": period.last_day}


def guardian_initial(guardian: Guardian | None, *, tax_year: int) -> dict[str, Any]:
    """What the form of a guardian shows at first: the evidence of the tax year, or the latest there is."""
    if guardian is None:
        return {}
    known = sorted(
        guardian.incomes, key=lambda one: (one.tax_year == tax_year, one.tax_year, one.obtained_on)
    )
    if not known:
        return {"relation": guardian.relation}
    one = known[-1]
    earned = one.incomes.salary + one.incomes.public_pension
    taken = one.deductions
    return {
        "relation": guardian.relation,
        "tax_year": one.tax_year,
        "declared": str(one.declared),
        "salary": earned,
        "other_income": sum(one.incomes) - earned,
        "income_levy": one.income_levy,
        "per_capita_levy": one.per_capita_levy,
        "casualty_loss": taken.casualty_loss,
        "medical": taken.medical,
        "mutual_aid": taken.small_enterprise_mutual_aid,
        "disabled": taken.disabled_persons,
        "specially_disabled": taken.specially_disabled_persons,
        "dependants": one.dependants.total,
        "elderly": one.dependants.elderly,
        "elderly_spouse": one.dependants.elderly_spouse,
        "widow": taken.widow,
        "single_parent": taken.single_parent,
        "working_student": taken.working_student,
    }


def changed_facts(
    facts: ChildFacts,
    *,
    child: Mapping[str, Any],
    guardians: list[Mapping[str, Any]],
    shown: Sequence[Mapping[str, Any]],
    city: str,
) -> ChildFacts:
    """The facts with what the forms say in place of what was gathered; `city` is the code of the municipality.

    `shown` is what the forms showed at first, the child's before the guardians'. What nobody changed stays as it was
    gathered, with all its periods and years: otherwise a trial that changes nothing would answer another question.
    """
    first, scheme = shown[0], child["scheme"]

    def changed(*names: str) -> bool:
        return not _is_as_shown(child, shown=first, names=names)

    home, helped, other = (_period(child, name=name) for name in ("resident", "assisted", "scheme"))
    insured = _period(child, name="insured") if child["insured"] == INSURED else None
    made: dict[str, Any] = {
        "residences": () if home is None else (Residence(city, home),),
        "insurances": () if insured is None else (InsuranceCoverage(_insurer(facts), insured),),
        "public_assistance": () if helped is None else (helped,),
        "other_schemes": ()
        if other is None or not scheme
        else (OtherScheme(OtherSchemeKind(scheme), other),),
    }
    kept = {
        name: made[name] if changed(*fields) else getattr(facts, name) for name, fields in _SHOWN_BY.items()
    }
    people = tuple(_guardians(facts, forms_=guardians, shown=shown[1:], obtained_on=child["judged_on"]))
    return facts._replace(
        birth_date=child["birth_date"], applied_on=child["applied_on"], guardians=people, **kept
    )


# By which fields of the form of the child each kind of fact is shown.
_SHOWN_BY = {
    "residences": ("resident_from", "resident_to"),
    "insurances": ("insured", "insured_from", "insured_to"),
    "public_assistance": ("assisted_from", "assisted_to"),
    "other_schemes": ("scheme", "scheme_from", "scheme_to"),
}


def _is_as_shown(data: Mapping[str, Any], *, shown: Mapping[str, Any], names: Iterable[str]) -> bool:
    """Do these fields say what they said at first? An empty text, a box without a mark and nothing are one."""
    empty: tuple[Any, ...] = ("", None)
    return all(
        (None if data[name] in empty or data[name] is False else data[name])
        == (None if shown.get(name) in empty or shown.get(name) is False else shown.get(name))
        for name in names
    )


def _period(data: Mapping[str, Any], *, name: str) -> Period | None:
    first, last = data[f"{name}_from"], data[f"{name}_to"]
    return None if first is None else Period(first, None if last is None else last + ONE_DAY)


def _insurer(facts: ChildFacts) -> str:
    """Which insurer it is decides nothing; the number stands for somebody all the same."""
    return facts.insurances[-1].insurer_no if facts.insurances else "000000"


def _guardians(
    facts: ChildFacts,
    *,
    forms_: list[Mapping[str, Any]],
    shown: Sequence[Mapping[str, Any]],
    obtained_on: date,
) -> Iterator[Guardian]:
    number = 0
    for place, data in enumerate(forms_):
        if not data["relation"]:
            continue
        number += 1
        if place < len(facts.guardians) and _is_as_shown(data, shown=shown[place], names=data):
            yield facts.guardians[place]._replace(ref=f"guardian-{number}")
            continue
        evidence = _evidence(data, obtained_on=obtained_on)
        yield Guardian(f"guardian-{number}", data["relation"], () if evidence is None else (evidence,))
    for place, one in enumerate(facts.guardians[len(forms_) :], start=number + 1):
        yield one._replace(ref=f"guardian-{place}")


def _evidence(data: Mapping[str, Any], *, obtained_on: date) -> IncomeEvidence | None:
    """The income of the form; none where neither year nor amount is known."""
    year = data["tax_year"]
    if not year or (data["salary"] is None and data["other_income"] is None):
        return None
    return IncomeEvidence(
        tax_year=year,
        covers=calendar_year(year - 1),
        declared=Declared(data["declared"]),
        source=IncomeSource.TAX_LEDGER,
        obtained_on=obtained_on,
        incomes=Incomes(salary=data["salary"] or 0, miscellaneous=data["other_income"] or 0),
        deductions=Deductions(
            casualty_loss=data["casualty_loss"] or 0,
            medical=data["medical"] or 0,
            small_enterprise_mutual_aid=data["mutual_aid"] or 0,
            disabled_persons=data["disabled"] or 0,
            specially_disabled_persons=data["specially_disabled"] or 0,
            widow=data["widow"],
            single_parent=data["single_parent"],
            working_student=data["working_student"],
        ),
        dependants=Dependants(
            total=data["dependants"] or 0,
            elderly=data["elderly"] or 0,
            elderly_spouse=data["elderly_spouse"],
        ),
        income_levy=data["income_levy"],
        per_capita_levy=data["per_capita_levy"],
    )

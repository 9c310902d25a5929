"""Dated values in a clerk's words: labels, units, age limits and school grades (pure, no file is read)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from kyufu.law.calendar.period import Period
from kyufu.law.calendar.wareki import format_wareki
from kyufu.law.calendar.years import AGE_BEFORE_FIRST_GRADE
from kyufu.law.parameters.entries import Entry, Plain

VALUE, UNIT, LABEL, CODE = "value", "unit", "label", "code"
COLUMN_LABELS = MappingProxyType(
    {
        "kind": "受給者の区分",
        "starts": "始まり",
        "ends": "終わり",
        "income_limited": "所得制限",
        "class": "助成の区分",
        "class_exempt": "住民税非課税のときの区分",
        "class_over": "限度額以上のときの区分",
        "certificate": "医療証の交付",
        "outpatient": "通院の助成",
        "outpatient_copay": "通院1回の一部負担金（円）",
        "inpatient_copay": "入院の一部負担金（円）",
        "crosses_years": "証の年度をまたぐ有効期間",
        "first_visit_only": "初診のときだけの一部負担金",
        "dental_copay": "歯科の一部負担金（円）",
        "inpatient_percent": "入院の一部負担の割合（％）",
        "inpatient_ceiling": "入院の一部負担の月額の上限（円）",
        "copay_rule": "一部負担金の定め",
        "copay_visit": "通院1回の一部負担金（円）",
        "copay_day": "入院1日の一部負担金（円）",
        "base": "限度額の基礎額（円）",
        "threshold": "1％を加える医療費の起点（円）",
        "several": "多数回該当（円）",
        "outpatient_month": "外来の限度額（円）",
        "outpatient_year": "外来の年間上限（円）",
        "annual": "年間上限（円）",
        "annual_low": "年間上限（所得の低い場合、円）",
        "part": "区分",
        "income_rate": "所得割",
        "asset_rate": "資産割",
        "per_person": "均等割（円）",
        "adult_per_person": "18歳以上均等割（円）",
        "per_household": "平等割（円）",
        "ceiling": "賦課限度額（円）",
        "at_least": "この額から（円）",
        "over": "この額を超える（円）",
        "form": "計算の形",
        "percent": "率（%）",
        "amount": "額（円）",
        "elderly": "65歳以上",
        "month": "基準日の月",
        "day": "基準日の日",
        "lead_days": "基準日の何日前に立案するか（日）",
        "issue_days": "交付日（基準日の何日前か、日）",
        "judges": "立案に続けて判定まで進める",
    }
)
VALUE_LABELS = MappingProxyType(
    {
        "first_of_next_month": "達する日の属する月の翌月1日",
        "birth": "出生の日",
        "higher_earner": "所得の高い方",
        "every_levy": "所得割・均等割とも",
        "income_levy": "所得割",
        "every_guardian": "保護者全員",
        "judged_guardian": "判定の対象となる保護者",
        "none": "所得なし",
        "fixed": "定額",
        "less": "収入×率－額",
        "quarter": "収入の4分の1を千円未満切捨て×4×率－額",
    }
)
SCHOOLS = {range(1, 7): "小学校", range(7, 10): "中学校"}
NOT_SUBSIDISED = -1


def names_of(entries: Iterable[Entry]) -> dict[str, str]:
    """The words for codes: the label of each class of benefit and kind of beneficiary, as the bands name them."""
    coded = [entry for entry in entries if entry.table in ("benefit_class", "kind")]
    return {**VALUE_LABELS, **{entry.key: str(entry.columns[LABEL]) for entry in coded}}


def say_entry(entry: Entry, *, names: Mapping[str, str]) -> str:
    """One dated value in a line: label, value, and from when to when; `names` are the words for codes."""
    label = entry.columns.get(LABEL, entry.key)
    if VALUE in entry.columns:
        return f"{label}＝{say_column(entry, column=VALUE, names=names)}{say_period(entry.period)}"
    rest = "、".join(
        f"{COLUMN_LABELS[name]}={say_column(entry, column=name, names=names)}"
        for name in entry.columns
        if name not in (CODE, LABEL)
    )
    return f"{label}{f'（{rest}）' if rest else ''}{say_period(entry.period)}"


def say_name(entry: Entry, *, column: str) -> str:
    """What a value is called: its label, with the column where the row has several."""
    label = str(entry.columns.get(LABEL, entry.key))
    return label if column == VALUE else f"{label}：{COLUMN_LABELS[column]}"


def say_column(entry: Entry, *, column: str, names: Mapping[str, str]) -> str:
    """The value of one column with its unit, in words where it is a code; 定めなし where the row leaves it out."""
    value = entry.columns.get(column)
    return "定めなし" if value is None else say_value(value, entry=entry, column=column, names=names)


def say_value(value: Plain, *, entry: Entry, column: str, names: Mapping[str, str]) -> str:
    """A value as it would stand in a column of a row."""
    if column == VALUE:
        if isinstance(value, bool):
            return "はい" if value else "いいえ"
        plain = names.get(value, value) if isinstance(value, str) else value
        return f"{plain:,}{entry.columns[UNIT]}" if isinstance(plain, int) else str(plain)
    if isinstance(value, bool):
        return "あり" if value else "なし"
    if isinstance(value, int):
        return "助成の対象外" if value == NOT_SUBSIDISED else f"{value:,}"
    return names[value] if value in names else say_boundary(value)


def say_period(period: Period) -> str:
    """From when to when, by era; nothing behind the mark where there is no end."""
    until = "" if period.last_day is None else format_wareki(period.last_day)
    return f" 〔{format_wareki(period.start)}～{until}〕"


def say_boundary(boundary: str) -> str:
    """Where a band of ages begins or ends, in words; the text itself where it is no boundary."""
    kind, _, number = boundary.partition(":")
    if not number.isdecimal():
        return VALUE_LABELS.get(boundary, boundary)
    if kind == "age":
        return f"{number}歳に達する日の属する月の翌月1日"
    grade = int(number)
    for grades, school in SCHOOLS.items():
        if grade in grades:
            return f"{school}{grade - grades.start + 1}年生になる4月1日"
    return f"{grade + AGE_BEFORE_FIRST_GRADE - 1}歳に達する日以後の最初の3月31日の翌日"

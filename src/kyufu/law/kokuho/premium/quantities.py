"""The quantities of the trace of a premium: names, labels and units, made once."""

from __future__ import annotations

from functools import lru_cache

from kyufu.law.decision import Quantity
from kyufu.law.kokuho.premium.value import PART_LABELS, Part

QuantityRow = tuple[str, str, str]


def _made(*rows: QuantityRow) -> tuple[Quantity, ...]:
    return tuple(Quantity(*row) for row in rows)


YEAR = _made(
    ("fiscal_year", "年度", "年度"),
    ("municipality", "自治体", "名称"),
    ("rounding", "端数の処理", "規則"),
)

REDUCTION = _made(
    ("reduction.months", "軽減判定の対象の月数", "か月"),
    ("reduction.income", "軽減判定所得（世帯主・被保険者・特定同一世帯所属者の合計）", "円"),
    ("reduction.persons", "被保険者と特定同一世帯所属者の数", "人"),
    ("reduction.earners", "給与所得者等の数", "人"),
    ("reduction.limit_seven", "7割軽減の基準額（以下）", "円"),
    ("reduction.limit_five", "5割軽減の基準額（以下）", "円"),
    ("reduction.limit_two", "2割軽減の基準額（以下）", "円"),
    ("reduction.undeclared", "所得を申告していない人がいる（軽減しない）", "真偽"),
    ("reduction.tenths", "軽減の割合", "割"),
)

TOTAL = _made(("household.months", "世帯に保険料のかかる月数", "か月"), ("total", "年額", "円"))
EASED = _made(
    ("household.special_months", "特定世帯（平等割2分の1）の月数", "か月"),
    ("household.continued_months", "特定継続世帯（平等割4分の3）の月数", "か月"),
    ("maternity_exempted", "産前産後の免除額（限度額・端数処理の前）", "円"),
)


@lru_cache(maxsize=64)
def of_member(number: int) -> tuple[Quantity, ...]:
    """The quantities of the member with a number (from 1) in the order of the facts."""
    name, label = f"member{number}", f"{number}人目の"
    return _made(
        (f"{name}.ref", f"{label}被保険者", "名称"),
        (f"{name}.months", f"{label}月数", "か月"),
        (f"{name}.care_months", f"{label}介護分の月数", "か月"),
        (f"{name}.base_income", f"{label}旧ただし書所得", "円"),
    )


@lru_cache(maxsize=64)
def of_eased_member(number: int) -> tuple[Quantity, ...]:
    """What more there is of a member for whom something is eased."""
    name, label = f"member{number}", f"{number}人目の"
    return _made(
        (f"{name}.relieved_months", f"{label}非自発的失業の軽減の月数", "か月"),
        (f"{name}.maternity_months", f"{label}産前産後の免除の月数", "か月"),
        (f"{name}.preschool", f"{label}未就学児", "真偽"),
        (f"{name}.minor", f"{label}18歳に達する日以後の最初の3月31日以前", "真偽"),
        (f"{name}.former_dependant_months", f"{label}旧被扶養者の均等割の減免の月数", "か月"),
    )


def rates_of(part: Part) -> tuple[Quantity, ...]:
    """The quantities of a part that are the same for everybody in a year."""
    label = PART_LABELS[part]
    return _made(
        (f"{part}.income_rate", f"{label} 所得割の率", "率"),
        (f"{part}.asset_rate", f"{label} 資産割の率", "率"),
        (f"{part}.per_person_rate", f"{label} 均等割（1人）", "円"),
        (f"{part}.adult_per_person_rate", f"{label} 18歳以上均等割（1人）", "円"),
        (f"{part}.per_household_rate", f"{label} 平等割（1世帯）", "円"),
        (f"{part}.ceiling_rate", f"{label} 賦課限度額（年額）", "円"),
    )


def amounts_of(part: Part) -> tuple[Quantity, ...]:
    """The quantities of a part that differ by household."""
    label = PART_LABELS[part]
    return _made(
        (f"{part}.months", f"{label} 月数", "か月"),
        (f"{part}.base", f"{label} 所得割の算定基礎（月割後）", "円"),
        (f"{part}.income", f"{label} 所得割額", "円"),
        (f"{part}.asset", f"{label} 資産割額", "円"),
        (f"{part}.per_person", f"{label} 均等割額（軽減前）", "円"),
        (f"{part}.per_household", f"{label} 平等割額（軽減前）", "円"),
        (f"{part}.reduction", f"{label} 減額", "円"),
        (f"{part}.sum", f"{label} 軽減後の合計（円未満は計算では残す）", "円"),
        (f"{part}.over_ceiling", f"{label} 限度額を超える額", "円"),
        (f"{part}.amount", f"{label} 賦課額", "円"),
    )


RATES = {part: rates_of(part) for part in Part}
AMOUNTS = {part: amounts_of(part) for part in Part}

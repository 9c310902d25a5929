"""The steps of high-cost medical expenses: what each gives, and what each person still bears after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kyufu.law.calendar.months import YearMonth
from kyufu.law.decision import Step
from kyufu.law.kokuho.benefits.ceilings import Ceiling, monthly_ceiling, outpatient_ceiling
from kyufu.law.kokuho.benefits.claims import Item, Setting, SpecifiedDisease
from kyufu.law.kokuho.benefits.classes import Under70
from kyufu.law.kokuho.benefits.household import AgeGroup, Member, has_half_ceiling
from kyufu.law.kokuho.benefits.noting import note
from kyufu.law.kokuho.benefits.parameters import Limit, Rules
from kyufu.law.kokuho.benefits.sharing import share


class Case(NamedTuple):
    month: YearMonth
    members: Mapping[str, Member]
    groups: Mapping[str, AgeGroup]
    items: tuple[Item, ...]
    under_70: Limit | None
    from_70: Limit | None
    is_several: bool
    rules: Rules


class Stage(NamedTuple):
    """What one step gave to each person, and what each still bears after it."""

    given: Mapping[str, int]
    left: Mapping[str, int]
    steps: tuple[Step, ...]

    @property
    def total(self) -> int:
        return sum(self.given.values())


def give_specified(case: Case) -> tuple[Stage, tuple[Item, ...]]:
    """特定疾病 (長期高額疾病): up to a ceiling of its own for each item; the items as they stand after it."""
    given: dict[str, int] = {}
    items: list[Item] = []
    steps: list[Step] = []
    for item in case.items:
        ceiling = _specified_ceiling(case, item=item)
        excess = 0 if ceiling is None else max(0, item.burden - ceiling)
        items.append(item._replace(burden=item.burden - excess, tested=item.tested - excess))
        if ceiling is not None:
            given[item.person] = given.get(item.person, 0) + excess
            where = f"{item.person} {item.facility}"
            steps += [
                note("specified_ceiling", label=f"{where}：特定疾病の限度額", value=ceiling),
                note("specified_benefit", label=f"{where}：特定疾病の高額療養費", value=excess),
            ]
    return Stage(given, {}, tuple(steps)), tuple(items)


def _specified_ceiling(case: Case, *, item: Item) -> int | None:
    if item.specified_disease is None:
        return None
    rules = case.rules
    is_dear = (
        item.specified_disease is SpecifiedDisease.DIALYSIS
        and case.groups[item.person] is AgeGroup.UNDER_70
        and case.under_70 is not None
        and case.under_70.code in (Under70.A, Under70.I)
    )
    ceiling = rules.specified_dialysis_ceiling if is_dear else rules.specified_ceiling
    return ceiling // rules.half_divisor if _is_half(case, name=item.person) else ceiling


def give_outpatient(case: Case, *, items: Sequence[Item]) -> Stage:
    """個人ごとの外来 (施行令第29条の2): up to the out-patient ceiling of each person from 70 on."""
    left = _burdens(items)
    given: dict[str, int] = {}
    steps: list[Step] = []
    for name in left:
        half = _is_half(case, name=name)
        assert case.from_70 is not None  # noqa: S101 - a class is judged wherever there is a person of that age
        ceiling = outpatient_ceiling(case.from_70, is_half=half, rules=case.rules)
        if ceiling is None:
            continue
        burden = sum(i.burden for i in items if i.person == name and i.setting is Setting.OUTPATIENT)
        given[name] = max(0, burden - ceiling)
        left[name] -= given[name]
        steps += [
            note("outpatient_burden", label=f"{name}：外来の一部負担金", value=burden),
            note("outpatient_ceiling", label=f"{name}：外来の限度額{_of_half(half)}", value=ceiling),
            note("outpatient_benefit", label=f"{name}：外来の高額療養費", value=given[name]),
        ]
    return Stage(given, left, tuple(steps))


def give_turning_75(case: Case, *, items: Sequence[Item], left: Mapping[str, int]) -> Stage:
    """75歳到達月の個人単位 (施行令第29条の2): the household ceiling, halved, for the person who turns 75 alone."""
    after, given = dict(left), {}
    steps: list[Step] = []
    for name in left:
        if not _is_half(case, name=name):
            continue
        cost = sum(item.cost for item in items if item.person == name)
        ceiling = _ceiling(case, limit=case.from_70, cost=cost, is_half=True)
        given[name] = max(0, left[name] - ceiling.amount)
        after[name] -= given[name]
        steps += _stage_steps(
            "turning_75",
            who=f"{name}（75歳到達月）",
            burden=left[name],
            cost=cost,
            ceiling=ceiling,
            given=given[name],
        )
    return Stage(given, after, tuple(steps))


def give_from_70(case: Case, *, items: Sequence[Item], left: Mapping[str, int]) -> Stage:
    """70歳以上の世帯合算 (施行令第29条の2): what persons from 70 on still bear, up to their ceiling."""
    return _pooled(case, stage="from_70", who="70歳以上の世帯", limit=case.from_70, items=items, left=left)


def give_household(
    case: Case, *, seniors: Sequence[Item], counted: Sequence[Item], left: Mapping[str, int]
) -> Stage:
    """世帯全体 (施行令第29条の2): with the items under 70 that reach 21,000 yen."""
    if not counted:
        return Stage({}, left, ())
    pooled = {**left, **_burdens(counted)}
    items = [*seniors, *counted]
    return _pooled(case, stage="household", who="世帯全体", limit=case.under_70, items=items, left=pooled)


def _pooled(
    case: Case, *, stage: str, who: str, limit: Limit | None, items: Sequence[Item], left: Mapping[str, int]
) -> Stage:
    burden = sum(left.values())
    if not burden:
        return Stage({}, left, ())
    cost = sum(item.cost for item in items)
    ceiling = _ceiling(case, limit=limit, cost=cost, is_half=False)
    total = max(0, burden - ceiling.amount)
    given = share(total, among=left)
    after = {name: amount - given[name] for name, amount in left.items()}
    return Stage(
        given, after, _stage_steps(stage, who=who, burden=burden, cost=cost, ceiling=ceiling, given=total)
    )


def _ceiling(case: Case, *, limit: Limit | None, cost: int, is_half: bool) -> Ceiling:
    assert limit is not None  # noqa: S101 - a class is judged wherever there is a person of that age
    return monthly_ceiling(limit, cost=cost, is_several=case.is_several, is_half=is_half, rules=case.rules)


def _stage_steps(
    stage: str, *, who: str, burden: int, cost: int, ceiling: Ceiling, given: int
) -> tuple[Step, ...]:
    how = f"{'（多数回該当）' if ceiling.is_several else ''}{_of_half(ceiling.is_half)}"
    return (
        note(f"{stage}_burden", label=f"{who}：合算する一部負担金", value=burden),
        note(f"{stage}_cost", label=f"{who}：合算する医療費（10割）", value=cost),
        note(f"{stage}_ceiling", label=f"{who}：自己負担限度額{how}", value=ceiling.amount),
        note(f"{stage}_benefit", label=f"{who}：高額療養費", value=given),
    )


def _of_half(is_half: bool) -> str:
    return "（75歳到達月の2分の1）" if is_half else ""


def _is_half(case: Case, *, name: str) -> bool:
    return has_half_ceiling(case.members[name].birth_date, month=case.month, rules=case.rules)


def _burdens(items: Sequence[Item]) -> dict[str, int]:
    burdens: dict[str, int] = {}
    for item in items:
        burdens[item.person] = burdens.get(item.person, 0) + item.burden
    return burdens

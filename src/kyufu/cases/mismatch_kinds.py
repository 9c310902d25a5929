"""Which differences between what was told (申請・届出) and what register and evidence tell call for a notification.

Pure: a list for each kind from facts that are compared already. A child that moved out or died is on none of them: the
judgement ends the entitlement, and the notice of loss tells so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from kyufu.cases.states import ChangeItem
from kyufu.evidence.api import InsuranceCompared
from kyufu.platform.feeds.states import DISMISSED, OPEN, RESOLVED
from kyufu.platform.transitions import Machine
from kyufu.registry.api import FactChange, RegisterCompared

# Over by itself: the facts agree again, or a report was decided. It opens again where they differ again.
AGREED = "agreed"
MISMATCHES = Machine(
    subject_table="cases_mismatch",
    history_table="cases_mismatch_transition",
    start=frozenset({OPEN}),
    pairs={
        OPEN: frozenset({AGREED, RESOLVED, DISMISSED}),
        AGREED: frozenset({OPEN}),
        RESOLVED: frozenset(),
        DISMISSED: frozenset(),
    },
)


class Told(StrEnum):
    """What an application or a change report tells, each as of its own last report."""

    ADDRESS = "address"
    CHILD_NAME = "child_name"
    GUARDIAN_NAME = "guardian_name"
    GUARDIAN = "guardian"
    INSURANCE = "insurance"


# The matters of a change report that tell an item anew; an application tells them all.
TELLS: Mapping[Told, tuple[ChangeItem, ...]] = MappingProxyType(
    {
        Told.ADDRESS: (ChangeItem.ADDRESS,),
        Told.CHILD_NAME: (ChangeItem.NAME,),
        Told.GUARDIAN_NAME: (ChangeItem.NAME, ChangeItem.GUARDIAN),
        Told.GUARDIAN: (ChangeItem.GUARDIAN,),
        Told.INSURANCE: (ChangeItem.INSURANCE,),
    }
)


class MismatchKind(StrEnum):
    """A difference (食い違い) that the guardian is to report."""

    GUARDIAN_GONE = "guardian_gone"
    GUARDIAN_APART = "guardian_apart"
    GUARDIAN_RENAMED = "guardian_renamed"
    CHILD_MOVED = "child_moved"
    CHILD_RENAMED = "child_renamed"
    INSURANCE_CHANGED = "insurance_changed"
    INSURANCE_ENDED = "insurance_ended"

    @property
    def label(self) -> str:
        """The Japanese word for a list."""
        return _WORDS[self].label

    @property
    def reason(self) -> str:
        """What differs, for a clerk."""
        return _WORDS[self].reason

    @property
    def next_step(self) -> str:
        """What a clerk does about it."""
        return _WORDS[self].step

    @property
    def matter(self) -> ChangeItem:
        """What the change report (異動届) is about that puts it right."""
        return _WORDS[self].matter

    @property
    def item(self) -> Told:
        """Which of the things told it differs from."""
        return _WORDS[self].item


class Words(NamedTuple):
    """The words of a kind."""

    label: str
    reason: str
    step: str
    matter: ChangeItem
    item: Told


_K, _C = MismatchKind, ChangeItem
_WORDS: Mapping[MismatchKind, Words] = MappingProxyType(
    {
        _K.GUARDIAN_GONE: Words(
            "保護者の転出・死亡",
            "届け出た保護者が、住民記録で市外への転出または死亡となっている",
            "児童の世帯の方に連絡し、新しい保護者の届出を求める（この保護者への手紙は届かない）",
            _C.GUARDIAN,
            Told.GUARDIAN,
        ),
        _K.GUARDIAN_APART: Words(
            "保護者と児童の別世帯",
            "届出のときは同じ世帯だった保護者と児童が、住民記録で別の世帯になっている",
            "児童を養育している人を確かめ、保護者が変わったときはその届出を求める",
            _C.GUARDIAN,
            Told.GUARDIAN,
        ),
        _K.GUARDIAN_RENAMED: Words(
            "保護者の氏名の変更",
            "保護者の氏名が、届出のときの住民記録と異なる",
            "氏名の変更の届出を求める",
            _C.NAME,
            Told.GUARDIAN_NAME,
        ),
        _K.CHILD_MOVED: Words(
            "児童の転居",
            "児童の住所が、届出のときの住民記録と異なる（市内の転居）",
            "住所の変更の届出を求める",
            _C.ADDRESS,
            Told.ADDRESS,
        ),
        _K.CHILD_RENAMED: Words(
            "児童の氏名の変更",
            "児童の氏名が、届出のときの住民記録と異なる",
            "氏名の変更の届出を求める",
            _C.NAME,
            Told.CHILD_NAME,
        ),
        _K.INSURANCE_CHANGED: Words(
            "健康保険の変更",
            "児童の健康保険が、届出のときの資格と異なる",
            "健康保険の変更の届出を求める",
            _C.INSURANCE,
            Told.INSURANCE,
        ),
        _K.INSURANCE_ENDED: Words(
            "健康保険の終了",
            "児童の健康保険の資格が終わり、次の資格が分からない",
            "新しい健康保険の届出を求める。得られなければ資格を照会する",
            _C.INSURANCE,
            Told.INSURANCE,
        ),
    }
)


class Compared(NamedTuple):
    """A child whose item was told by a decision, and what changed since of register and insurance."""

    child_id: int
    guardian_id: int
    application_id: int
    item: Told
    decision_id: int
    register: RegisterCompared
    insurance: InsuranceCompared


class MismatchFound(NamedTuple):
    """A difference of a child: since when, against what a decision rests on; `mark` stays while it is the same one."""

    child_id: int
    guardian_id: int
    application_id: int
    kind: MismatchKind
    decision_id: int
    mark: str
    since: date

    @property
    def key(self) -> tuple[int, str, int, str]:
        """What makes it the same difference."""
        return self.child_id, str(self.kind), self.decision_id, self.mark


def guardians_gone(compared: Iterable[Compared]) -> list[MismatchFound]:
    """Guardians who moved out of the city or died since they were told."""
    return _list(compared, kind=_K.GUARDIAN_GONE, change=lambda one: one.register.guardian_gone)


def guardians_apart(compared: Iterable[Compared]) -> list[MismatchFound]:
    """Guardians and children of one household who are registered in two since."""
    return _list(compared, kind=_K.GUARDIAN_APART, change=lambda one: one.register.apart)


def guardians_renamed(compared: Iterable[Compared]) -> list[MismatchFound]:
    """Guardians whose name differs from the one told."""
    return _list(
        compared,
        kind=_K.GUARDIAN_RENAMED,
        change=lambda one: one.register.guardian_renamed,
    )


def children_moved(compared: Iterable[Compared]) -> list[MismatchFound]:
    """Children registered at another address of the city than the one told."""
    return _list(compared, kind=_K.CHILD_MOVED, change=lambda one: one.register.child_moved)


def children_renamed(compared: Iterable[Compared]) -> list[MismatchFound]:
    """Children whose name differs from the one told."""
    return _list(compared, kind=_K.CHILD_RENAMED, change=lambda one: one.register.child_renamed)


def insurances_changed(compared: Iterable[Compared]) -> list[MismatchFound]:
    """Children with another health insurance than the one told."""
    return _list(compared, kind=_K.INSURANCE_CHANGED, change=lambda one: one.insurance.changed)


def insurances_ended(compared: Iterable[Compared]) -> list[MismatchFound]:
    """Children whose health insurance ended without another."""
    return _list(compared, kind=_K.INSURANCE_ENDED, change=lambda one: one.insurance.ended)


LISTS: Mapping[MismatchKind, Callable[[Iterable[Compared]], list[MismatchFound]]] = MappingProxyType(
    {
        _K.GUARDIAN_GONE: guardians_gone, _K.GUARDIAN_APART: guardians_apart, _K.GUARDIAN_RENAMED: guardians_renamed,
        _K.CHILD_MOVED: children_moved, _K.CHILD_RENAMED: children_renamed, _K.INSURANCE_CHANGED: insurances_changed,
        _K.INSURANCE_ENDED: insurances_ended,
    }
)  # fmt: skip


def _list(
    compared: Iterable[Compared],
    *,
    kind: MismatchKind,
    change: Callable[[Compared], FactChange | None],
) -> list[MismatchFound]:
    return [
        MismatchFound(one.child_id, one.guardian_id, one.application_id, kind, one.decision_id, *found)
        for one in compared
        if one.item is kind.item and (found := change(one)) is not None
    ]

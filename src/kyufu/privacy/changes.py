"""Two prints compared: what changed, and by `assessment.toml` whether a new assessment is called for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from kyufu.privacy.assessment import UNDECIDED, Rule, Verdict, is_heavier, rules
from kyufu.privacy.content import Item, PrivacyPrint, Receiver, RecordFile, Scale, SystemFunction

ORDER = (Verdict.IMPORTANT, Verdict.ASK, Verdict.MINOR)


class PrintChange(NamedTuple):
    """A change and the rule that says what it means; `what` is Japanese and names the thing that changed."""

    rule: Rule
    what: str


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...

    @property
    def label(self) -> str: ...


def compare(*, before: PrivacyPrint, after: PrivacyPrint) -> tuple[PrintChange, ...]:
    """Every change from one print to a later one, those that call for a new assessment first."""
    found = [
        *_file_changes(before.files, after.files),
        *_keyed_changes(before.sources, after.sources, kind="source"),
        *_receiver_changes(before.receivers, after.receivers),
        *_function_changes(before.functions, after.functions),
        *_retention_changes(before, after),
        *_scale_changes(before, after),
    ]
    return tuple(sorted(found, key=lambda one: (ORDER.index(one.rule.verdict), one.rule.change, one.what)))


def _change(kind: str, *, what: str) -> PrintChange:
    return PrintChange(rules()[kind], what)


def _file_changes(before: Sequence[RecordFile], after: Sequence[RecordFile]) -> Iterator[PrintChange]:
    old, new = ({one.name: one for one in files} for files in (before, after))
    for name in sorted(new.keys() - old.keys()):
        yield _change(
            "file_added" if new[name].assessed else "office_file_changed", what=f"ファイル「{name}」"
        )
    for name in sorted(old.keys() - new.keys()):
        yield _change("file_removed", what=f"ファイル「{name}」")
    for name in sorted(old.keys() & new.keys()):
        if not new[name].assessed:
            if old[name].items != new[name].items:
                yield _change("office_file_changed", what=f"ファイル「{name}」の項目")
            continue
        place = f"ファイル「{name}」の"
        yield from _keyed_changes(old[name].items, new[name].items, kind="item", place=place)
        yield from _renamed(old[name].items, new[name].items, place=place)
        yield from _banded(f"{place}本人の数", before=old[name].persons, after=new[name].persons)
        yield from _banded(f"{place}項目の数", before=old[name].item_band, after=new[name].item_band)


def _keyed_changes(
    before: Sequence[_Keyed], after: Sequence[_Keyed], *, kind: str, place: str = ""
) -> Iterator[PrintChange]:
    old, new = ({one.key: one.label for one in keyed} for keyed in (before, after))
    for key in sorted(new.keys() - old.keys()):
        yield _change(f"{kind}_added", what=f"{place}「{new[key]}」")
    for key in sorted(old.keys() - new.keys()):
        yield _change(f"{kind}_removed", what=f"{place}「{old[key]}」")


def _renamed(before: Sequence[Item], after: Sequence[Item], *, place: str) -> Iterator[PrintChange]:
    old = {one.key: one.label for one in before}
    for one in after:
        if old.get(one.key, one.label) != one.label:
            yield _change("item_renamed", what=f"{place}「{old[one.key]}」から「{one.label}」")


def _receiver_changes(before: Sequence[Receiver], after: Sequence[Receiver]) -> Iterator[PrintChange]:
    yield from _keyed_changes(before, after, kind="receiver")
    old = {one.key: one for one in before}
    for one in after:
        if one.key in old:
            yield from _keyed_changes(
                old[one.key].items, one.items, kind="receiver_items", place=f"{one.label}への"
            )


def _function_changes(
    before: Sequence[SystemFunction], after: Sequence[SystemFunction]
) -> Iterator[PrintChange]:
    yield from _keyed_changes(before, after, kind="function")
    old = {one.key: one for one in before}
    for one in after:
        known = set(old[one.key].screens) if one.key in old else set(one.screens)
        for screen in sorted(set(one.screens) - known):
            yield _change("function_added", what=f"{one.label}の画面「{screen}」")
        for screen in sorted(known - set(one.screens)):
            yield _change("function_removed", what=f"{one.label}の画面「{screen}」")


def _retention_changes(before: PrivacyPrint, after: PrivacyPrint) -> Iterator[PrintChange]:
    old, new = ({one.key: one for one in found.retention} for found in (before, after))
    for key in sorted(old.keys() | new.keys()):
        said = [f"{kept[key].years}年" if key in kept else "なし" for kept in (old, new)]
        if said[0] != said[1]:
            label = (new.get(key) or old[key]).label
            yield _change("retention_changed", what=f"「{label}」の保管期間 {said[0]}から{said[1]}")


def _scale_changes(before: PrivacyPrint, after: PrivacyPrint) -> Iterator[PrintChange]:
    old, new = before.scale, after.scale
    yield from _banded("対象人数", before=old.persons, after=new.persons)
    yield from _banded("使用者数", before=old.users, after=new.users)
    if old.has_contractors != new.has_contractors:
        kind = "contractors_added" if new.has_contractors else "contractors_removed"
        yield _change(kind, what="委託事業者の利用者")
    yield from _threshold_changes(old, new)


def _banded(label: str, *, before: str, after: str) -> Iterator[PrintChange]:
    if before != after:
        yield _change("band_changed", what=f"{label} {before}から{after}")


def _threshold_changes(old: Scale, new: Scale) -> Iterator[PrintChange]:
    if old.due == new.due and new.due != UNDECIDED:
        return
    heavier = is_heavier(new.due, than=old.due)
    kind = {True: "threshold_heavier", False: "threshold_lighter", None: "threshold_unknown"}[heavier]
    yield _change(kind, what=f"しきい値判断 {old.due}から{new.due}")

"""Any two prints: the comparison is of sets, turns round, ignores order, and survives a trip through its JSON text."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyufu.platform.errors import BadInput
from kyufu.privacy import content
from kyufu.privacy.api import change_lines, compare
from kyufu.privacy.content import (
    Item,
    Kept,
    PrivacyPrint,
    Receiver,
    RecordFile,
    Source,
    SystemFunction,
    to_json,
)
from tests.privacy.parts import PRINT

KEYS = st.lists(st.sampled_from("abcdef"), unique=True, max_size=4)
ITEMS = KEYS.map(lambda keys: tuple(Item(key, f"項目{key}") for key in keys))
FILES = st.lists(
    st.tuples(st.sampled_from("宛名監査"), ITEMS), unique_by=lambda pair: pair[0], max_size=3
).map(lambda pairs: tuple(RecordFile(name, True, "1万人未満", "10項目未満", items) for name, items in pairs))
SOURCES = KEYS.map(lambda keys: tuple(Source(key, f"元{key}") for key in keys))
RECEIVERS = st.lists(
    st.tuples(st.sampled_from("xyz"), ITEMS), unique_by=lambda pair: pair[0], max_size=3
).map(lambda pairs: tuple(Receiver(key, f"先{key}", "法", items) for key, items in pairs))
FUNCTIONS = st.lists(st.tuples(st.sampled_from("pqr"), KEYS), unique_by=lambda pair: pair[0], max_size=3).map(
    lambda pairs: tuple(SystemFunction(key, f"機能{key}", tuple(screens)) for key, screens in pairs)
)
KEPT = st.lists(st.tuples(st.sampled_from("mn"), st.integers(1, 9)), unique_by=lambda pair: pair[0]).map(
    lambda pairs: tuple(Kept(key, f"区分{key}", years, "公表資料") for key, years in pairs)
)
PRINTS = st.builds(
    lambda files, sources, receivers, functions, retention: replace(
        PRINT, files=files, sources=sources, receivers=receivers, functions=functions, retention=retention
    ),
    FILES, SOURCES, RECEIVERS, FUNCTIONS, KEPT,
)  # fmt: skip
BACKWARDS = {
    "file_added": "file_removed", "item_added": "item_removed", "source_added": "source_removed",
    "receiver_added": "receiver_removed", "receiver_items_added": "receiver_items_removed",
    "function_added": "function_removed",
}  # fmt: skip


def kinds(before: PrivacyPrint, after: PrivacyPrint) -> Counter[str]:
    """How often each kind of change is told."""
    return Counter(one.rule.change for one in compare(before=before, after=after))


def parts(found: PrivacyPrint) -> dict[str, set[tuple[str, ...]]]:
    """The single facts that a print states, by kind."""
    facts: dict[str, set[tuple[str, ...]]] = {
        "file": {(one.name,) for one in found.files},
        "source": {(one.key,) for one in found.sources},
        "receiver": {(one.key,) for one in found.receivers},
        "item": {(one.name, item.key) for one in found.files for item in one.items},
        "receiver_items": {(one.key, item.key) for one in found.receivers for item in one.items},
        "function": {(one.key,) for one in found.functions},
        "screen": {(one.key, screen) for one in found.functions for screen in one.screens},
    }
    return facts


OF_WHAT = {"item": "file", "receiver_items": "receiver", "screen": "function"}


@given(PRINTS, PRINTS)
def test_every_fact_that_only_one_print_states_is_told_once(
    before: PrivacyPrint, after: PrivacyPrint
) -> None:
    """What belongs to something that is wholly new or gone is told with it."""
    old, new, found = parts(before), parts(after), kinds(before, after)
    expected: Counter[str] = Counter()
    for kind in old:
        holder = OF_WHAT.get(kind)
        both = old[holder] & new[holder] if holder else None
        for way, facts in (("added", new[kind] - old[kind]), ("removed", old[kind] - new[kind])):
            told = [fact for fact in facts if both is None or fact[:1] in both]
            expected[f"{'function' if kind == 'screen' else kind}_{way}"] += len(told)
    told_at_all = {name: found[name] for name in expected}
    assert told_at_all == dict(expected)


@given(PRINTS, PRINTS)
def test_backwards_what_was_added_is_removed(before: PrivacyPrint, after: PrivacyPrint) -> None:
    there, back = kinds(before, after), kinds(after, before)
    for added, removed in BACKWARDS.items():
        assert there[added] == back[removed]
        assert there[removed] == back[added]
    assert there["retention_changed"] == back["retention_changed"]


@given(PRINTS, st.randoms(use_true_random=False))
def test_the_order_of_anything_changes_nothing(found: PrivacyPrint, random: object) -> None:
    def shuffled(values: tuple[object, ...]) -> tuple[object, ...]:
        mixed = list(values)
        random.shuffle(mixed)  # type: ignore[attr-defined]
        return tuple(mixed)

    other = replace(
        found,
        files=tuple(replace(one, items=shuffled(one.items)) for one in found.files),
        sources=shuffled(found.sources), functions=shuffled(found.functions), retention=shuffled(found.retention),
    )  # fmt: skip
    assert compare(before=found, after=replace(other, files=shuffled(other.files))) == ()


@given(PRINTS)
def test_a_print_is_nothing_new_to_itself(found: PrivacyPrint) -> None:
    assert compare(before=found, after=found) == ()
    assert list(change_lines(compare(before=found, after=found))) == [
        "前回の出力から変わったものはありません。"
    ]


@given(PRINTS)
def test_the_text_gives_the_print_back_and_is_the_same_each_time(found: PrivacyPrint) -> None:
    text = to_json(found)
    assert text == to_json(found)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "print.json"
        path.write_text(text, encoding="utf-8")
        assert content.read_print(path) == found


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "null", '{"version": 99}', "\x00", '{"version": 1}'])
def test_what_is_no_print_is_refused_by_its_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "前回.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as refusal:
        content.read_print(path)
    assert "前回.json" in str(refusal.value)
    assert str(tmp_path) not in str(refusal.value)

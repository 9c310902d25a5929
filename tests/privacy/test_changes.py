"""Which change calls for a new assessment, which does not, and which a person must decide."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyufu.privacy.api import change_lines, compare
from kyufu.privacy.assessment import UNDECIDED, Verdict, rules
from kyufu.privacy.content import Item, Kept, PrivacyPrint, Receiver, RecordFile, Source, SystemFunction
from tests.privacy.parts import NAME, PRINT, SCALE, SEX

FILE, RECEIVER, FUNCTION = PRINT.files[0], PRINT.receivers[0], PRINT.functions[0]
IMPORTANT, MINOR, ASK = Verdict.IMPORTANT, Verdict.MINOR, Verdict.ASK


def changed(**parts: Any) -> PrivacyPrint:
    """The print with some parts replaced."""
    return replace(PRINT, **parts)


CASES = [
    ("file_added", changed(files=(FILE, RecordFile("監査", True, "1万人未満", "10項目未満", ()))), IMPORTANT),
    ("file_removed", changed(files=()), MINOR),
    (
        "office_file_changed",
        changed(files=(FILE, RecordFile("職員", False, "1万人未満", "10項目未満", ()))),
        MINOR,
    ),
    ("item_added", changed(files=(replace(FILE, items=(NAME, SEX)),)), IMPORTANT),
    ("item_removed", changed(files=(replace(FILE, items=()),)), MINOR),
    ("item_renamed", changed(files=(replace(FILE, items=(Item(NAME.key, "住民の異動：お名前"),)),)), MINOR),
    ("source_added", changed(sources=(*PRINT.sources, Source("tax", "個人住民税"))), IMPORTANT),
    ("source_removed", changed(sources=()), MINOR),
    ("receiver_added", changed(receivers=(RECEIVER, Receiver("tax", "税", "法", ()))), ASK),
    ("receiver_removed", changed(receivers=()), MINOR),
    ("receiver_items_added", changed(receivers=(replace(RECEIVER, items=(*RECEIVER.items, SEX)),)), ASK),
    ("receiver_items_removed", changed(receivers=(replace(RECEIVER, items=()),)), MINOR),
    ("function_added", changed(functions=(FUNCTION, SystemFunction("new", "新機能", ()))), ASK),
    ("function_added", changed(functions=(replace(FUNCTION, screens=("個人の検索", "一覧")),)), ASK),
    ("function_removed", changed(functions=(replace(FUNCTION, screens=()),)), MINOR),
    ("retention_changed", changed(retention=(Kept("business", "小児医療費助成", 7, "公表資料"),)), MINOR),
    ("band_changed", changed(scale=replace(SCALE, users="50人以上100人未満")), MINOR),
    ("contractors_added", changed(scale=replace(SCALE, has_contractors=True)), IMPORTANT),
    ("threshold_heavier", changed(scale=replace(SCALE, due="全項目評価")), IMPORTANT),
    ("threshold_lighter", changed(scale=replace(SCALE, due="基礎項目評価")), MINOR),
    ("threshold_unknown", changed(scale=replace(SCALE, due=UNDECIDED)), ASK),
]


@pytest.mark.parametrize(("kind", "after", "verdict"), CASES)
def test_each_change_is_found_alone_and_judged(kind: str, after: PrivacyPrint, verdict: Verdict) -> None:
    (found,) = compare(before=PRINT, after=after)
    assert (found.rule.change, found.rule.verdict) == (kind, verdict)


def test_contractors_that_go_are_minor() -> None:
    before = changed(scale=replace(SCALE, has_contractors=True))
    (found,) = compare(before=before, after=PRINT)
    assert (found.rule.change, found.rule.verdict) == ("contractors_removed", MINOR)


def test_every_rule_is_used_and_says_where_it_comes_from() -> None:
    assert {kind for kind, _, _ in CASES} | {"contractors_removed"} == rules().keys()
    for rule in rules().values():
        assert rule.source
        assert rule.certainty in ("official", "secondary", "assumed")
        assert rule.reason.endswith("。")


def test_the_same_print_has_no_change_and_another_day_is_none() -> None:
    assert compare(before=PRINT, after=changed(on="2027-08-03")) == ()
    assert list(change_lines(())) == ["前回の出力から変わったものはありません。"]


def test_the_comparison_says_what_calls_for_a_new_assessment_first() -> None:
    after = changed(
        files=(replace(FILE, items=(NAME, SEX)),),
        functions=(replace(FUNCTION, screens=()),),
        receivers=(replace(RECEIVER, items=(*RECEIVER.items, SEX)),),
    )
    lines = list(change_lines(compare(before=PRINT, after=after)))
    assert [line for line in lines if line.startswith("■")] == [
        "■ 重要な変更（評価の再実施が必要）：1件",
        "■ 担当者の判断が必要な変更：1件",
        "■ 重要な変更に当たらないもの（評価書の修正と公表で足りる）：1件",
    ]
    assert lines[1:3] == ["・Ⅱ2④ 記録される項目※", "    ファイル「宛名」の「住民の異動：性別」が加わった"]
    assert "二次資料" in lines[3]
    assert "仮定" in lines[7]


def test_a_file_about_the_staff_changes_without_a_new_assessment() -> None:
    office = RecordFile("職員", False, "1万人未満", "10項目未満", (NAME,))
    before, after = (changed(files=(FILE, one)) for one in (office, replace(office, items=(NAME, SEX))))
    (found,) = compare(before=before, after=after)
    assert (found.rule.change, found.rule.verdict) == ("office_file_changed", MINOR)
    assert "    ファイル「職員」の項目が変わった" in change_lines((found,))


ITEMS = st.lists(st.sampled_from([f"t.c{number}" for number in range(8)]), unique=True).map(
    lambda keys: tuple(Item(key, f"項目{key}") for key in sorted(keys))
)


@given(before=ITEMS, after=ITEMS)
def test_added_and_removed_items_are_told_one_by_one(
    before: tuple[Item, ...], after: tuple[Item, ...]
) -> None:
    one, other = (changed(files=(replace(FILE, items=items),)) for items in (before, after))
    found = [change.rule.change for change in compare(before=one, after=other)]
    assert found.count("item_added") == len(set(after) - set(before))
    assert found.count("item_removed") == len(set(before) - set(after))
    assert bool(found) == (before != after)

"""Bulk intake: the feed of applications, its good rows, its bad rows, and the same file again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from kyufu.cases import api as cases
from kyufu.cases.intake import LAYOUT
from kyufu.platform.errors import BadInput
from kyufu.platform.feeds.intake import FeedResult
from tests.cases.test_judgement import fetch
from tests.cases.world import APPROVER, AT, CLERK, MUNICIPALITY, ON, WARD, Family, World, certify, quiet
from tests.platform.feed_files import write_feed

BASE: Mapping[str, object] = {
    "shinsei_kubun": "1",
    "uketsuke_nengappi": "2026-07-01",
    "uketsuke_ku": WARD,
    "uketsuke_keiro": "1",
    "zokugara": "1",
    "shinseisha_kubun": "1",
    "bango_kakunin": "1",
    "mimoto_kakunin": "1",
    "kakunin_shokuin": "S0001",
    "kakunin_nengappi": "2026-07-01",
    "setsumei": "1",
}


def paper(family: Family, number: int, **items: object) -> dict[str, object]:
    """One row of the intake; `items` replace those of the base row."""
    persons = {"shoni_atenabango": family.child_no, "hogosha_atenabango": family.father_no}
    return {**BASE, "uketsuke_bango": f"A{number:08}", **persons, **items}


def take_in(folder: Path, rows: list[dict[str, object]], *, seq: int = 1) -> FeedResult:
    """Write a file and hand it over."""
    path = write_feed(folder, layout=LAYOUT, rows=rows, mode="DIFF", seq=seq)
    return cases.receive_applications(path, municipality_code=MUNICIPALITY, by=CLERK, at=AT)


def worklist() -> list[tuple[str, str]]:
    """Row codes and columns that did not land, in file order."""
    return [
        (str(row[0]), str(row[1]))
        for row in fetch('SELECT code, "column" FROM platform_rejected_row ORDER BY file_id, row_no')
    ]


@pytest.mark.requirement("YOK-001")
@pytest.mark.requirement("YOK-036")
def test_rows_become_applications_with_guardians_and_identity_checks(world: World, tmp_path: Path) -> None:
    one, two = world.family(), world.family()
    rows = [
        paper(one, 1, hogosha2_atenabango=two.father_no, hogosha2_zokugara="3"),
        paper(
            two, 2, uketsuke_keiro="2", shinseisha_kubun="2", dairinin_shimei="代理　四郎", bango_kakunin="4"
        ),
    ]
    result = take_in(tmp_path, rows)
    assert (result.landed, result.rejected, dict(result.counts)) == (2, 0, {"受付": 2, "うち補正待ち": 0})
    assert fetch(
        "SELECT source_no, state, channel, applicant_kind, agent_name, child_id FROM cases_application ORDER BY id"
    ) == [
        ("A00000001", "received", "counter", "guardian", "", one.child),
        ("A00000002", "received", "mail", "agent", "代理　四郎", two.child),
    ]
    assert fetch("SELECT position, addressee_id, relation FROM cases_application_guardian ORDER BY id") == [
        (1, one.father, "father"),
        (2, two.father, "other"),
        (1, two.father, "father"),
    ]
    assert fetch(
        "SELECT number_document, seen, matched_on IS NOT NULL, staff_id FROM cases_identity_check ORDER BY id"
    ) == [("my_number_card", "original", False, "S0001"), ("matched_in_system", "copy", True, "S0001")]


@pytest.mark.requirement("YOK-005")
@pytest.mark.parametrize(
    ("items", "words"),
    [
        ({"mimoto_kakunin": "0"}, "身元確認が済んでいません"),
        ({"bango_kakunin": ""}, "番号確認の書類"),
        ({"setsumei": ""}, "説明"),
        ({"kakunin_shokuin": ""}, "職員"),
        ({"kakunin_nengappi": ""}, "本人確認の日"),
    ],
)
def test_an_incomplete_check_waits_for_completion(
    world: World, tmp_path: Path, items: dict[str, object], words: str
) -> None:
    result = take_in(tmp_path, [paper(world.family(), 1, **items), paper(world.family(), 2)])
    assert dict(result.counts) == {"受付": 2, "うち補正待ち": 1}
    assert cases.state_counts() == {"incomplete": 1, "received": 1}
    waiting = cases.applications(state="incomplete")[0]
    assert words in cases.application_history(waiting.application_id)[-1].why
    assert fetch("SELECT count(*) FROM cases_identity_check") == [(1,)]


def test_bad_rows_go_to_the_worklist_while_good_rows_land(world: World, tmp_path: Path) -> None:
    good, twice, entitled, odd = (world.family() for _ in range(4))
    certify(entitled)
    rows = [
        paper(good, 1),
        paper(twice, 2, shoni_atenabango="000000000099999"),
        paper(twice, 3, hogosha_atenabango="000000000099999"),
        paper(twice, 4, hogosha2_atenabango="000000000099999", hogosha2_zokugara="2"),
        paper(twice, 5, hogosha_atenabango=twice.child_no),
        paper(odd, 6, shinseisha_kubun="2"),
        paper(entitled, 7, uketsuke_nengappi="2026-09-01"),
        paper(good, 8),
        paper(odd, 9, uketsuke_keiro="7"),
    ]
    result = take_in(tmp_path, rows)
    assert (result.rows, result.landed, result.rejected) == (9, 1, 8)
    assert [code for code, _ in worklist()][:7] == [
        "child_unknown", "guardian_unknown", "second_guardian_unknown", "same_person", "agent_name_missing",
        "entitled_already", "twin_in_file",
    ]  # fmt: skip
    assert cases.state_counts() == {"issued": 1, "received": 1}


def test_a_child_with_an_open_application_is_noticed_in_a_later_file(world: World, tmp_path: Path) -> None:
    family = world.family()
    take_in(tmp_path, [paper(family, 1)])
    later = take_in(tmp_path, [paper(family, 2), paper(world.family(), 1)], seq=2)
    assert later.rejected == 2
    assert worklist() == [("open_twin", "shoni_atenabango"), ("number_taken", "uketsuke_bango")]


def test_the_same_file_again_changes_nothing(world: World, tmp_path: Path) -> None:
    rows = [paper(world.family(), 1)]
    first = take_in(tmp_path, rows)
    again = take_in(tmp_path, rows)
    assert (first.already_applied, again.already_applied) == (False, True)
    assert cases.state_counts() == {"received": 1}
    assert fetch("SELECT count(*) FROM cases_application_transition") == [(1,)]


def test_a_file_of_another_city_is_refused(world: World, tmp_path: Path) -> None:
    path = write_feed(tmp_path, layout=LAYOUT, rows=[paper(world.family(), 1)], mode="DIFF", seq=1)
    with pytest.raises(BadInput, match="ほかの団体"):
        cases.receive_applications(path, municipality_code="141305", by=CLERK, at=AT)
    assert cases.state_counts() == {}


def test_every_received_application_has_its_beginning_recorded(world: World, tmp_path: Path) -> None:
    take_in(tmp_path, [paper(world.family(), number) for number in range(1, 4)])
    cases.judge_pending(municipality="yokohama", on=ON, by=CLERK, at=AT, report=quiet)
    cases.approve_decided(by=APPROVER, at=AT, report=quiet)
    steps = fetch(
        "SELECT from_state, to_state, count(*) FROM cases_application_transition GROUP BY 1, 2 ORDER BY 2"
    )
    assert steps == [("judged", "approved", 3), ("received", "judged", 3), (None, "received", 3)]

"""`kyufu parameters --confirmed` and `effect`: what two persons decided lies over the files, and what it would do."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from kyufu.cli.main import main
from kyufu.law.child.codec import facts_to_json
from kyufu.ordinance import api as ordinance
from kyufu.platform import clock
from tests.cases.world import World, certify
from tests.law.independent import child_of, earner
from tests.ordinance.parts import confirmed, head_office, proposed, wish
from tests.web.town import build_town

pytestmark = pytest.mark.django_db(transaction=True)
STAFF = ("--staff", "S0009", "--staff-name", "運用　一子", "--office", "システム課")


@pytest.fixture
def world(transactional_db: None, tmp_path: Path) -> World:
    """A city for the estimate."""
    return World(tmp_path)


def test_confirmed_changes_are_shown_and_judged_with_where_asked_for(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    town, at = build_town(), clock.current_instant()
    first, second = (head_office(town, name=name) for name in ("基準 一子", "基準 二郎"))
    found = confirmed(wish(), first=first, second=second, at=at)
    assert main(["parameters", "--municipality", "yokohama"]) == 0
    assert "＝60日" not in capsys.readouterr().out
    assert main(["parameters", "--municipality", "yokohama", "--confirmed"]) == 0
    shown = capsys.readouterr().out
    assert "＝60日 〔令和9年8月1日～〕" in shown and f"承認した変更 第{found.proposed.proposal_id}号" in shown
    file = tmp_path / "facts.json"
    file.write_text(facts_to_json(child_of(earner(0), born=date(2020, 5, 5))), encoding="utf-8")
    command = ["judge", "child", "--municipality", "yokohama", "--on", "2027-09-01"]
    versions = []
    for more in ([], ["--confirmed"]):
        assert main([*command, *more, str(file)]) == 0
        versions.append(json.loads(capsys.readouterr().out)["parameter_version"])
    assert versions == [found.version_before, found.version_after]


def test_the_effect_is_estimated_kept_and_said(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    certify(world.family())
    found = proposed(by=head_office(build_town(), name="基準 一子"), at=clock.current_instant())
    number = str(found.proposed.proposal_id)
    effect = ["parameters", "--municipality", "yokohama", "effect", number, "--on"]
    assert main([*effect, "2027-09-01", *STAFF]) == 0
    said = capsys.readouterr().out
    assert "申請・資格のある児童：1 人" in said and "変わらない：1 人" in said
    seen = ordinance.latest_estimate(found)
    assert seen is not None and seen.is_present
    assert main([*effect, "2027-01-01", *STAFF]) == 2
    assert "始まる日より前" in capsys.readouterr().err
    missing = ["parameters", "--municipality", "yokohama", "effect", "999999", "--on", "2027-09-01", *STAFF]
    assert main(missing) == 1
    assert "待っている" in capsys.readouterr().err

"""`kyufu registry merge` and `split`: somebody who proves who they are joins two records of one, or parts them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kyufu.platform import clock
from kyufu.registry import api as registry
from tests.cases.world import Family, World
from tests.cli.proving import enrol, run_as
from tests.web.town import HEAD, MAKER, build_town

pytestmark = pytest.mark.django_db(transaction=True)
Capture = pytest.CaptureFixture[str]
PAPER = registry.NonResident(
    name="架空　太郎", kana="カクウ　タロウ", sex="1", birth_date=date(1990, 1, 15), birth_date_note="",
    municipality="141305", postal_code="2100001", prefecture="神奈川県", city="川崎市", town="", house_number="１番",
    building="",
)  # fmt: skip


@pytest.fixture
def clerks(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Somebody who enters numbers and somebody who does not, both with authenticator apps."""
    monkeypatch.setattr("kyufu.cli.access.prepare_django", lambda: None)
    town, made = build_town(), {}
    for role in ("number", "counter"):
        account_id, staff_no = town.account(office=HEAD)
        town.grant(account_id, role=role, office=HEAD)
        enrol(staff_no)
        made[role] = staff_no
    return made


@pytest.fixture
def family(clerks: dict[str, str], tmp_path: Path) -> Family:
    """A child and its father, who are residents."""
    return World(tmp_path).family()


@pytest.fixture
def outsider(family: Family) -> str:
    """The number of a non-resident who is the father in truth."""
    one = registry.register_non_resident(
        PAPER, valid_from=date(2024, 7, 1), distinct_from=(), by=MAKER, reason="申請書",
        at=clock.current_instant(),
    )  # fmt: skip
    today = clock.current_date_in_japan()
    return registry.people([one], valid_on=today, today=today)[one].addressee_no


def run(action: str, *more: str, outsider: str, by: str) -> int:
    """Run an action as a member of staff who stands there."""
    said = ["--non-resident", outsider, "--why", "本人確認書類による", *more]
    return run_as(
        ["registry", action, *said, "--staff", by, "--staff-name", "番号 扱", "--office", "こども医療課"], by
    )


def members(person: int) -> int:
    """How many numbers name the person."""
    return len(registry.merged_ids([person]).get(person, (person,)))


def test_two_records_of_one_person_are_joined_and_parted(
    family: Family, outsider: str, clerks: dict[str, str], capsys: Capture
) -> None:
    by = clerks["number"]
    assert run("merge", "--resident", family.father_no, outsider=outsider, by=by) == 0
    asked = capsys.readouterr().err
    assert "架空　太郎" in asked
    assert family.father_no in asked
    assert members(family.father) == 2
    assert run("merge", "--resident", family.father_no, outsider=outsider, by=by) == 1
    assert run("split", outsider=outsider, by=by) == 0
    assert members(family.father) == 1
    assert run("split", outsider=outsider, by=by) == 1


def test_without_the_right_or_the_person_nothing_is_joined(
    family: Family, outsider: str, clerks: dict[str, str], capsys: Capture
) -> None:
    assert run("merge", "--resident", family.father_no, outsider=outsider, by=clerks["counter"]) == 1
    assert run("merge", "--resident", "999999999999999", outsider=outsider, by=clerks["number"]) == 1
    assert run("merge", "--resident", family.child_no, outsider=family.father_no, by=clerks["number"]) == 1
    assert members(family.father) == 1
    assert "対応: " in capsys.readouterr().err

"""A delivery holds exactly the allowed items of exactly those registered."""

from __future__ import annotations

import stat
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from kyufu.exchange.basic.api import Mode, deliveries
from kyufu.platform.errors import Refused
from kyufu.staff.api import Forbidden, Level
from tests.exchange.basic.parts import (
    AT,
    MUNICIPALITY,
    SYSTEM,
    TODAY,
    allow,
    asked,
    hand_over,
    rights,
    told,
)
from tests.registry.persons import Register, addressee_no, measure, resident

pytestmark = [pytest.mark.django_db(transaction=False), pytest.mark.usefixtures("system", "var")]


@pytest.mark.requirement("SPR-123", "SPR-124", "SPR-126", "SPR-133")
def test_a_delivery_holds_the_allowed_items_and_no_other(register: Register) -> None:
    register.send([resident(1), resident(2, shimei="見本　花子", seibetsu="2")], mode="FULL")
    allow(asked("atenabango", "shimei", "seinengappi"))
    file = told(hand_over())
    assert file.header[:6] == ["H", f"basic_{SYSTEM}", "1", "FULL", MUNICIPALITY, "000001"]
    assert file.columns == ["teikyo_kubun", "atenabango", "shimei", "seinengappi"]
    assert file.rows == [
        {"teikyo_kubun": "1", "atenabango": addressee_no(1), "shimei": "見本　太郎", "seinengappi": "1990-01-15"},
        {"teikyo_kubun": "1", "atenabango": addressee_no(2), "shimei": "見本　花子", "seinengappi": "1990-01-15"},
    ]  # fmt: skip
    assert file.trailer == ["T", "2", "1=2"]


@pytest.mark.requirement("SPR-126")
def test_the_list_of_the_day_decides_on_both_sides_of_a_change(register: Register) -> None:
    register.send([resident(1)], mode="FULL")
    change = TODAY + timedelta(days=10)
    allow(asked("atenabango", "shimei", "seibetsu"))
    allow(asked("atenabango", "seinengappi", start=change))
    before = told(hand_over(day=change - timedelta(days=1)))
    after = told(hand_over(day=change))
    assert before.columns == ["teikyo_kubun", "atenabango", "shimei", "seibetsu"]
    assert after.columns == ["teikyo_kubun", "atenabango", "seinengappi"]
    assert "見本" not in str(after.rows)


@pytest.mark.requirement("SPR-125", "SPR-192")
def test_a_system_without_a_confirmed_list_gets_nothing(register: Register, var: Path) -> None:
    register.send([resident(1)], mode="FULL")
    with pytest.raises(Refused, match="承認がありません"):
        hand_over()
    allow(asked("atenabango", start=TODAY + timedelta(days=1)))
    with pytest.raises(Refused, match="承認がありません"):
        hand_over()
    assert not list(var.rglob("*.csv"))


def test_a_list_without_items_ends_the_deliveries(register: Register) -> None:
    register.send([resident(1)], mode="FULL")
    allow(asked("atenabango"))
    end = TODAY + timedelta(days=5)
    allow(asked(start=end))
    assert told(hand_over(day=end - timedelta(days=1))).rows
    with pytest.raises(Refused, match="承認がありません"):
        hand_over(day=end)


def test_only_those_registered_on_the_day_are_told_of(register: Register) -> None:
    register.send(
        [
            resident(1),
            resident(2, ido_jiyu="30", jumin_jotai="2", ido_nengappi="2026-08-01"),
            resident(3, ido_jiyu="40", jumin_jotai="3", ido_nengappi="2026-08-02"),
            resident(4, ido_nengappi="2026-08-04"),
        ],
        mode="FULL",
    )
    allow(asked("atenabango"))
    assert [row["atenabango"] for row in told(hand_over()).rows] == [addressee_no(1)]
    diff = told(hand_over(Mode.DIFF, day=date(2026, 8, 4)))
    assert [row["atenabango"] for row in diff.rows] == [addressee_no(4)]


@pytest.mark.requirement("SPR-128")
def test_a_difference_tells_what_changed_and_who_is_gone_and_nothing_else(register: Register) -> None:
    register.send([resident(number) for number in (1, 2, 3)], mode="FULL")
    allow(asked("atenabango", "shimei"))
    hand_over()
    register.send(
        [
            resident(1, rirekibango=2, ido_jiyu="50", ido_nengappi="2026-08-01", shimei="見本　次郎"),
            resident(2, rirekibango=2, ido_jiyu="60", ido_nengappi="2026-08-01", jusho_banchigohyoki="９番"),
            resident(3, rirekibango=2, ido_jiyu="30", jumin_jotai="2", ido_nengappi="2026-08-02"),
        ]
    )
    file = told(hand_over(Mode.DIFF))
    assert file.header[3:6] == ["DIFF", MUNICIPALITY, "000002"]
    assert file.rows == [
        {"teikyo_kubun": "1", "atenabango": addressee_no(1), "shimei": "見本　次郎"},
        {"teikyo_kubun": "9", "atenabango": addressee_no(3), "shimei": ""},
    ]
    assert file.trailer == ["T", "2", "1=1;9=1"]


def test_a_difference_without_news_makes_no_file_and_takes_no_number(register: Register, var: Path) -> None:
    register.send([resident(1)], mode="FULL")
    allow(asked("atenabango", "shimei"))
    hand_over()
    assert hand_over(Mode.DIFF) is None
    assert len([path for path in var.rglob("*") if path.is_file()]) == 1
    register.send([resident(2)])
    made = hand_over(Mode.DIFF)
    assert made is not None
    assert made.seq == 2


def test_a_first_difference_is_refused(register: Register) -> None:
    register.send([resident(1)], mode="FULL")
    allow(asked("atenabango"))
    with pytest.raises(Refused, match="初めて"):
        hand_over(Mode.DIFF)


def test_a_new_list_tells_everybody_again_by_a_difference(register: Register) -> None:
    register.send([resident(1), resident(2)], mode="FULL")
    allow(asked("atenabango", "shimei"))
    hand_over()
    change = TODAY + timedelta(days=1)
    allow(asked("atenabango", "seibetsu", start=change))
    file = told(hand_over(Mode.DIFF, day=change))
    assert file.columns == ["teikyo_kubun", "atenabango", "seibetsu"]
    assert len(file.rows) == 2


@pytest.mark.requirement("SPR-132")
def test_every_delivery_is_in_the_ledger_and_its_file_is_its_owners_alone(register: Register) -> None:
    register.send([resident(1)], mode="FULL")
    list_id = allow(asked("atenabango", "shimei"))
    first, second = hand_over(), hand_over()
    assert first is not None
    assert second is not None
    assert deliveries(SYSTEM) == (first, second)
    assert [made.seq for made in deliveries(SYSTEM)] == [1, 2]
    assert (first.list_id, first.told, first.ended, first.made_by) == (list_id, 1, 0, "S0001")
    assert first.sha256 == sha256(first.path.read_bytes()).hexdigest()
    assert stat.S_IMODE(first.path.stat().st_mode) == 0o600
    for folder in (first.path.parent, first.path.parent.parent, first.path.parent.parent.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_who_may_only_look_delivers_nothing(register: Register, var: Path) -> None:
    from kyufu.exchange.basic.api import deliver

    register.send([resident(1)], mode="FULL")
    allow(asked("atenabango"))
    with pytest.raises(Forbidden):
        deliver(SYSTEM, mode=Mode.FULL, municipality=MUNICIPALITY, rights=rights(level=Level.READ), at=AT)
    assert not var.exists()


@pytest.mark.requirement("KWS-209")
def test_where_a_protected_person_lives_goes_nowhere(register: Register) -> None:
    where = ("setaibango", "tsuzukigara", "jusho_shikuchosonkodo", "jusho_choazakodo", "jusho_todofuken",
             "jusho_shikugunchosonmei", "jusho_choaza", "jusho_banchigohyoki", "jusho_katagaki",
             "jusho_yubinbango", "zenju_shikuchosonkodo")  # fmt: skip
    other = {"setaibango": "900000000000002", "jusho_choaza": "豊岡町", "jusho_katagaki": "",
             "zenju_shikuchosonkodo": "141305"}  # fmt: skip
    register.send([resident(1), resident(2, seibetsu="2"), resident(3, **other)], mode="FULL")
    register.send([measure(1)], layout="protection", mode="FULL")
    allow(asked("atenabango", "shimei", *where))
    made = hand_over()
    file = told(made)
    for sheltered in (1, 2):  # the person, and who lives in one household with them
        row = file.of(addressee_no(sheltered))
        assert row["shimei"] == "見本　太郎"
        assert {row[item] for item in where} == {""}
    assert file.of(addressee_no(3))["jusho_choaza"] == "豊岡町"
    assert file.of(addressee_no(3))["zenju_shikuchosonkodo"] == "141305"
    assert made is not None
    assert "港町" not in made.path.read_text(encoding="utf-8")  # where letters to the protected person go
    assert "駒岡" not in made.path.read_text(encoding="utf-8")


def test_a_protected_address_goes_only_to_a_list_that_holds_it_with_a_reason(register: Register) -> None:
    register.send([resident(1), resident(2, setaibango="900000000000002")], mode="FULL")
    register.send([measure(1)], layout="protection", mode="FULL")
    allow(asked("atenabango", "jusho_choaza", "hogo_jusho", reasons={"hogo_jusho": "避難先への訪問に要る"}))
    file = told(hand_over())
    sheltered, other = file.of(addressee_no(1)), file.of(addressee_no(2))
    assert sheltered["hogo_jusho"] == "2300071 神奈川県横浜市鶴見区駒岡一丁目１番２号 見本荘１０１"
    assert (sheltered["jusho_choaza"], other["jusho_choaza"], other["hogo_jusho"]) == ("", "駒岡一丁目", "")

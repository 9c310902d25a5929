"""Whatever set of items is allowed, a delivery holds those columns in the catalogue's order and their values alone."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kyufu.exchange.basic.api import ITEMS, NUMBER, register_system, systems
from tests.exchange.basic.parts import allow, asked, hand_over, rights, told
from tests.registry.persons import Register, addressee_no, resident

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("system", "var")]

# Every value of this person is unlike every other, so that a value in the wrong file is seen.
PERSON = {
    "ido_jiyu": "20", "ido_nengappi": "2020-04-01", "todokede_nengappi": "2020-04-05", "shimei": "甲田　乙子",
    "shimei_yomigana": "コウダ　オツコ", "shimei_gaikokujinarufuabetto": "ＫＯＤＡ　ＯＴＳＵＫＯ",
    "tsusho": "丙野　丁子",
    "seibetsu": "2", "seinengappi": "1991-02-16", "seinengappi_fushohyoki": "", "jumin_shubetsu": "1",
    "jumin_jotai": "1", "setaibango": "900000000000077", "tsuzukigara": "10",
    "jusho_shikuchosonkodo": "141020", "jusho_choazakodo": "0002002", "jusho_todofuken": "神奈川県",
    "jusho_shikugunchosonmei": "横浜市神奈川区", "jusho_choaza": "六角橋三丁目", "jusho_banchigohyoki": "５番６号",
    "jusho_katagaki": "試験荘２０２", "jusho_yubinbango": "2210802", "zenju_shikuchosonkodo": "141305",
}  # fmt: skip
CHOSEN = st.sets(st.sampled_from(sorted(ITEMS.keys() - {NUMBER, "hogo_jusho", "atenabango"})))


@pytest.fixture
def registered(register: Register) -> None:
    """The person stands in the register."""
    register.send([resident(1, **PERSON)], mode="FULL")


@pytest.mark.usefixtures("registered")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=CHOSEN)
def test_a_file_holds_what_is_allowed_and_no_other_value(chosen: set[str]) -> None:
    system = f"system_{len(systems())}"
    register_system(system, name="試験システム", rights=rights())
    allow(asked("atenabango", *sorted(chosen), system=system))
    file = told(hand_over(system=system))
    allowed = [item for item in ITEMS if item in chosen | {"atenabango"}]
    assert file.columns == ["teikyo_kubun", *allowed]
    (row,) = file.rows
    expected = {"teikyo_kubun": "1", "atenabango": addressee_no(1)} | {item: PERSON[item] for item in chosen}
    assert row == expected
    distinctive = {value for item, value in PERSON.items() if len(value) > 5 and item not in chosen}
    assert not [value for value in distinctive if value in "".join(row.values())]

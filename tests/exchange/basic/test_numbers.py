"""Individual numbers go to the systems that use them, through the vault, and to nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from kyufu.exchange.basic.api import Mode, register_system
from kyufu.mynumber.api import NumberSecret, change_number
from tests.exchange.basic.parts import allow, asked, hand_over, rights, told
from tests.mynumber.conftest import vault  # noqa: F401 - the vault's own fixture
from tests.mynumber.people import AT, CLERK, pair, send
from tests.registry.persons import Register, addressee_no, fetch, my_number, resident

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.usefixtures("vault", "system", "var"),
]
USER = {"uses_individual_number": True, "number_law_basis": "番号法第9条第1項"}


@pytest.fixture
def register(vault: Path, tmp_path: Path) -> Register:  # noqa: F811 - the fixture imported above
    """A register of two persons, whose numbers the vault has."""
    made = Register(tmp_path)
    made.send([resident(1), resident(2)], mode="FULL")
    send(pair(1), pair(2))
    return made


@pytest.mark.requirement("SPR-129")
@pytest.mark.usefixtures("register")
def test_the_number_goes_to_its_users_and_to_no_other_system() -> None:
    register_system("childcare", name="保育システム", rights=rights())
    allow(asked("atenabango", "kojinbango", "shimei", **USER))
    allow(asked("atenabango", "shimei", system="childcare"))
    using, other = hand_over(), hand_over(system="childcare")
    assert told(using).columns == ["teikyo_kubun", "atenabango", "kojinbango", "shimei"]
    for number in (1, 2):
        assert told(using).of(addressee_no(number))["kojinbango"] == my_number(number)
    assert other is not None
    text = other.path.read_text(encoding="utf-8")
    assert told(other).columns == ["teikyo_kubun", "atenabango", "shimei"]
    assert not [number for number in (1, 2) if my_number(number) in text]


@pytest.mark.usefixtures("register")
def test_a_user_whose_list_leaves_the_number_out_does_not_get_it() -> None:
    allow(asked("atenabango", "shimei", **USER))
    made = hand_over()
    assert made is not None
    assert my_number(1) not in made.path.read_text(encoding="utf-8")


def test_a_number_that_came_later_is_told_by_the_next_difference(register: Register) -> None:
    register.send([resident(3)])
    allow(asked("atenabango", "kojinbango", **USER))
    assert told(hand_over()).of(addressee_no(3))["kojinbango"] == ""
    assert hand_over(Mode.DIFF) is None
    send(pair(3))
    file = told(hand_over(Mode.DIFF))
    assert file.rows == [
        {"teikyo_kubun": "1", "atenabango": addressee_no(3), "kojinbango": my_number(3)},
    ]
    assert hand_over(Mode.DIFF) is None


def test_no_number_and_no_digest_of_one_stays_behind(register: Register) -> None:
    allow(asked("atenabango", "kojinbango", **USER))
    hand_over()
    before = fetch("SELECT addressee_no, digest FROM exchange_basic_told ORDER BY 1")
    change_number(
        addressee_no=addressee_no(1),
        number=NumberSecret.parse(my_number(7)),
        changed_on=AT.date(),
        reason="漏えいのため変更",
        subject=1,
        by=CLERK,
        at=AT,
    )
    hand_over()
    assert fetch("SELECT addressee_no, digest FROM exchange_basic_told ORDER BY 1") == before
    kept = str(
        fetch("SELECT table_name, new_values::text, row_names::text FROM audit_write")
        + fetch("SELECT detail::text FROM audit_event")
        + fetch("SELECT what::text FROM audit_read")
    )
    assert not [number for number in (1, 2, 7) if my_number(number) in kept]

"""Who may do what: every function but one opens nothing here, and odd names reach neither SQL nor the disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kyufu.exchange.basic.api import (
    Mode,
    confirm_list,
    deliver,
    deliveries,
    item_list,
    item_lists,
    list_in_force,
    propose_list,
    register_system,
    systems,
    withdraw_list,
)
from kyufu.platform.errors import BadInput, KyufuError, Refused
from kyufu.staff.api import AccountKind, Forbidden, Function, HeldRight, Level, Rights, Scheme
from tests.exchange.basic.parts import (
    AT,
    MUNICIPALITY,
    SECOND,
    SYSTEM,
    TODAY,
    allow,
    asked,
    hand_over,
    rights,
)
from tests.registry.persons import Register, fetch, resident

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("system", "var")]


def holding(function: Function, *, level: Level = Level.UPDATE) -> Rights:
    """Somebody who holds one function and no other."""
    held = frozenset({HeldRight(function, level, Scheme.COMMON, "head", "")})
    return Rights(2, SECOND, "職員2", "head", "情報システム課", AccountKind.EMPLOYEE, TODAY, held)


def acts(list_id: int) -> dict[str, Callable[[Rights], object]]:
    """Everything that changes or delivers something, by name."""
    seen = item_list(list_id)
    assert seen is not None
    return {
        "register": lambda held: register_system("tax", name="税務システム", rights=held),
        "propose": lambda held: propose_list(asked("atenabango"), rights=held, at=AT),
        "confirm": lambda held: confirm_list(list_id, seen=seen.digest, rights=held, at=AT),
        "withdraw": lambda held: withdraw_list(list_id, why="取りやめ", rights=held, at=AT),
        "deliver": lambda held: deliver(
            SYSTEM, mode=Mode.FULL, municipality=MUNICIPALITY, rights=held, at=AT
        ),
    }


@pytest.mark.parametrize("function", sorted(set(Function) - {Function.DELIVERY}))
def test_no_other_function_opens_anything(function: Function) -> None:
    list_id = propose_list(asked("atenabango"), rights=rights(), at=AT)
    for name, act in acts(list_id).items():
        with pytest.raises(Forbidden, match="他システムへの提供"):
            act(holding(function))
        assert (systems(), len(item_lists()), deliveries()) == (
            ((SYSTEM, "国民健康保険システム"),),
            1,
            (),
        ), name


@pytest.mark.parametrize("level", [Level.NONE, Level.READ])
def test_looking_is_not_enough(level: Level) -> None:
    list_id = propose_list(asked("atenabango"), rights=rights(), at=AT)
    for act in acts(list_id).values():
        with pytest.raises(Forbidden):
            act(holding(Function.DELIVERY, level=level))


def test_the_right_opens_everything() -> None:
    list_id = propose_list(asked("atenabango"), rights=rights(), at=AT)
    doing = acts(list_id)
    for name in ("register", "confirm", "deliver"):
        doing[name](holding(Function.DELIVERY))
    assert len(deliveries()) == 1


ODD = ("../../etc", "kokuho/..", "a b", "x;drop", "'", "全角", "A", "1a", "-", ".", "a\n", "a" * 21)


@pytest.mark.parametrize("code", ODD)
def test_a_code_becomes_neither_a_path_nor_sql(code: str, var: Path) -> None:
    with pytest.raises((BadInput, Refused)):
        register_system(code, name="システム", rights=rights())
    with pytest.raises(KyufuError):
        deliver(code, mode=Mode.FULL, municipality=MUNICIPALITY, rights=rights(), at=AT)
    assert list_in_force(code, on=TODAY) is None
    assert not var.exists()


@pytest.mark.parametrize(
    "item", ["shimei; DROP TABLE registry_addressee", "e.name", "*", "", "SHIMEI", "shimei "]
)
def test_an_item_becomes_no_sql(item: str) -> None:
    with pytest.raises(BadInput, match="知らない項目"):
        propose_list(asked("atenabango", item), rights=rights(), at=AT)
    assert item_lists() == ()


def test_texts_of_a_request_reach_the_log_and_no_file(register: Register, var: Path) -> None:
    register.send([resident(1)], mode="FULL")
    allow(asked("atenabango", reasons={"atenabango": '改行\nと"引用符"\''}))
    made = hand_over()
    assert made is not None
    assert "引用符" not in made.path.read_text(encoding="utf-8")
    assert fetch("SELECT reason FROM exchange_basic_item") == [('改行\nと"引用符"\'',)]


@pytest.mark.requirement("SPR-126", "SPR-132")
def test_every_write_is_in_the_log() -> None:
    before = fetch("SELECT coalesce(max(id), 0) FROM audit_write")[0][0]
    allow(asked("atenabango", "shimei"))
    hand_over()
    written = fetch(
        "SELECT table_name, operation FROM audit_write WHERE id > %s AND table_name LIKE 'exchange%%'", before
    )
    assert {table for table, _ in written} >= {
        "exchange_basic_list",
        "exchange_basic_item",
        "exchange_basic_list_transition",
        "exchange_basic_delivery",
    }
    events = fetch("SELECT kind, detail ->> 'システム' FROM audit_event ORDER BY id DESC LIMIT 3")
    assert sorted(events) == [("confirmed", SYSTEM), ("delivered", SYSTEM), ("proposed", SYSTEM)]


def test_whose_data_were_handed_on_is_in_the_log_of_writes(register: Register) -> None:
    register.send([resident(1), resident(2)], mode="FULL")
    allow(asked("atenabango"))
    before = fetch("SELECT coalesce(max(id), 0) FROM audit_write")[0][0]
    hand_over()
    ((count,),) = fetch(
        "SELECT row_count FROM audit_write WHERE id > %s AND table_name = 'exchange_basic_told' "
        "AND operation = 'INSERT'",
        before,
    )
    assert count == 2

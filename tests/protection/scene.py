"""A small city in which one person's address is protected, and everything that happens to such a person's papers.

Number 1 is the protected mother, 2 her child with a certificate, 3 the grandmother in whose household they live,
4 a second child of the household whose application waits. 5 is the father at the former address. The others are
a family of their own, whose papers must not tell anything either.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kyufu.cases import api as cases
from kyufu.platform.clock import current_instant
from kyufu.registry import api as registry
from tests.cases.world import (
    APPROVER,
    AT,
    CLERK,
    LATER,
    ON,
    WARD,
    Family,
    World,
    approve,
    filing,
    issue,
    judge,
    receive,
)
from tests.protection.markers import (
    CAME_FROM,
    FORMER,
    HOME,
    SAFE_ADDRESS,
    SAFE_BUILDING,
    SAFE_POSTAL,
)
from tests.registry.persons import addressee_no, measure, resident

MOTHER, CHILD, GRANDMOTHER, SIBLING, FATHER = 1, 2, 3, 4, 5
MOVED = "2025-05-01"
TODAY = ON


@dataclass(frozen=True)
class Scene:
    """The persons by id, and the cases about them."""

    world: World
    ids: dict[int, int]
    certified: int
    waiting: int
    neighbours: Family

    @property
    def sheltered(self) -> tuple[int, ...]:
        """Those of whom nothing may be told that says where they live."""
        return tuple(self.ids[number] for number in (MOTHER, CHILD, GRANDMOTHER, SIBLING))


def plant(folder: Path) -> Scene:
    """Have the registers tell of everybody, and the office work on their cases."""
    world = World(folder)
    neighbours = world.family()
    world.send("resident", list(_people()))
    world.send("protection", [measure(
        MOTHER, sofusaki_yubinbango=SAFE_POSTAL, sofusaki_jusho=SAFE_ADDRESS, sofusaki_katagaki=SAFE_BUILDING
    )])  # fmt: skip
    for number in (CHILD, SIBLING):
        world.insure(number)
    ids = {
        number: registry.addressee_ids([addressee_no(number)])[addressee_no(number)] for number in range(1, 6)
    }
    child, sibling = (_family(ids, child=number) for number in (CHILD, SIBLING))
    certified = certify(child, ward=HOME.ward)
    certify(neighbours, ward=WARD)
    waiting = receive(sibling, ward_code=HOME.ward)
    said = registry.NewContact(ON, registry.ContactWay.PHONE, "本人", "再交付", "折り返し電話する。", ON)
    registry.record_contact(said, addressee_id=ids[CHILD], ward_code="", by=CLERK, at=current_instant())
    return Scene(world, ids, certified, waiting, neighbours)


def _people() -> list[dict[str, object]]:
    """Mother and child came from Okinawa to the father's home, and left it for the grandmother's."""
    came = {"ido_nengappi": "2020-04-01", "zenju_shikuchosonkodo": CAME_FROM, **FORMER.items()}
    fled = {"ido_jiyu": "30", "rirekibango": 2, "ido_nengappi": MOVED, **HOME.items()}
    mother = {"shimei": "秘匿　花子", "shimei_yomigana": "ヒトク　ハナコ", "seibetsu": "2"}
    child = {"shimei": "秘匿　一子", "shimei_yomigana": "ヒトク　イチコ", "seinengappi": "2018-05-10",
             "tsuzukigara": "10"}  # fmt: skip
    sibling = child | {"shimei": "秘匿　二子", "shimei_yomigana": "ヒトク　ニコ", "seinengappi": "2019-06-11"}
    grandmother = {"shimei": "秘匿　祖母", "shimei_yomigana": "ヒトク　ソボ", "seinengappi": "1955-02-03"}
    return [
        *(resident(number, **items, **told)
          for number, items in ((MOTHER, mother), (CHILD, child), (SIBLING, sibling)) for told in (came, fled)),
        resident(GRANDMOTHER, **grandmother, **HOME.items()),
        resident(FATHER, shimei="前夫　太郎", shimei_yomigana="ゼンプ　タロウ", **FORMER.items()
                 | {"jusho_choaza": "鶴見町", "jusho_banchigohyoki": "１番", "jusho_katagaki": "",
                    "jusho_yubinbango": "2300051", "jusho_choazakodo": "0001001", "setaibango": "900000000000055",
                    "jusho_shikuchosonkodo": "141011", "jusho_shikugunchosonmei": "横浜市鶴見区"}),
    ]  # fmt: skip


def _family(ids: dict[int, int], *, child: int) -> Family:
    return Family(child, addressee_no(child), addressee_no(MOTHER), ids[child], ids[MOTHER])


def certify(family: Family, *, ward: str) -> int:
    """Take an application of a family all the way to its certificate."""
    application_id = receive(family, ward_code=ward)
    judge(application_id, by=CLERK)
    approve(application_id, by=APPROVER)
    issue(application_id)
    return application_id


__all__ = ["APPROVER", "AT", "CLERK", "LATER", "ON", "Scene", "cases", "filing", "plant"]

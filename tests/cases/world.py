"""A small city whose registers send real feeds, and the two members of staff who work on its cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from kyufu.cases import api as cases
from kyufu.evidence.api import evidence_feeds
from kyufu.notation.check_digits import CheckDigit
from kyufu.platform.actors import Actor
from kyufu.platform.feeds.intake import FeedResult, receive_feed
from kyufu.registry import api as registry
from tests.evidence.files import INSURANCE, PERIOD
from tests.platform.feed_files import MUNICIPALITY, write_feed
from tests.registry.persons import FEEDS as REGISTRY_FEEDS
from tests.registry.persons import addressee_no, resident

FEEDS = REGISTRY_FEEDS | {feed.layout.name: feed for feed in evidence_feeds(insurer_check=CheckDigit.TESTED)}
ON = date(2026, 8, 1)
AT = datetime(2026, 7, 21, 1, 0, tzinfo=UTC)
RECEIVED = date(2026, 8, 1)
CLERK = Actor("S0001", "判定　花子", "鶴見区保険年金課")
APPROVER = Actor("S0002", "決裁　次郎", "鶴見区保険年金課")
LATER = Actor("S0003", "交付　三郎", "鶴見区保険年金課")
WARD = "141011"

CHECK = cases.IdentityCheck(
    number_document=cases.NumberDocument.MY_NUMBER_CARD,
    identity_document=cases.IdentityDocument.MY_NUMBER_CARD,
    seen=cases.Seen.ORIGINAL,
    explained=True,
    staff_id="S0001",
    staff_name="判定　花子",
    checked_on=RECEIVED,
)


@dataclass(frozen=True)
class Family:
    """A child and its father, by number and by id."""

    number: int
    child_no: str
    father_no: str
    child: int
    father: int


@dataclass
class World:
    """Sends feeds of every layout in the right sequence."""

    folder: Path
    last_seq: dict[str, int] = field(default_factory=dict)
    families: int = 0

    def send(self, layout: str, rows: Iterable[Mapping[str, object]]) -> FeedResult:
        """Write the next difference of a layout and have it taken in."""
        seq = self.last_seq[layout] = self.last_seq.get(layout, 0) + 1
        path = write_feed(self.folder, layout=FEEDS[layout].layout, rows=list(rows), mode="DIFF", seq=seq)
        return receive_feed(path, feeds=FEEDS, municipality=MUNICIPALITY)

    def family(
        self,
        *,
        birth: str = "2018-05-10",
        insured: bool = True,
        name: str = "見本　一郎",
        since: str = "2020-04-01",
    ) -> Family:
        """Register a father and a child of one household; the child is insured unless said otherwise."""
        self.families += 1
        number = self.families * 10
        household = f"9{number:014}"
        common = {"setaibango": household, "ido_nengappi": since}
        child = resident(number + 1, **common, shimei=name, seinengappi=birth, tsuzukigara="10")
        self.send("resident", [child, resident(number + 2, **common)])
        if insured:
            self.insure(number + 1)
        numbers = (addressee_no(number + 1), addressee_no(number + 2))
        ids = registry.addressee_ids(numbers)
        return Family(number, *numbers, *(ids[one] for one in numbers))

    def insure(self, number: int, **items: object) -> FeedResult:
        """Tell the insurance of a person."""
        return self.send("insurance", [{**INSURANCE, "atenabango": addressee_no(number), **items}])

    def move_out(self, family: Family, *, on: str) -> FeedResult:
        """The child moves to Kawasaki."""
        gone = resident(
            family.number + 1, ido_jiyu="40", rirekibango=2, ido_nengappi=on, jumin_jotai="2", shimei="見本　一郎",
            seinengappi="2018-05-10", zenju_shikuchosonkodo="141305", tsuzukigara="10",
            setaibango=f"9{family.number:014}",
        )  # fmt: skip
        return self.send("resident", [gone])

    def send_loss_of_insurance(self, family: Family, *, on: str) -> FeedResult:
        """The child's insurance ends; `on` is the first day without."""
        return self.insure(family.number + 1, rirekieda=2, soshitsu_nengappi=on)

    def end_assistance(self, family: Family, *, since: str, end: str) -> FeedResult:
        """The public assistance of a child ended."""
        items = {"hogo_kubun": "1", "atenabango": family.child_no, "kaishi": since, "haishi": end}
        return self.send("assistance", [{**PERIOD, **items, "rirekieda": 2}])

    def die(self, family: Family, *, on: str) -> FeedResult:
        """The child dies."""
        dead = resident(
            family.number + 1, ido_jiyu="50", rirekibango=2, ido_nengappi=on, jumin_jotai="3", shimei="見本　一郎",
            seinengappi="2018-05-10", tsuzukigara="10", setaibango=f"9{family.number:014}",
        )  # fmt: skip
        return self.send("resident", [dead])

    def assist(self, family: Family, *, since: str) -> FeedResult:
        """The child's household comes under public assistance."""
        return self.send(
            "assistance", [{**PERIOD, "hogo_kubun": "1", "atenabango": family.child_no, "kaishi": since}]
        )


def filing(family: Family, **items: object) -> cases.Filing:
    """A complete new application for the child of a family; `items` replace its fields."""
    base = cases.Filing(
        kind=cases.Kind.NEW,
        ward_code=WARD,
        channel=cases.Channel.COUNTER,
        received_on=RECEIVED,
        child_id=family.child,
        guardians=(cases.FiledGuardian(family.father, "father"),),
        identity=CHECK,
    )
    return base._replace(**items)  # type: ignore[arg-type]


def receive(family: Family, **items: object) -> int:
    """Receive an application and give its id."""
    return cases.receive_application(filing(family, **items), by=CLERK, at=AT).application_id


def judge(application_id: int, *, by: Actor = CLERK, on: date = ON) -> None:
    """Judge an application in Yokohama."""
    cases.judge_application(application_id, municipality="yokohama", on=on, by=by, at=AT)


def approve(application_id: int, *, by: Actor = APPROVER) -> None:
    """Approve an application."""
    cases.approve_application(application_id, by=by, at=AT)


def issue(application_id: int, *, on: date = ON) -> None:
    """Issue the certificate of an application."""
    cases.issue_application(application_id, municipality="yokohama", on=on, by=LATER, at=AT)


def certify(family: Family) -> int:
    """Take a new application all the way to its certificate; gives the application's id."""
    application_id = receive(family)
    judge(application_id)
    approve(application_id)
    issue(application_id)
    return application_id


def state(application_id: int) -> str:
    """Where an application stands, by its history."""
    return cases.application_history(application_id)[-1].to_state


def quiet(done: int, total: int) -> None:
    """Nobody watches."""

"""A child of Yokohama from birth to moving away, chapter by chapter, by nothing but feeds and the modules' api."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from kyufu.cases import api as cases
from kyufu.documents import api as documents
from kyufu.platform import clock
from kyufu.registry import api as registry
from tests.cases.world import APPROVER, CHECK, CLERK, LATER, World, quiet
from tests.documents.reading import page_texts
from tests.evidence.files import INSURANCE
from tests.registry.persons import addressee_no, resident

BORN, INSURED, APPLIED = date(2026, 9, 10), date(2026, 9, 10), date(2026, 9, 20)
MOVED, MOVE_REPORTED = date(2026, 12, 1), date(2026, 12, 10)
CARD_LOST = date(2027, 2, 1)
GONE, GONE_REPORTED = date(2027, 3, 20), date(2027, 3, 25)
CHILD, FATHER = 11, 12
HOUSEHOLD = "900000000000777"
OLD_HOME = {"jusho_choaza": "駒岡一丁目", "jusho_banchigohyoki": "１番２号", "jusho_katagaki": "見本荘１０１"}
NEW_HOME = {
    "jusho_shikuchosonkodo": "141097", "jusho_shikugunchosonmei": "横浜市港北区", "jusho_choaza": "大豆戸町",
    "jusho_banchigohyoki": "２６番地", "jusho_katagaki": "", "jusho_yubinbango": "2220032",
}  # fmt: skip
KAWASAKI = "141305"


@dataclass
class Life:
    """The story so far: the moment at which each chapter was over, and what was printed in it."""

    world: World
    moments: dict[str, datetime] = field(default_factory=dict)
    papers: dict[str, list[str]] = field(default_factory=dict)
    ids: dict[int, int] = field(default_factory=dict)

    @property
    def child(self) -> int:
        """The id of the child."""
        return self.ids[CHILD]

    def parents(self) -> None:
        """The father lives in Tsurumi; there is no child yet."""
        self.world.send("resident", [resident(FATHER, setaibango=HOUSEHOLD, shimei="見本　太郎", **OLD_HOME)])
        self._over("parents")

    def birth(self) -> None:
        """The child is born and insured with the father."""
        self.world.send("resident", [self._child(ido_jiyu="10", ido_nengappi=str(BORN), **OLD_HOME)])
        self.world.send(
            "insurance",
            [{**INSURANCE, "atenabango": addressee_no(CHILD), "shutoku_nengappi": str(INSURED)}],
        )
        numbers = registry.addressee_ids([addressee_no(CHILD), addressee_no(FATHER)])
        self.ids = {CHILD: numbers[addressee_no(CHILD)], FATHER: numbers[addressee_no(FATHER)]}
        self._over("birth")

    def first_certificate(self) -> int:
        """The father applies at the counter, and the certificate comes by mail."""
        one = self._handle(kind=cases.Kind.NEW, on=APPLIED)
        self._print("first certificate", kind=documents.Kind.CERTIFICATE, on=APPLIED)
        return one

    def move(self) -> None:
        """The register tells that the family moved to Kohoku."""
        moved = {"rirekibango": 2, "ido_jiyu": "30", "ido_nengappi": str(MOVED), **NEW_HOME}
        father = resident(FATHER, setaibango=HOUSEHOLD, shimei="見本　太郎", **moved)
        self.world.send("resident", [self._child(**moved), father])
        self._over("move")

    def certificate_after_move(self) -> int:
        """The father reports the move, and gets a certificate with the new address."""
        one = self._handle(
            kind=cases.Kind.CHANGE, on=MOVE_REPORTED, matter=cases.ChangeItem.ADDRESS, event_on=MOVED
        )
        self._print("certificate after move", kind=documents.Kind.CERTIFICATE, on=MOVE_REPORTED)
        return one

    def certificate_after_loss(self) -> int:
        """The certificate was lost; the father asks for another."""
        one = self._handle(kind=cases.Kind.REISSUE, on=CARD_LOST, matter=cases.ReissueCause.LOST)
        self._print("certificate after loss", kind=documents.Kind.CERTIFICATE, on=CARD_LOST)
        return one

    def leave(self, *, father_too: bool = False) -> None:
        """The child moves to Kawasaki, alone or with the father."""
        gone = {
            "rirekibango": 3, "ido_jiyu": "40", "ido_nengappi": str(GONE), "jumin_jotai": "2",
            "zenju_shikuchosonkodo": KAWASAKI, **NEW_HOME,
        }  # fmt: skip
        rows = [self._child(**gone)]
        if father_too:
            rows.append(resident(FATHER, setaibango=HOUSEHOLD, shimei="見本　太郎", **gone))
        self.world.send("resident", rows)
        self._over("leave")

    def end(self) -> int:
        """The loss is reported, decided, and told by letter."""
        one = self._handle(
            kind=cases.Kind.LOSS, on=GONE_REPORTED, matter=cases.LossCause.MOVED_OUT, event_on=GONE
        )
        self._print("end", kind=documents.Kind.LOSS, on=GONE_REPORTED)
        return one

    def whole(self) -> None:
        """All chapters."""
        self.parents()
        self.birth()
        self.first_certificate()
        self.move()
        self.certificate_after_move()
        self.certificate_after_loss()
        self.leave()
        self.end()

    def _child(self, **items: object) -> dict[str, object]:
        known = {"shimei": "見本　つばさ", "shimei_yomigana": "ミホン　ツバサ", "seinengappi": str(BORN)}
        return resident(CHILD, setaibango=HOUSEHOLD, tsuzukigara="10", **{**known, **items})

    def _handle(self, *, kind: cases.Kind, on: date, matter: str = "", event_on: date | None = None) -> int:
        """Receive, judge, approve, and issue where a card comes of it; each step by another person."""
        filing = cases.Filing(
            kind=kind, ward_code="141011", channel=cases.Channel.COUNTER, received_on=on, child_id=self.child,
            guardians=(cases.FiledGuardian(self.ids[FATHER], "father"),), matter=matter, event_on=event_on,
            identity=CHECK._replace(checked_on=on),
        )  # fmt: skip
        now = clock.current_instant
        one = cases.receive_application(filing, by=CLERK, at=now()).application_id
        cases.judge_application(one, municipality="yokohama", on=on, by=CLERK, at=now())
        cases.approve_application(one, by=APPROVER, at=now())
        if kind is not cases.Kind.LOSS:
            cases.issue_application(one, municipality="yokohama", on=on, by=LATER, at=now())
        return one

    def _print(self, chapter: str, *, kind: documents.Kind, on: date) -> None:
        done = documents.print_letters(kind, by=LATER, on=on, at=clock.current_instant(), report=quiet)
        self.papers[chapter] = [
            text
            for path in (sorted(done.folder.glob("*.pdf")) if done.folder else [])
            for text in page_texts(path.read_bytes())
        ]
        self._over(chapter)

    def _over(self, chapter: str) -> None:
        self.moments[chapter] = clock.current_instant()

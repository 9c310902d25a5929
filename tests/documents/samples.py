"""Synthetic cases, people and documents for the tests; no person in them exists."""

from __future__ import annotations

from datetime import UTC, date, datetime

from kyufu.cases.api import CertificateRow, LossRow, MismatchKind, RejectionRow, UndecidedRow, UrgingRow
from kyufu.documents import compose
from kyufu.documents.compose import People, Setting
from kyufu.documents.content import CertificateContent, LetterContent
from kyufu.documents.office import municipality
from kyufu.documents.wording import WATERMARK
from kyufu.law.calendar.period import Period
from kyufu.law.child.quantities import (
    ANSWER_QUANTITIES,
    CASE_QUANTITIES,
    CITY_BAND_QUANTITIES,
    GUARDIAN_QUANTITIES,
)
from kyufu.law.decision import Decision, Outcome, Reason, Step
from kyufu.registry.api import PersonView, PostalAddress, Status
from tests.law.yokohama import INSURANCE_UNKNOWN, TOO_OLD

ON = date(2026, 8, 1)
AT = datetime(2026, 8, 1, 9, 30, tzinfo=UTC)
TOWN = municipality("yokohama")
SETTING = Setting(TOWN, ON, ON, WATERMARK)
KOHOKU = "141097"
ADDRESS = "横浜市港北区大豆戸町９９９番地の９"
BUILDING = "見本マンション１０１号室"
PAYER = "83140012"


def person(
    *,
    name: str = "見本　太郎",
    kana: str = "ミホン　タロウ",
    birth_date: date | None = date(2021, 4, 2),
    birth_date_note: str = "",
    address: str = ADDRESS,
    building: str = BUILDING,
    protected: bool = False,
    ward_code: str = KOHOKU,
) -> PersonView:
    """A synthetic person as the registry shows one; a protected one comes without an address."""
    return PersonView(
        addressee_no="000000000000001",
        name=name,
        kana=kana,
        alias="",
        birth_date=birth_date,
        birth_date_note=birth_date_note,
        sex="1",
        postal_code="" if protected else "2220032",
        address="" if protected else address,
        building="" if protected else building,
        ward_code=ward_code,
        household_no="000000000000001",
        relation="10",
        status=Status.RESIDENT,
        protected=protected,
    )


def postal(*, name: str = "見本　花子", address: str = ADDRESS, building: str = BUILDING) -> PostalAddress:
    """Where a synthetic guardian's letters go."""
    return PostalAddress("2220032", address, building, name)


def people(
    *, child: PersonView | None = None, guardian: PersonView | None = None, to: PostalAddress | None = None
) -> People:
    """A child, its guardian and where to write."""
    mother = guardian or person(name="見本　花子", kana="ミホン　ハナコ", birth_date=date(1990, 5, 5))
    return People(child=child or person(), guardian=mother, to=to or postal(), ward_code=KOHOKU)


def certificate_row(
    *, index: int = 1, benefit_class: str = "free", end: date | None = date(2027, 8, 1)
) -> CertificateRow:
    """An issued certificate of a synthetic child."""
    return CertificateRow(
        certificate_id=index,
        number=f"{index:010d}",
        recipient_no=f"{index:07d}",
        payer_no=PAYER,
        child_id=index * 10,
        guardian_id=index * 10 + 1,
        application_id=index,
        decision_id=index + 5_000,
        kind="infant",
        valid=Period(ON, end),
        benefit_class=benefit_class,
        issued_on=ON,
        issue_no=1,
    )


def decision(
    *,
    outcome: Outcome = Outcome.NOT_ELIGIBLE,
    reasons: tuple[Reason, ...] = (TOO_OLD,),
    income: int = 4_321_000,
) -> Decision:
    """A Decision with figures of several kinds, among them an income that only the office may see."""
    values = (
        ON,
        date(2026, 8, 1),
        date(2027, 7, 31),
        date(2008, 4, 2),
        18,
        13,
        date(2015, 4, 1),
        None,
        ON,
        2,
    )
    steps = [*map(Step, CASE_QUANTITIES, values), Step(CITY_BAND_QUANTITIES[0], None)]
    steps += [Step(GUARDIAN_QUANTITIES[3], income), Step(ANSWER_QUANTITIES[0], None)]
    return Decision(
        scheme="child",
        municipality="yokohama",
        judged_for=ON,
        outcome=outcome,
        period=None,
        benefit_class=None,
        reasons=reasons,
        findings=(),
        steps=tuple(steps),
        citations=(),
        rule="yokohama.child",
        parameter_version="2026-06",
        facts_hash="0" * 32,
    )


def certificate(
    *, index: int = 1, of: People | None = None, setting: Setting = SETTING
) -> CertificateContent:
    """A composed certificate."""
    return compose.certificate_content(certificate_row(index=index), people=of or people(), setting=setting)


def rejection_row(*, index: int = 1) -> RejectionRow:
    """An approved rejection."""
    return RejectionRow(
        index, f"2026-{index:07d}", index + 5_000, index * 10, index * 10 + 1, date(2026, 7, 15), AT
    )


def rejection(
    *, index: int = 1, of: People | None = None, reasons: tuple[Reason, ...] = (TOO_OLD,)
) -> LetterContent:
    """A composed rejection."""
    return compose.rejection_content(
        rejection_row(index=index), decision=decision(reasons=reasons), people=of or people(), setting=SETTING
    )


def loss(*, index: int = 1) -> LetterContent:
    """A composed notice of loss."""
    row = LossRow(
        index,
        index,
        f"2026-{index:07d}",
        index + 5_000,
        index * 10,
        index * 10 + 1,
        date(2026, 7, 20),
        "not_resident",
        "1234566",
        "0000000001",
        AT,
    )
    return compose.loss_content(row, decision=decision(), people=people(), setting=SETTING)


def request(*, index: int = 1, reasons: tuple[Reason, ...] = (INSURANCE_UNKNOWN,)) -> LetterContent:
    """A composed request for what is missing."""
    row = UndecidedRow(
        index, f"2026-{index:07d}", index + 5_000, index * 10, index * 10 + 1, date(2026, 7, 15)
    )
    undecided = decision(outcome=Outcome.CANNOT_DECIDE, reasons=reasons)
    return compose.missing_facts_content(row, decision=undecided, people=people(), setting=SETTING)


def urging(
    *, index: int = 1, kind: MismatchKind = MismatchKind.CHILD_MOVED, of: People | None = None
) -> LetterContent:
    """A composed letter that urges to report a change."""
    row = UrgingRow(
        index,
        index,
        f"2026-{index:07d}",
        index + 5_000,
        index * 10,
        index * 10 + 1,
        kind,
        date(2026, 7, 3),
        "yokohama",
    )
    return compose.urging_content(row, people=of or people(), setting=SETTING, answer_by=date(2026, 8, 22))

"""From a decided case, its people and a resolved addressee to what a document says (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kyufu.cases.api import (
    CertificateRow,
    CorrectionRow,
    LossRow,
    RejectionRow,
    UndecidedRow,
    UrgingRow,
)
from kyufu.documents import wording
from kyufu.documents.content import (
    Addressee,
    Card,
    CertificateContent,
    Kind,
    LetterContent,
    Line,
    Section,
)
from kyufu.documents.correcting import claim_points, day_lines
from kyufu.documents.office import Municipality, Sender
from kyufu.documents.requests import points_for
from kyufu.documents.urging import URGINGS, points_of
from kyufu.law.calendar.wareki import format_wareki
from kyufu.law.child.labels import benefit_class_label
from kyufu.law.child.parameters import ClaimRules
from kyufu.law.decision import Decision
from kyufu.platform.errors import Refused
from kyufu.registry.api import PersonView, PostalAddress

# What the QR code of a letter begins with, so that a scanner at the counter opens the right list.
LETTER_MARKS = {
    Kind.REJECTION: "R",
    Kind.LOSS: "L",
    Kind.MISSING_FACTS: "M",
    Kind.URGING: "U",
    Kind.CORRECTION: "C",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """What all documents of a run share: municipality, date of the documents, today, and the watermark or ""."""

    municipality: Municipality
    dated: date
    today: date
    watermark: str


@dataclass(frozen=True, slots=True)
class People:
    """Who a document is about: child, guardian, the address where registry lets it go, the ward in charge."""

    child: PersonView
    guardian: PersonView
    to: PostalAddress
    ward_code: str

    @property
    def is_sheltered(self) -> bool:
        """Must nobody learn from the document in which ward they live (支援措置)?"""
        return self.child.protected or self.guardian.protected


def certificate_content(row: CertificateRow, *, people: People, setting: Setting) -> CertificateContent:
    """A certificate with its sheet; raises Refused for a class of copay that has no wording."""
    town = setting.municipality
    sender = _sender(people, town=town)
    return CertificateContent(
        subject_id=row.certificate_id,
        addressee=_addressee(people.to),
        sender=sender,
        number=_document_number(town, sender=sender, serial=row.number),
        dated=format_wareki(setting.dated),
        card=_card(row, people=people, town=town, office=f"{sender.office} {sender.section}"),
        notes=town.notes,
        watermark=setting.watermark,
    )


def rejection_content(
    row: RejectionRow, *, decision: Decision, people: People, setting: Setting
) -> LetterContent:
    """A notice of rejection (却下通知書) with every reason and figure of its Decision and the appeal."""
    town = setting.municipality
    return _letter(
        Kind.REJECTION,
        subject_id=row.application_id,
        serial=row.application_no,
        people=people,
        setting=setting,
        title=f"{town.scheme} 却下通知書",
        opening=(
            f"{format_wareki(row.received_on)}に受け付けた{town.scheme}の申請について審査した結果、"
            f"次の理由により却下することを決定しましたので、{town.ordinance}に基づき通知します。",
        ),
        sections=(
            Section("申請の内容", table=_case_lines(people, serial=row.application_no)),
            _reasons("却下の理由", decision=decision),
            _figures(decision),
        ),
        appeal=wording.appeal_notice(town.appeal),
    )


def loss_content(row: LossRow, *, decision: Decision, people: People, setting: Setting) -> LetterContent:
    """A notice of loss (資格喪失通知書): from which day, why, and what to do with the certificate."""
    town = setting.municipality
    certificate = (
        (Line(f"{town.certificate_short}の受給者番号", row.recipient_no),) if row.recipient_no else ()
    )
    loss = Line("資格を失った日", format_wareki(row.effective_on))
    return _letter(
        Kind.LOSS,
        subject_id=row.change_id,
        serial=row.application_no,
        people=people,
        setting=setting,
        title=f"{town.scheme} 資格喪失通知書",
        opening=(f"{town.scheme}の資格について、次のとおり喪失を決定しましたので通知します。",),
        sections=(
            Section(
                "喪失の内容", table=(*_case_lines(people, serial=row.application_no), *certificate, loss)
            ),
            _reasons("喪失の理由", decision=decision),
            Section(
                "お願い",
                points=(
                    f"{format_wareki(row.effective_on)}からは{town.certificate}を使えません。"
                    f"お手元の{town.certificate_short}は下の問合せ先へ返してください（郵送でもかまいません）。",
                    f"資格を失った日以後に{town.certificate_short}を使ったときは、助成した医療費を返していただくことがあります。",
                ),
            ),
        ),
        appeal=wording.appeal_notice(town.appeal),
    )


def correction_content(
    row: CorrectionRow, *, claim: ClaimRules | None, people: People, setting: Setting
) -> LetterContent:
    """A letter that tells of a correction and how to claim; it decides nothing, so there is nothing to appeal."""
    town = setting.municipality
    return _letter(
        Kind.CORRECTION,
        subject_id=row.correction_id,
        serial=row.application_no,
        people=people,
        setting=setting,
        title=f"{town.scheme} 過去の決定の訂正のお知らせ",
        opening=(
            f"{town.scheme}について、過去の決定に用いた基準に誤りがあり、正しい基準で点検し直しました。"
            "お子さんについては、下の期間に、本来より少ない助成となっていました。おわびして訂正します。",
        ),
        sections=(
            Section("お子さん", table=_case_lines(people, serial=row.application_no)),
            Section("訂正する期間と内容", table=day_lines(row.days)),
            Section("お支払いになった医療費の申請（償還払い）", points=claim_points(row.days, claim=claim)),
        ),
        appeal=(),
    )


def missing_facts_content(
    row: UndecidedRow, *, decision: Decision, people: People, setting: Setting
) -> LetterContent:
    """A request for what is missing (判定保留): no decision was made, so there is nothing to appeal."""
    town = setting.municipality
    return _letter(
        Kind.MISSING_FACTS,
        subject_id=row.decision_id,
        serial=row.application_no,
        people=people,
        setting=setting,
        title=f"{town.scheme} 確認書類ご提出のお願い",
        opening=(
            f"{format_wareki(row.received_on)}に受け付けた{town.scheme}の申請について、次のことが確認できないため、"
            "対象になるかどうかをまだ決定していません。お手数ですが、次の書類を、下の問合せ先へご提出ください。",
        ),
        sections=(
            Section("申請の内容", table=_case_lines(people, serial=row.application_no)),
            _reasons("確認できないこと", decision=decision),
            Section("ご提出いただくもの", points=points_for(decision.reasons)),
            Section(
                "ご提出のあと",
                paragraphs=(
                    "書類を確認しだい審査し、結果をお知らせします。すでに提出された場合は、行き違いですのでご容赦ください。",
                ),
            ),
        ),
        appeal=(),
    )


def urging_content(row: UrgingRow, *, people: People, setting: Setting, answer_by: date) -> LetterContent:
    """A letter that urges to report a change (届出の勧奨): it changes nothing, so there is nothing to appeal.

    It tells that something differs and since when, never what the register says: the guardian may live elsewhere.
    """
    town, urging, last_day = setting.municipality, URGINGS[row.kind], format_wareki(answer_by)
    sender = _sender(people, town=town)
    return _letter(
        Kind.URGING,
        subject_id=row.mismatch_id,
        serial=row.application_no,
        people=people,
        setting=setting,
        title=f"{town.scheme} 届出のお願い",
        opening=(
            f"{town.certificate}をお持ちのお子さんについて、届け出ていただいている内容と、市の住民記録・健康保険の記録に"
            f"違いがありました。内容をご確認のうえ、{last_day}までに届け出てください。",
        ),
        sections=(
            Section(
                "違いのある内容",
                paragraphs=(urging.differs,),
                table=(
                    *_case_lines(people, serial=row.application_no),
                    Line(urging.day, format_wareki(row.since)),
                ),
            ),
            Section("届け出ていただくもの", points=points_of(row.kind, card=town.certificate_short)),
            Section(
                "届出先と期限",
                table=(
                    Line("届出先", f"{sender.office} {sender.section}（窓口、または郵送）"),
                    Line("期限", last_day),
                ),
            ),
            Section(
                "ご注意",
                paragraphs=(
                    f"このお知らせで、資格や{town.certificate_short}の内容が変わることはありません。届出を受けてから変更します。"
                    "すでに届け出た場合は、行き違いですのでご容赦ください。",
                ),
            ),
        ),
        appeal=(),
    )


def _letter(
    kind: Kind,
    *,
    subject_id: int,
    serial: str,
    people: People,
    setting: Setting,
    title: str,
    opening: tuple[str, ...],
    sections: tuple[Section, ...],
    appeal: tuple[str, ...],
) -> LetterContent:
    town = setting.municipality
    sender = _sender(people, town=town)
    return LetterContent(
        kind=kind,
        subject_id=subject_id,
        addressee=_addressee(people.to),
        sender=sender,
        number=_document_number(town, sender=sender, serial=serial),
        dated=format_wareki(setting.dated),
        signed_by=town.mayor,
        seal=town.seal,
        title=title,
        opening=opening,
        sections=tuple(
            section for section in sections if section.table or section.points or section.paragraphs
        ),
        appeal=appeal,
        watermark=setting.watermark,
        qr_text=f"{LETTER_MARKS[kind]}{serial}",
    )


def _card(row: CertificateRow, *, people: People, town: Municipality, office: str) -> Card:
    last_day = row.valid.last_day
    if last_day is None:
        raise Refused(
            "有効期間の終わりのない医療証は印刷できません。", remedy="決定の有効期間を確かめてください。"
        )
    child = people.child
    address, building = _card_address(child, town=town)
    return Card(
        title=town.certificate,
        short_title=town.certificate_short,
        city=town.name,
        payer_number=row.payer_no,
        recipient_number=row.recipient_no,
        child_name=child.name,
        child_kana=child.kana,
        child_birth=birth_text(child),
        child_address=address,
        child_building=building,
        guardian_name=people.guardian.name,
        valid_from=format_wareki(row.valid.start),
        valid_to=format_wareki(last_day),
        copay=_copay(row.benefit_class),
        issued=format_wareki(row.issued_on),
        issuer=town.mayor,
        seal=town.seal,
        office=office,
        certificate_number=row.number,
        qr_text=row.number,
    )


def _copay(benefit_class: str) -> str:
    try:
        return benefit_class_label(benefit_class)
    except KeyError:
        raise Refused(
            "一部負担金の区分の名前が登録されていません。", remedy="law/parameters を確かめてください。"
        ) from None


def _card_address(child: PersonView, *, town: Municipality) -> tuple[str, str]:
    """The child's address and building; of a protected household the city alone: the card tells nobody more."""
    return (child.address, child.building) if child.address and not child.protected else (town.name, "")


def birth_text(person: PersonView) -> str:
    """The date of birth in wareki, or as the register notes it where the day is not known (生年月日不詳)."""
    if person.birth_date_note or person.birth_date is None:
        return person.birth_date_note or "不詳"
    return format_wareki(person.birth_date)


def _addressee(to: PostalAddress) -> Addressee:
    return Addressee(to.postal_code, to.address, to.building, to.name)


def _sender(people: People, *, town: Municipality) -> Sender:
    """The ward in charge; for a protected household the head office, since the ward tells where they live."""
    if people.is_sheltered:
        return town.head_office
    return town.sender(people.ward_code)


def _document_number(town: Municipality, *, sender: Sender, serial: str) -> str:
    if sender == town.head_office:
        return f"{town.head_office_mark}第{serial}号"
    ward = sender.office.removesuffix("区役所") or sender.office
    return f"{ward}{town.numbering_mark}第{serial}号"


def _case_lines(people: People, *, serial: str) -> tuple[Line, ...]:
    return (
        Line("受付番号", serial),
        Line("お子さんの氏名", people.child.name),
        Line("お子さんの生年月日", birth_text(people.child)),
    )


def _reasons(heading: str, *, decision: Decision) -> Section:
    """The reasons as the law words them; they speak of «この日», the day that the heading names."""
    citations = dict.fromkeys(f"{c.law}{c.article}" for c in (r.citation for r in decision.reasons) if c)
    return Section(
        f"{heading}（{format_wareki(decision.judged_for)}現在）",
        points=tuple(reason.text for reason in decision.reasons),
        note=f"根拠：{'、'.join(citations)}" if citations else "",
    )


def _figures(decision: Decision) -> Section:
    return Section("判定に用いた内容", table=wording.figure_lines(decision.steps))

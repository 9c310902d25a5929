"""Synthetic contents for the tests and for looking at the pages; no person in them exists."""

from __future__ import annotations

from kyufu.documents.content import (
    Addressee,
    Card,
    CertificateContent,
    Kind,
    LetterContent,
    Line,
    Section,
    Sender,
)

WATERMARK = "見本・訓練用"
SENDER = Sender(
    city="横浜市",
    office="港北区役所",
    section="保険年金課",
    desk="保険係 給付担当",
    postal_code="2220032",
    address="横浜市港北区大豆戸町26-1",
    phone="045-540-2221",
    hours="平日 ８時45分から17時まで",
)
ADDRESSEE = Addressee(
    postal_code="2220032",
    address="神奈川県横浜市港北区大豆戸町９９９番地の９",
    building="見本マンション１０１号室",
    name="見本　花子",
)
NOTES = (
    "神奈川県内の医療機関・薬局では、健康保険の資格が確認できるもの（マイナ保険証・資格確認書など）と一緒に、毎回この証を窓口に出してください。",
    "助成するのは保険診療の自己負担分です。差額ベッド代、文書料、健康診断、予防接種、入院中の食事代などは対象になりません。",
)


def card(
    *, child_name: str = "見本　太郎", child_address: str = ADDRESSEE.address, number: str = "1234566"
) -> Card:
    """A card for a synthetic child."""
    return Card(
        title="小児医療証",
        city="横浜市",
        payer_number="83140012",
        recipient_number=number,
        child_name=child_name,
        child_kana="ミホン　タロウ",
        child_birth="令和３年４月２日",
        child_address=child_address,
        guardian_name="見本　花子",
        valid_from="令和８年８月１日",
        valid_to="令和９年７月31日",
        copay="なし",
        issued="令和８年８月１日",
        issuer="横浜市長",
        seal="omitted",
        office="港北区役所 保険年金課",
        qr_text=f"83140012{number}",
    )


def certificate(
    *, index: int = 1, addressee: Addressee = ADDRESSEE, face: Card | None = None, watermark: str = WATERMARK
) -> CertificateContent:
    """A certificate for a synthetic child."""
    return CertificateContent(
        subject_id=index,
        addressee=addressee,
        sender=SENDER,
        number=f"港北保第{index}号",
        dated="令和８年８月１日",
        card=face or card(number=f"{index:07d}"),
        notes=NOTES,
        watermark=watermark,
    )


def letter(
    *,
    index: int = 1,
    addressee: Addressee = ADDRESSEE,
    reasons: tuple[str, ...] = ("対象となる年齢を過ぎています。",),
) -> LetterContent:
    """A rejection for a synthetic child."""
    return LetterContent(
        kind=Kind.REJECTION,
        subject_id=index,
        addressee=addressee,
        sender=SENDER,
        number=f"港北保第{index}号",
        dated="令和８年８月１日",
        signed_by="横浜市長",
        seal="omitted",
        title="小児医療費助成 却下通知書",
        opening=(
            "申請のありました小児医療費助成について、次のとおり対象とならないことを決定しましたので通知します。",
        ),
        sections=(
            Section(
                "申請の内容",
                table=(Line("お子さんの氏名", "見本　太郎"), Line("生年月日", "平成20年４月２日")),
            ),
            Section("対象とならない理由", points=reasons),
        ),
        appeal=(
            "この決定に不服があるときは、この決定があったことを知った日の翌日から起算して３か月以内に、横浜市長に対して審査請求をすることができます。",
        ),
        watermark=WATERMARK,
        qr_text=f"K1-{index}",
    )

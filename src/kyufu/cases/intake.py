"""The feed `application`, bulk intake of paper applications (一括受付): its layout and what refuses a row."""

from __future__ import annotations

from kyufu.cases.identity import IdentityDocument, NumberDocument
from kyufu.cases.states import OPEN_STATES, Channel
from kyufu.platform.feeds.feed import RowRule
from kyufu.platform.feeds.layout import Layout, code, day, text

CHANNELS = {"1": Channel.COUNTER, "2": Channel.MAIL, "3": Channel.ONLINE}
RELATIONS = {"1": "father", "2": "mother", "3": "other"}
NUMBER_DOCUMENTS = {
    "1": NumberDocument.MY_NUMBER_CARD, "2": NumberDocument.NOTIFICATION_CARD,
    "3": NumberDocument.RESIDENT_RECORD, "4": NumberDocument.MATCHED_IN_SYSTEM,
}  # fmt: skip
IDENTITY_DOCUMENTS = {
    "1": IdentityDocument.MY_NUMBER_CARD, "2": IdentityDocument.PHOTO_DOCUMENT,
    "3": IdentityDocument.INSURANCE_AND_ANOTHER,
}  # fmt: skip

LAYOUT = Layout(
    name="application",
    label="交付申請（一括受付）",
    columns=(
        code("shinsei_kubun", "申請区分（1 新規）", 1, required=True, codes=("1",)),
        code("uketsuke_bango", "受付番号", 12, required=True),
        day("uketsuke_nengappi", "受付年月日", required=True),
        code("uketsuke_ku", "受付区（区のコード）", 6, required=True, exact=True),
        code(
            "uketsuke_keiro",
            "受付経路（1 窓口、2 郵送、3 電子申請）",
            1,
            required=True,
            codes=tuple(CHANNELS),
        ),
        code("shoni_atenabango", "児童の宛名番号", 15, required=True),
        code("hogosha_atenabango", "保護者の宛名番号", 15, required=True),
        code("zokugara", "保護者の続柄（1 父、2 母、3 その他）", 1, required=True, codes=tuple(RELATIONS)),
        code("hogosha2_atenabango", "もう1人の保護者の宛名番号", 15),
        code("hogosha2_zokugara", "もう1人の保護者の続柄", 1, codes=tuple(RELATIONS)),
        code("shinseisha_kubun", "届出人（1 保護者、2 代理人）", 1, required=True, codes=("1", "2")),
        text("dairinin_shimei", "代理人氏名", 100),
        code(
            "bango_kakunin",
            "番号確認（1 個人番号カード、2 通知カード、3 住民票、4 システムで照合）",
            1,
            codes=tuple(NUMBER_DOCUMENTS),
        ),
        code(
            "mimoto_kakunin",
            "身元確認（1 個人番号カード、2 写真付書類、3 健康保険証ともう1点、0 未確認）",
            1,
            required=True,
            codes=(*IDENTITY_DOCUMENTS, "0"),
        ),
        code("kakunin_shokuin", "確認した職員", 20),
        day("kakunin_nengappi", "確認年月日"),
        code("setsumei", "個人番号利用事務の説明（1 済）", 1, codes=("0", "1")),
    ),
)

OPEN = ", ".join(f"'{state}'" for state in sorted(map(str, OPEN_STATES)))
RULES = (
    RowRule("child_unknown", "shoni_atenabango",
            "児童の宛名番号が登録されていません。番号を確かめてください。", "s.child_id IS NULL"),
    RowRule("guardian_unknown", "hogosha_atenabango",
            "保護者の宛名番号が登録されていません。住登外者は先に登録します。", "s.guardian_id IS NULL"),
    RowRule("second_guardian_unknown", "hogosha2_atenabango",
            "もう1人の保護者の宛名番号が登録されていません。番号を確かめてください。",
            "coalesce(s.hogosha2_atenabango, '') <> '' AND s.second_guardian_id IS NULL"),
    RowRule("second_relation_missing", "hogosha2_zokugara",
            "もう1人の保護者の続柄がありません。補ってください。",
            "coalesce(s.hogosha2_atenabango, '') <> '' AND coalesce(s.hogosha2_zokugara, '') = ''"),
    RowRule("same_person", "hogosha_atenabango",
            "児童と保護者、または保護者どうしが同じ人です。確かめてください。",
            "s.guardian_id = s.child_id OR s.second_guardian_id IN (s.child_id, s.guardian_id)"),
    RowRule("agent_name_missing", "dairinin_shimei", "代理人の氏名がありません。補ってください。",
            "s.shinseisha_kubun = '2' AND coalesce(s.dairinin_shimei, '') = ''"),
    RowRule("agent_name_not_due", "dairinin_shimei",
            "保護者本人の申請に代理人の氏名があります。確かめてください。",
            "s.shinseisha_kubun = '1' AND coalesce(s.dairinin_shimei, '') <> ''"),
    RowRule("number_taken", "uketsuke_bango", "この受付番号はすでに使われています。番号を確かめてください。",
            "EXISTS (SELECT 1 FROM cases_application a WHERE a.source_no = s.uketsuke_bango)"),
    RowRule("open_twin", "shoni_atenabango", "同じ児童の新規の申請が処理中です。先の申請を確かめてください。",
            f"""EXISTS (SELECT 1 FROM cases_application a
                 WHERE a.child_id = s.child_id AND a.kind = 'new' AND a.state IN ({OPEN}))"""),
    RowRule("twin_in_file", "shoni_atenabango",
            "同じ児童の申請がこのファイルの前の行にあります。一方を取り下げてください。",
            "s.earlier_row IS NOT NULL"),
    RowRule("entitled_already", "shoni_atenabango",
            "この児童にはすでに資格があります。異動届か再交付で扱ってください。",
            """EXISTS (SELECT 1 FROM cases_entitlement e WHERE e.child_id = s.child_id
                AND e.superseded_at IS NULL AND e.valid @> s.uketsuke_nengappi)"""),
)  # fmt: skip

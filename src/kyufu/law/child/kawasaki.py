"""Kawasaki's child medical subsidy (川崎市小児医療費助成)."""

from __future__ import annotations

from kyufu.law.child.city import City, Files, Sources
from kyufu.law.child.kanagawa import KANAGAWA_FILE, KANAGAWA_INCOME, KANAGAWA_STANDARD
from kyufu.law.decision import Citation
from kyufu.law.parameters.entries import value_table

ORDINANCE = "川崎市小児医療費助成条例（平成7年川崎市条例第24号）"
# The assessment (L36, L404) names the articles of the application and of the payment; no others were seen.
UNSEEN = "（根拠条項は未確認）"

KAWASAKI = City(
    key="kawasaki",
    code="141305",
    name="川崎市",
    scheme="小児医療費助成",
    rule="child.kawasaki.1",
    prefecture="神奈川県",
    prefecture_word="県",
    sources=Sources(
        entitled=Citation(ORDINANCE, UNSEEN, "assumed"),
        benefit=Citation(ORDINANCE, "第6条第1項", "official"),
        limit=Citation(ORDINANCE, "（所得の制限の根拠条項は未確認）", "assumed"),
        application=Citation(ORDINANCE, "第4条", "official"),
        exclusion=Citation(ORDINANCE, "（「対象外」の根拠条項は未確認）", "assumed"),
        prefecture=KANAGAWA_STANDARD,
        income=KANAGAWA_INCOME,
    ),
    files=Files("kawasaki_child.toml", KANAGAWA_FILE, "kawasaki_certificate.toml", "kawasaki_renewal.toml"),
    tables=(value_table("judging"), value_table("claim")),
)

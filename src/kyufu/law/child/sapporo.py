"""Sapporo's child medical subsidy (札幌市子ども医療費助成)."""

from __future__ import annotations

from kyufu.law.child.city import City, Files, Sources
from kyufu.law.decision import Citation
from kyufu.law.parameters.entries import value_table

ORDINANCE = "札幌市子ども医療費助成条例（昭和48年条例第13号）"
# Articles 2, 2-2 and 4 are named by the enforcement rules (昭和48年規則第61号), articles 2 to 3.
SAPPORO = City(
    key="sapporo",
    code="011002",
    name="札幌市",
    scheme="子ども医療費助成",
    rule="child.sapporo.1",
    prefecture="北海道",
    prefecture_word="道",
    sources=Sources(
        entitled=Citation(ORDINANCE, "第2条", "official"),
        benefit=Citation(ORDINANCE, "第3条（条項は未確認）", "assumed"),
        limit=Citation(ORDINANCE, "第2条の2第1項", "official"),
        application=Citation(ORDINANCE, "第4条", "official"),
        exclusion=Citation(ORDINANCE, "第2条（「対象外」の根拠条項は未確認）", "assumed"),
        prefecture=Citation("北海道の補助基準（乳幼児等の医療給付）", "（要綱の本文は未確認）", "secondary"),
        income=Citation("札幌市子ども医療費助成条例施行規則（昭和48年規則第61号）", "第2条の2", "official"),
    ),
    files=Files(
        "sapporo_child.toml", "hokkaido_child.toml", "sapporo_certificate.toml", "sapporo_renewal.toml"
    ),
    tables=(value_table("judging"), value_table("copay"), value_table("claim"), value_table("parallel")),
)

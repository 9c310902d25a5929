"""The child medical subsidy of a city that does not exist (見本市), added by docs/guides/add-a-municipality.md."""

from __future__ import annotations

from kyufu.law.child.city import City, Files, Sources
from kyufu.law.child.kanagawa import KANAGAWA_FILE, KANAGAWA_INCOME, KANAGAWA_STANDARD
from kyufu.law.decision import Citation
from kyufu.law.parameters.entries import value_table

ORDINANCE = "見本市子どもの医療費の助成に関する条例（令和2年条例第1号）"

MIHON = City(
    key="mihon",
    code="149993",
    name="見本市",
    scheme="子ども医療費助成",
    rule="child.mihon.1",
    prefecture="神奈川県",
    prefecture_word="県",
    sources=Sources(
        entitled=Citation(ORDINANCE, "第2条", "official"),
        benefit=Citation(ORDINANCE, "第3条", "official"),
        limit=Citation(ORDINANCE, "第4条", "official"),
        application=Citation(ORDINANCE, "第5条", "official"),
        exclusion=Citation(ORDINANCE, "第2条第2項", "official"),
        prefecture=KANAGAWA_STANDARD,
        income=KANAGAWA_INCOME,
    ),
    files=Files("mihon_child.toml", KANAGAWA_FILE, "mihon_certificate.toml", "mihon_renewal.toml"),
    tables=(value_table("judging"),),
)

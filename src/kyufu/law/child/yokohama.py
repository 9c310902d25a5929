"""Yokohama's child medical subsidy (横浜市小児医療費助成)."""

from __future__ import annotations

from kyufu.law.child.city import City, Files, JudgingRules, Sources
from kyufu.law.child.kanagawa import KANAGAWA_FILE, KANAGAWA_INCOME, KANAGAWA_STANDARD
from kyufu.law.decision import Citation

ORDINANCE = "横浜市小児の医療費助成に関する条例（平成6年9月条例第34号）"
ARTICLE_4 = Citation(ORDINANCE, "第4条", "official")

YOKOHAMA = City(
    key="yokohama",
    code="141003",
    name="横浜市",
    scheme="小児医療費助成",
    rule="child.yokohama.1",
    prefecture="神奈川県",
    prefecture_word="県",
    sources=Sources(
        entitled=Citation(ORDINANCE, "第2条第1項", "official"),
        benefit=ARTICLE_4,
        limit=ARTICLE_4,
        application=Citation(ORDINANCE, "第5条", "official"),
        # Who is excluded is known from the city's page «助成の対象外となる方» alone. A rejection must name the
        # ordinance, so this names it and says that the article is still to be confirmed.
        exclusion=Citation(ORDINANCE, "第2条（「対象外」の根拠条項は未確認）", "assumed"),
        prefecture=KANAGAWA_STANDARD,
        income=KANAGAWA_INCOME,
    ),
    files=Files("yokohama_child.toml", KANAGAWA_FILE, "yokohama_certificate.toml", "yokohama_renewal.toml"),
    # The file is older than the table [[judging]] and stays as it is, for its hash is in every decision made.
    judging=JudgingRules("higher_earner", "every_levy", "every_guardian"),
)

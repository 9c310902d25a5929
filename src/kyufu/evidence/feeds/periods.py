"""The feeds of periods: health insurance, public assistance, and the schemes that come before."""

from __future__ import annotations

from kyufu.evidence.feeds.landing import Landing, evidence_feed
from kyufu.evidence.feeds.layouts import ASSISTANCE, INSURANCE, SCHEMES
from kyufu.notation.check_digits import INSURER_NUMBER, CheckDigit
from kyufu.platform.feeds.feed import Derived, Feed, RowRule

_NUMBER = {"history_no": "rirekibango"}


def insurance_feed(*, check: CheckDigit) -> Feed:
    """The feed of insurance; a wrong check digit rejects the row, or with UNTESTED is taken in and marked."""
    landing = Landing(
        table="evidence_insurance",
        change="insurance",
        source="insurer",
        key=_NUMBER,
        facts={
            "insurer_no": "{row}.hokensha_bango",
            "symbol": "{row}.kigo",
            "number": "{row}.bango",
            "branch": "{row}.edaban",
            "relation": "CASE {row}.shikaku_kubun WHEN '1' THEN 'insured' ELSE 'family' END",
            "valid": _period(start="shutoku_nengappi", end="soshitsu_nengappi"),
        },
        carried={"check_digit_agrees": "{row}.check_digit_agrees", "obtained_on": "{row}.made_on"},
    )
    problem = Derived(
        "insurer_problem", "hokensha_bango", lambda number: INSURER_NUMBER.problem_with(number, check=check)
    )
    agrees = Derived(
        "check_digit_agrees", "hokensha_bango", lambda number: str(INSURER_NUMBER.is_valid(number)), "boolean"
    )
    rule = RowRule(
        code="bad_insurer_no",
        column="hokensha_bango",
        message="保険者番号が正しくありません（6桁または8桁の数字で、検証番号が合うこと）。"
        "送信元に確かめてください。",
        condition="s.insurer_problem IS NOT NULL",
    )
    return evidence_feed(
        layout=INSURANCE,
        landing=landing,
        rules=(_end_after_start(start="shutoku_nengappi", end="soshitsu_nengappi"), rule),
        derived=(problem, agrees),
    )


def assistance_feed() -> Feed:
    """The feed of public assistance and of the support benefit."""
    landing = Landing(
        table="evidence_public_assistance",
        change="public_assistance",
        source="welfare_office",
        key=_NUMBER,
        facts={
            "kind": "CASE {row}.hogo_kubun WHEN '1' THEN 'assistance' ELSE 'support_benefit' END",
            "valid": _period(start="kaishi", end="haishi"),
        },
        carried={},
    )
    return evidence_feed(
        layout=ASSISTANCE, landing=landing, rules=(_end_after_start(start="kaishi", end="haishi"),)
    )


def schemes_feed() -> Feed:
    """The feed of other schemes, each of which counts its history numbers by itself."""
    landing = Landing(
        table="evidence_other_scheme",
        change="other_schemes",
        source="scheme_office",
        key={"kind": "scheme_kind", **_NUMBER},
        facts={"valid": _period(start="kaishi", end="haishi")},
        carried={},
    )
    kinds = {"1": "disability", "2": "single_parent", "3": "institution"}
    return evidence_feed(
        layout=SCHEMES,
        landing=landing,
        rules=(_end_after_start(start="kaishi", end="haishi"),),
        derived=(Derived("scheme_kind", "seido", kinds.get),),
    )


def _period(*, start: str, end: str) -> str:
    return f"daterange({{row}}.{start}, nullif({{row}}.{end}, '9999-12-31'))"


def _end_after_start(*, start: str, end: str) -> RowRule:
    return RowRule(
        code="end_before_start",
        column=end,
        message="終わりの日が始まりの日以前です。送信元に訂正を求めてください。",
        condition=f"s.{end} <= s.{start}",
    )

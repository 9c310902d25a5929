"""Japanese words for the codes of a Decision of the child subsidy, as documents and screens use them."""

from __future__ import annotations

from kyufu.law.child.yokohama.labels import class_label
from kyufu.law.decision import Outcome

OUTCOME_LABELS = {
    Outcome.ELIGIBLE: "資格あり",
    Outcome.NOT_ELIGIBLE: "資格なし",
    Outcome.CANNOT_DECIDE: "判定できません",
}
FINDING_LABELS = {"prefecture": "県補助"}
FINDING_OUTCOME_LABELS = {
    Outcome.ELIGIBLE: "対象",
    Outcome.NOT_ELIGIBLE: "対象外",
    Outcome.CANNOT_DECIDE: "判定できません",
}


def benefit_class_label(code: str) -> str:
    """The Japanese label of a class of benefit; raises KeyError for a code that is not one."""
    label = class_label(code)
    if label is None:
        raise KeyError(code)
    return label

"""The child medical subsidy (小児・子ども医療費助成): one pure function from facts to a Decision.

kyufu.law.child.judge(facts, *, municipality: str, on: date) -> Decision      (a key of MUNICIPALITIES)
kyufu.law.child.judge_stretches(facts, *, municipality, on) -> tuple[Decision, ...]   (from the first day on)
kyufu.law.child.list_parameters(municipality) -> tuple[Entry, ...]            (least certain first)
    each takes overlay=..., the dated changes confirmed since (kyufu.law.parameters.overlay)
kyufu.law.child.check_overlay(municipality, *, overlay) -> str                (the version; refuses what does not fit)
kyufu.law.child.hashing.facts_hash(facts) -> str
kyufu.law.child.codec: facts_to_json / facts_from_json / decision_to_json / decision_from_json
kyufu.law.child.labels: benefit_class_label(code), benefit_classes(municipality), OUTCOME_LABELS
kyufu.law.child.cities.register(city), city_of(municipality): what a municipality is made of
kyufu.law.child.explain.explain(decision) -> str
"""

from __future__ import annotations

from kyufu.law.child.judgement import (
    MUNICIPALITIES,
    UnknownMunicipality,
    check_overlay,
    is_of_age,
    judge,
    judge_stretches,
    list_parameters,
    parameter_tables,
)

__all__ = [
    "MUNICIPALITIES",
    "UnknownMunicipality",
    "check_overlay",
    "is_of_age",
    "judge",
    "judge_stretches",
    "list_parameters",
    "parameter_tables",
]

"""Counts over the latest decisions that identify nobody: outcomes by reason, and the findings beside them."""

from __future__ import annotations

from typing import NamedTuple

from kyufu.cases.queries import fetch

# Sums and dates inside a sentence belong to one person; a count is over sentences that differ in nothing else.
FIGURES = "[0-9][0-9,]*"


class ReasonCount(NamedTuple):
    """How many applications got an outcome for a reason; the figures in the sentence are blanked with ○."""

    outcome: str
    reason: str
    count: int


def outcomes_by_reason() -> tuple[ReasonCount, ...]:
    """The latest decision of every application by outcome and first reason, most frequent first."""
    return _counted("c.content::jsonb")


def findings_by_reason(name: str) -> tuple[ReasonCount, ...]:
    """The same for a finding beside the decision, such as `prefecture` (県補助)."""
    return _counted(
        "jsonb_path_query_first(c.content::jsonb, '$.findings[*] ? (@.name == $name)',"
        " jsonb_build_object('name', %(name)s::text))",
        name=name,
    )


def _counted(answer: str, *, name: str = "") -> tuple[ReasonCount, ...]:
    statement = f"""
        SELECT answer->>'outcome', regexp_replace(answer->'reasons'->0->>'text', %(figures)s, '○', 'g'), count(*)
          FROM (SELECT {answer} AS answer
                  FROM cases_application a JOIN cases_decision_content c ON c.decision_id = a.decision_id) latest
         WHERE answer IS NOT NULL
         GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2"""
    return tuple(ReasonCount(*row) for row in fetch(statement, {"figures": FIGURES, "name": name}))

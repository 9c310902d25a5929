"""Counts over the latest decisions that identify nobody: outcomes by reason, and the findings beside them."""

from __future__ import annotations

from typing import NamedTuple

from kyufu.cases.queries import fetch

# Sums and dates inside a sentence belong to one person; a count is over sentences that differ in nothing else.
SUMS = "[0-9][0-9,]*円"
DAYS = "(明治|大正|昭和|平成|令和)([0-9]+|元)年[0-9]+月[0-9]+日"


class ReasonCount(NamedTuple):
    """How many applications got an outcome for a reason; sums and days in the sentence are blanked with ○."""

    outcome: str
    reason: str
    applications: int


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
        SELECT answer->>'outcome',
               regexp_replace(regexp_replace(answer->'reasons'->0->>'text', %(sums)s, '○円', 'g'),
                              %(days)s, '○年○月○日', 'g'),
               count(*)
          FROM (SELECT {answer} AS answer
                  FROM cases_application a JOIN cases_decision_content c ON c.decision_id = a.decision_id) latest
         WHERE answer IS NOT NULL
         GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2"""
    return tuple(ReasonCount(*row) for row in fetch(statement, {"sums": SUMS, "days": DAYS, "name": name}))

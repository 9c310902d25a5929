"""Judge again what was already decided (判定し直し): which cases may be, and when the approval carries over.

What was issued or rejected may not have been printed yet. When a fact changes, it cannot be printed before it
was judged again: the same answer confirms it, another one goes the ordinary way to a second person. A card in use
is judged again although its application was closed: so the office ends an entitlement by itself (職権) when the
register tells of a move or a death that nobody reports.
"""

from __future__ import annotations

from collections.abc import Sequence

from kyufu.cases.gathering import Case
from kyufu.cases.queries import fetch
from kyufu.cases.staleness import CARD_IN_USE, IS_STALE, IS_SUPERSEDED

OPEN = "('received', 'sent_back', 'judged', 'undecided', 'approved')"
# A card that is no longer in use speaks for nobody; an older paper does not stand up against a newer one.
IS_DECIDED = f"(a.state = 'rejected' OR a.state IN ('issued', 'closed') AND {CARD_IN_USE})"
HAS_LATER = """EXISTS (
    SELECT 1 FROM cases_application o WHERE o.child_id = a.child_id AND o.kind = a.kind AND o.id > a.id
       AND o.state <> 'withdrawn')"""
NO_LONGER_STANDS = f"""EXISTS (
    SELECT 1 FROM cases_decision d WHERE d.id = a.decision_id AND ({IS_STALE} OR {IS_SUPERSEDED}))"""
TO_JUDGE_AGAIN = f"""(a.state IN ('judged', 'undecided', 'approved') OR {IS_DECIDED} AND NOT {HAS_LATER})
    AND {NO_LONGER_STANDS}"""

EARLIER = """
    SELECT array_agg(concat_ws(' ', m.outcome, m.benefit_class, m.valid, m.reason_codes) ORDER BY m.id)
      FROM cases_decision m WHERE m.principal_id = {}.id"""
CONFIRMED = "判定し直した結果が同じため、前の決裁を引き継ぐ"
TEXTS = {
    "meanwhile": "判定の間にほかの操作が状態を変えました。もう一度判定してください。",
    "incomplete": "補正待ちの申請です。補正が済んでから判定してください。",
    "ended": "取下げ済みまたは完結した申請は判定できません。",
    "no_card": "この申請で交付した医療証はもう使われていないため、判定し直せません。",
    "later": "同じ児童のあとの申請があります。あとの申請で判定してください。",
    "stands": "決裁のあとに事実が変わっていないため、判定し直す必要がありません。",
}


def reasons_against(cases: Sequence[Case]) -> dict[int, str]:
    """Lock the applications, and say of each that must not be judged (any more) why not."""
    ids = [case.application_id for case in cases]
    fetch("SELECT id FROM cases_application WHERE id = ANY(%(ids)s) ORDER BY id FOR UPDATE", {"ids": ids})
    rows = fetch(
        f"""SELECT a.id, CASE WHEN a.state <> was.state THEN %(meanwhile)s
                             WHEN a.state IN {OPEN} THEN NULL
                             WHEN a.state = 'incomplete' THEN %(incomplete)s
                             WHEN a.state = 'withdrawn' OR a.state = 'closed' AND NOT {CARD_IN_USE}
                             THEN %(ended)s
                             WHEN NOT {IS_DECIDED} THEN %(no_card)s
                             WHEN {HAS_LATER} THEN %(later)s
                             WHEN NOT {NO_LONGER_STANDS} THEN %(stands)s END
              FROM cases_application a
              JOIN unnest(%(ids)s::bigint[], %(states)s::text[]) AS was (id, state) ON was.id = a.id""",
        {"ids": ids, "states": [case.state for case in cases], **TEXTS},
    )
    return {application_id: reason for application_id, reason in rows if reason is not None}


def carry_over_approvals(decision_ids: Sequence[int]) -> set[int]:
    """Which of these new decisions confirm what was approved before; they take its approval over.

    The same outcome, class, period and reasons in every stretch, and a judge who is not the approver. To be
    called while the applications still point at their former decision. The row names the decision that a
    person approved.
    """
    rows = fetch(
        f"""INSERT INTO cases_approval (decision_id, judged_by_id, approved_by_id, approved_by_name,
                                       approved_by_office, at, carried_from_id)
           SELECT n.id, n.judged_by_id, p.approved_by_id, p.approved_by_name, p.approved_by_office, p.at,
                  coalesce(p.carried_from_id, p.decision_id)
             FROM cases_decision n
             JOIN cases_application a ON a.id = n.application_id AND a.state IN ('issued', 'rejected', 'closed')
             JOIN cases_decision d ON d.id = a.decision_id
             JOIN cases_approval p ON p.decision_id = d.id AND p.approved_by_id <> n.judged_by_id
            WHERE n.id = ANY(%(ids)s)
              AND (n.outcome, n.benefit_class, n.valid, n.reason_codes)
                  IS NOT DISTINCT FROM (d.outcome, d.benefit_class, d.valid, d.reason_codes)
              AND ({EARLIER.format("n")}) IS NOT DISTINCT FROM ({EARLIER.format("d")})
           RETURNING decision_id""",
        {"ids": list(decision_ids)},
    )
    return {row[0] for row in rows}

"""What must hold of the whole case file at every moment, asked in SQL that shares nothing with the code."""

from __future__ import annotations

from tests.cases.test_judgement import fetch

# Each query names the rows that break the rule; the rule holds when there are none.
RULES: dict[str, str] = {
    "a card hangs on an approved, eligible decision of its own child, made by two persons": """
        SELECT c.id FROM cases_certificate c
          LEFT JOIN cases_decision d ON d.id = c.decision_id LEFT JOIN cases_approval p ON p.decision_id = d.id
         WHERE p.decision_id IS NULL OR d.outcome <> 'eligible' OR d.child_id <> c.child_id
            OR p.approved_by_id = d.judged_by_id""",
    "no fact of the child or its guardians changed between the judgement and the issue": """
        SELECT c.id FROM cases_certificate c
          JOIN cases_certificate_transition t ON t.subject_id = c.id AND t.from_state IS NULL
          JOIN cases_decision d ON d.id = c.decision_id
          JOIN cases_decision_subject s ON s.decision_id = d.id
          JOIN platform_change f ON f.addressee_id = s.addressee_id
         WHERE f.xid >= pg_snapshot_xmax(d.snapshot) AND f.xid < t.xmin::text::xid8""",
    "a child has one card in use on a day": """
        SELECT a.id FROM cases_certificate a JOIN cases_certificate b ON a.child_id = b.child_id AND a.id < b.id
         WHERE a.state = 'issued' AND b.state = 'issued' AND a.valid && b.valid""",
    "a child is entitled once on a day": """
        SELECT a.id FROM cases_entitlement a JOIN cases_entitlement b ON a.child_id = b.child_id AND a.id < b.id
         WHERE a.superseded_at IS NULL AND b.superseded_at IS NULL AND a.valid && b.valid""",
    "a card in use lies within what the child holds": """
        SELECT c.id FROM cases_certificate c WHERE c.state = 'issued' AND NOT EXISTS (
            SELECT 1 FROM cases_entitlement e WHERE e.child_id = c.child_id AND e.superseded_at IS NULL
               AND e.valid @> c.valid AND e.benefit_class = c.benefit_class)""",
    "what is held was granted by a decision about the child that covers it": """
        SELECT e.id FROM cases_entitlement e LEFT JOIN cases_decision d ON d.id = e.decision_id
         WHERE e.superseded_at IS NULL AND (d.id IS NULL OR d.child_id <> e.child_id OR NOT e.valid <@ d.valid)""",
    "a history begins once and each step starts where the one before ended": """
        WITH steps AS (
            SELECT 'application' AS of, subject_id, from_state,
                   lag(to_state) OVER (PARTITION BY subject_id ORDER BY id) AS was
              FROM cases_application_transition
            UNION ALL
            SELECT 'certificate', subject_id, from_state, lag(to_state) OVER (PARTITION BY subject_id ORDER BY id)
              FROM cases_certificate_transition)
        SELECT of, subject_id FROM steps WHERE from_state IS DISTINCT FROM was""",
    "a state is where the last step led": """
        SELECT a.id FROM (SELECT id, state, 'a' AS of FROM cases_application
                          UNION ALL SELECT id, state, 'c' FROM cases_certificate) a
         WHERE a.state IS DISTINCT FROM (
            SELECT t.to_state FROM (
                SELECT id, subject_id, to_state, 'a' AS of FROM cases_application_transition
                UNION ALL SELECT id, subject_id, to_state, 'c' FROM cases_certificate_transition) t
             WHERE t.subject_id = a.id AND t.of = a.of ORDER BY t.id DESC LIMIT 1)""",
    "every step says who, when and why": """
        SELECT id FROM (SELECT * FROM cases_application_transition
                        UNION ALL SELECT * FROM cases_certificate_transition) t
         WHERE t.actor_id = '' OR t.actor_name = '' OR t.actor_office = '' OR t.at IS NULL OR btrim(t.why) = ''""",
    "an approved step names an approved decision of the application": """
        SELECT t.id FROM cases_application_transition t
          LEFT JOIN cases_decision d ON d.id = t.decision_id AND d.application_id = t.subject_id
          LEFT JOIN cases_approval p ON p.decision_id = d.id AND p.approved_by_id = t.actor_id
         WHERE t.to_state IN ('approved', 'rejected') AND t.from_state = 'judged' AND p.decision_id IS NULL""",
    "a confirmation says what a person approved, and was judged by another": """
        SELECT t.id FROM cases_application_transition t
         WHERE t.from_state = t.to_state AND t.to_state IN ('issued', 'rejected', 'closed') AND NOT EXISTS (
            SELECT 1 FROM cases_approval p
              JOIN cases_decision d ON d.id = p.decision_id AND d.application_id = t.subject_id
              JOIN cases_approval q ON q.decision_id = p.carried_from_id AND q.carried_from_id IS NULL
              JOIN cases_decision o ON o.id = q.decision_id AND o.application_id = t.subject_id
             WHERE p.decision_id = t.decision_id AND d.judged_by_id = t.actor_id
               AND p.approved_by_id = q.approved_by_id AND p.approved_by_id <> t.actor_id AND p.at = q.at
               AND d.outcome = o.outcome AND d.valid IS NOT DISTINCT FROM o.valid
               AND d.benefit_class IS NOT DISTINCT FROM o.benefit_class)""",
    "an issued step has its card": """
        SELECT t.id FROM cases_application_transition t
         WHERE t.to_state = 'issued' AND t.from_state <> 'issued' AND NOT EXISTS (
            SELECT 1 FROM cases_certificate c
             WHERE c.application_id = t.subject_id AND c.decision_id = t.decision_id)""",
    "a decision has a completed identity check before it": """
        SELECT d.id FROM cases_decision d LEFT JOIN cases_identity_check i ON i.application_id = d.application_id
         WHERE i.id IS NULL""",
    "a decision has its content and names its child and a guardian": """
        SELECT d.id FROM cases_decision d
         WHERE NOT EXISTS (SELECT 1 FROM cases_decision_content c WHERE c.decision_id = d.id)
            OR 1 <> (SELECT count(*) FROM cases_decision_subject s
                      WHERE s.decision_id = d.id AND s.role = 'child' AND s.addressee_id = d.child_id)
            OR 0 = (SELECT count(*) FROM cases_decision_subject s
                     WHERE s.decision_id = d.id AND s.role = 'guardian')""",
    "a child has one open application of a kind": """
        SELECT child_id FROM cases_application
         WHERE state NOT IN ('issued', 'rejected', 'closed', 'withdrawn')
         GROUP BY child_id, kind HAVING count(*) > 1""",
    "a recorded loss left nothing held from its day on, unless granted later": """
        SELECT l.id FROM cases_entitlement_change l JOIN cases_entitlement e ON e.child_id = l.child_id
         WHERE l.event = 'lost' AND e.superseded_at IS NULL AND upper(e.valid) > l.effective_on
           AND e.decision_id <= l.decision_id""",
    "a closed period was closed after it was recorded": """
        SELECT id FROM cases_entitlement WHERE superseded_at < recorded_at""",
}


def broken_rules() -> dict[str, list[tuple[object, ...]]]:
    """The rules that do not hold, with the rows that break them."""
    return {rule: rows for rule, statement in RULES.items() if (rows := fetch(statement))}

"""A late tax file makes decisions stale: they are stopped at approval, judged again, and approved then."""

from __future__ import annotations

import pytest

from tests.journeys.city_run import JUDGED_AGAIN, CityRun

pytestmark = pytest.mark.slow

# The decisions for the day asked; those for earlier days hang on one of these.
PRINCIPAL = "cases_decision WHERE principal_id IS NULL"
TWICE = f"""(SELECT application_id, count(*) AS times, min(id) AS first, max(id) AS last
               FROM {PRINCIPAL} GROUP BY application_id HAVING count(*) > 1) AS twice"""


def test_the_run_stopped_as_many_as_it_judged_again(finished: CityRun) -> None:
    again = finished.count(TWICE)
    assert again > 0
    stopped = {
        label: count for label, count in finished.summary["refused_steps"].items() if JUDGED_AGAIN in label
    }
    assert sum(stopped.values()) == again
    assert all(label.startswith("決裁：") for label in stopped)


def test_those_judged_again_are_those_whose_guardians_income_came_late(finished: CityRun) -> None:
    late = {
        row[0]
        for row in finished.rows(
            """SELECT DISTINCT i.addressee_id FROM evidence_income i JOIN platform_feed_file f
                   ON f.id = i.file_id WHERE f.layout = 'tax' AND f.seq = 2"""
        )
    }
    concerned = finished.rows(
        """SELECT DISTINCT application_id FROM cases_application_guardian
            WHERE addressee_id = ANY(%s) AND application_id IN (SELECT application_id FROM cases_decision)
            ORDER BY 1""",
        sorted(late),
    )
    assert concerned == finished.rows(f"SELECT application_id FROM {TWICE} ORDER BY 1")


def test_only_the_second_judgement_was_approved(finished: CityRun) -> None:
    approved = finished.rows(
        f"""SELECT p.decision_id FROM {TWICE} JOIN cases_approval p ON p.decision_id IN (first, last)
             ORDER BY 1"""
    )
    assert approved == finished.rows(f"SELECT last FROM {TWICE} ORDER BY 1")
    assert (
        finished.count(f"cases_application a JOIN {TWICE} ON application_id = a.id WHERE decision_id <> last")
        == 0
    )


def test_the_second_judgement_rests_on_other_facts_and_saw_the_late_file(finished: CityRun) -> None:
    pairs = finished.rows(
        f"""SELECT f.facts_hash, l.facts_hash, f.gathered_at, l.gathered_at, file.finished_at FROM {TWICE}
              JOIN cases_decision f ON f.id = first JOIN cases_decision l ON l.id = last
              JOIN platform_feed_file file ON file.layout = 'tax' AND file.seq = 2"""
    )
    for first, last, gathered_first, gathered_last, landed in pairs:
        assert first != last
        assert gathered_first < landed < gathered_last


def test_the_steps_of_such_an_application_are_on_record(finished: CityRun) -> None:
    histories = finished.rows(
        f"""SELECT array_agg(t.to_state ORDER BY t.id) FROM cases_application_transition t
              JOIN {TWICE} ON application_id = t.subject_id GROUP BY t.subject_id"""
    )
    ends = {tuple(history) for (history,) in histories}
    assert ends <= {
        ("received", "judged", "judged", "approved", "issued"),
        ("received", "judged", "judged", "rejected"),
        ("received", "undecided", "judged", "approved", "issued"),
    }


def test_the_others_were_judged_once(finished: CityRun) -> None:
    once = finished.count("cases_application WHERE decision_id IS NOT NULL") - finished.count(TWICE)
    assert finished.count(PRINCIPAL) == once + 2 * finished.count(TWICE)
    assert (
        finished.count(
            "cases_application a JOIN cases_decision d ON d.id = a.decision_id WHERE a.state = 'judged'"
        )
        == 0
    )


def test_no_certificate_hangs_on_facts_that_changed_since(finished: CityRun) -> None:
    """Staleness by times alone, without the snapshot that the product compares."""
    assert finished.count(
        """cases_certificate c JOIN cases_decision d ON d.id = c.decision_id
             JOIN cases_decision_subject s ON s.decision_id = d.id
             JOIN platform_change x ON x.addressee_id = s.addressee_id AND x.recorded_at > d.gathered_at"""
    ) == 0  # fmt: skip

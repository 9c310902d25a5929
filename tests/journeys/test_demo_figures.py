"""What the demonstration says at its end is what its tables say, and every count ties to the next."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.journeys.city_run import RESIDENTS, CityRun

pytestmark = pytest.mark.slow

JAPANESE_STATES = {
    "issued": "交付済",
    "rejected": "却下（決裁済）",
    "incomplete": "補正待ち",
    "undecided": "保留（判定不能）",
    "approved": "決裁済",
    "closed": "完結",
}


def latest_outcomes(run: CityRun, outcome: str) -> int:
    return run.count(
        "cases_application a JOIN cases_decision d ON d.id = a.decision_id WHERE d.outcome = %s", outcome
    )


def test_population_counts_those_registered_on_the_day(finished: CityRun) -> None:
    shown = finished.summary["population"]
    registered = """registry_person_version v JOIN registry_person_event e ON e.id = v.event_id
        WHERE upper_inf(v.recorded) AND v.valid @> DATE '2026-08-01' AND e.status = '1'"""
    assert shown["住民（人）"] == finished.count(registered)
    assert abs(shown["住民（人）"] - RESIDENTS) < RESIDENTS // 20
    assert shown["うち外国人住民（人）"] == finished.count(f"{registered} AND e.nationality_kind = '2'")
    households = finished.rows(f"SELECT count(DISTINCT e.household_no) FROM {registered}")[0][0]
    assert shown["世帯"] == households
    assert shown["うち支援措置を受けている人（人）"] == len(
        {row["atenabango"] for row in finished.fed("protection")}
    )
    assert shown["うち支援措置を受けている人（人）"] > 0


def test_every_feed_row_landed_or_is_on_the_worklist(finished: CityRun) -> None:
    shown = finished.summary["feeds"]
    assert set(shown) == {file["name"] for file in finished.manifest["files"]}
    for file in finished.manifest["files"]:
        counts = shown[file["name"]]
        assert counts["行"] == file["rows"] == counts["取込"] + counts["エラー"]
        rejected = finished.count(
            "platform_rejected_row r JOIN platform_feed_file f ON f.id = r.file_id WHERE f.name = %s",
            file["name"],
        )
        assert counts["エラー"] == rejected
    assert set(finished.rows("SELECT state FROM platform_feed_file")) == {("applied",)}


def test_landed_rows_are_rows_of_the_tables(finished: CityRun) -> None:
    landed = Counter[str]()
    for name, counts in finished.summary["feeds"].items():
        landed[name.partition("_")[0]] += counts["取込"]
    tables = {
        "resident": "registry_person_event",
        "protection": "registry_protection",
        "tax": "evidence_income",
        "insurance": "evidence_insurance",
        "assistance": "evidence_public_assistance",
        "schemes": "evidence_other_scheme",
        "application": "cases_application",
    }
    assert landed == {layout: finished.count(table) for layout, table in tables.items()}


def test_each_fault_made_on_purpose_is_found_as_what_it_is(finished: CityRun) -> None:
    code_of = {
        ("ido_nengappi", "date"): "bad_date",
        ("shimei", "too_long"): "over_long_name",
        ("kojinbango", "duplicate_number"): "duplicate_individual_number",
        ("kojinbango", "my_number"): "wrong_check_digit",
        ("tsuzukigara", "code"): "unknown_relation",
    }
    found = Counter(
        code_of[row[0], row[1]]
        for row in finished.rows(
            """SELECT r."column", r.code FROM platform_rejected_row r JOIN platform_feed_file f
                   ON f.id = r.file_id WHERE f.layout = 'resident'"""
        )
    )
    found["undrawable_character"] = finished.count("registry_undrawable_name")
    assert found == finished.manifest["on_purpose"]
    assert finished.summary["worklists"] == {
        "取り込めなかった行": finished.count("platform_rejected_row WHERE state = 'open'"),
        "印字できない文字のある氏名・住所": finished.count("registry_undrawable_name WHERE state = 'open'"),
    }


def test_a_row_that_did_not_land_left_nothing_of_its_person(finished: CityRun) -> None:
    rejected = {
        row[0].split(",")[6]
        for row in finished.rows(
            """SELECT r.content FROM platform_rejected_row r JOIN platform_feed_file f ON f.id = r.file_id
                WHERE f.layout = 'resident'"""
        )
    }
    assert len(rejected) == 5
    assert finished.count("registry_addressee WHERE addressee_no = ANY(%s)", sorted(rejected)) == 0


def test_applications_tie_to_what_became_of_them(finished: CityRun) -> None:
    shown = finished.summary["applications"]
    states = dict(finished.rows("SELECT state, count(*) FROM cases_application GROUP BY state"))
    assert shown == {JAPANESE_STATES[state]: count for state, count in states.items()}
    ends = ("issued", "rejected", "undecided", "incomplete", "approved", "closed")
    assert finished.count("cases_application") == sum(states.get(state, 0) for state in ends)
    assert states["issued"] > 100
    assert states["rejected"] > 5
    assert sum(finished.summary["acquired"].values()) == latest_outcomes(finished, "eligible")
    assert sum(finished.summary["rejected"].values()) == latest_outcomes(finished, "not_eligible")
    assert sum(finished.summary["cannot_decide"].values()) == latest_outcomes(finished, "cannot_decide")


def test_every_judged_application_has_its_answer_of_the_prefecture(finished: CityRun) -> None:
    judged = finished.count("cases_application WHERE decision_id IS NOT NULL")
    assert sum(finished.summary["prefecture"].values()) == judged


def test_certificates_are_printed_or_listed_with_why_not(finished: CityRun) -> None:
    issued = finished.count("cases_certificate WHERE state = 'issued'")
    printed = finished.count("documents_document WHERE kind = 'certificate' AND NOT reprint")
    held_back = finished.count("documents_print_exception WHERE kind = 'certificate'")
    assert issued == printed + held_back == finished.count("cases_application WHERE state = 'issued'")
    rejections = finished.count("documents_document WHERE kind = 'rejection'")
    kept = finished.count("documents_print_exception WHERE kind = 'rejection'")
    assert rejections + kept == finished.count("cases_application WHERE state = 'rejected'")
    shown = finished.summary
    assert shown["printed"]["小児医療証（通）"] == printed
    assert sum(shown["not_printed"].values()) == finished.count("documents_print_exception")


def test_an_entitlement_is_the_period_of_its_approved_decision(finished: CityRun) -> None:
    granted = finished.rows(
        "SELECT child_id, valid FROM cases_entitlement WHERE superseded_at IS NULL ORDER BY 1, 2"
    )
    decided = finished.rows(
        """SELECT d.child_id, d.valid FROM cases_decision d JOIN cases_approval p ON p.decision_id = d.id
            WHERE d.outcome = 'eligible' ORDER BY 1, 2"""
    )
    assert granted == decided
    carded = finished.rows("SELECT child_id, valid FROM cases_certificate")
    assert set(carded) <= set(granted)
    assert len({child for child, _ in carded}) == len(carded)


def test_an_entitlement_reaches_back_before_the_day_of_judgement(finished: CityRun) -> None:
    """Applications of May to July are judged for August; the months before are granted all the same."""
    earlier = finished.count("cases_entitlement WHERE superseded_at IS NULL AND lower(valid) < '2026-08-01'")
    assert earlier > finished.count("cases_certificate") // 2


def test_nobody_approved_what_he_judged(finished: CityRun) -> None:
    assert finished.rows("SELECT DISTINCT judged_by_id, approved_by_id FROM cases_approval") == [
        ("demo-clerk", "demo-approver")
    ]


def test_the_ledger_points_at_pages_that_are_there(finished: CityRun) -> None:
    files = finished.rows(
        """SELECT r.folder, f.name, f.pages, f.size FROM documents_print_file f
             JOIN documents_print_run r ON r.id = f.run_id"""
    )
    root = finished.paper_folder
    assert {root / folder / name for folder, name, _, _ in files} == set(finished.papers())
    for folder, name, pages, size in files:
        assert len(finished.pages[root / folder / name]) == pages
        assert (root / folder / name).stat().st_size == size
    assert {Path(folder) for folder in finished.summary["folders"]} == {root / row[0] for row in files}


def test_each_certificate_carries_its_own_child(finished: CityRun) -> None:
    expected = finished.rows(
        """SELECT c.number, r.number, e.name, c.payer_no, pr.folder, f.name, d.page FROM cases_certificate c
             JOIN cases_recipient r ON r.child_id = c.child_id
             JOIN registry_person_version v ON v.addressee_id = c.child_id AND upper_inf(v.recorded)
                  AND v.valid @> DATE '2026-08-01'
             JOIN registry_person_event e ON e.id = v.event_id
             JOIN documents_document d ON d.kind = 'certificate' AND d.subject_id = c.id
             JOIN documents_print_file f ON f.id = d.file_id JOIN documents_print_run pr ON pr.id = d.run_id"""
    )
    assert len(expected) == finished.count("documents_document WHERE kind = 'certificate'")
    for number, recipient, name, payer, folder, file, page in expected:
        text = finished.pages[finished.paper_folder / folder / file][page - 1]
        assert f"証番号{number}{payer}{recipient}" in text
        assert "".join(name.split()) in text


def test_the_terminal_says_the_same_as_the_file(finished: CityRun) -> None:
    shown = (finished.var / "stdout.log").read_text(encoding="utf-8")
    assert "■ 横浜市 小児医療費助成　集計（基準日 令和8年8月1日）" in shown
    for part in ("applications", "acquired", "rejected", "printed", "worklists"):
        for label, count in finished.summary[part].items():
            line = next(line for line in shown.splitlines() if line.strip().startswith(label))
            assert f"{count:,}" in line
    assert "Traceback" not in shown + (finished.var / "stderr.log").read_text(encoding="utf-8")

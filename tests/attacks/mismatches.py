"""What guardians are to report, planted in the hall that is attacked."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connections

from kyufu.platform.databases import ORDINARY


def plant_mismatches(certificates: Mapping[str, int]) -> dict[str, int]:
    """A difference that a guardian is to report, of a child of each ward."""
    found = {}
    with connections[ORDINARY].cursor() as cursor:
        for ward, certificate_id in certificates.items():
            cursor.execute(
                "INSERT INTO cases_mismatch (child_id, guardian_id, application_id, decision_id, kind, mark, since,"
                " found_at) SELECT child_id, guardian_id, application_id, decision_id, 'insurance_ended', '1',"
                " '2026-10-01', now() FROM cases_certificate WHERE id = %s RETURNING id",
                [certificate_id],
            )
            found[ward] = cursor.fetchone()[0]
        cursor.execute(
            "INSERT INTO renewal_found (renewal_id, mismatch_id, child_id)"
            " SELECT r.id, m.id, m.child_id FROM renewal_renewal r, cases_mismatch m WHERE m.mark = '1'"
        )
    return found

"""Every question of a person's page can be answered by an index: on the large tables nothing needs to read all rows."""

from __future__ import annotations

import re

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from kyufu.platform import clock
from tests.cases.world import Family, certify
from tests.web.conftest import SignedIn
from tests.web.pages.test_person_pages import address_of, write

# Tables that grow with the population; those of protection measures, offices and staff do not.
LARGE = (
    "registry_addressee", "registry_person_event", "registry_person_version", "registry_contact", "cases_application",
    "cases_application_guardian", "cases_decision", "cases_decision_subject", "cases_approval", "cases_entitlement",
    "cases_certificate", "cases_recipient", "evidence_income", "evidence_insurance", "evidence_public_assistance",
    "evidence_other_scheme", "documents_document", "platform_change", "registry_undrawable_name",
)  # fmt: skip
READS_ALL = re.compile(rf"Seq Scan on ({'|'.join(LARGE)})\b")


def plan_of(statement: str) -> str:
    """How the database would answer if reading a whole table were dear, as it is for millions of persons."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {statement}")
        return "\n".join(row[0] for row in cursor.fetchall())


def test_no_question_of_the_page_needs_a_whole_table(family: Family, signed_in: SignedIn) -> None:
    certify(family)
    write(family.child, follow_up_on=clock.current_date_in_japan())
    clerk = signed_in()
    with CaptureQueriesContext(connection) as asked:
        for person in (family.child, family.father):
            assert clerk.get(address_of(clerk, person)).status_code == 200
    statements = [one["sql"] for one in asked if re.match(r"\s*(SELECT|WITH)\b", one["sql"])]
    whole = {
        statement: found
        for statement in statements
        if any(table in statement for table in LARGE) and (found := READS_ALL.findall(plan_of(statement)))
    }
    assert len(statements) > 20
    assert whole == {}

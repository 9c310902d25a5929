"""Beneficiaries who are entitled without a certificate (児童), and guardians outside the city."""

from __future__ import annotations

from datetime import date

import pytest

from kyufu.cases import api as cases
from kyufu.platform.errors import Refused
from kyufu.registry import api as registry
from tests.cases.test_judgement import fetch
from tests.cases.world import World, approve, issue, judge, receive, state
from tests.evidence.files import INCOME

# In this era the city paid hospital stays alone for pupils of the junior high school, without a certificate.
ERA = date(2018, 10, 1)


@pytest.mark.requirement("YOK-025")
@pytest.mark.requirement("YOK-026")
@pytest.mark.requirement("YOK-027")
def test_a_beneficiary_without_certificate_is_entitled_and_gets_no_card(world: World) -> None:
    family = world.family(birth="2004-05-10", insured=False, since="2010-04-01")
    world.insure(family.number + 1, shutoku_nengappi="2010-04-01")
    income = {**INCOME, "fuka_nendo": 2018, "taisho_kaishi": "2017-01-01", "taisho_shuryo": "2017-12-31"}
    world.send("tax", [{**income, "shutoku_nengappi": "2018-06-10", "atenabango": family.father_no}])
    application_id = receive(family, received_on=ERA)
    judge(application_id, on=ERA)
    assert fetch("SELECT outcome, issues_certificate FROM cases_decision") == [("eligible", False)]
    approve(application_id)
    assert state(application_id) == "closed"
    assert len(cases.entitlements_of([family.child])[family.child]) == 1
    with pytest.raises(Refused):
        issue(application_id, on=ERA)


def test_the_applicant_receives_the_letters(world: World) -> None:
    family, other = world.family(), world.family()
    pair = (cases.FiledGuardian(other.father, "other"), cases.FiledGuardian(family.father, "father"))
    application_id = receive(family, guardians=pair)
    judge(application_id)
    approve(application_id)
    issue(application_id)
    (row,) = cases.certificates_to_print()
    assert row.guardian_id == other.father
    assert registry.people([row.guardian_id], valid_on=row.issued_on, today=row.issued_on)

"""Who a member of staff is in the register, and who their family are."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from kyufu.platform.errors import Refused
from kyufu.staff import api as staff
from kyufu.staff.api import Relation
from kyufu.staff.two_persons import SamePerson
from tests.staff.town import Town, rows

pytestmark = pytest.mark.django_db
OWN, OTHER = "900000000000011", "900000000000012"


def test_addressees_of_the_staff_and_their_family(town: Town) -> None:
    rights = town.rights(town.admin)
    staff.link_addressee(town.clerk, addressee_no=OTHER, relation=Relation.FAMILY, rights=rights)
    for _ in range(2):
        staff.link_addressee(town.clerk, addressee_no=OWN, relation=Relation.SELF, rights=rights)
    assert staff.addressees_of_staff(town.clerk) == [(OWN, "self"), (OTHER, "family")]
    assert staff.addressees_of_staff(town.admin) == []
    staff.unlink_addressee(town.clerk, addressee_no=OTHER, rights=rights)
    assert staff.staff_relations() == [("C001", OWN, "self")]


def test_a_person_is_in_the_register_once(town: Town) -> None:
    rights = town.rights(town.admin)
    staff.link_addressee(town.clerk, addressee_no=OWN, relation=Relation.SELF, rights=rights)
    with pytest.raises(Refused, match="すでに登録"):
        staff.link_addressee(town.clerk, addressee_no=OTHER, relation=Relation.SELF, rights=rights)


def test_only_the_administrator_of_rights_links_and_nobody_themselves(town: Town) -> None:
    with pytest.raises(staff.Forbidden):
        staff.link_addressee(
            town.worker, addressee_no=OWN, relation=Relation.SELF, rights=town.rights(town.clerk)
        )
    own = town.rights(town.admin)
    with pytest.raises(SamePerson):
        staff.link_addressee(town.admin, addressee_no=OWN, relation=Relation.FAMILY, rights=own)
    staff.link_addressee(
        town.admin, addressee_no=OWN, relation=Relation.FAMILY, rights=town.rights(town.second_admin)
    )
    with pytest.raises(SamePerson):
        staff.unlink_addressee(town.admin, addressee_no=OWN, rights=own)
    assert staff.addressees_of_staff(town.admin) == [(OWN, "family")]


def test_what_is_not_there_is_refused(town: Town) -> None:
    rights = town.rights(town.admin)
    with pytest.raises(Refused, match="登録はありません"):
        staff.unlink_addressee(town.clerk, addressee_no=OWN, rights=rights)
    with pytest.raises(Refused, match="アカウントがありません"):
        staff.link_addressee(0, addressee_no=OWN, relation=Relation.SELF, rights=rights)


def test_the_database_knows_two_relations(town: Town) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        rows(
            "INSERT INTO staff_relation (account_id, addressee_no, relation) VALUES (%s, %s, 'friend')",
            [town.clerk, OWN],
        )

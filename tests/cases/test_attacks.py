"""Someone with a database console: what the code would never do is refused by the tables themselves."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests.cases.test_judgement import fetch
from tests.cases.world import World, certify, judge, receive

TABLES = (
    "cases_application",
    "cases_application_guardian",
    "cases_application_transition",
    "cases_approval",
    "cases_certificate",
    "cases_certificate_transition",
    "cases_decision",
    "cases_decision_content",
    "cases_decision_subject",
    "cases_entitlement",
    "cases_entitlement_change",
    "cases_identity_check",
    "cases_recipient",
)
STEP = """INSERT INTO {table} (subject_id, from_state, to_state, actor_id, actor_name, actor_office, at, why)
          SELECT id, {was}, '{to}', 'X', 'X', 'X', now(), 'X' FROM {subject}"""


@pytest.fixture
def certified(world: World) -> World:
    """One child with a certificate, all by the book."""
    certify(world.family())
    return world


def content() -> dict[str, list[tuple[object, ...]]]:
    """Everything the module has stored."""
    return {table: fetch(f"SELECT t::text FROM {table} t ORDER BY 1") for table in TABLES}


def refused(statement: str, *, match: str | None = None) -> None:
    """The database refuses a statement, at the end of the transaction at the latest, and nothing is changed."""
    before = content()
    with pytest.raises(DatabaseError, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount != 0, "the attack touched nothing: it proves nothing"
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert content() == before


def got_through(attacks: Iterable[str]) -> list[str]:
    """Those attacks that the database let through, or that touched nothing and so prove nothing; none is kept."""
    through = []
    for attack in attacks:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(attack)
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                through.append(attack)
                transaction.set_rollback(True)
        except DatabaseError:
            continue
    return through


def application_step(*, was: str, to: str) -> str:
    return STEP.format(table="cases_application_transition", subject="cases_application", was=was, to=to)


def certificate_step(*, was: str, to: str) -> str:
    return STEP.format(table="cases_certificate_transition", subject="cases_certificate", was=was, to=to)


STANDING = {
    "cases_application_transition": "actor_id",
    "cases_certificate_transition": "actor_name",
    "cases_decision": "judged_by_id",
    "cases_decision_content": "facts",
    "cases_decision_subject": "role",
    "cases_approval": "approved_by_id",
    "cases_entitlement_change": "reason_code",
    "cases_recipient": "number",
    "cases_identity_check": "staff_id",
    "platform_change": "what",
}


@pytest.mark.requirement("YOK-059")
@pytest.mark.parametrize("table", STANDING)
def test_what_is_on_record_is_neither_rewritten_nor_deleted(certified: World, table: str) -> None:
    column = STANDING[table]
    refused(f"UPDATE {table} SET {column} = 'X'", match="rows stand as written")
    refused(f"UPDATE {table} SET {column} = {column}", match="rows stand as written")
    refused(f"DELETE FROM {table}", match="rows stand as written")


ATTACKS = (
    "DELETE FROM cases_application",
    "DELETE FROM cases_certificate",
    "DELETE FROM cases_entitlement",
    "UPDATE cases_application SET state = 'closed'",
    "UPDATE cases_application SET state = 'approved'",
    "UPDATE cases_certificate SET state = 'voided'",
    "UPDATE cases_certificate SET benefit_class = 'X'",
    "UPDATE cases_certificate SET guardian_id = child_id",
    "UPDATE cases_certificate SET issued_on = issued_on + 1",
    "UPDATE cases_certificate SET payer_no = '00000000'",
    "UPDATE cases_entitlement SET child_id = -1, superseded_at = now()",
    "UPDATE cases_entitlement SET recorded_at = now(), superseded_at = now()",
    "UPDATE cases_application SET channel = 'fax'",
    "UPDATE cases_application SET kind = 'loss'",
    "UPDATE cases_application SET agent_name = '代理　人'",
    "UPDATE cases_application SET applicant_kind = 'agent'",
    "UPDATE cases_application SET child_id = -1",
    "UPDATE cases_application SET target_id = id",
    "UPDATE cases_application SET decision_id = -1",
    "UPDATE cases_application_guardian SET position = 3",
    "UPDATE cases_application_guardian SET relation = 'uncle'",
    "UPDATE cases_application_guardian SET addressee_id = -1",
)


def test_what_a_case_says_of_itself_cannot_be_made_untrue(certified: World) -> None:
    before = content()
    assert got_through(ATTACKS) == []
    assert content() == before


def test_an_issued_application_takes_no_step_but_to_its_end_or_to_be_judged_again(certified: World) -> None:
    places = ("NULL", "'issued'", "'approved'", "'received'", "'judged'", "'rejected'")
    ends = ("received", "judged", "approved", "issued", "rejected", "withdrawn", "gone")
    steps = [application_step(was=was, to=to) for was, to in product(places, ends)]
    again = [application_step(was="'issued'", to=to) for to in ("judged", "issued")]
    right = application_step(was="'issued'", to="closed")
    assert got_through([*steps, right]) == [*again, right]


def test_a_step_of_a_certificate_starts_from_where_it_is(certified: World) -> None:
    places = ("NULL", "'voided'", "'recovered'", "'replaced'")
    steps = [
        certificate_step(was=was, to=to)
        for was, to in product(places, ("issued", "voided", "recovered", "replaced"))
    ]
    right = certificate_step(was="'issued'", to="recovered")
    assert got_through([*steps, right]) == [right]


def test_two_steps_of_one_subject_in_one_statement_are_refused(certified: World) -> None:
    both = certificate_step(was="'issued'", to="voided") + ", (VALUES (1), (2)) AS twice (n)"
    refused(both, match="changed meanwhile")


WHO_WHEN_WHY = {"actor_id": "'X'", "actor_name": "'X'", "actor_office": "'X'", "at": "now()", "why": "'X'",
                "to_state": "'voided'"}  # fmt: skip


def test_a_step_says_who_when_and_why(certified: World) -> None:
    for column in WHO_WHEN_WHY:
        values = WHO_WHEN_WHY | {column: "NULL"}
        refused(
            f"""INSERT INTO cases_certificate_transition (subject_id, from_state, {", ".join(values)})
                SELECT id, 'issued', {", ".join(values.values())} FROM cases_certificate""",
            match="null value",
        )


APPROVAL = """INSERT INTO cases_approval (decision_id, judged_by_id, approved_by_id, approved_by_name,
                  approved_by_office, at) SELECT id, {judge}, {approver}, '', '', now() FROM cases_decision d
               WHERE NOT EXISTS (SELECT 1 FROM cases_approval p WHERE p.decision_id = d.id)"""


def test_nobody_approves_what_they_judged_by_whatever_name(world: World) -> None:
    judge(receive(world.family()))
    pairs = (
        ("judged_by_id", "judged_by_id"), ("'S0002'", "judged_by_id"), ("'S0009'", "'S0009'"), ("NULL", "'S0002'"),
        ("judged_by_id", "NULL"),
    )  # fmt: skip
    attacks = [APPROVAL.format(judge=one, approver=other) for one, other in pairs]
    right = APPROVAL.format(judge="judged_by_id", approver="'S0002'")
    assert got_through([*attacks, right]) == [right]


def test_one_decision_is_approved_once(certified: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        fetch(
            """INSERT INTO cases_approval SELECT decision_id, judged_by_id, 'S0077', approved_by_name,
                   approved_by_office, at FROM cases_approval RETURNING 1"""
        )


CARD = """INSERT INTO cases_certificate (number, child_id, guardian_id, application_id, decision_id, entitlement_id,
              kind, payer_no, valid, benefit_class, issued_on, state)
          SELECT {number}, {child}, guardian_id, application_id, {decision}, entitlement_id, kind, payer_no, {valid},
                 benefit_class, issued_on, {state} FROM cases_certificate"""
A_CARD = {"number": "'0000009999'", "child": "child_id", "decision": "decision_id", "state": "'issued'",
          "valid": "daterange('2027-08-01', '2028-08-01')"}  # fmt: skip


FAULTS = (
    ("number", "number"), ("number", "NULL"), ("child", "-1"), ("decision", "-1"), ("decision", "NULL"),
    ("valid", "daterange('2027-07-31', '2028-08-01')"), ("valid", "NULL"), ("state", "'voided'"),
    ("state", "'printed'"), ("state", "NULL"),
)  # fmt: skip


@pytest.mark.requirement("YOK-022")
def test_a_forged_card_is_refused_for_every_fault_and_passes_without_one(certified: World) -> None:
    forgeries = [CARD.format(**(A_CARD | {column: value})) for column, value in FAULTS]
    faultless = CARD.format(**A_CARD)
    assert got_through([*forgeries, faultless]) == [faultless]


DECISION = (
    "application_id", "child_id", "scheme", "municipality", "judged_for", "outcome", "valid", "benefit_class",
    "reason_codes", "parameter_version", "facts_hash", "judged_by_id", "judged_by_name", "judged_by_office",
    "judged_at", "gathered_at", "snapshot",
)  # fmt: skip


def copy_of_the_decision(items: dict[str, str]) -> str:
    values = ", ".join(items.get(column, column) for column in DECISION)
    return f"INSERT INTO cases_decision ({', '.join(DECISION)}) SELECT {values} FROM cases_decision"


def test_a_decision_lacks_nothing_that_a_replay_needs(certified: World) -> None:
    attacks = [copy_of_the_decision({column: "NULL"}) for column in DECISION]
    attacks += [
        copy_of_the_decision({"outcome": "'perhaps'"}),
        copy_of_the_decision({"application_id": "-1"}),
    ]
    right = copy_of_the_decision({})
    assert got_through([*attacks, right]) == [right]


def test_a_closed_period_stays_closed_at_its_instant(certified: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_entitlement SET superseded_at = now()")
        assert cursor.rowcount == 1
    refused("UPDATE cases_entitlement SET superseded_at = now() + interval '1 day'", match="only ever closed")
    refused("UPDATE cases_entitlement SET superseded_at = NULL", match="only ever closed")


def test_a_period_has_a_day(certified: World) -> None:
    refused(
        """INSERT INTO cases_entitlement (child_id, valid, benefit_class, decision_id, recorded_at)
           SELECT child_id, 'empty'::daterange, benefit_class, decision_id, recorded_at FROM cases_entitlement""",
        match="cases_entitlement_some_day",
    )

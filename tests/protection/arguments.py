"""What the walk calls public functions with: values by the name of the parameter, for all modules alike.

A function whose parameters are all named as elsewhere is walked without a line here. One with a parameter of a new
name fails the walk until it is added to `values`, or to the CALLS of tests.protection.prepared where something must
be there first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db import connection

from kyufu.cases import api as cases
from kyufu.documents import api as documents
from kyufu.evidence import api as evidence
from kyufu.notation.check_digits import CheckDigit
from kyufu.platform.clock import current_instant
from kyufu.registry import api as registry
from tests.cases.world import CHECK, quiet
from tests.platform.feed_files import MUNICIPALITY
from tests.protection.markers import HOME, SAFE_ADDRESS
from tests.protection.scene import AT, LATER, ON, Scene
from tests.registry.test_nonresidents import PAPER

Values = Mapping[str, tuple[object, ...]]
BEFORE_THE_FLIGHT = date(2024, 6, 1)

# What reads nothing of the register, each with why.
VAULT = "answers of the vault, which sees nothing of this schema and shows no address (mynumber/basics.py)"
SEAL = "hashes, counts and key files of the log's own chain"
EXEMPT: Mapping[str, str] = {
    "registry.numbers.": VAULT,
    "ordinance.": "dated values, who changed them, and counts; it imports nothing of the registry",
    "runs.": "kinds, days and counts; what its work reads goes through the doors of cases and documents",
    **{
        f"audit.{name}": SEAL
        for name in (
            "chain_records",
            "chain_restored",
            "delete_expired",
            "direct_writes",
            "ensure_partitions",
            "expired_partitions",
            "export_head",
            "open_signer",
            "public_keys",
            "read_head",
            "replace_key",
            "verify",
        )
    },
    "audit.acting": "says who acts, and gives nothing back",
    "audit.note_read": "takes ids, and gives nothing back",
    "audit.notes_asked": "makes the face of a query",
    "audit.notes_found": "makes the face of a query",
    "audit.notes_streamed": "makes the face of a query",
    "audit.record_event": "takes what happened, and gives nothing back",
    "audit.reading_as": "names what is read, and gives nothing back",
    "audit.the_same": "gives back the ids that it took",
    "registry.read_box": "reads what was typed, and gives it back",
    "registry.typed_day": "reads what was typed, and gives it back",
    "registry.typed_number": "reads what was typed, and gives it back",
    **{
        f"cases.{name}": "makes a select or a pool, or hands over what it was given; reads nothing itself"
        for name in (
            "cards_of",
            "corrections_of",
            "losses_of",
            "requests_of",
            "urgings_of",
            "judging_here",
            "judging_pool",
            "submit_questions",
        )
    },
    "cases.commonest_end": "a day that most have in common, and nobody's",
    "cases.lay_out_cases": "a table of the session for freezing a base, shown to nobody; who lists it notes it",
    "cases.record_corrections": "writes what was found and noted, and gives back a number",
    "cases.effect_renewals": "writes what was judged and noted, and gives back two numbers",
    **{
        f"renewal.{name}": "moves a renewal on, by hands of their own, and gives back numbers; its lists are walked"
        for name in (
            "accounts_of",
            "approve_corrections",
            "begin_effect",
            "close_trial",
            "confirm_schedule",
            "effect_blocks",
            "end_effect",
            "end_schedule",
            "give_up",
            "keep_schedule",
            "may_head",
            "next_of",
            "pause",
            "print_renewal",
            "propose_schedule",
            "run_of",
            "start_next",
        )
    },
    **{
        f"renewal.{name}": "days of the calendar and what was planned on them; about nobody"
        for name in ("due_days", "next_day", "occasions", "schedules", "usual_rules")
    },
    "documents.account_for": "four numbers of the print ledger",
    "cases.count_no_certificates": "one number for the check of a print run",
    "registry.last_wards": "decides within a page whose matter a person is, and is shown to nobody",
}


def is_exempt(name: str) -> bool:
    """Is a function, or the door behind which it stands, named in EXEMPT?"""
    return name in EXEMPT or f"{name.rpartition('.')[0]}." in EXEMPT


def values(scene: Scene) -> Values:
    """Values to try one after the other, by parameter name; the shorter ones repeat their last."""
    people = scene.sheltered
    everybody = [*people, scene.ids[5], scene.neighbours.child]
    applications = (scene.certified, scene.waiting)
    return {
        "addressee_id": people, "ids": (everybody,), "person_ids": (everybody,), "child_ids": (everybody,),
        "addressee_ids": (everybody,), "subjects": (everybody,), "numbers": (_numbers(),),
        "application_id": applications, "application_ids": (applications,),
        "decision_id": (_decision(scene.certified),), "decision_ids": ([_decision(scene.certified)],),
        "certificate_id": (one("SELECT min(id) FROM cases_certificate"),),
        "contact": (registry.NewContact(ON, registry.ContactWay.PHONE, "母", "再交付", "電話があった。", None),),
        "contact_id": (one("SELECT max(id) FROM registry_contact"),), "ward_code": ("141011",),
        "person_id": people, "record_id": (1,), "corrects": (None,), "person": (PAPER, _namesake()),
        "on": (ON, BEFORE_THE_FLIGHT), "valid_on": (ON, BEFORE_THE_FLIGHT), "today": (ON,),
        "issued_on": (None,), "received_on": (ON,), "valid_from": (ON,), "known_at": (None, current_instant()),
        "at": (AT + timedelta(days=30),), "by": (LATER,), "text": searches(), "sought": seekings(),
        "number": (*searches(), *receipt_numbers()), "reason": ("窓口の申出による",),
        "why": ("窓口の申出による",), "note": ("窓口の申出による",), "state": (None, "issued"), "wards": (None,),
        "limit": (50,), "after": (0,), "only": (None,), "but": (None,), "among": (None,),
        "before": (None,), "tax_year": (2025,), "name": ("prefecture",),
        "municipality": ("yokohama",), "municipality_code": (MUNICIPALITY,), "watermark": ("見本",),
        "report": (quiet,), "progress": (None,), "kind": tuple(documents.Kind), "dots_per_inch": (60,),
        "subject_id": (1, scene.certified, _decision(scene.certified)), "insurer_check": (CheckDigit.TESTED,),
        "check": (CheckDigit.TESTED,), "identity": (CHECK,), "documents": (("保険証の写し",),),
        "distinct_from": ((),), "non_resident": (scene.ids[5],), "resident": (scene.ids[1],),
        "since": (AT - timedelta(days=30),), "until": (AT + timedelta(days=30),),

        "born_from": (date(2000, 1, 1),), "table": ("walk_table",), "day_of_month": (1,),
        "first_day": (BEFORE_THE_FLIGHT,), "ends_before": (AT.date() + timedelta(days=30),),
        "worklist": (registry.PointKind.UNDRAWABLE,),
        "select": ("SELECT id FROM registry_addressee",), "seen": ("0" * 64,),
        "code": ("missing.insurance", None), "query": (cases.ApplicationQuery(),),
        "applied_on": (ON,), "expected": (0,), "handed_on": (ON,), "run_id": (1,),
        "due": ([cases.Due(one, ON) for one in applications],), "children": (everybody,),
        "batch": ("SELECT id FROM cases_certificate WHERE FALSE",),
        "batches": ("SELECT id, 1 FROM cases_certificate",),
        "pairs": ([registry.Pair(one, people[0], AT) for one in people],),
        "moments": ([evidence.Moment(one, AT) for one in people],),
    }  # fmt: skip


def _namesake() -> registry.NonResident:
    return replace(PAPER, name="秘匿　花子", kana="ヒトク　ハナコ", birth_date=date(1990, 1, 15))


def searches() -> tuple[str, ...]:
    """By name and number she is found; by what stands in her address nobody is."""
    return ("秘匿", "ヒトク", "000000000000001", *address_words())


def address_words() -> tuple[str, ...]:
    """What stands in her present and her safe address, as somebody types it who has a suspicion."""
    return (HOME.town, HOME.building, HOME.postal_code, HOME.household, f"横浜市都筑区{HOME.town}", SAFE_ADDRESS,
            f"{HOME.town}{HOME.house_number}", "秘匿町1-77-88", "秘匿町１", "ひみつ秘匿町", "都筑区")  # fmt: skip


def seekings() -> tuple[registry.Sought, ...]:
    """The words in the box, in each field, and each address beside what finds her by itself."""
    beside = ({}, {"text": "秘匿"}, {"kana": "ヒトク"}, {"number": "1"}, {"text": "ヒドク", "near": True},
              {"birth_date": date(2018, 5, 10)}, {"birth_date": date(1955, 2, 3)})  # fmt: skip
    return (
        *map(registry.read_box, searches()),
        *(registry.Sought(kana=word) for word in searches()),
        *(registry.Sought(alias=word) for word in searches()),
        *(registry.Sought(address=word, **more) for word in address_words() for more in beside),  # type: ignore[arg-type]
    )


def _numbers() -> list[str]:
    return [f"{number:015}" for number in range(1, 6)]


def receipt_numbers() -> list[str]:
    return [row.number for row in cases.applications()]


def _decision(application_id: int) -> int:
    return int(one(f"SELECT decision_id FROM cases_application WHERE id = {application_id}"))


def one(statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]

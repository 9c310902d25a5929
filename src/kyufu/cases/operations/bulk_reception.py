"""Take in a file of applications (一括受付): one transaction for the file, set-based."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection

from kyufu.cases.identity import FORM_OF, IdentityCheck, IdentityDocument, NumberDocument, faults_of
from kyufu.cases.intake import CHANNELS, IDENTITY_DOCUMENTS, LAYOUT, NUMBER_DOCUMENTS, RELATIONS, RULES
from kyufu.cases.machines import APPLICATIONS
from kyufu.cases.operations.reception import NEXT_NUMBER
from kyufu.cases.queries import fetch
from kyufu.platform.actors import Actor
from kyufu.platform.feeds.feed import Feed, Staged
from kyufu.platform.feeds.intake import FeedResult, Progress, receive_feed
from kyufu.platform.transitions import record_steps
from kyufu.registry import api as registry

PERSONS = (
    ("shoni_atenabango", "child_id"),
    ("hogosha_atenabango", "guardian_id"),
    ("hogosha2_atenabango", "second_guardian_id"),
)
NUMBERS_A_TIME = 20_000
UNDATED = "本人確認の日が記録されていません。"


def receive_applications(
    path: Path, *, municipality_code: str, by: Actor, at: datetime, progress: Progress | None = None
) -> FeedResult:
    """Take in a file of layout `application`; rows with a problem go to the worklist while the others land.

    Raises BadInput for a file whose frame, municipality or sequence is wrong; the same file twice is a no-op.
    """
    feed = Feed(
        layout=LAYOUT,
        apply=partial(_apply, by=by, at=at),
        rules=RULES,
        extra=(("child_id", "bigint"), ("guardian_id", "bigint"), ("second_guardian_id", "bigint"),
               ("earlier_row", "integer")),
        prepare=_prepare,
        number_owner="shoni_atenabango",
    )  # fmt: skip
    return receive_feed(path, feeds={LAYOUT.name: feed}, municipality=municipality_code, progress=progress)


def _prepare(staged: Staged) -> None:
    """Find the persons behind the addressee numbers, and earlier rows of the file for the same child."""
    for column, target in PERSONS:
        numbers = [
            row[0] for row in fetch(f"SELECT DISTINCT {column} FROM {staged.table} WHERE {column} <> ''", {})
        ]
        for at in range(0, len(numbers), NUMBERS_A_TIME):
            _name_persons(
                staged.table, column=column, target=target, numbers=numbers[at : at + NUMBERS_A_TIME]
            )
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE {staged.table} s SET earlier_row = e.first_row
                  FROM (SELECT shoni_atenabango, min(row_no) AS first_row FROM {staged.table} GROUP BY 1) AS e
                 WHERE e.shoni_atenabango = s.shoni_atenabango AND e.first_row < s.row_no"""
        )


def _name_persons(table: str, *, column: str, target: str, numbers: Sequence[str]) -> None:
    known = registry.addressee_ids(numbers)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE {table} s SET {target} = k.id
                  FROM unnest(%(numbers)s::text[], %(ids)s::bigint[]) AS k (number, id)
                 WHERE s.{column} = k.number""",
            {"numbers": list(known), "ids": list(known.values())},
        )


def _apply(staged: Staged, *, by: Actor, at: datetime) -> Mapping[str, int]:
    received = _insert_applications(staged.table)
    _insert_guardians(staged.table)
    checks = _checks(staged.table)
    with connection.cursor() as cursor:
        cursor.execute(_with_checks(INSERT_IDENTITY, table=staged.table), checks)
    record_steps(
        APPLICATIONS, by=by, at=at, parameters={},
        steps=f"""SELECT a.id, NULL::text, 'received', '受付（一括）', NULL::bigint
                    FROM cases_application a JOIN {staged.table} s ON s.uketsuke_bango = a.source_no""",
    )  # fmt: skip
    incomplete = record_steps(
        APPLICATIONS, steps=_with_checks(INCOMPLETE, table=staged.table), parameters=checks, by=by, at=at
    )
    return {"受付": received, "うち補正待ち": incomplete}


def _insert_applications(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO cases_application (number, source_no, kind, matter, state, ward_code, channel,
                    received_on, applicant_kind, agent_name, child_id)
                SELECT extract(year FROM s.uketsuke_nengappi)::text || {NEXT_NUMBER}, s.uketsuke_bango,
                       'new', '', 'received', s.uketsuke_ku, {_translated("s.uketsuke_keiro", CHANNELS)},
                       s.uketsuke_nengappi, CASE s.shinseisha_kubun WHEN '2' THEN 'agent' ELSE 'guardian' END,
                       coalesce(s.dairinin_shimei, ''), s.child_id
                  FROM {table} s ORDER BY s.row_no"""
        )
        return int(cursor.rowcount)


def _insert_guardians(table: str) -> None:
    relations = (_translated("s.zokugara", RELATIONS), _translated("s.hogosha2_zokugara", RELATIONS))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO cases_application_guardian (application_id, position, addressee_id, relation)
                SELECT a.id, g.position, g.addressee_id, g.relation
                  FROM {table} s JOIN cases_application a ON a.source_no = s.uketsuke_bango
                  JOIN LATERAL (VALUES (1, s.guardian_id, {relations[0]}),
                                       (2, s.second_guardian_id, {relations[1]}))
                    AS g (position, addressee_id, relation) ON g.addressee_id IS NOT NULL
                 ORDER BY a.id, g.position"""
        )


# What was recorded of the check; the rule judges each combination once, and SQL applies the answers.
COMBINATION = """s.uketsuke_keiro, coalesce(s.bango_kakunin, ''), s.mimoto_kakunin,
    coalesce(s.setsumei, '') = '1', coalesce(s.kakunin_shokuin, '') <> '', s.kakunin_nengappi IS NOT NULL"""
CHECKED = f"""
    FROM {{table}} s
    JOIN cases_application a ON a.source_no = s.uketsuke_bango
    JOIN unnest(%(channels)s::text[], %(numbers)s::text[], %(identities)s::text[], %(explained)s::bool[],
                %(staffed)s::bool[], %(dated)s::bool[], %(faults)s::text[])
      AS c (channel, number_document, identity_document, explained, staffed, dated, faults)
      ON (c.channel, c.number_document, c.identity_document, c.explained, c.staffed, c.dated)
         = ({COMBINATION})"""
INSERT_IDENTITY = f"""
    INSERT INTO cases_identity_check (application_id, number_document, identity_document, seen, explained,
                                      matched_on, staff_id, staff_name, checked_on)
    SELECT a.id, {{number_document}}, {{identity_document}}, {{seen}}, c.explained,
           CASE WHEN s.bango_kakunin = '4' THEN s.kakunin_nengappi END, s.kakunin_shokuin, '',
           s.kakunin_nengappi
    {CHECKED} WHERE c.faults = ''"""
INCOMPLETE = f"SELECT a.id, a.state, 'incomplete', c.faults, NULL::bigint {CHECKED} WHERE c.faults <> ''"


def _with_checks(statement: str, *, table: str) -> str:
    return statement.format(
        table=table,
        number_document=_translated("s.bango_kakunin", NUMBER_DOCUMENTS),
        identity_document=_translated("s.mimoto_kakunin", IDENTITY_DOCUMENTS),
        seen=_translated("s.uketsuke_keiro", {code: FORM_OF[channel] for code, channel in CHANNELS.items()}),
    )


def _checks(table: str) -> dict[str, Any]:
    combinations = fetch(
        f"SELECT DISTINCT {COMBINATION}, min(s.uketsuke_nengappi) FROM {table} s GROUP BY 1,2,3,4,5,6", {}
    )
    names = ("channels", "numbers", "identities", "explained", "staffed", "dated")
    columns = {name: [row[at] for row in combinations] for at, name in enumerate(names)}
    return {**columns, "faults": [_faults(row) for row in combinations]}


def _faults(combination: Sequence[Any]) -> str:
    channel_code, number_code, identity_code, explained, staffed, dated, some_day = combination
    channel, number_document = CHANNELS[channel_code], NUMBER_DOCUMENTS.get(number_code)
    checked_on: date = some_day
    check = IdentityCheck(
        number_document=number_document,
        identity_document=IDENTITY_DOCUMENTS.get(identity_code, IdentityDocument.NONE),
        seen=FORM_OF[channel],
        explained=explained,
        staff_id="記録あり" if staffed else "",
        staff_name="",
        checked_on=checked_on,
        matched_on=checked_on if number_document is NumberDocument.MATCHED_IN_SYSTEM else None,
    )
    faults = faults_of(check, channel=channel, first_time=True)
    return "".join(faults if dated else (*faults, UNDATED))


def _translated(column: str, codes: Mapping[str, str]) -> str:
    cases = " ".join(f"WHEN '{code}' THEN '{word}'" for code, word in codes.items())
    return f"CASE {column} {cases} END"

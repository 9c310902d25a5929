"""The city of the renewal's benchmark: a register with certified children, made by set-based SQL past the triggers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from bench import let_owner_stand_in
from kyufu.notation.municipalities import YOKOHAMA
from kyufu.platform.actors import Actor

if TYPE_CHECKING:
    from kyufu.staff.api import Rights

# Persons of the register for each entitled child: 3.7 million to 400,000.
PERSONS_A_CHILD = 9
PASSWORD = "Hatsukaino-Aikotoba-7"
HEAD = "B01"
MAKER = Actor("bench", "計測 担当", "計測課")
TABLES = (
    "registry_addressee", "registry_person_event", "registry_person_version", "cases_application", "cases_decision",
    "cases_entitlement", "cases_certificate",
)  # fmt: skip
# Every ninth person is a child of 0 to 15 years, with two guardians before it.
_SINCE = "date '2010-04-01' + (n %% 3000)::int"
_BORN = """CASE WHEN n %% 9 = 0 THEN date '2012-04-02' + (n / 9 * 7 %% 5100)::int
     ELSE date '1950-01-01' + (n * 31 %% 18000)::int END"""
_CHILDREN = "generate_series(9, %(persons)s::bigint, 9) AS n"
_ALL = "generate_series(1, %(persons)s::bigint) AS n"
_VALID = "daterange('2025-08-01', '2026-08-01')"
FILLING = (
    f"INSERT INTO registry_addressee (id, addressee_no, kind) SELECT n, lpad(n::text, 15, '0'), 'resident' FROM {_ALL}",
    f"""INSERT INTO registry_person_event (id, addressee_id, history_no, revision, cancelled, kind, event_date, name,
          kana, roman_name, alias, sex, birth_date, birth_date_note, nationality_kind, status, household_no, relation,
          ward_code, town_code, prefecture, city, town, house_number, building, postal_code, other_municipality,
          municipality, name_key, kana_key, alias_key, sound_key, address_key, file_id, row_no, recorded_by,
          recorded_at)
        SELECT n, n, 1, 0, false, '20', greatest({_SINCE}, {_BORN}), '見本　一郎', 'ミホン', '', '', '1',
               {_BORN}, '', '1', '1', lpad((900000000000000 + n / 9)::text, 15, '0'), '01', '141011', '0001001',
               '神奈川県', '横浜市鶴見区', '見本町', '１番１号', '', '2200001', '', '{YOKOHAMA}', 'ミ', 'ミ', '', 'ミ',
               'ミ', 1, n, 'resident', now() FROM {_ALL}""",
    f"""INSERT INTO registry_person_version (id, addressee_id, event_id, valid, recorded)
        SELECT n, n, n, daterange(greatest({_SINCE}, {_BORN}), NULL), tstzrange(now(), NULL) FROM {_ALL}""",
    f"""INSERT INTO evidence_insurance (addressee_id, revision, cancelled, recorded, file_id, row_no, recorded_by, note,
          source, history_no, valid, insurer_no, check_digit_agrees, symbol, number, branch, relation, obtained_on)
        SELECT n, 0, false, tstzrange(now(), NULL), 1, n, '', '', 'insurer', 1,
               daterange('2010-04-01', CASE WHEN n / 9 %% 100 = 0 THEN date '2026-05-01' END), '06130314', true, '1',
               '1', '01', 'family', '2026-06-01' FROM {_CHILDREN}""",
    f"""INSERT INTO evidence_public_assistance (addressee_id, revision, cancelled, recorded, file_id, row_no,
          recorded_by, note, source, history_no, valid, kind)
        SELECT n, 0, false, tstzrange(now(), NULL), 1, n, '', '', 'welfare', 1, daterange('2026-05-01', NULL),
               'assistance'
          FROM {_CHILDREN} WHERE n / 9 %% 100 = 1""",
    f"""INSERT INTO evidence_income (addressee_id, revision, cancelled, recorded, file_id, row_no, recorded_by, note,
          tax_year, covers, declared, source, obtained_on, salary, business, real_estate, interest, dividend,
          public_pension, miscellaneous, temporary, capital_gain_comprehensive, capital_gain_separate, stock, futures,
          forestry, retirement, casualty_loss, medical, small_enterprise_mutual_aid, disabled_persons,
          specially_disabled_persons, widow, single_parent, working_student, dependants_total, dependants_elderly,
          dependants_specified, dependants_under_sixteen, dependants_elderly_spouse, income_levy, per_capita_levy)
        SELECT g, 0, false, tstzrange(now(), NULL), 1, g, '', '', y, daterange(make_date(y - 1, 1, 1),
               make_date(y, 1, 1)), 'yes', 'tax_ledger', make_date(y, 6, 10), (n * 977 %% 9000000), 0, 0, 0, 0, 0, 0,
               0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, false, false, false, 2, 0, 0, 1, false, 100000, 5000
          FROM {_CHILDREN}, unnest(ARRAY[n - 2, n - 1]) AS g, unnest(ARRAY[2025, 2026]) AS y""",
    f"""INSERT INTO cases_application (id, number, kind, matter, state, ward_code, channel, received_on,
          applicant_kind, agent_name, child_id, decision_id)
        SELECT n, '2025-' || n, 'new', '', 'issued', '141011', 'counter', '2025-08-01', 'guardian', '', n, n
          FROM {_CHILDREN}""",
    f"""INSERT INTO cases_identity_check (application_id, number_document, identity_document, seen, explained,
          matched_on, staff_id, staff_name, checked_on)
        SELECT n, 'my_number_card', 'my_number_card', 'original', true, NULL, 'B1', '', '2025-08-01'
          FROM {_CHILDREN}""",
    f"""INSERT INTO cases_application_guardian (application_id, position, addressee_id, relation)
        SELECT n, p, n - p, CASE p WHEN 1 THEN 'mother' ELSE 'father' END
          FROM {_CHILDREN}, generate_series(1, 2) AS p""",
    f"""INSERT INTO cases_decision (id, application_id, child_id, scheme, municipality, judged_for, outcome, valid,
          benefit_class, issues_certificate, reason_codes, parameter_version, facts_hash, judged_by_id, judged_by_name,
          judged_by_office, judged_at, gathered_at, snapshot)
        SELECT n, n, n, 'child', 'yokohama', '2025-08-01', 'eligible', {_VALID}, 'free', true, '{{}}', 'v', 'h', 'B1',
               '判定 担当', '計測課', now(), now(), pg_current_snapshot() FROM {_CHILDREN}""",
    f"""INSERT INTO cases_approval (decision_id, judged_by_id, approved_by_id, approved_by_name, approved_by_office, at)
        SELECT n, 'B1', 'B2', '決裁 担当', '計測課', now() FROM {_CHILDREN}""",
    f"""INSERT INTO cases_entitlement (id, child_id, valid, benefit_class, decision_id, recorded_at)
        SELECT n, n, {_VALID}, 'free', n, now() FROM {_CHILDREN}""",
    f"INSERT INTO cases_recipient (child_id, number) SELECT n, lpad((n %% 10000000)::text, 7, '0') FROM {_CHILDREN}",
    f"""INSERT INTO cases_certificate (id, number, child_id, guardian_id, application_id, decision_id, entitlement_id,
          kind, payer_no, valid, benefit_class, issued_on, state)
        SELECT n, lpad(n::text, 10, '0'), n, n - 1, n, n, n, 'new', '81140011', {_VALID}, 'free', '2025-07-21', 'issued'
          FROM {_CHILDREN}""",
)


def fill(children: int) -> None:
    """Fill the empty schema with children and the rest of the register."""
    from django.db import connection

    let_owner_stand_in()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET synchronous_commit = off")
        for statement in FILLING:
            cursor.execute(statement, {"persons": children * PERSONS_A_CHILD})
        cursor.execute("RESET session_replication_role")
        cursor.execute("RESET synchronous_commit")
        for table in TABLES:
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
        cursor.execute("SELECT setval('cases_certificate_number', max(id)) FROM cases_certificate")
        cursor.execute("VACUUM ANALYZE")


def make_staff() -> tuple[Rights, Rights]:
    """One of the head office who begins, and an approver."""
    from kyufu.platform import clock
    from kyufu.staff import api as staff

    at, today = clock.current_instant(), clock.current_date_in_japan()
    last_day = date(today.year + (today.month > 3), 3, 31)
    staff.add_office(code=HEAD, name="計測課", kind=staff.OfficeKind.HEAD, valid_from=date(2020, 4, 1))
    ids = [
        staff.add_account(
            staff_no=f"B{number:05}", personnel_no=f"B{number:05}", name="戸塚 桜子", kana="トツカ サクラコ",
            kind=staff.AccountKind.EMPLOYEE, office=HEAD, usable_from=today, expires_on=last_day, password=PASSWORD,
            by=MAKER, at=at, why="計測",
        )
        for number in range(4)
    ]  # fmt: skip
    staff.appoint_first_administrators(ids[0], second_id=ids[1], office=HEAD, at=at)
    for account, role in zip(ids[2:], ("head", "approver"), strict=True):
        asked = staff.ask_for_grant(
            account, role=role, office=HEAD, scheme=staff.Scheme.CHILD, valid_from=today, last_day=last_day,
            by=staff.rights_of(ids[0], on=today).actor(), at=at, why="計測",
        )  # fmt: skip
        staff.confirm_grant(asked, rights=staff.rights_of(ids[1], on=today), at=at)
    first, second = (staff.rights_of(account, on=today) for account in ids[2:])
    return first, second

"""Judge applications (判定): gather facts, ask the law, and keep the Decision whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from psycopg.types.range import Range

from kyufu.cases.blocks import BulkResult, Refusal, Report, only_one, run_blocks
from kyufu.cases.gathering import Case, Gathered, gather
from kyufu.cases.judging import Answer, Series, Unanswered, answer_all, judging_pool
from kyufu.cases.machines import APPLICATIONS
from kyufu.cases.operations.rejudgement import (
    CONFIRMED,
    TO_JUDGE_AGAIN,
    carry_over_approvals,
    reasons_against,
)
from kyufu.cases.queries import fetch
from kyufu.cases.states import ApplicationState, Kind
from kyufu.law.calendar.wareki import format_wareki
from kyufu.law.decision import Outcome
from kyufu.law.parameters.overlay import Overlay
from kyufu.ordinance.api import confirmed_overlay
from kyufu.platform.actors import Actor
from kyufu.platform.db import copy_rows
from kyufu.platform.transitions import record_steps

HAS_IDENTITY = "EXISTS (SELECT 1 FROM cases_identity_check i WHERE i.application_id = a.id)"
PENDING = f"a.state = 'received' AND a.kind <> 'withdrawal' AND {HAS_IDENTITY}"
UNCONFIRMED_LOSS = "届け出られた喪失の事由が、その日の記録で確かめられません。"
UNREGISTERED = "児童の住民記録がありません（取り消されています）。児童の宛名番号を確かめてください。"
UNANSWERABLE = "判定の計算ができない事実があります。児童と保護者の記録の日付などを確かめてください（{}）。"

DECISION_COLUMNS = (
    "id", "application_id", "principal_id", "child_id", "scheme", "municipality", "judged_for", "outcome", "valid",
    "benefit_class", "issues_certificate", "reason_codes", "parameter_version", "facts_hash", "judged_by_id",
    "judged_by_name", "judged_by_office", "judged_at", "gathered_at", "snapshot",
)  # fmt: skip


PAST_ONLY = "過去の期間に資格があります（{}まで）。いまは、"
PARTLY_UNDECIDED = "（判定できない過去の期間があります：{}）"


class _Judged(NamedTuple):
    decision_id: int
    principal_id: int | None
    case: Case
    answer: Answer


class _Course(NamedTuple):
    """A case with the answers of all its stretches; the last is the one that the application stands on."""

    case: Case
    series: tuple[_Judged, ...]

    @property
    def principal(self) -> _Judged:
        return self.series[-1]


def judge_application(application_id: int, *, municipality: str, on: date, by: Actor, at: datetime) -> None:
    """Judge one application on a day; raises Refused where its state or identity check forbids it."""
    if not fetch("SELECT 1 FROM cases_identity_check WHERE application_id = %(id)s", {"id": application_id}):
        only_one(
            BulkResult(0, (Refusal(application_id, "", "本人確認が済んでいないため判定できません。"),)),
            remedy="本人確認を記録してから判定してください。",
        )
    overlay = confirmed_overlay(municipality)
    result = _judge_block(
        [application_id], municipality=municipality, on=on, by=by, at=at, pool=None, overlay=overlay
    )
    only_one(result, remedy="最新の状態を確かめてください。")


def judge_pending(*, municipality: str, on: date, by: Actor, at: datetime, report: Report) -> BulkResult:
    """Judge every received application whose identity check is complete."""
    return _judge_all(PENDING, municipality=municipality, on=on, by=by, at=at, report=report)


def judge_stale(*, municipality: str, on: date, by: Actor, at: datetime, report: Report) -> BulkResult:
    """Judge anew what is open, rejected, or has its card in use, where the decision no longer stands."""
    return _judge_all(TO_JUDGE_AGAIN, municipality=municipality, on=on, by=by, at=at, report=report)


def _judge_all(
    candidates: str, *, municipality: str, on: date, by: Actor, at: datetime, report: Report
) -> BulkResult:
    # Read once, so that everybody in a run is judged alike.
    overlay = confirmed_overlay(municipality)
    with judging_pool() as pool:

        def work(ids: Sequence[int]) -> BulkResult:
            return _judge_block(
                ids, municipality=municipality, on=on, by=by, at=at, pool=pool, overlay=overlay
            )

        return run_blocks(candidates=candidates, parameters={}, work=work, report=report)


def _judge_block(
    ids: Sequence[int],
    *,
    municipality: str,
    on: date,
    by: Actor,
    at: datetime,
    pool: Executor | None,
    overlay: Overlay,
) -> BulkResult:
    gathered = gather(ids, on=on)
    answers = answer_all(gathered.questions, municipality=municipality, pool=pool, overlay=overlay)
    answered = {
        case: answer
        for case, answer in zip(gathered.cases, answers, strict=True)
        if not isinstance(answer, Unanswered)
    }
    with transaction.atomic():
        against = reasons_against(list(answered))
        courses = _number(
            [(case, series) for case, series in answered.items() if case.application_id not in against]
        )
        _store([one for course in courses for one in course.series], gathered=gathered, by=by, at=at)
        _move(courses, by=by, at=at)
    refused = [
        _refuse(case, why=against[case.application_id]) for case in answered if case.application_id in against
    ]
    return BulkResult(len(courses), (*_unanswered(gathered, answers=answers), *refused))


def _unanswered(gathered: Gathered, *, answers: Sequence[Series | Unanswered]) -> Iterator[Refusal]:
    """What the law could not be asked, or broke on; the rest of the block goes on without them."""
    for case in gathered.unregistered:
        yield _refuse(case, why=UNREGISTERED)
    for case, answer in zip(gathered.cases, answers, strict=True):
        if isinstance(answer, Unanswered):
            yield _refuse(case, why=UNANSWERABLE.format(answer.error))


def _refuse(case: Case, *, why: str) -> Refusal:
    return Refusal(case.application_id, case.number, why)


def _number(pairs: Sequence[tuple[Case, Series]]) -> list[_Course]:
    """Number the answers in the order of their stretches, so that the principal has the highest."""
    numbers = iter(_decision_ids(sum(len(series) for _, series in pairs)))
    courses: list[_Course] = []
    for case, series in pairs:
        taken = [next(numbers) for _ in series]
        principals = (*(taken[-1] for _ in taken[:-1]), None)
        courses.append(_Course(case, tuple(map(_Judged, taken, principals, (case,) * len(series), series))))
    return courses


def _store(judged: Sequence[_Judged], *, gathered: Gathered, by: Actor, at: datetime) -> None:
    copy_rows(
        table="cases_decision",
        columns=DECISION_COLUMNS,
        rows=(_decision_row(one, gathered=gathered, by=by, at=at) for one in judged),
    )
    copy_rows(
        table="cases_decision_content",
        columns=("decision_id", "facts", "content"),
        rows=((one.decision_id, one.answer.facts_json, one.answer.decision_json) for one in judged),
    )
    copy_rows(
        table="cases_decision_subject",
        columns=("decision_id", "addressee_id", "role"),
        rows=(row for one in judged for row in _subject_rows(one)),
    )


def _decision_row(one: _Judged, *, gathered: Gathered, by: Actor, at: datetime) -> tuple[Any, ...]:
    number, principal, case, answer = one
    valid = Range(answer.period.start, answer.period.end) if answer.period else None
    return (
        number, case.application_id, principal, case.child_id, answer.scheme, answer.municipality, answer.judged_for,
        str(answer.outcome), valid, answer.benefit_class,
        answer.issues_certificate, list(answer.reason_codes), answer.parameter_version,
        answer.facts_hash, by.staff_id, by.name, by.office, at, gathered.gathered_at, gathered.snapshot,
    )  # fmt: skip


def _subject_rows(one: _Judged) -> Iterator[tuple[int, int, str]]:
    yield one.decision_id, one.case.child_id, "child"
    for guardian in one.case.guardians:
        yield one.decision_id, guardian.addressee_id, "guardian"


def _move(courses: Sequence[_Course], *, by: Actor, at: datetime) -> None:
    """Point the applications at their new decision and take the step that its outcome means."""
    confirmed = carry_over_approvals([course.principal.decision_id for course in courses])
    steps = [
        (course.case.state, CONFIRMED) if course.principal.decision_id in confirmed else _step(course)
        for course in courses
    ]
    parameters: dict[str, Any] = {
        "ids": [course.case.application_id for course in courses],
        "decisions": [course.principal.decision_id for course in courses],
        "states": [state for state, _ in steps],
        "whys": [why for _, why in steps],
    }
    source = """unnest(%(ids)s::bigint[], %(decisions)s::bigint[], %(states)s::text[], %(whys)s::text[])
        AS j (id, decision_id, state, why)"""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE cases_application a SET decision_id = j.decision_id FROM {source} WHERE a.id = j.id",
            parameters,
        )
    record_steps(
        APPLICATIONS,
        steps=f"""SELECT a.id, a.state, j.state, j.why, j.decision_id
                    FROM cases_application a JOIN {source} ON j.id = a.id""",
        parameters=parameters, by=by, at=at,
    )  # fmt: skip


def _step(course: _Course) -> tuple[str, str]:
    """The state that a judgement leads to, and why."""
    case, answer = course.case, course.principal.answer
    if answer.outcome is Outcome.CANNOT_DECIDE:
        return str(ApplicationState.UNDECIDED), answer.reason_text
    if case.kind == Kind.LOSS and answer.outcome is Outcome.ELIGIBLE:
        return str(ApplicationState.UNDECIDED), UNCONFIRMED_LOSS
    return str(ApplicationState.JUDGED), _say_why(course)


def _say_why(course: _Course) -> str:
    """The reason of the day's answer, and what of the earlier stretches a clerk must not overlook."""
    earlier = [one.answer for one in course.series[:-1]]
    answer = course.principal.answer
    held = [one.period.last_day for one in earlier if one.outcome is Outcome.ELIGIBLE and one.period]
    open_ = [one.reason_text for one in earlier if one.outcome is Outcome.CANNOT_DECIDE]
    past = answer.outcome is Outcome.NOT_ELIGIBLE and held and held[-1] is not None
    before = PAST_ONLY.format(format_wareki(held[-1])) if past and held[-1] is not None else ""
    return before + answer.reason_text + (PARTLY_UNDECIDED.format(open_[0]) if open_ else "")


def _decision_ids(count: int) -> list[int]:
    rows = fetch(
        "SELECT nextval(pg_get_serial_sequence('cases_decision', 'id')) FROM generate_series(1, %(count)s)",
        {"count": count},
    )
    return [row[0] for row in rows]

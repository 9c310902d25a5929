"""Ask the law, one child or a city: pure, so that worker processes load nothing but the law.

A worker answers with texts that are ready to be stored; a Decision never has to travel between processes.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import NamedTuple, ParamSpec, TypeVar

from kyufu.law.calendar.period import Period
from kyufu.law.child import judge, judge_stretches
from kyufu.law.child.codec import decision_to_json, facts_to_json
from kyufu.law.child.facts import ChildFacts
from kyufu.law.child.judgement import UnknownMunicipality
from kyufu.law.decision import Decision, Outcome
from kyufu.law.parameters.entries import ParameterError
from kyufu.law.parameters.overlay import NOTHING, Overlay
from kyufu.platform.memory import collect_seldom, collecting_seldom

CHUNK = 250
PREFECTURE = "prefecture"
Made = TypeVar("Made")
P = ParamSpec("P")


class Question(NamedTuple):
    """The facts of one child and the day that the law is asked about.

    A new application is asked `from_first_day`: every stretch of entitlement up to the day, not the day's alone.
    """

    facts: ChildFacts
    on: date
    from_first_day: bool = False


class Answer(NamedTuple):
    """A Decision as it is stored: what is searched by as columns, the whole as canonical JSON."""

    scheme: str
    municipality: str
    judged_for: date
    outcome: Outcome
    period: Period | None
    benefit_class: str | None
    issues_certificate: bool | None
    reason_codes: tuple[str, ...]
    reason_text: str
    parameter_version: str
    facts_hash: str
    facts_json: str
    decision_json: str


# The answers of one case in the order of their stretches; the last is the answer of the day asked about.
Series = tuple[Answer, ...]


class Unanswered(NamedTuple):
    """The law broke on these facts; `error` is the kind of the error, without any value of the case."""

    error: str


class Verdict(NamedTuple):
    """What a judgement comes to, for counting: the answer, its class, its first reason, and the prefecture's part.

    `outcome` is empty where the law broke on the facts.
    """

    outcome: str
    benefit_class: str
    reason_code: str
    prefecture: str


BROKEN = Verdict("", "", "", "")


def answer(question: Question, *, municipality: str, overlay: Overlay = NOTHING) -> Series:
    """Judge one child under a municipality's law with the confirmed changes of parameters laid over."""
    facts, on, from_first_day = question
    facts_json = facts_to_json(facts)
    if not from_first_day:
        return (
            _answer_of(
                judge(facts, municipality=municipality, on=on, overlay=overlay), facts_json=facts_json
            ),
        )
    stretches = judge_stretches(facts, municipality=municipality, on=on, overlay=overlay)
    return tuple(_answer_of(decision, facts_json=facts_json) for decision in stretches)


def _answer_of(decision: Decision, *, facts_json: str) -> Answer:
    return Answer(
        scheme=decision.scheme,
        municipality=decision.municipality,
        judged_for=decision.judged_for,
        outcome=decision.outcome,
        period=decision.period,
        benefit_class=decision.benefit_class,
        issues_certificate=_issues_certificate(decision),
        reason_codes=tuple(reason.code for reason in decision.reasons),
        reason_text=decision.reasons[0].text if decision.reasons else "",
        parameter_version=decision.parameter_version,
        facts_hash=decision.facts_hash,
        facts_json=facts_json,
        decision_json=decision_to_json(decision),
    )


def answer_all(
    questions: Sequence[Question], *, municipality: str, pool: Executor | None, overlay: Overlay = NOTHING
) -> list[Series | Unanswered]:
    """Judge many, in the order asked; in this process where there is no pool.

    Facts that the law breaks on leave only their own question unanswered. The overlay travels with every chunk; a
    worker puts its rules together once for each.
    """
    return _in_chunks(
        partial(answer_chunk, municipality=municipality, overlay=overlay), questions=questions, pool=pool
    )


def weigh_all(
    questions: Sequence[Question],
    *,
    municipality: str,
    overlays: tuple[Overlay, Overlay],
    pool: Executor | None,
) -> list[tuple[Verdict, Verdict]]:
    """Judge each question's day under two overlays, in the order asked: what it comes to before and after a change."""
    return _in_chunks(partial(_weigh_chunk, municipality, overlays), questions=questions, pool=pool)


def _in_chunks(
    work: Callable[[Sequence[Question]], list[Made]], *, questions: Sequence[Question], pool: Executor | None
) -> list[Made]:
    if pool is None or len(questions) <= CHUNK:
        return work(questions)
    chunks = [questions[at : at + CHUNK] for at in range(0, len(questions), CHUNK)]
    return [one for chunk in pool.map(work, chunks) for one in chunk]


@contextmanager
def judging_pool(processes: int | None = None) -> Iterator[Executor]:
    """Worker processes for a bulk run, one for each processor; they end with the run, killed or not."""
    pool = ProcessPoolExecutor(
        max_workers=processes or os.cpu_count(),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin_worker,
    )
    with pool, collecting_seldom():
        yield pool


@contextmanager
def judging_here() -> Iterator[Executor]:
    """The same for a few questions: they are answered at once, in this process."""
    yield _Here()


class _Here(Executor):
    """Does at once what it is given; an error comes out where the answer is asked for."""

    def submit(self, work: Callable[P, Made], /, *given: P.args, **named: P.kwargs) -> Future[Made]:
        """Do the work."""
        future: Future[Made] = Future()
        try:
            future.set_result(work(*given, **named))
        except Exception as error:  # noqa: BLE001 - it is raised again where the answer is asked for
            future.set_exception(error)
        return future


def _issues_certificate(decision: Decision) -> bool | None:
    """Does this kind of beneficiary hold a certificate (児童 do not)? None where the law did not come to it."""
    found = next((step.value for step in decision.steps if step.quantity.name == "issues_certificate"), None)
    return found if isinstance(found, bool) else None


def answer_chunk(
    questions: Sequence[Question], *, municipality: str, overlay: Overlay
) -> list[Series | Unanswered]:
    """Judge a chunk in this process, in the order asked; what a worker of the pool does."""
    return [
        _answer_or_say_why(question, municipality=municipality, overlay=overlay) for question in questions
    ]


def _answer_or_say_why(question: Question, *, municipality: str, overlay: Overlay) -> Series | Unanswered:
    try:
        return answer(question, municipality=municipality, overlay=overlay)
    except (UnknownMunicipality, ParameterError):
        raise
    except Exception as error:  # noqa: BLE001 - one broken case must not stop a city
        # The message of the error may hold a person's values; the name of its kind does not.
        return Unanswered(type(error).__name__)


def _weigh_chunk(
    municipality: str, overlays: tuple[Overlay, Overlay], questions: Sequence[Question]
) -> list[tuple[Verdict, Verdict]]:
    before, after = overlays
    return [
        (
            _verdict(question, municipality=municipality, overlay=before),
            _verdict(question, municipality=municipality, overlay=after),
        )
        for question in questions
    ]


def _verdict(question: Question, *, municipality: str, overlay: Overlay) -> Verdict:
    try:
        decision = judge(question.facts, municipality=municipality, on=question.on, overlay=overlay)
    except (UnknownMunicipality, ParameterError):
        raise
    except Exception:  # noqa: BLE001 - one broken case must not stop a city
        return BROKEN
    finding = next((one.outcome for one in decision.findings if one.name == PREFECTURE), "")
    reason = decision.reasons[0].code if decision.reasons else ""
    return Verdict(str(decision.outcome), decision.benefit_class or "", reason, str(finding))


def _begin_worker() -> None:
    collect_seldom()
    _die_with_parent()


def _die_with_parent() -> None:
    """A killed parent cannot tell its workers to stop, and they would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_wait_and_exit, args=(parent,), daemon=True).start()


def _wait_and_exit(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)

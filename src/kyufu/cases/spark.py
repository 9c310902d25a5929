"""Judge over Spark (`mapInArrow`) what one machine is too small for: the same answers as the local pool gives.

Thin on purpose: Spark cuts the questions into partitions and carries them, and knows nothing of law. Facts travel as
the canonical JSON in which they are stored. Needs the extra `requirements/spark.txt` (pyspark, pyarrow, Java 17), and
kyufu installed where the workers run; nothing else of Kyufu imports this module.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from kyufu.cases.judging import Answer, Question, Series, Unanswered, answer_all
from kyufu.law.calendar.period import Period
from kyufu.law.child.codec import facts_from_json, facts_to_json
from kyufu.law.decision import Outcome
from kyufu.law.parameters.overlay import NOTHING, Overlay

if TYPE_CHECKING:
    from pyarrow import RecordBatch, Schema
    from pyspark.sql import DataFrame

Row = Mapping[str, Any]
QUESTIONS = "key bigint, judged_on date, from_first_day boolean, facts string"
# One row for each stretch of a series, `part` counts them; a question that the law broke on has one, with the error.
ANSWERS = (
    "key bigint, part int, error string, scheme string, municipality string, judged_for date, outcome string,"
    " period_start date, period_end date, benefit_class string, issues_certificate boolean,"
    " reason_codes array<string>, reason_text string, parameter_version string, facts_hash string,"
    " facts_json string, decision_json string"
)
COLUMNS = tuple(column.split()[0] for column in ANSWERS.split(", "))


def judge_over_spark(questions: DataFrame, *, municipality: str, overlay: Overlay = NOTHING) -> DataFrame:
    """The answers (`ANSWERS`) to a frame of `QUESTIONS`, in no order; `key` says whose they are.

    Lazy, as every frame. Facts that the law breaks on leave only their own question unanswered; an unknown
    municipality or a parameter file that cannot be read ends the job.
    """
    answered = partial(answer_batches, municipality=municipality, overlay=overlay)
    return questions.mapInArrow(answered, ANSWERS)


def answer_batches(
    batches: Iterable[RecordBatch], *, municipality: str, overlay: Overlay
) -> Iterator[RecordBatch]:
    """Answer the questions of a partition batch by batch; runs in the workers of Spark."""
    from pyarrow import RecordBatch

    for batch in batches:
        asked = batch.to_pylist()
        answers = answer_all(
            [question_of(row) for row in asked], municipality=municipality, overlay=overlay, pool=None
        )
        rows = [
            row
            for one, series in zip(asked, answers, strict=True)
            for row in answer_rows(series, key=one["key"])
        ]
        yield RecordBatch.from_pylist(rows, schema=_arrow_schema())


def question_row(question: Question, *, key: int) -> dict[str, Any]:
    """A question as a row of `QUESTIONS`."""
    facts, on, from_first_day = question
    return {
        "key": key,
        "judged_on": on,
        "from_first_day": from_first_day,
        "facts": facts_to_json(facts),
    }


def question_of(row: Row) -> Question:
    """The question of a row; raises FactsError where its facts are not as they are stored."""
    return Question(facts_from_json(row["facts"]), row["judged_on"], row["from_first_day"])


def answer_rows(series: Series | Unanswered, *, key: int) -> list[dict[str, Any]]:
    """The rows of one question's answers, in the order of their stretches."""
    if isinstance(series, Unanswered):
        return [{**dict.fromkeys(COLUMNS), "key": key, "part": 0, "error": series.error}]
    return [_answer_row(answer, key=key, part=part) for part, answer in enumerate(series)]


def series_of(rows: Sequence[Row]) -> Series | Unanswered:
    """The answers of one question, from its rows in any order."""
    first, *_ = ordered = sorted(rows, key=lambda row: int(row["part"]))
    if first["error"] is not None:
        return Unanswered(first["error"])
    return tuple(_answer_of(row) for row in ordered)


def _answer_row(answer: Answer, *, key: int, part: int) -> dict[str, Any]:
    fields = answer._asdict()
    period = fields.pop("period")
    start, end = period or (None, None)
    fields.update(outcome=str(answer.outcome), reason_codes=list(answer.reason_codes))
    return {"key": key, "part": part, "error": None, "period_start": start, "period_end": end, **fields}


def _answer_of(row: Row) -> Answer:
    fields = {name: row[name] for name in Answer._fields if name in row}
    start = row["period_start"]
    fields["period"] = None if start is None else Period(start, row["period_end"])
    fields.update(outcome=Outcome(row["outcome"]), reason_codes=tuple(row["reason_codes"]))
    return Answer(**fields)


def _arrow_schema() -> Schema:
    import pyarrow

    kinds = {
        "bigint": pyarrow.int64(),
        "int": pyarrow.int32(),
        "string": pyarrow.string(),
        "date": pyarrow.date32(),
        "boolean": pyarrow.bool_(),
        "array<string>": pyarrow.list_(pyarrow.string()),
    }
    return pyarrow.schema([(name, kinds[kind]) for name, kind in map(str.split, ANSWERS.split(", "))])

"""The rows in which judging over Spark carries questions and answers; Spark itself is compared by `bin/bench spark`."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.judge import make_children
from kyufu.cases import spark
from kyufu.cases.judging import Question, Series, Unanswered, answer_all
from kyufu.cases.spark import answer_rows, question_of, question_row, series_of
from kyufu.law.child.codec import FactsError
from kyufu.law.child.hashing import facts_hash
from tests.quality.shown import SOURCE

CHILDREN = make_children(60)
DAYS = st.dates(date(2016, 1, 1), date(2030, 12, 31))


def asked(day: date, *, from_first_day: bool) -> list[Question]:
    """The questions of all children for a day."""
    return [Question(facts, day, from_first_day) for facts in CHILDREN]


def answered(questions: list[Question]) -> list[Series | Unanswered]:
    """The answers of the local run."""
    return answer_all(questions, municipality="yokohama", pool=None)


@given(day=DAYS, from_first_day=st.booleans())
@settings(max_examples=10, deadline=None)
def test_a_question_comes_back_from_its_row(day: date, from_first_day: bool) -> None:
    for key, question in enumerate(asked(day, from_first_day=from_first_day)):
        row = question_row(question, key=key)
        assert question_of(row) == question
        assert facts_hash(question_of(row).facts) == facts_hash(question.facts)
        assert list(row) == [column.split()[0] for column in spark.QUESTIONS.split(", ")]


@given(day=DAYS, from_first_day=st.booleans(), seed=st.integers(0, 99))
@settings(max_examples=10, deadline=None)
def test_answers_come_back_from_their_rows_in_any_order(day: date, from_first_day: bool, seed: int) -> None:
    for key, series in enumerate(answered(asked(day, from_first_day=from_first_day))):
        rows = answer_rows(series, key=key)
        assert {row["key"] for row in rows} == {key}
        Random(seed).shuffle(rows)
        assert repr(series_of(rows)) == repr(series)


def test_a_series_of_several_answers_is_among_them() -> None:
    lengths = {len(one) for one in answered(asked(date(2026, 6, 1), from_first_day=True))}
    assert len(lengths) > 2


def test_every_row_has_the_columns_of_the_frame() -> None:
    (series, *_) = answered(asked(date(2026, 6, 1), from_first_day=False))
    for row in (*answer_rows(series, key=1), *answer_rows(Unanswered("TypeError"), key=1)):
        assert set(row) == set(spark.COLUMNS)


def test_what_the_law_broke_on_stays_unanswered() -> None:
    (row,) = answer_rows(Unanswered("TypeError"), key=7)
    assert series_of([row]) == Unanswered("TypeError")


def test_facts_that_were_changed_on_the_way_are_refused() -> None:
    row = question_row(asked(date(2026, 6, 1), from_first_day=False)[0], key=1)
    with pytest.raises(FactsError):
        question_of({**row, "facts": row["facts"].replace("birth_date", "born")})


def test_workers_load_neither_django_nor_spark_with_the_law() -> None:
    code = "import sys, kyufu.cases.spark; print(sorted({'django', 'pyspark', 'pyarrow', 'psycopg'} & {*sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_nothing_of_the_product_needs_the_extra() -> None:
    using = [
        file.relative_to(SOURCE).as_posix()
        for file in SOURCE.rglob("*.py")
        if any(word in file.read_text(encoding="utf-8") for word in ("pyspark", "pyarrow", "cases.spark"))
    ]
    assert using == ["cases/spark.py"]

"""Judging over Spark beside the local pool: 200,000 synthetic children, each answer compared bit for bit.

Asked for by its name alone (`bin/bench spark`), since it needs the extra. Both judge with all processors and encode
every Decision; Spark also reads its questions from Parquet files and writes its answers to some, the pool keeps them in
memory.
`KYUFU_BENCH_PERSONS` names another number of children.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from time import perf_counter

from bench import Figure
from bench.judge import ON, make_children
from kyufu.cases.judging import Question, Series, Unanswered, answer_all, judging_pool
from kyufu.cases.spark import judge_over_spark, question_row, series_of
from kyufu.platform.errors import Refused

ON_REQUEST = True
PERSONS = int(os.environ.get("KYUFU_BENCH_PERSONS", "200000"))
# Children a block of the local run and a file of questions; rows that a worker of Spark gets at once; children with
# whom both start up.
BLOCK, BATCH, FIRST = 20_000, 1_000, 2_000
CITY = "yokohama"


def run() -> list[Figure]:
    """Judge the same children both ways and count whose answers differ."""
    if shutil.which("java") is None:
        raise Refused("Java がありません。", remedy="apt-get install openjdk-17-jre-headless")
    questions = make_questions()
    by_pool, local_seconds = _judge_locally(questions)
    by_spark, start_seconds, spark_seconds = _judge_over_spark(questions)
    different = sum(by_spark.get(key) != digest for key, digest in enumerate(by_pool))
    cores = os.cpu_count()
    return [
        Figure("spark.different_answers", different, "人", 0, note=f"{len(by_pool):,}人の判定を比べた"),
        Figure("spark.answered", len(by_spark), "人", len(by_pool), "min"),
        Figure(
            "spark.local_pool", PERSONS / local_seconds, "人/秒", note=f"{local_seconds:.1f}秒、{cores}コア"
        ),
        Figure(
            "spark.map_in_arrow",
            PERSONS / spark_seconds,
            "人/秒",
            note=f"{spark_seconds:.1f}秒、Parquet の読み書きを含む",
        ),
        Figure("spark.against_local", spark_seconds / local_seconds, "倍", note="ローカルの判定に対する時間"),
        Figure("spark.start", start_seconds, "秒", note=f"Spark の起動と最初の{FIRST:,}人まで"),
    ]


def make_questions() -> list[Question]:
    """Every other child is asked about from its first day on, so that series of several answers are compared too."""
    return [Question(facts, ON, place % 2 == 0) for place, facts in enumerate(make_children(PERSONS))]


def _judge_locally(questions: list[Question]) -> tuple[list[bytes], float]:
    digests: list[bytes] = []
    seconds = 0.0
    with judging_pool() as pool:
        answer_all(questions[:FIRST], municipality=CITY, pool=pool)
        for at in range(0, len(questions), BLOCK):
            began = perf_counter()
            answers = answer_all(questions[at : at + BLOCK], municipality=CITY, pool=pool)
            seconds += perf_counter() - began
            digests += map(_digest, answers)
    return digests, seconds


def _judge_over_spark(questions: list[Question]) -> tuple[dict[int, bytes], float, float]:
    """The digests by key, the seconds until Spark had started and judged its first children, and those of all of it."""
    from django.conf import settings
    from pyspark.sql import SparkSession

    folder = Path(settings.VAR_DIR).resolve() / "bench" / "spark"
    shutil.rmtree(folder, ignore_errors=True)
    _write_questions(questions[:FIRST], folder=folder / "first-questions")
    _write_questions(questions, folder=folder / "questions")
    # Spark's workers are to be this Python, where kyufu is.
    os.environ["PYSPARK_PYTHON"] = sys.executable
    began = perf_counter()
    builder = SparkSession.builder.master("local[*]").appName("kyufu")
    for name, value in (
        ("spark.driver.memory", "2g"),
        ("spark.driver.host", "127.0.0.1"),
        ("spark.driver.bindAddress", "127.0.0.1"),
        ("spark.local.dir", str(folder / "scratch")),
        ("spark.log.level", "ERROR"),
        ("spark.sql.execution.arrow.maxRecordsPerBatch", str(BATCH)),
        ("spark.sql.warehouse.dir", str(folder / "warehouse")),
        ("spark.sql.files.maxPartitionBytes", "4m"),
        ("spark.ui.enabled", "false"),
        ("spark.ui.showConsoleProgress", "false"),
    ):
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    try:
        first = session.read.parquet(str(folder / "first-questions"))
        judge_over_spark(first, municipality=CITY).write.parquet(str(folder / "first-answers"))
        started = perf_counter()
        asked = session.read.parquet(str(folder / "questions"))
        judge_over_spark(asked, municipality=CITY).write.parquet(str(folder / "answers"))
        ended = perf_counter()
    finally:
        session.stop()
    digests = {key: _digest(series) for key, series in _read_answers(folder / "answers")}
    shutil.rmtree(folder)
    return digests, started - began, ended - started


def _write_questions(questions: list[Question], *, folder: Path) -> None:
    import pyarrow
    from pyarrow import parquet

    folder.mkdir(parents=True)
    for at in range(0, len(questions), BLOCK):
        rows = [question_row(one, key=key) for key, one in enumerate(questions[at : at + BLOCK], start=at)]
        parquet.write_table(pyarrow.Table.from_pylist(rows), folder / f"{at:06}.parquet")


def _read_answers(folder: Path) -> Iterator[tuple[int, Series | Unanswered]]:
    """Each question's answers; its rows stand together, for a batch is answered whole."""
    from pyarrow import parquet

    for file in sorted(folder.glob("*.parquet")):
        batches = parquet.ParquetFile(file).iter_batches(batch_size=BATCH)
        rows: Iterable[dict[str, object]] = (row for batch in batches for row in batch.to_pylist())
        for key, of_key in groupby(rows, key=itemgetter("key")):
            yield int(str(key)), series_of(list(of_key))


def _digest(series: Series | Unanswered) -> bytes:
    """What an answer is, bit for bit: every field, with the facts, their hash and the whole trace."""
    return blake2b(repr(series).encode(), digest_size=16).digest()

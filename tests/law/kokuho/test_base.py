"""The base of the rules of national health insurance: answers, reading, explaining and the command's table."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kyufu.cli import kokuho as command
from kyufu.cli.kokuho import Asked, Scheme
from kyufu.cli.main import main
from kyufu.law.calendar.months import (
    YearMonth,
    month_of,
    months_between,
    months_later,
    months_of_fiscal_year,
)
from kyufu.law.calendar.period import Period
from kyufu.law.decision import Citation, Quantity, Reason, Step
from kyufu.law.kokuho.answer import (
    Answer,
    CannotDecide,
    Undecidable,
    UnknownMunicipality,
    answer_of,
    distinct,
    hash_facts,
    undecided,
)
from kyufu.law.kokuho.explain import explain, say_fiscal_year, say_value
from kyufu.law.kokuho.reading import FactsError, answer_to_json, facts_from_json, facts_from_plain, to_json

CITED = Citation("国民健康保険法", "第76条", "official")


class Colour(StrEnum):
    RED = "red"


class Inner(NamedTuple):
    amount: int
    since: YearMonth
    colour: Colour = Colour.RED

    def fault(self) -> tuple[str, str] | None:
        return ("amount", "負の額は使えません") if self.amount < 0 else None


@dataclass(frozen=True, slots=True)
class Outer:
    born: date | None
    inner: tuple[Inner, ...]
    period: Period
    known: bool = True
    note: str = ""


GOOD: dict[str, Any] = {
    "born": "2001-04-01",
    "inner": [{"amount": 5, "since": "2026-04"}],
    "period": {"start": "2026-04-01", "end": None},
}


def changed(**changes: object) -> dict[str, Any]:
    return {**GOOD, **changes}


def test_facts_are_read_into_dataclasses_and_named_tuples_and_written_again() -> None:
    facts = facts_from_json(json.dumps(GOOD), into=Outer)
    assert facts == Outer(date(2001, 4, 1), (Inner(5, YearMonth(2026, 4)),), Period(date(2026, 4, 1), None))
    assert facts_from_json(to_json(facts), into=Outer) == facts


@pytest.mark.parametrize(
    ("content", "path"),
    [
        (changed(born="2001-02-30"), "$.born"),
        (changed(born="0001-02-03"), "$.born"),
        (changed(born=5), "$.born"),
        (changed(inner={}), "$.inner"),
        (changed(inner=[{"amount": True, "since": "2026-04"}]), "$.inner[0].amount"),
        (changed(inner=[{"amount": 10**16, "since": "2026-04"}]), "$.inner[0].amount"),
        (changed(inner=[{"amount": -1, "since": "2026-04"}]), "$.inner[0].amount"),
        (changed(inner=[{"amount": 1, "since": "2026-13"}]), "$.inner[0].since"),
        (changed(inner=[{"amount": 1, "since": 202604}]), "$.inner[0].since"),
        (changed(inner=[{"amount": 1, "since": "2026-04", "colour": "blue"}]), "$.inner[0].colour"),
        (changed(inner=[{"amount": 1}]), "$.inner[0].since"),
        (changed(period={"start": "2026-04-01", "end": "2026-04-01"}), "$.period.end"),
        (changed(known="yes"), "$.known"),
        (changed(note=1), "$.note"),
        (changed(more=1), "$.more"),
        ([], "$"),
    ],
)
def test_what_is_wrong_is_named_by_its_path(content: object, path: str) -> None:
    with pytest.raises(FactsError) as caught:
        facts_from_plain(content, into=Outer)
    assert caught.value.path == path
    assert caught.value.reason


@pytest.mark.parametrize("text", ["{", '{"born": null, "born": null}', "[" * 200_000])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(FactsError) as caught:
        facts_from_json(text, into=Outer)
    assert caught.value.path == "$"


def test_the_hash_follows_every_field_and_the_rule() -> None:
    facts = facts_from_plain(GOOD, into=Outer)
    same = facts_from_plain(GOOD, into=Outer)
    assert hash_facts(facts, rule="a") == hash_facts(same, rule="a")
    others = [
        changed(born=None),
        changed(inner=[{"amount": 6, "since": "2026-04"}]),
        changed(inner=[{"amount": 5, "since": "2026-05"}]),
        changed(known=False),
        changed(note="x"),
        changed(period={"start": "2026-04-01", "end": "2026-05-01"}),
    ]
    hashes = {hash_facts(facts_from_plain(each, into=Outer), rule="a") for each in others}
    hashes |= {hash_facts(facts, rule="a"), hash_facts(facts, rule="b")}
    assert len(hashes) == len(others) + 2
    assert {len(each) for each in hashes} == {32}


def test_the_hash_is_of_a_stated_form() -> None:
    text = 'kyufu.kokuho.facts.1:x:[5,[2026,4],"red"]'
    assert (
        hash_facts(Inner(5, YearMonth(2026, 4)), rule="x")
        == blake2b(text.encode(), digest_size=16).hexdigest()
    )


def test_a_value_that_is_no_fact_is_not_hashed() -> None:
    with pytest.raises(TypeError):
        hash_facts((object(),), rule="a")


def answer(value: object = 12_000) -> Answer[Any]:
    steps = (
        Step(Quantity("year", "年度", "年度"), 2026),
        Step(Quantity("amount", "年額", "円"), 12_000),
        Step(Quantity("born", "生年月日", "日付"), date(2001, 4, 1)),
        Step(Quantity("halved", "半額", "真偽"), False),
        Step(Quantity("class", "区分", "区分"), "7割"),
        Step(Quantity("none", "資産割", "円"), None),
    )
    reasons = (Reason("premium", "年額は12,000円です", CITED),)
    return answer_of(("kokuho-x", "atsugi", value, reasons, steps, (CITED,), "v1", "h1"))


def test_an_answer_is_written_with_its_steps_and_whether_it_is_decided() -> None:
    written = json.loads(answer_to_json(answer()))
    assert (written["value"], written["decided"], written["steps"][1]["value"]) == (12_000, True, 12_000)
    assert written["steps"][2]["value"] == "2001-04-01"


def test_an_answer_tells_itself_in_japanese() -> None:
    told = explain(answer(), title="保険料")
    assert told.splitlines() == [
        "【保険料】",
        "年額は12,000円です（国民健康保険法 第76条）",
        "",
        "【計算の過程】",
        "  1. 年度：令和8年度",
        "  2. 年額：12,000円",
        "  3. 生年月日：平成13年4月1日",
        "  4. 半額：いいえ",
        "  5. 区分：7割",
        "  6. 資産割：（なし）",
        "",
        "【根拠】",
        "・国民健康保険法 第76条",
        "判定規則 kokuho-x／基準値の版 v1／事実の要約値 h1",
    ]


def test_an_undecided_answer_says_what_is_missing() -> None:
    why = Undecidable((Reason("income.undeclared", "所得が申告されていません"),), ("世帯主の所得の申告",))
    given = undecided(
        rule="kokuho-x",
        municipality="",
        why=why,
        steps=(),
        citations=(),
        parameter_version="v1",
        facts_hash="h1",
    )
    assert not given.decided
    assert given.value == CannotDecide(("世帯主の所得の申告",))
    told = explain(given, title="保険料")
    assert told.startswith(
        "【保険料】判定できません\n足りないもの：世帯主の所得の申告\n所得が申告されていません\n\n【根拠】"
    )
    assert json.loads(answer_to_json(given))["decided"] is False


def test_citations_are_told_once_and_doubt_is_said() -> None:
    doubtful = CITED._replace(certainty="assumed")
    assert distinct((CITED, doubtful, CITED)) == (CITED, doubtful)
    told = explain(answer()._replace(citations=(doubtful,)), title="x")
    assert "・国民健康保険法 第76条〔仮定（要確認）〕" in told


def test_years_are_told_by_era() -> None:
    assert [say_fiscal_year(year) for year in (2018, 2019, 2026)] == ["平成30年度", "令和元年度", "令和8年度"]
    assert say_value(Step(Quantity("n", "月数", "か月"), 12)) == "12か月"


def test_months() -> None:
    march = month_of(date(2027, 3, 31))
    assert (str(march), march.fiscal_year, march.first_day) == ("2027-03", 2026, date(2027, 3, 1))
    assert months_later(march, months=1) == YearMonth(2027, 4)
    assert months_later(march, months=-3) == YearMonth(2026, 12)
    year = months_of_fiscal_year(2026)
    assert (len(year), year[0], year[-1]) == (12, YearMonth(2026, 4), march)
    assert list(months_between(start=YearMonth(2026, 11), end=YearMonth(2027, 2))) == list(year[7:10])
    assert {each.fiscal_year for each in year} == {2026}


@pytest.fixture
def scheme(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A rule of the table, and a file with facts for it."""

    def judge(facts: Inner, asked: Asked) -> Answer[Any]:
        if asked.municipality == "nowhere":
            raise UnknownMunicipality("料率のない自治体です：nowhere")
        return answer(facts.amount)._replace(municipality=asked.municipality or "", facts_hash=str(asked.on))

    monkeypatch.setattr(command, "SCHEMES", (Scheme("test", "試し", Inner, judge, ("on", "municipality")),))
    path = tmp_path / "facts.json"
    path.write_text('{"amount": 7, "since": "2026-04"}', encoding="utf-8")
    return path


def test_a_rule_of_the_table_is_a_command(scheme: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["judge", "kokuho-test", "--on", "2026-06-01", "--municipality", "atsugi", str(scheme)]) == 0
    written = json.loads(capsys.readouterr().out)
    assert (written["value"], written["municipality"], written["facts_hash"]) == (7, "atsugi", "2026-06-01")
    town = ["--municipality", "atsugi"]
    assert main(["judge", "kokuho-test", "--on", "2026-06-01", *town, "--explain", str(scheme)]) == 0
    assert capsys.readouterr().out.startswith("【国民健康保険 試し】")


@pytest.mark.parametrize(
    ("options", "content", "said"),
    [
        (["--on", "x"], None, "--on は日付ではありません"),
        (["--on", "0001-01-01"], None, "--on の年が範囲の外です"),
        (["--on", "2026-06-01", "--municipality", "nowhere"], None, "料率のない自治体です"),
        (["--on", "2026-06-01"], b"{}", "facts.json $.amount: "),
        (["--on", "2026-06-01"], b"\xff", "UTF-8"),
        (["--on", "2026-06-01"], b"", "JSONとして読めません"),
    ],
)
def test_wrong_input_is_refused_in_words(
    scheme: Path,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    content: bytes | None,
    said: str,
) -> None:
    if content is not None:
        scheme.write_bytes(content)
    assert main(["judge", "kokuho-test", "--municipality", "atsugi", *options, str(scheme)]) == 2
    assert said in capsys.readouterr().err


def test_a_missing_option_or_file_is_refused(scheme: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["judge", "kokuho-test", str(scheme)])
    scheme.unlink()
    assert main(["judge", "kokuho-test", "--on", "2026-06-01", "--municipality", "atsugi", str(scheme)]) == 2
    assert "読めません" in capsys.readouterr().err

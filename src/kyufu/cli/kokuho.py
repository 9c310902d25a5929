"""`kyufu judge kokuho-…`: the facts of one question of national health insurance from a file, judged.

A rule takes part with one line in SCHEMES.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from kyufu.law.calendar.years import is_sensible
from kyufu.law.kokuho.answer import Answer, UnknownMunicipality
from kyufu.law.kokuho.benefits.childbirth import ChildbirthFacts, judge_childbirth
from kyufu.law.kokuho.benefits.classes import ClassFacts, judge_class
from kyufu.law.kokuho.benefits.combined import CombinedFacts, judge_combined
from kyufu.law.kokuho.benefits.expenses import (
    ExpensesFacts,
    TransportFacts,
    judge_expenses,
    judge_transport,
)
from kyufu.law.kokuho.benefits.funeral import FuneralFacts, judge_funeral
from kyufu.law.kokuho.benefits.highcost import HighCostFacts, judge_high_cost
from kyufu.law.kokuho.benefits.meals import MealFacts, judge_meals
from kyufu.law.kokuho.benefits.receipt import ReceiptFacts, judge_receipt
from kyufu.law.kokuho.benefits.timebar import TimeBarFacts, judge_time_bar
from kyufu.law.kokuho.benefits.years import (
    AnnualFacts,
    OutpatientYearFacts,
    judge_annual,
    judge_outpatient_year,
)
from kyufu.law.kokuho.enrolment.facts import EnrolmentFacts
from kyufu.law.kokuho.enrolment.household_judgement import HouseholdFacts, judge_household
from kyufu.law.kokuho.enrolment.judgement import judge_enrolment
from kyufu.law.kokuho.enrolment.share import ShareFacts, judge_share
from kyufu.law.kokuho.explain import explain
from kyufu.law.kokuho.income.facts import IncomeFacts
from kyufu.law.kokuho.income.judgement import judge_income
from kyufu.law.kokuho.premium import Household, assess
from kyufu.law.kokuho.premium.correction import CorrectionFacts, judge_correction
from kyufu.law.kokuho.premium.instalments import InstalmentFacts, judge_instalments
from kyufu.law.kokuho.premium.special_collection import SpecialCollectionFacts, judge_special_collection
from kyufu.law.kokuho.premium.trial import TrialFacts, try_premium
from kyufu.law.kokuho.reading import FactsError, answer_to_json, facts_from_json
from kyufu.platform.errors import BadInput

if TYPE_CHECKING:
    from kyufu.cli.main import Subparsers

Facts = TypeVar("Facts")
MANUAL = "式と根拠、事実の書き方は docs/reference/kokuho.md から引けます。"
OPTIONS: dict[str, dict[str, str]] = {
    "municipality": {"metavar": "自治体", "help": "例：atsugi"},
    "on": {"metavar": "年月日", "help": "基準日（YYYY-MM-DD）"},
}
SCHEMA = "事実ファイルの書き方は docs/reference/kokuho.md から引けます。"


class Asked(NamedTuple):
    """What the command line says beside the facts: the municipality and the day, each None where not given."""

    municipality: str | None
    on: date | None


class Scheme(NamedTuple):
    """A rule on the command line: its name after `kokuho-`, what it is called, its facts and its function.

    `needs` names the options that must be given: `municipality`, `on`.
    """

    name: str
    title: str
    facts: type[Any]
    judge: Callable[[Any, Asked], Answer[Any]]
    needs: tuple[str, ...] = ()


def _on_day(judge: Callable[..., Answer[Any]]) -> Callable[[Any, Asked], Answer[Any]]:
    return lambda facts, asked: judge(facts, on=asked.on)


def _by_rates(
    function: Callable[..., Answer[Any]],
) -> Callable[[Any, Asked], Answer[Any]]:
    """A rule that goes by the rates of the municipality asked for."""
    return lambda facts, asked: function(facts, municipality=asked.municipality or "")


def unasked(scheme: Scheme) -> dict[str, None]:
    """The options that a rule does not ask for, as not given."""
    return dict.fromkeys(name for name in OPTIONS if name not in scheme.needs)


BY_RATES = ("municipality",)
SCHEMES: tuple[Scheme, ...] = (
    Scheme("enrolment", "資格", EnrolmentFacts, _on_day(judge_enrolment), needs=("on",)),
    Scheme("household", "世帯", HouseholdFacts, _on_day(judge_household), needs=("on",)),
    Scheme("share", "一部負担金の割合", ShareFacts, _on_day(judge_share), needs=("on",)),
    Scheme("income", "所得", IncomeFacts, lambda facts, _: judge_income(facts)),
    Scheme("premium", "保険料（税）の賦課", Household, _by_rates(assess), BY_RATES),
    Scheme("trial", "保険料（税）の試算", TrialFacts, _by_rates(try_premium), BY_RATES),
    Scheme("instalments", "普通徴収の期別額", InstalmentFacts, _by_rates(judge_instalments), BY_RATES),
    Scheme(
        "special-collection",
        "年金からの特別徴収",
        SpecialCollectionFacts,
        _by_rates(judge_special_collection),
        BY_RATES,
    ),
    Scheme("correction", "更正と賦課決定の期間制限", CorrectionFacts, _by_rates(judge_correction), BY_RATES),
    Scheme("class", "所得区分の判定", ClassFacts, lambda facts, _: judge_class(facts)),
    Scheme("highcost", "高額療養費", HighCostFacts, lambda facts, _: judge_high_cost(facts)),
    Scheme("receipt", "高額療養費の現物給付", ReceiptFacts, lambda facts, _: judge_receipt(facts)),
    Scheme(
        "outpatient-year",
        "高額療養費の外来年間合算",
        OutpatientYearFacts,
        lambda facts, _: judge_outpatient_year(facts),
    ),
    Scheme("annual", "高額療養費の年間上限", AnnualFacts, lambda facts, _: judge_annual(facts)),
    Scheme("combined", "高額介護合算療養費", CombinedFacts, lambda facts, _: judge_combined(facts)),
    Scheme("meals", "入院時食事療養の標準負担額", MealFacts, lambda facts, _: judge_meals(facts)),
    Scheme("childbirth", "出産育児一時金", ChildbirthFacts, lambda facts, _: judge_childbirth(facts)),
    Scheme("funeral", "葬祭費", FuneralFacts, _by_rates(judge_funeral), BY_RATES),
    Scheme("medical-expenses", "療養費", ExpensesFacts, lambda facts, _: judge_expenses(facts)),
    Scheme("transport", "移送費", TransportFacts, lambda facts, _: judge_transport(facts)),
    Scheme("time-bar", "給付の時効", TimeBarFacts, lambda facts, _: judge_time_bar(facts)),
)


def register(schemes: Subparsers) -> None:
    """Add a command for each rule below `judge`."""
    for scheme in SCHEMES:
        title = f"国民健康保険 {scheme.title}"
        command = schemes.add_parser(f"kokuho-{scheme.name}", help=title, description=f"{title}。{MANUAL}")
        # Only what the rule asks for: an option that it would not read would promise what it does not do.
        for name in scheme.needs:
            command.add_argument(f"--{name}", required=True, **OPTIONS[name])
        command.add_argument("--explain", action="store_true", help="日本語の説明で表示する")
        command.add_argument("facts", metavar="事実.json", type=Path)
        command.set_defaults(run=judge_kokuho, rule=scheme, **unasked(scheme))


def judge_kokuho(options: argparse.Namespace) -> int:
    """Print the answer of one rule; raises BadInput naming the file and the JSON path of what is wrong."""
    scheme: Scheme = options.rule
    on = None if options.on is None else read_day(options.on)
    facts = read_facts(options.facts, into=scheme.facts)
    try:
        answer = scheme.judge(facts, Asked(options.municipality, on))
    except UnknownMunicipality as error:
        raise BadInput(str(error)) from None
    print(
        explain(answer, title=f"国民健康保険 {scheme.title}") if options.explain else answer_to_json(answer)
    )
    return 0


def read_day(text: str) -> date:
    """The day of an option `--on`; raises BadInput where it is none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadInput(
            f"--on は日付ではありません：{text}", remedy="2026-06-01 のように書いてください。"
        ) from None
    if not is_sensible(day):
        raise BadInput(f"--on の年が範囲の外です：{text}", remedy="2026-06-01 のように書いてください。")
    return day


def read_facts(path: Path, *, into: type[Facts]) -> Facts:
    """The facts of a file; raises BadInput naming the file and the JSON path."""
    try:
        return facts_from_json(path.read_text(encoding="utf-8"), into=into)
    except FactsError as error:
        raise BadInput(f"{path.name} {error.path}: {error.reason}", remedy=SCHEMA) from None
    except UnicodeDecodeError:
        raise BadInput(f"{path.name} はUTF-8の文字ではありません", remedy=SCHEMA) from None
    except OSError as error:
        raise BadInput(f"{path.name} を読めません（{error.strerror}）", remedy=SCHEMA) from None

"""The figures of the demonstration's summary, each asked of the module that owns it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kyufu.cases import api as cases
from kyufu.demo.plan import DemoRun
from kyufu.demo.summary import Summary
from kyufu.documents import api as documents
from kyufu.law.calendar.wareki import format_wareki
from kyufu.law.child.cities import city_of
from kyufu.law.child.labels import FINDING_OUTCOME_LABELS
from kyufu.law.decision import Outcome
from kyufu.platform.feeds.worklist import count_open_rows
from kyufu.registry import api as registry


def summarise(run: DemoRun) -> Summary:
    """Gather the summary of a run from the tables as they now stand."""
    plan = run.plan
    city = city_of(plan.municipality)
    reasons = cases.outcomes_by_reason()
    return Summary(
        municipality=city.name,
        scheme=city.scheme,
        subsidy=f"{city.prefecture_word}補助",
        as_of=format_wareki(plan.as_of),
        kept=tuple(run.kept),
        population=_population(run),
        feeds={
            name: {"行": feed.rows, "取込": feed.landed, "エラー": feed.rejected}
            for name, feed in run.received.items()
        },
        worklists={
            "取り込めなかった行": count_open_rows(),
            "印字できない文字のある氏名・住所": registry.count_undrawable_names(),
        },
        applications={
            cases.japanese(cases.ApplicationState(state)): count
            for state, count in cases.state_counts().items()
        },
        acquired=_by_reason(reasons, outcome=Outcome.ELIGIBLE),
        rejected=_by_reason(reasons, outcome=Outcome.NOT_ELIGIBLE),
        cannot_decide=_by_reason(reasons, outcome=Outcome.CANNOT_DECIDE),
        prefecture={
            f"{FINDING_OUTCOME_LABELS[Outcome(row.outcome)]}：{row.reason}": row.applications
            for row in cases.findings_by_reason("prefecture")
        },
        refused_steps=run.stopped,
        printed=_printed(),
        not_printed={f"{row.kind.label}：{row.text}": row.count for row in documents.exceptions()},
        folders=tuple(str(row.folder) for row in documents.runs() if row.documents),
        seconds=run.stages.seconds,
    )


def _population(run: DemoRun) -> Mapping[str, int]:
    counted = registry.population(valid_on=run.plan.as_of)
    return {
        "住民（人）": counted.residents,
        "世帯": counted.households,
        "うち外国人住民（人）": counted.foreign,
        "うち支援措置を受けている人（人）": counted.protected,
        "うち生年月日が不詳の人（人）": counted.without_birth_date,
    }


def _by_reason(reasons: Iterable[cases.ReasonCount], *, outcome: Outcome) -> Mapping[str, int]:
    return {row.reason: row.applications for row in reasons if row.outcome == outcome}


def _printed() -> Mapping[str, int]:
    figures: dict[str, int] = {}
    for row in documents.totals():
        figures[f"{row.kind.label}（通）"] = row.documents
        figures[f"{row.kind.label}（ページ）"] = row.pages
    return figures

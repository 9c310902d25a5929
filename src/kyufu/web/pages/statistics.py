"""Statistics of the child subsidy and the report for the prefecture: on the page, as Excel, as CSV."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from kyufu.audit.api import EventKind, record_event
from kyufu.cases import api as cases
from kyufu.law.calendar.years import fiscal_year
from kyufu.notation.display import format_date
from kyufu.platform import clock
from kyufu.staff.api import Function, Level, Scheme
from kyufu.web import charts
from kyufu.web.figures import FigureTable, without_small
from kyufu.web.pages.acts import INVALID
from kyufu.web.pages.fields import DayField
from kyufu.web.pages.figure_rules import figure_rules, first_figure_day
from kyufu.web.pages.forms import PageForm
from kyufu.web.pages.parameters import MENU
from kyufu.web.pages.scope import scope_of
from kyufu.web.pages.statistics_tables import months_between, statistics_tables, subsidy_tables
from kyufu.web.pages.tables import csv_answer
from kyufu.web.pages.wards import ward_label
from kyufu.web.pages.workbook import workbook_answer
from kyufu.web.screens import StaffRequest, screen

PURPOSE = "統計の作成"
STATISTICS, SUBSIDY = "小児医療費助成の統計", "県補助の実績報告"
COUNTED = "毎月{}日に市の資格のある児童を数える（実績報告の様式と要綱の本文は未確認。仮定）"
ASSUMED_NOTES = (
    "県補助の対象かどうかは、資格を認めた判定の中の県補助の判定による",
    "県の所得限度額（令和5年以後）と対象年齢の拡大の月は仮定の基準値による（「基準値の一覧」で確かめる）",
    "「判定がない月」は、資格を認めた判定が県補助について何も言っていない月。対象にも対象外にも数えない",
)


class Drawn(NamedTuple):
    """A table with its chart as it stands on the page, and its row of sums."""

    table: FigureTable
    chart: SafeString
    totals: tuple[int | str, ...]


class Shown(NamedTuple):
    """What a page or a file is about: the title, the day, the tables and the conditions in words."""

    title: str
    on: date
    tables: tuple[FigureTable, ...]
    conditions: tuple[tuple[str, str], ...]


Making = Callable[..., Shown]


class FigureForm(PageForm):
    """The day of the figures."""

    on = DayField(
        label="基準日", help_text="この日に資格のある児童と、この年度の初日からの月ごとの数を示します。"
    )

    def clean_on(self) -> date:
        """The day; refused where it lies before everything that the figures go by."""
        on: date = self.cleaned_data["on"]
        if on < first_figure_day():
            raise forms.ValidationError(
                f"統計は{format_date(first_figure_day())}以後の日について作れます。その日以後を入力してください。"
            )
        return on


class ExportForm(FigureForm):
    """The day again, which table (CSV), and whether the file leaves the house."""

    outside = forms.BooleanField(label="庁外へ出す（少ない人数を伏せる）", required=False)
    table = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


@screen("statistics", title="統計", function=Function.CASE, level=Level.READ, scheme=Scheme.CHILD, purpose=PURPOSE,
        menu=MENU, methods=("GET",))  # fmt: skip
def show(request: StaffRequest) -> HttpResponse:
    """Show the statistics of the wards of the right, on a day chosen."""
    return _page(request, making=_statistics, files=("statistics_excel", "statistics_csv"))


@screen("statistics_excel", title="統計のExcel出力", function=Function.CASE, level=Level.READ, scheme=Scheme.CHILD,
        purpose=PURPOSE, methods=("POST",))  # fmt: skip
def excel(request: StaffRequest) -> HttpResponse:
    """Hand out the statistics as an Excel file, which is recorded."""
    return _excel(request, making=_statistics, name="statistics")


@screen("statistics_csv", title="統計のCSV出力", function=Function.CASE, level=Level.READ, scheme=Scheme.CHILD,
        purpose=PURPOSE, methods=("POST",))  # fmt: skip
def csv(request: StaffRequest) -> HttpResponse:
    """Hand out one table of the statistics as CSV, which is recorded."""
    return _csv(request, making=_statistics, name="statistics")


@screen("subsidy_report", title="県補助の実績報告", function=Function.CASE, level=Level.READ, scheme=Scheme.CHILD,
        purpose=PURPOSE, menu=MENU, methods=("GET",))  # fmt: skip
def show_subsidy(request: StaffRequest) -> HttpResponse:
    """Show the months of children under the prefecture's conditions, from the first day of the fiscal year."""
    return _page(request, making=_subsidy, files=("subsidy_excel", "subsidy_csv"))


@screen("subsidy_excel", title="県補助の実績報告のExcel出力", function=Function.CASE, level=Level.READ,
        scheme=Scheme.CHILD, purpose=PURPOSE, methods=("POST",))  # fmt: skip
def subsidy_excel(request: StaffRequest) -> HttpResponse:
    """Hand out the report as an Excel file, which is recorded."""
    return _excel(request, making=_subsidy, name="subsidy")


@screen("subsidy_csv", title="県補助の実績報告のCSV出力", function=Function.CASE, level=Level.READ,
        scheme=Scheme.CHILD, purpose=PURPOSE, methods=("POST",))  # fmt: skip
def subsidy_csv(request: StaffRequest) -> HttpResponse:
    """Hand out one table of the report as CSV, which is recorded."""
    return _csv(request, making=_subsidy, name="subsidy")


def _page(request: StaffRequest, *, making: Making, files: tuple[str, str]) -> HttpResponse:
    form = FigureForm(request.GET or {"on": clock.current_date_in_japan()})
    if not form.is_valid():
        return render(request, "pages/statistics.html", {"form": form}, status=INVALID)
    shown = making(request, on=form.cleaned_data["on"])
    context = {
        "form": form,
        "shown": shown,
        "drawn": [_drawn(table) for table in shown.tables],
        "excel": files[0],
        "csv": files[1],
        "export_form": ExportForm(initial={"on": shown.on}, auto_id="export_%s"),
        "small_cell": figure_rules(shown.on).small_cell,
    }
    return render(request, "pages/statistics.html", context)


def _excel(request: StaffRequest, *, making: Making, name: str) -> HttpResponse:
    form = ExportForm(request.POST)
    if not form.is_valid():
        return render(request, "pages/statistics.html", {"form": form}, status=INVALID)
    shown = _for_export(making(request, on=form.cleaned_data["on"]), is_outside=form.cleaned_data["outside"])
    _record(shown, form="Excel", tables=shown.tables)
    return workbook_answer(shown.tables, conditions=shown.conditions, name=f"{name}-{shown.on:%Y%m%d}")


def _csv(request: StaffRequest, *, making: Making, name: str) -> HttpResponse:
    form = ExportForm(request.POST)
    if not form.is_valid():
        return render(request, "pages/statistics.html", {"form": form}, status=INVALID)
    shown = _for_export(making(request, on=form.cleaned_data["on"]), is_outside=form.cleaned_data["outside"])
    table = next((one for one in shown.tables if one.code == form.cleaned_data["table"]), None)
    if table is None:
        raise Http404
    _record(shown, form="CSV", tables=[table])
    rows = [*table.rows, table.totals()] if table.rows else []
    return csv_answer(table.headings, rows=rows, name=f"{name}-{table.code}-{shown.on:%Y%m%d}")


def _statistics(request: StaffRequest, *, on: date) -> Shown:
    wards, today = _wards(request), clock.current_date_in_japan()
    found = cases.tallies(on=on, first_day=_year_start(on), wards=wards, today=today)
    return Shown(
        STATISTICS, on, statistics_tables(found), _conditions(STATISTICS, on=on, wards=wards, today=today)
    )


def _subsidy(request: StaffRequest, *, on: date) -> Shown:
    wards, today, since = _wards(request), clock.current_date_in_japan(), _year_start(on)
    day = figure_rules(on).subsidy_day
    rows = cases.subsidy_months(on=on, first_day=since, wards=wards, today=today, day_of_month=day)
    notes = tuple(("仮定・注意", note) for note in (COUNTED.format(day), *ASSUMED_NOTES))
    conditions = (*_conditions(SUBSIDY, on=on, wards=wards, today=today), *notes)
    return Shown(SUBSIDY, on, subsidy_tables(rows, months=months_between(since, on=on), day=day), conditions)


def _wards(request: StaffRequest) -> frozenset[str] | None:
    """The wards that the right reaches; None for the head office, which counts the whole city."""
    scope = scope_of(request)
    return None if scope.is_head else scope.wards


def _year_start(on: date) -> date:
    return date(fiscal_year(on), 4, 1)


def _conditions(
    title: str, *, on: date, wards: frozenset[str] | None, today: date
) -> tuple[tuple[str, str], ...]:
    where = "全市" if wards is None else "、".join(ward_label(ward) for ward in sorted(wards)) or "なし"
    return (
        ("統計", title),
        ("基準日", format_date(on)),
        ("月別の期間", f"{format_date(_year_start(on))}から{format_date(on)}まで"),
        ("範囲", where),
        ("作成日", format_date(today)),
        ("記録の時点", "作成日に記録されている内容による（後日の訂正で変わることがある）"),
        ("支援措置", "支援措置の対象者とその世帯は、区別の数に入れない（全市の数にだけ入れる）"),
    )


def _for_export(shown: Shown, *, is_outside: bool) -> Shown:
    """The figures as they leave; outside the house without small ones."""
    if not is_outside:
        return shown._replace(conditions=(*shown.conditions, ("取扱い", "庁内限り")))
    below = figure_rules(shown.on).small_cell
    said = (
        "取扱い",
        f"庁外用：{below}人（件）未満の数と、それが分かる合計を伏せている（{below}は仮定の基準値）",
    )
    return shown._replace(
        tables=tuple(without_small(table, below=below) for table in shown.tables),
        conditions=(*shown.conditions, said),
    )


def _record(shown: Shown, *, form: str, tables: Sequence[FigureTable]) -> None:
    detail: dict[str, Any] = {"帳票": shown.title, "形式": form, "基準日": shown.on.isoformat(),
                              "表": "、".join(table.title for table in tables)}  # fmt: skip
    record_event(EventKind.EXPORTED, detail=detail)


def _drawn(table: FigureTable) -> Drawn:
    draw = charts.bars if table.kind == "bar" else charts.lines
    chart = SafeString("") if table.chart is None else draw(table.chart, ident=f"chart-{table.code}")
    return Drawn(table, chart, table.totals())

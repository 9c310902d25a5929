"""The dated parameters (基準値): in a clerk's words on a day chosen, and one of them with all its days and changes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render

from kyufu.law.child.uses import Use, use_of
from kyufu.law.parameters.entries import Certainty, Entry
from kyufu.law.parameters.wording import VALUE, names_of, say_column, say_name
from kyufu.ordinance import api as ordinance
from kyufu.ordinance.api import Place
from kyufu.platform import clock
from kyufu.staff.api import Function, Level
from kyufu.web.pages.acts import INVALID
from kyufu.web.pages.links import opened
from kyufu.web.pages.parameter_forms import ParameterListForm, file_names
from kyufu.web.screens import StaffRequest, screen

PARAMETER, MENU, PURPOSE = "parameter", "基準値・統計", "基準値の確認"
BETWEEN = "|"
# What a row is called and keyed by, and is no value of it.
NO_VALUES = frozenset({"name", "code", "label", "unit"})


class Cell(NamedTuple):
    """One value of a row: what it is called where the row has several, and the value in words."""

    name: str
    value: str


class Row(NamedTuple):
    """A parameter with the values of a day (None: none on that day), or of one of its periods."""

    key: str
    label: str
    entry: Entry
    cells: tuple[Cell, ...]
    is_known: bool = True


class Group(NamedTuple):
    """The parameters of one file, under its Japanese name."""

    name: str
    rows: tuple[Row, ...]


class Timed(NamedTuple):
    """A stretch of days of a parameter: past, present or still to come, in words."""

    row: Row
    state: str


@screen("parameters", title="基準値の一覧", function=Function.PARAMETERS, level=Level.READ, purpose=PURPOSE,
        menu=MENU, methods=("GET",))  # fmt: skip
def show_list(request: StaffRequest) -> HttpResponse:
    """List the parameters with their values on a day, by file and certainty, and what waits for a second person."""
    today = clock.current_date_in_japan()
    form = ParameterListForm(request.GET or {"on": today})
    entries = ordinance.present_entries(settings.KYUFU_MUNICIPALITY)
    context: dict[str, Any] = {"form": form, "waiting": ordinance.open_change_sets(at=clock.current_instant()),
                               "may_propose": _may_propose(request)}  # fmt: skip
    if not form.is_valid():
        return render(request, "pages/parameters.html", context, status=INVALID)
    data = form.cleaned_data
    rows = [row for row in _rows_on(entries, on=data["on"]) if _is_wanted(row, data=data)]
    context |= {"on": data["on"], "listed": _grouped(rows), "found": len(rows), "assumed": _assumed(rows)}
    return render(request, "pages/parameters.html", context)


@screen("parameter", title="基準値", function=Function.PARAMETERS, level=Level.READ, purpose=PURPOSE,
        methods=("GET",))  # fmt: skip
def show(request: StaffRequest, *, token: str) -> HttpResponse:
    """Show one parameter: all its dated values, where it counts, and who changed it when."""
    asked = tuple(opened(request, token=token, kind=PARAMETER).split(BETWEEN))
    entries = ordinance.present_entries(settings.KYUFU_MUNICIPALITY)
    dated = sorted(
        (one for one in entries if (one.file, one.table, one.key) == asked),
        key=lambda one: one.period.start,
    )
    if not dated:
        raise Http404
    file, table, key = asked
    today, names = clock.current_date_in_japan(), names_of(entries)
    columns = [name for name in dated[-1].columns if name not in NO_VALUES]
    places = [Place(file, table, key, column) for column in columns]
    context = {
        "label": dated[-1].columns.get("label", key),
        "file": file_names()[file],
        "timeline": [Timed(_row(one, names=names), _state(one, today=today)) for one in dated],
        "use": _use(file, table=table, key=key),
        "history": [row for place in places
                    for row in ordinance.history_of(place, municipality=settings.KYUFU_MUNICIPALITY)],
        "waiting": [one for one in ordinance.open_change_sets(at=clock.current_instant())
                    if any(line.place in places for line in one.lines)],
        "proposable": _proposable(request, places=places, row=dated[-1]),
    }  # fmt: skip
    return render(request, "pages/parameter.html", context)


def key_of(place: Place) -> str:
    """A place as the key of a sealed address."""
    return BETWEEN.join(place)


def _use(file: str, *, table: str, key: str) -> Use:
    return use_of(file, table=table, key=key, municipality=settings.KYUFU_MUNICIPALITY)


def _may_propose(request: StaffRequest) -> bool:
    return request.rights.may(Function.PARAMETERS, level=Level.UPDATE)


def _proposable(request: StaffRequest, *, places: Sequence[Place], row: Entry) -> list[tuple[str, str]]:
    """The values of the parameter that this person may propose to change: sealed key and name."""
    if not _may_propose(request):
        return []
    known = ordinance.changeable_places(
        settings.KYUFU_MUNICIPALITY, overlay=ordinance.confirmed_overlay(settings.KYUFU_MUNICIPALITY)
    )
    return [(key_of(place), say_name(row, column=place.column)) for place in places if place in known]


def _rows_on(entries: Sequence[Entry], *, on: date) -> list[Row]:
    """Every parameter once, with the row of the day; of one that has none that day its last row, marked."""
    names = names_of(entries)
    by_key: dict[tuple[str, str, str], list[Entry]] = {}
    for entry in entries:
        by_key.setdefault((entry.file, entry.table, entry.key), []).append(entry)
    found: list[Row] = []
    for dated in by_key.values():
        today = next((one for one in dated if on in one.period), None)
        last = max(dated, key=lambda one: one.period.start)
        found.append(_row(today or last, names=names)._replace(is_known=today is not None))
    return found


def _row(entry: Entry, *, names: dict[str, str]) -> Row:
    cells = tuple(
        Cell("" if column == VALUE else say_name(entry, column=column).partition("：")[2],
             say_column(entry, column=column, names=names))
        for column in entry.columns
        if column not in NO_VALUES
    )  # fmt: skip
    key = BETWEEN.join((entry.file, entry.table, entry.key))
    return Row(key, str(entry.columns.get("label", entry.key)), entry, cells)


def _is_wanted(row: Row, *, data: dict[str, Any]) -> bool:
    """Does the row fit what was asked: file, certainty and words, in any width?"""
    if data["certainty"] and row.entry.certainty != data["certainty"]:
        return False
    if data["file"] and row.entry.file != data["file"]:
        return False
    words = unicodedata.normalize("NFKC", data["text"]).casefold().split()
    told = " ".join([row.label, row.entry.source, *(cell.name + cell.value for cell in row.cells)])
    plain = unicodedata.normalize("NFKC", told).casefold()
    return all(word in plain for word in words)


def _grouped(rows: Iterable[Row]) -> list[Group]:
    held = list(rows)
    return [
        Group(name, tuple(row for row in held if row.entry.file == file))
        for file, name in file_names().items()
        if any(row.entry.file == file for row in held)
    ]


def _assumed(rows: Iterable[Row]) -> int:
    return sum(row.entry.certainty is Certainty.ASSUMED for row in rows)


def _state(entry: Entry, *, today: date) -> str:
    if today in entry.period:
        return "現在"
    return "これから" if entry.period.start > today else "過去"

"""The print, collected from the running system: its database, its pages, its feeds, its parameters."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from importlib import import_module

from kyufu.audit.api import logged_tables, retention
from kyufu.cases.api import APPLICATION_LAYOUT
from kyufu.evidence.api import evidence_feeds
from kyufu.exchange.basic.api import ITEMS, list_in_force, systems
from kyufu.notation.check_digits import CheckDigit
from kyufu.privacy.assessment import bands, due_assessment
from kyufu.privacy.content import (
    VERSION,
    Item,
    Kept,
    PrivacyPrint,
    Receiver,
    RecordFile,
    Scale,
    Source,
    SystemFunction,
)
from kyufu.privacy.live import LiveColumn, count_persons, live_columns
from kyufu.privacy.names import is_assessed, item_name, table_names
from kyufu.registry.api import protection_feed, resident_feed
from kyufu.staff.api import FUNCTION_NAMES, AccountKind, Function, list_accounts
from kyufu.web.screens import all_screens

# The assessment is about this business; its persons are the figure of the threshold.
BUSINESS_FILE = "小児医療費助成"
PAGE = 1_000


def collect_print(*, on: date, incident: bool | None) -> PrivacyPrint:
    """Collect the print as of a day; `incident`: was there a serious incident (重大事故), None where not told.

    Persons and users stand in it as the form's bands alone. Raises Unnamed for a column without name.
    """
    columns = live_columns()
    counts = {name: count_persons(_persons_of(name)) for name in _file_names()}
    return PrivacyPrint(
        version=VERSION,
        on=on.isoformat(),
        files=tuple(_file(name, columns=columns, persons=counts.get(name, 0)) for name in _file_names()),
        functions=_functions(),
        sources=_sources(),
        receivers=_receivers(on=on),
        retention=_retention(on=on),
        scale=_scale(counts.get(BUSINESS_FILE, 0), on=on, incident=incident),
    )


def _file_names() -> list[str]:
    return sorted({one.file for one in table_names().values()})


def _file(name: str, *, columns: Iterable[LiveColumn], persons: int) -> RecordFile:
    names = table_names()
    items = []
    for one in columns:
        table = names.get(one.table)
        if table is None or table.file != name:
            continue
        label = item_name(one)
        if label is not None:
            items.append(Item(f"{one.table}.{one.column}", f"{table.label}：{label}"))
    return RecordFile(
        name,
        assessed=is_assessed(name),
        persons=bands()["file_persons"].of(persons),
        item_band=bands()["items"].of(len(items)),
        items=tuple(sorted(items, key=lambda item: item.key)),
    )


def _persons_of(file: str) -> tuple[LiveColumn, ...]:
    """The columns that name a person in the tables of a file."""
    return tuple(
        LiveColumn(name, column)
        for name, table in sorted(logged_tables().items())
        if table.file == file and table.through is None
        for column in table.persons
    )


def _functions() -> tuple[SystemFunction, ...]:
    # Screens make themselves known when the addresses are loaded.
    import_module("kyufu.web.urls")
    titles: defaultdict[Function | None, list[str]] = defaultdict(list)
    for screen in all_screens():
        titles[screen.function].append(screen.title)
    granted = (
        SystemFunction(str(function), label, tuple(sorted(titles[function])))
        for function, label in FUNCTION_NAMES.items()
    )
    # What everybody signed in may open, such as the menu and one's own password.
    return (*granted, SystemFunction("everybody", "サインインした者に共通", tuple(sorted(titles[None]))))


def _sources() -> tuple[Source, ...]:
    feeds = (resident_feed(), protection_feed(), *evidence_feeds(insurer_check=CheckDigit.TESTED))
    layouts = [*(feed.layout for feed in feeds), APPLICATION_LAYOUT]
    return tuple(sorted((Source(one.name, one.label) for one in layouts), key=lambda source: source.key))


def _receivers(*, on: date) -> tuple[Receiver, ...]:
    found = []
    for code, name in systems():
        listed = list_in_force(code, on=on)
        if listed is not None and listed.columns:
            items = tuple(Item(item, ITEMS[item]) for item in listed.columns)
            found.append(Receiver(code, name, listed.asked.law_basis, items))
    return tuple(found)


def _retention(*, on: date) -> tuple[Kept, ...]:
    return tuple(
        Kept(key, one.label, one.years, one.certainty) for key, one in sorted(retention(on=on).items())
    )


def _scale(persons: int, *, on: date, incident: bool | None) -> Scale:
    users = _working_accounts(on=on)
    band = bands()["business_persons"].of(persons)
    total = sum(users.values())
    return Scale(
        persons=band,
        users=bands()["users"].of(total),
        has_contractors=users[AccountKind.CONTRACTOR] > 0,
        incident=incident,
        due=due_assessment(persons=band, users=total, incident=incident),
    )


def _working_accounts(*, on: date) -> Counter[AccountKind]:
    """How many accounts can be used on the day, by kind."""
    counts: Counter[AccountKind] = Counter()
    after = ""
    while page := list_accounts(on=on, limit=PAGE, after=after):
        counts.update(one.kind for one in page if one.works)
        after = page[-1].staff_no
    return counts

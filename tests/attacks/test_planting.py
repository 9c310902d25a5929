"""Things planted: fields that no form has, markup that would run, lines that forge a log, formulas in exports."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from kyufu.platform import clock
from kyufu.web import drafts
from kyufu.web.logs import OneLineFormatter
from tests.attacks.crawl import Page, Place, Site, crawl
from tests.attacks.digests import digest_of_tables
from tests.attacks.hall import Hall
from tests.attacks.payloads import BREAKING, MARKUP
from tests.attacks.sending import attacked, send, targets
from tests.attacks.undoing import undone
from tests.registry.persons import addressee_no, resident

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
SCRIPT = "<script>alert(1)</script>"
FORGED = "a\n2026-01-01 00:00:00,000 INFO kyufu.web.access FORGED\r\n\x1b[31mred\u2028next"
# A salt of passwords; the vault, which is sealed anew each time.
CHANCE = ("_password", "mynumber_")
# What the clock of the database tells, which nobody stops; the number that a run of printing draws.
DRAWN = {
    "cases_decision": ("gathered_at", "snapshot"),
    "documents_print_run": ("uid", "folder"),
    "platform_change": ("recorded_at",),
}
LOGGERS = ("kyufu", "django", "django.request", "django.security")


def _every_column() -> dict[str, str]:
    """Every column of every table of the project, as an attacker would guess it, with something tempting in it."""
    names = {field.name for model in apps.get_models() for field in model._meta.get_fields()}
    names |= {f"{name}_id" for name in names} | {
        "is_superuser",
        "is_staff",
        "role",
        "roles",
        "admin",
        "user",
        "next",
    }
    tempting = {
        "state": "confirmed",
        "is_active": "1",
        "kind": "employee",
        "failed_count": "0",
        "office": "H01",
    }
    return dict.fromkeys(sorted(names), "1") | tempting


def test_fields_that_no_form_has_change_nothing(
    hall: Hall, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each form is sent once as a person would, and once with every column beside it: the tables end up the same."""
    extra = _every_column()
    sequences = _sequences()
    _stop_time_and_chance(monkeypatch)
    differing = {}
    for code, form in targets(site):
        own = {one.name for one in form.fields}
        planted = {name: value for name, value in extra.items() if name not in own}
        results = []
        for data in (form.filled(), planted | form.filled()):
            with undone():
                hall.almighty.post(form.path, data)
                results.append(_comparable(digest_of_tables(without=DRAWN)))
            _set_back(sequences)
        if results[0] != results[1]:
            differing[code] = [table for table in results[0] if results[0][table] != results[1][table]]
    assert differing == {}


def _stop_time_and_chance(patch: pytest.MonkeyPatch) -> None:
    """Let the same act leave the same rows: at one instant, under one nonce."""
    now = clock.current_instant()
    patch.setattr(clock, "current_instant", lambda: now)
    patch.setattr("kyufu.evidence.operations.current_instant", lambda: now)
    patch.setattr(drafts, "os", SimpleNamespace(urandom=bytes))


def _sequences() -> list[tuple[str, int, bool]]:
    """Where every serial number stands: a roll-back does not give back what was drawn."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('SELECT %L, last_value, is_called FROM %I.%I', format('%I.%I', schemaname, sequencename),"
            " schemaname, sequencename) FROM pg_sequences WHERE schemaname = current_schema()"
        )
        cursor.execute(" UNION ALL ".join(row[0] for row in cursor.fetchall()))
        return list(cursor.fetchall())


def _set_back(sequences: list[tuple[str, int, bool]]) -> None:
    names, values, called = map(list, zip(*sequences, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(s.name::regclass, s.value, s.called)"
            " FROM unnest(%s::text[], %s::bigint[], %s::boolean[]) AS s (name, value, called)",
            [names, values, called],
        )


def _comparable(digests: dict[str, str]) -> dict[str, str]:
    """The digests without the tables whose rows hold a salt or are sealed."""
    return {table: one for table, one in digests.items() if not any(part in table for part in CHANCE)}


def test_a_grant_an_account_and_a_terminal_are_made_as_the_form_says_and_no_other_way(
    hall: Hall, site: Site
) -> None:
    forms = dict(targets(site))
    asked = (
        _every_column()
        | forms["grant_ask"].filled()
        | {"staff_no": hall.almighty.staff_no, "role": "counter"}
    )
    hall.almighty.post("/grants/new/", asked)
    account = _every_column() | forms["account_add"].filled() | {"office": "H01", "kind": "employee"}
    assert hall.almighty.post("/accounts/new/", account).status_code == 302
    hall.almighty.post("/terminals/new/", _every_column() | forms["terminal_add"].filled())
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, confirmed_by_id IS NULL FROM staff_grant ORDER BY id DESC LIMIT 1")
        assert cursor.fetchone() == ("asked", True)
        cursor.execute("SELECT state, failed_count, kind FROM staff_account WHERE staff_no = 'S77777'")
        assert cursor.fetchone() == ("active", 0, "employee")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """The technical log as it is written, line by line."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(OneLineFormatter())
    for name in LOGGERS:
        logging.getLogger(name).addHandler(handler)
    yield stream
    for name in LOGGERS:
        logging.getLogger(name).removeHandler(handler)


def test_nothing_that_is_sent_forges_a_line_of_the_technical_log(
    hall: Hall, site: Site, lines: io.StringIO
) -> None:
    sent = 0
    for _, form in targets(site):
        data = dict.fromkeys((one.name for one in attacked(form)), FORGED)
        with undone():
            hall.almighty.post(form.path, data, HTTP_USER_AGENT=FORGED, HTTP_X_REQUEST_ID=FORGED)
        sent += 1
    for payload in (FORGED, "A" * 20_000):
        hall.almighty.client.get("/nothing/", {"q": payload}, HTTP_USER_AGENT=payload)
        sent += 1
    written = lines.getvalue()
    assert "FORGED" not in written
    assert "\x1b" not in written and "\u2028" not in written
    assert len([line for line in written.split("\n") if " /" in line]) == sent
    assert max(map(len, written.split("\n"))) < 1_000


@pytest.mark.parametrize("planted", [FORGED, "A" * 20_000, "\x00", "é" * 5_000])
def test_what_is_typed_at_sign_in_forges_no_record(hall: Hall, lines: io.StringIO, planted: str) -> None:
    before = _events()
    hall.almighty.at_another_browser().post("/sign-in/", {"login": planted, "password": planted})
    assert _events() - before <= 1
    assert "FORGED" not in lines.getvalue()
    with connection.cursor() as cursor:
        cursor.execute("SELECT detail::text FROM audit_event ORDER BY id DESC LIMIT 1")
        assert "FORGED" not in cursor.fetchone()[0]


def _events() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_event")
        return int(cursor.fetchone()[0])


def test_reasons_with_control_marks_are_not_kept(hall: Hall) -> None:
    grant = _waiting_grant()
    for planted in BREAKING[:7]:
        path = Place("grant_refuse", "grant", str(grant)).path(hall.almighty)
        answer = send(hall.almighty, path, data={"reason": f"理由{planted}理由"})
        assert answer.status == 422, repr(planted)


def _waiting_grant() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM staff_grant WHERE state = 'asked' ORDER BY id LIMIT 1")
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("markup", MARKUP)
def test_markup_that_is_sent_comes_back_as_text(hall: Hall, site: Site, markup: str) -> None:
    for code, form in targets(site):
        answer = send(hall.almighty, form.path, data=form.filled() | dict.fromkeys(_texts(form), markup))
        assert Page(answer.text).running == [], code
        assert markup not in answer.text or "<" not in markup, code


def _texts(form: object) -> list[str]:
    return [one.name for one in attacked(form) if one.kind in ("text", "textarea", "input")]  # type: ignore[arg-type]


def test_markup_that_is_stored_is_shown_as_text_everywhere(hall: Hall) -> None:
    """In names of the register, of accounts, offices and terminals, in reasons, and in what the log says of them."""
    hall.world.send(
        "resident",
        [resident(904, shimei=f"窓口{SCRIPT}", shimei_yomigana="マドグチ", setaibango="900000000000904")],
    )
    today, last = hall.town.today.isoformat(), hall.town.last_day.isoformat()
    person = hall.almighty
    sent = [
        person.post("/offices/new/", {
            "code": "X1", "name": SCRIPT, "kind": "ward", "parent": "H01", "valid_from": today,
        }),
        person.post("/terminals/new/", {
            "name": SCRIPT, "office": "H01", "network": "192.0.2.0/28", "valid_from": today,
        }),
        person.post("/accounts/new/", {
            "staff_no": SCRIPT[:20], "personnel_no": "P9", "name": f"白井 {SCRIPT}", "kana": SCRIPT, "kind": "employee",
            "office": "H01", "usable_from": today, "expires_on": last, "password": "Hatsukaino-Aikotoba-7",
            "why": SCRIPT,
        }),
        person.post("/watched/new/", {"addressee_no": addressee_no(904), "first_day": today, "reason": SCRIPT}),
    ]  # fmt: skip
    assert 302 in {answer.status_code for answer in sent}
    person.post(
        "/people/", {"text": "窓口", "purpose": "application", "case_no": "R8-1"}, HTTP_USER_AGENT=SCRIPT
    )
    found = crawl(person)
    assert [path for path, text in found.pages.items() if Page(text).running or SCRIPT in text] == []
    assert sum("&lt;script&gt;" in text for text in found.pages.values()) >= 3


@pytest.mark.parametrize(
    "formula", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "＝1+1", " =1", '=HYPERLINK("http://x")']
)
def test_no_cell_of_an_export_is_a_formula(hall: Hall, site: Site, formula: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE staff_office SET name = %s WHERE code = 'H01'", [formula])
    exported = [hall.almighty.post("/rights-table/csv/").content.decode("utf-8-sig")]
    exported += [
        answer.content.decode("utf-8-sig")
        for code, form in targets(site) if code.endswith("_csv")
        for answer in [hall.almighty.post(form.path, form.filled())]
    ]  # fmt: skip
    assert any(formula.strip().replace('"', '""') in text for text in exported)
    for text in exported:
        cells = [cell.strip('"') for line in text.splitlines() for cell in line.split(",")]
        assert not [
            cell for cell in cells if cell.lstrip(" \u3000").startswith(("=", "+", "-", "@", "\t", "＝"))
        ]

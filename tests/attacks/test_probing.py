"""Probing as sqlmap does it: no value in any field or address reaches SQL, and nothing says what is behind the page."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.attacks.crawl import Site, patterns, screens
from tests.attacks.hall import Hall
from tests.attacks.payloads import BREAKING, MARKUP, PAIRS, QUICK_BREAKING, QUICK_SQL, SQL, dealt
from tests.attacks.sending import attacked, every_field, faults, same_shape, send, targets
from tests.web.town import Person

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
# A file is chosen there, which no text of a field can be.
REFUSED_ANYHOW = {"attachment_add", "rights_table_compare"}
# Python, the database and the files each take it for something else.
NUL = "a\x00b"
QUERIES = ("after", "state", "before", "next", "q", "page", "id")


def test_what_is_sent_among_the_hostile_values_would_be_taken(hall: Hall, site: Site) -> None:
    """Otherwise the probes would end at the form and reach nothing behind it."""
    refused = {
        code
        for code, form in targets(site)
        if send(hall.almighty, form.path, data=form.filled(), method=form.method).status in (400, 422)
    }
    assert refused == REFUSED_ANYHOW


def test_hostile_values_in_all_fields_of_a_form_are_only_text(hall: Hall, site: Site) -> None:
    found = []
    for place, (code, form) in enumerate(targets(site)):
        for payload in (*QUICK_SQL, *QUICK_BREAKING[:2], *dealt(SQL + BREAKING, to=place, each=4)):
            data = {one.name: payload for one in attacked(form)}
            answer = send(hall.almighty, form.path, data=data, method=form.method)
            found += [f"{code}, {payload[:30]!r}: {fault}" for fault in faults(answer, payload=payload)]
    assert found == []


def test_one_hostile_field_among_good_ones_is_only_text(hall: Hall, site: Site) -> None:
    found = []
    for place, (code, form, one) in enumerate(every_field(site)):
        for payload in (NUL, *dealt(SQL + BREAKING, to=place, each=2)):
            data = form.filled() | {one.name: payload}
            answer = send(hall.almighty, form.path, data=data, method=form.method)
            found += [
                f"{code}.{one.name}, {payload[:30]!r}: {fault}" for fault in faults(answer, payload=payload)
            ]
    assert found == []


def test_a_true_and_a_false_condition_get_the_same_answer(hall: Hall, site: Site) -> None:
    differing = []
    for place, (code, form, one) in enumerate(every_field(site)):
        pair = PAIRS[place % len(PAIRS)]
        pages = [
            same_shape(answer.text, payload=payload)
            for payload in pair
            for data in [form.filled() | {one.name: payload}]
            for answer in [send(hall.almighty, form.path, data=data, method=form.method)]
        ]
        differing += [f"{code}.{one.name}: {pair[0]}"] if pages[0] != pages[1] else []
    assert differing == []


def test_sql_in_every_part_of_every_address_is_not_found(hall: Hall) -> None:
    wrong = []
    for pattern, _ in patterns():
        for payload in (*QUICK_SQL[:6], *MARKUP[:2], *QUICK_BREAKING[:5]):
            if "<str" not in pattern:
                continue
            path = "/" + pattern.replace("<str:token>", quote(payload[:300], safe=""))
            answer = send(hall.almighty, path, data={"reason": "窓口での確認のため"})
            wrong += [f"{path[:80]}: {fault}" for fault in faults(answer, payload=payload)]
            if answer.status not in (404, 405, 422):
                wrong.append(f"{path[:80]} answered {answer.status}")
    assert wrong == []


def test_sql_in_every_query_is_only_text(hall: Hall, site: Site) -> None:
    wrong = []
    for here in screens():
        for payload in (QUICK_SQL[4], QUICK_SQL[9], *QUICK_BREAKING[:5]):
            path = site.places[here.code][0].path(hall.almighty)
            answer = send(hall.almighty, path, data=dict.fromkeys(QUERIES, payload), method="get")
            wrong += [f"{here.code}, {payload[:30]!r}: {fault}" for fault in faults(answer, payload=payload)]
    assert wrong == []


@pytest.mark.parametrize(
    "path", ["/sign-in/", "/sign-in/second-factor/", "/account/confirm/", "/account/password/"]
)
def test_sql_in_the_pages_of_sign_in_is_only_text(hall: Hall, path: str) -> None:
    names = ("login", "password", "code", "credential", "oldpassword", "password1", "password2", "next")
    wrong = []
    for payload in (QUICK_SQL[4], QUICK_SQL[8], *QUICK_BREAKING[:5]):
        for person in (Person(0, payload), hall.almighty):
            answer = send(person, path, data=dict.fromkeys(names, payload))
            wrong += [f"{payload[:30]!r}: {fault}" for fault in faults(answer, payload=payload)]
    assert wrong == []

"""Probing as sqlmap does it: no value in any field or address reaches SQL, and nothing says what is behind the page."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.attacks.crawl import Site, patterns, screens
from tests.attacks.hall import Hall
from tests.attacks.payloads import BREAKING, MARKUP, PAIRS, QUICK_BREAKING, QUICK_SQL, SQL
from tests.attacks.sending import attacked, faults, same_shape, send, targets
from tests.web.town import Person

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
# A file is chosen there, which no text of a field can be.
# Forms of several steps, or with a file, are refused as long as their first step is not whole: their own tests send
# them the values of a clerk, and wrong ones field by field.
REFUSED_ANYHOW = {
    "rights_table_compare", "attachment_add", "income_add", "income_correct", "inquiries", "intake_change",
    "intake_loss", "intake_new", "intake_reissue", "intake_withdrawal", "parameter_change_estimate", "trial",
}  # fmt: skip
QUERIES = ("after", "state", "before", "next", "q", "page", "id")


def test_what_is_sent_among_the_hostile_values_would_be_taken(hall: Hall, site: Site) -> None:
    """Otherwise the probes would end at the form and reach nothing behind it."""
    refused = {
        code
        for code, form in targets(site)
        if send(hall.almighty, form.path, data=form.filled(), method=form.method).status in (400, 422)
    }
    assert refused == REFUSED_ANYHOW


def _probe(hall: Hall, site: Site, *, payloads: tuple[str, ...]) -> list[str]:
    """Every payload in all fields of every form at once."""
    return [
        f"{code}, {payload[:30]!r}: {fault}"
        for code, form in targets(site)
        for payload in payloads
        for fault in faults(
            send(hall.almighty, form.path, data={one.name: payload for one in attacked(form)}, method=form.method),
            payload=payload,
        )
    ]  # fmt: skip


WHOLE = pytest.param(SQL + BREAKING, marks=pytest.mark.slow, id="whole")


@pytest.mark.parametrize("payloads", [pytest.param(QUICK_SQL + QUICK_BREAKING[:2], id="quick"), WHOLE])
def test_hostile_values_in_all_fields_of_a_form_are_only_text(
    hall: Hall, site: Site, payloads: tuple[str, ...]
) -> None:
    assert _probe(hall, site, payloads=payloads) == []


@pytest.mark.parametrize("payloads", [pytest.param((QUICK_SQL[4], *QUICK_BREAKING), id="quick"), WHOLE])
def test_one_hostile_field_among_good_ones_is_only_text(
    hall: Hall, site: Site, payloads: tuple[str, ...]
) -> None:
    found = [
        f"{code}.{one.name}, {payload[:30]!r}: {fault}"
        for code, form in targets(site)
        for one in attacked(form)
        for payload in payloads
        for fault in faults(
            send(hall.almighty, form.path, data=form.filled() | {one.name: payload}, method=form.method),
            payload=payload,
        )
    ]  # fmt: skip
    assert found == []


def test_a_true_and_a_false_condition_get_the_same_answer(hall: Hall, site: Site) -> None:
    differing = []
    for code, form in targets(site):
        for one in attacked(form):
            for true, false in PAIRS[:2]:
                pages = [
                    same_shape(answer.text, payload=payload)
                    for payload in (true, false)
                    for answer in [
                        send(hall.almighty, form.path, data=form.filled() | {one.name: payload}, method=form.method)
                    ]
                ]  # fmt: skip
                differing += [f"{code}.{one.name}: {true}"] if pages[0] != pages[1] else []
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

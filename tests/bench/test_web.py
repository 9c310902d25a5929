"""The benchmark of the pages: what it reads off the server's log, and what it makes of the times."""

from __future__ import annotations

import pytest

from bench import web

LOG = """\
2026-11-29 18:00:00,000 INFO kyufu.web.access GET /people/ 200 10ms
2026-11-29 18:00:01,000 INFO kyufu.web.access POST /people/ 200 55ms
2026-11-29 18:00:02,000 INFO kyufu.web.access POST /people/ 422 3ms
2026-11-29 18:00:03,000 INFO kyufu.web.access GET /people/<str:token>/ 200 120ms
2026-11-29 18:00:04,000 INFO kyufu.web.access GET /people/<str:token>/contacts/ 200 99ms
2026-11-29 18:00:05,000 INFO kyufu.web.access POST /sign-out/ 302 12ms
2026-11-29 18:00:06,000 ERROR kyufu.web.errors GET /people/ 200 500ms later
"""
ASKED = {"bare": [20.0] * 4, "person": [200.0], "kana": [80.0, 90.0], "address": [70.0]}


def figures() -> dict[str, web.Figure]:
    served = {"bare": [10.0] * 4, "search": [50.0, 60.0, 99.0], "person": [101.0]}
    found = list(web.figures_of(served, asked=ASKED, size="4人", filling=7.0))
    return {one.name: one for one in found}


def test_the_servers_own_time_is_read_by_page_and_only_of_answers_given() -> None:
    assert web.served_times(LOG.splitlines()) == {"bare": [10.0], "search": [55.0], "person": [120.0]}


def test_the_limit_is_on_what_the_server_takes() -> None:
    found = figures()
    assert (found["web.search.p95"].value, found["web.search.p95"].is_met) == (99.0, True)
    assert (found["web.person.p95"].value, found["web.person.p95"].is_met) == (101.0, False)
    assert found["web.bare.p95"].limit is None
    assert found["web.search.p95"].limit == web.MOST_MS == 100


def test_what_the_clerks_waited_for_stands_beside_it() -> None:
    found = figures()
    assert found["web.search.p95"].note == "サーバー 60/99/99ms、利用者側 80/90/90ms、3回"
    assert found["web.search.kana.p95"].value == 90
    assert found["web.search.kana.p95"].limit is None
    assert "web.search.person.p95" not in found


def test_the_ratio_to_a_bare_page_and_the_filling_are_said() -> None:
    found = figures()
    assert found["web.search.times_bare"].value == pytest.approx(9.9)
    assert found["web.person.times_bare"].value == pytest.approx(10.1)
    assert (found["web.filling"].value, found["web.filling"].unit) == (7.0, "秒")


@pytest.mark.parametrize(("percent", "value"), [(0, 1.0), (50, 51.0), (95, 96.0), (99, 100.0), (100, 100.0)])
def test_percentiles(percent: int, value: float) -> None:
    assert web.percentile([float(one) for one in range(100, 0, -1)], percent=percent) == value


def test_of_nothing_the_percentile_is_nothing() -> None:
    assert web.percentile([], percent=95) == 0.0

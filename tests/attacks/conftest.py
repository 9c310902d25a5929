"""The hall that is attacked, one for all modules of the folder, and what an attack may not leave behind."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.test import Client

from kyufu.platform import clock
from kyufu.web.signin.proofs import Proof
from tests.attacks.crawl import Site, crawl
from tests.attacks.hall import Hall, standing_hall
from tests.attacks.undoing import undone
from tests.web.conftest import newcomer, signed_in, town

__all__ = ["hall", "newcomer", "signed_in", "site", "standing", "town"]


@pytest.fixture(scope="package")
def standing(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Hall]:
    """The hall. Its transaction is open to the end of the folder: no test here may commit for real."""
    with django_db_blocker.unblock(), standing_hall(tmp_path_factory.mktemp("hall")) as hall:
        yield hall


@pytest.fixture
def hall(standing: Hall, db: None) -> Iterator[Hall]:
    """The hall as it was built, whatever the test before did to it: the test runs in a savepoint."""
    client = standing.almighty.client
    cookies = deepcopy(client.cookies)
    prove_again(client)
    yield standing
    client.cookies = cookies


def prove_again(client: Client) -> None:
    """Both factors count as given just now: the folder's tests take longer than a proof is fresh."""
    session = client.session
    for proof in Proof:
        session[proof] = clock.current_instant().isoformat()
    session.save()


@pytest.fixture(scope="package")
def site(standing: Hall) -> Site:
    """Every page and form that the almighty person of the hall can come to."""
    with undone():
        return crawl(standing.almighty)

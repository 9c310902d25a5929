"""Papers and files: the protected address stands on none but the letters to her own household.

She herself is written to at the safe address; her card names the city alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings

from kyufu.audit.api import acting
from kyufu.cases import api as cases
from kyufu.documents import api as documents
from kyufu.platform.access import Opening
from kyufu.platform.errors import Refused
from tests.cases.world import Family, quiet
from tests.conftest import TESTER
from tests.documents.reading import page_texts
from tests.protection.markers import BEFORE, ELSEWHERE, HOME, NOW, SAFE, WARD, betrayed_in
from tests.protection.scene import AT, CHILD, GRANDMOTHER, LATER, MOTHER, ON, SIBLING, Scene, certify
from tests.registry.persons import addressee_no, fetch

CERTIFICATE = documents.Kind.CERTIFICATE


def print_all() -> None:
    """Every kind of document that is due."""
    for kind in documents.Kind:
        documents.print_letters(kind, by=LATER, on=ON, at=AT, report=quiet)


def pages_by_addressee() -> Mapping[int, list[str]]:
    """The texts of the printed pages by the person whom they go to."""
    found: dict[int, list[str]] = {}
    for (addressee,) in fetch("SELECT DISTINCT addressee_id FROM documents_document"):
        for page in documents.pages_to(addressee):
            texts = page_texts(page.file.read_bytes())[page.page - 1 : page.page - 1 + page.pages]
            found.setdefault(addressee, []).extend(texts)
    return found


def test_letters_to_the_protected_show_the_safe_address_and_nothing_of_the_other(
    scene: Scene, var: Path
) -> None:
    print_all()
    pages = pages_by_addressee()
    assert set(pages) == {scene.ids[MOTHER], scene.neighbours.father}
    assert set().union(*map(betrayed_in, pages[scene.ids[MOTHER]])) == {SAFE}
    assert set().union(*map(betrayed_in, pages[scene.neighbours.father])) == set()


def test_a_letter_to_the_household_shows_its_address_where_the_envelope_does_and_nowhere_else(
    scene: Scene, var: Path
) -> None:
    """The grandmother gets her letters at home, which tells her nothing; the card inside names the city alone."""
    numbers = (addressee_no(SIBLING), addressee_no(GRANDMOTHER))
    withdraw(scene)
    certify(Family(SIBLING, *numbers, scene.ids[SIBLING], scene.ids[GRANDMOTHER]), ward=HOME.ward)
    print_all()
    (page,) = pages_by_addressee()[scene.ids[GRANDMOTHER]]
    assert betrayed_in(page) == {NOW, WARD}
    assert page.count("秘匿町一丁目") == 1
    assert page.count("秘匿荘") == 1


def withdraw(scene: Scene) -> None:
    """The sibling's first application is given up, so that another guardian may hand in one."""
    from tests.protection.prepared import CALLS

    CALLS["cases.withdraw_application"](scene)


def test_no_file_that_is_written_holds_it(scene: Scene, var: Path) -> None:
    print_all()
    files = [path for path in var.rglob("*") if path.is_file()]
    assert any(path.suffix == ".pdf" for path in files)
    for path in files:
        raw = path.read_bytes()
        secrets = betrayed_in(str(path.relative_to(var)) + raw.decode("utf-8", errors="ignore"))
        assert secrets & {NOW, BEFORE, ELSEWHERE} == set(), path.name


@pytest.mark.parametrize("opened", [frozenset(), frozenset({Opening.PROTECTED_ADDRESS})])
def test_a_picture_of_her_letter_is_shown_to_those_let_through_alone(
    scene: Scene, opened: frozenset[Opening]
) -> None:
    ((certificate,),) = fetch("SELECT id FROM cases_certificate WHERE child_id = %s", scene.ids[CHILD])
    with acting(TESTER._replace(opened=opened)):
        if opened:
            assert documents.preview(CERTIFICATE, subject_id=certificate, on=ON, today=ON)
            return
        with pytest.raises(Refused, match="支援措置") as refused:
            documents.preview(CERTIFICATE, subject_id=certificate, on=ON, today=ON)
    assert betrayed_in(str(refused.value)) == set()


def test_a_print_run_is_one_record_a_kind_with_everybody_on_the_paper(scene: Scene, var: Path) -> None:
    run = uuid4()
    with acting(TESTER._replace(reference=run)):
        print_all()
    records = fetch("SELECT what, subjects FROM audit_read WHERE reference = %s", run)
    assert [what for what, _ in records] == [["小児医療証の印刷"]]
    assert set(records[0][1]) == {
        scene.ids[MOTHER], scene.ids[CHILD], scene.neighbours.child, scene.neighbours.father,
    }  # fmt: skip
    assert var == settings.VAR_DIR
    assert cases.state_counts()["issued"] == 2

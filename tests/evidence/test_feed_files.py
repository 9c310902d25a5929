"""Evidence feeds as files: repeated, out of sequence, cut off; and the layouts as agreed with the senders."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection

from kyufu.evidence.api import income_of
from kyufu.evidence.feeds.layouts import ASSISTANCE, INSURANCE, SCHEMES
from kyufu.platform.errors import BadInput
from tests.evidence.files import FEEDS, INCOME, Sender, write_feed
from tests.evidence.worklist import changes_of, rejected

pytestmark = pytest.mark.django_db
NUMBER = "000000000000001"
ROW = {**INCOME, "atenabango": NUMBER}


def everything() -> list[tuple[object, ...]]:
    """The whole table of income."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM evidence_income ORDER BY id")
        return list(cursor.fetchall())


def test_the_same_file_twice_changes_nothing(person: Callable[[str], int], sender: Sender) -> None:
    guardian = person(NUMBER)
    sender.send("tax", [ROW])
    before = everything(), changes_of(guardian)

    again = sender.take_in(sender.folder / "tax_DIFF_000001.csv")

    assert again.already_applied
    assert (everything(), changes_of(guardian)) == before


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda text: text.replace("T,1,1=1", "T,2,1=2"), "件数"),
        (lambda text: text.replace("T,1,1=1", "T,1,2=1"), "区分ごとの件数"),
        (lambda text: text[:-10], "途中で切れています"),
        (lambda text: text.replace("kyuyo,jigyo", "jigyo,kyuyo"), "項目名の並び"),
        (lambda text: text.replace("H,tax,1,DIFF,141003,000002", "H,tax,1,DIFF,141003,000003"), "通番"),
    ],
)
def test_a_damaged_file_is_refused_before_anything_is_touched(
    person: Callable[[str], int], sender: Sender, damage: Callable[[str], str], words: str
) -> None:
    person(NUMBER)
    sender.send("tax", [ROW])
    before = everything()
    path = sender.folder / "tax_DIFF_000002.csv"
    write_feed(
        path, layout=FEEDS["tax"].layout, rows=[{**ROW, "rirekieda": 1, "kyuyo": 1}], mode="DIFF", seq=2
    )
    text = path.read_text(encoding="utf-8")
    assert damage(text) != text
    path.write_text(damage(text), encoding="utf-8")

    with pytest.raises(BadInput, match=words):
        sender.take_in(path)

    assert everything() == before


def test_a_row_of_the_worklist_can_be_sent_again_once_the_person_is_known(
    person: Callable[[str], int], sender: Sender
) -> None:
    first = sender.send("tax", [ROW])
    assert [row["code"] for row in rejected(first.file_id)] == ["unknown_addressee"]
    guardian = person(NUMBER)

    second = sender.send("tax", [ROW])

    assert (second.landed, second.rejected) == (1, 0)
    assert len(income_of([guardian])[guardian]) == 1


def test_every_row_of_a_file_is_either_landed_or_on_the_worklist(
    person: Callable[[str], int], sender: Sender
) -> None:
    for number in range(1, 21):
        person(f"{number:015}")
    rows = [
        {**INCOME, "atenabango": f"{number:015}", "kyuyo": -1 if number % 3 == 0 else number}
        for number in range(1, 31)
    ]

    result = sender.send("tax", rows)

    assert (result.rows, result.landed + result.rejected) == (30, 30)
    assert len(everything()) == result.landed == 14
    assert len(rejected(result.file_id)) == 16


def test_where_a_fact_came_from_can_be_followed(person: Callable[[str], int], sender: Sender) -> None:
    person(NUMBER)

    result = sender.send("tax", [{**ROW, "atenabango": "000000000000009"}, ROW])

    with connection.cursor() as cursor:
        cursor.execute("SELECT file_id, row_no, recorded_by FROM evidence_income")
        assert cursor.fetchall() == [(result.file_id, 2, "")]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (
            INSURANCE.names,
            "shikaku_kubun,rirekibango,rirekieda,torikeshi,atenabango,hokensha_bango,kigo,bango,edaban,"
            "shutoku_nengappi,soshitsu_nengappi",
        ),
        (ASSISTANCE.names, "hogo_kubun,rirekibango,rirekieda,torikeshi,atenabango,kaishi,haishi"),
        (SCHEMES.names, "seido,rirekibango,rirekieda,torikeshi,atenabango,kaishi,haishi"),
    ],
)
def test_the_layouts_have_the_items_agreed(names: tuple[str, ...], expected: str) -> None:
    assert ",".join(names) == expected

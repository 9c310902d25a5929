"""What somebody with the database in hand put in another's place, or altered, does not open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from kyufu.attachments.api import open_attachment, withdraw_attachment
from kyufu.platform.errors import Refused
from tests.attachments.files import pdf
from tests.attachments.papers import AT, OTHER, attach
from tests.cases.world import World, receive


@contextmanager
def guards_off() -> Iterator[None]:
    """Somebody with the owner's account takes the guards of the tables away."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = origin")


def execute(statement: str, *values: object) -> None:
    """Do something past all guards."""
    with guards_off(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def swap(first: int, second: int) -> None:
    """Exchange the contents of two attachments."""
    execute(
        """UPDATE attachments_attachment_content c SET wrapped_key = o.wrapped_key, sealed = o.sealed
             FROM attachments_attachment_content o
            WHERE c.attachment_id IN (%s, %s) AND o.attachment_id = %s + %s - c.attachment_id""",
        first, second, first, second,
    )  # fmt: skip


def test_contents_swapped_between_applications_do_not_open(world: World) -> None:
    mine, theirs = attach(receive(world.family())), attach(receive(world.family()), pdf(text="THEIRS"))
    swap(mine, theirs)
    for one in (mine, theirs):
        with pytest.raises(Refused, match="書き換えられたおそれ"):
            open_attachment(one)


def test_the_same_content_swapped_between_applications_does_not_open(world: World) -> None:
    mine, theirs = (attach(receive(world.family())) for _ in range(2))
    swap(mine, theirs)
    with pytest.raises(Refused, match="書き換えられたおそれ"):
        open_attachment(mine)


def test_a_record_moved_to_another_application_does_not_open(world: World) -> None:
    mine, other = attach(receive(world.family())), receive(world.family())
    execute("UPDATE attachments_attachment SET application_id = %s WHERE id = %s", other, mine)
    with pytest.raises(Refused, match="書き換えられたおそれ"):
        open_attachment(mine)


@pytest.mark.parametrize(
    "change",
    [
        "sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1)",
        "sealed = substring(sealed FROM 1 FOR 40)",
        "wrapped_key = set_byte(wrapped_key, 5, get_byte(wrapped_key, 5) # 1)",
        "wrapped_key = ''",
    ],
)
def test_an_altered_content_does_not_open(application: int, change: str) -> None:
    attachment = attach(application)
    execute(f"UPDATE attachments_attachment_content SET {change} WHERE attachment_id = %s", attachment)
    with pytest.raises(Refused, match="書き換えられたおそれ"):
        open_attachment(attachment)


def test_a_hash_that_was_altered_does_not_open(application: int) -> None:
    attachment = attach(application)
    execute("UPDATE attachments_attachment SET sha256 = %s WHERE id = %s", "0" * 64, attachment)
    with pytest.raises(Refused, match="書き換えられたおそれ"):
        open_attachment(attachment)


def test_a_content_that_was_taken_away_is_missed(application: int) -> None:
    attachment = attach(application)
    execute("DELETE FROM attachments_attachment_content WHERE attachment_id = %s", attachment)
    with pytest.raises(Refused, match="開けません"):
        open_attachment(attachment)


def test_without_the_key_nothing_opens(application: int, own_key: Path) -> None:
    attachment = attach(application)
    kept = own_key.read_bytes()
    own_key.unlink()
    with pytest.raises(Refused, match="鍵ファイル"):
        open_attachment(attachment)
    own_key.write_bytes(kept)
    own_key.chmod(0o600)
    assert open_attachment(attachment).content == pdf()


def test_a_withdrawn_file_is_not_shown(application: int) -> None:
    attachment = attach(application)
    withdraw_attachment(attachment, by=OTHER, at=AT, why="別人の書類でした")
    with pytest.raises(Refused, match=r"取り下げられています（鶴見区保険年金課　取下　次郎）"):
        open_attachment(attachment)

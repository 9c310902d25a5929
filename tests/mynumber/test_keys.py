"""Keys: where the key-encryption key is, what a wrong one does, exchange of keys, and two persons for each act."""

from __future__ import annotations

import base64
import os
import sys
from pathlib import Path

import pytest
from django.db import connections

from kyufu.audit.api import acting
from kyufu.mynumber import api as mynumber
from kyufu.mynumber import keyring, keysource, rotation
from kyufu.mynumber.api import BasicItems
from kyufu.mynumber.crypto import new_key
from kyufu.platform.access import Opening
from kyufu.platform.errors import BadInput, Refused
from tests.mynumber.conftest import empty
from tests.mynumber.people import AT, CLERK, SECOND, access, addressee, log, look, pair, register, send
from tests.registry.persons import addressee_no, my_number

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])
KEYS = "SELECT purpose, state, wrapped IS NULL FROM mynumber_key ORDER BY id"

KMS = """
import base64, sys
context, data = (base64.b64decode(line) for line in sys.stdin.buffer.read().split())
mark = b"kms:" + context + b":"
if sys.argv[1] == "wrap":
    out = mark + bytes(byte ^ 0x5A for byte in data)
elif data.startswith(mark):
    out = bytes(byte ^ 0x5A for byte in data[len(mark):])
else:
    sys.exit("wrong context")
print(base64.b64encode(out).decode())
"""


def shown(number: int) -> str:
    """The number of a person as an authorised clerk gets it."""
    with acting(access(Opening.NUMBER_DISPLAY)):
        return mynumber.disclose_number(
            addressee_no=addressee_no(number), subject=number, reason="本人確認"
        ).reveal()


def rotate() -> int:
    """Exchange the keys by two persons."""
    return mynumber.rotate_keys(by=CLERK, confirmed_by=SECOND, at=AT, report=lambda _: None)


def forget_unwrapped() -> None:
    """What a new process has: no key unwrapped yet."""
    keyring._UNWRAPPED.clear()


def test_the_file_is_made_for_its_owner_alone_and_never_replaced(vault: Path) -> None:
    assert vault.stat().st_mode & 0o777 == 0o600
    content = vault.read_bytes()
    assert len(base64.b64decode(content)) == 32
    assert mynumber.init_vault(by=CLERK, confirmed_by=SECOND, at=AT) is False
    assert vault.read_bytes() == content
    with pytest.raises(FileExistsError):
        keysource.make_key_file(vault)


def test_a_file_that_others_may_read_is_refused(vault: Path) -> None:
    vault.chmod(0o640)
    with pytest.raises(Refused, match="読める"):
        register(1)
    vault.chmod(0o600)
    register(1)


def test_a_lost_file_is_not_replaced_by_a_new_key(vault: Path) -> None:
    register(1)
    vault.unlink()
    for act in (lambda: register(2), lambda: mynumber.init_vault(by=CLERK, confirmed_by=SECOND, at=AT)):
        with pytest.raises(Refused, match="鍵ファイル"):
            act()
    assert not vault.exists()


@pytest.mark.parametrize("unwrapped_before", [True, False])
def test_a_wrong_key_is_refused_clearly_and_changes_nothing(vault: Path, unwrapped_before: bool) -> None:
    send(pair(1))
    right = vault.read_bytes()
    if not unwrapped_before:
        forget_unwrapped()
    vault.write_bytes(base64.b64encode(new_key()))
    for act in (lambda: shown(1), lambda: register(2), lambda: send(pair(3)), rotate):
        with pytest.raises(Refused, match="この金庫のものではありません"):
            act()
    vault.write_bytes(right)
    assert shown(1) == my_number(1)
    assert look("SELECT count(*) FROM mynumber_inbox") == [(1,)]


def test_a_key_row_of_another_place_does_not_unwrap(vault: Path) -> None:
    look("UPDATE mynumber_key a SET wrapped = b.wrapped FROM mynumber_key b WHERE a.purpose = 'data' "
         "AND b.purpose = 'index' RETURNING a.id")  # fmt: skip
    forget_unwrapped()
    with pytest.raises(Refused, match="この金庫のものではありません"):
        register(1)


@pytest.mark.parametrize("text", ["", "short", base64.b64encode(b"x" * 31).decode(), "鍵" * 20])
def test_a_file_without_a_key_is_refused(vault: Path, text: str) -> None:
    vault.write_text(text, encoding="utf-8")
    with pytest.raises((BadInput, Refused), match="鍵"):
        register(1)


def test_the_key_may_be_a_secret_of_the_environment(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KYUFU_VAULT_KEY", vault.read_text("ascii").strip())
    vault.unlink()
    forget_unwrapped()
    register(1)
    assert shown(1) == my_number(1)
    monkeypatch.setenv("KYUFU_VAULT_KEY_COMMAND", "true")
    with pytest.raises(BadInput, match="両方"):
        register(2)


def test_the_key_may_be_that_of_a_kms_behind_a_command(
    vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "kms.py"
    script.write_text(KMS, encoding="ascii")
    empty()
    monkeypatch.setenv("KYUFU_VAULT_KEY_COMMAND", f"{sys.executable} {script}")
    assert mynumber.init_vault(by=CLERK, confirmed_by=SECOND, at=AT)
    forget_unwrapped()
    register(1)
    assert shown(1) == my_number(1)
    assert all(
        bytes(row[0]).startswith(b"kms:mynumber_key") for row in look("SELECT wrapped FROM mynumber_key")
    )
    script.unlink()
    forget_unwrapped()
    with pytest.raises(Refused, match="命令"):
        register(2)


def test_an_exchange_encrypts_everything_anew_and_destroys_the_former_key(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "BLOCK", 3)
    send(*(pair(number) for number in range(1, 9)))
    items = BasicItems("見本", None, "0", "横浜市")
    mynumber.record_basics(person=addressee(1), items=items, subject=1, by=CLERK, reason="申請", at=AT)
    before = look("SELECT sealed FROM mynumber_number ORDER BY id")
    assert rotate() == 9
    after = look("SELECT sealed FROM mynumber_number ORDER BY id")
    assert not {bytes(row[0]) for row in before} & {bytes(row[0]) for row in after}
    assert [shown(number) for number in range(1, 9)] == [my_number(number) for number in range(1, 9)]
    assert mynumber.compare_basics(person=addressee(1), items=items) == ()
    assert look(KEYS) == [
        ("data", "destroyed", True), ("index", "active", False), ("inbox", "decrypt_only", False),
        ("data", "active", False), ("inbox", "active", False),
    ]  # fmt: skip


def test_a_letter_sealed_before_the_exchange_is_opened_after_it(vault: Path) -> None:
    from tests.mynumber.people import drain, post

    post(pair(1))
    rotate()
    post(pair(2))
    assert drain().new_persons == 2


def test_an_interrupted_exchange_goes_on_and_makes_no_further_key(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "BLOCK", 2)
    send(*(pair(number) for number in range(1, 8)))

    def interrupt(done: int) -> None:
        if done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mynumber.rotate_keys(by=CLERK, confirmed_by=SECOND, at=AT, report=interrupt)
    assert [shown(number) for number in (1, 4, 7)] == [my_number(number) for number in (1, 4, 7)]
    assert look("SELECT count(DISTINCT key_id) FROM mynumber_number") == [(2,)]
    assert rotate() == 3
    assert [row[:2] for row in look(KEYS) if row[0] == "data"] == [("data", "destroyed"), ("data", "active")]


def test_a_key_in_use_cannot_be_destroyed_past_the_operations(vault: Path) -> None:
    send(pair(1))
    for statement in (
        "UPDATE mynumber_key SET state = 'destroyed' RETURNING id",
        "UPDATE mynumber_key SET wrapped = NULL RETURNING id",
        "DELETE FROM mynumber_key RETURNING id",
    ):
        with pytest.raises(Exception, match="mynumber_key"):
            look(statement)


def test_another_key_encryption_key_takes_over(vault: Path, tmp_path: Path) -> None:
    send(pair(1))
    new = mynumber.make_key_file(tmp_path / "new" / "kek")
    assert mynumber.rewrap_keys(new=new, by=CLERK, confirmed_by=SECOND) == 3
    with pytest.raises(Refused, match="この金庫のものではありません"):
        shown(1)
    vault.write_bytes((tmp_path / "new" / "kek").read_bytes())
    assert shown(1) == my_number(1)
    with pytest.raises(Refused, match="この金庫のものではありません"):
        os.environ["KYUFU_VAULT_KEY"] = base64.b64encode(new_key()).decode()
        try:
            mynumber.rewrap_keys(new=new, by=CLERK, confirmed_by=SECOND)
        finally:
            del os.environ["KYUFU_VAULT_KEY"]


def test_key_operations_need_two_persons_and_are_in_the_log(vault: Path) -> None:
    new = keysource.SecretKeyEncryption(new_key())
    for act in (
        lambda: mynumber.init_vault(by=CLERK, confirmed_by=CLERK, at=AT),
        lambda: mynumber.rotate_keys(by=CLERK, confirmed_by=CLERK, at=AT, report=lambda _: None),
        lambda: mynumber.rewrap_keys(new=new, by=CLERK, confirmed_by=CLERK),
    ):
        with pytest.raises(Refused, match="本人だけ"):
            act()
    rotate()
    mynumber.rewrap_keys(new=new, by=CLERK, confirmed_by=SECOND)
    events = log("SELECT detail::text FROM audit_event WHERE kind = 'key_operation' ORDER BY id DESC LIMIT 3")
    texts = [text for (text,) in events]
    assert [name in text for name, text in zip(("包む鍵", "データ鍵", "開設"), texts, strict=True)] == [
        True
    ] * 3
    assert all(CLERK.name in text and SECOND.name in text for text in texts)


def test_secrets_of_keys_are_not_in_their_text(vault: Path) -> None:
    kek = keysource.configured_key()
    assert isinstance(kek, keysource.SecretKeyEncryption)
    assert repr(kek.secret) not in repr(kek)
    live = keyring.active_key(keyring.DATA)
    assert repr(live.secret) not in repr(live)
    assert connections["vault"].is_usable()

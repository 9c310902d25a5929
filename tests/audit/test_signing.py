"""The key lies in a file for its owner alone; former public keys keep old blocks provable."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from kyufu.audit.api import EventKind, record_event
from kyufu.audit.chain import chain_records
from kyufu.audit.signing import is_signed, open_signer, public_keys, public_list, replace_key
from kyufu.platform.clock import current_instant
from kyufu.platform.errors import Refused
from tests.audit.conftest import run
from tests.audit.test_verification import faults

pytestmark = pytest.mark.django_db
Log = Callable[..., Any]


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """Where the key lies."""
    return tmp_path / "keys" / "signing-key"


def test_the_key_is_made_once_for_its_owner_alone(key: Path) -> None:
    first, again = open_signer(key), open_signer(key)
    assert first.key_id == again.key_id
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert sorted(file.name for file in key.parent.iterdir()) == ["signing-key", "signing-key.pub"]


def test_what_is_signed_holds_for_its_purpose_and_key_only(key: Path, tmp_path: Path) -> None:
    signer = open_signer(key)
    signature = signer.sign(b"message", purpose="block")
    public = public_keys(key)[signer.key_id]
    other = open_signer(tmp_path / "other")
    stranger = public_keys(tmp_path / "other")[other.key_id]
    assert is_signed(b"message", signature=signature, purpose="block", key=public)
    assert not is_signed(b"messagE", signature=signature, purpose="block", key=public)
    assert not is_signed(b"message", signature=signature, purpose="head", key=public)
    assert not is_signed(b"message", signature=signature, purpose="block", key=stranger)
    assert not is_signed(b"message", signature=signature, purpose="block", key=None)


def seal_once(key: Path) -> str:
    """A block by this key; the key's name."""
    record_event(EventKind.EXPORTED, detail={})
    signer = open_signer(key)
    assert chain_records(at=current_instant(), signer=signer).records == 1
    return signer.key_id


@pytest.mark.parametrize("with_list", [True, False])
def test_a_lost_key_is_not_replaced_in_silence(key: Path, log: Log, *, with_list: bool) -> None:
    seal_once(key)
    key.unlink()
    if not with_list:
        public_list(key).unlink()
    with pytest.raises(Refused, match="鍵が見つかりません"):
        open_signer(key)
    assert not key.exists()


@pytest.mark.parametrize("is_lost", [True, False])
def test_a_new_key_is_on_record_and_the_old_one_stays_in_the_list(
    key: Path, log: Log, *, is_lost: bool
) -> None:
    old = seal_once(key)
    if is_lost:
        key.unlink()
    new = replace_key(key, reason="担当の交代")
    assert set(public_keys(key)) == {old, new.key_id}
    assert open_signer(key).key_id == new.key_id
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert sorted(file.name for file in key.parent.iterdir()) == ["signing-key", "signing-key.pub"]
    found = run(
        "SELECT detail->>'前の鍵', detail->>'新しい鍵', detail->>'理由' FROM audit_event WHERE kind = 'key_operation'"
    )
    assert found == [("失われた、または読めない" if is_lost else old, new.key_id, "担当の交代")]
    chain_records(at=current_instant(), signer=new)
    assert faults(key) == []


def test_a_key_that_cannot_be_put_in_place_is_not_on_record(
    key: Path, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = seal_once(key)

    def fails(*_: object) -> None:
        raise OSError("no space")

    monkeypatch.setattr("pathlib.Path.replace", fails)
    with pytest.raises(OSError, match="no space"):
        replace_key(key, reason="担当の交代")
    assert run("SELECT count(*) FROM audit_event WHERE kind = 'key_operation'") == [(0,)]
    assert open_signer(key).key_id == old


def test_a_key_that_others_may_read_is_refused(key: Path) -> None:
    open_signer(key)
    key.chmod(0o644)
    with pytest.raises(Refused, match="ほかの利用者も読める"):
        open_signer(key)


@pytest.mark.parametrize(
    "content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_what_is_no_key_is_refused_without_its_content(key: Path, content: bytes) -> None:
    open_signer(key)
    key.write_bytes(content)
    with pytest.raises(Refused, match="鍵を読めません") as refusal:
        open_signer(key)
    assert "BEGIN" not in str(refusal.value)


def test_a_key_of_another_kind_is_refused(key: Path) -> None:
    open_signer(key)
    rsa = generate_private_key(public_exponent=65537, key_size=2048)
    key.write_bytes(rsa.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(Refused, match="鍵を読めません"):
        open_signer(key)


@pytest.mark.parametrize("content", [None, "zz\n", "abcd\n"])
def test_a_list_of_public_keys_that_cannot_be_read_is_refused(key: Path, content: str | None) -> None:
    open_signer(key)
    if content is None:
        public_list(key).unlink()
    else:
        public_list(key).write_text(content)
    with pytest.raises(Refused, match="公開鍵の一覧を読めません"):
        public_keys(key)

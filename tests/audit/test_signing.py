"""The key lies in a file for its owner alone; former public keys keep old blocks provable."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from kyufu.audit.signing import is_signed, open_signer, public_keys, public_list
from kyufu.platform.errors import Refused


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


def test_a_new_key_joins_the_list_and_the_old_one_stays(key: Path) -> None:
    old = open_signer(key)
    key.unlink()
    new = open_signer(key)
    assert set(public_keys(key)) == {old.key_id, new.key_id}


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

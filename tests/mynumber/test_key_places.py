"""The key-encryption key wherever it lies: modes of its file, forms of its text, commands that answer wrongly."""

from __future__ import annotations

import base64
import hashlib
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyufu.mynumber.crypto import KEY_BYTES
from kyufu.mynumber.keysource import (
    CommandKeyEncryption,
    SecretKeyEncryption,
    configured_key,
    is_in_file,
    key_file,
    key_from_file,
    make_key_file,
)
from kyufu.platform.errors import BadInput, Refused

SECRET = hashlib.sha256("試験の鍵".encode()).digest()  # the same in every process of a parallel run
TEXT = base64.b64encode(SECRET).decode()
OTHERS = [mode for mode in range(0o600, 0o700) if mode & 0o077 in (0o01, 0o02, 0o04, 0o10, 0o20, 0o40, 0o66)]
VARIABLES = ("KYUFU_VAULT_KEY", "KYUFU_VAULT_KEY_COMMAND", "KYUFU_VAULT_KEY_FILE")


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key in the environment."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with a key, for its owner alone."""
    path = tmp_path / "kek"
    path.write_text(TEXT, encoding="ascii")
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("mode", OTHERS, ids=oct)
def test_any_bit_for_others_is_refused_in_words(file: Path, mode: int) -> None:
    file.chmod(mode)
    with pytest.raises(Refused, match="ほかの利用者も読める") as refusal:
        key_from_file(file)
    assert "chmod 600" in str(refusal.value.remedy)
    assert TEXT not in f"{refusal.value}{refusal.value.remedy}"


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700, 0o500])
def test_the_owner_alone_may_read_it_in_any_of_these_modes(file: Path, mode: int) -> None:
    file.chmod(mode)
    assert key_from_file(file) == SecretKeyEncryption(SECRET)


@pytest.mark.parametrize("around", ["{}", "{}\n", "\n{}\n", "  {}  ", "{}\r\n"])
def test_blanks_around_the_key_do_no_harm(file: Path, around: str) -> None:
    file.write_text(around.format(TEXT), encoding="ascii")
    assert key_from_file(file).secret == SECRET


@given(st.binary(max_size=60))
def test_a_key_of_another_length_is_refused_and_not_shown(content: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        written = base64.b64encode(content).decode()
        patch.setenv("KYUFU_VAULT_KEY", written)
        if len(content) == KEY_BYTES:
            assert configured_key() == SecretKeyEncryption(content)
            return
        if not written:
            return
        with pytest.raises(BadInput, match="KYUFU_VAULT_KEY") as refusal:
            configured_key()
        assert len(written) < 8 or written not in f"{refusal.value}{refusal.value.remedy}"


@pytest.mark.parametrize(
    "text", [TEXT[:-1], TEXT + "A", TEXT.replace("=", "!"), f"{TEXT[:8]}\n{TEXT[8:]}", "%%%"]
)
def test_what_is_no_base64_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("KYUFU_VAULT_KEY", text)
    with pytest.raises(BadInput, match="形が正しくありません") as refusal:
        configured_key()
    assert "32バイト" in str(refusal.value.remedy)


@pytest.mark.parametrize("made", ["nothing", "folder", "binary"])
def test_a_file_that_cannot_be_read_says_where_a_copy_helps(tmp_path: Path, made: str) -> None:
    path = tmp_path / "kek"
    if made == "folder":
        path.mkdir(mode=0o700)
    if made == "binary":
        path.write_bytes(b"\xff\xfe" * 20)
        path.chmod(0o600)
    with pytest.raises(Refused, match="ないか、読めません") as refusal:
        key_from_file(path)
    assert "控え" in str(refusal.value.remedy)
    assert str(tmp_path) not in f"{refusal.value}{refusal.value.remedy}"


def test_a_new_file_is_for_its_owner_whatever_the_mask_and_never_replaces_one(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "kek"
    before = os.umask(0)
    try:
        made = make_key_file(path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert key_from_file(path) == made
    with pytest.raises(FileExistsError):
        make_key_file(path)
    assert key_from_file(path) == made


def test_each_new_file_has_another_key(tmp_path: Path) -> None:
    made = {make_key_file(tmp_path / str(number)).identity for number in range(10)}
    assert len(made) == 10


def test_two_keys_at_once_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KYUFU_VAULT_KEY", TEXT)
    monkeypatch.setenv("KYUFU_VAULT_KEY_COMMAND", "cat")
    with pytest.raises(BadInput, match="両方"):
        configured_key()


def test_where_the_key_is_follows_the_environment(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KYUFU_VAULT_KEY_FILE", str(file))
    assert (key_file(), is_in_file(), configured_key()) == (file, True, SecretKeyEncryption(SECRET))
    other = base64.b64encode(bytes(KEY_BYTES)).decode()
    monkeypatch.setenv("KYUFU_VAULT_KEY", other)
    assert (is_in_file(), configured_key()) == (False, SecretKeyEncryption(bytes(KEY_BYTES)))
    monkeypatch.delenv("KYUFU_VAULT_KEY")
    monkeypatch.setenv("KYUFU_VAULT_KEY_COMMAND", "kms --key 'a b'")
    assert (is_in_file(), configured_key()) == (False, CommandKeyEncryption(("kms", "--key", "a b")))


@given(st.binary(min_size=KEY_BYTES, max_size=KEY_BYTES), st.binary(max_size=40), st.binary(max_size=20))
def test_only_the_same_key_in_the_same_context_unwraps(secret: bytes, key: bytes, context: bytes) -> None:
    kek = SecretKeyEncryption(secret)
    wrapped = kek.wrap(key, context=context)
    assert kek.unwrap(wrapped, context=context) == key
    for other, place in ((SecretKeyEncryption(SECRET), context), (kek, context + b"x")):
        if (other, place) == (kek, context):
            continue
        with pytest.raises(Refused, match="この金庫のものではありません") as refusal:
            other.unwrap(wrapped, context=place)
        assert "何も変わっていません" in str(refusal.value.remedy)


def test_the_identity_tells_keys_apart_and_gives_nothing_away() -> None:
    one, other = SecretKeyEncryption(SECRET), SecretKeyEncryption(bytes(KEY_BYTES))
    assert one.identity != other.identity
    assert len(one.identity) == 32
    assert one.identity not in (SECRET.hex()[:32], SECRET.hex()[32:])
    assert SECRET.hex() not in repr(one)
    assert TEXT not in repr(one)
    assert repr(SECRET) not in repr(one)


@pytest.mark.parametrize(
    "command",
    ["false", "exit 1", "no-such-program-here", "sh -c 'echo secret >&2; exit 3'", "sh -c 'echo A'"],
)
def test_a_command_that_fails_is_refused_without_what_it_printed(command: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KYUFU_VAULT_KEY_COMMAND", command)
        kek = configured_key()
    for act in (kek.wrap, kek.unwrap):
        with pytest.raises(Refused, match="鍵管理の命令") as refusal:
            act(SECRET, context=b"row")
        assert "secret" not in f"{refusal.value}{refusal.value.remedy}"
        assert refusal.value.__suppress_context__


def test_a_command_is_told_the_act_the_context_and_the_key(tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    script = tmp_path / "kms"
    script.write_text(
        f'#!/bin/sh\necho "$1" >> {heard}\nread context\nread key\necho "$context" >> {heard}\necho "$key"\n'
    )
    script.chmod(0o700)
    kek = CommandKeyEncryption((str(script),))
    assert kek.wrap(SECRET, context=b"row 1") == SECRET
    assert kek.unwrap(SECRET, context=b"row 2") == SECRET
    words = heard.read_text(encoding="ascii").split()
    assert words == [
        "wrap",
        base64.b64encode(b"row 1").decode(),
        "unwrap",
        base64.b64encode(b"row 2").decode(),
    ]


def test_no_shell_reads_the_command(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KYUFU_VAULT_KEY_COMMAND", f"true; touch {trace}")
        with pytest.raises(Refused):
            configured_key().wrap(SECRET, context=b"")
    assert not trace.exists()

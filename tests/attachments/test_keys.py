"""The secret of attachments: made once, readable by its owner alone, never made anew where something is sealed."""

from __future__ import annotations

import base64
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from kyufu.attachments.keys import AttachmentKey, key_file, usable_key
from kyufu.platform.errors import BadInput, Refused

GIVEN = base64.b64encode(bytes(range(32))).decode()


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A key file of this test's own, not yet made."""
    path = tmp_path / "keys" / "attachments"
    monkeypatch.setenv("KYUFU_ATTACHMENT_KEY_FILE", str(path))
    monkeypatch.delenv("KYUFU_ATTACHMENT_KEY", raising=False)
    return path


def test_the_file_is_made_at_the_first_use_for_its_owner_alone(place: Path) -> None:
    key = usable_key(in_use=None)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert len(key.secret) == 32
    assert usable_key(in_use=key.identity) == key
    assert [one.name for one in place.parent.iterdir()] == [place.name]


def test_many_that_start_at_once_agree_on_one_key(place: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _: usable_key(in_use=None).identity, range(16)))
    assert len(set(keys)) == 1


def test_a_lost_file_is_not_made_anew(place: Path) -> None:
    known = usable_key(in_use=None).identity
    place.unlink()
    with pytest.raises(Refused, match="鍵ファイルがない"):
        usable_key(in_use=known)
    assert not place.exists()


def test_another_key_than_the_one_in_use_is_refused(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = usable_key(in_use=None).identity
    monkeypatch.setenv("KYUFU_ATTACHMENT_KEY", GIVEN)
    with pytest.raises(Refused, match="鍵と違います"):
        usable_key(in_use=known)
    assert usable_key(in_use=None).secret == bytes(range(32))


def test_a_file_that_others_may_read_is_refused(place: Path) -> None:
    known = usable_key(in_use=None).identity
    place.chmod(0o640)
    with pytest.raises(Refused, match="ほかの利用者"):
        usable_key(in_use=known)


@pytest.mark.parametrize("text", ["", "short", "あ", base64.b64encode(bytes(31)).decode(), "*" * 44])
def test_a_file_of_another_form_is_refused(place: Path, text: str) -> None:
    place.parent.mkdir()
    place.write_text(text, encoding="utf-8")
    place.chmod(0o600)
    with pytest.raises((BadInput, Refused)):
        usable_key(in_use=None)


def test_a_key_tells_nothing_of_itself() -> None:
    key = AttachmentKey(bytes(range(32)))
    assert GIVEN not in repr(key)
    assert len(key.identity) == 32
    assert base64.b64decode(GIVEN).hex() not in key.identity


def test_without_a_setting_the_file_stands_under_var(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    monkeypatch.delenv("KYUFU_ATTACHMENT_KEY_FILE")
    settings.VAR_DIR = tmp_path
    assert key_file() == tmp_path / "attachments" / "key"

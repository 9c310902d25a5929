"""A lost or exchanged secret: refused at the start and said at sign-in; the one before still opens what it sealed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.utils import decrypt, encrypt

from kyufu.platform.errors import Refused
from kyufu.platform.web_settings import missing_secret, secret_key
from kyufu.web.signin.lost_secret import refuse_lost_secret
from tests.web.conftest import SignedIn

pytestmark = pytest.mark.django_db
OLD, NEW = "the secret of last year " * 3, "the secret of this year " * 3


@pytest.fixture
def old(settings: Any) -> None:
    """Second factors are registered under the secret of last year."""
    settings.SECRET_KEY = OLD


def test_a_missing_file_is_named_and_not_made_anew(
    old: None, signed_in: SignedIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KYUFU_SECRET_KEY", raising=False)
    signed_in()
    with pytest.raises(Refused, match="secret-key") as refusal:
        refuse_lost_secret(tmp_path)
    assert "バックアップ" in refusal.value.remedy
    assert not (tmp_path / "secret-key").exists()


def test_the_first_start_makes_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KYUFU_SECRET_KEY", raising=False)
    refuse_lost_secret(tmp_path)
    assert missing_secret(tmp_path) == tmp_path / "secret-key"
    made = secret_key(tmp_path)
    assert missing_secret(tmp_path) is None
    assert secret_key(tmp_path) == made


def test_another_secret_is_refused_at_the_start(
    old: None, signed_in: SignedIn, settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "secret-key").write_text(NEW)
    signed_in()
    refuse_lost_secret(tmp_path)
    settings.SECRET_KEY = NEW
    with pytest.raises(Refused, match="登録したときのものと違います"):
        refuse_lost_secret(tmp_path)
    settings.KYUFU_SECRET_KEY_OLD = OLD
    refuse_lost_secret(tmp_path)


def test_the_secret_before_opens_and_does_not_seal(old: None, settings: Any) -> None:
    sealed = encrypt("text")
    settings.SECRET_KEY, settings.KYUFU_SECRET_KEY_OLD = NEW, OLD
    assert decrypt(sealed) == "text"
    again = encrypt("text")
    settings.KYUFU_SECRET_KEY_OLD = ""
    assert decrypt(again) == "text"
    with pytest.raises(Refused, match="二つ目の認証"):
        decrypt(sealed)


def test_sign_in_with_a_lost_secret_is_refused_in_words(
    old: None, signed_in: SignedIn, settings: Any
) -> None:
    person = signed_in()
    person.sign_out()
    settings.SECRET_KEY = NEW
    elsewhere = person.at_another_browser()
    elsewhere.give_password()
    answer = elsewhere.give_code()
    assert answer.status_code == 409
    assert "二つ目の認証を確かめられません" in answer.content.decode()

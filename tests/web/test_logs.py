"""Lines of the technical log, keys, tokens and the secret of the installation."""

from __future__ import annotations

import json
import logging
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.http import Http404
from hypothesis import given
from hypothesis import strategies as st

from kyufu.platform import web_settings
from kyufu.platform.errors import BadInput
from kyufu.web import keys, tokens
from kyufu.web.logs import OneLineFormatter, where_it_rose
from kyufu.web.sessions import hashed

SETTINGS = "import json, kyufu.platform.settings as s; print(json.dumps({n: getattr(s, n) for n in %r}, default=str))"


def line_of(message: str, *, error: BaseException | None = None) -> str:
    """A message as the log has it."""
    found = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("kyufu", logging.INFO, "x.py", 1, message, (), found)  # type: ignore[arg-type]
    return OneLineFormatter().format(record)


@given(st.text())
def test_every_record_is_one_line(message: str) -> None:
    line = line_of(message)
    assert len(line.splitlines()) == 1
    assert line.isprintable() or not any(ord(one) < 32 or 127 <= ord(one) < 160 for one in line)


def test_error_is_written_without_its_words() -> None:
    try:
        try:
            raise ValueError("戸塚 桜子 141011")
        except ValueError as inner:
            raise RuntimeError("平成31年4月1日") from inner
    except RuntimeError as error:
        where, line = where_it_rose(error), line_of("failed", error=error)
    for text in (where, line):
        assert "RuntimeError" in text
        assert "ValueError" in text
        assert "test_logs.py" in text
        assert "戸塚" not in text
        assert "平成" not in text


def test_paths_of_the_machine_are_not_written() -> None:
    try:
        Path("/nonexistent-for-test/a").read_text(encoding="utf-8")
    except OSError as error:
        assert str(Path.home()) + "/" not in where_it_rose(error)
        assert not any(part.startswith("/") for part in where_it_rose(error).split())


@given(st.text(min_size=1, max_size=40), st.integers(min_value=1, max_value=10**9))
def test_token_opens_for_its_account_and_kind_only(key: str, account: int) -> None:
    if not key.isprintable():
        return
    token = tokens.token_for(kind="person", key=key, account_id=account)
    assert token == tokens.token_for(kind="person", key=key, account_id=account)
    assert token.isascii()
    assert tokens.opened_token(token, kind="person", account_id=account) == key
    for kind, other in (("case", account), ("person", account + 1)):
        with pytest.raises(Http404):
            tokens.opened_token(token, kind=kind, account_id=other)


@given(st.text(max_size=60))
def test_made_up_tokens_open_nothing(token: str) -> None:
    with pytest.raises(Http404):
        tokens.opened_token(token, kind="person", account_id=1)


def test_neighbouring_keys_have_tokens_that_tell_nothing() -> None:
    made = [tokens.token_for(kind="person", key=number, account_id=1) for number in range(100, 200)]
    assert len(set(made)) == 100
    assert len({token[:4] for token in made}) > 90


def test_keys_differ_by_purpose_and_secret(settings: Any) -> None:
    one = keys.derived_key("a", length=32)
    assert one != keys.derived_key("b", length=32)
    settings.SECRET_KEY = "another"
    assert one != keys.derived_key("a", length=32)


def test_hash_of_a_session_key_fits_its_column() -> None:
    assert len(hashed("a" * 32)) == 40
    assert hashed("a" * 32) != hashed("b" * 32)


def test_secret_is_made_once_and_closed_to_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KYUFU_SECRET_KEY", raising=False)
    folder = tmp_path / "var"
    secret = web_settings.secret_key(folder)
    assert len(secret) >= 64
    assert web_settings.secret_key(folder) == secret
    [file] = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    monkeypatch.setenv("KYUFU_SECRET_KEY", "given")
    assert web_settings.secret_key(folder) == "given"


def test_processes_that_start_at_once_agree_on_the_secret(tmp_path: Path) -> None:
    asked = "from pathlib import Path; from kyufu.platform.web_settings import secret_key; import sys; "
    asked += "print(secret_key(Path(sys.argv[1])))"
    env = {name: value for name, value in os.environ.items() if name != "KYUFU_SECRET_KEY"}
    env["PYTHONPATH"] = "src"
    started = [
        subprocess.Popen(
            [sys.executable, "-c", asked, str(tmp_path)], env=env, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    assert len({process.communicate(timeout=120)[0] for process in started}) == 1


def settings_under(env: dict[str, str], *names: str) -> dict[str, Any]:
    """Settings as another environment makes them."""
    done = subprocess.run(
        [sys.executable, "-c", SETTINGS % (names,)],
        env={**os.environ, "PYTHONPATH": "src", **env},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return dict(json.loads(done.stdout))


def test_named_hosts_require_https_and_host_cookies() -> None:
    names = ("ALLOWED_HOSTS", "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_NAME",
             "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "DEBUG")  # fmt: skip
    found = settings_under({"KYUFU_ALLOWED_HOSTS": "kyufu.city.example, 10.0.0.5"}, *names)
    assert found == {
        "ALLOWED_HOSTS": ["kyufu.city.example", "10.0.0.5"],
        "SESSION_COOKIE_NAME": "__Host-session",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31536000,
        "DEBUG": False,
    }


def test_without_names_only_this_machine_is_served() -> None:
    found = settings_under({"KYUFU_ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS", "SESSION_COOKIE_SECURE", "DEBUG")
    assert found["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert not found["SESSION_COOKIE_SECURE"]
    assert not found["DEBUG"]


def test_proxies_that_cannot_be_read_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KYUFU_TRUSTED_PROXIES", "10.1.2.3, 10.2.0.0/16")
    assert web_settings._networks("KYUFU_TRUSTED_PROXIES") == ("10.1.2.3/32", "10.2.0.0/16")
    monkeypatch.setenv("KYUFU_TRUSTED_PROXIES", "proxy.city.example")
    with pytest.raises(BadInput, match="KYUFU_TRUSTED_PROXIES"):
        web_settings._networks("KYUFU_TRUSTED_PROXIES")

"""Passwords: what they cost to guess in use, and which ones are refused, against the rules written a second time."""

from __future__ import annotations

from datetime import date

import argon2
import pytest
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from hypothesis import assume, given
from hypothesis import strategies as st

from kyufu.platform.errors import Refused
from kyufu.staff.passwords import HASHER, refuse_used_password, refuse_weak_password
from kyufu.staff.policy import sign_in_policy
from tests.conftest import LEAST_HASHING, PRODUCTS_HASHING

ON = date(2026, 7, 6)
LEAST = sign_in_policy(ON).password_min_length
# OWASP Password Storage Cheat Sheet, Argon2id: memory in KiB, and so many passes at least.
OWASP = {47_104: 1, 19_456: 2, 12_288: 3, 9_216: 4, 7_168: 5}
LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!#%&"
LONG_ENOUGH = st.text(LETTERS, min_size=LEAST, max_size=30)


def refusal(password: str, *, staff_no: str = "C001") -> str:
    """How a password is refused; empty where it is not."""
    try:
        refuse_weak_password(password, staff_no=staff_no, on=ON)
    except Refused as refused:
        return refused.message
    return ""


def hashing_of(hashed: str) -> argon2.Parameters:
    """The parameters that a kept hash names."""
    return argon2.extract_parameters(hashed.removeprefix("argon2"))


@pytest.mark.usefixtures("products_hashing")
def test_a_hash_in_use_costs_what_owasp_asks_for() -> None:
    hashed = make_password("correct-horse-9-battery", hasher=HASHER)
    found = hashing_of(hashed)
    assert found.type is argon2.Type.ID
    assert any(found.memory_cost >= memory and found.time_cost >= passes for memory, passes in OWASP.items())
    assert found.salt_len >= 16
    assert found.hash_len >= 32
    assert check_password("correct-horse-9-battery", hashed)
    assert not check_password("correct-horse-9-batterz", hashed)
    assert not identify_hasher(hashed).must_update(hashed)


def test_the_tests_alone_hash_with_less() -> None:
    found = hashing_of(make_password("x", hasher=HASHER))
    assert {name: getattr(found, name) for name in LEAST_HASHING} == LEAST_HASHING
    assert PRODUCTS_HASHING["memory_cost"] > LEAST_HASHING["memory_cost"]


def test_a_hash_of_less_work_is_due_for_another(products_hashing: None) -> None:
    cheap = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("correct-horse-9-battery")
    kept = f"argon2{cheap}"
    assert check_password("correct-horse-9-battery", kept)
    assert identify_hasher(kept).must_update(kept)


def test_the_same_password_is_kept_differently_each_time() -> None:
    assert len({make_password("correct-horse-9-battery", hasher=HASHER) for _ in range(20)}) == 20


@given(st.text(LETTERS, max_size=LEAST - 1))
def test_what_is_too_short_is_refused_with_the_length_and_not_the_password(password: str) -> None:
    said = refusal(password)
    assert f"{LEAST} 文字以上" in said
    assert len(password) < 3 or password not in said


@given(LONG_ENOUGH)
def test_what_is_long_and_varied_is_taken_and_else_refused(password: str) -> None:
    assume("c001" not in password.casefold())
    is_varied = len(set(password)) >= LEAST // 2
    assert (refusal(password) == "") is is_varied


@given(
    before=st.text(LETTERS, max_size=8),
    after=st.text(LETTERS, min_size=LEAST, max_size=16),
    upper=st.booleans(),
)
def test_the_login_name_in_any_case_is_refused(*, before: str, after: str, upper: bool) -> None:
    number = "Tsu4711"
    written = number.upper() if upper else number.lower()
    assert "職員番号" in refusal(before + written + after, staff_no=number)


@pytest.mark.parametrize(
    "password", ["a" * 30, "ab" * 10, "abcab" * 5, "11111111111112", "あいあいあいあいあいあい"]
)
def test_few_different_characters_are_easily_guessed(password: str) -> None:
    assert "推測されやすい" in refusal(password)


def _common() -> set[str]:
    """Django's list, read apart from the product."""
    import gzip
    from pathlib import Path

    import django.contrib.auth

    path = Path(django.contrib.auth.__file__).with_name("common-passwords.txt.gz")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return {line.strip() for line in file}


def test_every_long_word_of_the_common_list_is_refused() -> None:
    words = [word for word in _common() if len(word) >= LEAST]
    assert len(words) > 20
    assert [word for word in words if refusal(word) == ""] == []


@given(st.lists(LONG_ENOUGH, min_size=1, max_size=4, unique=True), st.data())
def test_one_of_the_last_passwords_is_refused_and_no_other(passwords: list[str], data: st.DataObject) -> None:
    hashes = [make_password(one, hasher=HASHER) for one in passwords]
    with pytest.raises(Refused, match="最近使った"):
        refuse_used_password(data.draw(st.sampled_from(passwords)), hashes=hashes)
    another = data.draw(LONG_ENOUGH)
    assume(another not in passwords)
    refuse_used_password(another, hashes=hashes)


def test_without_former_passwords_anything_goes() -> None:
    refuse_used_password("correct-horse-9-battery", hashes=[])

"""An individual number never shows: not in text, logs, tracebacks with locals, error reports, pickles or copies."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import sys
import traceback

import pytest
from django.test import RequestFactory
from django.views.debug import ExceptionReporter

from kyufu.mynumber import letters
from kyufu.mynumber.secret import MASK, NumberSecret, mask
from kyufu.platform.errors import BadInput
from tests.mynumber.people import secret
from tests.registry.persons import my_number

NUMBER = my_number(1)


def test_every_text_form_is_masked() -> None:
    number = secret(1)
    forms = (
        repr(number),
        str(number),
        f"{number}",
        f"{number!r:>20}",
        f"{[number]}",
        f"{(1, number)}",
    )
    assert all(NUMBER not in form and MASK in form for form in forms)
    assert number.reveal() == NUMBER
    assert not hasattr(number, "__dict__")


def test_it_is_neither_pickled_nor_copied_nor_made_json_nor_a_key() -> None:
    number = secret(1)
    for act in (pickle.dumps, copy.copy, copy.deepcopy, json.dumps, hash):
        with pytest.raises(TypeError) as error:
            act(number)  # type: ignore[operator]
        assert NUMBER not in str(error.value)


def test_it_is_equal_to_the_same_number_only() -> None:
    assert secret(1) == secret(1)
    assert secret(1) != secret(2)
    assert secret(1) != NUMBER


@pytest.mark.requirement("YOK-085")
@pytest.mark.parametrize(
    "text", [NUMBER[:-1], NUMBER + "0", NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10), "１" * 12, ""]
)
def test_what_is_not_a_number_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(BadInput, match="個人番号") as error:
        NumberSecret.parse(text)
    assert not text or text not in str(error.value)
    assert error.value.__cause__ is None


def _fail(number: NumberSecret) -> None:
    pairs = [("000000000000001", number)]
    logging.getLogger("test").error("failed for %s and %s", number, pairs)
    raise RuntimeError(f"failed for {number} of {pairs}")


def test_tracebacks_with_locals_and_logs_show_the_mask_only(caplog: pytest.LogCaptureFixture) -> None:
    try:
        _fail(secret(1))
    except RuntimeError as error:
        lines = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert MASK in lines
    assert NUMBER not in lines.replace(f"NUMBER = {NUMBER!r}", "")
    assert NUMBER not in caplog.text
    assert MASK in caplog.text


def test_error_reports_of_django_show_neither_secrets_nor_what_was_read_in_the_clear(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object, **__: object) -> bytes:
        raise RuntimeError("no seal today")

    monkeypatch.setattr(letters, "_slot", lambda: letters._Slot(1, b"x" * 32))
    monkeypatch.setattr(letters, "seal_letter", refuse)
    try:
        letters.post_numbers([("000000000000001", NUMBER)])
    except RuntimeError:
        kind, value, trace = sys.exc_info()
        report = ExceptionReporter(RequestFactory().get("/"), kind, value, trace)
        frames = report.get_traceback_frames()
    shown = str([frame["vars"] for frame in frames if "letters" in str(frame["filename"])])
    assert "no seal" in str(value)
    assert shown != "[]"
    assert NUMBER not in shown


def test_an_addressee_number_is_masked_to_its_end() -> None:
    assert mask("000000000000123") == "***********0123"
    assert mask("12") == "12"

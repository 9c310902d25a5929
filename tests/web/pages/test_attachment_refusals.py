"""Files that are refused at the counter: infected, too large, too many, or while the scanner is down."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest

from kyufu.attachments import api as attachments
from kyufu.attachments import operations
from kyufu.web.pages import attachments_refused as pages
from tests.attachments.files import EICAR, pdf
from tests.attachments.scanner import command
from tests.cases.world import Family, receive
from tests.web.conftest import SignedIn
from tests.web.pages.log import events_of
from tests.web.pages.reading import read
from tests.web.pages.test_attachment_pages import send, sent
from tests.web.town import OTHER_WARD


@pytest.fixture(autouse=True)
def own_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """A key of this test's own, and no scanner."""
    monkeypatch.setenv("KYUFU_ATTACHMENT_KEY_FILE", str(tmp_path / "attachment-key"))
    settings.KYUFU_SCAN_COMMAND = ""


@pytest.fixture
def application(family: Family) -> int:
    """An application of the first ward."""
    return receive(family)


def test_an_infected_file_is_refused_recorded_and_listed(
    application: int, family: Family, signed_in: SignedIn, settings: Any
) -> None:
    settings.KYUFU_SCAN_COMMAND = command()
    clerk = signed_in()
    answer = send(clerk, application, sent(pdf(text=EICAR.decode())), sent(pdf(), "よい.pdf"))
    assert answer.status_code == 422
    assert "有害なデータが見つかったため" in read(answer).text
    (row,) = attachments.attachments_of(application)
    assert (row.name, row.scan) == ("よい.pdf", "clean")
    ((detail, subjects),) = events_of("attachment_refused", by=clerk.staff_no)
    assert subjects == [family.child]
    assert "資格確認書" not in detail
    listed = read(clerk.get("/attachments/refused/"))
    assert "資格確認書.pdf" in listed.text
    assert "資格確認書.pdf" not in read(signed_in(office=OTHER_WARD).get("/attachments/refused/")).text


def test_the_list_of_refused_files_goes_on(
    application: int, signed_in: SignedIn, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.KYUFU_SCAN_COMMAND = command()
    monkeypatch.setattr(pages, "PAGE", 2)
    clerk = signed_in()
    send(clerk, application, *[sent(pdf(text=EICAR.decode() + str(one)), f"{one}番.pdf") for one in range(3)])
    first = read(clerk.get("/attachments/refused/"))
    (onward,) = [one for one in first.links if "after=" in one]
    second = read(clerk.get(f"/attachments/refused/{onward}"))
    assert ("2番.pdf" in first.text, "0番.pdf" in first.text, "0番.pdf" in second.text) == (True, False, True)


@pytest.mark.parametrize("words", [command("--fail"), "/nowhere/scanner"])
def test_a_scanner_that_is_down_says_try_again(
    application: int, signed_in: SignedIn, settings: Any, words: str
) -> None:
    settings.KYUFU_SCAN_COMMAND = words
    answer = send(signed_in(), application, sent(pdf()))
    assert answer.status_code == 422
    text = read(answer).text
    assert "ウイルス検査ができなかったため、受け付けませんでした。何も保存していません。" in text
    assert "もう一度添付し" in text
    assert attachments.attachments_of(application) == ()


def test_a_body_that_is_too_large_is_refused_in_words(
    application: int, signed_in: SignedIn, settings: Any
) -> None:
    clerk = signed_in()
    settings.KYUFU_BODY_BYTES = 2 * 1024 * 1024
    answer = send(clerk, application, sent(pdf() + b" " * (2 * 1024 * 1024)))
    assert answer.status_code == 413
    text = read(answer).text
    assert "受け付けられる大きさを超えています" in text
    assert "2MB以内" in text
    assert attachments.attachments_of(application) == ()


def test_a_file_larger_than_the_limit_is_refused_in_words(application: int, signed_in: SignedIn) -> None:
    answer = send(signed_in(), application, sent(pdf() + b" " * (10 * 1024 * 1024)))
    assert answer.status_code == 422
    assert "10MBを超えています" in read(answer).text


def test_a_large_file_stays_in_memory(
    application: int, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file on its way in is nowhere on a disk in the clear."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file was made")

    for name in ("NamedTemporaryFile", "TemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, refuse)
    large = pdf(extra=b"% " + b"x" * (6 * 1024 * 1024) + b"\n")
    assert send(signed_in(), application, sent(large)).status_code == 302


def test_too_many_files_at_once_are_refused(application: int, signed_in: SignedIn) -> None:
    answer = send(signed_in(), application, *[sent(pdf(text=str(one)), f"{one}.pdf") for one in range(25)])
    assert answer.status_code == 400
    assert attachments.attachments_of(application) == ()


def test_a_failure_while_storing_shows_a_number_and_keeps_nothing(
    application: int, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("disk is on fire")

    monkeypatch.setattr(operations, "_keep_content", broken)
    clerk = signed_in()
    clerk.client.raise_request_exception = False
    answer = send(clerk, application, sent(pdf()))
    assert answer.status_code == 500
    assert "もとの画面で確かめてください" in read(answer).text
    assert attachments.attachments_of(application) == ()

"""The limits are dated, sourced and bound; the kinds of document have names."""

from __future__ import annotations

from datetime import date

from django.conf import settings

from kyufu.attachments.api import attachment_limits, document_kinds, document_label
from kyufu.attachments.parameters import entries
from kyufu.law.parameters.entries import Certainty

ON = date(2026, 8, 1)


def test_every_value_has_a_source_and_says_that_it_is_assumed() -> None:
    assert entries()
    for one in entries():
        assert one.source
        assert one.certainty is Certainty.ASSUMED


def test_a_largest_file_fits_the_body_of_a_request() -> None:
    limits = attachment_limits(on=ON)
    assert 0 < limits.largest_bytes < settings.KYUFU_BODY_BYTES
    assert limits.largest_bytes <= limits.most_bytes
    assert limits.most_files > 0
    assert limits.scan_seconds > 0


def test_the_kinds_have_names() -> None:
    kinds = document_kinds(on=ON)
    assert {"insurance", "income", "identity", "other"} <= kinds.keys()
    assert all(document_label(code) == label for code, label in kinds.items())
    assert document_label("of-former-days") == "of-former-days"
    assert document_kinds(on=date(1999, 1, 1)) == {}

"""Papers printed from a demonstration say that they are samples; those of a city carry nothing."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection

from kyufu.documents.api import WATERMARK, watermark_here
from kyufu.platform import schema


def test_a_city_prints_without_a_mark(db: None) -> None:
    assert watermark_here() == ""


def test_a_demonstration_marks_what_it_prints(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SCHEMA", "t_marked")
    schema.ensure_schema()
    assert watermark_here() == ""
    schema.mark_as_demonstration()
    assert watermark_here() == WATERMARK


def test_another_word_about_the_schema_is_no_mark(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SCHEMA", "t_marked")
    schema.ensure_schema()
    with connection.cursor() as cursor:
        cursor.execute("COMMENT ON SCHEMA t_marked IS %s", ["本番"])
    assert watermark_here() == ""

"""When something of a kind last happened, and how old the oldest record is that no seal covers."""

from __future__ import annotations

import pytest

from kyufu.audit.api import EventKind, last_event_at, oldest_unsealed_at, record_event
from kyufu.platform import clock

pytestmark = pytest.mark.django_db


def test_what_never_happened_has_no_time() -> None:
    assert last_event_at(EventKind.DAILY_DONE) is None


def test_the_last_of_a_kind_counts_and_no_other() -> None:
    before = clock.current_instant()
    record_event(EventKind.DAILY_DONE, detail={})
    record_event(EventKind.EXPORTED, detail={})
    found = last_event_at(EventKind.DAILY_DONE)
    assert found is not None
    assert before <= found <= clock.current_instant()
    assert last_event_at(EventKind.LOG_VERIFIED) is None


def test_a_record_without_a_seal_has_its_age() -> None:
    record_event(EventKind.EXPORTED, detail={})
    oldest = oldest_unsealed_at()
    assert oldest is not None
    assert oldest <= clock.current_instant()

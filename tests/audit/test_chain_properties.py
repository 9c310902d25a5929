"""Whatever is changed in a sealed log, and however blocks fell, verification names a record that was touched."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kyufu.audit import chain
from kyufu.audit.chain import chain_records
from kyufu.audit.signing import Signer
from kyufu.audit.tables_sql import TABLES
from kyufu.audit.verification import Fault
from tests.audit.conftest import tamper
from tests.audit.test_chain import AT, read_of, written
from tests.audit.test_verification import faults

TAMPERINGS = {
    "UPDATE audit_read SET actor_name = actor_name || 'x' WHERE id = %s": Fault.ALTERED,
    "UPDATE audit_read SET subjects = subjects || 1::bigint WHERE id = %s": Fault.ALTERED,
    "DELETE FROM audit_read WHERE id = %s": Fault.MISSING,
}


@pytest.mark.slow
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.sampled_from(["read", "chain"]), min_size=1, max_size=8), size=st.integers(1, 3),
    victim=st.integers(0, 7), tampering=st.sampled_from(sorted(TAMPERINGS)),
)  # fmt: skip
def test_one_touched_record_is_the_one_that_is_named(
    log: Callable[..., Any],
    signer: Signer,
    key_file: Path,
    *,
    steps: list[str],
    size: int,
    victim: int,
    tampering: str,
) -> None:
    tamper(f"TRUNCATE {', '.join(TABLES)}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chain, "RECORDS_A_BLOCK", size)
        read_of(0)
        for number, step in enumerate(steps):
            if step == "read":
                read_of(number)
            else:
                chain_records(at=AT, signer=signer)
        chain_records(at=AT, signer=signer)
    assert faults(key_file) == []
    numbers = written()
    touched = numbers[victim % len(numbers)]
    tamper(tampering, touched)
    assert [(one.fault, one.number) for one in faults(key_file)] == [(TAMPERINGS[tampering], touched)]

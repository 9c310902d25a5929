"""The canonical form, written a second time in Python, gives the digest that the database computes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kyufu.audit.blocks import Block, instant_text
from kyufu.audit.canonical import COLUMNS, digest_expression, joined_fields
from kyufu.audit.tables_sql import STREAMS
from tests.audit.conftest import run

pytestmark = pytest.mark.django_db
TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)), max_size=12)


def twin(fields: list[Any]) -> bytes:
    """The digest of a reading by the words of docs/explanation/audit.md."""
    parts = []
    for one in fields:
        if one is None:
            parts.append(b"-")
            continue
        text = one if isinstance(one, str) else str(one)
        parts.append(str(len(text.encode())).encode() + b":" + text.encode())
    return sha256(b"audit_read" + b"".join(parts)).digest()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    purpose=TEXT, case_no=TEXT, what=st.lists(TEXT, max_size=3), subjects=st.lists(st.integers(0, 2**62), max_size=4),
    micros=st.integers(0, 4 * 10**15), reference=st.none() | st.uuids(),
)  # fmt: skip
def test_the_database_and_the_description_agree(
    *, purpose: str, case_no: str, what: list[str], subjects: list[int], micros: int, reference: Any
) -> None:
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
    row = run(
        "INSERT INTO audit_read (at, reference, actor_id, actor_name, actor_office, terminal, channel, screen, "
        "purpose, case_no, what, subjects, xid, cluster) VALUES (%s, %s, 'S1', '名', '課', 'T', 'screen', 's', %s, %s, "
        "%s::text[], %s::bigint[], '77', 42) RETURNING id, db_user, db_application",
        at, reference, purpose, case_no, what, subjects,
    )[0]  # fmt: skip
    number, user, application = row
    digest = run(f"SELECT {digest_expression('audit_read')} FROM audit_read WHERE id = %s", number)[0][0]
    texts = json.dumps(what, ensure_ascii=False, separators=(",", ":"))
    expected = twin(
        [
            number, micros, reference, "S1", "名", "課", "T", "screen", "s", purpose, case_no, texts,
            ",".join(map(str, subjects)), user, application, 77, 42,
        ]
    )  # fmt: skip
    assert bytes(digest) == expected
    assert instant_text(at) == str(micros)


@pytest.mark.parametrize("stream", STREAMS)
def test_every_column_of_the_table_is_in_the_form(stream: str) -> None:
    """A column that were left out could be altered unseen."""
    rows = run(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND table_schema = current_schema() "
        "ORDER BY ordinal_position",
        stream,
    )
    assert tuple(row[0] for row in rows) == COLUMNS[stream]


@given(st.lists(st.none() | TEXT, max_size=5), st.lists(st.none() | TEXT, max_size=5))
def test_no_two_records_share_a_form(one: list[str | None], other: list[str | None]) -> None:
    assert (joined_fields(one) == joined_fields(other)) is (one == other)


@given(
    field=st.sampled_from(sorted(set(Block._fields) - {"hash", "signature"})),
    data=st.data(),
)  # fmt: skip
def test_the_hash_of_a_block_covers_every_field(field: str, data: st.DataObject) -> None:
    block = Block(
        1,
        datetime(2026, 1, 1, tzinfo=UTC),
        "audit_read",
        42,
        "1",
        "9",
        "{[1,2)}",
        1,
        bytes(32),
        bytes(32),
        b"",
        "k",
        b"",
    )
    kinds: dict[type, st.SearchStrategy[Any]] = {
        int: st.integers(), str: TEXT, bytes: st.binary(max_size=64),
        datetime: st.datetimes(timezones=st.just(UTC)),
    }  # fmt: skip
    value = data.draw(kinds[type(getattr(block, field))])
    changed = block._replace(**{field: value})
    assert (changed.computed_hash() == block.computed_hash()) is (changed == block)

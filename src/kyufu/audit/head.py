"""The head of the chain for safe-keeping: a small signed file, against which a later chain is held."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.db import connections

from kyufu.audit.blocks import instant_text
from kyufu.audit.canonical import joined_fields
from kyufu.audit.chain import head_block
from kyufu.audit.signing import Signer, is_signed
from kyufu.platform.errors import BadInput, Refused
from kyufu.platform.schema import owner_alias

HEAD_PURPOSE = "kyufu-audit-head"


class Head(NamedTuple):
    """The number and hash of the last block when it was exported, signed."""

    schema: str
    no: int
    hash: bytes
    exported_at: str
    key_id: str
    signature: bytes = b""

    def message(self) -> bytes:
        """What is signed."""
        return joined_fields((self.schema, str(self.no), self.hash.hex(), self.exported_at, self.key_id))

    def is_signed(self, keys: Mapping[str, Ed25519PublicKey]) -> bool:
        """Is it signed by one of the keys of the chain?"""
        key = keys.get(self.key_id)
        return is_signed(self.message(), signature=self.signature, purpose=HEAD_PURPOSE, key=key)


def export_head(*, at: datetime, signer: Signer) -> str:
    """The head of the chain as signed JSON, to be kept outside of the system; raises Refused before the first block."""
    with connections[owner_alias()].cursor() as cursor:
        block = head_block(cursor)
    if block is None:
        raise Refused("まだ封印がありません。", remedy="kyufu audit chain を実行してから書き出してください。")
    head = Head(settings.SCHEMA, block.no, block.hash, instant_text(at), signer.key_id)
    signature = signer.sign(head.message(), purpose=HEAD_PURPOSE)
    fields = {**head._asdict(), "hash": head.hash.hex(), "signature": signature.hex()}
    return json.dumps(fields, ensure_ascii=False, indent=2) + "\n"


def read_head(path: Path) -> Head:
    """The head from an exported file; raises BadInput for what is none."""
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        return Head(
            str(fields["schema"]),
            int(fields["no"]),
            bytes.fromhex(fields["hash"]),
            str(fields["exported_at"]),
            str(fields["key_id"]),
            bytes.fromhex(fields["signature"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        raise BadInput(
            f"{path.name} は、書き出した封印のファイルとして読めません。",
            remedy="kyufu audit export-head で書き出したファイルを指定してください。",
        ) from None

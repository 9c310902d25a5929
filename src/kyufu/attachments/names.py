"""The name of a file as a person may read it: a line of text, never a path, and it decides nothing."""

from __future__ import annotations

import unicodedata

from kyufu.attachments.formats import EXTENSIONS
from kyufu.platform.errors import BadInput

NAME_LENGTH = 100
NAMELESS = "名称なし"
_LONGEST_EXTENSION = 5
# Control and format characters (among them those that turn the direction of writing), separators, private and unset.
_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Co", "Cn", "Cs"})


def clean_name(name: str) -> str:
    """The name without folders and without what cannot be seen, at most `NAME_LENGTH` characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    seen = "".join(
        one for one in unicodedata.normalize("NFC", last) if unicodedata.category(one) not in _UNSEEN
    )
    line = " ".join(seen.split()).strip(". ")
    if len(line) > NAME_LENGTH:
        stem, dot, extension = line.rpartition(".")
        tail = f"{dot}{extension}" if stem and len(extension) <= _LONGEST_EXTENSION else ""
        line = f"{(stem if tail else line)[: NAME_LENGTH - len(tail)]}{tail}"
    return line or NAMELESS


def refuse_other_extension(name: str, *, media_type: str) -> None:
    """Raise BadInput where the name ends like another kind of file than the content is."""
    stem, dot, extension = name.rpartition(".")
    if not (stem and dot) or extension.lower() in EXTENSIONS[media_type]:
        return
    raise BadInput(
        "ファイルの名前の終わり（拡張子）が、中身の種類と合いません。",
        remedy="中身を確かめ、スキャンし直すか、正しい形式で保存し直してから添付してください。",
    )

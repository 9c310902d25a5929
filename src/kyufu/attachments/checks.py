"""What is looked at before a file is taken: kind, name, size, structure; and what its application still takes."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.db import connection

from kyufu.attachments.formats import PDF, media_type_of, read_shape
from kyufu.attachments.formats.shape import Shape
from kyufu.attachments.names import clean_name, refuse_other_extension
from kyufu.attachments.parameters import AttachmentLimits, attachment_limits, document_kinds, document_label
from kyufu.attachments.sealing import digest
from kyufu.cases.api import ApplicationState
from kyufu.notation.display import format_date
from kyufu.platform.clock import JAPAN
from kyufu.platform.errors import BadInput, Refused

MEGABYTE = 1024 * 1024
_HERE = """
SELECT count(*), coalesce(sum(size), 0) FROM attachments_attachment
 WHERE application_id = %s AND state = 'received'"""
_SAME = """
SELECT kind, staff_office || '　' || staff_name, at FROM attachments_attachment
 WHERE application_id = %s AND state = 'received' AND sha256 = %s"""


class Looked(NamedTuple):
    """What a file was found to be: its cleaned name, bytes, kind by content, shape, and SHA-256 of its content."""

    name: str
    size: int
    media_type: str
    shape: Shape
    sha256: str


def look_at(content: bytes, *, kind: str, name: str, on: date) -> Looked:
    """Look a file through from its first byte to its last; raises BadInput with the reason why it is not taken."""
    limits = attachment_limits(on=on)
    if kind not in document_kinds(on=on):
        raise BadInput("添付書類の種類が一覧にありません。", remedy="種類を選び直してください。")
    if not content:
        raise BadInput("ファイルが空です。", remedy="中身のあるファイルを選び直してください。")
    if len(content) > limits.largest_bytes:
        raise BadInput(
            f"ファイルの大きさが{limits.largest_bytes // MEGABYTE}MBを超えています。",
            remedy="解像度を下げて（白黒またはグレー300dpi程度で）スキャンし直すか、分けて添付してください。",
        )
    media_type = media_type_of(content)
    cleaned = clean_name(name)
    refuse_other_extension(cleaned, media_type=media_type)
    shape = read_shape(content, media_type=media_type)
    _refuse_large(shape, media_type=media_type, limits=limits)
    return Looked(cleaned, len(content), media_type, shape, digest(content))


def refuse_beyond_limits(application_id: int, *, looked: Looked, limits: AttachmentLimits) -> None:
    """Hold the application and raise Refused where it takes no more, or has the same file already.

    Runs within the transaction that stores the file: two clerks wait for each other here.
    """
    state = _locked_state(application_id)
    if state == ApplicationState.WITHDRAWN:
        raise Refused("取り下げられた申請には添付できません。", remedy="申請の状態を確かめてください。")
    _refuse_same(application_id, sha256=looked.sha256)
    with connection.cursor() as cursor:
        cursor.execute(_HERE, [application_id])
        files, size = cursor.fetchone()
    if files >= limits.most_files:
        raise Refused(
            f"この申請の添付書類は{limits.most_files}件までです。",
            remedy="不要な添付書類を取り下げるか、一つのPDFにまとめてください。",
        )
    if size + looked.size > limits.most_bytes:
        raise Refused(
            f"この申請の添付書類の合計が{limits.most_bytes // MEGABYTE}MBを超えます。",
            remedy="不要な添付書類を取り下げるか、解像度を下げてスキャンし直してください。",
        )


def _refuse_large(shape: Shape, *, media_type: str, limits: AttachmentLimits) -> None:
    if shape.pages > limits.most_pages:
        raise BadInput(
            f"ページ数が{limits.most_pages}ページを超えています（{shape.pages}ページ）。",
            remedy="必要なページだけにするか、分けて添付してください。",
        )
    if media_type != PDF and shape.width * shape.height > limits.most_pixels:
        raise BadInput(
            f"画像の画素数が多すぎます（{shape.width}×{shape.height}）。",
            remedy="解像度を下げてスキャンし直してください（A4なら300dpiで足ります）。",
        )


def _locked_state(application_id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state FROM cases_application WHERE id = %s FOR NO KEY UPDATE", [application_id]
        )
        return str(cursor.fetchone()[0])


def _refuse_same(application_id: int, *, sha256: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SAME, [application_id, sha256])
        found = cursor.fetchone()
    if found is not None:
        kind, by, at = found[0], found[1], found[2].astimezone(JAPAN)
        raise Refused(
            f"同じ内容のファイルが、すでに「{document_label(kind)}」として添付されています"
            f"（{by}、{format_date(at.date())} {at:%H:%M}）。",
            remedy="添付済みのファイルを確かめてください。種類が違うときは、取り下げてから添付し直してください。",
        )

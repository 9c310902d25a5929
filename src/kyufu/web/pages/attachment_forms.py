"""The form by which files are handed in: which kind of document, and the files or a photograph of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from kyufu.attachments import api as attachments
from kyufu.web.pages.fields import PickField, offer
from kyufu.web.pages.forms import PageForm

NOTHING_CHOSEN = "ファイルを選ぶか、カメラで撮影してください。"
ACCEPT = ",".join(
    (*attachments.MEDIA_TYPES, *sorted(f".{one}" for ends in attachments.EXTENSIONS.values() for one in ends))
)


class FilesInput(forms.FileInput):
    """A field that takes several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files as they were sent; what each of them is, is told by its content, later."""

    widget = FilesInput

    def to_python(self, value: Any) -> Any:
        """All that was sent, the empty ones too."""
        return value


class AttachForm(PageForm):
    """Files of one kind of document."""

    kind = PickField(label="書類の種類", choices=[])
    papers = FilesField(
        label="ファイル", required=False, widget=FilesInput(attrs={"multiple": True, "accept": ACCEPT}),
        help_text="スキャンした PDF または画像（PNG・JPEG・TIFF）。同じ種類の書類は、まとめて選べます。",
    )  # fmt: skip
    photo = FilesField(
        label="カメラで撮影", required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png", "capture": "environment"}),
        help_text="タブレットなどで、書類をその場で撮影するときに使います。",
    )  # fmt: skip

    def __init__(self, *args: Any, kinds: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, name="kind", choices=list(kinds.items()))

    def clean(self) -> dict[str, Any]:
        """Ask for a file where none was chosen."""
        data = super().clean() or self.cleaned_data
        if not self.handed_in():
            self.add_error("papers", ValidationError(NOTHING_CHOSEN))
        return data

    def handed_in(self) -> list[UploadedFile[Any]]:
        """The files of both fields; what they are is told by their content, later."""
        return [file for name in ("papers", "photo") for file in self.files.getlist(self.add_prefix(name))]

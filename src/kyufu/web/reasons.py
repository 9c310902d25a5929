"""The stated reason without which a sensitive screen does not open."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

FIELD = "reason"


class Reason(NamedTuple):
    """What was stated; `error` says in a clerk's words what is wrong with it, empty where nothing was sent yet."""

    text: str
    error: str

    @property
    def is_given(self) -> bool:
        """Was a reason stated that may stand?"""
        return bool(self.text) and not self.error


def stated_reason(request: HttpRequest) -> Reason:
    """The reason that a POST states, on one line; refused where it is too short to explain anything or too long."""
    if request.method != "POST":
        return Reason("", "")
    text = " ".join(request.POST.get(FIELD, "").split())
    least, most = settings.KYUFU_REASON_LENGTHS
    if len(text) < least:
        return Reason("", f"表示する理由を{least}文字以上で入力してください。")
    if len(text) > most:
        return Reason("", f"表示する理由は{most}文字以内で入力してください。")
    return Reason(text, "")


def ask_reason(request: HttpRequest, *, error: str = "", **_: str) -> HttpResponse:
    """Ask why the screen is to be opened; the answer comes back to the same address."""
    return TemplateResponse(request, "screens/reason.html", {"error": error}, status=400 if error else 200)

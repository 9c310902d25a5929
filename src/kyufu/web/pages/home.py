"""The first page after sign-in."""

from __future__ import annotations

from django.http import HttpResponse
from django.template.response import TemplateResponse

from kyufu.staff.api import Function, Level
from kyufu.web.screens import StaffRequest, screen


@screen(
    "home",
    title="ホーム",
    function=Function.PERSON,
    level=Level.NONE,
    purpose="業務の開始",
    contractors=True,
    methods=("GET",),
)
def show_home(request: StaffRequest) -> HttpResponse:
    """Show the menu of the account."""
    return TemplateResponse(request, "pages/home.html")

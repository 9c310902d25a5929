"""All addresses: sign-in, and the screens. Every pattern is a declared screen or an entrance; a test walks them."""

from __future__ import annotations

from django.urls import include, path

from kyufu.web.pages.health import show_alive
from kyufu.web.signin.entrances import entrance

urlpatterns = [
    entrance("healthz/", show_alive, name="healthz"),
    path("", include("kyufu.web.signin.urls")),
    path("", include("kyufu.web.pages.urls")),
]

handler400 = "kyufu.web.errors.show_bad_request"
handler403 = "kyufu.web.errors.show_forbidden"
handler404 = "kyufu.web.errors.show_not_found"
handler500 = "kyufu.web.errors.show_failure"

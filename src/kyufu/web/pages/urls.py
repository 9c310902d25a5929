"""The addresses of the screens: one `route` per published view; menu headings stand in the order of this list."""

from __future__ import annotations

from kyufu.web.pages import home
from kyufu.web.screens import route

urlpatterns = [
    route("", home.show_home),
]

"""The application as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages for the staff of a municipality."""

    name = "kyufu.web"
    label = "web"

    def ready(self) -> None:
        """Listen to what allauth reports."""
        from kyufu.web.signin import signals  # noqa: F401 - the import connects its receivers

from django.apps import AppConfig


class RunsConfig(AppConfig):
    name = "kyufu.runs"
    label = "runs"

    def ready(self) -> None:
        """Make the ordinary kinds of run known."""
        from kyufu.runs import jobs

        jobs.register_ordinary_kinds()

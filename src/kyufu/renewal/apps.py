from django.apps import AppConfig


class RenewalConfig(AppConfig):
    name = "kyufu.renewal"
    label = "renewal"

    def ready(self) -> None:
        """Make the kinds of run known that carry a renewal."""
        from kyufu.renewal import jobs

        jobs.register_renewal_kinds()

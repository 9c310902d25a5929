from django.apps import AppConfig


class RenewalConfig(AppConfig):
    name = "kyufu.renewal"
    label = "renewal"

    def ready(self) -> None:
        """Make the kinds of run known that carry a renewal, and have workers keep the schedule."""
        from kyufu.renewal import jobs, schedule
        from kyufu.runs.api import register_periodic

        jobs.register_renewal_kinds()
        register_periodic("renewal_schedule", title="更新処理の予定", look=schedule.keep_schedule)

from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "kyufu.staff"
    label = "staff"

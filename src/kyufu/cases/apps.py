from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "kyufu.cases"
    label = "cases"

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "kyufu.audit"
    label = "audit"

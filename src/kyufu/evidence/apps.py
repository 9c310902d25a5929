from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "kyufu.evidence"
    label = "evidence"

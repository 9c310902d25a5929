from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "kyufu.documents"
    label = "documents"

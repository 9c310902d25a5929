from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    name = "kyufu.attachments"
    label = "attachments"

from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "kyufu.platform"
    label = "platform"

from django.apps import AppConfig


class MynumberConfig(AppConfig):
    name = "kyufu.mynumber"
    label = "mynumber"

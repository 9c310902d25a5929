from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "kyufu.web"
    label = "web"

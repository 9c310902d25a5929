from django.apps import AppConfig


class BasicConfig(AppConfig):
    name = "kyufu.exchange.basic"
    label = "exchange_basic"

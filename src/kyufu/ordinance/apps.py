from django.apps import AppConfig


class OrdinanceConfig(AppConfig):
    name = "kyufu.ordinance"
    label = "ordinance"

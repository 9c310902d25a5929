from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "kyufu.registry"
    label = "registry"

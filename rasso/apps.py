from django.apps import AppConfig


class RassoConfig(AppConfig):
    name = "rasso"
    verbose_name = "RASSO case management"

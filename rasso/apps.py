from django.apps import AppConfig


class RassoConfig(AppConfig):
    name = "rasso"
    verbose_name = "RASSO case management"

    def ready(self) -> None:
        # Registers the checks.
        from rasso import checks  # noqa: F401

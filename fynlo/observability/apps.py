"""Logs, health and metrics as a Django app; it has no tables."""

from django.apps import AppConfig


class ObservabilityConfig(AppConfig):
    """Configures the logs and registers the system checks of every process that loads the apps."""

    name = "fynlo.observability"
    label = "observability"

    def ready(self) -> None:
        """Runs once per process, before anything serves."""
        from fynlo import checks  # noqa: F401  registers them, so that `manage.py check` asks them as well
        from fynlo.observability.logging import configure

        configure()

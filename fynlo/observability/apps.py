"""Logs, health and metrics as a Django app; it has no tables."""

from django.apps import AppConfig


class ObservabilityConfig(AppConfig):
    """Configures the logs of every process that loads the apps."""

    name = "fynlo.observability"
    label = "observability"

    def ready(self) -> None:
        """Runs once per process, before anything serves."""
        from fynlo.observability.logging import configure

        configure()

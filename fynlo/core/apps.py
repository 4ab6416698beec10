"""The kernel as a Django app: it has no tables, only things to install once."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Installs the per-schema content type cache."""

    name = "fynlo.core"
    label = "core"

    def ready(self) -> None:
        """Runs once per process."""
        from fynlo.core import content_types

        content_types.install()

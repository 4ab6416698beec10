"""The tenants app."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps
from django.conf import settings


class TenantsConfig(AppConfig):
    """Hands the kernel its look-ups and registers the configuration sections of the platform."""

    name = "tenants"
    verbose_name = "Platform"

    def ready(self) -> None:
        """Runs once per process."""
        from fynlo.core.tenancy import registry
        from fynlo.realtime.access import register_checker
        from tenants import registry as lookups
        from tenants.sockets import may_listen

        registry.provide(
            live=lookups.live_tenants,
            admit=lookups.admit,
            by_schema=lookups.tenant_by_schema,
            by_host=lookups.tenant_by_host,
        )
        register_checker(name="tenants", checker=may_listen)
        _discover()


def _discover() -> None:
    """Import what the apps offer merchants: `configuration` (sections) and `onboarding` (steps), if there.

    The apps register themselves on import, so that nothing here needs to know them.
    """
    from tenants.configuration import merchant  # noqa: F401  the platform's own section comes first

    offering = [config.name for config in apps.get_app_configs() if config.name in settings.TENANT_APPS]
    for name in offering:
        for room in ("configuration", "onboarding"):
            if find_spec(f"{name}.{room}") is not None:
                import_module(f"{name}.{room}")

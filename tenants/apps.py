"""The tenants app."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    """Hands the kernel its look-ups and registers the configuration sections of the platform."""

    name = "tenants"

    def ready(self) -> None:
        """Runs once per process."""
        from fynlo.core.tenancy import registry
        from tenants import registry as lookups

        registry.provide(
            live=lookups.live_tenants,
            by_schema=lookups.tenant_by_schema,
            by_host=lookups.tenant_by_host,
        )

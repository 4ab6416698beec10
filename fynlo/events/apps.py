"""The feed as a Django app; its tables are in every tenant's schema."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """One log per tenant."""

    name = "fynlo.events"
    verbose_name = "Feed"
    label = "events"

"""The API kernel as a Django app; its one table is in every tenant's schema."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Strict input, problem details, idempotency, pages."""

    name = "fynlo.api"
    label = "api"

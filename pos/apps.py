"""The pos app."""

from django.apps import AppConfig


class PosConfig(AppConfig):
    """Its rooms' tables live in every merchant's schema."""

    name = "pos"
    verbose_name = "Shop"

    def ready(self) -> None:
        """Register the section of the merchant's file and the onboarding steps."""
        from pos import configuration, onboarding  # noqa: F401

"""The staff app."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """Its rooms' tables live in every merchant's schema."""

    name = "staff"
    verbose_name = "People"

    def ready(self) -> None:
        """Register the section of the merchant's file and the onboarding steps."""
        from staff import configuration, onboarding  # noqa: F401

"""The payments app."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Its rooms' tables live in every merchant's schema."""

    name = "payments"
    verbose_name = "Books"

    def ready(self) -> None:
        """Register the section of the merchant's file and the onboarding steps."""
        from payments import configuration, onboarding  # noqa: F401

"""The payments app."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Its rooms' tables live in every merchant's schema."""

    name = "payments"
    verbose_name = "Books"

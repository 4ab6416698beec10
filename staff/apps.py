"""The staff app."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """Its rooms' tables live in every merchant's schema."""

    name = "staff"
    verbose_name = "People"

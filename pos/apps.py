"""The pos app."""

from django.apps import AppConfig


class PosConfig(AppConfig):
    """Its rooms' tables live in every merchant's schema."""

    name = "pos"
    verbose_name = "Shop"

"""The plugins app."""

from django.apps import AppConfig


class PluginsConfig(AppConfig):
    """Its rooms' tables live in every merchant's schema."""

    name = "plugins"

"""The sync app."""

from django.apps import AppConfig


class SyncConfig(AppConfig):
    """Its rooms' tables live in every merchant's schema."""

    name = "sync"

"""The sync app."""

from django.apps import AppConfig


class SyncConfig(AppConfig):
    """Its rooms' tables live in every merchant's schema."""

    name = "sync"
    verbose_name = "Tills"

    def ready(self) -> None:
        """Answer for devices and for employees on them when sockets ask who may listen."""
        from fynlo.realtime.access import register_checker
        from sync.terminals.listening import KINDS, ON_EVENTS, may_still_listen

        register_checker(name="terminals", checker=may_still_listen, kinds=KINDS, on_events=ON_EVENTS)

"""Realtime as a Django app; it has no tables."""

from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    """Registers the reader that sends the feed to open sockets."""

    name = "fynlo.realtime"
    label = "realtime"

    def ready(self) -> None:
        """Runs once per process."""
        from fynlo.events.subscriptions import subscribe
        from fynlo.realtime.subscribers import send_to_sockets

        subscribe(name="realtime", handler=send_to_sockets)

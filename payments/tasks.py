"""The payments app's background work, room by room."""

from payments.gateways import tasks as gateways

__all__ = ["gateways"]

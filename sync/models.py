"""The tables of the sync app, room by room."""

from sync.terminals.models import PairingCode, Terminal

__all__ = ["PairingCode", "Terminal"]

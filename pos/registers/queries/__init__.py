"""What is known of locations, registers, drawers and their sessions."""

from pos.registers.queries.places import RegisterPlace, drawers, locations, register_place, registers
from pos.registers.queries.sessions import (
    MovedOfKind,
    held_foreign,
    moved_by_kind,
    open_session,
    open_session_id,
    open_session_of,
    session_covering,
    session_document,
    session_float,
    session_movements,
    sessions,
)

__all__ = [
    "MovedOfKind",
    "RegisterPlace",
    "drawers",
    "held_foreign",
    "locations",
    "moved_by_kind",
    "open_session",
    "open_session_id",
    "open_session_of",
    "register_place",
    "registers",
    "session_covering",
    "session_document",
    "session_float",
    "session_movements",
    "sessions",
]

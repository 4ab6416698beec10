"""Locations, registers, drawers, their sessions and closings in the back office."""

from pos.registers.admin.closings import ClosingAdmin
from pos.registers.admin.places import DrawerAdmin, LocationAdmin, RegisterAdmin
from pos.registers.admin.sessions import CashSessionAdmin
from pos.registers.quick_key_pages import register_keys, registers, shared_keys

__all__ = [
    "CashSessionAdmin",
    "ClosingAdmin",
    "DrawerAdmin",
    "LocationAdmin",
    "RegisterAdmin",
    "register_keys",
    "registers",
    "shared_keys",
]

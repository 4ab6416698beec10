"""Where the merchant sells: locations, registers (tills), drawers, their sessions, their cash, and closings."""

from pos.registers.models.closings import Closing
from pos.registers.models.drawers import CashMovement, CashSession, Drawer
from pos.registers.models.places import Location, Register
from pos.registers.models.quick_keys import QuickKey

__all__ = ["CashMovement", "CashSession", "Closing", "Drawer", "Location", "QuickKey", "Register"]

"""What is written about drawers, one story per file."""

from pos.registers.services.closing import close_session
from pos.registers.services.closings import close_register
from pos.registers.services.counts import begin_closing, commit_count
from pos.registers.services.movements import move_cash
from pos.registers.services.opening import confirm_opening, open_session
from pos.registers.services.sale_cash import (
    CashTaken,
    record_refund_cash,
    record_sale_cash,
    take_order_number,
)

__all__ = [
    "CashGiven",
    "CashTaken",
    "begin_closing",
    "close_register",
    "close_session",
    "commit_count",
    "confirm_opening",
    "move_cash",
    "open_session",
    "record_refund_cash",
    "record_sale_cash",
    "take_order_number",
]

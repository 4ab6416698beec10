"""Taking whole documents back: each movement once, by one that names it."""

from collections.abc import Sequence
from decimal import Decimal

from pos.inventory.models import StockMovement
from pos.inventory.services.movements import Cause, StockChange, record_movements


def reverse_movements(*, cause: Cause, originals: Sequence[StockMovement]) -> None:
    """Record the opposite of whole movements; what comes back costs what it cost when it went, by settling.

    Runs in the caller's unit of work, with the levels locked. Raises IntegrityError
    (`pos_stockmovement_reversed_once`) for what was reversed before.
    """
    changes = [
        StockChange(
            variant_id=original.variant_id,
            quantity=-original.quantity,
            lot_id=original.lot_id,
            original_id=original.pk,
            original_quantity=original.quantity,
            reversed_before=Decimal(0),
        )
        for original in originals
    ]
    record_movements(cause=cause, changes=changes)

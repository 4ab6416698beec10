"""What was on the shelf when the merchant began."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from pos.inventory.models import StockMovement
from pos.inventory.services.movements import Cause, StockChange, record_movements


def record_opening(
    *,
    location_id: UUID,
    changes: Sequence[StockChange],
    employee_id: UUID | None,
    at: dt.datetime,
    business_date: dt.date,
) -> dict[UUID, Decimal]:
    """Append what was there at the start, and return what is on hand now, by variant.

    Runs in the caller's unit of work. Raises IntegrityError (`pos_stockmovement_one_opening`) for a variant
    whose opening at this location is recorded already. Quantities of zero are left out.
    """
    cause = Cause(
        kind=StockMovement.OPENING,
        location_id=location_id,
        at=at,
        business_date=business_date,
        recorded_at=at,
        employee_id=employee_id,
    )
    return {key: level.on_hand for key, level in record_movements(cause=cause, changes=changes).items()}

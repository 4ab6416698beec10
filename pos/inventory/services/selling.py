"""What a sale takes off the shelf: one statement, and a look at what the levels are then."""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from pos.inventory.models import StockMovement
from pos.inventory.services.movements import Cause, LevelNow, StockChange, record_movements


def record_sale(
    *,
    order_id: UUID,
    location_id: UUID,
    changes: Sequence[StockChange],
    employee_id: UUID | None,
    at: dt.datetime,
    business_date: dt.date,
    recorded_at: dt.datetime | None = None,
    is_booked: bool = True,
) -> dict[UUID, LevelNow]:
    """Append what a sale took, and return the levels after it, by variant; they are locked until COMMIT.

    Runs in the caller's unit of work. `at` is when it was sold, `recorded_at` when the server heard of it.
    What the catalogue no longer has is missing from the answer. The cost of the goods is booked here, unless the
    caller says `is_booked=False` and books it with the sale (`value_taken`, `pos.orders.transfers.cost_postings`).
    """
    cause = Cause(
        kind=StockMovement.SALE,
        location_id=location_id,
        at=at,
        business_date=business_date,
        recorded_at=recorded_at or at,
        employee_id=employee_id,
        order_id=order_id,
    )
    return record_movements(cause=cause, changes=changes, is_booked=is_booked)


def value_taken(levels: Mapping[UUID, LevelNow]) -> int:
    """What the goods of a sale cost, in whole minor units, as the levels `record_sale` answered say it."""
    return -sum(level.booked_minor for level in levels.values())

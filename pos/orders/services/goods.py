"""The goods of a sale leave the shelf: one statement in its transaction, and what is odd about it."""

from collections.abc import Iterator
from dataclasses import dataclass

from pos.inventory.goods import refuse_denied, shortages
from pos.inventory.services import StockChange, record_sale
from pos.inventory.services.lots import allocate
from pos.inventory.services.reservation_ends import consume_reservation
from pos.inventory.services.selling import value_taken
from pos.orders.basket import variant_places
from pos.orders.flags import Flag, removed_items, reservation_not_held, stock_shortages
from pos.orders.lots import lot_flags, stated_lots
from pos.orders.models import Order
from pos.orders.services.plan import SalePlan


@dataclass(frozen=True, slots=True)
class GoodsGone:
    """What is odd about what was taken, and what it cost in whole minor units."""

    flags: list[Flag]
    value_minor: int


def take_goods(*, plan: SalePlan, order: Order) -> GoodsGone:
    """Take the goods off the shelf, in one statement. `order` need not be saved; the caller books the cost.

    Goods whose pieces are told apart cost two more: which lots they are of, and what is left of those. A sale that
    names a reservation ends it first.

    Raises `OutOfStock` when a sale that is asked for now would sell what is not there and may not be. The levels
    are locked by then, so nobody else sells it either. A sale that happened already is a fact and is flagged.
    """
    reserved = list(_consumed(plan, order))
    lots = allocate(
        location_id=order.location_id,
        changes=[
            StockChange(variant_id=each.variant_id, quantity=-each.quantity, order_line_id=each.line_id)
            for each in plan.taken
        ],
        tracking=plan.needs.tracking,
        stated=stated_lots(draft=plan.draft, taken=plan.taken, tracking=plan.needs.tracking),
    )
    levels = record_sale(
        order_id=order.id,
        location_id=order.location_id,
        changes=lots.changes,
        employee_id=order.employee_id,
        at=order.placed_at,
        business_date=order.business_date,
        recorded_at=plan.heard_at,
        is_booked=False,
    )
    now = {key: (level.on_hand, level.available) for key, level in levels.items()}
    short = list(shortages(taken=plan.taken, levels=now, policies=plan.needs.policies))
    if plan.draft.placed_at is None:
        refuse_denied(short)
    gone = {each.variant_id for each in plan.taken} - levels.keys()
    removed = removed_items(places=variant_places(plan.draft), gone=gone)
    odd = lot_flags(draft=plan.draft, taken=plan.taken, odd=lots.oddities)
    flags = [*reserved, *stock_shortages(short=short), *removed, *odd]
    return GoodsGone(flags, value_taken(levels))


def _consumed(plan: SalePlan, order: Order) -> Iterator[Flag]:
    """End the reservation that the sale names, so that what was kept for this guest is there to be sold."""
    key = plan.draft.reservation_id
    if key is not None:
        state = consume_reservation(
            reservation_id=key,
            order_id=order.id,
            location_id=order.location_id,
            variant_ids=[each.variant_id for each in plan.taken],
            actor=plan.actor,
            at=plan.heard_at,
        )
        yield from reservation_not_held(reservation_id=key, state=state)

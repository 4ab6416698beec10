"""Books and shelf of an order that is changed after it was placed: both get the difference."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from payments.ledger.services import Posting, record_transfers
from pos.inventory.goods import goods_taken, refuse_denied, shortages
from pos.inventory.quantities import plain_quantity
from pos.inventory.queries.needs import stock_needs
from pos.inventory.queries.returns import returned_quantities
from pos.inventory.services import StockChange, record_sale
from pos.inventory.services.lots import allocate
from pos.inventory.services.returns import ReturnDraft, ReturnedLine, return_sale
from pos.orders.basket import Basket, variant_places
from pos.orders.changing import NONE, WASTE
from pos.orders.flags import Flag, removed_items, stock_shortages
from pos.orders.goods import goods_sold, modifier_ids
from pos.orders.lots import lot_flags, stated_lots
from pos.orders.models import OrderChange, OrderLine
from pos.orders.queries.posted import posted_sale
from pos.orders.services.opened import OpenOrder
from pos.orders.transfers import TransferLine, sale_transfers, transfer_differences


def book_difference(opened: OpenOrder, *, basket: Basket | None) -> None:
    """Bring the books to what `basket` costs; None: to nothing, the order is cancelled."""
    order = opened.order
    target = [] if basket is None else sale_transfers(basket.priced)
    moves = transfer_differences(target=target, posted=posted_sale(order_id=order.id))
    book(opened, postings_of(moves))


def book(opened: OpenOrder, postings: Sequence[Posting]) -> None:
    """Write transfers of the order into the books, as of now."""
    order = opened.order
    record_transfers(
        postings=postings,
        currency=order.currency,
        order_id=order.id,
        at=opened.at,
        business_date=opened.business_date,
        register_id=opened.actor.register_id or order.register_id,
    )


def postings_of(moves: Sequence[TransferLine], payment_ids: Sequence[UUID] = ()) -> list[Posting]:
    """The transfers as the ledger takes them; `payment_ids` are those of the tenders they name."""
    return [
        Posting(
            debit=move.debit,
            credit=move.credit,
            amount_minor=move.amount_minor,
            kind=move.kind,
            payment_id=None if move.tender is None else payment_ids[move.tender],
        )
        for move in moves
    ]


def take_goods_of(
    opened: OpenOrder, *, basket: Basket, line_ids: set[UUID], is_fact: bool = False
) -> list[Flag]:
    """Take the goods of these lines off the shelf, and return what is odd about it.

    Raises `OutOfStock` for what is not there and may not be sold then, unless it happened already.
    """
    order, draft = opened.order, basket.draft
    kept = [place for place, line in enumerate(draft.lines) if line.id in line_ids]
    part = replace(draft, lines=tuple(draft.lines[place] for place in kept))
    if not part.lines:
        return []
    needs = stock_needs(variant_ids=part.variant_ids, modifier_ids=modifier_ids(part), at=opened.at)
    sold = goods_sold(draft=part, lines=[basket.priced.lines[place] for place in kept])
    taken = goods_taken(sold=sold, recipes=needs.recipes, policies=needs.policies)
    lots = allocate(
        location_id=order.location_id,
        changes=[
            StockChange(variant_id=each.variant_id, quantity=-each.quantity, order_line_id=each.line_id)
            for each in taken
        ],
        tracking=needs.tracking,
        stated=stated_lots(draft=part, taken=taken, tracking=needs.tracking),
    )
    levels = record_sale(
        order_id=order.id,
        location_id=order.location_id,
        changes=lots.changes,
        employee_id=opened.actor.employee_id,
        at=opened.at,
        business_date=opened.business_date,
        recorded_at=opened.heard_at,
    )
    now = {key: (level.on_hand, level.available) for key, level in levels.items()}
    short = list(shortages(taken=taken, levels=now, policies=needs.policies))
    if not is_fact:
        refuse_denied(short)
    gone = {each.variant_id for each in taken} - levels.keys()
    removed = removed_items(places=variant_places(part), gone=gone)
    return [*stock_shortages(short=short), *removed, *lot_flags(draft=part, taken=taken, odd=lots.oddities)]


def give_goods_back(
    opened: OpenOrder, *, return_id: UUID, parts: Sequence[tuple[OrderLine, Decimal]], goods: str, reason: str
) -> None:
    """Bring back so much of each of these lines, to the shelf or to be thrown away; with `none` nothing moves.

    What of a line came back before, with its money or without (`POST /stock-returns`), does not come a second time.
    """
    if goods == NONE:
        return
    before = _back_of_what_is_left(opened, {line.id for line, _ in parts})
    left = [
        (line, min(quantity, line.quantity - before.get(line.id, Decimal(0)))) for line, quantity in parts
    ]
    parts = [(line, quantity) for line, quantity in left if quantity > 0]
    if not parts:
        return
    return_sale(
        draft=ReturnDraft(
            id=return_id,
            order_id=opened.order.id,
            location_id=opened.order.location_id,
            reason=reason,
            lines=tuple(
                ReturnedLine(
                    order_line_id=line.id,
                    line_quantity=line.taken_quantity,
                    quantity=quantity,
                    is_waste=goods == WASTE,
                )
                for line, quantity in parts
            ),
        ),
        actor=opened.actor,
        at=opened.at,
        business_date=opened.business_date,
    )


def _back_of_what_is_left(opened: OpenOrder, line_ids: set[UUID]) -> dict[UUID, Decimal]:
    """What came back of the lines' present quantities: all but what was taken off them, which they have no more."""
    came = returned_quantities(order_line_ids=line_ids)
    if not came:
        return {}
    known = OrderChange.objects.filter(order_id=opened.order.id).values_list("id", flat=True)
    changes = {*known, *(change.id for change in opened.changes)}
    withdrawn = returned_quantities(order_line_ids=line_ids, return_ids=changes)
    return {key: quantity - withdrawn.get(key, Decimal(0)) for key, quantity in came.items()}


def state_of(line: OrderLine) -> dict[str, Any]:
    """What the history keeps of a line: how much, at which price, and what it came to."""
    return {
        "name": line.name,
        "sku": line.sku,
        "quantity": plain_quantity(line.quantity),
        "unit_price_minor": line.unit_price_minor,
        "discount_minor": line.discount_minor,
        "total_minor": line.total_minor,
    }

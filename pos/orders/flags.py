"""What a person should look at in a sale that was kept as it happened. Pure: values in, JSON values out.

A flag is an object with a stable `code` and a `pointer` into what the till sent ("" is the whole order).
"""

import datetime as dt
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from fynlo.core.clock import rfc3339
from fynlo.core.errors import FieldProblem
from fynlo.core.money import Money
from payments.credit.services.charging import Charged
from pos.inventory.goods import Shortage
from pos.inventory.policies import ALLOW, BACKORDER, DENY
from pos.inventory.quantities import plain_quantity
from pos.orders.drafts import BasketDraft, LineDraft, ModifierDraft, OrderDraft
from pos.pricing.types import PricedCart

Flag = dict[str, Any]

CLOCK_TOLERANCE: Final = dt.timedelta(minutes=5)
"""How far a till's clock may run ahead before it is said."""
USUAL_DELAY: Final = dt.timedelta(minutes=15)
"""How much later than it was made a sale may arrive before it is said."""
WEIGHT_STEP: Final = Decimal("0.001")
"""What the scales of a shop tell apart, in the unit of the price."""


def house_account_flags(*, charged: Iterable[Charged], places: Mapping[UUID, int]) -> Iterator[Flag]:
    """Accounts that owe more than they may, or that nothing more should go on; `places` are of their tenders."""
    for account in charged:
        pointer = f"/tenders/{places[account.id]}"
        if not account.is_active:
            yield _flag("house_account_inactive", pointer, house_account=account.code)
        if account.is_over:
            yield _flag(
                "house_limit_exceeded",
                pointer,
                house_account=account.code,
                limit_minor=account.limit_minor,
                balance_minor=account.balance_minor,
            )


def price_mismatches(*, draft: OrderDraft, priced: PricedCart) -> Iterator[Flag]:
    """Where the till showed another price, tax or total than the server computed: `expected` and `actual`."""
    for index, (line, cart_line) in enumerate(zip(draft.lines, priced.lines, strict=True)):
        actual = Money(cart_line.unit_price_minor, priced.currency)
        yield from _mismatch(f"/lines/{index}/expected_unit_price", line.expected_unit_price, actual)
    yield from _mismatch("/expected_tax", draft.expected_tax, Money(priced.tax_minor, priced.currency))
    yield from _mismatch("/expected_total", draft.expected_total, Money(priced.total_minor, priced.currency))


def inactive_items(*, places: Iterable[tuple[str, UUID]], inactive: Container[UUID]) -> Iterator[Flag]:
    """What is sold although it is no longer on sale; `places` are (pointer, variant)."""
    for pointer, variant_id in places:
        if variant_id in inactive:
            yield _flag("inactive_item", pointer, variant_id=str(variant_id))


def inactive_modifiers(
    *, places: Iterable[tuple[str, ModifierDraft]], inactive: Container[UUID]
) -> Iterator[Flag]:
    """Modifiers that are no longer offered; `places` are (pointer, modifier)."""
    for pointer, chosen in places:
        if chosen.modifier_id in inactive:
            yield _flag("inactive_modifier", f"{pointer}/modifier_id", modifier_id=str(chosen.modifier_id))


def stopped_items(*, places: Iterable[tuple[str, UUID]], stopped: Container[UUID]) -> Iterator[Flag]:
    """What is sold although somebody said it had run out; `places` are (pointer, variant)."""
    for pointer, variant_id in places:
        if variant_id in stopped:
            yield _flag("stopped_item", pointer, variant_id=str(variant_id))


def expired_goods(*, draft: BasketDraft, business_date: dt.date) -> Iterator[Flag]:
    """What is sold after the last day its code allows (GS1 17); on that day it is still good."""
    for index, line in enumerate(draft.lines):
        if line.use_by is not None and line.use_by < business_date:
            yield _flag(
                "expired",
                f"/lines/{index}/use_by",
                use_by=line.use_by.isoformat(),
                business_date=business_date.isoformat(),
            )


def odd_choices(*, problems: Iterable[FieldProblem]) -> Iterator[Flag]:
    """Modifiers and components that the catalogue does not offer so: the problem's own code, in words too."""
    for problem in problems:
        yield _flag(problem.code, problem.pointer, detail=problem.detail)


def price_book_flags(
    *, stated: UUID | None, used: UUID, too_old: UUID | None, is_superseded: bool
) -> Iterator[Flag]:
    """The till sold from a price book nobody knows, or that a newer one had replaced by then, or that lacks
    what was sold (`too_old`): then it is the one it named, or the one of the time it said."""
    if stated is not None and stated not in (used, too_old):
        yield _flag("unknown_price_book", "/price_book", price_book=str(stated), used=str(used))
    if too_old is not None:
        pointer = "/price_book" if stated == too_old else "/placed_at"
        yield _flag("price_book_too_old", pointer, price_book=str(too_old), used=str(used))
    elif stated == used and is_superseded:
        yield _flag("superseded_price_book", "/price_book", price_book=str(stated))


def unapproved_discounts(*, draft: BasketDraft, may_discount: bool) -> Iterator[Flag]:
    """Discounts by hand and waived charges of somebody who has no right to give them."""
    if may_discount:
        return
    for index, line in enumerate(draft.lines):
        for place in range(len(line.discounts)):
            yield _flag("unapproved_discount", f"/lines/{index}/discounts/{place}")
    for place in range(len(draft.discounts)):
        yield _flag("unapproved_discount", f"/discounts/{place}")
    for place in range(len(draft.waived_charges)):
        yield _flag("unapproved_discount", f"/waived_charges/{place}")


def unapproved_exemption(*, draft: BasketDraft, may_discount: bool) -> Iterator[Flag]:
    """A sale without taxes, by somebody who has no right to leave them out."""
    if draft.exempt and not may_discount:
        yield _flag("unapproved_exemption", "/exempt")


def unapproved_prices(
    *, draft: BasketDraft, priced: PricedCart, open_priced: Container[UUID], may_discount: bool
) -> Iterator[Flag]:
    """Prices that came from the till, of somebody who has no right to make them.

    An item with an open price is there to have one typed. A label whose amount is what its weight costs
    decides nothing.
    """
    if may_discount:
        return
    for index, (line, cart_line) in enumerate(zip(draft.lines, priced.lines, strict=True)):
        if line.override is not None and line.variant_id not in open_priced:
            stated, listed = line.override, Money(cart_line.list_price_minor, priced.currency)
            yield _flag(
                "unapproved_price",
                f"/lines/{index}/override",
                stated=_money(stated),
                list_price=_money(listed),
            )
        elif line.printed_amount is not None and not _fits_the_weight(line, cart_line.unit_price_minor):
            price = Money(cart_line.unit_price_minor, priced.currency)
            yield _flag(
                "unapproved_price",
                f"/lines/{index}/printed_amount",
                stated=_money(line.printed_amount),
                unit_price=_money(price),
            )


def _fits_the_weight(line: LineDraft, unit_price_minor: int) -> bool:
    """Whether quantity × unit price is the printed amount, as exactly as three decimals of a weight can say."""
    printed = 0 if line.printed_amount is None else line.printed_amount.minor
    return abs(line.quantity * unit_price_minor - printed) <= 1 + unit_price_minor * WEIGHT_STEP / 2


def inactive_tender_types(*, tenders: Iterable[tuple[str, bool]]) -> Iterator[Flag]:
    """The tenders whose way to pay was switched off; `tenders` are (code, is active)."""
    for index, (code, is_active) in enumerate(tenders):
        if not is_active:
            yield _flag("inactive_tender_type", f"/tenders/{index}/tender_type", tender_type=code)


def odd_moments(*, stated: dt.datetime, began_at: dt.datetime, at: dt.datetime) -> Iterator[Flag]:
    """Money taken before the order was opened, or after now: a clock is wrong; or long before it was told."""
    yield from wrong_clock(stated=stated, began_at=began_at, at=at)
    if at - stated > USUAL_DELAY:
        yield _flag("paid_earlier", "/at", paid_at=rfc3339(stated), received_at=rfc3339(at))


def wrong_clock(*, stated: dt.datetime, began_at: dt.datetime, at: dt.datetime) -> Iterator[Flag]:
    """Money that moved before there was anything to pay or to give back, or after now."""
    if stated < began_at or stated - at > CLOCK_TOLERANCE:
        yield _flag("clock_skew", "/at", paid_at=rfc3339(stated), received_at=rfc3339(at))


def due_changed(*, expected: Money, due_minor: int) -> Iterator[Flag]:
    """The till that took money for an open order showed another amount as still to pay."""
    actual = Money(due_minor, expected.currency)
    if expected != actual:
        yield _flag("due_changed", "/expected_due", expected=_money(expected), actual=_money(actual))


def clock_skew(*, placed_at: dt.datetime, at: dt.datetime) -> Iterator[Flag]:
    """A sale from the future: the till's clock runs ahead of the server's."""
    if placed_at - at > CLOCK_TOLERANCE:
        yield _flag("clock_skew", "/placed_at", placed_at=rfc3339(placed_at), received_at=rfc3339(at))


def placed_earlier(*, placed_at: dt.datetime, at: dt.datetime) -> Iterator[Flag]:
    """A sale that the server heard of late. A till without a network does that; so does one that lies."""
    if at - placed_at > USUAL_DELAY:
        yield _flag("placed_earlier", "/placed_at", placed_at=rfc3339(placed_at), received_at=rfc3339(at))


def no_open_session(*, session_id: UUID | None) -> Iterator[Flag]:
    """The drawer was not open, so the sale is in no drawer's count."""
    if session_id is None:
        yield _flag("no_open_session", "")


_SHORT: Final = {ALLOW: "negative_stock", BACKORDER: "backordered", DENY: "sold_out_of_stock"}


def stock_shortages(*, short: Iterable[Shortage]) -> Iterator[Flag]:
    """What was sold and was not there, by the item's policy, with what is on hand now.

    `negative_stock`: more was sold than counted in; `backordered`: it is owed to the guest; `sold_out_of_stock`:
    it should not have been sold, but was, before the server heard of it.
    """
    for each in short:
        yield _flag(
            _SHORT[each.policy],
            each.pointer,
            variant_id=str(each.variant_id),
            on_hand=plain_quantity(each.on_hand),
        )


def reservation_not_held(*, reservation_id: UUID, state: str) -> Iterator[Flag]:
    """The reservation that a sale names kept nothing by then: it is over (`expired`, `released`, `consumed`),
    `elsewhere` or `unknown`."""
    if state:
        yield _flag(
            "reservation_not_held", "/reservation_id", reservation_id=str(reservation_id), state=state
        )


def removed_items(*, places: Iterable[tuple[str, UUID]], gone: Collection[UUID]) -> Iterator[Flag]:
    """What was sold from a price book that had it and is no longer in the catalogue; its stock is not kept."""
    for pointer, variant_id in places:
        if variant_id in gone:
            yield _flag("removed_item", pointer, variant_id=str(variant_id))


def told(flag: Flag) -> Flag:
    """A flag with its members in one order, because the database's JSON keeps none: code, pointer, the rest."""
    return {"code": flag["code"], "pointer": flag["pointer"], **_sorted(flag)}


def _sorted(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: _sorted(value[name]) for name in sorted(value)}


def _mismatch(pointer: str, expected: Money | None, actual: Money) -> Iterator[Flag]:
    if expected is not None and expected != actual:
        yield _flag("price_mismatch", pointer, expected=_money(expected), actual=_money(actual))


def _flag(code: str, pointer: str, **data: Any) -> Flag:
    return {"code": code, "pointer": pointer, **data}


def _money(money: Money) -> dict[str, Any]:
    return {"amount_minor": money.minor, "currency": money.currency}

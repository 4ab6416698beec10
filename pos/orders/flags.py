"""What a person should look at in a sale that was kept as it happened. Pure: values in, JSON values out.

A flag is an object with a stable `code` and a `pointer` into what the till sent ("" is the whole order).
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from fynlo.core.clock import rfc3339
from fynlo.core.money import Money
from pos.inventory.quantities import plain_quantity
from pos.orders.drafts import LineDraft, OrderDraft
from pos.pricing.engine1.types import PricedCart

Flag = dict[str, Any]

CLOCK_TOLERANCE: Final = dt.timedelta(minutes=5)
"""How far a till's clock may run ahead before it is said."""


def price_mismatches(*, draft: OrderDraft, priced: PricedCart) -> Iterator[Flag]:
    """Where the till showed another price, tax or total than the server computed: `expected` and `actual`."""
    for index, (line, cart_line) in enumerate(zip(draft.lines, priced.lines, strict=True)):
        actual = Money(cart_line.line.unit_price_minor, priced.currency)
        yield from _mismatch(f"/lines/{index}/expected_unit_price", line.expected_unit_price, actual)
    yield from _mismatch("/expected_tax", draft.expected_tax, Money(priced.tax_minor, priced.currency))
    yield from _mismatch("/expected_total", draft.expected_total, Money(priced.total_minor, priced.currency))


def inactive_items(*, lines: Iterable[tuple[UUID, bool]]) -> Iterator[Flag]:
    """The lines whose variant is no longer sold; `lines` are (variant, is active)."""
    for index, (variant_id, is_active) in enumerate(lines):
        if not is_active:
            yield _flag("inactive_item", f"/lines/{index}/variant_id", variant_id=str(variant_id))


def inactive_tender_types(*, tenders: Iterable[tuple[str, bool]]) -> Iterator[Flag]:
    """The tenders whose way to pay was switched off; `tenders` are (code, is active)."""
    for index, (code, is_active) in enumerate(tenders):
        if not is_active:
            yield _flag("inactive_tender_type", f"/tenders/{index}/tender_type", tender_type=code)


def clock_skew(*, placed_at: dt.datetime, at: dt.datetime) -> Iterator[Flag]:
    """A sale from the future: the till's clock runs ahead of the server's."""
    if placed_at - at > CLOCK_TOLERANCE:
        yield _flag("clock_skew", "/placed_at", placed_at=rfc3339(placed_at), received_at=rfc3339(at))


def no_open_session(*, session_id: UUID | None) -> Iterator[Flag]:
    """The drawer was not open, so the sale is in no drawer's count."""
    if session_id is None:
        yield _flag("no_open_session", "")


def negative_stock(*, lines: Iterable[LineDraft], on_hand: Mapping[UUID, Decimal]) -> Iterator[Flag]:
    """The variants that are below zero after the sale, each at its first line, with what is on hand now."""
    told: set[UUID] = set()
    for index, line in enumerate(lines):
        now = on_hand[line.variant_id]
        if now < 0 and line.variant_id not in told:
            told.add(line.variant_id)
            yield _flag(
                "negative_stock",
                f"/lines/{index}/variant_id",
                variant_id=str(line.variant_id),
                on_hand=plain_quantity(now),
            )


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

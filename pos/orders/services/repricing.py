"""The whole basket of an open order priced again: rows are changed and added, none is ever deleted."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from fynlo.core.inserts import insert_rows
from fynlo.core.tenancy import current_tenant
from pos.orders.basket import Basket, SoldAt, price_basket
from pos.orders.drafts import BasketDraft
from pos.orders.errors import OverpaidByChange
from pos.orders.explanations import explanation
from pos.orders.flags import expired_goods, odd_choices
from pos.orders.models import Order, OrderLine, OrderTax
from pos.orders.oddities import ASKED_FOR, basket_flags, check_currency
from pos.orders.rows import charge_values, context_values, discount_values, line_rows, tax_rows
from pos.orders.services.opened import OpenOrder
from pos.orders.stored_drafts import stored_draft

_FIXED: Final = frozenset({"id", "order", "position", "withdrawn_quantity", "voided_at", "void_reason"})
_PRICED: Final = [each for each in OrderLine._meta.concrete_fields if each.name not in _FIXED]
_AMOUNTS: Final = ("base_minor", "discount_minor", "net_minor", "tax_minor", "total_minor")
_KEPT_FLAGS: Final = frozenset(
    {
        "negative_stock",
        "backordered",
        "sold_out_of_stock",
        "reservation_not_held",
        "removed_item",
        "no_open_session",
        "clock_skew",
        "placed_earlier",
        "paid_earlier",
        "due_changed",
        "inactive_tender_type",
        "house_limit_exceeded",
        "house_account_inactive",
        *ASKED_FOR,
    }
)
"""Flags of things that happened; all others are of the basket and found again each time."""


def price_open(opened: OpenOrder, *, draft: BasketDraft) -> Basket:
    """Price `draft` as of the order's opening, by its own price book. Writes nothing."""
    order = opened.order
    currency = current_tenant().currency
    check_currency(draft=draft, currency=currency)
    sold = _sold_at(order)
    return price_basket(
        draft=draft, sold=sold, heard_at=opened.heard_at, currency=currency, may_be_empty=True
    )


def write_prices(opened: OpenOrder, *, basket: Basket) -> None:
    """Bring the lines, taxes and amounts of the order to `basket`; its row is written by `save_order`.

    Lines that are no longer in the basket cost nothing from now on. Raises `OverpaidByChange`.
    """
    order, priced = opened.order, basket.priced
    tip = max(priced.tip_minor, order.tip_minor)
    if priced.total_minor + tip < order.paid_minor - order.refunded_minor:
        raise OverpaidByChange("Give back what would be too much first.", paid_minor=order.paid_minor)
    _write_lines(opened, basket)
    _write_taxes(opened, tax_rows(order_id=order.id, priced=priced))
    order.net_minor, order.tax_minor = priced.subtotal_minor, priced.tax_minor
    order.total_minor, order.tip_minor = priced.total_minor, tip
    order.discount_minor = sum(given.amount_minor for given in priced.discounts)
    order.service_charge_minor = sum(charge.amount_minor for charge in priced.service_charges)
    order.context = context_values(basket)
    order.discounts, order.service_charges = discount_values(priced), charge_values(priced)
    order.price_book_id = basket.book.version_id
    order.explanation = explanation(basket) if basket.draft.lines else None
    order.pricing_engine, order.rounding_policy = priced.engine_version, priced.policy.code
    order.pricing_digest = priced.digest
    order.flags = [*_kept(order), *_flags(opened, basket)]
    keep_draft(order, draft=basket.draft)


def keep_draft(order: Order, *, draft: BasketDraft) -> None:
    """Keep what is ordered as it was said, with the price book it is priced by."""
    order.name, order.customer = draft.name, draft.customer
    order.note, order.kitchen_note = draft.note, draft.kitchen_note
    order.internal_note = draft.internal_note
    order.draft = stored_draft(replace(draft, price_book=order.price_book_id))


def zero_line(line: OrderLine) -> None:
    """A line that costs nothing any more. What it was and how much of it stays."""
    for name in _AMOUNTS:
        setattr(line, name, 0)
    line.taxes = []
    line.components = [_zero_part(part) for part in line.components]


def _zero_part(part: dict[str, Any]) -> dict[str, Any]:
    return {**part, "taxes": [], **{name: 0 for name in part if name.endswith("_minor")}}


def _sold_at(order: Order) -> SoldAt:
    place = order.location
    at = order.opened_at or order.placed_at
    return SoldAt(at=at, time_zone=place.time_zone, location_id=place.id)


def _kept(order: Order) -> list[dict[str, Any]]:
    return [flag for flag in order.flags if flag["code"] in _KEPT_FLAGS]


def _flags(opened: OpenOrder, basket: Basket) -> Iterable[dict[str, Any]]:
    odd = basket_flags(basket=basket, actor=opened.actor, sold=_sold_at(opened.order))
    yield from (flag for flag in odd if flag["code"] not in ASKED_FOR)
    yield from odd_choices(problems=basket.problems)
    yield from expired_goods(draft=basket.draft, business_date=opened.business_date)


def _write_lines(opened: OpenOrder, basket: Basket) -> None:
    rows = line_rows(
        order_id=opened.order.id, basket=basket, line_ids=[line.id for line in basket.draft.lines]
    )
    new = [row for row in rows if row.id not in opened.lines]
    priced = {row.id: row for row in rows if row.id in opened.lines}
    for line in opened.lines.values():
        if line.id in priced:
            for each in _PRICED:
                setattr(line, each.attname, getattr(priced[line.id], each.attname))
        else:
            zero_line(line)
    # By variant, because foreign keys lock what they point to in the order of the rows.
    OrderLine.objects.bulk_update(
        sorted(opened.lines.values(), key=lambda line: line.id),
        [*(each.name for each in _PRICED), "withdrawn_quantity", "voided_at", "void_reason"],
    )
    _insert_lines(opened.lines, new)


def _insert_lines(lines: dict[UUID, OrderLine], new: Sequence[OrderLine]) -> None:
    after = max((line.position for line in lines.values()), default=-1) + 1
    for position, row in enumerate(new, start=after):
        row.position = position
        lines[row.id] = row
    by_variant = sorted(new, key=lambda line: line.variant_id)
    insert_rows(by_variant)


def _write_taxes(opened: OpenOrder, rows: Sequence[OrderTax]) -> None:
    known = {_tax_key(tax): tax for tax in opened.taxes}
    now = {_tax_key(row): row for row in rows}
    for key, tax in known.items():
        tax.net_minor = now[key].net_minor if key in now else 0
        tax.tax_minor = now[key].tax_minor if key in now else 0
    OrderTax.objects.bulk_update(opened.taxes, ["net_minor", "tax_minor"])
    new = [row for key, row in now.items() if key not in known]
    insert_rows(new)
    opened.taxes += new


def _tax_key(tax: OrderTax) -> tuple[Any, ...]:
    return tax.tax_class_code, tax.rate, tax.per_unit_minor, tax.is_inclusive

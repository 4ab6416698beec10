"""The rows of a priced basket: lines with the names, prices and taxes of the moment, and the sums per tax."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from pos.catalog.queries.book import BookForSale
from pos.inventory.quantities import plain_quantity
from pos.orders.basket import Basket
from pos.orders.drafts import LineDraft, ModifierDraft
from pos.orders.models import OrderLine, OrderTax
from pos.orders.states import LABEL, LIST, OVERRIDE, PRICE_LIST
from pos.pricing.modifiers import modifier_price
from pos.pricing.types import PricedCart, PricedLine, PricedPart, PricedTax

_FINEST: Final = Decimal("0.000001")
_HIGHEST_RATE: Final = Decimal("9.999999")
_LONGEST_TAX_CODE: Final = 40
_LONGEST_TAX_NAME: Final = 120


def line_rows(*, order_id: UUID | None, basket: Basket, line_ids: Sequence[UUID | None]) -> list[OrderLine]:
    """One unsaved row per line, in the order of the basket."""
    lines = zip(line_ids, basket.draft.lines, basket.variants, basket.priced.lines, strict=True)
    return [
        OrderLine(  # type: ignore[misc]  # a quote's rows belong to no order and are never saved
            id=line_id,
            order_id=order_id,
            position=position,
            variant_id=variant.id,
            sku=variant.sku,
            name=variant.name,
            unit=variant.unit,
            quantity=draft.quantity,
            list_price_minor=priced.list_price_minor,
            unit_price_minor=priced.unit_price_minor,
            price_source=_price_source(draft, priced),
            price_list_id=None if priced.price_list_id is None else UUID(priced.price_list_id),
            modifiers_minor=priced.modifiers_minor,
            base_minor=priced.base_minor,
            discount_minor=priced.discount_minor,
            order_type=draft.order_type or "",
            modifiers=_modifiers(draft.modifiers, priced.item_id, basket),
            components=_components(draft, priced, basket) if priced.parts else [],
            taxes=_taxes(priced.taxes),
            lot=draft.lot,
            serial=draft.serial,
            use_by=draft.use_by,
            note=draft.note,
            kitchen_note=draft.kitchen_note,
            internal_note=draft.internal_note,
            tax_class_code=priced.tax_class,
            tax_rate=_rate(priced),
            is_tax_inclusive=all(tax.inclusive for tax in priced.taxes),
            net_minor=priced.net_minor,
            tax_minor=priced.tax_minor,
            total_minor=priced.total_minor,
        )
        for position, (line_id, draft, variant, priced) in enumerate(lines)
    ]


def tax_order(tax: OrderTax) -> tuple[Any, ...]:
    """The order in which taxes are told. Not left to the database, which may sort text by a language's rules."""
    return tax.tax_class_code, tax.rate, tax.per_unit_minor or 0, tax.is_inclusive


def tax_rows(*, order_id: UUID | None, priced: PricedCart) -> list[OrderTax]:
    """One unsaved row per tax, in the order of `tax_order`."""
    rows = [
        OrderTax(  # type: ignore[misc]  # as above
            order_id=order_id,
            tax_class_code=tax.code[:_LONGEST_TAX_CODE],
            name=tax.name[:_LONGEST_TAX_NAME],
            rate=_decimal(tax),
            per_unit_minor=tax.per_unit_minor,
            is_inclusive=tax.inclusive,
            net_minor=tax.net_minor,
            tax_minor=tax.tax_minor,
        )
        for tax in priced.taxes
    ]
    return sorted(rows, key=tax_order)


def discount_values(priced: PricedCart) -> list[dict[str, Any]]:
    """What was taken off and from which lines, as it is stored."""
    return [
        {
            "kind": given.kind,
            "id": given.id,
            "name": given.name,
            "amount_minor": given.amount_minor,
            "allocations": [
                {"line_id": share.line_id, "amount_minor": share.amount_minor} for share in given.allocations
            ],
        }
        for given in priced.discounts
    ]


def charge_values(priced: PricedCart) -> list[dict[str, Any]]:
    """The service charges, as they are stored."""
    return [
        {
            "id": charge.id,
            "name": charge.name,
            "phase": charge.phase,
            "amount_minor": charge.amount_minor,
            "net_minor": charge.net_minor,
            "tax_minor": charge.tax_minor,
            "total_minor": charge.total_minor,
        }
        for charge in priced.service_charges
    ]


def context_values(basket: Basket) -> dict[str, Any]:
    """For whom and how it was sold, as it is stored."""
    context = basket.context
    return {
        "order_type": context.order_type,
        "channel": context.channel,
        "customer_group": context.customer_group,
        "exempt": context.exempt,
        "destination": context.destination,
        "covers": context.covers,
        "coupons": sorted(context.coupons),
        "waived_charges": sorted(str(key) for key in basket.draft.waived_charges),
    }


def _price_source(draft: LineDraft, priced: PricedLine) -> str:
    if draft.printed_amount is not None:
        return LABEL
    if draft.override is not None:
        return OVERRIDE
    return LIST if priced.price_list_id is None else PRICE_LIST


def _rate(priced: PricedLine) -> Decimal:
    """The rate of the line's one tax; with several, or one per unit, what they come to: tax by net."""
    if len(priced.taxes) == 1 and priced.taxes[0].rate is not None:
        return _decimal(priced.taxes[0])
    if not priced.net_minor:
        return Decimal(0)
    return min((Decimal(priced.tax_minor) / priced.net_minor).quantize(_FINEST), _HIGHEST_RATE)


def _decimal(tax: PricedTax) -> Decimal:
    """The rate as it is stored: at most six decimal places, so nothing is lost. 0 for a tax per unit."""
    return Decimal(0) if tax.rate is None else Decimal(tax.rate.numerator) / Decimal(tax.rate.denominator)


def _taxes(taxes: Iterable[PricedTax]) -> list[dict[str, Any]]:
    return [
        {
            "code": tax.code,
            "name": tax.name,
            "rate": plain_quantity(_decimal(tax)),
            "per_unit_minor": tax.per_unit_minor,
            "is_inclusive": tax.inclusive,
            "net_minor": tax.net_minor,
            "tax_minor": tax.tax_minor,
        }
        for tax in taxes
    ]


def _modifiers(modifiers: Iterable[ModifierDraft], item_id: str, basket: Basket) -> list[dict[str, Any]]:
    return [_modifier(chosen, item_id, basket) for chosen in modifiers]


def _modifier(chosen: ModifierDraft, item_id: str, basket: Basket) -> dict[str, Any]:
    booked = basket.book.modifiers[chosen.modifier_id]
    price = modifier_price(
        modifier=basket.book.book.index.modifiers[str(chosen.modifier_id)],
        item_id=item_id,
        location_id=basket.context.location_id,
    )
    return {
        "modifier_id": str(chosen.modifier_id),
        "name": booked.name,
        "kitchen_name": booked.kitchen_name,
        "quantity": chosen.quantity,
        "price_minor": price,
        "modifiers": _modifiers(chosen.modifiers, item_id, basket),
    }


def _components(draft: LineDraft, priced: PricedLine, basket: Basket) -> list[dict[str, Any]]:
    """The components as they were chosen, each with its share of the line."""
    shares: dict[tuple[str, str], list[PricedPart]] = {}
    for part in priced.parts:
        shares.setdefault((part.slot_id, part.variant_id), []).append(part)
    slots = _slot_names(priced.item_id, basket.book)
    return [
        {
            "slot_id": str(chosen.slot_id),
            "slot": slots.get(str(chosen.slot_id), ""),
            "variant_id": str(chosen.variant_id),
            "sku": variant.sku,
            "name": variant.name,
            "modifiers": _modifiers(chosen.modifiers, str(variant.item_id), basket),
            **_part(shares[(str(chosen.slot_id), str(chosen.variant_id))].pop(0)),
        }
        for chosen in draft.components
        for variant in (basket.book.variants[chosen.variant_id],)
    ]


def _part(part: PricedPart) -> dict[str, Any]:
    return {
        "base_minor": part.base_minor,
        "discount_minor": part.discount_minor,
        "tax_class": part.tax_class,
        "taxes": _taxes(part.taxes),
        "net_minor": part.net_minor,
        "tax_minor": part.tax_minor,
        "total_minor": part.total_minor,
    }


def _slot_names(item_id: str, book: BookForSale) -> dict[str, str]:
    item = next(item for item in book.book.items if item.id == item_id)
    return {} if item.combo is None else {slot.id: slot.name for slot in item.combo.slots}

"""The rows of a priced basket: lines with the names, prices and taxes of the moment, and the sums per tax class."""

from collections.abc import Sequence
from uuid import UUID

from pos.orders.basket import Basket
from pos.orders.models import OrderLine, OrderTax


def line_rows(*, order_id: UUID | None, basket: Basket, line_ids: Sequence[UUID | None]) -> list[OrderLine]:
    """One unsaved row per line, in the order of the basket."""
    lines = zip(line_ids, basket.variants, basket.priced.lines, strict=True)
    return [
        OrderLine(  # type: ignore[misc]  # a quote's rows belong to no order and are never saved
            id=line_id,
            order_id=order_id,
            position=position,
            variant_id=variant.id,
            sku=variant.sku,
            name=variant.name,
            unit=variant.unit,
            quantity=priced.line.quantity,
            unit_price_minor=variant.price_minor,
            tax_class_code=variant.tax_class.code,
            tax_rate=variant.tax_class.rate_decimal,
            is_tax_inclusive=variant.tax_class.inclusive,
            net_minor=priced.net_minor,
            tax_minor=priced.tax_minor,
            total_minor=priced.gross_minor,
        )
        for position, (line_id, variant, priced) in enumerate(lines)
    ]


def tax_rows(*, order_id: UUID | None, basket: Basket) -> list[OrderTax]:
    """One unsaved row per tax class, ordered by its code."""
    booked = {variant.tax_class.code: variant.tax_class for variant in basket.variants}
    return [
        OrderTax(  # type: ignore[misc]  # as above
            order_id=order_id,
            tax_class_code=tax.tax_class.code,
            name=booked[tax.tax_class.code].name,
            rate=booked[tax.tax_class.code].rate_decimal,
            is_inclusive=tax.tax_class.inclusive,
            net_minor=tax.net_minor,
            tax_minor=tax.tax_minor,
        )
        for tax in basket.priced.taxes
    ]

"""The whole way from cart, context and book to the result document."""

from typing import Any

from tests.pricing_reference.book import Json, Line, Part
from tests.pricing_reference.charges import Charge, charges_after_tax, charges_before_tax
from tests.pricing_reference.defaults import complete_book, complete_cart, complete_context
from tests.pricing_reference.digest import digest
from tests.pricing_reference.discounts import line_discounts, order_discounts
from tests.pricing_reference.lines import lines_of
from tests.pricing_reference.numbers import plain
from tests.pricing_reference.promotions import promotions
from tests.pricing_reference.tax_rounding import round_taxes
from tests.pricing_reference.taxes import Key, Taxed, figure, key_of, taxed


def price(*, cart: Json, context: Json, book: Json) -> Json:
    """Price a cart; everything in and out is plain JSON."""
    cart, context, book = complete_cart(cart), complete_context(context), complete_book(book)
    mode = context["rounding"]["mode"]
    lines = lines_of(book, cart, context)
    entries = line_discounts(lines, mode)
    entries += promotions(book, lines, context)
    entries += order_discounts(lines, cart.get("discounts", []), mode)
    charges = charges_before_tax(book, cart, lines, context)
    of_lines = [
        tax_part(book, context, part, place) for line in lines for place, part in enumerate(line.parts)
    ]
    everything = of_lines + [share for charge in charges for share in charge.shares]
    round_taxes(everything, context["rounding"])
    gross = sum(one.net + one.tax for one in of_lines) + sum(charge.net + charge.tax for charge in charges)
    charges += charges_after_tax(book, cart, gross, context)
    result = document(cart, context, lines, of_lines, entries, charges)
    return {**result, "digest": digest(cart, result)}


def tax_part(book: Json, context: Json, part: Part, place: int) -> Taxed:
    """The taxes of what remains of a part."""
    return taxed(
        book,
        context,
        owner=part,
        order=("a line", 0, "", part.order, place),
        amount=part.left,
        quantity=part.quantity,
        tax_class=part.tax_class,
        order_type=part.order_type,
    )


def document(
    cart: Json,
    context: Json,
    lines: list[Line],
    of_lines: list[Taxed],
    entries: list[Json],
    charges: list[Charge],
) -> Json:
    """Step 12: everything summed up and written down."""
    subtotal = sum(one.net for one in of_lines) + sum(charge.net for charge in charges)
    tax = sum(one.tax for one in of_lines) + sum(charge.tax for charge in charges)
    tip = cart.get("tip_minor", 0)
    return {
        "currency": context["currency"],
        "engine": "2",
        "policy": f"{context['rounding']['scope']} {context['rounding']['mode']}",
        "lines": [line_document(line, of_lines) for line in lines],
        "discounts": entries,
        "service_charges": [charge_document(charge) for charge in charges],
        "taxes": tax_rows(
            of_lines + [share for charge in charges for share in charge.shares], with_name=True
        ),
        "sales": [
            {
                "tax_class": code,
                "net_minor": sum(one.net for one in of_lines if one.tax_class == code),
            }
            for code in sorted({one.tax_class for one in of_lines})
        ],
        "subtotal_minor": subtotal,
        "tax_minor": tax,
        "total_minor": subtotal + tax,
        "tip_minor": tip,
        "payable_minor": subtotal + tax + tip,
    }


def line_document(line: Line, of_lines: list[Taxed]) -> Json:
    """One line of the result."""
    own = [one for one in of_lines if any(one.owner is part for part in line.parts)]
    base = sum(part.base for part in line.parts)
    return {
        "id": line.id,
        "variant_id": line.cart["variant_id"],
        "quantity": plain(line.cart["quantity"]),
        "list_price_minor": line.list_price,
        "unit_price_minor": line.unit_price,
        "price_list_id": line.price_list_id,
        "modifiers_minor": line.modifiers,
        "base_minor": base,
        "discount_minor": base - line.left,
        "amount_minor": line.left,
        **sums(own),
        "tax_class": line.item["tax_class"],
        "taxes": tax_rows(own, with_name=False),
        "parts": [part_document(one) for one in own] if line.is_combo else [],
    }


def part_document(one: Taxed) -> Json:
    """One component of a combo in the result."""
    part = one.owner
    return {
        "slot_id": part.slot_id,
        "variant_id": part.variant_id,
        "base_minor": part.base,
        "discount_minor": part.base - part.left,
        **sums([one]),
        "tax_class": one.tax_class,
        "taxes": tax_rows([one], with_name=False),
    }


def sums(own: list[Taxed]) -> Json:
    """Net, tax and total of some amounts."""
    net, tax = sum(one.net for one in own), sum(one.tax for one in own)
    return {"net_minor": net, "tax_minor": tax, "total_minor": net + tax}


def charge_document(charge: Charge) -> Json:
    """One service charge of the result."""
    return {
        "id": charge.written["id"],
        "name": charge.written["name"],
        "phase": charge.written["phase"],
        "amount_minor": charge.amount,
        "net_minor": charge.net,
        "tax_minor": charge.tax,
        "total_minor": charge.net + charge.tax,
        "taxes": tax_rows(charge.shares, with_name=False),
    }


def tax_rows(everything: list[Taxed], *, with_name: bool) -> list[Json]:
    """Taxes with equal keys added up, in the order of the keys."""
    rows: dict[Key, Json] = {}
    for one in everything:
        for component, tax in zip(one.components, one.rounded, strict=True):
            fresh: dict[str, Any] = {
                "code": component["code"],
                **({"name": component["name"]} if with_name else {}),
                **figure(component),
                "inclusive": one.inclusive,
                "net_minor": 0,
                "tax_minor": 0,
            }
            row = rows.setdefault(key_of(component, one.inclusive), fresh)
            row["net_minor"] += one.net
            row["tax_minor"] += tax
            if with_name:
                row["name"] = min(row["name"], component["name"])
    return [row for _, row in sorted(rows.items(), key=lambda pair: pair[0])]

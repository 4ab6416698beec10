"""Carts and contexts out of JSON."""

from typing import Any

from fynlo.core.money import UnknownCurrency, exponent
from pos.pricing.errors import UnknownCurrencyCode
from pos.pricing.reading.members import Members, Reader, read_list
from pos.pricing.reading.values import (
    decimal,
    flag,
    identifier,
    local,
    order_type,
    text,
    whole,
    whole_within,
    word,
)
from pos.pricing.types import (
    Cart,
    CartComponent,
    CartDiscount,
    CartLine,
    CartModifier,
    Context,
    RoundingMode,
    RoundingPolicy,
    RoundingScope,
)


def read_context(value: Any, pointer: str = "") -> Context:
    """Where, when and for whom: raises an error of `pos.pricing.errors`."""
    members = Members(value, pointer)
    context = Context(
        currency=members.required("currency", _currency),
        at=members.required("at", local),
        location_id=members.nullable("location_id", identifier),
        channel=members.nullable("channel", identifier),
        order_type=members.nullable("order_type", order_type),
        customer_group=members.nullable("customer_group", identifier),
        exempt=members.optional("exempt", flag, default=False),
        destination=members.nullable("destination", identifier),
        covers=members.optional("covers", whole_within(0, 1_000_000), 0),
        coupons=frozenset(members.many("coupons", text)),
        rounding=members.optional("rounding", _policy, RoundingPolicy()),
    )
    members.close()
    return context


def read_cart(value: Any, pointer: str = "") -> Cart:
    """What is to be priced. Shapes are checked here, limits where it is priced."""
    members = Members(value, pointer)
    cart = Cart(
        lines=members.required("lines", _list_of(_line)),
        discounts=members.many("discounts", _discount),
        tip_minor=members.optional("tip_minor", whole, 0),
        waived_charges=frozenset(members.many("waived_charges", text)),
    )
    members.close()
    return cart


def _line(value: Any, pointer: str) -> CartLine:
    members = Members(value, pointer)
    line = CartLine(
        id=members.required("id", identifier),
        variant_id=members.required("variant_id", identifier),
        quantity=members.optional("quantity", decimal, 1),
        unit_price_minor=members.nullable("unit_price_minor", whole),
        amount_minor=members.nullable("amount_minor", whole),
        order_type=members.nullable("order_type", order_type),
        modifiers=members.many("modifiers", _modifier),
        components=members.many("components", _component),
        discounts=members.many("discounts", _discount),
    )
    members.close()
    return line


def _modifier(value: Any, pointer: str) -> CartModifier:
    members = Members(value, pointer)
    modifier = CartModifier(
        modifier_id=members.required("modifier_id", identifier),
        quantity=members.optional("quantity", whole, 1),
        modifiers=members.many("modifiers", _modifier),
    )
    members.close()
    return modifier


def _component(value: Any, pointer: str) -> CartComponent:
    members = Members(value, pointer)
    component = CartComponent(
        slot_id=members.required("slot_id", identifier),
        variant_id=members.required("variant_id", identifier),
        modifiers=members.many("modifiers", _modifier),
    )
    members.close()
    return component


def _discount(value: Any, pointer: str) -> CartDiscount:
    members = Members(value, pointer)
    members.one_of(("percent", "amount_minor"))
    discount = CartDiscount(
        id=members.required("id", identifier),
        name=members.optional("name", text, ""),
        percent=members.nullable("percent", decimal),
        amount_minor=members.nullable("amount_minor", whole),
    )
    members.close()
    return discount


def _policy(value: Any, pointer: str) -> RoundingPolicy:
    members = Members(value, pointer)
    scope = members.optional("scope", word(*RoundingScope), RoundingScope.PER_LINE)
    mode = members.optional("mode", word(*RoundingMode), RoundingMode.HALF_UP)
    members.close()
    return RoundingPolicy(scope=RoundingScope(scope), mode=RoundingMode(mode))


def _currency(value: Any, pointer: str) -> str:
    code = text(value, pointer)
    try:
        exponent(code)
    except UnknownCurrency:
        raise UnknownCurrencyCode(f"{code[:40]!r} is no currency of ISO 4217", pointer=pointer) from None
    return code


def _list_of(read: Reader[CartLine]) -> Reader[tuple[CartLine, ...]]:
    return lambda value, pointer: read_list(value, pointer, read)

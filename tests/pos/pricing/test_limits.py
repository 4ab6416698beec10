"""What cannot be priced is refused by name, with a pointer to the place."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from fynlo.core.errors import DomainError
from fynlo.core.money import UnknownCurrency
from pos.pricing.engine import price_cart
from pos.pricing.reading import read_book, read_context
from pos.pricing.types import Cart, CartComponent, CartDiscount, CartLine, CartModifier, PricedCart
from tests.pos.pricing.documents import book, context, item

SHOP = read_book(
    book(
        item("tea", 100, "free"),
        item("gold", 10**11, "free"),
        modifier_groups=[{"id": "extras", "modifiers": [{"id": "oat"}]}],
    )
)
WHERE = read_context(context())
TEA = CartLine(id="a", variant_id="tea")
OAT = CartModifier(modifier_id="oat")


def priced(*lines: CartLine, **cart: Any) -> PricedCart:
    """These lines, priced."""
    return price_cart(cart=Cart(lines=lines, **cart), context=WHERE, book=SHOP)


def refusal(call: Callable[[], object]) -> tuple[str, str]:
    """The code and pointer of a refusal."""
    with pytest.raises(DomainError) as caught:
        call()
    assert caught.value.status == 422 or caught.value.code == "one_of_expected"
    return caught.value.code, caught.value.errors[0].pointer


def test_an_empty_cart_is_refused() -> None:
    assert refusal(priced) == ("cart_empty", "/lines")


def test_a_cart_has_at_most_a_thousand_lines() -> None:
    lines = [replace(TEA, id=str(number)) for number in range(1001)]
    assert refusal(lambda: priced(*lines)) == ("cart_too_long", "/lines")
    assert priced(*lines[:1000]).total_minor == 100_000


def test_lines_have_ids_of_their_own() -> None:
    assert refusal(lambda: priced(TEA, TEA)) == ("duplicate_id", "/lines/1/id")


@pytest.mark.parametrize(
    "quantity",
    [
        Decimal(0),
        Decimal(-1),
        Decimal("1000000.000001"),
        Decimal("0.0000001"),
        Fraction(1, 3),
        Decimal("NaN"),
        Decimal("Infinity"),
        0.5,
        True,
        "1",
    ],
)
def test_quantities_are_positive_exact_and_bounded(quantity: Any) -> None:
    bad = replace(TEA, id="b", quantity=quantity)
    assert refusal(lambda: priced(TEA, bad)) == ("quantity_out_of_range", "/lines/1/quantity")


@pytest.mark.parametrize(
    ("quantity", "total"),
    [(1, 100), (Fraction(1, 2), 50), (Decimal("0.000001"), 0), (Decimal("1E+6"), 100_000_000)],
)
def test_exact_quantities_of_any_exact_type_are_priced(quantity: Any, total: int) -> None:
    assert priced(replace(TEA, quantity=quantity)).total_minor == total


@pytest.mark.parametrize("price", [-1, 10**11 + 1, 12.5, Decimal(5), True])
@pytest.mark.parametrize("member", ["unit_price_minor", "amount_minor"])
def test_prices_are_whole_and_bounded(member: str, price: Any) -> None:
    bad = replace(TEA, id="b", **{member: price})
    assert refusal(lambda: priced(TEA, bad)) == ("price_out_of_range", f"/lines/1/{member}")


@pytest.mark.parametrize("percent", [Fraction(-1, 10), Fraction(11, 10), Fraction(1, 3), 0.5, Decimal("0.1")])
def test_shares_are_exact_and_from_nothing_to_all(percent: Any) -> None:
    bad = CartDiscount(id="d", percent=percent)
    good = CartDiscount(id="e", percent=Fraction(1, 10))
    of_line = replace(TEA, discounts=(good, bad))
    assert refusal(lambda: priced(of_line)) == ("percent_out_of_range", "/lines/0/discounts/1/percent")
    assert refusal(lambda: priced(TEA, discounts=(bad,))) == ("percent_out_of_range", "/discounts/0/percent")


@pytest.mark.parametrize("amount", [-1, 2**53, 1.5, True])
def test_discount_amounts_are_whole_and_not_negative(amount: Any) -> None:
    bad = (CartDiscount(id="d", amount_minor=amount),)
    expected = ("discount_out_of_range", "/discounts/0/amount_minor")
    assert refusal(lambda: priced(TEA, discounts=bad)) == expected


def test_a_discount_is_a_share_or_an_amount() -> None:
    both = CartDiscount(id="d", percent=Fraction(1, 2), amount_minor=5)
    for bad in (both, CartDiscount(id="d")):
        given = replace(TEA, discounts=(bad,))
        assert refusal(lambda given=given: priced(given)) == ("one_of_expected", "/lines/0/discounts/0")


def test_there_are_at_most_twenty_discounts_in_one_place() -> None:
    twenty = tuple(CartDiscount(id=str(number), amount_minor=1) for number in range(20))
    assert priced(replace(TEA, discounts=twenty), discounts=twenty).total_minor == 60
    more = (*twenty, twenty[0])
    crowded = replace(TEA, discounts=more)
    assert refusal(lambda: priced(crowded)) == ("too_many_discounts", "/lines/0/discounts")
    assert refusal(lambda: priced(TEA, discounts=more)) == ("too_many_discounts", "/discounts")


def test_a_line_has_at_most_a_hundred_modifiers_wherever_they_hang() -> None:
    component = CartComponent(slot_id="s", variant_id="tea", modifiers=(OAT,) * 50)
    full = replace(TEA, modifiers=(OAT,) * 50, components=(component,))
    assert priced(full).total_minor == 100
    crowded = replace(full, modifiers=(OAT,) * 51)
    assert refusal(lambda: priced(crowded)) == ("too_many_modifiers", "/lines/0/modifiers")
    many = replace(TEA, components=(replace(component, modifiers=()),) * 101)
    assert refusal(lambda: priced(many)) == ("too_many_modifiers", "/lines/0/components")


def test_modifiers_hang_on_each_other_three_deep() -> None:
    two = replace(OAT, modifiers=(replace(OAT, modifiers=(OAT,)),))
    assert priced(replace(TEA, modifiers=(two,))).total_minor == 100
    deep = replace(TEA, modifiers=(replace(OAT, modifiers=(two,)),))
    pointer = "/lines/0/modifiers/0/modifiers/0/modifiers/0/modifiers"
    assert refusal(lambda: priced(deep)) == ("modifiers_too_deep", pointer)


@pytest.mark.parametrize("quantity", [0, -1, 1_000_001, 1.5, True])
def test_modifiers_are_counted_whole(quantity: Any) -> None:
    bad = replace(TEA, modifiers=(OAT, replace(OAT, quantity=quantity)))
    assert refusal(lambda: priced(bad)) == ("quantity_out_of_range", "/lines/0/modifiers/1/quantity")


def test_what_the_book_does_not_know_is_named() -> None:
    unknown = replace(TEA, id="b", variant_id="coffee")
    assert refusal(lambda: priced(TEA, unknown)) == ("unknown_variant", "/lines/1/variant_id")
    nested = replace(OAT, modifiers=(CartModifier(modifier_id="milk"),))
    pointer = "/lines/0/modifiers/0/modifiers/0/modifier_id"
    assert refusal(lambda: priced(replace(TEA, modifiers=(nested,)))) == ("unknown_modifier", pointer)


@pytest.mark.parametrize("tip", [-1, 1.5, True])
def test_a_tip_is_whole_and_not_negative(tip: Any) -> None:
    assert refusal(lambda: priced(TEA, tip_minor=tip)) == ("price_out_of_range", "/tip_minor")


def test_an_order_stays_readable_for_every_client() -> None:
    dear = CartLine(id="g", variant_id="gold", quantity=90071)
    assert priced(dear).total_minor == 9_007_100_000_000_000
    too_large = ("amount_too_large", "/lines")
    more = replace(dear, id="h", quantity=1)
    assert refusal(lambda: priced(dear, more)) == too_large
    assert refusal(lambda: priced(dear, tip_minor=10**12)) == ("amount_too_large", "/tip")
    # also when a discount brings the total down: every amount of the document has to be readable
    free = replace(more, discounts=(CartDiscount(id="d", percent=Fraction(1)),))
    assert refusal(lambda: priced(dear, free)) == too_large


def test_an_unknown_currency_is_refused() -> None:
    with pytest.raises(UnknownCurrency):
        price_cart(cart=Cart(lines=(TEA,)), context=replace(WHERE, currency="XXX"), book=SHOP)


def test_modifiers_below_everything_that_can_be_carried_are_refused() -> None:
    """Taken a thousand times below a thousand times, a price of -10^11 is no number a table holds."""
    shop = read_book(
        book(
            item("tea", 100),
            modifier_groups=[{"id": "g", "modifiers": [{"id": "off", "price_minor": -(10**11)}]}],
        )
    )
    cart = Cart(lines=(replace(TEA, modifiers=(CartModifier(modifier_id="off", quantity=100_000),)),))
    assert refusal(lambda: price_cart(cart=cart, context=WHERE, book=shop)) == (
        "amount_too_large",
        "/lines/0/modifiers",
    )

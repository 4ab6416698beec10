"""The worked numbers of docs/algorithms/pricing.md, cent by cent: expected values are computed by hand."""

from pos.pricing.engine1.engine import price_cart
from pos.pricing.engine1.types import PricedCart, RoundingMode, RoundingScope
from tests.pos.pricing.builders import cart, context, line, tax


def amounts(priced: PricedCart) -> list[tuple[int, int, int]]:
    return [
        (priced_line.net_minor, priced_line.tax_minor, priced_line.gross_minor)
        for priced_line in priced.lines
    ]


def taxes(priced: PricedCart) -> list[tuple[str, int, int]]:
    return [(total.tax_class.code, total.net_minor, total.tax_minor) for total in priced.taxes]


def totals(priced: PricedCart) -> tuple[int, int, int]:
    return priced.subtotal_minor, priced.tax_minor, priced.total_minor


UK_STANDARD = tax("standard", "0.20", inclusive=True)
UK_ZERO = tax("zero", "0", inclusive=True)
DE_STANDARD = tax("standard", "0.19", inclusive=True)
DE_REDUCED = tax("reduced", "0.07", inclusive=True)
NYC = tax("sales", "0.08875", inclusive=False)
JP_REDUCED = tax("reduced", "0.08", inclusive=True)
JP_STANDARD = tax("standard", "0.10", inclusive=True)
GCC = tax("vat", "0.05", inclusive=False)


def test_uk_prices_contain_a_sixth_and_weighed_food_is_zero_rated() -> None:
    priced = price_cart(
        cart=cart(line(1, 899, UK_STANDARD, "2"), line(2, 135, UK_ZERO), line(3, 1299, UK_ZERO, "0.335")),
        context=context("GBP"),
    )
    # 17.98 / 6 = 2.9966…; 0.335 kg × 12.99 = 4.35165
    assert amounts(priced) == [(1498, 300, 1798), (135, 0, 135), (435, 0, 435)]
    assert taxes(priced) == [("standard", 1498, 300), ("zero", 570, 0)]
    assert totals(priced) == (2068, 300, 2368)


def test_german_counter_with_both_rates() -> None:
    priced = price_cart(
        cart=cart(line(1, 380, DE_STANDARD, "2"), line(2, 45, DE_REDUCED, "4")), context=context("EUR")
    )
    # 7.60 × 19/119 = 1.2134…; 1.80 × 7/107 = 0.1177…
    assert amounts(priced) == [(639, 121, 760), (168, 12, 180)]
    assert taxes(priced) == [("reduced", 168, 12), ("standard", 639, 121)]
    assert totals(priced) == (807, 133, 940)


def test_german_cards_cost_the_same_but_their_tax_differs_by_policy() -> None:
    cards = cart(*(line(number, 89, DE_STANDARD) for number in (1, 2, 3)))
    # each 0.89 × 19/119 = 0.14210…; together 2.67 × 19/119 = 0.42630…
    per_line = price_cart(cart=cards, context=context("EUR", RoundingScope.PER_LINE))
    per_rate = price_cart(cart=cards, context=context("EUR", RoundingScope.PER_RATE))
    assert totals(per_line) == (225, 42, 267)
    assert totals(per_rate) == (224, 43, 267)
    assert amounts(per_rate) == [(74, 15, 89), (75, 14, 89), (75, 14, 89)]


def test_german_rates_share_the_one_rounded_tax_of_an_order() -> None:
    pair = cart(line(1, 28, DE_STANDARD), line(2, 68, DE_REDUCED))
    # 4.4705… + 4.4485… = 8.9191… cents
    per_rate = price_cart(cart=pair, context=context("EUR", RoundingScope.PER_RATE))
    per_order = price_cart(cart=pair, context=context("EUR", RoundingScope.PER_ORDER))
    assert taxes(per_rate) == [("reduced", 64, 4), ("standard", 24, 4)]
    assert taxes(per_order) == [("reduced", 64, 4), ("standard", 23, 5)]


def test_us_sales_tax_is_added_per_line_or_on_the_sum() -> None:
    basket = cart(*(line(number, 149, NYC) for number in range(1, 6)))
    # each 1.49 × 8.875 % = 0.13223…; together 7.45 × 8.875 % = 0.66118…
    per_line = price_cart(cart=basket, context=context("USD", RoundingScope.PER_LINE))
    per_rate = price_cart(cart=basket, context=context("USD", RoundingScope.PER_RATE))
    assert totals(per_line) == (745, 65, 810)
    assert totals(per_rate) == (745, 66, 811)
    assert [priced_line.amount_minor for priced_line in per_rate.lines] == [149] * 5


def test_japanese_receipt_rounds_once_per_rate_in_whole_yen() -> None:
    priced = price_cart(
        cart=cart(
            line(1, 138, JP_REDUCED),
            line(2, 138, JP_REDUCED),
            line(3, 138, JP_REDUCED),
            line(4, 298, JP_STANDARD),
        ),
        context=context("JPY", RoundingScope.PER_RATE),
    )
    # 414 × 8/108 = 30.66…; 298 × 10/110 = 27.09…
    assert taxes(priced) == [("reduced", 383, 31), ("standard", 271, 27)]
    assert amounts(priced) == [(127, 11, 138), (128, 10, 138), (128, 10, 138), (271, 27, 298)]
    assert totals(priced) == (654, 58, 712)


def test_kuwaiti_dinar_has_a_thousand_fils() -> None:
    basket = cart(line(1, 1150, GCC, "3"), line(2, 2335, GCC, "0.750"))
    # 3.450 × 5 % = 172.5 fils; 0.750 kg × 2.335 = 1751.25 fils, × 5 % = 87.55
    half_up = price_cart(cart=basket, context=context("KWD"))
    half_even = price_cart(cart=basket, context=context("KWD", mode=RoundingMode.HALF_EVEN))
    assert amounts(half_up) == [(3450, 173, 3623), (1751, 88, 1839)]
    assert totals(half_up) == (5201, 261, 5462)
    assert amounts(half_even) == [(3450, 172, 3622), (1751, 88, 1839)]


def test_contained_and_added_taxes_meet_in_one_cart() -> None:
    added = tax("trade", "0.20", inclusive=False)
    priced = price_cart(cart=cart(line(1, 1200, UK_STANDARD), line(2, 1000, added)), context=context("GBP"))
    assert amounts(priced) == [(1000, 200, 1200), (1000, 200, 1200)]
    assert [priced_line.amount_minor for priced_line in priced.lines] == [1200, 1000]
    assert totals(priced) == (2000, 400, 2400)


def test_a_customer_pays_the_same_added_tax_whatever_else_contains_tax() -> None:
    added = tax("trade", "0.20", inclusive=False)
    # on its own 0.07 × 20 % = 1.4 cents; the 8.5 cents contained in 0.51 must not lend it a cent
    alone = price_cart(cart=cart(line(1, 7, added)), context=context("GBP", RoundingScope.PER_ORDER))
    beside = price_cart(
        cart=cart(line(1, 7, added), line(2, 51, UK_STANDARD)),
        context=context("GBP", RoundingScope.PER_ORDER),
    )
    assert alone.total_minor == 8
    assert beside.total_minor == 8 + 51


def test_a_free_item_is_priced_at_nothing() -> None:
    priced = price_cart(cart=cart(line(1, 0, DE_STANDARD)), context=context("EUR"))
    assert amounts(priced) == [(0, 0, 0)]
    assert totals(priced) == (0, 0, 0)


def test_half_a_cent_of_goods_goes_where_the_policy_says() -> None:
    # 0.5 × 0.25 = 12.5 cents
    half = cart(line(1, 25, UK_ZERO, "0.5"))
    assert price_cart(cart=half, context=context("GBP")).total_minor == 13
    even = context("GBP", mode=RoundingMode.HALF_EVEN)
    assert price_cart(cart=half, context=even).total_minor == 12

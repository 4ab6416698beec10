"""The worked numbers of docs/algorithms/pricing.md, steps 9 and 10 and the countries: computed by hand."""

from typing import Any

from tests.pos.pricing.documents import amounts, book, context, item, line, price, tax_class, totals

STANDARD_20, ZERO = tax_class("standard", "0.2"), tax_class("zero", "0")


def rows(priced: Any) -> list[tuple[str, int, int]]:
    """The order's taxes: rate or amount per unit, net, tax."""
    return [
        (str(tax.rate if tax.per_unit_minor is None else tax.per_unit_minor), tax.net_minor, tax.tax_minor)
        for tax in priced.taxes
    ]


def taxed(
    *components: dict[str, Any], inclusive: bool, before: tuple[dict[str, Any], ...] = ()
) -> dict[str, Any]:
    """The class `standard` with these components; `before` are rules that are asked first."""
    default = {"inclusive": inclusive, "components": list(components)}
    return {"code": "standard", "rules": [*before, default]}


def shop(*classes: dict[str, Any], **prices: int) -> dict[str, Any]:
    """Items that are all of the first class."""
    return book(*[item(name, minor, classes[0]["code"]) for name, minor in prices.items()]) | {
        "tax_classes": list(classes)
    }


def test_compound_tax_is_taken_on_the_tax_before_it() -> None:
    gst, qst = {"code": "gst", "rate": "0.05"}, {"code": "qst", "rate": "0.095", "compound": True}
    priced = price(shop(taxed(gst, qst, inclusive=False), hat=10000), line("hat"), where=context("CAD"))
    # (100.00 + 5.00) × 9.5 % = 9.975
    assert rows(priced) == [("1/20", 10000, 500), ("19/200", 10000, 998)]
    assert totals(priced) == (10000, 1498, 11498)


def test_a_deposit_per_bottle_inside_the_price() -> None:
    deposit, vat = {"code": "deposit", "per_unit_minor": 25}, {"code": "vat", "rate": "0.19"}
    prices = shop(taxed(deposit, vat, inclusive=True), water=144, drop=20)
    # 6 × 1.44 = 8.64, less 6 × 0.25 = 7.14, and 7.14 / 1.19 = 6.00
    assert rows(price(prices, line("water", "6"))) == [("25", 600, 150), ("19/100", 600, 114)]
    # a price below the deposit is all deposit
    assert rows(price(prices, line("drop"))) == [("25", 0, 20), ("19/100", 0, 0)]


def test_an_exempt_customer_pays_the_price_without_the_contained_tax() -> None:
    exempt = {"when": {"exempt": True}, "inclusive": False, "net_of_contained": True, "components": []}
    vat = {"code": "vat", "rate": "0.19"}
    prices = shop(taxed(vat, inclusive=True, before=(exempt,)), chair=11900)
    priced = price(prices, line("chair"), where=context(exempt=True))
    assert (priced.lines[0].amount_minor, priced.lines[0].removed_tax_minor) == (11900, 1900)
    assert totals(priced) == (10000, 0, 10000)


def test_rounding_never_makes_a_net_amount_negative() -> None:
    three = [{"code": code, "rate": "9.9"} for code in "abc"]
    priced = price(shop(taxed(*three, inclusive=True), odd=2), line("odd"))
    # 0.02 × 9.9/30.7 = 0.0064… each, rounded 0.01 each: the last one is lowered
    assert [tax.tax_minor for tax in priced.taxes] == [1, 1, 0]
    assert totals(priced) == (0, 2, 2)


def test_uk_prices_contain_a_sixth_and_weighed_food_is_zero_rated() -> None:
    prices = book(item("mug", 899), item("loaf", 135, "zero"), item("cheese", 1299, "zero"))
    prices["tax_classes"] = [STANDARD_20, ZERO]
    priced = price(prices, line("mug", "2"), line("loaf"), line("cheese", "0.335"), where=context("GBP"))
    # 17.98 / 6 = 2.9966…; 0.335 kg × 12.99 = 4.35165
    assert amounts(priced) == [(1498, 300, 1798), (135, 0, 135), (435, 0, 435)]
    assert rows(priced) == [("0", 570, 0), ("1/5", 1498, 300)]
    assert totals(priced) == (2068, 300, 2368)


def test_german_counter_with_both_rates() -> None:
    prices = book(item("cappuccino", 380), item("roll", 45, "reduced"))
    priced = price(prices, line("cappuccino", "2"), line("roll", "4"))
    # 7.60 × 19/119 = 1.2134…; 1.80 × 7/107 = 0.1177…
    assert amounts(priced) == [(639, 121, 760), (168, 12, 180)]
    assert totals(priced) == (807, 133, 940)


def test_german_cards_cost_the_same_but_their_tax_differs_by_policy() -> None:
    prices, lines = book(*[item(name, 89) for name in "abc"]), [line(name) for name in "abc"]
    # each 0.89 × 19/119 = 0.14210…; together 2.67 × 19/119 = 0.42630…
    per_line, per_rate = (
        price(prices, *lines, where=context(scope=scope)) for scope in ("per_line", "per_rate")
    )
    assert totals(per_line) == (225, 42, 267)
    assert totals(per_rate) == (224, 43, 267)
    assert amounts(per_rate) == [(74, 15, 89), (75, 14, 89), (75, 14, 89)]


def test_german_rates_share_the_one_rounded_tax_of_an_order() -> None:
    prices, lines = book(item("card", 28), item("roll", 68, "reduced")), [line("card"), line("roll")]
    # 4.4705… + 4.4485… = 8.9191… cents
    assert rows(price(prices, *lines, where=context(scope="per_rate"))) == [
        ("7/100", 64, 4),
        ("19/100", 24, 4),
    ]
    assert rows(price(prices, *lines, where=context(scope="per_order"))) == [
        ("7/100", 64, 4),
        ("19/100", 23, 5),
    ]


def test_us_sales_tax_is_added_per_line_or_on_the_sum() -> None:
    prices = shop(tax_class("sales", "0.08875", inclusive=False), a=149, b=149, c=149, d=149, e=149)
    lines = [line(name) for name in "abcde"]
    # each 1.49 × 8.875 % = 0.13223…; together 7.45 × 8.875 % = 0.66118…
    assert totals(price(prices, *lines, where=context("USD"))) == (745, 65, 810)
    assert totals(price(prices, *lines, where=context("USD", "per_rate"))) == (745, 66, 811)


def test_japanese_receipt_rounds_once_per_rate_in_whole_yen() -> None:
    prices = book(*[item(name, 138, "reduced") for name in "abc"], item("beer", 298))
    prices["tax_classes"] = [tax_class("reduced", "0.08"), tax_class("standard", "0.1")]
    lines = [line(name) for name in ("a", "b", "c", "beer")]
    priced = price(prices, *lines, where=context("JPY", "per_rate"))
    # 414 × 8/108 = 30.66…; 298 × 10/110 = 27.09…
    assert rows(priced) == [("2/25", 383, 31), ("1/10", 271, 27)]
    assert amounts(priced) == [(127, 11, 138), (128, 10, 138), (128, 10, 138), (271, 27, 298)]


def test_kuwaiti_dinar_has_a_thousand_fils() -> None:
    prices = shop(tax_class("vat", "0.05", inclusive=False), tea=1150, dates=2335)
    lines = [line("tea", "3"), line("dates", "0.750")]
    # 3.450 × 5 % = 172.5 fils; 0.750 kg × 2.335 = 1751.25 fils, × 5 % = 87.55
    half_up = price(prices, *lines, where=context("KWD"))
    half_even = price(prices, *lines, where=context("KWD", mode="half_even"))
    assert amounts(half_up) == [(3450, 173, 3623), (1751, 88, 1839)]
    assert totals(half_up) == (5201, 261, 5462)
    assert amounts(half_even) == [(3450, 172, 3622), (1751, 88, 1839)]


def test_contained_and_added_taxes_meet_in_one_cart() -> None:
    prices = book(item("mug", 1200), item("crate", 1000, "trade"))
    prices["tax_classes"] = [STANDARD_20, tax_class("trade", "0.2", inclusive=False)]
    priced = price(prices, line("mug"), line("crate"), where=context("GBP"))
    assert amounts(priced) == [(1000, 200, 1200), (1000, 200, 1200)]
    assert [priced_line.amount_minor for priced_line in priced.lines] == [1200, 1000]
    assert [tax.inclusive for tax in priced.taxes] == [False, True]
    assert totals(priced) == (2000, 400, 2400)


def test_a_customer_pays_the_same_added_tax_whatever_else_contains_tax() -> None:
    prices = book(item("pen", 7, "trade"), item("mug", 51))
    prices["tax_classes"] = [STANDARD_20, tax_class("trade", "0.2", inclusive=False)]
    where = context("GBP", "per_order")
    # on its own 0.07 × 20 % = 1.4 cents; the 8.5 cents contained in 0.51 must not lend it a cent
    assert price(prices, line("pen"), where=where).total_minor == 8
    assert price(prices, line("pen"), line("mug"), where=where).total_minor == 8 + 51


def test_half_a_cent_of_goods_goes_where_the_policy_says() -> None:
    prices = book(item("salt", 25, "free"))
    # 0.5 × 0.25 = 12.5 cents
    assert price(prices, line("salt", "0.5")).total_minor == 13
    assert price(prices, line("salt", "0.5"), where=context(mode="half_even")).total_minor == 12

"""The fingerprint of a result is a published format: another program must be able to compute it."""

import hashlib
from dataclasses import replace

from pos.pricing.engine1.engine import ENGINE_VERSION, price_cart
from pos.pricing.engine1.types import RoundingMode
from tests.pos.pricing.builders import cart, context, line, tax

ZERO = tax("zero", "0", inclusive=True)
STANDARD = tax("standard", "0.20", inclusive=True)
WEIGHED = line(3, 1299, ZERO, "0.3350")
MUGS = line(1, 899, STANDARD, "2")


def test_the_digest_is_the_sha256_of_the_documented_text() -> None:
    text = (
        '["fynlo-pricing","1","GBP","per_line half_up"]\n'
        '["line","00000000-0000-0000-0000-000000000001","2",899,"standard","0.2",true,1498,300,1798]\n'
        '["line","00000000-0000-0000-0000-000000000003","0.335",1299,"zero","0",true,435,0,435]\n'
        '["tax","standard","0.2",true,1498,300,1798]\n'
        '["tax","zero","0",true,435,0,435]\n'
        '["total",1933,300,2233]\n'
    )
    priced = price_cart(cart=cart(WEIGHED, MUGS), context=context("GBP"))
    assert priced.digest == hashlib.sha256(text.encode()).hexdigest()
    assert priced.engine_version == ENGINE_VERSION == "1"


def test_neither_order_nor_names_nor_trailing_zeros_change_the_digest() -> None:
    one = price_cart(cart=cart(WEIGHED, MUGS), context=context("GBP"))
    renamed = replace(MUGS, name="Tasse à café, émaillée")
    other = price_cart(cart=cart(renamed, line(3, 1299, ZERO, "0.335")), context=context("GBP"))
    assert other.digest == one.digest


def test_anything_that_costs_changes_the_digest() -> None:
    carts = [
        (cart(MUGS), context("GBP")),
        (cart(replace(MUGS, unit_price_minor=900)), context("GBP")),
        (cart(line(1, 899, STANDARD, "3")), context("GBP")),
        (cart(line(2, 899, STANDARD, "2")), context("GBP")),
        (cart(line(1, 899, ZERO, "2")), context("GBP")),
        (cart(MUGS), context("EUR")),
        (cart(MUGS), context("GBP", mode=RoundingMode.HALF_EVEN)),
        (cart(MUGS, MUGS), context("GBP")),
    ]
    digests = {price_cart(cart=one, context=where).digest for one, where in carts}
    assert len(digests) == len(carts)

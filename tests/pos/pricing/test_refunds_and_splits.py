"""Giving back and sharing: in every number the steps, and the checks, add up to the sale."""

from decimal import Decimal
from typing import Any

import pytest

from fynlo.core.errors import DomainError
from pos.pricing.refunds import full_refund, refund
from pos.pricing.splitting import split_check, split_evenly
from pos.pricing.types import PricedCart
from pos.pricing.writing import checks_document, refund_document, result_document
from tests.pos.pricing.documents import book, item, line, price

PRICES = book(
    item("glass", 1000),
    item("roll", 45, "reduced"),
    service_charges=[
        {"id": "service", "name": "Service", "percent": "0.1", "taxable": True, "tax_class": "standard"}
    ],
)


def three_for_ten() -> PricedCart:
    """Three glasses for 10.00 altogether: 10.00 × 19/119 = 1.5966… → 1.60."""
    return price(book(item("glass", 1000)), line("glass", "3", amount_minor=1000))


def table() -> PricedCart:
    """A glass and four rolls, 11.80, with 1.18 for service (0.19 tax) and a tip of 1.00."""
    return price(PRICES, line("glass"), line("roll", "4"), tip_minor=100)


def refusal(call: Any) -> tuple[str, str]:
    with pytest.raises(DomainError) as caught:
        call()
    return caught.value.code, caught.value.errors[0].pointer


def test_one_after_the_other_gives_back_what_all_at_once_does() -> None:
    priced = three_for_ten()
    steps = [refund(priced=priced, quantities={"glass": 1}, before={"glass": gone}) for gone in (0, 1, 2)]
    # 10.00 × 1/3, 2/3, 3/3 = 3.33, 6.67, 10.00; 1.60 in the same way: 0.53, 1.07, 1.60
    assert [step.total_minor for step in steps] == [-333, -334, -333]
    assert [step.tax_minor for step in steps] == [-53, -54, -53]
    assert all(step.subtotal_minor + step.tax_minor == step.total_minor for step in steps)


def test_a_full_refund_is_the_sale_with_the_other_sign() -> None:
    priced = table()
    given, sale = refund_document(full_refund(priced)), result_document(priced)
    for member in ("subtotal_minor", "tax_minor", "total_minor", "tip_minor", "payable_minor"):
        assert given[member] == -sale[member]
    for back, sold in zip(given["lines"], sale["lines"], strict=True):
        assert back["taxes"][0]["tax_minor"] == -sold["taxes"][0]["tax_minor"]
        assert (back["net_minor"], back["quantity"]) == (-sold["net_minor"], sold["quantity"])
    assert given["service_charges"][0] == {
        "id": "service",
        "net_minor": -99,
        "tax_minor": -19,
        "total_minor": -118,
    }


def test_charges_and_the_tip_stay_unless_they_are_asked_for() -> None:
    given = refund(priced=table(), quantities={"glass": 1})
    assert (given.total_minor, given.tip_minor, given.service_charges) == (-1000, 0, ())
    assert [back.id for back in given.lines] == ["glass"]


@pytest.mark.parametrize(
    ("quantities", "before", "expected"),
    [
        ({"glass": 4}, {}, ("refund_exceeds_sale", "/quantities/glass")),
        ({"glass": 1}, {"glass": Decimal("2.5")}, ("refund_exceeds_sale", "/quantities/glass")),
        ({"glass": 0}, {}, ("quantity_out_of_range", "/quantities/glass")),
        ({"glass": 1}, {"glass": -1}, ("quantity_out_of_range", "/before/glass")),
        ({"a/b": 1}, {}, ("unknown_line", "/quantities/a~1b")),
    ],
)
def test_more_than_was_sold_is_not_given_back(
    quantities: Any, before: Any, expected: tuple[str, str]
) -> None:
    priced = three_for_ten()
    assert refusal(lambda: refund(priced=priced, quantities=quantities, before=before)) == expected


def two_menus() -> PricedCart:
    """2 × 9.90 and 2 × 0.80 for the cola: burger 10.71 (0.70 tax), cola 5.94 (0.95), fries 4.75 (0.31)."""
    slots = [("main", "burger", 0), ("drink", "cola", 80), ("side", "fries", 0)]
    offered = [
        {"id": slot, "name": slot, "choices": [{"variant_id": name, "upcharge_minor": extra}]}
        for slot, name, extra in slots
    ]
    goods = item("burger", 790, "reduced"), item("cola", 320), item("fries", 350, "reduced")
    chosen = [{"slot_id": slot, "variant_id": name} for slot, name, _ in slots]
    menu = item("menu", 990, combo={"slots": offered})
    return price(book(*goods, menu), line("menu", "2", components=chosen))


def test_a_component_is_given_back_alone_and_the_last_step_settles_the_cents() -> None:
    priced = two_menus()
    whole: dict[str, int] = {}
    alone: dict[str, int] = {}
    given = []
    for slot in ("", "main", "drink", "side"):
        step = refund(
            priced=priced,
            quantities={} if slot else {"menu": 1},
            before=whole,
            components={"menu": {slot: 1}} if slot else {},
            components_before={"menu": alone},
        )
        whole, alone = {"menu": 1}, {**alone, slot: 1} if slot else alone
        given.append((step.total_minor, step.tax_minor))
    # 21.40 / 2; 10.71 / 2 = 5.355; 5.94 / 2; and what is left of 21.40, 1.01 (7 %) and 0.95 (19 %)
    assert given == [(-1070, -99), (-536, -35), (-297, -47), (-237, -15)]


def test_a_refunded_line_tells_whole_units_from_components() -> None:
    [back] = refund_document(refund(priced=two_menus(), quantities={}, components={"menu": {"drink": 1}}))[
        "lines"
    ]
    assert (back["quantity"], back["components"]) == ("0", [{"slot_id": "drink", "quantity": "1"}])
    assert [(tax["rate"], tax["net_minor"], tax["tax_minor"]) for tax in back["taxes"]] == [
        ("0.07", 0, 0),
        ("0.19", -250, -48),
    ]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"components": {"menu": {"drink": 3}}}, ("refund_exceeds_sale", "/components/menu/drink")),
        (
            {"components": {"menu": {"drink": 2}}, "before": {"menu": 1}},
            ("refund_exceeds_sale", "/components/menu/drink"),
        ),
        (
            {"quantities": {"menu": 2}, "components_before": {"menu": {"drink": 1}}},
            ("refund_exceeds_sale", "/quantities/menu"),
        ),
        ({"components": {"menu": {"drink": 0}}}, ("quantity_out_of_range", "/components/menu/drink")),
        (
            {"quantities": {"menu": 1}, "components_before": {"menu": {"drink": -1}}},
            ("quantity_out_of_range", "/components_before/menu/drink"),
        ),
        ({"components": {"menu": {"a/b": 1}}}, ("unknown_component", "/components/menu/a~1b")),
        ({"components_before": {"cup": {"drink": 1}}}, ("unknown_line", "/components/cup")),
    ],
)
def test_more_of_a_component_than_was_sold_is_not_given_back(asked: Any, expected: tuple[str, str]) -> None:
    assert refusal(lambda: refund(priced=two_menus(), **{"quantities": {}, **asked})) == expected


def test_a_line_is_shared_by_weights_and_the_earlier_check_gets_the_cent() -> None:
    checks = split_check(priced=three_for_ten(), shares={"glass": [1, 1, 1]}, checks=3)
    assert [check.total_minor for check in checks] == [334, 333, 333]
    assert [check.tax_minor for check in checks] == [54, 53, 53]
    assert [check.subtotal_minor for check in checks] == [280, 280, 280]


def test_charges_and_tip_follow_the_lines() -> None:
    priced = table()
    told = checks_document(split_check(priced=priced, shares={"glass": [1, 0], "roll": [1, 3]}, checks=2))[
        "checks"
    ]
    # lines 10.45 and 1.35; of 1.18: 1.045 and 0.135; of 1.00: 0.8855… and 0.1144…
    assert [check["total_minor"] for check in told] == [1045 + 105, 135 + 13]
    assert [check["tip_minor"] for check in told] == [89, 11]
    for member in ("subtotal_minor", "tax_minor", "total_minor", "payable_minor"):
        assert sum(check[member] for check in told) == result_document(priced)[member]


def test_an_even_split_differs_by_one_unit_at_most() -> None:
    priced = table()
    checks = split_evenly(priced=priced, ways=5)
    # 12.98; 0.12 at 7 %: two cents over; 1.60 + 0.19 at 19 %: four cents over, from the third check on
    assert [check.total_minor for check in checks] == [260, 260, 260, 259, 259]
    assert [[tax.tax_minor for tax in check.taxes] for check in checks] == [
        [3, 36],
        [3, 35],
        [2, 36],
        [2, 36],
        [2, 36],
    ]
    assert sum(check.payable_minor for check in checks) == priced.payable_minor


@pytest.mark.parametrize(
    ("shares", "checks", "pointer"),
    [
        ({"glass": [1, 0]}, 3, "/shares/glass"),
        ({"glass": [0, 0]}, 2, "/shares/glass"),
        ({"glass": [1, -1]}, 2, "/shares/glass"),
        ({}, 2, "/shares/glass"),
        ({"glass": [1, 1], "cup": [1, 1]}, 2, "/shares/cup"),
        ({"glass": []}, 0, "/checks"),
    ],
)
def test_shares_say_who_pays_what(shares: Any, checks: int, pointer: str) -> None:
    priced = three_for_ten()
    expected = ("split_not_possible", pointer)
    assert refusal(lambda: split_check(priced=priced, shares=shares, checks=checks)) == expected
    assert refusal(lambda: split_evenly(priced=priced, ways=0)) == ("split_not_possible", "/ways")
